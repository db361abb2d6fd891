/// Arranges what is missing into as few data units as the protocol allows: eight neighbouring points with the
/// same times.
#pragma once
#include <vector>

#include "head-end/books.hpp"
#include "head-end/collect/estate.hpp"

namespace headend {
/// Points 8 x group + 1 .. 8 x group + 8 whose bit is set.
struct PointGroup {
  int group = 0;
  std::uint8_t mask = 0;
};
struct GapUnit : PointGroup {
  Instant first;
  int count = 0;
};
/// By first missing instant, oldest first; then by length and group.
std::vector<GapUnit> plan_of(const std::vector<Gap>& gaps, const Estate& estate);
/// By group.
std::vector<PointGroup> groups_of(const std::vector<MeterId>& meters, const Estate& estate);
}  // namespace headend
