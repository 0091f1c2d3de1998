#include "round/remarks.hpp"

#include <fmt/format.h>

namespace frontrow::round {

std::vector<Remark> Remarks::take() && {
  if (unnamed_ > 0) named_.push_back({"", fmt::format("and {} more", unnamed_)});
  unnamed_ = 0;
  return std::move(named_);
}

}  // namespace frontrow::round
