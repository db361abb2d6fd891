// Stored readings as register series.
#include "head-end/loss/loss_of_books.hpp"

#include "head-end/store/inspection_book.hpp"

namespace headend::loss {
namespace {
constexpr std::int64_t Wh_per_centikWh = 10;

std::string name_in(const Configuration& configuration, MeterId meter) {
  return configuration.meters.at(meter - 1).name;  // by id, without holes
}

RegisterSeries series_of(const Books& books, const BookedMeter& booked, core::Instant from,
                         core::Instant till) {
  RegisterSeries series;
  series.name = name_in(books.configuration(), booked.meter);
  series.phase = booked.phase;
  series.feeder = booked.feeder;
  series.accuracy_class = booked.accuracy_class;
  series.resolution_Wh = Wh_per_centikWh;
  series.ratio = booked.ratio;
  const auto forward = books.readings_of(booked.meter, from, till);
  if (!booked.feeds_in) {
    for (const auto& reading : forward)
      series.readings.push_back({reading.due, reading.shown.count() * Wh_per_centikWh});
    return series;
  }
  auto at = forward.begin();
  for (const auto& reverse : books.inspections().reverse_of(booked.meter, from, till)) {
    while (at != forward.end() && at->due < reverse.due) ++at;
    if (at == forward.end() || at->due != reverse.due) continue;
    series.readings.push_back(
        {reverse.due, at->shown.count() * Wh_per_centikWh, reverse.shown.count() * Wh_per_centikWh});
  }
  return series;
}
}  // namespace

LossRequest request_of_books(const Books& books, const BookedArea& area, core::Instant from,
                             core::Instant till, core::Duration every) {
  LossRequest request;
  request.from = from;
  request.till = till;
  request.every = every;
  for (const auto& meter : area.supplies) request.supplies.push_back(series_of(books, meter, from, till));
  for (const auto& meter : area.customers) request.customers.push_back(series_of(books, meter, from, till));
  return request;
}
}  // namespace headend::loss
