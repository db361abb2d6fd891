#include "apps/trace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "audit/evidence/packed_readings.hpp"
#include "core/sqlite/database.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/dlt645/requests.hpp"
#include "protocols/explain/explain.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "scenarios/roster.hpp"

namespace app {
namespace {
constexpr core::Duration quarter_hour = std::chrono::minutes(15);

std::vector<std::string> lines_of(core::Bytes frame) {
  std::vector<std::string> lines{core::to_hex(frame)};
  const auto text = explain::to_text(explain::explain(frame));
  for (std::size_t from = 0; from < text.size();) {
    const auto till = std::min(text.find('\n', from), text.size());
    if (till > from) lines.push_back(text.substr(from, till - from));
    from = till + 1;
  }
  return lines;
}

/// Skips the FE lead-in.
core::Bytes without_lead_in(core::Bytes bytes) {
  while (!bytes.empty() && bytes.front() == dlt645::lead_in_byte) bytes = bytes.subspan(1);
  return bytes;
}

/// Catches the frames that carried one reading, on both wires.
class Catcher {
 public:
  Catcher(const scenario::Scenario& scenario, const scenario::RosterEntry& entry, core::Instant due)
      : zone_(scenario.zone_rules), entry_(entry), due_(due), pattern_(entry.address) {}

  Taps taps() {
    return {
        .line = [this](core::Instant from, core::Instant till, model::AreaId area, int line, bool is_request,
                       core::Bytes bytes) { on_line(from, till, area, line, is_request, bytes); },
        .uplink = [this](core::Instant at, headend::ConcentratorId concentrator, bool is_from_field,
                         core::Bytes frame) { on_uplink(at, concentrator, is_from_field, frame); }};
  }
  std::vector<Station>& stations() { return stations_; }

 private:
  void on_line(core::Instant from, core::Instant till, model::AreaId area, int line, bool is_request,
               core::Bytes bytes) {
    if (area != entry_.area || line != entry_.line || from < due_) return;
    if (is_request) {
      dlt645::Frame frame;
      was_asked_ = dlt645::decode(without_lead_in(bytes), frame) && frame.address.matches(pattern_) &&
                   asks_for_due(frame);
      if (!was_asked_) return;
    } else if (!was_asked_) {
      return;
    }
    stations_.push_back(
        {from, fmt::format("RS-485 line {}", line + 1),
         fmt::format("{} until {} ({} bytes)", is_request ? "the concentrator asks" : "the meter answers",
                     core::to_iso8601(till, zone_).substr(11, 12), bytes.size()),
         lines_of(bytes)});
  }

  bool asks_for_due(const dlt645::Frame& frame) const {
    const auto read = dlt645::parse_read(frame);
    if (!read || !read->from || !read->blocks) return false;
    const auto first = zone_.instant(*read->from);
    return first <= due_ && due_ < first + quarter_hour * *read->blocks;
  }

  void on_uplink(core::Instant at, headend::ConcentratorId concentrator, bool is_from_field,
                 core::Bytes bytes) {
    if (concentrator != entry_.area + 1 || at < due_) return;
    const auto frame = gdw3761::decode(bytes);
    if (!frame || frame->afn != gdw3761::Afn::history_data) return;
    bool concerns_us = false;
    std::string found;
    const auto covers = [&](const gdw3761::CurveTime& time) {
      const auto first = zone_.instant(time.start);
      return first <= due_ && due_ < first + quarter_hour * time.count;
    };
    if (is_from_field) {
      (void)gdw3761::each_curve(*frame, [&](const gdw3761::Curve& curve) {
        if (curve.point != entry_.point || !covers(curve.time)) return;
        concerns_us = true;
        const auto value =
            curve.value(static_cast<std::size_t>((due_ - zone_.instant(curve.time.start)) / quarter_hour));
        found = value ? fmt::format("point {}: {:.2f} kWh", curve.point,
                                    static_cast<double>(value->count()) / 100)
                      : fmt::format("point {}: missing (EE EE EE EE)", curve.point);
      });
    } else {
      (void)gdw3761::each_curve_request(*frame, [&](gdw3761::UnitId unit, const gdw3761::CurveTime& time) {
        bool asks_us = false;
        unit.each_point([&](int point) { asks_us |= point == entry_.point; });
        if (!asks_us || !covers(time)) return;
        concerns_us = true;
        found = fmt::format("point {} among others", entry_.point);
      });
    }
    if (!concerns_us) return;
    stations_.push_back(
        {at,
         "GPRS uplink",
         fmt::format("{}: AFN 0D F101, {} bytes, {}",
                     is_from_field ? "the concentrator answers" : "the head-end asks", bytes.size(), found),
         {core::to_hex(bytes.first(std::min<std::size_t>(bytes.size(), 48))) +
          (bytes.size() > 48 ? " ..." : "")}});
  }

