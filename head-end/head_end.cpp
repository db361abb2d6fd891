#include "head-end/head_end.hpp"

#include <algorithm>
#include <utility>

#include "head-end/api/counter_connection.hpp"
#include "head-end/collect/attendant.hpp"
#include "platform/spawn.hpp"

namespace headend {
namespace {
/// A concentrator's connection with who looks after it. Two coroutines refer to it; it goes when both have
/// ended.
struct Visit {
  Visit(Desk& desk, const Session::Surroundings& surroundings, std::unique_ptr<seam::Link> link)
      : session(surroundings, std::move(link)), attendant(desk, session) {}
  Session session;
  Attendant attendant;
  int coroutines = 2;
};

struct CounterVisit {
  CounterVisit(Desk& desk, std::unique_ptr<seam::Link> link) : connection(desk, std::move(link)) {}
  CounterConnection connection;
  int coroutines = 2;
};
}  // namespace

struct HeadEnd::Parts final : Reception {
  Parts(const Configuration& configuration, const std::filesystem::path& store, seam::Clock& clock,
        seam::Listener& its_uplinks, seam::Listener& its_counter, FrameTap tap)
      : desk(configuration, store, clock, std::move(tap)), uplinks(its_uplinks), counter(its_counter) {}

  void logged_in(Session& session) override;
  seam::asio::awaitable<void> receive_concentrators();
  seam::asio::awaitable<void> receive_counters();
  seam::asio::awaitable<void> listen(Visit& visit);
  seam::asio::awaitable<void> attend(Visit& visit);
  seam::asio::awaitable<void> serve(CounterVisit& visit);
  seam::asio::awaitable<void> push_notices(CounterVisit& visit);
  void part(Visit& visit);
  void part(CounterVisit& visit);

  Desk desk;
  seam::Listener& uplinks;
  seam::Listener& counter;
  std::vector<std::unique_ptr<Visit>> visits;  ///< in order of coming
  std::vector<std::unique_ptr<CounterVisit>> counter_visits;
  bool is_started = false;
};

void HeadEnd::Parts::logged_in(Session& session) {
  for (auto& other : visits) {
    const bool is_replaced = &other->session != &session && other->session.area() == session.area();
    if (is_replaced) other->session.close();
    if (&other->session == &session) desk.set_attendant(session.area()->file->id, &other->attendant);
  }
  desk.books.note_login(session.area()->file->id, desk.now());
  desk.commit_soon();
}

seam::asio::awaitable<void> HeadEnd::Parts::receive_concentrators() {
  while (true) {
    auto link = co_await uplinks.accept();
    if (!link) co_return;
    visits.push_back(std::make_unique<Visit>(
        desk, Session::Surroundings{desk.clock, desk.estate, *this, desk.statistics, desk.tap},
        std::move(*link)));
    seam::spawn(desk.clock, listen(*visits.back()));
    seam::spawn(desk.clock, attend(*visits.back()));
  }
}

seam::asio::awaitable<void> HeadEnd::Parts::receive_counters() {
  while (true) {
    auto link = co_await counter.accept();
    if (!link) co_return;
    counter_visits.push_back(std::make_unique<CounterVisit>(desk, std::move(*link)));
    desk.add_counter(counter_visits.back()->connection);
    seam::spawn(desk.clock, serve(*counter_visits.back()));
    seam::spawn(desk.clock, push_notices(*counter_visits.back()));
  }
}

seam::asio::awaitable<void> HeadEnd::Parts::listen(Visit& visit) {
  co_await visit.session.listen();
  part(visit);
}

seam::asio::awaitable<void> HeadEnd::Parts::attend(Visit& visit) {
  const bool is_here = co_await visit.session.until_logged_in();
  if (is_here) co_await visit.attendant.attend();
  part(visit);
}

seam::asio::awaitable<void> HeadEnd::Parts::serve(CounterVisit& visit) {
  co_await visit.connection.serve();
  part(visit);
}

seam::asio::awaitable<void> HeadEnd::Parts::push_notices(CounterVisit& visit) {
  co_await visit.connection.push_notices();
  part(visit);
}

void HeadEnd::Parts::part(Visit& visit) {
  if (--visit.coroutines > 0) return;
  if (const auto* area = visit.session.area();
      area != nullptr && desk.is_attendant(area->file->id, visit.attendant)) {
    desk.set_attendant(area->file->id, nullptr);
    desk.books.note_logout(area->file->id, desk.now());
    desk.commit_soon();
  }
  std::erase_if(visits, [&](const auto& other) { return other.get() == &visit; });
}

void HeadEnd::Parts::part(CounterVisit& visit) {
  if (--visit.coroutines > 0) return;
  desk.remove_counter(visit.connection);
  std::erase_if(counter_visits, [&](const auto& other) { return other.get() == &visit; });
}

HeadEnd::HeadEnd(Configuration configuration, const std::filesystem::path& store, seam::Clock& clock,
                 seam::Listener& uplinks, seam::Listener& counter, FrameTap tap)
    : parts_(std::make_unique<Parts>(configuration, store, clock, uplinks, counter, std::move(tap))) {}

HeadEnd::~HeadEnd() = default;

void HeadEnd::start() {
  METERTWIN_CHECK(!std::exchange(parts_->is_started, true), "started twice");
  seam::spawn(parts_->desk.clock, parts_->receive_concentrators());
  seam::spawn(parts_->desk.clock, parts_->receive_counters());
  seam::spawn(parts_->desk.clock, parts_->desk.keep_time());
}

Books& HeadEnd::books() { return parts_->desk.books; }

const TalkStatistics& HeadEnd::statistics() const { return parts_->desk.statistics; }
}  // namespace headend
