#include "models/inspection/inspectors.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/check.hpp"
#include "core/random.hpp"
#include "models/inspection/inspection_messages.hpp"

namespace model {
namespace {
constexpr std::size_t line_bytes_max = 64 * 1024;

enum class Errand : std::uint8_t { connect, ask, look, repeat_report, arrive_up, arrive_down, closed };
/// Order: instant, then kind, then number.
struct Plan {
  core::Instant at{};
  Errand errand = Errand::connect;
  std::uint64_t number = 0;  ///< of an order, a packet or a connection
  auto operator<=>(const Plan&) const = default;
};

/// An order that a crew has taken.
struct Job {
  std::vector<std::pair<MeterId, std::string>> meters;  ///< still to be looked at, the next one last
  std::size_t looked_at = 0;
  std::string finding;  ///< so far
  bool is_of_area = false;
  bool is_done = false;  ///< reported, perhaps not answered yet
};
struct Packet {
  std::uint64_t connection = 0;
  std::string bytes;
};
}  // namespace

struct Inspectors::State {
  State(InspectorSetup&& inspector_setup, TruthSink& sink, CounterPort& far_end, InspectionView& inspection)
      : setup(std::move(inspector_setup)), truth(sink), port(far_end), view(inspection) {
    if (setup.crews == 0) return;
    METERTWIN_CHECK(setup.asks_every > core::Duration(0) && setup.stays > core::Duration(0));
    plans.insert({setup.starts, Errand::connect, 0});
    plan_asking(setup.starts);
  }

  void do_errand(const Plan& plan) {
    switch (plan.errand) {
      case Errand::connect:
        return connect(plan.at);
      case Errand::ask:
        ask(plan.at);
        return plan_asking(plan.at + setup.asks_every);
      case Errand::look:
        return look(plan.at, static_cast<std::int64_t>(plan.number));
      case Errand::repeat_report:
        return report(plan.at, static_cast<std::int64_t>(plan.number));
      case Errand::arrive_up:
        return arrive_up(plan.at, plan.number);
      case Errand::arrive_down:
        return arrive_down(plan.at, plan.number);
      case Errand::closed:
        return lose(plan.at, plan.number);
    }
  }

  void connect(core::Instant at) {
    received.clear();
    is_connected = true;  // before the call: the head-end may write within it
    ++connection;
    if (port.connect(at)) return;
    is_connected = false;
    plans.insert({at + setup.reconnect_after, Errand::connect, 0});
  }
  void lose(core::Instant at, std::uint64_t of_connection) {
    if (!is_connected || of_connection != connection) return;
    is_connected = false;
    plans.insert({at + setup.reconnect_after, Errand::connect, 0});
  }

  void plan_asking(core::Instant after) {
    const auto at = setup.hours.open_from(after);
    if (at < setup.ends) plans.insert({at, Errand::ask, 0});
  }
  int crews_at_rest() const {
    const auto busy =
        std::count_if(jobs.begin(), jobs.end(), [](const auto& job) { return !job.second.is_done; });
    return setup.crews - static_cast<int>(busy);
  }
  void ask(core::Instant at) {
    if (is_connected && crews_at_rest() > 0) send_up(at, open_orders_line(0));
  }

  void take_orders(core::Instant at, const OpenOrders& open) {
    for (const auto& order : open.orders)
      if (crews_at_rest() > 0 && jobs.find(order.number) == jobs.end()) take_order(at, order);
    if (!open.is_whole && !open.orders.empty() && crews_at_rest() > 0)
      send_up(at, open_orders_line(open.orders.back().number));
  }
  void take_order(core::Instant at, const OpenOrder& order) {
    Job job;
    job.is_of_area = order.meter.empty();
    for (const auto& area : setup.areas)
      for (std::size_t i = area.meter_names.size(); i-- > 0;)
        if (job.is_of_area ? area.name == order.area : area.meter_names[i] == order.meter)
          job.meters.emplace_back(area.first_meter + static_cast<MeterId>(i), area.meter_names[i]);
    const core::RandomStream draws(setup.seed, 0, core::Purpose::inspection);
    const core::Duration way(draws.between(setup.way_min.count(), setup.way_max.count(),
                                           static_cast<std::uint64_t>(order.number)));
    tell(at, "order-taken", order.number,
         (job.is_of_area ? "area " + order.area : order.meter) + ": " + order.reason);
    jobs.emplace(order.number, std::move(job));
    plans.insert({setup.hours.after(at, way), Errand::look, static_cast<std::uint64_t>(order.number)});
  }

