// Codec primitives: little-endian, bounds-checked on reading. The journal's one codec and the
// tokens are written with these.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace frontrow {

static_assert(std::endian::native == std::endian::little,
              "formats are little-endian and copied as they lie");

/// Appends to a byte vector that the caller owns and reuses.
class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::uint8_t>& out) : out_(out) {}

  template <std::integral T>
  void integer(T value) {
    raw(&value, sizeof value);
  }
  template <std::size_t N>
  void bytes(const std::array<std::uint8_t, N>& value) {
    raw(value.data(), N);
  }
  /// A length (32 bits) and the bytes.
  void text(std::string_view value) {
    integer(static_cast<std::uint32_t>(value.size()));
    raw(value.data(), value.size());
  }
  void raw(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::uint8_t*>(data);
    out_.insert(out_.end(), first, first + size);
  }
  std::size_t size() const { return out_.size(); }

 private:
  std::vector<std::uint8_t>& out_;
};

/// Reads from bytes that someone else owns. After a read past the end `failed()` is true and
/// every further read yields zero: check once, at the end.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> in) : in_(in) {}

  template <std::integral T>
  T integer() {
    T value{};
    raw(&value, sizeof value);
    return value;
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> value{};
    raw(value.data(), N);
    return value;
  }
  /// Fails on a length above `max`.
  std::string text(std::size_t max) {
    const auto size = integer<std::uint32_t>();
    if (size > max || size > in_.size()) {
      failed_ = true;
      return {};
    }
    std::string value(reinterpret_cast<const char*>(in_.data()), size);
    in_ = in_.subspan(size);
    return value;
  }
  void raw(void* out, std::size_t size) {
    if (failed_ || size > in_.size()) {
      failed_ = true;
      std::memset(out, 0, size);
      return;
    }
    std::memcpy(out, in_.data(), size);
    in_ = in_.subspan(size);
  }
  bool failed() const { return failed_; }
  void fail() { failed_ = true; }
  std::size_t remaining() const { return in_.size(); }

 private:
  std::span<const std::uint8_t> in_;
  bool failed_ = false;
};

}  // namespace frontrow
