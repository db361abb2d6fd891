// Filling, balancing, centring.
#include "head-end/loss/area_view.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "head-end/loss/nonnegative.hpp"

namespace headend::loss {
std::string_view name_of(MeterSign sign) {
  static constexpr std::array<std::string_view, meter_sign_count> names{
      "cover opened", "terminal cover opened", "magnetic field", "reversed current", "voltage lost",
      "current lost", "phase order reversed",  "register fell",  "clock was set",    "battery low"};
  return names.at(static_cast<std::size_t>(sign));
}

namespace {
/// Each selection leaves the smaller values before its place and the larger ones behind it for the next.
Levels levels_of(std::vector<double> values) {
  if (values.empty()) return {};
  const auto place = [&](double q) {
    return values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  };
  Levels levels;
  std::nth_element(values.begin(), place(0.5), values.end());
  levels.median_kWh = *place(0.5);
  std::nth_element(values.begin(), place(0.005), place(0.5));
  levels.lowest_kWh = *place(0.005);
  std::nth_element(place(0.5), place(0.75), values.end());
  levels.large_kWh = *place(0.75);
  std::nth_element(place(0.75), place(0.995), values.end());
  levels.peak_kWh = *place(0.995);
  return levels;
}
}  // namespace

AreaView::AreaView(const AreaReadings& readings) : readings_(readings) {
  const std::size_t length = readings_.supplied_kWh.size();
  const auto has_length = [&](const std::vector<double>& series) {
    return series.empty() || series.size() == length;
  };
  if (readings_.intervals_per_day <= 0) throw std::invalid_argument("an area needs intervals of a day");
  bool fits = has_length(readings_.modelled_loss_kWh);
  for (const auto& customer : readings_.customers)
    fits = fits && customer.energy_kWh.size() == length && has_length(customer.voltage_V);
  if (!fits) throw std::invalid_argument("area " + readings_.name + ": series of different lengths");
  fill();
  sum_days();
  balance();
  regress();
  share_ = mean_nonnegative(*this);
  share_anew_ = nonnegative_anew(*this);
}

void AreaView::fill() {
  const auto slots = static_cast<std::size_t>(readings_.intervals_per_day);
  for (const auto& customer : readings_.customers) {
    std::vector<double> sum(slots, 0.0), count(slots, 0.0);
    double total = 0, read = 0;
    for (std::size_t t = 0, slot = 0; t < intervals(); ++t, slot = slot + 1 == slots ? 0 : slot + 1) {
      if (!is_read(customer.energy_kWh[t])) continue;
      sum[slot] += customer.energy_kWh[t];
      count[slot] += 1;
      total += customer.energy_kWh[t];
      read += 1;
    }
    const double mean = read > 0 ? total / read : 0;
    std::vector<double> filled = customer.energy_kWh;
    for (std::size_t t = 0, slot = 0; t < intervals(); ++t, slot = slot + 1 == slots ? 0 : slot + 1)
      if (!is_read(filled[t])) filled[t] = count[slot] > 0 ? sum[slot] / count[slot] : mean;
    reported_.push_back(std::move(filled));
    mean_.push_back(mean);
    missing_.push_back(intervals() == 0 ? 0 : 1 - read / static_cast<double>(intervals()));
  }
}

void AreaView::sum_days() {
  const auto slots = static_cast<std::size_t>(readings_.intervals_per_day);
  const std::size_t days = intervals() / slots;
  daily_total_.assign(days, 0.0);
  usual_day_of_all_.assign(slots, 0.0);
  for (std::size_t i = 0; i < customers(); ++i) {
    std::vector<double> daily(days, 0.0), usual(slots, 0.0);
    for (std::size_t t = 0, slot = 0, day = 0; t < intervals(); ++t) {
      if (day < days) daily[day] += reported_[i][t];
      usual[slot] += reported_[i][t];
      if (++slot == slots) slot = 0, ++day;
    }
    for (std::size_t day = 0; day < days; ++day) daily_total_[day] += daily[day];
    for (std::size_t slot = 0; slot < slots; ++slot) {
      usual[slot] = mean_[i] > 0 ? usual[slot] / mean_[i] : 0;
      usual_day_of_all_[slot] += usual[slot];
    }
    levels_.push_back(levels_of(reported_[i]));
    daily_.push_back(std::move(daily));
    usual_day_.push_back(std::move(usual));
  }
}

void AreaView::balance() {
  slot_count_.assign(static_cast<std::size_t>(readings_.intervals_per_day), 0);
  for (std::size_t t = 0; t < intervals(); ++t) {
    if (!is_read(readings_.supplied_kWh[t])) continue;
    double loss = readings_.supplied_kWh[t];
    std::size_t missing = 0;
    for (std::size_t i = 0; i < customers(); ++i) {
      loss -= reported_[i][t];
      if (!is_read(readings_.customers[i].energy_kWh[t])) ++missing;
    }
    if (missing * 10 > customers()) continue;
    if (!readings_.modelled_loss_kWh.empty()) loss -= readings_.modelled_loss_kWh[t];
    if (!is_read(loss)) continue;
    usable_.push_back(t);
    loss_.push_back(loss);
    usable_slot_.push_back(slot_of(t));
    ++slot_count_[usable_slot_.back()];
  }
  centred_loss_ = loss_;
  centre(centred_loss_);
  for (const double loss : centred_loss_) centred_loss_square_ += loss * loss;
}

void AreaView::centre(std::vector<double>& series) const {
  std::vector<double> sum(slot_count_.size(), 0.0);
  for (std::size_t k = 0; k < usable_.size(); ++k) sum[usable_slot_[k]] += series[k];
  for (std::size_t slot = 0; slot < sum.size(); ++slot)
    if (slot_count_[slot] > 0) sum[slot] /= static_cast<double>(slot_count_[slot]);
  for (std::size_t k = 0; k < usable_.size(); ++k) series[k] -= sum[usable_slot_[k]];
}

double AreaView::correlation_with_loss(const std::vector<double>& series) const {
  std::vector<double> sum(slot_count_.size(), 0.0);
  // Four sums side by side: a processor need not wait for one addition to begin the next.
  constexpr std::size_t lanes = 4;
  std::array<double, lanes> squares{}, products{};
  const auto add = [&](std::size_t k, std::size_t lane) {
    const double value = series[usable_[k]];
    sum[usable_slot_[k]] += value;
    squares[lane] += value * value;
    products[lane] += value * centred_loss_[k];
  };
  std::size_t k = 0;
  for (; k + lanes <= usable_.size(); k += lanes) add(k, 0), add(k + 1, 1), add(k + 2, 2), add(k + 3, 3);
  for (; k < usable_.size(); ++k) add(k, k % lanes);
  double square = (squares[0] + squares[1]) + (squares[2] + squares[3]);
  const double product = (products[0] + products[1]) + (products[2] + products[3]);
  const double still = 1e-12 * square + 1e-18;  // what is left of a constant by rounding
  for (std::size_t slot = 0; slot < sum.size(); ++slot)
    if (slot_count_[slot] > 0) square -= sum[slot] * sum[slot] / static_cast<double>(slot_count_[slot]);
  return square > still && centred_loss_square_ > 1e-18 ? product / std::sqrt(square * centred_loss_square_)
                                                        : 0;
}

std::vector<double> AreaView::centred(const std::vector<double>& series) const {
  std::vector<double> picked(usable_.size());
  for (std::size_t k = 0; k < usable_.size(); ++k) picked[k] = series[usable_[k]];
  centre(picked);
  return picked;
}

void AreaView::regress() {
  const bool is_loss_fitted = readings_.modelled_loss_kWh.empty();
  Table x;
  x.width = customers() + (is_loss_fitted ? 1 : 0);
  x.cells.resize(x.width * usable_.size());
  std::vector<std::vector<double>> columns;
  for (std::size_t i = 0; i < customers(); ++i) columns.push_back(centred(reported_[i]));
  if (is_loss_fitted) {
    std::vector<double> square = readings_.supplied_kWh;
    for (auto& supplied : square) supplied *= supplied;
    columns.push_back(centred(square));
  }
  for (std::size_t k = 0; k < usable_.size(); ++k)
    for (std::size_t column = 0; column < columns.size(); ++column) x.row(k)[column] = columns[column][k];
  regression_ = fit_least_squares(x, centred_loss_);
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  if (x.size() != y.size() || x.empty()) return 0;
  double sx = 0, sy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) sx += x[k], sy += y[k];
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double dx = x[k] - sx / n, dy = y[k] - sy / n;
    xx += dx * dx, yy += dy * dy, xy += dx * dy;
  }
  return xx > 1e-18 && yy > 1e-18 ? xy / std::sqrt(xx * yy) : 0;
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const auto position = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  if (position >= 64 || position * 8 > static_cast<std::ptrdiff_t>(values.size())) {
    std::nth_element(values.begin(), values.begin() + position, values.end());
    return values[static_cast<std::size_t>(position)];
  }
  // Among the few smallest only: most values are looked at once.
  const auto last = values.begin() + position + 1;
  std::make_heap(values.begin(), last);
  for (auto value = last; value != values.end(); ++value) {
    if (!(*value < values.front())) continue;
    std::pop_heap(values.begin(), last);
    *(last - 1) = *value;
    std::push_heap(values.begin(), last);
  }
  return values.front();
}
}  // namespace headend::loss
