// A growing array that never moves and never allocates after it was made: address space for its
// bound is reserved at once, and memory is taken page by page as elements are added.
//
// Used by one thread at a time. Elements are trivially copyable: nothing runs when it goes.
#pragma once

#include <cstddef>
#include <type_traits>

#include "base/assert.hpp"

namespace frontrow {

/// Zeroed pages that cost nothing until touched. Aborts where the address space is exhausted.
/// `large_pages` asks for fewer, larger page faults where the array is filled from front to back.
void* reserve_pages(std::size_t bytes, bool large_pages);
void release_pages(void* pages, std::size_t bytes) noexcept;

template <class T>
class PagedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit PagedArray(std::size_t capacity, bool large_pages = false)
      : capacity_(capacity),
        data_(static_cast<T*>(reserve_pages(capacity * sizeof(T), large_pages))) {}
  ~PagedArray() { release_pages(data_, capacity_ * sizeof(T)); }
  PagedArray(const PagedArray&) = delete;
  PagedArray& operator=(const PagedArray&) = delete;

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  /// Whether `count` more elements have a place.
  bool has_room(std::size_t count = 1) const { return capacity_ - size_ >= count; }

  T& operator[](std::size_t index) { return data_[index]; }
  const T& operator[](std::size_t index) const { return data_[index]; }
  T& back() { return data_[size_ - 1]; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

  T& push_back(const T& value) {
    FRONTROW_ASSERT(size_ < capacity_);
    return data_[size_++] = value;
  }
  /// One more element, of zero bytes: fresh pages are, and an array never shrinks.
  T& push_zeros() {
    FRONTROW_ASSERT(size_ < capacity_);
    return data_[size_++];
  }
  /// Grows to `size` elements, the new ones equal to `value`.
  void grow_to(std::size_t size, const T& value) {
    FRONTROW_ASSERT(size <= capacity_);
    while (size_ < size) data_[size_++] = value;
  }

 private:
  std::size_t size_ = 0;
  std::size_t capacity_;
  T* data_;
};

}  // namespace frontrow
