#include "head-end/collect/attendant.hpp"

#include <algorithm>

#include "core/random.hpp"
#include "head-end/collect/gap_plan.hpp"
#include "head-end/collect/plain_questions.hpp"
#include "protocols/gdw3761/freeze.hpp"

namespace headend {
namespace {
constexpr Duration quarter_hour = 15min;
/// What one answer should take on the wire: a second or so of GPRS at 30 kbit/s.
constexpr std::size_t answer_bytes_usual = 3072;
/// Frames a round may spend on what is missing.
constexpr int backfill_frames_max = 24;
constexpr int backfill_run_max = 96;  ///< quarter hours a point and frame: one day
constexpr std::size_t archive_rows_usual = 32;
/// Meters asked for their balance in one round: each costs an exchange on a slow line.
constexpr std::size_t balances_per_round_max = 64;
/// One that pushes its readings has no rounds: how often it is asked whether its clock was set today.
constexpr Duration clock_look_again = 1h;

Instant floor_to(Duration step, Instant at) {
  const auto rest = at.time_since_epoch() % step;
  return at - (rest < Duration::zero() ? rest + step : rest);
}
}  // namespace

Duration round_offset(const Configuration& configuration, ConcentratorId concentrator) {
  const core::RandomStream draws(configuration.spread_seed, concentrator, core::Purpose::collect_spread);
  const auto spread_s = configuration.collect.every / 4 / 1s;
  return configuration.collect.after +
         std::chrono::seconds(
             draws.below(static_cast<std::uint64_t>(std::max<std::int64_t>(spread_s, 1)), 0));
}

void Attendant::news() {
  commands_.look();
  session_.ring();
}

Instant round_due_at(const Configuration& configuration, Duration offset, Instant now) {
  return floor_to(configuration.collect.every, now - offset);
}

Instant Attendant::due_at(Instant now) const { return round_due_at(desk_.configuration(), offset_, now); }

Instant Attendant::next_round(Instant now) const {
  return due_at(now) + desk_.configuration().collect.every + offset_;
}

Instant Attendant::latest_midnight(Instant now) const {
  const auto& zone = desk_.configuration().zone;
  return zone.start_of_day(zone.local_day(now));
}

seam::asio::awaitable<void> Attendant::attend() {
  offset_ = round_offset(desk_.configuration(), id());
  co_await set_archive();
  while (session_.is_open()) {
    co_await serve_others();
    if (area().file->reports) {
      session_.take_events();
      co_await set_clock_daily();
      co_await session_.rest_until(std::min(desk_.now() + clock_look_again, next_order()));
      continue;
    }
    const Instant due = due_at(desk_.now());
    if (due >= desk_.configuration().opens && due > round_done_) {
      co_await collect_round(due);
      round_done_ = due;
      continue;
    }
    if (session_.has_events() && events_at_ <= desk_.now()) {
      co_await collect_after_events(due);
      continue;
    }
    co_await session_.rest_until(next_occasion());
  }
}

Instant Attendant::next_order() const {
  if (desk_.present_reads.has_any(id())) return desk_.now();
  return std::min(commands_.next_retry(), campaigns_.next());
}

Instant Attendant::next_occasion() const {
  const Instant events_at = session_.has_events() ? events_at_ : core::never;
  return std::min({next_round(desk_.now()), next_order(), events_at});
}

Patience Attendant::patience() const {
  const auto& rules = desk_.configuration().collect;
  return {rules.attempts, rules.answer_timeout, desk_.field.of(id()).trips};
}

seam::asio::awaitable<void> Attendant::serve_others() {
  co_await commands_.carry_out_wanted();
  co_await campaigns_.carry_out_due();
  co_await read_present();
}

seam::asio::awaitable<void> Attendant::read_present() {
  if (!session_.is_open()) co_return;
  const auto wanted = desk_.present_reads.take(id(), desk_.now());
  if (!wanted) co_return;
  ++desk_.statistics.present_reads;
  const auto shown = co_await line_.read_register(desk_.estate.meter(wanted->meter));
  wanted->finish(shown, desk_.now());
  co_await commands_.carry_out_wanted();
}

seam::asio::awaitable<core::Result<void>> Attendant::exchange(Question& question) {
  const auto how = patience();
  const auto outcome = co_await session_.ask(question, how);
  co_await serve_others();
  co_return outcome;
}

seam::asio::awaitable<core::Result<void>> Attendant::exchange_curve(CurveQuestion& question) {
  const auto how = patience();
  const auto outcome = co_await session_.ask(question, how);
  if (outcome)
    question.note_unanswered(desk_.now());
  else if (outcome.error() != core::Fault::link_closed)
    question.note_failed(desk_.now());
  desk_.books_changed(id());
  co_await serve_others();
  co_return outcome;
}

seam::asio::awaitable<void> Attendant::set_archive() {
  if (desk_.books.archive_is_set(id())) co_return;
  const auto rows = archive_of(area());
  for (std::size_t from = 0; from < rows.size(); from += archive_rows_usual) {
    const std::span<const gdw3761::ArchiveRow> all(rows);
    ArchiveQuestion question(all.subspan(from, std::min(archive_rows_usual, rows.size() - from)));
    const auto done = co_await exchange(question);
    if (!done) co_return;  // the next login tries again
  }
  desk_.books.note_archive_set(id(), desk_.now());
  desk_.commit_soon();
}

seam::asio::awaitable<void> Attendant::set_clock_daily() {
  const auto today = desk_.configuration().zone.local_day(desk_.now());
  if (desk_.diary(id()).clock_set_on == today) co_return;
  ClockQuestion question(desk_);
  const auto done = co_await exchange(question);
  if (done) desk_.diary(id()).clock_set_on = today;
}

seam::asio::awaitable<void> Attendant::collect_round(Instant due) {
  if (!desk_.books.archive_is_set(id())) co_await set_archive();
  co_await set_clock_daily();
  co_await collect_newest(due);
  co_await collect_gaps(due);
  const Instant midnight = latest_midnight(due);
  if (midnight < desk_.configuration().opens) co_return;
  co_await collect_freezes(midnight);
  co_await collect_balances(midnight, due);
  co_await check_up(midnight, due);
}

seam::asio::awaitable<void> Attendant::check_up(Instant midnight, Instant due) {
  const auto wanted = check_up_.wanted(area(), midnight);
  for (const auto* meter : wanted) {
    if (!session_.is_open() || due_at(desk_.now()) > due) co_return;  // as for gaps
    co_await check_up_.ask(*meter, midnight);
    desk_.commit_soon();
    co_await serve_others();
  }
}

/// Something has happened in the field, most often that power is back: who was silent may speak again.
seam::asio::awaitable<void> Attendant::collect_after_events(Instant due) {
  session_.take_events();
  events_at_ = desk_.now() + event_pause;
  if (due < desk_.configuration().opens) co_return;
  ++desk_.statistics.event_rounds;
  desk_.books.end_back_offs(id(), desk_.now());
  co_await collect_newest(due);
  co_await collect_gaps(due);
}

seam::asio::awaitable<void> Attendant::collect_newest(Instant due) {
  auto& collected = desk_.diary(id()).collected_due;
  if (collected >= due) co_return;
  const auto& configuration = desk_.configuration();
  const Instant first = std::max(due - configuration.collect.every + quarter_hour, configuration.opens);
  const int count = static_cast<int>((due - first) / quarter_hour) + 1;
  bool is_complete = true;
  CurveQuestion question(desk_, area());
  question.begin(ReadingSource::curve);
  const auto& points = area().meter_at_point;
  for (std::size_t base = 1; base < points.size() && session_.is_open(); base += 8) {
    unsigned mask = 0;
    for (std::size_t bit = 0; bit < 8; ++bit)
      if (area().meter_at(base + bit) != 0) mask |= 1u << bit;
    if (mask != 0)
      question.add(static_cast<int>((base - 1) / 8), static_cast<std::uint8_t>(mask), first, count);
    const bool is_last = base + 8 >= points.size();
    if (question.is_empty() || (!is_last && question.answer_bytes() < answer_bytes_usual)) continue;
    const auto outcome = co_await exchange_curve(question);
    is_complete = is_complete && outcome.has_value();
    question.begin(ReadingSource::curve);
  }
  if (is_complete && session_.is_open()) collected = due;
}

seam::asio::awaitable<void> Attendant::collect_gaps(Instant due) {
  CurveQuestion question(desk_, area());
  int frames = 0;
  bool is_progress = true;
  while (is_progress && session_.is_open()) {
    const auto gaps = desk_.books.gaps_of(id(), due, backfill_run_max, desk_.now());
    if (gaps.empty()) co_return;
    const auto plan = plan_of(gaps, desk_.estate);
    is_progress = false;
    question.begin(ReadingSource::backfill);
    for (std::size_t i = 0; i < plan.size(); ++i) {
      question.add(plan[i].group, plan[i].mask, plan[i].first, plan[i].count);
      if (i + 1 < plan.size() && question.answer_bytes() < answer_bytes_usual) continue;
      if (++frames > backfill_frames_max) co_return;
      const auto outcome = co_await exchange_curve(question);
      if (!outcome) co_return;
      is_progress = is_progress || question.values_taken() > 0;
      question.begin(ReadingSource::backfill);
      if (due_at(desk_.now()) > due) co_return;  // the newest first: the rest waits for the next round
    }
  }
}

seam::asio::awaitable<void> Attendant::collect_freezes(Instant midnight) {
  auto& complete = desk_.diary(id()).freezes_complete;
  if (complete >= midnight) co_return;
  const auto wanted = desk_.books.freezes_wanted(id(), midnight);
  if (wanted.empty()) complete = midnight;
  for (const auto& points : groups_of(wanted, desk_.estate)) {
    if (!session_.is_open()) co_return;
    FreezeQuestion question(desk_, area(),
                            gdw3761::UnitId::of_group(points.group, points.mask, gdw3761::daily_forward_fn),
                            midnight);
    const auto outcome = co_await exchange(question);
    if (!outcome) co_return;
    desk_.commit_soon();
  }
}

seam::asio::awaitable<void> Attendant::collect_balances(Instant midnight, Instant due) {
  auto& diary = desk_.diary(id());
  if (diary.balances_complete >= midnight) co_return;
  auto wanted = desk_.books.balances_wanted(id(), midnight);
  if (wanted.empty()) diary.balances_complete = midnight;
  // Where the last round stopped: meters that stay silent must not keep the others waiting.
  std::rotate(wanted.begin(), std::upper_bound(wanted.begin(), wanted.end(), diary.balance_asked_last),
              wanted.end());
  for (std::size_t i = 0; i < wanted.size() && i < balances_per_round_max && session_.is_open(); ++i) {
    diary.balance_asked_last = wanted[i];
    const auto holding = co_await line_.read_holding(desk_.estate.meter(wanted[i]));
    if (holding) {
      desk_.books.accept_meter_balance(wanted[i], holding->remaining_minus_overdraft, holding->purchase_count,
                                       holding->asked_at, desk_.now());
      desk_.books_changed(id());
    }
    co_await serve_others();
    if (due_at(desk_.now()) > due) co_return;  // as for gaps
  }
}
}  // namespace headend
