#include "models/counter/counter.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "core/random.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using core::Instant;
using rig::midnight;

namespace {
/// A head-end's counter in forty lines: books each key once.
struct Desk final : model::CounterPort, model::SupplyView {
  model::Counter* counter = nullptr;
  bool is_listening = true, is_answering = true, is_dark = false;
  std::string received;
  std::map<std::string, std::int64_t> booked;
  int sales_asked = 0, connects = 0;
  std::set<std::int64_t> acknowledged;
  bool connect(Instant) override {
    received.clear();
    connects += is_listening ? 1 : 0;
    return is_listening;
  }
  void drop(Instant) override {}
  bool is_supplied(model::MeterId, Instant) override { return !is_dark; }
  void deliver(Instant at, core::Bytes bytes) override {
    received.append(bytes.begin(), bytes.end());
    for (auto end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
      const auto line = nlohmann::json::parse(received.substr(0, end));
      received.erase(0, end + 1);
      if (line["do"] == "notice-received") acknowledged.insert(line["notice"].get<std::int64_t>());
      if (line["do"] == "sale") sell(at, line);
    }
  }
  void sell(Instant at, const nlohmann::json& sale) {
    ++sales_asked;
    const bool is_new = booked.emplace(sale["key"], sale["amount_fen"]).second;
    if (is_answering)
      write(at,
            {{"do", "sale"}, {"key", sale["key"]}, {"outcome", is_new ? "booked" : "repeated"}, {"sale", 1}});
  }
  void write(Instant at, const nlohmann::json& line) {
    const auto text = line.dump() + "\n";
    counter->head_end_wrote(at, core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
};
struct Bench {
  rig::Truth truth;
  Desk desk;
  std::optional<model::Counter> counter;
  explicit Bench(model::CounterSetup setup) {
    setup.starts = midnight;
    counter.emplace(std::move(setup), truth, desk, desk);
    desk.counter = &*counter;
  }
  void run(Instant till) { counter->advance(till); }
  std::size_t count(const std::string& kind) const { return truth.of("account A0001", kind).size(); }
};
model::CounterSetup one_customer(model::CustomerHabit habit = {}) {
  model::CounterSetup setup;
  setup.seed = 4;
  setup.customers.push_back({"A0001", 1, habit});
  return setup;
}
}  // namespace

TEST_CASE(
    "a scripted payment is paid once, booked once and receipted once, however often the slip is handed in") {
  auto setup = one_customer();
  setup.payments.push_back({midnight + 1h, "A0001", core::Fen(5000), 4});
  Bench bench(setup);
  bench.run(midnight + 2h);
  CHECK(bench.count("paid") == 1);
  CHECK(bench.count("receipt") == 1);
  CHECK(bench.truth.of("account A0001", "paid")[0].at == midnight + 1h);
  CHECK(bench.truth.of("account A0001", "paid")[0].value == 5000);
  CHECK(bench.desk.sales_asked == 4);
  CHECK(bench.desk.booked.size() == 1);
}

TEST_CASE("an unanswered sale is asked again with its key until it is answered, also over lost connections") {
  auto setup = one_customer();
  setup.payments.push_back({midnight + 1h, "A0001", core::Fen(5000), 1});
  Bench bench(setup);
  bench.desk.is_answering = false;
  bench.run(midnight + 1h + 2min);
  CHECK(bench.desk.sales_asked >= 4);
  bench.desk.is_listening = false;
  bench.counter->head_end_closed(midnight + 1h + 2min);
  bench.run(midnight + 1h + 10min);
  CHECK(bench.count("receipt") == 0);
  bench.desk.is_listening = bench.desk.is_answering = true;
  bench.run(midnight + 1h + 11min);
  CHECK(bench.count("receipt") == 1);
  CHECK(bench.count("paid") == 1);
  CHECK(bench.desk.booked.size() == 1);
  CHECK(bench.desk.connects == 2);
}

TEST_CASE("a payment made while the head-end is down is told to it when it is up") {
  auto setup = one_customer();
  setup.payments.push_back({midnight + 1h, "A0001", core::Fen(700), 2});
  Bench bench(setup);
  bench.desk.is_listening = false;
  bench.run(midnight + 3h);
  CHECK(bench.count("paid") == 1);
  bench.desk.is_listening = true;
  bench.run(midnight + 3h + 1min);
  CHECK(bench.count("receipt") == 1);
}

TEST_CASE("a warned customer pays after a while, once per notice and not while already on the way") {
  Bench bench(one_customer({model::CustomerHabit::When::warned, 1h, 3h, core::Fen(3000)}));
  bench.run(midnight + 1min);
  const auto notice = [&](Instant at, int number, const char* level) {
    bench.desk.write(
        at, {{"notice", number}, {"account", "A0001"}, {"level", level}, {"amount_fen", 100}, {"text", "x"}});
  };
  notice(midnight + 1min, 1, "bill");
  bench.run(midnight + 5h);
  CHECK(bench.count("paid") == 0);
  notice(midnight + 5h, 2, "alarm1");
  notice(midnight + 5h, 2, "alarm1");
  notice(midnight + 5h, 3, "alarm2");
  bench.run(midnight + 9h);
  REQUIRE(bench.count("paid") == 1);
  const auto after = bench.truth.of("account A0001", "paid")[0].at - (midnight + 5h);
  CHECK(after >= 1h);
  CHECK(after <= 3h + 1s);
  CHECK(bench.desk.acknowledged == std::set<std::int64_t>{1, 2, 3});
  notice(midnight + 9h, 4, "arrears");
  bench.run(midnight + 13h);
  CHECK(bench.count("paid") == 2);
}

TEST_CASE("a customer in the dark notices within ten minutes and pays; in the light they never do") {
  Bench bench(one_customer({model::CustomerHabit::When::cut_off, 30min, 30min, core::Fen(2000)}));
  bench.run(midnight + 5h);
  CHECK(bench.count("paid") == 0);
  bench.desk.is_dark = true;
  bench.run(midnight + 5h + 41min);
  REQUIRE(bench.count("paid") == 1);
  CHECK(bench.truth.of("account A0001", "paid")[0].at - (midnight + 5h) <= 40min);
  bench.desk.is_dark = false;
  bench.run(midnight + 20h);
  CHECK(bench.count("paid") == 1);
}

TEST_CASE("a refused sale gives the money back") {
  auto setup = one_customer();
  setup.payments.push_back({midnight + 1h, "A0001", core::Fen(700), 1});
  Bench bench(setup);
  bench.desk.is_answering = false;
  bench.run(midnight + 1h + 1s);
  bench.desk.write(midnight + 1h + 1s,
                   {{"do", "sale"}, {"key", "S-A0001-1"}, {"outcome", "over-hoarding-cap"}});
  bench.run(midnight + 2h);
  CHECK(bench.count("receipt") == 0);
  CHECK(bench.count("money-returned") == 1);
}

TEST_CASE("nonsense from the head-end's side is ignored") {
  Bench bench(one_customer({model::CustomerHabit::When::warned, 1h, 1h, core::Fen(3000)}));
  bench.run(midnight + 1min);
  const core::RandomStream random(6, 0, core::Purpose::test);
  for (std::uint64_t i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(random.between(1, 30, 2 * i)));
    for (std::size_t k = 0; k < bytes.size(); ++k)
      bytes[k] = static_cast<std::uint8_t>("{}[]\":,0123abnotice\n\xFF\\"[random.below(23, (i << 8) + k)]);
    bench.counter->head_end_wrote(midnight + 2min, bytes);
  }
  bench.run(midnight + 1h);
  CHECK(bench.count("paid") == 0);
}
