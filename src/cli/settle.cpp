#include "cli/settle.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/round_payments.hpp"
#include "cli/commands.hpp"
#include "cli/gateway_record.hpp"
#include "cli/journal_reading.hpp"
#include "cli/payment_parts.hpp"
#include "payment/payment_reference.hpp"
#include "round/round_file.hpp"

namespace frontrow::cli {
namespace {

/// Beside a running server the two lists are of different moments: where they differ they are
/// compared once more after so long, and what differs only once was under way.
constexpr unsigned seconds_until_second_look = 3;
constexpr const char* secret_variable = "FRONTROW_SANDBOX_SECRET";
/// What `frontrow gateway` takes where it is told no other.
constexpr const char* usual_secret = "sandbox_secret";

struct SettleOptions {
  std::string data, gateway, config, book;
  std::vector<std::string> sets;
  bool json = false;
};

int fail(const std::string& line) {
  fmt::print(stderr, "frontrow settle: {}\n", line);
  return exit_failure;
}

Instant now() {
  using namespace std::chrono;
  return {duration_cast<std::chrono::microseconds>(system_clock::now().time_since_epoch()).count()};
}

/// What the journal says.
struct RoundSide {
  std::string id, currency;
  std::uint64_t commands = 0;
  std::vector<audit::RoundPayment> payments;
};

boost::system::result<RoundSide, std::string> read_round(const std::string& data) {
  audit::PaymentHistory history;
  RecoveryOptions recovery;
  recovery.on_command = [&](Sequence sequence, Instant time, const Command& command,
                            const Reply& reply, const Engine& engine) {
    history.take({sequence, time, command, reply, engine});
  };
  const auto read = read_journal(data, std::move(recovery));
  if (read.has_error()) return {boost::system::in_place_error, read.error()};
  const RoundDefinition& definition = read->engine->definition();
  RoundSide side{definition.id, definition.currency, read->commands, {}};
  side.payments =
      audit::round_payments(history, *read->engine, [&](OrderId order, std::uint32_t attempt) {
        return payment::make_reference(definition.id, {order, attempt});
      });
  return side;
}

/// Where the gateway's record comes from.
struct Source {
  std::string gateway;  ///< Its name; empty: `book` is read.
  std::filesystem::path book;
};

class GatewaySide {
 public:
  /// The problem, where the options name nothing that can be asked.
  std::optional<std::string> choose(const SettleOptions& options) {
    if (!options.config.empty()) return choose_by_config(options);
    const auto own_book = std::filesystem::path(options.data) / "sandbox.book";
    if (!options.book.empty()) {
      sources_.push_back({{}, options.book});
    } else if (options.gateway.find("://") != std::string::npos) {
      settings_.sandbox.url = options.gateway;
      const char* const secret = std::getenv(secret_variable);
      settings_.sandbox.secret = secret != nullptr ? secret : usual_secret;
      sources_.push_back({"sandbox", {}});
    } else if (options.gateway.empty() || options.gateway == "sandbox") {
      sources_.push_back({{}, own_book});
    } else {
      return fmt::format("--gateway {}: its address and secret are in the round file: --config",
                         options.gateway);
    }
    return std::nullopt;
  }

  RecordsResult read(const RoundSide& round) {
    settings_.round_id = round.id;
    settings_.currency = round.currency;
    std::vector<GatewayRecord> all;
    for (const Source& source : sources_) {
      auto records = source.gateway.empty() ? read_sandbox_book(source.book)
                                            : ask_gateway(source.gateway, settings_);
      if (records.has_error()) return records.error();
      all.insert(all.end(), std::make_move_iterator(records->begin()),
                 std::make_move_iterator(records->end()));
    }
    return all;
  }

 private:
  std::optional<std::string> choose_by_config(const SettleOptions& options) {
    const round::LoadResult loaded = round::load_round_file(options.config, options.sets, now());
    if (!loaded.file) {
      const round::Remark& mistake = loaded.mistakes.front();
      return mistake.path.empty() ? mistake.message : mistake.path + ": " + mistake.message;
    }
    const round::PaymentRules& rules = loaded.file->payment;
    settings_ = gateway_settings(rules, loaded.file->definition, {});
    for (const std::string& name : {rules.gateway, rules.fallback}) {
      if (name.empty()) continue;
      // The sandbox that `serve` starts inside is gone with it, its book is not.
      if (name == "sandbox" && rules.sandbox.url.empty())
        sources_.push_back({{}, std::filesystem::path(options.data) / "sandbox.book"});
      else
        sources_.push_back({name, {}});
    }
    return std::nullopt;
  }

