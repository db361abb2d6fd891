#include "head-end/head_end.hpp"

#include <algorithm>
#include <utility>

#include "head-end/api/counter_connection.hpp"
#include "head-end/api/field_metrics.hpp"
#include "head-end/api/http_front.hpp"
#include "head-end/api/work_order_metrics.hpp"
#include "head-end/callers.hpp"
#include "head-end/collect/attendant.hpp"
#include "head-end/collect/ingest_metrics.hpp"
#include "head-end/collect/manager_session.hpp"
#include "head-end/loss/night_watch.hpp"

namespace headend {
namespace {
struct Visit;

/// Who is told when a known concentrator has logged in.
class Arrivals {
 public:
  virtual ~Arrivals() = default;
  virtual void arrived(Visit& visit) = 0;
};

/// A concentrator's connection with who looks after it.
struct Visit : Reception {
  Visit(Desk& desk, Arrivals& its_arrivals, std::unique_ptr<seam::Link> link)
      : session({desk.clock, desk.estate, *this, desk.statistics, desk.tap, *desk.ingest, desk.field},
                std::move(link)),
        attendant(desk, session),
        arrivals(its_arrivals) {}
  void logged_in(Session&) override { arrivals.arrived(*this); }
  seam::asio::awaitable<void> attend() {
    const bool is_here = co_await session.until_logged_in();
    if (is_here) co_await attendant.attend();
  }
  Session session;
  Attendant attendant;
  Arrivals& arrivals;
};
struct ManagerVisit {
  ManagerVisit(const ManagerSession::Surroundings& surroundings, std::unique_ptr<seam::Link> link)
      : session(surroundings, std::move(link)) {}
  ManagerSession session;
};
struct CounterVisit {
  CounterVisit(Desk& desk, std::unique_ptr<seam::Link> link) : connection(desk, std::move(link)) {}
  CounterConnection connection;
};
}  // namespace

struct HeadEnd::Parts final : Arrivals {
  Parts(const Configuration& configuration, const std::filesystem::path& store, seam::Clock& clock,
        const Doors& its_doors, FrameTap tap)
      : desk(configuration, store, clock, std::move(tap)),
        night(desk.books),
        http(desk, http_options(its_doors)),
        doors(its_doors),
        visits(clock, [this](Visit& visit) { part(visit); }),
        manager_visits(clock, [this](ManagerVisit& visit) { part(visit); }),
        counter_visits(clock, [this](CounterVisit& visit) { desk.remove_counter(visit.connection); }),
        at_concentrator(desk.concentrator_ids_end()),
        connections_of_manager(desk.concentrator_ids_end()) {}

  void arrived(Visit& visit) override;
  seam::asio::awaitable<void> receive_concentrators();
  seam::asio::awaitable<void> receive_managers();
  seam::asio::awaitable<void> receive_counters();
  seam::asio::awaitable<void> watch_nights();
  HttpOptions http_options(const Doors& its_doors);
  bool is_full() const;
  void part(Visit& visit);
  void manager_arrived(ConcentratorId id, const std::string& peer);
  void part(ManagerVisit& visit);
  void note_coming(ConcentratorId id, const std::string& peer);
  void note_going(ConcentratorId id);
  void close_doors();
  bool owes_anything();

