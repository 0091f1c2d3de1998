// The sandbox's memory of its charges: a file to which a line is added for each fact, by one write,
// before anyone hears of it. So it survives the process, as a real gateway would, and a test can
// compare it with ours. Card tokens are not in it, only how a charge will end.
//
// Belongs to the server's thread. The lines are in docs/sandbox.md.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/book_line.hpp"

namespace frontrow::sandbox {

class Book {
 public:
  /// Reads what is there; a last line without an end was never told to anyone and is cut off.
  /// An empty path: a book in memory. Throws `std::runtime_error` where the file cannot be used or
  /// a line cannot be understood.
  explicit Book(std::filesystem::path path);
  ~Book();
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  /// In the order of making; a charge's `number` is its place, from 1. Addresses do not change.
  const std::deque<Charge>& charges() const { return charges_; }
  const Charge* find(std::string_view id) const;
  /// The first that was made under it, by the own API where one was.
  const Charge* find_reference(std::string_view reference) const;
  /// Places in `charges()`, in the order of making.
  const std::vector<std::size_t>& with_reference(std::string_view reference) const;
  /// The charge that it is a refund of; null where there is none of this name.
  const Charge* find_refunded(std::string_view refund_id) const;
  bool barred(std::string_view reference) const { return barred_.contains(reference); }

  struct KeyUse {
    std::string digest, charge_id, refund_id;  ///< `refund_id` is empty where a charge was made.
  };
  /// What was made under an Idempotency-Key; null where nothing was.
  const KeyUse* find_key(std::string_view key) const;

  /// False, and nothing has changed, where it could not be written.
  bool write(Fact fact);

 private:
  void load();
  /// Throws where the fact does not follow from those before it.
  void apply(Fact&& fact);
  Charge& charge(const std::string& id);
  bool write_line(std::string line);

  const std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  bool broken_ = false;  ///< Half a line could not be taken back: nothing more is written.
  std::deque<Charge> charges_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_reference_;
  std::map<std::string, std::size_t, std::less<>> by_refund_;
  std::map<std::string, KeyUse, std::less<>> keys_;
  std::set<std::string, std::less<>> barred_;
};

}  // namespace frontrow::sandbox