  void look(core::Instant at, std::int64_t number) {
    auto& job = jobs.at(number);
    if (job.meters.empty()) {
      if (job.looked_at == 0) job.finding = "no such place";
      if (job.finding.empty()) job.finding = "nothing";
      job.is_done = true;
      tell(at, "order-reported", number, job.finding);
      report(at, number);
      return ask(at);
    }
    const auto [meter, name] = job.meters.back();
    job.meters.pop_back();
    ++job.looked_at;
    const auto found = view.inspect(meter, at);
    if (found != "nothing")
      job.finding += (job.finding.empty() ? "" : "; ") + (job.is_of_area ? name + ": " + found : found);
    plans.insert({setup.hours.after(at, setup.stays), Errand::look, static_cast<std::uint64_t>(number)});
  }
  void report(core::Instant at, std::int64_t number) {
    if (is_answered.count(number) != 0) return;
    plans.insert({at + setup.answer_timeout, Errand::repeat_report, static_cast<std::uint64_t>(number)});
    if (is_connected) send_up(at, report_line(number, jobs.at(number).finding));
  }

  void send_up(core::Instant at, std::string bytes) {
    plans.insert({at + setup.latency, Errand::arrive_up, packets_sent});
    packets.emplace(packets_sent++, Packet{connection, std::move(bytes)});
  }
  Packet take_packet(std::uint64_t number) {
    auto node = packets.extract(number);
    return std::move(node.mapped());
  }
  void arrive_up(core::Instant at, std::uint64_t number) {
    const auto packet = take_packet(number);
    if (is_connected && packet.connection == connection)
      port.deliver(
          at, core::Bytes(reinterpret_cast<const std::uint8_t*>(packet.bytes.data()), packet.bytes.size()));
  }
  void arrive_down(core::Instant at, std::uint64_t number) {
    const auto packet = take_packet(number);
    if (!is_connected || packet.connection != connection) return;
    received += packet.bytes;
    std::size_t from = 0;
    for (auto end = received.find('\n'); end != std::string::npos; end = received.find('\n', from)) {
      take_line(at, std::string_view(received).substr(from, end - from));
      from = end + 1;
    }
    received.erase(0, from);
    if (received.size() > line_bytes_max) received.clear();
  }
  /// Notices for customers come on this line, too; they are not for inspectors.
  void take_line(core::Instant at, std::string_view line) {
    const auto message = parse_inspection_line(line);
    if (!message) return;
    if (const auto* open = std::get_if<OpenOrders>(&*message)) take_orders(at, *open);
    if (const auto* answer = std::get_if<ReportAnswer>(&*message)) is_answered.insert(answer->number);
  }

  void tell(core::Instant at, std::string kind, std::int64_t value, std::string text) {
    truth.event({at, "inspectors", std::move(kind), value, std::move(text)});
  }

  InspectorSetup setup;
  TruthSink& truth;
  CounterPort& port;
  InspectionView& view;
  std::map<std::int64_t, Job> jobs;  ///< by number of the order: taken ones, done ones too
  std::set<std::int64_t> is_answered;
  std::set<Plan> plans;
  std::map<std::uint64_t, Packet> packets;
  std::string received;
  std::uint64_t packets_sent = 0, connection = 0;
  bool is_connected = false;
};

Inspectors::Inspectors(InspectorSetup setup, TruthSink& truth, CounterPort& port, InspectionView& view)
    : state_(std::make_unique<State>(std::move(setup), truth, port, view)) {}

Inspectors::~Inspectors() = default;

core::Instant Inspectors::next() const {
  return state_->plans.empty() ? core::never : state_->plans.begin()->at;
}

void Inspectors::advance(core::Instant now) {
  while (next() <= now) {
    const auto plan = *state_->plans.begin();
    state_->plans.erase(state_->plans.begin());
    state_->do_errand(plan);
  }
}

void Inspectors::head_end_wrote(core::Instant now, core::Bytes bytes) {
  if (!state_->is_connected) return;
  state_->plans.insert({now + state_->setup.latency, Errand::arrive_down, state_->packets_sent});
  state_->packets.emplace(
      state_->packets_sent++,
      Packet{state_->connection, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
}

void Inspectors::head_end_closed(core::Instant now) {
  if (state_->is_connected)
    state_->plans.insert({now + state_->setup.latency, Errand::closed, state_->connection});
}
}  // namespace model
