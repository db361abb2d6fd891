// Campaigns over the wire, and with the power cut at any exchange: nobody stays limited after the window.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/campaign/campaign_book.hpp"
#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;
using headend::CampaignMeans;

namespace {
headend::CampaignPlan plan_of(CampaignMeans means) {
  headend::CampaignPlan plan;
  plan.name = "evening";
  plan.means = means;
  plan.power_W = 2000;
  plan.from = at(2);
  plan.till = at(3);
  return plan;
}
Configuration with(const headend::CampaignPlan& plan, int meters = 3) {
  auto configuration = make_configuration({.meters_per_concentrator = {meters}});
  configuration.campaigns = {plan};
  return configuration;
}
}  // namespace

TEST_CASE("limits go out ahead, are confirmed, and are taken back when the window is over") {
  Scene scene(with(plan_of(CampaignMeans::limit)));
  scene.north().meters[1].keeps_power = true;
  scene.start();
  scene.run_until(at(1, 29));
  for (const auto& meter : scene.north().meters) CHECK(meter.load_limit.empty());
  scene.run_until(at(2));
  CHECK(scene.north().meters[0].limits_set == 1);
  CHECK(scene.north().meters[1].limits_set == 0);
  scene.run_until(at(3, 10));
  for (const auto& meter : scene.north().meters) CHECK(meter.load_limit.empty());
  CHECK(scene.committed(
            "SELECT count(*) FROM campaign_customer WHERE outcome = 'confirmed' AND released_at_ns > 0") ==
        2);
  CHECK(scene.committed("SELECT count(*) FROM campaign_customer WHERE outcome = 'refused'") == 1);
}

TEST_CASE("calls are heard and answered: yes, no, and nobody there") {
  Scene scene(with(plan_of(CampaignMeans::call)));
  for (std::size_t i = 0; i < 3; ++i) scene.north().meters[i].call_answer = static_cast<std::uint8_t>(i + 1);
  scene.start();
  scene.run_until(at(2));
  for (const char* outcome : {"accepted", "declined", "silent"})
    CHECK(scene.committed("SELECT count(*) FROM campaign_customer WHERE outcome = '" + std::string(outcome) +
                          "'") == 1);
}

TEST_CASE("a meter that is silent at first is tried again, and one that stays silent has failed") {
  Scene scene(with(plan_of(CampaignMeans::limit)));
  int n = 0;
  bool is_deaf = false;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    Deed deed;
    const bool is_forward = frame.afn == gdw3761::Afn::forward;
    deed.meter_is_silent = is_forward && (is_deaf || ++n <= 2);
    deed.is_heard = !(is_forward && is_deaf);
    return deed;
  };
  scene.start();
  scene.run_until(at(2));
  CHECK(scene.committed("SELECT count(*) FROM campaign_customer WHERE outcome = 'confirmed'") == 3);
  is_deaf = true;
  scene.run_until(at(4));
  CHECK(scene.committed("SELECT count(*) FROM campaign_customer WHERE released_at_ns IS NULL") == 3);
  is_deaf = false;
  scene.run_until(at(5));
  CHECK(scene.committed("SELECT count(*) FROM campaign_customer WHERE released_at_ns IS NULL") == 0);
  for (const auto& meter : scene.north().meters) CHECK(meter.load_limit.empty());
}

TEST_CASE("no sequence of crashes and lost frames leaves a meter limited after the window") {
  constexpr std::uint64_t trials = 12;
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    INFO("seed " << trial);
    const core::RandomStream draws(trial, 5, core::Purpose::test);
    std::uint64_t next = 0;
    const auto draw = [&](std::int64_t low, std::int64_t high) { return draws.between(low, high, next++); };
    Scene scene(with(plan_of(CampaignMeans::limit), 5));
    bool is_calm = false;
    scene.north().script = [&](int, const gdw3761::FrameView& frame) {
      Deed deed;
      if (is_calm || frame.afn != gdw3761::Afn::forward) return deed;
      const auto fate = draw(0, 5);
      deed.is_heard = fate != 0;
      deed.is_answered = fate != 1;
      deed.meter_is_silent = fate == 2;
      return deed;
    };
    scene.start();
    scene.run_until(at(1, 29));
    while (scene.now() < at(3, 20)) {
      scene.run_for(std::chrono::seconds(draw(1, 600)));
      scene.crash();
      scene.restart_after(std::chrono::seconds(draw(1, 900)));
    }
    is_calm = true;
    scene.run_until(at(5));
    for (const auto& meter : scene.north().meters) CHECK(meter.load_limit.empty());
    CHECK(scene.committed("SELECT count(*) FROM campaign_customer WHERE asked_at_ns > 0 AND "
                          "released_at_ns IS NULL AND outcome <> 'refused'") == 0);
  }
}
