#include "cli/gateway_record.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <exception>
#include <utility>

#include "payment/gateway_factory.hpp"
#include "sandbox/book.hpp"

namespace frontrow::cli {
namespace {

/// Pages that are asked for again, and how long after one another.
constexpr int tries_max = 5;
constexpr unsigned seconds_between_tries = 1;

/// A directory that is gone at the end.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "frontrow-settle-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

GatewayRecord to_record(const sandbox::Charge& charge) {
  GatewayRecord record;
  record.reference = charge.reference;
  record.gateway_reference = charge.id;
  record.amount = charge.amount;
  record.currency = charge.currency;
  record.refunded = charge.refunded();
  switch (charge.state) {
    case sandbox::ChargeState::kAction:
      record.state = ChargeState::kAction;
      break;
    case sandbox::ChargeState::kOpen:
    case sandbox::ChargeState::kPending:
    case sandbox::ChargeState::kAuthorized:
      record.state = ChargeState::kPending;
      break;
    case sandbox::ChargeState::kCaptured:
      record.state = ChargeState::kCaptured;
      record.amount = charge.captured;
      break;
    case sandbox::ChargeState::kFailed:
      record.state = ChargeState::kFailed;
      break;
  }
  return record;
}

}  // namespace

RecordsResult ask_gateway(std::string_view name, const payment::GatewaySettings& settings) {
  const payment::GatewayMaker make = payment::gateway_maker(name, settings);
  if (!make) return fmt::format("there is no gateway {}", name);
  boost::asio::io_context context;
  std::unique_ptr<Gateway> gateway;
  try {
    gateway = make({context, {}});
  } catch (const std::exception& problem) {
    return std::string(problem.what());
  }
  std::vector<GatewayRecord> records;
  std::string from;
  for (int tries = 1;;) {
    GatewayRecordPage page;
    page.problem = "no answer";
    gateway->list(from, [&](GatewayRecordPage&& answer) {
      page = std::move(answer);
      context.stop();
    });
    context.restart();
    context.run();
    if (!page.good) {
      if (tries++ >= tries_max)
        return fmt::format("the record of {} cannot be read: {}", name, page.problem);
      sleep(seconds_between_tries);
      continue;
    }
    tries = 1;
    for (GatewayRecord& record : page.records) records.push_back(std::move(record));
    if (records.size() > records_max)
      return fmt::format("{} has more than {} charges", name, records_max);
    if (page.next.empty()) return records;
    from = std::move(page.next);
  }
}

RecordsResult read_sandbox_book(const std::filesystem::path& book) {
  // A book is opened for writing, and a last line without an end is cut off: not of one that
  // somebody else may be writing.
  const ScratchDirectory scratch;
  std::error_code error;
  const auto copy = scratch.path() / "sandbox.book";
  if (!scratch.path().empty()) std::filesystem::copy_file(book, copy, error);
  if (scratch.path().empty() || error)
    return fmt::format("{} cannot be read: {}", book.string(),
                       error ? error.message() : "there is no room for a copy");
  try {
    const sandbox::Book read(copy);
    std::vector<GatewayRecord> records;
    records.reserve(read.charges().size());
    for (const sandbox::Charge& charge : read.charges()) records.push_back(to_record(charge));
    return records;
  } catch (const std::exception& problem) {
    return fmt::format("{}: {}", book.string(), problem.what());
  }
}

}  // namespace frontrow::cli
