// Deadlines of one kind, sorted: a doubly linked list through the records themselves. Deadlines of
// one kind arrive almost in order, so insertion from the tail looks at one neighbour in practice.
//
// Private to src/engine.
#pragma once

#include "base/paged_array.hpp"
#include "engine/records.hpp"

namespace frontrow::engine {

template <class Record>
class TimerList {
 public:
  /// Behind all whose deadline is not later. Precondition: `records[index]` is in no list.
  void insert(PagedArray<Record>& records, std::uint32_t index, SaleTime deadline) {
    records[index].deadline = deadline;
    std::uint32_t before = tail_;
    while (before != no_index && records[before].deadline > deadline)
      before = records[before].timer.previous;
    const std::uint32_t after = before == no_index ? head_ : records[before].timer.next;
    records[index].timer = {before, after};
    (before == no_index ? head_ : records[before].timer.next) = index;
    (after == no_index ? tail_ : records[after].timer.previous) = index;
  }
  void remove(PagedArray<Record>& records, std::uint32_t index) {
    const Links links = records[index].timer;
    (links.previous == no_index ? head_ : records[links.previous].timer.next) = links.next;
    (links.next == no_index ? tail_ : records[links.next].timer.previous) = links.previous;
    records[index].timer = {};
  }
  std::uint32_t head() const { return head_; }

 private:
  std::uint32_t head_ = no_index;
  std::uint32_t tail_ = no_index;
};

}  // namespace frontrow::engine
