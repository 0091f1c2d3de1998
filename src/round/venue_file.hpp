// The venue file: read into a plan with every mistake named, and written back in the one form
// that the journal binds. docs/venue-format.md is the format. Any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "frontrow/plan.hpp"
#include "round/json_fwd.hpp"
#include "round/remarks.hpp"

namespace frontrow::round {

struct VenueRead {
  std::shared_ptr<const Plan> plan;       ///< Nothing where there are mistakes.
  std::vector<std::string> category_ids;  ///< Of what could be read, in the file's order.
};

VenueRead read_venue(const Json& venue, const JsonPath& root, Remarks& mistakes);

/// Reads the file; its mistakes have paths that begin with the file's name. Where there is no
/// such file to read, `unreadable` says why, and whoever named it tells of the mistake.
VenueRead load_venue_file(const std::filesystem::path& path, Remarks& mistakes,
                          std::string& unreadable);

/// The journal binds one line; people read and mend a file better that has a row a line.
enum class VenueLayout { kOneLine, kRowALine };

/// A venue file of the same plan, all defaults of position filled in: equal plans, equal texts.
std::string write_venue(const Plan& plan, VenueLayout layout = VenueLayout::kOneLine);

/// How the formats name what a row or a seat is called where it has no name of its own.
std::string default_row_id(const std::string& zone_id, const std::string& label);
std::string default_seat_id(const std::string& zone_id, const std::string& row_label,
                            const std::string& number);

}  // namespace frontrow::round
