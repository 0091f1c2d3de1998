#include "sandbox/book.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {
namespace {

std::string system_message() { return std::strerror(errno); }

ChargeState state_under(const Attempt& attempt) {
  return needs_approval(attempt) ? ChargeState::kAction : ChargeState::kPending;
}

}  // namespace

Book::Book(std::filesystem::path path) : path_(std::move(path)) {
  if (path_.empty()) return;
  descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor_ < 0) throw std::runtime_error(path_.string() + ": " + system_message());
  try {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
      throw std::runtime_error(path_.string() + ": not a regular file");
    load();
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

Book::~Book() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Book::load() {
  std::string text;
  char part[65'536];
  for (;;) {
    const ssize_t got = read(descriptor_, part, sizeof part);
    if (got < 0) throw std::runtime_error(path_.string() + ": " + system_message());
    if (got == 0) break;
    text.append(part, static_cast<std::size_t>(got));
  }
  std::size_t begin = 0, number = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    ++number;
    try {
      apply(parse_line(std::string_view(text).substr(begin, end - begin)));
    } catch (const std::exception& problem) {
      throw std::runtime_error(path_.string() + ", line " + std::to_string(number) + ": " +
                               problem.what());
    }
  }
  size_ = static_cast<std::int64_t>(begin);
  if (begin < text.size() && ftruncate(descriptor_, size_) != 0)
    throw std::runtime_error(path_.string() + ": " + system_message());
}

const Charge* Book::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found != by_id_.end() ? &charges_[found->second] : nullptr;
}

const Charge* Book::find_reference(std::string_view reference) const {
  const auto& places = with_reference(reference);
  if (places.empty()) return nullptr;
  for (const std::size_t place : places)
    if (charges_[place].dialect == Dialect::kOwn) return &charges_[place];
  return &charges_[places.front()];
}

const std::vector<std::size_t>& Book::with_reference(std::string_view reference) const {
  static const std::vector<std::size_t> none;
  const auto found = by_reference_.find(reference);
  return found != by_reference_.end() ? found->second : none;
}

const Charge* Book::find_refunded(std::string_view refund_id) const {
  const auto found = by_refund_.find(refund_id);
  return found != by_refund_.end() ? &charges_[found->second] : nullptr;
}

const Book::KeyUse* Book::find_key(std::string_view key) const {
  const auto found = keys_.find(key);
  return found != keys_.end() ? &found->second : nullptr;
}

Charge& Book::charge(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) throw std::runtime_error("no charge of this name");
  return charges_[found->second];
}

bool Book::write(Fact fact) {
  const auto* made = std::get_if<ChargeMade>(&fact);
  if (made != nullptr && charges_.size() >= limits::charges_max) return false;
  std::string reference;
  if (made != nullptr) {
    reference = made->charge.reference;
  } else if (const auto* barred = std::get_if<Barred>(&fact)) {
    reference = barred->reference;
  } else {
    std::visit(
        [&](const auto& known) {
          if constexpr (requires { known.id; }) reference = charge(known.id).reference;
        },
        fact);
  }
  if (!write_line(to_line(fact, reference))) return false;
  apply(std::move(fact));
  return true;
}

void Book::apply(Fact&& fact) {
  if (auto* made = std::get_if<ChargeMade>(&fact)) {
    const std::size_t place = charges_.size();
    Charge& charge = charges_.emplace_back(std::move(made->charge));
    charge.number = place + 1;
    if (charge.state != ChargeState::kOpen) charge.state = state_under(charge.attempt);
    if (!by_id_.emplace(charge.id, place).second) {
      charges_.pop_back();
      throw std::runtime_error("a second charge of one name");
    }
    if (!charge.reference.empty()) by_reference_[charge.reference].push_back(place);
    if (!charge.key.key.empty()) keys_[charge.key.key] = {charge.key.digest, charge.id, {}};
  } else if (auto* again = std::get_if<AttemptMade>(&fact)) {
    Charge& known = charge(again->id);
    known.attempt = std::move(again->attempt);
    known.state = state_under(known.attempt);
    known.failure = PaymentFailure::kNone;
  } else if (const auto* authorized = std::get_if<Authorized>(&fact)) {
    Charge& known = charge(authorized->id);
    known.state = ChargeState::kAuthorized;
    known.was_authorized = true;
  } else if (const auto* captured = std::get_if<Captured>(&fact)) {
    Charge& known = charge(captured->id);
    known.state = ChargeState::kCaptured;
    known.captured = captured->amount.minor > 0 ? captured->amount : known.amount;
    known.ended_at = captured->at;
  } else if (const auto* failed = std::get_if<Failed>(&fact)) {
    Charge& known = charge(failed->id);
    known.state = ChargeState::kFailed;
    known.failure = failed->failure;
    known.ended_at = failed->at;
  } else if (auto* refunded = std::get_if<Refunded>(&fact)) {
    Charge& known = charge(refunded->id);
    Refund refund = std::move(refunded->refund);
    if (refund.amount.minor == 0) refund.amount = known.captured;
    if (!refunded->key.key.empty())
      keys_[refunded->key.key] = {refunded->key.digest, known.id, refund.id};
    by_refund_.emplace(refund.id, known.number - 1);
    known.refunds.push_back(std::move(refund));
  } else if (auto* barred = std::get_if<Barred>(&fact)) {
    barred_.insert(std::move(barred->reference));
  }
}

bool Book::write_line(std::string line) {
  if (path_.empty()) return true;
  if (broken_) return false;
  line += '\n';
  const ssize_t written = ::write(descriptor_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) {
    size_ += written;
    return true;
  }
  // Half a line must not stand in front of the next one.
  if (written > 0 && ftruncate(descriptor_, size_) != 0) broken_ = true;
  return false;
}

}  // namespace frontrow::sandbox
