/// The concentrator's meter archive (档案): which meter is which measuring point, and behind which port.
///
/// Set by the head-end (Q/GDW 1376.1, AFN 04 F10), kept in flash. A row without a meter address clears its
/// point.
#pragma once
#include <vector>

#include "protocols/dlt645/frame.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace model {
struct Archive {
  static constexpr std::size_t points_max = 2040;  ///< what DA1 DA2 can name
  static constexpr std::uint8_t first_line_port = 2;
  static constexpr std::uint8_t protocol_645_2007 = 30;
  std::vector<gdw3761::ArchiveRow> rows;  ///< by point - 1; point 0 = empty

  const gdw3761::ArchiveRow* find(std::size_t point) const {
    return point == 0 || point > rows.size() || rows[point - 1].point == 0 ? nullptr : &rows[point - 1];
  }
  /// The row with this index; rows are numbered apart from points.
  const gdw3761::ArchiveRow* find_index(std::uint16_t index) const {
    for (const auto& row : rows)
      if (row.point != 0 && row.index == index) return &row;
    return nullptr;
  }
};
}  // namespace model
