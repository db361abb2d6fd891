/// Line loss from the books: which meters make up an area, and their stored readings by instant.
///
/// Where energy goes both ways (a roof, and the transformer above it) the net of both registers counts, and
/// the reverse one is read once a night: such an area is balanced from midnight to midnight.
///
/// Unit: registers of 0.01 kWh as the books keep them. Range: readings still in the store (not the archive).
/// Errors: a meter without readings is named in the report. Randomness: none. Time: as handed in.
#pragma once
#include "head-end/books.hpp"
#include "head-end/loss/line_loss.hpp"

namespace headend::loss {
struct BookedMeter {
  MeterId meter = 0;
  char phase = 0;
  std::string feeder;
  double accuracy_class = 1;
  std::int64_t ratio = 1;
  bool feeds_in = false;  ///< energy goes both ways here
};
struct BookedArea {
  std::vector<BookedMeter> supplies, customers;
};
/// The request that `report_line_loss` answers.
LossRequest request_of_books(const Books& books, const BookedArea& area, core::Instant from,
                             core::Instant till, core::Duration every = std::chrono::minutes(15));
}  // namespace headend::loss