  Desk desk;
  loss::NightWatch night;
  HttpFront http;
  Doors doors;
  Callers<Visit> visits;
  Callers<ManagerVisit> manager_visits;
  Callers<CounterVisit> counter_visits;
  std::vector<Visit*> at_concentrator;      ///< who is logged in, by concentrator id
  std::vector<int> connections_of_manager;  ///< on which it has said who it is, by concentrator id
  std::size_t strangers = 0;                ///< connections on which nobody has said yet who he is
  bool is_draining = false;
  bool is_started = false;
};

HttpOptions HeadEnd::Parts::http_options(const Doors& its_doors) {
  HttpOptions options;
  options.version = its_doors.version;
  options.condition = [this] {
    if (is_draining) return HttpCondition::draining;
    return desk.ingest->is_overloaded() ? HttpCondition::overloaded : HttpCondition::up;
  };
  options.metric_sources.push_back([this](MetricSink& sink) {
    sink.gauge("metertwin_connections", "Connections of collectors.")
        .add(visits.size() + manager_visits.size());
    tell_metrics(desk.ingest_statistics, sink);
    tell_field_metrics(desk, sink);
    tell_metrics(desk.books.inspections(), sink);
  });
  if (its_doors.process_figures) options.metric_sources.push_back(its_doors.process_figures);
  return options;
}

void HeadEnd::Parts::arrived(Visit& visit) {
  const auto& file = *visit.session.area()->file;
  --strangers;
  Visit* const before = std::exchange(at_concentrator[file.id], &visit);
  if (before != nullptr) before->session.close();
  desk.set_attendant(file.id, &visit.attendant);
  if (file.reports) visits.look_after(visit, visit.session.confirm_reports());
  note_coming(file.id, visit.session.peer());
}

void HeadEnd::Parts::note_coming(ConcentratorId id, const std::string& peer) {
  desk.field.came(id, peer, desk.now());
  desk.books.note_login(id, desk.now());
  desk.commit_soon();
}

void HeadEnd::Parts::note_going(ConcentratorId id) {
  desk.field.went(id, desk.now());
  desk.books.note_logout(id, desk.now());
  desk.commit_soon();
}

void HeadEnd::Parts::manager_arrived(ConcentratorId id, const std::string& peer) {
  --strangers;
  if (++connections_of_manager[id] == 1) note_coming(id, peer);
}

void HeadEnd::Parts::part(ManagerVisit& visit) {
  const auto* area = visit.session.area();
  if (area == nullptr)
    --strangers;
  else if (--connections_of_manager[area->file->id] == 0)
    note_going(area->file->id);
}

bool HeadEnd::Parts::is_full() const {
  const auto& rules = desk.configuration().ingest;
  return visits.size() + manager_visits.size() >= rules.connections_max || strangers >= rules.strangers_max;
}

seam::asio::awaitable<void> HeadEnd::Parts::receive_concentrators() {
  while (true) {
    auto link = co_await doors.uplinks.accept();
    if (!link) co_return;
    if (is_full()) {
      ++desk.ingest_statistics.connections_turned_away;
      (*link)->close();
      continue;
    }
    ++strangers;
    auto& visit = visits.admit(desk, *this, std::move(*link));
    visits.look_after(visit, visit.session.listen(), visit.attend());
  }
}

seam::asio::awaitable<void> HeadEnd::Parts::receive_managers() {
  while (true) {
    auto link = co_await doors.managers->accept();
    if (!link) co_return;
    if (is_full()) {
      ++desk.ingest_statistics.connections_turned_away;
      (*link)->close();
      continue;
    }
    ++strangers;
    const ManagerSession::Surroundings around{
        desk.clock, desk.estate, *desk.ingest,
        [this](ConcentratorId id, const std::string& peer) { manager_arrived(id, peer); }};
    auto& visit = manager_visits.admit(around, std::move(*link));
    manager_visits.look_after(visit, visit.session.listen(), visit.session.answer());
  }
}

seam::asio::awaitable<void> HeadEnd::Parts::receive_counters() {
  while (true) {
    auto link = co_await doors.counter.accept();
    if (!link) co_return;
    auto& visit = counter_visits.admit(desk, std::move(*link));
    desk.add_counter(visit.connection);
    counter_visits.look_after(visit, visit.connection.serve(), visit.connection.push_notices());
  }
}

/// A piece of the night at a time: whoever waits for the books gets his turn between two areas.
seam::asio::awaitable<void> HeadEnd::Parts::watch_nights() {
  constexpr Duration between_areas = 1ms;
  while (true) {
    const Instant at = std::max(night.next_duty(desk.books), desk.now() + between_areas);
    co_await desk.clock.sleep_until(at);
    if (night.work(desk.books, desk.now())) desk.commit_soon();
  }
}

void HeadEnd::Parts::part(Visit& visit) {
  const auto* area = visit.session.area();
  if (area == nullptr) {
    --strangers;
    return;
  }
  const ConcentratorId id = area->file->id;
  if (at_concentrator[id] == &visit) at_concentrator[id] = nullptr;
  if (!desk.is_attendant(id, visit.attendant)) return;
  desk.set_attendant(id, nullptr);
  note_going(id);
}

void HeadEnd::Parts::close_doors() {
  doors.uplinks.close();
  doors.counter.close();
  if (doors.managers != nullptr) doors.managers->close();
  if (doors.http != nullptr) doors.http->close();
}

bool HeadEnd::Parts::owes_anything() {
  bool owes = false;
  visits.each([&](Visit& visit) { owes = owes || visit.session.owes_anything(); });
  manager_visits.each([&](ManagerVisit& visit) { owes = owes || visit.session.owes_anything(); });
  return owes;
}

HeadEnd::HeadEnd(Configuration configuration, const std::filesystem::path& store, seam::Clock& clock,
                 const Doors& doors, FrameTap tap)
    : parts_(std::make_unique<Parts>(configuration, store, clock, doors, std::move(tap))) {}

HeadEnd::~HeadEnd() = default;

void HeadEnd::start() {
  auto& parts = *parts_;
  METERTWIN_CHECK(!std::exchange(parts.is_started, true), "started twice");
  seam::spawn(parts.desk.clock, parts.receive_concentrators());
  seam::spawn(parts.desk.clock, parts.receive_counters());
  if (parts.doors.managers != nullptr) seam::spawn(parts.desk.clock, parts.receive_managers());
  if (parts.doors.http != nullptr) {
    seam::spawn(parts.desk.clock, parts.http.receive(*parts.doors.http));
    seam::spawn(parts.desk.clock, parts.http.watch_writes());
  }
  seam::spawn(parts.desk.clock, parts.desk.keep_time());
  if (parts.desk.configuration().night.is_on) seam::spawn(parts.desk.clock, parts.watch_nights());
}

seam::asio::awaitable<void> HeadEnd::drain(Instant deadline) {
  constexpr Duration look_again = 10ms;
  auto& parts = *parts_;
  parts.is_draining = true;
  parts.close_doors();
  parts.http.drain();
  parts.desk.ingest->drain();
  do {
    parts.desk.commit();
    co_await parts.desk.clock.sleep_for(look_again);
  } while (parts.owes_anything() && parts.desk.now() < deadline);
  parts.visits.each([](Visit& visit) { visit.session.close(); });
  parts.manager_visits.each([](ManagerVisit& visit) { visit.session.close(); });
  parts.desk.commit();
}

Books& HeadEnd::books() { return parts_->desk.books; }

const TalkStatistics& HeadEnd::statistics() const { return parts_->desk.statistics; }

const IngestStatistics& HeadEnd::ingest_statistics() const { return parts_->desk.ingest_statistics; }
}  // namespace headend
