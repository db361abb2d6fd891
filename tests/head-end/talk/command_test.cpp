// Commands: carried out at least once over the wire, exactly once in effect, and always before collecting.
#include <catch2/catch.hpp>

#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;
using headend::CommandKind;

namespace {
bool is_forward(const gdw3761::FrameView& frame) { return frame.afn == gdw3761::Afn::forward; }

/// The control byte of the forwarded DL/T 645 request.
dlt645::Function function_of(const gdw3761::FrameView& frame) {
  dlt645::Frame asked;
  const auto request = gdw3761::parse_forward(frame);
  if (!request || !dlt645::decode(request->payload, asked)) return dlt645::Function::reserved;
  return asked.control.function();
}

std::string order(const std::string& key, const std::string& account, const std::string& to) {
  return R"({"do":"switch","key":")" + key + R"(","account":")" + account + R"(","to":")" + to + R"("})";
}

std::string sale(const std::string& key, const std::string& account, int fen) {
  return R"({"do":"sale","key":")" + key + R"(","account":")" + account + R"(","amount_fen":)" +
         std::to_string(fen) + "}";
}

std::int64_t commands(const Scene& scene, const std::string& state) {
  return scene.committed("SELECT count(*) FROM command WHERE state = '" + state + "'");
}
}  // namespace

TEST_CASE("a trip is carried out at once, seen on the relay and booked as done; so is the close") {
  Scene scene;
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(order("k1", "A0002", "trip"));
  scene.run_for(10s);
  CHECK(scene.north().meter(2).is_open);
  CHECK(scene.north().meter(2).trips == 1);
  CHECK(commands(scene, "done") == 1);
  scene.counter.say(order("k2", "A0002", "close"));
  scene.run_for(10s);
  CHECK_FALSE(scene.north().meter(2).is_open);
  CHECK(commands(scene, "done") == 2);
  CHECK_FALSE(scene.north().meter(1).is_open);
}

TEST_CASE("a trip whose answer is lost is found done, not done again") {
  const auto how = GENERATE(0, 1, 2);  // the uplink loses it; the meter's answer is lost; the line dies
  INFO("how " << how);
  Scene scene;
  int n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    Deed deed;
    if (!is_forward(frame) || function_of(frame) != dlt645::Function::remote_control || ++n > 1) return deed;
    deed.is_answered = how != 0;
    deed.meter_is_silent = how == 1;
    deed.drops_line = how == 2;
    return deed;
  };
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(order("k1", "A0002", "trip"));
  scene.run_for(5min);
  CHECK(n == 1);
  CHECK(scene.north().meter(2).trips == 1);
  CHECK(commands(scene, "done") == 1);
}

TEST_CASE("a trip that never reached the meter is sent again") {
  Scene scene;
  int n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    return Deed{.is_heard = !is_forward(frame) || ++n > 2};
  };
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(order("k1", "A0002", "trip"));
  scene.run_for(10min);
  CHECK(scene.north().meter(2).trips == 1);
  CHECK(commands(scene, "done") == 1);
}

TEST_CASE("a running trip delay is waited for, not answered with a second trip") {
  Scene scene;
  scene.north().meter(3).trip_delay = 3min;
  int controls = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    controls += is_forward(frame) && function_of(frame) == dlt645::Function::remote_control;
    return Deed{};
  };
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(order("k1", "A0003", "trip"));
  scene.run_for(2min);
  CHECK(commands(scene, "done") == 0);
  scene.run_for(8min);
  CHECK(controls == 1);
  CHECK(scene.north().meter(3).trips == 1);
  CHECK(commands(scene, "done") == 1);
}

TEST_CASE("a meter that keeps power refuses the trip and the reason is kept") {
  Scene scene;
  scene.north().meter(1).keeps_power = true;
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(order("k1", "A0001", "trip"));
  scene.run_for(1min);
  CHECK_FALSE(scene.north().meter(1).is_open);
  CHECK(commands(scene, "failed") == 1);
  CHECK(scene.committed("SELECT count(*) FROM command WHERE detail <> ''") == 1);
}

TEST_CASE("keep-power reaches the meter and is released again") {
  Scene scene;
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(order("k1", "A0001", "keep-power"));
  scene.run_for(10s);
  CHECK(scene.north().meter(1).keeps_power);
  scene.counter.say(order("k2", "A0001", "release-keep-power"));
  scene.run_for(10s);
  CHECK_FALSE(scene.north().meter(1).keeps_power);
  CHECK(commands(scene, "done") == 2);
}

TEST_CASE("a command waits for no round: between two exchanges it goes first") {
  Scene scene(make_configuration({.meters_per_concentrator = {600}}));
  std::vector<gdw3761::Afn> asked;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    asked.push_back(frame.afn);
    if (asked.size() > 1 && frame.afn == gdw3761::Afn::history_data &&
        asked[asked.size() - 2] != gdw3761::Afn::history_data)
      scene.counter.say(order("k" + std::to_string(asked.size()), "A0002", "keep-power"));
    return Deed{};
  };
  scene.start();
  scene.run_until(at(0, 14));
  const auto first = std::find(asked.begin(), asked.end(), gdw3761::Afn::history_data);
  REQUIRE(asked.end() - first >= 3);
  CHECK(*(first + 1) == gdw3761::Afn::forward);
  CHECK(*(first + 2) == gdw3761::Afn::history_data);
}

