// What the area misses if a customer's reports are a known distortion.
#include "head-end/loss/signatures.hpp"

#include <algorithm>

namespace headend::loss {
namespace {
using Series = std::vector<double>;

Series difference(const Series& drawn, const Series& reported) {
  Series loss(reported.size());
  for (std::size_t t = 0; t < loss.size(); ++t) loss[t] = drawn[t] - reported[t];
  return loss;
}

Series backwards_by_day(const Series& reported, std::size_t slots) {
  Series drawn = reported;
  for (std::size_t from = 0; from < drawn.size(); from += slots)
    std::reverse(drawn.begin() + static_cast<std::ptrdiff_t>(from),
                 drawn.begin() + static_cast<std::ptrdiff_t>(std::min(from + slots, drawn.size())));
  return drawn;
}

std::vector<Series> displaced(const Series& reported) {
  std::vector<Series> losses;
  const auto length = static_cast<std::ptrdiff_t>(reported.size());
  for (const std::ptrdiff_t by : {-4, -3, -2, -1, 1, 2, 3, 4}) {
    Series loss(reported.size());
    const auto from = std::clamp<std::ptrdiff_t>(-by, 0, length),
               till = std::clamp<std::ptrdiff_t>(length - by, 0, length);
    for (std::ptrdiff_t t = 0; t < from; ++t)
      loss[static_cast<std::size_t>(t)] = reported.front() - reported[static_cast<std::size_t>(t)];
    for (std::ptrdiff_t t = from; t < till; ++t)
      loss[static_cast<std::size_t>(t)] =
          reported[static_cast<std::size_t>(t + by)] - reported[static_cast<std::size_t>(t)];
    for (std::ptrdiff_t t = till; t < length; ++t)
      loss[static_cast<std::size_t>(t)] = reported.back() - reported[static_cast<std::size_t>(t)];
    losses.push_back(std::move(loss));
  }
  return losses;
}

/// Mean of the reports above a twentieth of the customer's mean, by time of day.
Series usual_by_slot(const Series& reported, std::size_t slots, double little) {
  Series sum(slots, 0.0), count(slots, 0.0);
  for (std::size_t t = 0, slot = 0; t < reported.size(); ++t, slot = slot + 1 == slots ? 0 : slot + 1)
    if (reported[t] > little) sum[slot] += reported[t], count[slot] += 1;
  for (std::size_t s = 0; s < slots; ++s) sum[s] = count[s] > 0 ? sum[s] / count[s] : 0;
  return sum;
}

std::vector<Series> stopped(const Series& reported, std::size_t slots, double mean) {
  const double little = mean / 20;
  const Series usual = usual_by_slot(reported, slots, little);
  Series loss(reported.size(), 0.0);
  for (std::size_t t = 0, slot = 0; t < reported.size(); ++t, slot = slot + 1 == slots ? 0 : slot + 1)
    if (reported[t] <= little) loss[t] = usual[slot];
  return {loss};
}

std::vector<Series> where(const Series& reported, double least) {
  Series loss(reported.size());
  for (std::size_t t = 0; t < loss.size(); ++t) loss[t] = reported[t] >= least ? 1 : 0;
  return {loss};
}

std::vector<Series> reduced(const Series& reported, double mean) {
  const auto zeros =
      std::count_if(reported.begin(), reported.end(), [&](double r) { return r <= mean / 100; });
  if (zeros * 5 < static_cast<std::ptrdiff_t>(reported.size())) return {};
  return where(reported, mean / 50);
}

/// The quarter of the day with the highest reports gives, the rest of the day has received.
std::vector<Series> peak_spread(const Series& reported, std::size_t slots) {
  const std::size_t window = std::max<std::size_t>(1, slots / 4);
  Series loss(reported.size(), 0.0);
  for (std::size_t from = 0; from + slots <= reported.size(); from += slots) {
    double energy = 0, most = -1;
    std::size_t fullest = from;
    for (std::size_t t = from; t < from + slots; ++t) {
      energy += reported[t] - (t >= from + window ? reported[t - window] : 0);
      if (t + 1 >= from + window && energy > most) most = energy, fullest = t + 1 - window;
    }
    const double share = 3.0 / 7, received = share * most / static_cast<double>(slots - window);
    for (std::size_t t = from; t < from + slots; ++t)
      loss[t] = t >= fullest && t < fullest + window ? share * reported[t] : -received;
  }
  return {loss};
}
}  // namespace

std::array<Signature, signature_count> every_signature() {
  std::array<Signature, signature_count> all{};
  for (std::size_t i = 0; i < signature_count; ++i) all[i] = static_cast<Signature>(i);
  return all;
}

std::string_view name_of(Signature signature) {
  static constexpr std::array<std::string_view, signature_count> names{
      "reversed-days", "reversed-series", "displaced", "stopped", "capped", "reduced", "peak-spread"};
  return names.at(static_cast<std::size_t>(signature));
}

std::string_view meaning_of(Signature signature) {
  static constexpr std::array<std::string_view, signature_count> meanings{
      "this meter's days told backwards",
      "this meter's whole series told backwards",
      "this meter's clock being wrong",
      "this meter standing still for hours while the home goes on",
      "this meter not counting above a limit",
      "a fixed amount taken off this meter's reports",
      "this meter's daily peak told at other hours"};
  return meanings.at(static_cast<std::size_t>(signature));
}

std::vector<std::vector<double>> expected_losses(Signature signature, const AreaView& area,
                                                 std::size_t customer) {
  const Series& reported = area.reported(customer);
  const auto slots = static_cast<std::size_t>(area.readings().intervals_per_day);
  const double mean = area.mean_kWh(customer);
  if (reported.empty() || !(mean > 0)) return {};
  switch (signature) {
    case Signature::reversed_days:
      return {difference(backwards_by_day(reported, slots), reported)};
    case Signature::reversed_series:
      return {difference(Series(reported.rbegin(), reported.rend()), reported)};
    case Signature::displaced:
      return displaced(reported);
    case Signature::stopped:
      return stopped(reported, slots, mean);
    case Signature::capped:
      return where(reported, *std::max_element(reported.begin(), reported.end()) * 0.9999);
    case Signature::reduced:
      return reduced(reported, mean);
    case Signature::peak_spread:
      return peak_spread(reported, slots);
  }
  return {};
}
}  // namespace headend::loss
