#include "proof/fact.hpp"

#include <concepts>
#include <cstring>
#include <type_traits>

#include "base/assert.hpp"
#include "proof/note_text.hpp"

namespace frontrow::proof {
namespace {

/// 9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write.
constexpr std::int64_t milliseconds_max = 253'402'300'799'999;

class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& out) : out_(out) { out_.clear(); }

  template <std::unsigned_integral T>
  void number(T value) {
    for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
      out_.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  void bytes(ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }
  void seat(const std::string& id) {
    FRONTROW_ASSERT(!id.empty() && id.size() <= fact_seat_bytes_max);
    number(static_cast<std::uint16_t>(id.size()));
    bytes(as_bytes(id));
  }

 private:
  std::vector<std::uint8_t>& out_;
};

/// After a read past the end, or of what no writer writes, `good()` is false.
class Reader {
 public:
  explicit Reader(ByteView in) : in_(in) {}

  template <std::unsigned_integral T>
  T number() {
    std::uint64_t value = 0;
    for (const auto byte : take(sizeof(T))) value = value << 8 | byte;
    return static_cast<T>(value);
  }
  template <class Array>
  Array bytes() {
    Array value{};
    const ByteView taken = take(value.size());
    if (!taken.empty()) std::memcpy(value.data(), taken.data(), taken.size());
    return value;
  }
  std::string seat() {
    const auto size = number<std::uint16_t>();
    check(size > 0 && size <= fact_seat_bytes_max);
    const ByteView taken = take(size);
    std::string id(reinterpret_cast<const char*>(taken.data()), taken.size());
    check(is_note_text(id));
    return id;
  }
  void check(bool condition) { good_ = good_ && condition; }
  bool good() const { return good_; }
  bool at_end() const { return in_.empty(); }

 private:
  ByteView take(std::size_t size) {
    check(size <= in_.size());
    if (!good_) return {};
    const ByteView taken = in_.first(size);
    in_ = in_.subspan(size);
    return taken;
  }

  ByteView in_;
  bool good_ = true;
};

void write(Writer& writer, const Joined& joined) {
  writer.bytes(joined.entry);
  writer.number(joined.tier);
}
void write(Writer& writer, const Drawn& drawn) {
  writer.bytes(drawn.entry);
  writer.number(drawn.rank);
}
void write(Writer& writer, const Called& called) { writer.bytes(called.entry); }
void write(Writer& writer, const Sold& sold) {
  writer.bytes(sold.commitment);
  writer.seat(sold.seat);
}
void write(Writer& writer, const Returned& returned) {
  writer.bytes(returned.commitment);
  writer.seat(returned.seat);
}

void read(Reader& reader, Joined& joined) {
  joined.entry = reader.bytes<Bytes16>();
  joined.tier = reader.number<std::uint8_t>();
}
void read(Reader& reader, Drawn& drawn) {
  drawn.entry = reader.bytes<Bytes16>();
  drawn.rank = reader.number<std::uint32_t>();
  reader.check(drawn.rank > 0);
}
void read(Reader& reader, Called& called) { called.entry = reader.bytes<Bytes16>(); }
void read(Reader& reader, Sold& sold) {
  sold.commitment = reader.bytes<Bytes32>();
  sold.seat = reader.seat();
}
void read(Reader& reader, Returned& returned) {
  returned.commitment = reader.bytes<Bytes32>();
  returned.seat = reader.seat();
}

/// Tries the types one after another; false where `kind` is none of theirs.
template <std::size_t n = 0>
bool read_body(std::uint8_t kind, Reader& reader, FactBody& body) {
  if constexpr (n == std::variant_size_v<FactBody>) {
    return false;
  } else {
    using Body = std::variant_alternative_t<n, FactBody>;
    if (kind != Body::kind) return read_body<n + 1>(kind, reader, body);
    read(reader, body.emplace<Body>());
    return true;
  }
}

struct Name {
  std::string_view operator()(const Joined&) const { return "joined"; }
  std::string_view operator()(const Drawn&) const { return "drawn"; }
  std::string_view operator()(const Called&) const { return "called"; }
  std::string_view operator()(const Sold&) const { return "sold"; }
  std::string_view operator()(const Returned&) const { return "returned"; }
};

}  // namespace

void encode_fact(const Fact& fact, std::vector<std::uint8_t>& out) {
  const std::int64_t milliseconds = fact.at.microseconds / 1'000;
  FRONTROW_ASSERT(fact.at.microseconds >= 0 && milliseconds <= milliseconds_max);
  Writer writer(out);
  std::visit(
      [&](const auto& body) {
        writer.number(std::remove_cvref_t<decltype(body)>::kind);
        writer.number(std::uint64_t{fact.sequence});
        writer.number(static_cast<std::uint64_t>(milliseconds));
        write(writer, body);
      },
      fact.body);
}

std::vector<std::uint8_t> encode_fact(const Fact& fact) {
  std::vector<std::uint8_t> out;
  encode_fact(fact, out);
  return out;
}

std::optional<Fact> decode_fact(ByteView bytes) {
  Reader reader(bytes);
  const auto kind = reader.number<std::uint8_t>();
  Fact fact;
  fact.sequence = reader.number<std::uint64_t>();
  const auto milliseconds = reader.number<std::uint64_t>();
  if (!reader.good() || milliseconds > static_cast<std::uint64_t>(milliseconds_max))
    return std::nullopt;
  fact.at.microseconds = static_cast<std::int64_t>(milliseconds) * 1'000;
  if (!read_body(kind, reader, fact.body) || !reader.good() || !reader.at_end())
    return std::nullopt;
  return fact;
}

std::string_view fact_name(const Fact& fact) { return std::visit(Name{}, fact.body); }

}  // namespace frontrow::proof
