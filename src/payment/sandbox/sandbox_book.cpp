#include "payment/sandbox/sandbox_book.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace frontrow::payment::sandbox {
namespace {

using Json = nlohmann::json;

std::string system_message() { return std::strerror(errno); }

std::string charge_line(const PaymentReference& reference, const BookedCharge& charge) {
  return Json{{"fact", "charge"},
              {"reference", reference},
              {"amount", charge.amount.minor},
              {"currency", charge.currency},
              {"method", static_cast<int>(charge.method)},
              {"failure", static_cast<int>(charge.verdict.failure)},
              {"slow", charge.verdict.slow},
              {"never", charge.verdict.never},
              {"made_at", charge.made_at.microseconds},
              {"due_at", charge.due_at.microseconds}}
      .dump();
}

PaymentFailure failure_of(const Json& fact) {
  const int number = fact.at("failure").get<int>();
  if (number < 0 || number > static_cast<int>(PaymentFailure::kInvalidToken)) {
    throw std::runtime_error("unknown failure");
  }
  return static_cast<PaymentFailure>(number);
}

BookedCharge charge_of(const Json& fact) {
  BookedCharge charge;
  charge.amount.minor = fact.at("amount").get<std::int64_t>();
  charge.currency = fact.at("currency").get<std::string>();
  charge.method =
      fact.at("method").get<int>() == 0 ? PaymentMethod::kCard : PaymentMethod::kPromptPay;
  charge.verdict = {failure_of(fact), fact.at("slow").get<bool>(), fact.at("never").get<bool>()};
  charge.made_at.microseconds = fact.at("made_at").get<std::int64_t>();
  charge.due_at.microseconds = fact.at("due_at").get<std::int64_t>();
  return charge;
}

}  // namespace

SandboxBook::SandboxBook(std::filesystem::path path) : path_(std::move(path)) {
  descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor_ < 0) throw std::runtime_error(path_.string() + ": " + system_message());
  try {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
      throw std::runtime_error(path_.string() + ": not a regular file");
    }
    load();
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

SandboxBook::~SandboxBook() { close(descriptor_); }

void SandboxBook::load() {
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
      apply(std::string_view(text).substr(begin, end - begin));
    } catch (const std::exception& problem) {
      throw std::runtime_error(path_.string() + ", line " + std::to_string(number) + ": " +
                               problem.what());
    }
  }
  size_ = static_cast<std::int64_t>(begin);
  if (begin < text.size() && ftruncate(descriptor_, size_) != 0) {
    throw std::runtime_error(path_.string() + ": " + system_message());
  }
}

void SandboxBook::apply(std::string_view line) {
  const Json fact = Json::parse(line);
  const auto name = fact.at("fact").get<std::string>();
  auto reference = fact.at("reference").get<std::string>();
  if (name == "charge") {
    if (!charges_.emplace(std::move(reference), charge_of(fact)).second) {
      throw std::runtime_error("a second charge of one reference");
    }
    return;
  }
  const auto found = charges_.find(reference);
  if (found == charges_.end()) throw std::runtime_error("no charge of this reference");
  BookedCharge& charge = found->second;
  if (name == "captured") {
    charge.state = BookedCharge::State::kCaptured;
  } else if (name == "failed") {
    charge.state = BookedCharge::State::kFailed;
    charge.failure = failure_of(fact);
  } else if (name == "refunded") {
    charge.refunded = true;
  } else {
    throw std::runtime_error("unknown fact");
  }
}

bool SandboxBook::write_line(std::string line) {
  if (broken_) return false;
  line += '\n';
  const ssize_t written = write(descriptor_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) {
    size_ += written;
    return true;
  }
  // Half a line must not stand in front of the next one.
  if (written > 0 && ftruncate(descriptor_, size_) != 0) broken_ = true;
  return false;
}

const BookedCharge* SandboxBook::find(std::string_view reference) const {
  const auto found = charges_.find(reference);
  return found != charges_.end() ? &found->second : nullptr;
}

bool SandboxBook::add(const PaymentReference& reference, const BookedCharge& charge) {
  if (!write_line(charge_line(reference, charge))) return false;
  charges_.emplace(reference, charge);
  return true;
}

bool SandboxBook::capture(const PaymentReference& reference) {
  if (!write_line(Json{{"fact", "captured"}, {"reference", reference}}.dump())) return false;
  charges_.at(reference).state = BookedCharge::State::kCaptured;
  return true;
}

bool SandboxBook::fail(const PaymentReference& reference, PaymentFailure failure) {
  if (!write_line(
          Json{{"fact", "failed"}, {"reference", reference}, {"failure", static_cast<int>(failure)}}
              .dump())) {
    return false;
  }
  BookedCharge& charge = charges_.at(reference);
  charge.state = BookedCharge::State::kFailed;
  charge.failure = failure;
  return true;
}

bool SandboxBook::refund(const PaymentReference& reference) {
  if (!write_line(Json{{"fact", "refunded"}, {"reference", reference}}.dump())) return false;
  charges_.at(reference).refunded = true;
  return true;
}

}  // namespace frontrow::payment::sandbox
