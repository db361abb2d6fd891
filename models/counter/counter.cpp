#include "models/counter/counter.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/check.hpp"
#include "core/random.hpp"
#include "models/counter/counter_messages.hpp"

namespace model {
namespace {
constexpr std::size_t line_bytes_max = 4096;
constexpr core::Duration between_copies = std::chrono::seconds(1);
constexpr core::Duration patience_after_paying = std::chrono::hours(1);
/// The head-end tells a notice again only when its receipt was lost with the connection.
constexpr std::size_t notices_remembered = 1024;

enum class Errand : std::uint8_t { connect, hand_over, retry, look, arrive_up, arrive_down, closed };
/// Something the counter or a customer will do. Order: instant, then kind, then number.
struct Plan {
  core::Instant at{};
  Errand errand = Errand::connect;
  std::uint64_t number = 0;  ///< payment, customer, or connection
  auto operator<=>(const Plan&) const = default;
};

struct Payment {
  std::string key;
  std::size_t customer = 0;
  core::Fen amount{0};
  int copies_left = 1;
  bool is_paid = false;  ///< the cash is on the table
  bool is_answered = false;
  bool is_own_wish = false;  ///< of a habit, not of the scenario
  core::Instant asked_at{};  ///< last time the head-end was asked
};
struct Customer {
  CustomerSetup setup;
  std::uint64_t occasions = 0;   ///< reasons to pay so far
  bool is_on_the_way = false;    ///< a payment of their own is planned or unanswered
  core::Instant patient_till{};  ///< having paid, they give the light some time to come back
};
struct Packet {
  std::uint64_t connection = 0;
  std::string bytes;
};
}  // namespace

struct Counter::State {
  State(CounterSetup&& counter_setup, TruthSink& sink, CounterPort& far_end, SupplyView& view)
      : setup(std::move(counter_setup)), truth(sink), port(far_end), supply(view) {
    for (const auto& customer : setup.customers) {
      by_account.emplace(customer.account, customers.size());
      customers.push_back({customer, 0, false, {}});
      if (customer.habit.when == CustomerHabit::When::cut_off) plan_look(customers.size() - 1, setup.starts);
    }
    for (const auto& payment : setup.payments) {
      const auto customer = by_account.find(payment.account);
      METERTWIN_CHECK(customer != by_account.end() && payment.times >= 1, payment.account);
      add_payment(payment.at, "S-" + payment.account + "-" + std::to_string(payments.size() + 1),
                  customer->second, payment.amount, payment.times);
    }
    plans.insert({setup.starts, Errand::connect, 0});
  }

  void add_payment(core::Instant at, std::string key, std::size_t customer, core::Fen amount, int copies) {
    by_key.emplace(key, payments.size());
    payments.push_back(
        {.key = std::move(key), .customer = customer, .amount = amount, .copies_left = copies});
    plans.insert({at, Errand::hand_over, payments.size() - 1});
  }
  core::RandomStream draws_of(std::size_t customer) const {
    return {setup.seed, customers[customer].setup.meter, core::Purpose::counter_payment};
  }
  /// Customers look at instants of their own, so that nobody's look meets another event at the same
  /// nanosecond by plan.
  void plan_look(std::size_t customer, core::Instant after) {
    const auto period = setup.looks_every.count();
    const auto phase =
        static_cast<std::int64_t>(draws_of(customer).below(static_cast<std::uint64_t>(period), ~0ull));
    const auto passed = core::unix_nanoseconds(after) - phase;
    plans.insert(
        {core::Instant(core::Duration((passed / period + 1) * period + phase)), Errand::look, customer});
  }

