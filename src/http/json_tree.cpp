#include "http/json_tree.hpp"

#include <limits>
#include <vector>

namespace frontrow::http {
namespace {

using nlohmann::json;

/// Builds the tree and stops at the first thing that is not allowed.
class TreeBuilder final : public nlohmann::json_sax<json> {
 public:
  TreeBuilder(json& root, std::size_t depth_max) : root_(root), depth_max_(depth_max) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool yes) override { return put(yes); }
  bool number_integer(number_integer_t number) override { return put(number); }
  bool number_unsigned(number_unsigned_t number) override { return put(number); }
  bool number_float(number_float_t number, const string_t& digits) override {
    // The parser hands over whole numbers that do not fit into 64 bits as floating point.
    if (digits.find_first_not_of("0123456789") == string_t::npos)
      return put(std::numeric_limits<number_unsigned_t>::max());
    return put(number);
  }
  bool string(string_t& text) override { return put(std::move(text)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back()->contains(name)) return false;
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  json* place(json&& value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }
  bool put(json&& value) {
    place(std::move(value));
    return true;
  }
  bool open(json&& value) {
    if (open_.size() == depth_max_) return false;
    // A container's address holds while it is open: nothing is added to its parent meanwhile.
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  json& root_;
  const std::size_t depth_max_;
  std::vector<json*> open_;
  std::string key_;
};

}  // namespace

std::optional<json> parse_json(std::string_view text, std::size_t depth_max) {
  json root;
  TreeBuilder builder(root, depth_max);
  if (!json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return root;
}

}  // namespace frontrow::http
