#include "audit/sql_export.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "audit/names.hpp"
#include "audit/payment_history.hpp"
#include "audit/sql_schema.hpp"
#include "audit/sqlite.hpp"
#include "base/command_codec.hpp"
#include "base/encoding.hpp"
#include "base/id_text.hpp"
#include "base/instant_text.hpp"

namespace frontrow::audit {
namespace {

std::optional<std::string> text_or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<std::string> instant_or_null(const std::optional<Instant>& instant) {
  return instant ? std::optional(to_rfc3339(*instant)) : std::nullopt;
}

void write_seats(Sqlite& database, const Engine& engine) {
  SqliteInsert insert(database, "INSERT INTO seats VALUES (?,?,?,?,?,?,?,?,?)");
  const RoundDefinition& round = engine.definition();
  const Plan& plan = *round.plan;
  for (std::uint32_t n = 0; n < plan.capacity(); ++n) {
    const SeatIndex index{n};
    const PlanSeat& seat = plan.seat(index);
    const OrderId order = engine.seat_order(index);
    insert(seat.id, plan.zone(seat.zone).id, plan.row(seat.row).id, seat.number,
           plan.categories[engine.seat_category(index).value].id,
           round.price_of(engine.seat_category(index)).minor, round.currency,
           name_of(engine.seat_state(index)),
           order.exists() ? std::optional(to_text(order)) : std::nullopt);
  }
}

void write_fans(Sqlite& database, const Engine& engine) {
  SqliteInsert insert(database, "INSERT INTO fans VALUES (?,?,?,?,?,?)");
  for (std::uint32_t n = 0; n < engine.fan_count(); ++n) {
    const FanView fan = engine.fan(FanId{n});
    insert(to_text(FanId{n}), to_hex(fan.entry), name_of(fan.state), fan.banned, fan.tier,
           fan.rank != 0 ? std::optional(fan.rank) : std::nullopt);
  }
}

void write_orders(Sqlite& database, const Engine& engine) {
  SqliteInsert insert(database, "INSERT INTO orders VALUES (?,?,?,?,?,?,?,?,?)");
  SqliteInsert insert_seat(database, "INSERT INTO order_seats VALUES (?,?,?)");
  const RoundDefinition& round = engine.definition();
  for (std::uint32_t n = 0; n < engine.order_count(); ++n) {
    const OrderView order = engine.order(OrderId{n});
    const std::string id = to_text(order.id);
    const bool has_deadline = order.held_until.microseconds != 0;
    insert(id, to_text(order.fan), name_of(order.state),
           order.origin == OrderOrigin::kSale ? "sale" : "waitlist", order.total.minor,
           round.currency, to_rfc3339(order.created_at),
           has_deadline ? std::optional(to_rfc3339(order.held_until)) : std::nullopt,
           order.ticket_counter);
    for (const SeatIndex seat : order.seats) {
      insert_seat(id, round.plan->seat(seat).id, round.price_of(engine.seat_category(seat)).minor);
    }
  }
}

void write_payments(Sqlite& database, const Engine& engine, const PaymentHistory& payments) {
  SqliteInsert insert(database, "INSERT INTO payments VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const auto& [key, payment] : payments.records()) {
    insert(to_text(key.first), key.second, name_of(payment.method), name_of(payment.state),
           text_or_null(name_of(payment.failure)), payment.amount.minor,
           engine.definition().currency, to_rfc3339(payment.started_at),
           instant_or_null(payment.settled_at), instant_or_null(payment.refunded_at),
           text_or_null(payment.gateway_reference), text_or_null(payment.refund_reference));
  }
}

/// Whole on disk before it has its name. Fails where `to` exists, also where it came to be a
/// moment ago.
std::optional<std::string> give_name(const std::filesystem::path& from,
                                     const std::filesystem::path& to) {
  const int descriptor = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!synced) return to.string() + ": " + std::strerror(error);
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return std::nullopt;
  }
  return to.string() + ": " + std::strerror(errno);
}

}  // namespace

struct SqlExport::Writer {
  explicit Writer(const std::filesystem::path& file) : database(file) {
    // A file that nobody else knows needs no protection on the way; a half one is thrown away.
    database.run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN");
    database.run(sql_schema);
    insert_command.emplace(database, "INSERT INTO commands VALUES (?,?,?,?,?,?)");
  }
  void finish(const Engine& engine) {
    insert_command.reset();
    write_seats(database, engine);
    write_fans(database, engine);
    write_orders(database, engine);
    write_payments(database, engine, payments);
    database.run("COMMIT");
    database.close();
  }

  Sqlite database;
  std::optional<SqliteInsert> insert_command;
  PaymentHistory payments;
};

SqlExport::SqlExport(std::filesystem::path file) : file_(std::move(file)) {}

SqlExport::~SqlExport() {
  writer_.reset();
  if (!unfinished_.empty()) unlink(unfinished_.c_str());
}

template <class Work>
std::optional<std::string> SqlExport::guarded(Work&& work) {
  try {
    return work();
  } catch (const std::exception& problem) {
    return file_.string() + ": " + problem.what();
  }
}

std::optional<std::string> SqlExport::begin() {
  return guarded([&]() -> std::optional<std::string> {
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(file_, ignored))) {
      return file_.string() + ": there is such a file already";
    }
    std::string name = file_.string() + ".XXXXXX";
    const int descriptor = mkstemp(name.data());
    if (descriptor < 0) return file_.string() + ": " + std::strerror(errno);
    ::close(descriptor);
    unfinished_ = name;
    writer_ = std::make_unique<Writer>(unfinished_);
    return std::nullopt;
  });
}

std::optional<std::string> SqlExport::add(const Carried& carried) {
  return guarded([&]() -> std::optional<std::string> {
    nlohmann::ordered_json fields = command_fields(carried);
    fields.update(outcome_fields(carried));
    const bool refused = carried.reply.rejection != Rejection::kNone;
    (*writer_->insert_command)(
        carried.sequence, to_rfc3339(carried.time), command_name(carried.command),
        outcome_name(carried.reply),
        refused ? text_or_null(name_of(carried.reply.rejection)) : std::nullopt,
        fields.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    writer_->payments.take(carried);
    return std::nullopt;
  });
}

std::optional<std::string> SqlExport::finish(const Engine& engine) {
  return guarded([&]() -> std::optional<std::string> {
    writer_->finish(engine);
    if (auto problem = give_name(unfinished_, file_)) return problem;
    unfinished_.clear();
    return std::nullopt;
  });
}

}  // namespace frontrow::audit
