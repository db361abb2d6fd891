#include "head-end/store/inspection_book.hpp"

#include <algorithm>

#include "head-end/store/slot.hpp"

namespace headend {
namespace {
constexpr const char* night_columns = "SELECT area, day, verdict, figures, suspicion FROM watched_night ";

WatchedNight night_in(const Statement& row) {
  return {static_cast<ConcentratorId>(row.integer(0)), row.integer(1), row.text(2), row.text(3),
          row.is_null(4) ? std::string() : row.text(4)};
}

std::vector<WatchedNight> nights_in(Statement& rows) {
  std::vector<WatchedNight> nights;
  while (rows.next()) nights.push_back(night_in(rows));
  return nights;
}

WorkOrderKind kind_of(std::string_view word) {
  const auto found = std::find(work_order_words.begin(), work_order_words.end(), word);
  return found == work_order_words.end() ? WorkOrderKind::loss
                                         : static_cast<WorkOrderKind>(found - work_order_words.begin());
}
}  // namespace

InspectionBook::InspectionBook(Database& database)
    : database_(database),
      add_order_(database,
                 "INSERT INTO work_order(id, area, meter, kind, reason, evidence, opened_at_ns) "
                 "VALUES(?,?,?,?,?,?,?)"),
      close_order_(database, "UPDATE work_order SET closed_at_ns = ?, finding = ? WHERE id = ?"),
      add_night_(database, "INSERT OR IGNORE INTO watched_night VALUES(?,?,?,?,?)"),
      add_condition_(database, "INSERT OR REPLACE INTO meter_condition VALUES(?,?,?,?)"),
      find_conditions_(database,
                       "SELECT asked_at_ns, value FROM meter_condition "
                       "WHERE meter = ? AND quantity = ? AND asked_at_ns >= ? ORDER BY asked_at_ns"),
      add_reverse_(database, "INSERT OR IGNORE INTO reverse_reading VALUES(?,?,?)"),
      find_reverse_(database,
                    "SELECT key, register_centikWh FROM reverse_reading "
                    "WHERE key BETWEEN ? AND ? AND key & 0xFFFFFF = ? ORDER BY key") {
  Statement rows(database,
                 "SELECT id, area, meter, kind, reason, evidence, opened_at_ns, closed_at_ns, finding "
                 "FROM work_order ORDER BY id");
  while (rows.next()) {
    WorkOrder order;
    order.id = rows.integer(0);
    order.area = static_cast<ConcentratorId>(rows.integer(1));
    order.meter = static_cast<MeterId>(rows.integer(2));
    order.kind = kind_of(rows.text_view(3));
    order.reason = rows.text(4);
    order.evidence = rows.text(5);
    order.opened_at = Instant(Duration(rows.integer(6)));
    if (!rows.is_null(7)) order.closed_at = Instant(Duration(rows.integer(7)));
    if (!rows.is_null(8)) order.finding = rows.text(8);
    if (!order.closed_at) open_[{order.area, order.meter}] = order.id;
    orders_.emplace(order.id, std::move(order));
  }
}

std::optional<std::int64_t> InspectionBook::open(const WorkOrderWish& wish, Instant now) {
  const Place place{wish.area, wish.meter};
  if (open_.contains(place)) return std::nullopt;
  WorkOrder order;
  static_cast<WorkOrderWish&>(order) = wish;
  order.id = orders_.empty() ? 1 : orders_.rbegin()->first + 1;
  order.opened_at = now;
  database_.begin();
  add_order_.bind(order.id, order.area, order.meter, word_of(order.kind), order.reason, order.evidence, now)
      .run();
  open_[place] = order.id;
  const auto id = order.id;
  orders_.emplace(id, std::move(order));
  return id;
}

core::Result<WorkOrder> InspectionBook::close(std::int64_t id, const std::string& finding, Instant now) {
  const auto found = orders_.find(id);
  if (found == orders_.end()) return core::Fault::no_data;
  auto& order = found->second;
  if (finding.empty() || finding.size() > finding_bytes_max) return core::Fault::refused;
  if (order.closed_at) {
    if (order.finding != finding) return core::Fault::refused;
    return order;
  }
  database_.begin();
  close_order_.bind(now, finding, id).run();
  order.closed_at = now;
  order.finding = finding;
  open_.erase({order.area, order.meter});
  return order;
}

const WorkOrder* InspectionBook::find(std::int64_t id) const {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : &found->second;
}

bool InspectionBook::has_open(ConcentratorId area, MeterId meter) const {
  return open_.contains({area, meter});
}

const WorkOrder* InspectionBook::latest(ConcentratorId area, MeterId meter, WorkOrderKind kind) const {
  for (auto order = orders_.rbegin(); order != orders_.rend(); ++order)
    if (order->second.area == area && order->second.meter == meter && order->second.kind == kind)
      return &order->second;
  return nullptr;
}

void InspectionBook::keep(const WatchedNight& night) {
  database_.begin();
  std::optional<std::string> suspicion;
  if (!night.suspicion.empty()) suspicion = night.suspicion;
  add_night_.bind(night.area, night.local_day, night.verdict, night.figures, suspicion).run();
}

std::vector<WatchedNight> InspectionBook::nights() const {
  Statement rows(database_, std::string(night_columns) + "ORDER BY day, area");
  return nights_in(rows);
}

std::optional<WatchedNight> InspectionBook::night(ConcentratorId area, std::int64_t local_day) const {
  Statement rows(database_, std::string(night_columns) + "WHERE area = ? AND day = ? ORDER BY day");
  rows.bind(area, local_day);
  if (!rows.next()) return std::nullopt;
  return night_in(rows);
}

std::vector<WatchedNight> InspectionBook::suspicions() const {
  Statement rows(database_,
                 std::string(night_columns) + "WHERE suspicion IS NOT NULL ORDER BY day DESC, area");
  return nights_in(rows);
}

void InspectionBook::note(MeterId meter, std::string_view quantity, Instant asked_at, std::int64_t value) {
  database_.begin();
  add_condition_.bind(meter, quantity, asked_at, value).run();
}

std::vector<MeterCondition> InspectionBook::conditions(MeterId meter, std::string_view quantity,
                                                       Instant since) const {
  std::vector<MeterCondition> found;
  find_conditions_.bind(meter, quantity, since);
  while (find_conditions_.next())
    found.push_back({Instant(Duration(find_conditions_.integer(0))), find_conditions_.integer(1)});
  return found;
}

bool InspectionBook::take_reverse(MeterId meter, Instant due, CentiKilowattHours shown, Instant now) {
  database_.begin();
  add_reverse_.bind(reading_key(slot_before(due), meter), shown, now).run();
  return database_.changes() != 0;
}

bool InspectionBook::has_reverse(MeterId meter, Instant due) const {
  return !reverse_of(meter, due, due).empty();
}

std::vector<ReverseReading> InspectionBook::reverse_of(MeterId meter, Instant from, Instant till) const {
  std::vector<ReverseReading> found;
  find_reverse_.bind(reading_key(slot_before(from), meter), reading_key(slot_before(till), meter), meter);
  while (find_reverse_.next()) {
    const Instant due = instant_of(static_cast<Slot>(find_reverse_.integer(0) >> 24));
    if (due >= from && due <= till) found.push_back({due, CentiKilowattHours(find_reverse_.integer(1))});
  }
  return found;
}
}  // namespace headend
