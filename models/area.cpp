#include "models/area.hpp"

#include <deque>

#include "models/area_faults.hpp"
#include "models/area_grid.hpp"
#include "models/collector/carrier_field.hpp"
#include "models/collector/concentrator.hpp"

namespace model {
namespace {
constexpr core::Duration quarter_hour = std::chrono::minutes(15);

/// The text of a meter's event: its cause, or what else names it.
std::string text_of(const MeterHappening& happening) {
  using Kind = MeterHappening::Kind;
  if (happening.kind == Kind::recharge_applied) return "purchase count " + std::to_string(happening.detail);
  if (happening.kind == Kind::recharge_refused) return "SERR " + std::to_string(happening.detail);
  return std::string(name_of(happening.cause));
}
}  // namespace

struct Area::State {
  State(AreaSetup&& area_setup, TruthSink& sink, UplinkPort& port, LineTap line_tap)
      : setup(std::move(area_setup)),
        watch(sink),
        is_watching(AreaFaults::waits(setup)),
        truth(is_watching ? static_cast<TruthSink&>(watch) : sink),
        tap(std::move(line_tap)),
        grid(setup.grid ? std::make_unique<AreaGrid>(setup, truth) : nullptr),
        meters(made_meters()),
        lines(made_lines()),
        ways(made_ways()),
        concentrator(setup, ways, truth, port),
        faults(setup, {meters, happened, lines, concentrator, carrier, grid.get()}, truth),
        sample_at(setup.starts) {
    if (is_watching) watch.wire(faults);
    METERTWIN_CHECK(setup.meters.size() == setup.meter_names.size(), setup.meters.size(),
                    setup.meter_names.size());
    METERTWIN_CHECK(setup.starts.time_since_epoch() % quarter_hour == core::Duration(0),
                    core::unix_nanoseconds(setup.starts));
    setup.meters.clear();  // what they were made of is in the meters now
    setup.meters.shrink_to_fit();
    shown.resize(meters.size());
    passed.resize(meters.size());
    money.resize(meters.size());
    if (setup.concentrator.archive_is_factory_set) install_archive();
    power_on_at = setup.starts;
  }

  std::vector<Meter> made_meters() {
    std::vector<Meter> made;
    made.reserve(setup.meters.size());
    for (std::size_t i = 0; i < setup.meters.size(); ++i) {
      if (grid) grid->outfit(i, setup.meters[i]);
      made.emplace_back(setup.meters[i]);
    }
    return made;
  }
  std::deque<Rs485Line> made_lines() {
    std::deque<Rs485Line> made;
    for (std::size_t i = 0; i < setup.lines.size(); ++i)
      made.emplace_back(setup.lines[i],
                        LinePlace{setup.seed, setup.id, static_cast<int>(i), meters, happened, tap});
    return made;
  }
  /// Each pair as its concentrator's port sees it: by itself, or behind a collector.
  std::vector<std::unique_ptr<FieldLine>> made_ways() {
    std::vector<std::unique_ptr<FieldLine>> made;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      made.push_back(std::make_unique<Rs485Field>(lines[i]));
      if (setup.lines[i].hop_baud != 0)
        made.back() =
            std::make_unique<CollectorHop>(std::move(made.back()), HopSetup{.baud = setup.lines[i].hop_baud});
    }
    if (setup.carrier) put_behind_modules(made);
    return made;
  }
  void put_behind_modules(std::vector<std::unique_ptr<FieldLine>>& made) {
    const auto first = made.begin() + static_cast<std::ptrdiff_t>(setup.carrier->first_line);
    std::vector<std::unique_ptr<FieldLine>> pairs(std::make_move_iterator(first),
                                                  std::make_move_iterator(made.end()));
    made.erase(first, made.end());
    auto over_mains = std::make_unique<CarrierField>(setup, std::move(pairs), meters);
    carrier = over_mains.get();
    if (made.empty())
      made.push_back(std::move(over_mains));
    else
      made.front() = std::make_unique<ParallelField>(std::move(made.front()), std::move(over_mains));
  }
  void install_archive() {
    concentrator.expect_points(meters.size());
    std::uint16_t point = 0;
    const bool is_double = setup.carrier && setup.carrier->first_line > 0;
    for (std::size_t line = 0; line < (is_double ? 1 : setup.lines.size()); ++line)
      for (const auto meter : setup.lines[line].meters) {
        gdw3761::ArchiveRow row;
        row.index = row.point = ++point;
        row.baud = setup.lines[line].baud;
        row.port = static_cast<std::uint8_t>(Archive::first_line_port + (setup.carrier ? 0 : line));
        row.address = meters[meter].address();
        concentrator.install(setup.starts, row);
      }
  }

  /// Everything but the lines, which live apart between two of these instants.
  core::Instant next_common() const {
    const auto button = buttons.empty() ? core::never : buttons.front().at;
    const auto network = grid ? grid->next() : core::never;
    return std::min({power_on_at, faults.next(), network, sample_at, button, concentrator.next()});
  }
  core::Instant next() const {
    auto next = next_common();
    for (const auto& poller : concentrator_pollers())
      if (poller.has_forward() || is_watching) next = std::min(next, poller.next());
    return next;
  }
  const std::deque<LinePoller>& concentrator_pollers() const {
    return const_cast<Concentrator&>(concentrator).pollers();
  }

