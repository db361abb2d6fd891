// Killed between any two exchanges and started again on its store: nothing acknowledged is lost, nothing done
// twice.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "core/digest.hpp"

#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;

namespace {
std::string sale(const std::string& key, const std::string& account, int fen) {
  return R"({"do":"sale","key":")" + key + R"(","account":")" + account + R"(","amount_fen":)" +
         std::to_string(fen) + "}";
}

/// A cashier: says each slip until its receipt comes, over any number of crashes.
struct Cashier {
  Scene& scene;
  std::map<std::string, std::string> open;  ///< key -> line
  std::map<std::string, int> receipts;      ///< key -> receipt number
  void pay(const std::string& key, const std::string& account, int fen) {
    open[key] = sale(key, account, fen);
    scene.counter.say(open[key]);
  }
  void listen() {
    scene.counter.on_line = [this](const std::string& line) {
      const auto heard = nlohmann::json::parse(line);
      if (!heard.contains("sale")) return;
      const std::string key = heard["key"];
      if (receipts.contains(key)) CHECK(receipts[key] == heard["sale"]);
      receipts[key] = heard["sale"];
      open.erase(key);
    };
  }
  void repeat_open() {
    for (const auto& [key, line] : open) scene.counter.say(line);
  }
};

/// Runs the same story - archive, sales, recharges, a night of rounds - and cuts the power when the
/// concentrator hears its nth request (before or after it does what it was told). Answers whether the story
/// was long enough to be cut.
bool story_with_power_cut(int cut_at, bool request_is_lost) {
  Scene scene(
      make_configuration({.meters_per_concentrator = {3}, .payment = headend::PaymentMode::prepaid_meter}));
  Cashier cashier{scene, {}, {}};
  cashier.listen();
  int n = 0;
  bool is_cut = false;
  scene.north().script = [&](int, const gdw3761::FrameView&) {
    Deed deed;
    if (is_cut || ++n != cut_at) return deed;
    is_cut = true;
    deed.is_heard = !request_is_lost;
    return deed;
  };
  scene.start();
  bool was_cut = false;
  const auto run = [&](Instant t) {
    if (!was_cut && scene.run_until_holds(t, [&] { return is_cut; })) {
      was_cut = true;
      scene.crash();
      scene.restart_after(47s);
      cashier.repeat_open();
    }
    scene.run_until(t);
  };
  run(at(0, 2));
  cashier.pay("a", "A0001", 5000);
  cashier.pay("b", "A0002", 3000);
  run(at(0, 30));
  cashier.pay("c", "A0001", 200);
  run(at(3));

  CHECK(cashier.receipts.size() == 3);
  CHECK(scene.committed("SELECT count(*) FROM sale") == 3);
  CHECK(scene.committed("SELECT sum(amount_fen) FROM posting WHERE ledger = 'cash'") == 8200);
  CHECK(scene.committed("SELECT sum(amount_fen) FROM posting") == 0);
  CHECK(scene.committed("SELECT count(*) FROM command WHERE state = 'done'") == 3);
  CHECK(scene.committed("SELECT count(*) FROM command") == 3);
  CHECK(scene.north().meter(1).money_fen == 5200);
  CHECK(scene.north().meter(1).purchase_count == 2);
  CHECK(scene.north().meter(2).money_fen == 3000);
  CHECK(scene.north().meter(1).credits + scene.north().meter(2).credits == 3);
  for (MeterId meter = 1; meter <= 3; ++meter) CHECK(scene.right_readings(meter) == 12);
  CHECK(scene.north().archive.size() == 3);
  return was_cut;
}
}  // namespace

TEST_CASE("a power cut at any exchange of a busy night loses nothing and doubles nothing") {
  const bool request_is_lost = GENERATE(true, false);
  int cuts = 0;
  for (int cut_at = 1; cut_at <= 60; ++cut_at) {
    INFO("cut at exchange " << cut_at << ", request lost " << request_is_lost);
    if (!story_with_power_cut(cut_at, request_is_lost)) break;
    ++cuts;
  }
  CHECK(cuts >= 15);
}

TEST_CASE("a power cut at any second around a sale and its recharge loses nothing and doubles nothing") {
  for (int second = 0; second < 40; ++second) {
    INFO("cut " << second << " s after the sale");
    Scene scene(
        make_configuration({.meters_per_concentrator = {1}, .payment = headend::PaymentMode::prepaid_meter}));
    Cashier cashier{scene, {}, {}};
    cashier.listen();
    scene.start();
    scene.run_until(at(0, 2));
    cashier.pay("a", "A0001", 5000);
    scene.run_for(std::chrono::milliseconds(250 * second));
    scene.crash();
    scene.restart_after(5s);
    cashier.repeat_open();
    scene.run_for(10min);
    CHECK(cashier.receipts.size() == 1);
    CHECK(scene.north().meter(1).credits == 1);
    CHECK(scene.committed("SELECT count(*) FROM command WHERE state = 'done'") == 1);
    CHECK(scene.committed("SELECT -sum(amount_fen) FROM posting WHERE ledger = 'meter_credit'") == 5000);
  }
}

TEST_CASE("the same story told twice leaves the same bytes on the wire") {
  const auto tell = [] {
    Scene scene(make_configuration(
        {.meters_per_concentrator = {5, 4}, .payment = headend::PaymentMode::prepaid_meter}));
    core::Digest digest;
    for (auto& concentrator : scene.concentrators)
      concentrator->script = [&digest, &scene](int, const gdw3761::FrameView& frame) {
        digest.add(core::unix_nanoseconds(scene.world().clock().now()));
        digest.add(frame.raw);
        return Deed{};
      };
    scene.start();
    scene.run_until(at(0, 2));
    scene.counter.say(sale("a", "A0001", 5000));
    scene.run_until(at(6));
    return digest.hex();
  };
  CHECK(tell() == tell());
}