  void do_errand(const Plan& plan) {
    switch (plan.errand) {
      case Errand::connect:
        return connect(plan.at);
      case Errand::hand_over:
        return hand_over(plan.at, plan.number);
      case Errand::retry:
        return retry(plan.at, plan.number);
      case Errand::look:
        return look(plan.at, plan.number);
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
    if (!port.connect(at)) {
      is_connected = false;
      plans.insert({at + setup.reconnect_after, Errand::connect, 0});
      return;
    }
    for (std::size_t i = 0; i < payments.size(); ++i)
      if (payments[i].is_paid && !payments[i].is_answered) ask(at, i);
  }
  void lose(core::Instant at, std::uint64_t of_connection) {
    if (!is_connected || of_connection != connection) return;
    is_connected = false;
    plans.insert({at + setup.reconnect_after, Errand::connect, 0});
  }

  void hand_over(core::Instant at, std::size_t number) {
    auto& payment = payments[number];
    if (!payment.is_paid) {
      payment.is_paid = true;
      tell(at, payment.customer, "paid", payment.amount.count(), payment.key);
    }
    ask(at, number);
    if (--payment.copies_left > 0) plans.insert({at + between_copies, Errand::hand_over, number});
  }
  void ask(core::Instant at, std::size_t number) {
    auto& payment = payments[number];
    payment.asked_at = at;
    plans.insert({at + setup.answer_timeout, Errand::retry, number});
    if (is_connected)
      send_up(at, sale_line(payment.key, customers[payment.customer].setup.account, payment.amount));
  }
  void retry(core::Instant at, std::size_t number) {
    const auto& payment = payments[number];
    if (!payment.is_answered && payment.asked_at + setup.answer_timeout == at) ask(at, number);
  }

  void look(core::Instant at, std::size_t number) {
    auto& customer = customers[number];
    const bool is_dark = !supply.is_supplied(customer.setup.meter, at);
    if (is_dark && at >= customer.patient_till) want_to_pay(at, number);
    plan_look(number, at);
  }
  void want_to_pay(core::Instant at, std::size_t number) {
    auto& customer = customers[number];
    if (customer.is_on_the_way) return;
    customer.is_on_the_way = true;
    const auto& habit = customer.setup.habit;
    const auto occasion = customer.occasions++;
    const auto after = draws_of(number).between(habit.after_min.count(), habit.after_max.count(), occasion);
    add_payment(at + core::Duration(after),
                "H-" + customer.setup.account + "-" + std::to_string(occasion + 1), number, habit.amount, 1);
    payments.back().is_own_wish = true;
  }

  void send_up(core::Instant at, std::string bytes) {
    plans.insert({at + setup.latency, Errand::arrive_up, packets_sent});
    packets.emplace(packets_sent++, Packet{connection, std::move(bytes)});
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
  Packet take_packet(std::uint64_t number) {
    auto node = packets.extract(number);
    return std::move(node.mapped());
  }

  void take_line(core::Instant at, std::string_view line) {
    const auto message = parse_counter_line(line);
    if (!message) return;
    if (const auto* answer = std::get_if<SaleAnswer>(&*message)) take_answer(at, *answer);
    if (const auto* notice = std::get_if<NoticeLine>(&*message)) take_notice(at, *notice);
    if (const auto* error = std::get_if<ErrorLine>(&*message); error != nullptr && !error->key.empty())
      take_answer(at, {error->key, error->error});
  }
  void take_answer(core::Instant at, const SaleAnswer& answer) {
    const auto found = by_key.find(answer.key);
    if (found == by_key.end() || payments[found->second].is_answered) return;
    auto* payment = &payments[found->second];
    payment->is_answered = true;
    auto& customer = customers[payment->customer];
    customer.patient_till = at + patience_after_paying;
    if (payment->is_own_wish) customer.is_on_the_way = false;
    const bool is_booked = answer.outcome == "booked" || answer.outcome == "repeated";
    tell(at, payment->customer, is_booked ? "receipt" : "money-returned", payment->amount.count(),
         is_booked ? payment->key : payment->key + ": " + answer.outcome);
  }
  void take_notice(core::Instant at, const NoticeLine& notice) {
    if (is_connected) send_up(at, notice_received_line(notice.notice));
    if (notice.notice < notices_seen_from || !notices_seen.insert(notice.notice).second) return;
    if (notices_seen.size() > notices_remembered) {
      notices_seen_from = *notices_seen.begin() + 1;
      notices_seen.erase(notices_seen.begin());
    }
    const auto customer = by_account.find(notice.account);
    if (customer == by_account.end()) return;
    using When = CustomerHabit::When;
    const auto when = customers[customer->second].setup.habit.when;
    const bool is_warning = notice.level == "alarm1" || notice.level == "alarm2" || notice.level == "arrears";
    if ((when == When::warned && is_warning) || (when == When::in_arrears && notice.level == "arrears"))
      want_to_pay(at, customer->second);
  }

  void tell(core::Instant at, std::size_t customer, std::string kind, std::int64_t value, std::string text) {
    truth.event(
        {at, "account " + customers[customer].setup.account, std::move(kind), value, std::move(text)});
  }

  CounterSetup setup;
  TruthSink& truth;
  CounterPort& port;
  SupplyView& supply;
  std::vector<Customer> customers;
  std::map<std::string, std::size_t, std::less<>> by_account;
  std::vector<Payment> payments;
  std::map<std::string, std::size_t, std::less<>> by_key;
  std::set<Plan> plans;
  std::map<std::uint64_t, Packet> packets;
  std::set<std::int64_t> notices_seen;
  std::int64_t notices_seen_from = 0;  ///< all before were seen, or are too old to be told again
  std::string received;
  std::uint64_t packets_sent = 0, connection = 0;
  bool is_connected = false;
};

Counter::Counter(CounterSetup setup, TruthSink& truth, CounterPort& port, SupplyView& supply)
    : state_(std::make_unique<State>(std::move(setup), truth, port, supply)) {}

Counter::~Counter() = default;

core::Instant Counter::next() const {
  return state_->plans.empty() ? core::never : state_->plans.begin()->at;
}

void Counter::advance(core::Instant now) {
  while (next() <= now) {
    const auto plan = *state_->plans.begin();
    state_->plans.erase(state_->plans.begin());
    state_->do_errand(plan);
  }
}

void Counter::head_end_wrote(core::Instant now, core::Bytes bytes) {
  if (!state_->is_connected) return;
  state_->plans.insert({now + state_->setup.latency, Errand::arrive_down, state_->packets_sent});
  state_->packets.emplace(
      state_->packets_sent++,
      Packet{state_->connection, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
}

void Counter::head_end_closed(core::Instant now) {
  if (state_->is_connected)
    state_->plans.insert({now + state_->setup.latency, Errand::closed, state_->connection});
}
}  // namespace model