  void advance(core::Instant now) {
    for (;;) {
      const auto at = std::min(next(), now);
      run_lines(at);
      const auto common = next_common();
      if (common <= at)
        step(common);
      else if (at == now)
        break;
    }
    drain();
  }
  void run_lines(core::Instant till) {
    for (auto& poller : concentrator.pollers()) poller.run_until(till);
    if (!happened.empty()) drain();
  }
  /// One thing of those due at `at`; the order here is the order within one instant.
  void step(core::Instant at) {
    if (at == power_on_at) {
      power_on_at = core::never;
      concentrator.power_on(at);
    } else if (at == faults.next()) {
      faults.advance();
      if (grid) grid->wake(at);
    } else if (grid && at == grid->next()) {
      grid->advance(at, meters, happened, faults);
    } else if (at == sample_at) {
      sample(at);
    } else if (!buttons.empty() && at == buttons.front().at) {
      press_button(at);
    } else {
      concentrator.advance();
    }
    if (!happened.empty()) drain();
  }

  void sample(core::Instant at) {
    for (std::size_t i = 0; i < meters.size(); ++i) {
      meters[i].advance(at, happened);
      shown[i] = meters[i].shown_centikWh();
      passed[i] = meters[i].passed_uJ();
      money[i] = meters[i].money_uYuan();
    }
    drain();
    if (grid && at != setup.starts) grid->sample(at);
    truth.sample({setup.id, at, setup.first_meter, shown, passed, money});
    tell_freshness(at);
    sample_at = at + quarter_hour <= setup.ends ? at + quarter_hour : core::never;
  }

  void tell_freshness(core::Instant at) {
    if (setup.concentrator.refresh_every == core::Duration(0)) return;
    const auto worst = concentrator.freshness().take_worst(at);
    if (worst.age < core::Duration(0) || worst.point > setup.meter_names.size()) return;
    truth.event({at, "area " + setup.name, "state-age-worst", worst.age / std::chrono::milliseconds(1),
                 setup.meter_names[worst.point - 1]});
  }

  void drain() {
    for (const auto& happening : happened) {
      const auto& name = setup.meter_names[happening.meter - setup.first_meter];
      truth.event(
          {happening.at, name, std::string(name_of(happening.kind)), happening.value, text_of(happening)});
      if (happening.kind == MeterHappening::Kind::close_allowed) plan_button(happening);
    }
    happened.clear();
  }
  void plan_button(const MeterHappening& allowed) {
    const core::RandomStream pauses(setup.seed, allowed.meter, core::Purpose::customer_button);
    const auto after = pauses.between(setup.button_after_min.count(), setup.button_after_max.count(),
                                      static_cast<std::uint64_t>(core::unix_nanoseconds(allowed.at)));
    const Button button{allowed.at + core::Duration(after), allowed.meter};
    const auto where = std::upper_bound(
        buttons.begin(), buttons.end(), button,
        [](const Button& a, const Button& b) { return a.at != b.at ? a.at < b.at : a.meter < b.meter; });
    buttons.insert(where, button);
  }
  void press_button(core::Instant at) {
    const auto meter = buttons.front().meter;
    buttons.erase(buttons.begin());
    meters[meter - setup.first_meter].press_button(at, happened);
    if (grid) grid->wake(at);
  }

  struct Button {
    core::Instant at{};
    MeterId meter = 0;
  };

  AreaSetup setup;
  EventWatch watch;
  bool is_watching;  ///< faults wait for events: lines must not run ahead of them
  TruthSink& truth;
  LineTap tap;
  MeterHappenings happened;
  std::unique_ptr<AreaGrid> grid;  ///< or nothing: voltages are the loads' guess
  std::vector<Meter> meters;
  std::deque<Rs485Line> lines;
  CarrierField* carrier = nullptr;               ///< within `ways`, if there is one
  std::vector<std::unique_ptr<FieldLine>> ways;  ///< by port of the concentrator
  Concentrator concentrator;
  AreaFaults faults;
  core::Instant power_on_at = core::never, sample_at;
  std::vector<Button> buttons;  ///< by (instant, meter)
  std::vector<std::uint32_t> shown;
  std::vector<std::int64_t> passed, money;
  bool is_advancing = false;  ///< a far end that answers within our call must not run us again
};

Area::Area(AreaSetup setup, TruthSink& truth, UplinkPort& uplink, LineTap tap)
    : state_(std::make_unique<State>(std::move(setup), truth, uplink, std::move(tap))) {}

Area::~Area() = default;

core::Instant Area::next() const { return state_->next(); }

void Area::advance(core::Instant now) {
  if (state_->is_advancing) return;
  state_->is_advancing = true;
  state_->advance(now);
  state_->is_advancing = false;
}

void Area::head_end_wrote(core::Instant now, core::Bytes bytes) {
  advance(now);
  state_->concentrator.uplink().head_end_wrote(now, bytes);
}

void Area::head_end_closed(core::Instant now) {
  advance(now);
  state_->concentrator.uplink().head_end_closed(now);
}

bool Area::is_supplied(MeterId meter, core::Instant now) {
  advance(now);
  const auto position = meter - state_->setup.first_meter;
  METERTWIN_CHECK(position < state_->meters.size(), meter);
  state_->meters[position].advance(now, state_->happened);
  state_->drain();
  return state_->meters[position].is_supplied();
}

std::string Area::inspect(MeterId meter, core::Instant now) {
  advance(now);
  METERTWIN_CHECK(meter - state_->setup.first_meter < state_->meters.size(), meter);
  auto finding = state_->faults.inspect(meter, now);
  state_->drain();
  if (state_->grid) state_->grid->wake(now);
  advance(now);
  return finding;
}
}  // namespace model
