#include "base/command_codec.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/assert.hpp"
#include "base/command_fields.hpp"

namespace frontrow {
namespace {

using codec::body;
using codec::field;

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