  std::vector<Source> sources_;
  payment::GatewaySettings settings_;
};

std::string table(const RoundSide& round, const audit::Settlement& settlement) {
  std::string text = fmt::format("round {}, {} (minor units)\n", round.id, round.currency);
  const auto line = [&](std::string_view side, std::string_view state,
                        const audit::CountAndSum& counted) {
    text +=
        fmt::format("{:<10}{:<12}{:>10}{:>20}\n", side, state, counted.count, counted.sum.minor);
  };
  for (std::size_t n = 0; n < audit::payment_states; ++n)
    line("round", audit::name_of(static_cast<audit::RoundPayment::State>(n)), settlement.round[n]);
  line("gateway", "captured", settlement.gateway.captured);
  line("gateway", "refunded", settlement.gateway.returned);
  line("gateway", "pending", settlement.gateway.pending);
  line("gateway", "failed", settlement.gateway.failed);
  if (settlement.under_way > 0) text += fmt::format("{} under way\n", settlement.under_way);
  if (settlement.of_others > 0)
    text += fmt::format("{} charges are not of this round\n", settlement.of_others);
  for (const std::string& remark : settlement.remarks) text += "remark: " + remark + '\n';
  for (const audit::Difference& difference : settlement.differences)
    text += fmt::format("difference: {} ({})\n", difference.text, audit::name_of(difference.kind));
  text += settlement.agrees() ? "no difference"
                              : fmt::format("{} differences", settlement.differences.size());
  return text;
}

std::string json(const RoundSide& round, const audit::Settlement& settlement) {
  using Json = nlohmann::ordered_json;
  const auto counted = [](const audit::CountAndSum& counts) {
    return Json{{"count", counts.count}, {"sum", counts.sum.minor}};
  };
  Json out = {{"round", round.id}, {"currency", round.currency}, {"commands", round.commands}};
  Json& states = out["payments"] = Json::object();
  for (std::size_t n = 0; n < audit::payment_states; ++n)
    states[std::string(audit::name_of(static_cast<audit::RoundPayment::State>(n)))] =
        counted(settlement.round[n]);
  out["gateway"] = {{"captured", counted(settlement.gateway.captured)},
                    {"refunded", counted(settlement.gateway.returned)},
                    {"pending", counted(settlement.gateway.pending)},
                    {"failed", counted(settlement.gateway.failed)}};
  out["under_way"] = settlement.under_way;
  out["of_others"] = settlement.of_others;
  out["remarks"] = settlement.remarks;
  Json& differences = out["differences"] = Json::array();
  for (const audit::Difference& difference : settlement.differences)
    differences.push_back({{"kind", audit::name_of(difference.kind)},
                           {"reference", difference.reference},
                           {"text", difference.text}});
  // The gateway's words may be anything.
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

int settle(const SettleOptions& options) {
  GatewaySide gateway;
  if (const auto problem = gateway.choose(options)) return fail(*problem);
  std::optional<audit::Settlement> first;
  for (;;) {
    const auto round = read_round(options.data);
    if (round.has_error()) return fail(round.error());
    const auto records = gateway.read(*round);
    if (records.has_error()) return fail(records.error());
    audit::Settlement settlement = audit::settle(
        [&](std::string_view reference) {
          return payment::parse_reference(round->id, reference).has_value();
        },
        round->currency, round->payments, *records);
    if (first) {
      audit::keep_lasting(settlement, *first);
    } else if (!settlement.agrees()) {
      first = std::move(settlement);
      sleep(seconds_until_second_look);
      continue;
    }
    fmt::print("{}\n", options.json ? json(*round, settlement) : table(*round, settlement));
    return settlement.agrees() ? exit_success : exit_failure;
  }
}

}  // namespace

void add_settle_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "settle", "Compares a round's payments with the gateway's own record of its charges");
  const auto options = std::make_shared<SettleOptions>();
  command->add_option("--data", options->data, "The data directory")->required()->type_name("DIR");
  auto* gateway = command->add_option(
      "--gateway", options->gateway,
      fmt::format("A sandbox that serves elsewhere; its secret is taken from {}", secret_variable));
  gateway->type_name("URL");
  auto* config =
      command->add_option("--config", options->config, "The round file, which names the gateway");
  config->type_name("ROUND.json")->excludes(gateway);
  command->add_option("--set", options->sets, "Takes this value in place of the round file's")
      ->type_name("key.path=value")
      ->allow_extra_args(false)
      ->needs(config);
  command
      ->add_option("--book", options->book,
                   "The book of a sandbox; without a gateway it is DIR/sandbox.book")
      ->type_name("FILE")
      ->excludes(gateway)
      ->excludes(config);
  command->add_flag("--json", options->json, "One JSON object");
  command->callback([options, &exit_code] { exit_code = settle(*options); });
}

}  // namespace frontrow::cli