TEST_CASE("a sale reaches the purse in the meter once; the first one opens the account") {
  const bool is_opened = GENERATE(true, false);
  INFO("opened before " << is_opened);
  Scene scene(make_configuration({.payment = headend::PaymentMode::prepaid_meter}));
  scene.north().meter(2).is_account_opened = is_opened;
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(sale("s1", "A0002", 5000));
  scene.run_for(1min);
  CHECK(scene.north().meter(2).money_fen == 5000);
  CHECK(scene.north().meter(2).purchase_count == 1);
  scene.counter.say(sale("s2", "A0002", 700));
  scene.counter.say(sale("s2", "A0002", 700));
  scene.run_for(1min);
  CHECK(scene.north().meter(2).money_fen == 5700);
  CHECK(scene.north().meter(2).purchase_count == 2);
  CHECK(scene.committed("SELECT count(*) FROM sale") == 2);
  CHECK(commands(scene, "done") == 2);
  CHECK(scene.committed("SELECT -sum(amount_fen) FROM posting WHERE ledger = 'meter_credit'") == 5700);
}

TEST_CASE("a recharge with a lost answer is credited once, whatever was lost and however often") {
  const auto lost = GENERATE(range(1, 6));
  const auto how = GENERATE(0, 1, 2, 3);  // request; uplink's answer; meter's answer; the line
  INFO("lost " << lost << " how " << how);
  Scene scene(make_configuration({.payment = headend::PaymentMode::prepaid_meter}));
  int n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    Deed deed;
    if (!is_forward(frame) || ++n > lost) return deed;
    deed.is_heard = how != 0;
    deed.is_answered = how != 1;
    deed.meter_is_silent = how == 2;
    deed.drops_line = how == 3;
    return deed;
  };
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(sale("s1", "A0002", 5000));
  scene.run_until(at(2));
  CHECK(scene.north().meter(2).credits == 1);
  CHECK(scene.north().meter(2).money_fen == 5000);
  CHECK(commands(scene, "done") == 1);
  CHECK(scene.committed("SELECT -sum(amount_fen) FROM posting WHERE ledger = 'meter_credit'") == 5000);
  CHECK(scene.committed("SELECT sum(amount_fen) FROM posting WHERE ledger = 'in_transit'") == 0);
}

TEST_CASE("a meter whose purchase count is not ours refuses, and the books say why") {
  Scene scene(make_configuration({.payment = headend::PaymentMode::prepaid_meter}));
  scene.north().meter(1).purchase_count = 7;
  scene.start();
  scene.run_until(at(1));
  scene.counter.say(sale("s1", "A0001", 5000));
  scene.run_for(5min);
  CHECK(scene.north().meter(1).credits == 0);
  CHECK(commands(scene, "failed") == 1);
  CHECK(scene.committed("SELECT count(*) FROM command WHERE detail LIKE '%count is 7%'") == 1);
}

TEST_CASE("balances in meters are asked after midnight, overdraft as a negative balance") {
  Scene scene(make_configuration({.payment = headend::PaymentMode::prepaid_meter}));
  scene.start();
  scene.run_until(at(1));
  for (const auto* account : {"A0001", "A0002", "A0003"})
    scene.counter.say(sale(std::string("s") + account, account, 5000));
  scene.run_until(at(20));
  scene.north().meter(1).money_fen = 1234;
  scene.north().meter(2).money_fen = -321;
  scene.run_until(at(1, 0, 0, 2));
  CHECK(scene.committed(
            "SELECT balance_fen FROM meter_balance WHERE meter = 1 ORDER BY asked_at_ns DESC LIMIT 1") ==
        1234);
  CHECK(scene.committed(
            "SELECT balance_fen FROM meter_balance WHERE meter = 2 ORDER BY asked_at_ns DESC LIMIT 1") ==
        -321);
  CHECK(scene.committed(
            "SELECT purchase_count FROM meter_balance WHERE meter = 3 ORDER BY asked_at_ns DESC LIMIT 1") ==
        1);
}

TEST_CASE("a prepaid customer whose money is used up is cut off, and restored by a payment") {
  auto configuration = make_configuration({.payment = headend::PaymentMode::prepaid_head_end});
  Scene scene(configuration);
  scene.start();
  // 3 centikWh a quarter hour (meter 2) at 0.5 CNY/kWh: 1.5 fen each; 30 fen last for 20 quarter hours.
  scene.run_until(at(0, 2));
  for (const auto* account : {"A0001", "A0003"})
    scene.counter.say(sale(std::string("s") + account, account, 5000));
  scene.counter.say(sale("s2", "A0002", 30));
  scene.run_until(at(4, 59));
  CHECK_FALSE(scene.north().meter(2).is_open);
  scene.run_until(at(5, 14));
  CHECK(scene.north().meter(2).is_open);
  CHECK(scene.north().meter(2).trips == 1);
  scene.counter.say(sale("s3", "A0002", 5000));
  scene.run_for(15s);
  CHECK_FALSE(scene.north().meter(2).is_open);
  CHECK_FALSE(scene.north().meter(1).is_open);
  CHECK_FALSE(scene.north().meter(3).is_open);
}
