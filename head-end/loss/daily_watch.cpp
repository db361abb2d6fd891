// Last night's losses against each area's own.
#include "head-end/loss/daily_watch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "head-end/loss/student.hpp"

namespace headend::loss {
namespace {
constexpr Duration quarter_hour = std::chrono::minutes(15);
constexpr double day_share_min = 0.75;

/// Uncertainty of the balance by registers cut off at their resolution alone, and of one with itself at the
/// day's other end: truncation is rectangular (JCGM 100:2008, 4.3.7).
double register_doubt_kWh(const LossRequest& request) {
  double variance = 0;
  for (const auto* side : {&request.supplies, &request.customers})
    for (const auto& series : *side) {
      const double step = static_cast<double>(series.ratio * series.resolution_Wh) / 1000;
      variance += step * step / 6;
    }
  return std::sqrt(variance);
}

/// Sum of squares as if each quarter hour of a span had its mean.
double square_of(const LossReport& report) {
  double square = 0;
  for (const auto& span : report.spans) {
    const double quarters = static_cast<double>((span.till - span.from) / quarter_hour);
    if (quarters > 0) square += span.figures.passed_kWh * span.figures.passed_kWh / quarters;
  }
  return square;
}

std::string name_of_area(const Configuration& configuration, ConcentratorId area) {
  for (const auto& file : configuration.concentrators)
    if (file.id == area) return file.name;
  return "concentrator " + std::to_string(area);
}

/// Why a day's report cannot be judged; empty when it can.
std::string trouble_of(const LossReport& report, Instant from, Instant till) {
  if (!report.trouble.empty()) return report.trouble;
  if (!report.unread.empty()) return report.unread.front() + " was not read";
  const auto covered = report.spans.back().till - report.spans.front().from;
  if (static_cast<double>(covered.count()) < day_share_min * static_cast<double>((till - from).count()))
    return "all registers are known together for less than three quarters of the day";
  if (!(report.total.passed_kWh > 0)) return "nothing was supplied";
  return {};
}
}  // namespace

std::string_view name_of(DayVerdict verdict) {
  static constexpr std::array<std::string_view, 4> names{"usual", "suspected", "learning", "not judged"};
  return names.at(static_cast<std::size_t>(verdict));
}

std::map<ConcentratorId, BookedArea> areas_of(const Configuration& configuration) {
  std::map<ConcentratorId, BookedArea> areas;
  for (const auto& file : configuration.meters) {
    BookedArea& area = areas[file.concentrator];
    (file.is_supply ? area.supplies : area.customers)
        .push_back({file.id, file.phase, {}, file.accuracy_class, file.ratio, file.feeds_in});
  }
  return areas;
}

DailyWatch::DailyWatch(WatchRules rules) : rules_(std::move(rules)) {}

const DailyWatch::Areas& DailyWatch::watched(const Books& books) const {
  if (areas_) return *areas_;
  areas_.emplace();
  for (auto& [area, meters] : areas_of(books.configuration()))
    if (!meters.supplies.empty()) areas_->emplace_back(area, std::move(meters));
  return *areas_;
}

void DailyWatch::resume(std::vector<WatchedDay> days) {
  days_ = std::move(days);
  if (days_.empty()) return;
  day_ = days_.back().local_day;
  judged_last_ = days_.back().area;
}

Instant DailyWatch::next_duty(const Books& books) const {
  if (watched(books).empty()) return core::never;
  const auto& configuration = books.configuration();
  const auto& zone = configuration.zone;
  std::int64_t day = 0;
  if (day_) {
    const bool is_night_over = judged_last_ >= watched(books).back().first;
    day = *day_ + (is_night_over ? 1 : 0);
  } else {
    day = zone.local_day(configuration.opens);
    if (zone.start_of_day(day) != configuration.opens) ++day;
  }
  return zone.start_of_day(day + 1) + rules_.after_midnight;
}

std::optional<JudgedDay> DailyWatch::judge_next(const Books& books, Instant now) {
  const Instant duty = next_duty(books);
  if (duty > now) return std::nullopt;
  const auto& zone = books.configuration().zone;
  const std::int64_t day = zone.local_day(duty - rules_.after_midnight) - 1;
  if (!day_ || *day_ != day) judged_last_ = 0;
  day_ = day;
  const auto next = std::find_if(watched(books).begin(), watched(books).end(),
                                 [this](const auto& area) { return area.first > judged_last_; });
  judged_last_ = next->first;
  JudgedDay judged{judge(books, next->first, next->second, day), {}};
  days_.push_back(judged.day);
  if (judged.day.verdict == DayVerdict::suspected)
    judged.suspicion = suspicion_of(books, next->second, judged.day);
  return judged;
}

std::vector<AreaSuspicion> DailyWatch::run(const Books& books, Instant now) {
  std::vector<AreaSuspicion> suspicions;
  while (auto judged = judge_next(books, now))
    if (judged->suspicion) suspicions.push_back(std::move(*judged->suspicion));
  return suspicions;
}

WatchedDay DailyWatch::judge(const Books& books, ConcentratorId area, const BookedArea& meters,
                             std::int64_t day) const {
  const auto& zone = books.configuration().zone;
  const Instant from = zone.start_of_day(day), till = zone.start_of_day(day + 1);
  WatchedDay today;
  today.area = area;
  today.area_name = name_of_area(books.configuration(), area);
  today.local_day = day;
  const auto request = request_of_books(books, meters, from, till, quarter_hour);
  const auto report = report_line_loss(request);
  today.reason = trouble_of(report, from, till);
  if (!today.reason.empty()) return today;
  today.figures = report.total;
  today.square_kWh2 = square_of(report);
  today.register_doubt_kWh = register_doubt_kWh(request);
  compare(today);
  return today;
}

void DailyWatch::compare(WatchedDay& today) const {
  std::vector<double> usual;
  bool is_row = true;
  for (auto past = days_.rbegin(); past != days_.rend(); ++past) {
    if (past->area != today.area) continue;
    if (is_row && past->verdict == DayVerdict::suspected) today.days_in_a_row = past->days_in_a_row;
    is_row = false;
    if (past->verdict != DayVerdict::usual && past->verdict != DayVerdict::learning) continue;
    if (usual.size() == static_cast<std::size_t>(rules_.reference_days)) break;
    usual.push_back(past->figures.loss_kWh() / past->square_kWh2);
  }
  const double loss = today.figures.loss_kWh(), square = today.square_kWh2;
  const double n = static_cast<double>(usual.size());
  today.days_compared = static_cast<int>(usual.size());
  const bool is_compared = today.days_compared >= std::max(3, rules_.reference_days_min);
  if (is_compared) {
    double mean = 0, variance = 0;
    for (const double y : usual) mean += y / n;
    for (const double y : usual) variance += (y - mean) * (y - mean) / (n - 1);
    const double floor = today.register_doubt_kWh / square;
    today.expected_kWh = mean * square;
    today.doubt_kWh = square * std::sqrt((variance + floor * floor) * (1 + 1 / n));
    today.p_value =
        student_upper_tail((loss - today.expected_kWh) / today.doubt_kWh, today.days_compared - 1);
  }
  const auto model = rules_.models.find(today.area);
  const bool has_model = model != rules_.models.end();
  if (has_model) {
    const double expected = model->second.loss_per_square * square;
    const double doubt =
        std::hypot(today.figures.standard_uncertainty_kWh, model->second.relative_error * expected);
    today.p_value_of_model = std::erfc((loss - expected) / (doubt * std::sqrt(2.0))) / 2;
    if (!is_compared) today.expected_kWh = expected, today.doubt_kWh = doubt;
  }
  const double rate = rules_.false_alarm_rate / (has_model ? 2 : 1);
  const bool is_suspected = (is_compared && today.p_value <= rate) || today.p_value_of_model <= rate;
  today.verdict = is_suspected  ? DayVerdict::suspected
                  : is_compared ? DayVerdict::usual
                                : DayVerdict::learning;
  today.days_in_a_row = is_suspected ? today.days_in_a_row + 1 : 0;
}
}  // namespace headend::loss