  const core::Zone& zone_;
  const scenario::RosterEntry& entry_;
  core::Instant due_;
  dlt645::AddressPattern pattern_;
  bool was_asked_ = false;
  std::vector<Station> stations_;
};

/// What truth knows of the interval that ends at the reading.
void tell_truth(const SimulatedRun& stores, const scenario::RosterEntry& entry, core::Instant due,
                std::vector<Station>& out) {
  sqlite::Database truth(stores.truth_db, sqlite::Database::Use::read);
  sqlite::Statement rows(truth,
                         "SELECT due_s, first_meter, shown, passed FROM samples WHERE area = ? AND due_s "
                         "BETWEEN ? AND ? ORDER BY due_s");
  rows.bind(entry.area, core::unix_seconds(due - quarter_hour), core::unix_seconds(due));
  std::int64_t passed_before = -1;
  while (rows.next()) {
    const auto i = entry.id - static_cast<std::uint32_t>(rows.integer(1));
    const auto shown = core::little_endian(rows.bytes(2).subspan(i * 4, 4));
    const auto passed = static_cast<std::int64_t>(core::little_endian(rows.bytes(3).subspan(i * 8, 8)));
    const bool is_due = rows.integer(0) == core::unix_seconds(due);
    if (is_due && passed_before >= 0)
      out.push_back({due - quarter_hour,
                     "load",
                     fmt::format("{:.6f} kWh pass to the customer in this quarter hour ({:.0f} W on average)",
                                 static_cast<double>(passed - passed_before) / core::microjoules_per_kWh,
                                 static_cast<double>(passed - passed_before) / 900e6),
                     {}});
    if (is_due)
      out.push_back({due,
                     "meter",
                     fmt::format("the register shows {:.2f} kWh; {:.6f} kWh have truly passed",
                                 static_cast<double>(shown) / 100,
                                 static_cast<double>(passed) / core::microjoules_per_kWh),
                     {}});
    passed_before = passed;
  }
}

/// What became of it in the books.
void tell_books(const scenario::Scenario& scenario, const SimulatedRun& stores,
                const scenario::RosterEntry& entry, core::Instant due, std::vector<Station>& out) {
  sqlite::Database books(stores.books_db, sqlite::Database::Use::read);
  const auto& zone = scenario.zone_rules;
  const std::int64_t key = core::unix_seconds(due) / 900 << 24 | entry.id;
  const auto reading = audit::find_packed(books, core::unix_seconds(due) / 900, entry.id);
  static constexpr const char* sources[] = {"curve", "backfill", "opening"};
  if (reading)
    out.push_back(
        {due,
         "store",
         fmt::format("reading {} of {}: {:.2f} kWh, by {}", key, core::to_iso8601(due, zone),
                     static_cast<double>(reading->register_centikWh) / 100, sources[reading->source % 3]),
         {}});
  else
    out.push_back({due, "store", "never stored", {}});
  const auto interval = zone.civil(due - core::Duration(1));
  const std::int64_t month = interval.year * 100 + interval.month;
  sqlite::Statement lines(books,
                          "SELECT p.name, l.tier, l.energy_centikWh, l.price, l.amount_microyuan, "
                          "b.amount_fen, b.issued_at_ns FROM bill_line l "
                          "JOIN bill b ON b.account = l.account AND b.month = l.month JOIN account a ON a.id "
                          "= l.account JOIN tariff_period p "
                          "ON p.tariff = a.tariff AND p.period = l.period WHERE l.account = ? AND l.month = "
                          "? ORDER BY l.tier, l.period");
  lines.bind(entry.id, month);
  while (lines.next())
    out.push_back(
        {core::Instant(core::Duration(lines.integer(6))),
         "bill",
         fmt::format("{}: {} tier {}: {:.2f} kWh at {:.4f} CNY = {:.6f} CNY of a bill of {:.2f} CNY", month,
                     lines.text(0), lines.integer(1) + 1, static_cast<double>(lines.integer(2)) / 100,
                     static_cast<double>(lines.integer(3)) / 1e4, static_cast<double>(lines.integer(4)) / 1e6,
                     static_cast<double>(lines.integer(5)) / 100),
         {}});
  sqlite::Statement postings(books,
                             "SELECT e.at_ns, e.kind, e.reference, p.ledger, p.amount_fen FROM posting p "
                             "JOIN entry e ON e.id = p.entry "
                             "WHERE e.account = ? AND e.at_ns >= ? AND e.kind IN ('charge', 'bill', "
                             "'consumption') ORDER BY e.id, p.line LIMIT 4");
  postings.bind(entry.id, due);
  while (postings.next())
    out.push_back({core::Instant(core::Duration(postings.integer(0))),
                   "ledger",
                   fmt::format("{} {}: {} {:+.2f} CNY", postings.text(1), postings.text(2), postings.text(3),
                               static_cast<double>(postings.integer(4)) / 100),
                   {}});
}

void tell_happenings(const SimulatedRun& stores, const scenario::RosterEntry& entry,
                     std::vector<Station>& out) {
  sqlite::Database truth(stores.truth_db, sqlite::Database::Use::read);
  sqlite::Statement events(truth,
                           "SELECT at_ns, entity, kind, value, text FROM events WHERE entity IN (?, ?) ORDER "
                           "BY at_ns, entity, seq");
  events.bind(entry.name, "account " + entry.account);
  while (events.next())
    out.push_back({core::Instant(core::Duration(events.integer(0))),
                   events.text(1),
                   fmt::format("{} {} {}", events.text(2), events.integer(3), events.text(4)),
                   {}});
  sqlite::Database books(stores.books_db, sqlite::Database::Use::read);
  sqlite::Statement commands(
      books, "SELECT wanted_at_ns, kind, state, attempts, reason FROM command WHERE meter = ? ORDER BY id");
  commands.bind(entry.id);
  while (commands.next())
    out.push_back({core::Instant(core::Duration(commands.integer(0))),
                   "command",
                   fmt::format("{} wanted ({}): {} after {} attempts", commands.text(1), commands.text(4),
                               commands.text(2), commands.integer(3)),
                   {}});
  sqlite::Statement notices(books, "SELECT at_ns, text FROM notice WHERE account = ? ORDER BY id");
  notices.bind(entry.id);
  while (notices.next())
    out.push_back({core::Instant(core::Duration(notices.integer(0))), "notice", notices.text(1), {}});
  sqlite::Statement postings(books,
                             "SELECT e.at_ns, e.kind, p.ledger, p.amount_fen FROM posting p JOIN entry e ON "
                             "e.id = p.entry WHERE e.account = ? ORDER BY e.id, p.line");
  postings.bind(entry.id);
  while (postings.next())
    out.push_back({core::Instant(core::Duration(postings.integer(0))),
                   "ledger",
                   fmt::format("{}: {} {:+.2f} CNY", postings.text(1), postings.text(2),
                               static_cast<double>(postings.integer(3)) / 100),
                   {}});
}
}  // namespace

std::vector<Station> trace(const scenario::Scenario& scenario, const RunOptions& options,
                           const TraceQuestion& question, const std::filesystem::path& folder) {
  const auto entry = scenario::roster(scenario).at(question.meter - 1);
  std::vector<Station> journey;
  if (question.whole_meter) {
    tell_happenings(simulate(scenario, options, folder), entry, journey);
  } else {
    Catcher catcher(scenario, entry, question.due);
    const auto stores = simulate(scenario, options, folder, catcher.taps());
    tell_truth(stores, entry, question.due, journey);
    journey.insert(journey.end(), catcher.stations().begin(), catcher.stations().end());
    tell_books(scenario, stores, entry, question.due, journey);
    return journey;  // the stations in the order of the journey; the books tell no instant of storing
  }
  std::stable_sort(journey.begin(), journey.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return journey;
}
}  // namespace app
