#include "base/command_codec.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "frontrow/limits.hpp"

namespace frontrow {
namespace {

// Each command's fields are listed once, below; the three passes (measuring, writing, reading)
// walk the same list, so that the writer and the reader of the journal cannot drift apart.

/// First pass: how long the body is.
class Sizer {
 public:
  static constexpr bool reads = false;
  template <class T>
  using Of = const T;
  void raw(const void*, std::size_t count) { size_ += count; }
  void require(bool condition) { FRONTROW_ASSERT(condition); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

/// Second pass: into memory that the first has measured.
class Writer {
 public:
  static constexpr bool reads = false;
  template <class T>
  using Of = const T;
  explicit Writer(std::uint8_t* to) : to_(to) {}
  void raw(const void* from, std::size_t count) {
    std::memcpy(to_, from, count);
    to_ += count;
  }
  void require(bool) {}
  const std::uint8_t* position() const { return to_; }

 private:
  std::uint8_t* to_;
};

/// The way back. After the first thing that does not fit everything reads as zero.
class Reader {
 public:
  static constexpr bool reads = true;
  template <class T>
  using Of = T;
  explicit Reader(std::span<const std::uint8_t> from) : from_(from) {}
  void raw(void* to, std::size_t count) {
    if (failed_ || count > from_.size()) {
      failed_ = true;
      std::memset(to, 0, count);
      return;
    }
    std::memcpy(to, from_.data(), count);
    from_ = from_.subspan(count);
  }
  void require(bool condition) { failed_ = failed_ || !condition; }
  std::size_t remaining() const { return from_.size(); }
  bool failed() const { return failed_; }
  bool complete() const { return !failed_ && from_.empty(); }

 private:
  std::span<const std::uint8_t> from_;
  bool failed_ = false;
};

template <class Pass, class T>
using Of = typename Pass::template Of<T>;

// --- kinds of fields ----------------------------------------------------------------------

template <class Pass, class T>
requires(std::is_integral_v<std::remove_const_t<T>> &&
         !std::is_same_v<std::remove_const_t<T>, bool>) void field(Pass& pass, T& value) {
  pass.raw(&value, sizeof value);
}

template <class Pass>
void flag(Pass& pass, Of<Pass, bool>& value) {
  std::uint8_t byte = value ? 1 : 0;
  pass.raw(&byte, 1);
  pass.require(byte <= 1);
  if constexpr (Pass::reads) value = byte == 1;
}

/// An enumeration of one byte whose largest known value is `last`.
template <class Pass, class Enum>
void choice(Pass& pass, Enum& value, std::remove_const_t<Enum> last) {
  static_assert(sizeof(Enum) == 1);
  auto byte = static_cast<std::uint8_t>(value);
  pass.raw(&byte, 1);
  pass.require(byte <= static_cast<std::uint8_t>(last));
  if constexpr (Pass::reads) value = static_cast<Enum>(byte);
}

template <class Pass, class Identifier>
requires requires(Identifier id) { std::remove_const_t<Identifier>::none(); }
void field(Pass& pass, Identifier& id) { pass.raw(&id.value, sizeof id.value); }

template <class Pass>
void field(Pass& pass, Of<Pass, Bytes16>& bytes) {
  pass.raw(bytes.data(), bytes.size());
}
template <class Pass>
void field(Pass& pass, Of<Pass, Bytes32>& bytes) {
  pass.raw(bytes.data(), bytes.size());
}
template <class Pass>
void field(Pass& pass, Of<Pass, Duration>& duration) {
  field(pass, duration.microseconds);
}
template <class Pass>
void field(Pass& pass, Of<Pass, Instant>& instant) {
  field(pass, instant.microseconds);
}
template <class Pass>
void field(Pass& pass, Of<Pass, Amount>& amount) {
  field(pass, amount.minor);
}
template <class Pass>
void field(Pass& pass, Of<Pass, Idempotency>& idempotency) {
  field(pass, idempotency.key);
  field(pass, idempotency.request);
}

/// Length (32 bits) and bytes.
template <class Pass>
void text(Pass& pass, Of<Pass, std::string>& value, std::size_t max = limits::text_bytes_max) {
  auto size = static_cast<std::uint32_t>(value.size());
  pass.require(value.size() <= max);
  field(pass, size);
  if constexpr (Pass::reads) {
    pass.require(size <= max && size <= pass.remaining());
    if (pass.failed()) return;
    value.resize(size);
  }
  pass.raw(value.data(), size);
}

/// Count (32 bits) and the values of the identifiers.
template <class Pass, class List>
void list(Pass& pass, List& values, std::size_t max) {
  using Identifier = typename std::remove_const_t<List>::value_type;
  static_assert(sizeof(Identifier) == sizeof(typename Identifier::Value));
  auto count = static_cast<std::uint32_t>(values.size());
  pass.require(values.size() <= max);
  field(pass, count);
  if constexpr (Pass::reads) {
    pass.require(count <= max && count <= pass.remaining() / sizeof(Identifier));
    if (pass.failed()) return;
    values.resize(count);
  }
  if (count > 0) pass.raw(values.data(), count * sizeof(Identifier));
}

/// Count (32 bits), then language and text, ascending by language: one text, one encoding.
template <class Pass>
void field(Pass& pass, Of<Pass, LocalizedText>& by_language) {
  auto count = static_cast<std::uint32_t>(by_language.size());
  field(pass, count);
  pass.require(count <= limits::languages_max);
  if constexpr (Pass::reads) {
    for (std::uint32_t n = 0; n < count && !pass.failed(); ++n) {
      std::string language;
      std::string words;
      text(pass, language, limits::language_tag_bytes_max);
      text(pass, words);
      pass.require(by_language.empty() || by_language.rbegin()->first < language);
      by_language.emplace_hint(by_language.end(), std::move(language), std::move(words));
    }
  } else {
    for (const auto& [language, words] : by_language) {
      text(pass, language, limits::language_tag_bytes_max);
      text(pass, words);
    }
  }
}

template <class Pass>
void field(Pass& pass, Of<Pass, AdmissionRules>& rules) {
  field(pass, rules.max_shoppers);
  field(pass, rules.per_second);
  field(pass, rules.enter);
  field(pass, rules.shopping);
  field(pass, rules.missed_turn_places);
}

template <class Pass, class... Parts>
void fields(Pass& pass, Parts&... parts) {
  (field(pass, parts), ...);
}

// --- the commands -------------------------------------------------------------------------

template <class Pass>
void body(Pass& pass, Of<Pass, OpenRound>& command) {
  field(pass, command.rules_version);
  text(pass, command.definition, limits::definition_bytes_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, Resume>& command) {
  field(pass, command.gap);
}
template <class Pass>
void body(Pass&, Of<Pass, Tick>&) {}
template <class Pass>
void body(Pass& pass, Of<Pass, CloseLobby>& command) {
  fields(pass, command.lobby_root, command.count);
}
template <class Pass>
void body(Pass& pass, Of<Pass, SetBeacon>& command) {
  text(pass, command.operator_name);
  fields(pass, command.round, command.randomness);
  text(pass, command.signature);
}
template <class Pass>
void body(Pass&, Of<Pass, DrawLine>&) {}
template <class Pass>
void body(Pass& pass, Of<Pass, CloseLateWindow>& command) {
  field(pass, command.window);
  text(pass, command.beacon);
  text(pass, command.beacon_signature);
}

template <class Pass>
void body(Pass& pass, Of<Pass, JoinQueue>& command) {
  fields(pass, command.entry, command.tier, command.subject, command.proof, command.key);
}
template <class Pass>
void body(Pass& pass, Of<Pass, EnterShop>& command) {
  field(pass, command.fan);
}
template <class Pass>
void body(Pass& pass, Of<Pass, LeaveQueue>& command) {
  field(pass, command.fan);
}
template <class Pass>
void body(Pass& pass, Of<Pass, CreateRecovery>& command) {
  fields(pass, command.fan, command.code);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RedeemRecovery>& command) {
  field(pass, command.code);
}

template <class Pass>
void body(Pass& pass, Of<Pass, PlaceHold>& command) {
  fields(pass, command.fan, command.idempotency);
  list(pass, command.seats, limits::seats_per_command_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, PlaceBestHold>& command) {
  fields(pass, command.fan, command.idempotency);
  flag(pass, command.by_zone);
  fields(pass, command.zone, command.category, command.quantity);
  choice(pass, command.together, Together::kPreferred);
}
template <class Pass>
void body(Pass& pass, Of<Pass, ReleaseOrder>& command) {
  fields(pass, command.fan, command.order);
}
template <class Pass>
void body(Pass& pass, Of<Pass, StartPayment>& command) {
  fields(pass, command.fan, command.order, command.idempotency);
  choice(pass, command.method, PaymentMethod::kPromptPay);
  flag(pass, command.accept_alternative);
}
template <class Pass>
void body(Pass& pass, Of<Pass, ReturnOrder>& command) {
  fields(pass, command.fan, command.order, command.idempotency);
}

template <class Pass>
void body(Pass& pass, Of<Pass, RecordPaymentAction>& command) {
  fields(pass, command.order, command.attempt);
  text(pass, command.action);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RecordPaymentSuccess>& command) {
  fields(pass, command.order, command.attempt, command.amount);
  text(pass, command.gateway_reference);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RecordPaymentFailure>& command) {
  fields(pass, command.order, command.attempt);
  choice(pass, command.failure, PaymentFailure::kInvalidToken);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RecordRefund>& command) {
  field(pass, command.order);
  text(pass, command.gateway_reference);
}

template <class Pass>
void body(Pass& pass, Of<Pass, JoinWaitlist>& command) {
  fields(pass, command.fan, command.idempotency);
  list(pass, command.zones, limits::waitlist_zones_max);
  field(pass, command.quantity);
  flag(pass, command.together);
}
template <class Pass>
void body(Pass& pass, Of<Pass, LeaveWaitlist>& command) {
  field(pass, command.fan);
}

template <class Pass>
void body(Pass& pass, Of<Pass, SetPhase>& command) {
  text(pass, command.operator_name);
  choice(pass, command.phase, RequestedPhase::kClosed);
}
template <class Pass>
void body(Pass& pass, Of<Pass, SetSchedule>& command) {
  text(pass, command.operator_name);
  fields(pass, command.lobby_opens_at, command.draw_at, command.closes_at);
}
template <class Pass>
void body(Pass& pass, Of<Pass, SetAdmission>& command) {
  text(pass, command.operator_name);
  field(pass, command.rules);
}
template <class Pass>
void body(Pass& pass, Of<Pass, BlockSeats>& command) {
  text(pass, command.operator_name);
  list(pass, command.seats, limits::seats_per_command_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, UnblockSeats>& command) {
  text(pass, command.operator_name);
  list(pass, command.seats, limits::seats_per_command_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, BanFan>& command) {
  text(pass, command.operator_name);
  field(pass, command.fan);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, UnbanFan>& command) {
  text(pass, command.operator_name);
  field(pass, command.fan);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RefundOrder>& command) {
  text(pass, command.operator_name);
  field(pass, command.order);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, PostNotice>& command) {
  text(pass, command.operator_name);
  field(pass, command.text);
}
template <class Pass>
void body(Pass& pass, Of<Pass, ErasePersonalData>& command) {
  text(pass, command.operator_name);
  field(pass, command.fan);
}

// --- by number ----------------------------------------------------------------------------

constexpr std::size_t command_header_size = sizeof(std::uint16_t) + sizeof(std::uint32_t);

template <class Kind>
bool decode_body(std::span<const std::uint8_t> in, Command& out) {
  Reader reader(in);
  body(reader, out.emplace<Kind>());
  return reader.complete();
}

struct KnownCommand {
  bool (*decode)(std::span<const std::uint8_t>, Command&) = nullptr;
  std::string_view name;
};

/// "…[with Kind = frontrow::PlaceHold; …]": the name as the source says it.
template <class Kind>
constexpr std::string_view name_of_kind() {
  const std::string_view text = __PRETTY_FUNCTION__;
  constexpr std::string_view before = "Kind = frontrow::";
  const std::size_t first = text.find(before) + before.size();
  return text.substr(first, text.find_first_of(";]", first) - first);
}
static_assert(name_of_kind<PlaceHold>() == "PlaceHold");

template <class Variant>
struct Table;
template <class... Kinds>
struct Table<std::variant<Kinds...>> {
  static constexpr std::size_t size = std::max({Kinds::number...}) + std::size_t{1};
  static constexpr std::array<KnownCommand, size> make() {
    std::array<KnownCommand, size> table{};
    ((table[Kinds::number] = {&decode_body<Kinds>, name_of_kind<Kinds>()}), ...);
    return table;
  }
};
constexpr auto known_commands = Table<Command>::make();

}  // namespace

void encode_command(const Command& command, std::vector<std::uint8_t>& out) {
  std::visit(
      [&](const auto& kind) {
        Sizer sizer;
        body(sizer, kind);
        const std::size_t before = out.size();
        out.resize(before + command_header_size + sizer.size());
        Writer writer(out.data() + before);
        const std::uint16_t number = kind.number;
        const auto size = static_cast<std::uint32_t>(sizer.size());
        field(writer, number);
        field(writer, size);
        body(writer, kind);
        FRONTROW_ASSERT(writer.position() == out.data() + out.size());
      },
      command);
}

std::optional<Command> decode_command(std::span<const std::uint8_t>& in) {
  std::optional<Command> command;
  Reader header(in);
  std::uint16_t number = 0;
  std::uint32_t size = 0;
  field(header, number);
  field(header, size);
  if (header.failed() || size > header.remaining() || number >= known_commands.size() ||
      known_commands[number].decode == nullptr)
    return command;
  command.emplace();
  if (!known_commands[number].decode(in.subspan(command_header_size, size), *command))
    command.reset();
  in = in.subspan(command_header_size + size);
  return command;
}

std::uint16_t command_number(const Command& command) {
  return std::visit([](const auto& kind) { return kind.number; }, command);
}

std::string_view command_name(const Command& command) {
  return command_name_of_number(command_number(command));
}

std::string_view command_name_of_number(std::uint16_t number) {
  return number < known_commands.size() ? known_commands[number].name : std::string_view{};
}

}  // namespace frontrow
