#include "models/collector/concentrator.hpp"

#include "models/collector/reading_schedule.hpp"

namespace model {
namespace {
constexpr core::Duration confirm_patience = std::chrono::seconds(60);
constexpr int unconfirmed_max = 3;
constexpr std::int64_t ns_per_second = 1'000'000'000;
constexpr std::int64_t seconds_per_quarter = 900, seconds_per_day = 86'400;

const gdw3761::ArchiveRow no_row;  // point 0
}  // namespace

Concentrator::Concentrator(const AreaSetup& setup, std::span<const std::unique_ptr<FieldLine>> lines,
                           TruthSink& truth, UplinkPort& port)
    : setup_(setup),
      truth_(truth),
      entity_("concentrator " + setup.name),
      clock_(setup.starts,
             (setup.starts.time_since_epoch() + core::Duration(setup.zone.offset_at(setup.starts))).count(),
             setup.concentrator.clock_drift_ppb),
      store_(setup.concentrator.store_days),
      uplink_(setup.uplink, setup.seed, setup.id, port, *this),
      read_after_(setup.concentrator.read_after) {
  if (!setup.bearer.empty()) {
    const auto* sheet = find_bearer(setup.bearer);
    METERTWIN_CHECK(sheet != nullptr, setup.bearer);
    uplink_.set_bearer(*sheet);
  }
  METERTWIN_CHECK(setup.concentrator.read_every == 15min, setup.concentrator.read_every.count());
  METERTWIN_CHECK(setup.concentrator.attempts >= 1 && setup.concentrator.read_after < 15min,
                  setup.concentrator.attempts);
  for (const auto& line : lines)
    pollers_.emplace_back(
        *line, PollerPlace{setup.concentrator, store_, clock_,
                           [this](core::Instant at, const Forward& asked, core::Bytes heard) {
                             forwarded(at, asked, heard);
                           },
                           [this](core::Instant at, std::uint16_t point, core::Instant asked,
                                  std::uint32_t centikWh) { refreshed(at, point, asked, centikWh); }});
  settings_ = factory_settings();
  is_paused_.resize(pollers_.size());
}

void Concentrator::refreshed(core::Instant at, std::uint16_t point, core::Instant asked,
                             std::uint32_t centikWh) {
  freshness_.refreshed(point, asked, at);
  if (present_.size() < point) present_.resize(point);
  present_[point - 1u] = {centikWh, clock_.civil_s(asked)};
}

void Concentrator::tell(core::Instant at, std::string kind, std::int64_t value, std::string text) {
  truth_.event({at, entity_, std::move(kind), value, std::move(text)});
}

gdw3761::TerminalAddress Concentrator::own_address(std::uint8_t master) const {
  return gdw3761::terminal_address(settings_.name.region, settings_.name.terminal, master);
}

void Concentrator::power_on(core::Instant at) {
  if (is_on_) return;
  is_on_ = true;
  load_settings(at);
  uplink_.power_on(at);
  begin_pass(at, false);
  plan_broadcast(at);
  plan_duty(at);
}

void Concentrator::power_off(core::Instant at) {
  if (!is_on_) return;
  is_on_ = false;
  lose_sets_under_way(at);
  latch_pulses(at);
  is_paused_.assign(pollers_.size(), false);
  uplink_.power_off(at);
  framer_.silence();
  for (auto& poller : pollers_) poller.shut_down();
  present_.clear();
  pass_at_ = broadcast_at_ = link_at_ = core::never;
  duty_at_ = window_at_ = freeze_at_ = login_anew_at_ = core::never;
}

void Concentrator::advance() {
  const auto at = next();
  if (at == duty_at_) do_duty(at);
  if (at == pass_at_) begin_pass(at, true);
  if (at == broadcast_at_) {
    for (std::size_t i = 0; has_head_end_time_ && i < pollers_.size(); ++i)
      if (next_broadcast(settings_.plans[i], broadcast_due_s_ - 1) == broadcast_due_s_)
        pollers_[i].broadcast_time(at);
    plan_broadcast(at);
  }
  while (uplink_.next() == at) uplink_.advance();
  if (at == link_at_) keep_link(at);
}

/// The quarter hour in which `at` lies is due; days that began since the last pass open with it. As planned,
/// a port has its pass when its plan says so; else (power is back) at once.
void Concentrator::begin_pass(core::Instant at, bool is_planned) {
  ++passes_;
  const auto civil_s = clock_.civil_s(at);
  const auto quarter = MeterClock::floor_div(civil_s, seconds_per_quarter);
  const auto day = MeterClock::floor_div(civil_s, seconds_per_day);
  const bool is_new = quarter > store_.last_quarter();
  if (is_new) store_.open_quarter(quarter);
  if (day > store_.last_day()) store_.open_day(day);
  latch_pulses(at);
  store_pulses();
  for (std::size_t i = 0; i < pollers_.size(); ++i)
    if (!is_planned || is_pass_time(settings_.plans[i], pass_due_s_))
      pollers_[i].begin_pass(at, store_.last_quarter());
  plan_pass(at);
}

core::Instant Concentrator::instant_of(core::Instant at, std::int64_t civil_s) const {
  return civil_s == never_civil ? core::never
                                : std::max(at + core::Duration(1), clock_.when(civil_s * ns_per_second));
}

/// Each quarter hour begins with a pass, though perhaps of no port.
void Concentrator::plan_pass(core::Instant at, std::int64_t after_civil_s) {
  pass_due_s_ = (MeterClock::floor_div(after_civil_s, seconds_per_quarter) + 1) * seconds_per_quarter;
  for (const auto& plan : settings_.plans)
    pass_due_s_ = std::min(pass_due_s_, next_pass(plan, after_civil_s));
  pass_at_ = std::max(at + core::Duration(1), clock_.when(pass_due_s_ * ns_per_second + read_after_.count()));
}

void Concentrator::plan_broadcast(core::Instant at) {
  broadcast_due_s_ = never_civil;
  for (const auto& plan : settings_.plans)
    broadcast_due_s_ = std::min(broadcast_due_s_, next_broadcast(plan, clock_.civil_s(at)));
  broadcast_at_ = instant_of(at, broadcast_due_s_);
}

void Concentrator::install(core::Instant at, const gdw3761::ArchiveRow& row) {
  if (row.point == 0 || row.point > Archive::points_max) return;
  if (const auto* old = archive_.find(row.point); old != nullptr) {
    // The same row again must not forget what was collected.
    if (*old == row) return;
    for (auto& poller : pollers_) poller.remove_point(row.point);
    if (old->address != row.address) store_.forget(row.point);
  }
  expect_points(row.point);
  archive_.rows[row.point - 1] = row;
  const std::size_t line = row.port - std::size_t{Archive::first_line_port};
  const bool is_removed = row.address == core::MeterAddress();
  if (is_removed) {
    archive_.rows[row.point - 1].point = 0;
    store_.forget(row.point);
    freshness_.forgotten(row.point);
  }
  if (is_removed || row.protocol != Archive::protocol_645_2007 || line >= pollers_.size()) return;
  store_.want(row.point, store_.last_quarter());
  if (setup_.concentrator.refresh_every != core::Duration(0)) freshness_.known(row.point, at);
  add_to_line(at, row);
}

/// Where its collector is, if that has a record; else where the row says. Nothing: it is out of service.
std::optional<std::size_t> Concentrator::line_of(const gdw3761::ArchiveRow& row) const {
  std::size_t port = row.port;
  if (const auto found = settings_.collectors.find(row.collector); found != settings_.collectors.end()) {
    if (!found->second.is_in_service) return std::nullopt;
    port = found->second.port;
  }
  const auto line = port - Archive::first_line_port;
  return line < pollers_.size() ? std::optional(line) : std::nullopt;
}

void Concentrator::add_to_line(core::Instant at, const gdw3761::ArchiveRow& row) {
  const auto line = line_of(row);
  if (!line) return;
  if (is_on_) {
    pollers_[*line].add_point(at, row);
  } else {
    pollers_[*line].add_point_quietly(row);
  }
}

void Concentrator::expect_points(std::size_t count) {
  if (archive_.rows.size() >= count) return;
  archive_.rows.resize(count, no_row);
  store_.set_point_count(count);
}

void Concentrator::connected(core::Instant at) {
  framer_.silence();
  link_ = Link::login_sent;
  unconfirmed_ = 0;
  say_link(at, gdw3761::LinkEvent::login);
  link_at_ = at + confirm_patience;
}

void Concentrator::disconnected(core::Instant at) {
  if (link_ == Link::logged_in) tell(at, "logged-out");
  link_ = Link::down;
  link_at_ = core::never;
}

void Concentrator::say_link(core::Instant at, gdw3761::LinkEvent event) {
  link_counter_ = (link_counter_ + 1) & 15;
  uplink_.send(at, gdw3761::write_link(writer_, own_address(0), link_counter_, {event, std::nullopt}));
}

/// No confirmation came, or the next heartbeat is due.
void Concentrator::keep_link(core::Instant at) {
  link_at_ = core::never;
  if (link_ == Link::login_sent) return uplink_.reconnect(at);
  if (link_ != Link::logged_in) return;
  if (is_heartbeat_open_ && ++unconfirmed_ >= unconfirmed_max) return uplink_.reconnect(at);
  say_link(at, gdw3761::LinkEvent::heartbeat);
  is_heartbeat_open_ = true;
  link_at_ = at + std::min<core::Duration>(confirm_patience, setup_.uplink.heartbeat);
}

void Concentrator::take_confirm(core::Instant at, const gdw3761::FrameView& frame) {
  if (frame.sequence.counter() != link_counter_ || link_ == Link::down) return;
  const auto confirm = gdw3761::parse_confirm(frame);
  if (!confirm) return;
  if (!confirm->is_good) return uplink_.reconnect(at);
  if (link_ == Link::login_sent) tell(at, "login");
  link_ = Link::logged_in;
  is_heartbeat_open_ = false;
  unconfirmed_ = 0;
  link_at_ = at + setup_.uplink.heartbeat;
}
}  // namespace model
