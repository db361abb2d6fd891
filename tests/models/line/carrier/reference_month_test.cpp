// A month of the reference area: what issue papers ask of a carrier in default noise.
#include <catch2/catch.hpp>
#include <iostream>

#include "models/line/carrier/area_survey.hpp"

using namespace model::carrier;
using namespace std::chrono_literals;

TEST_CASE(
    "thirty days of 200 modules: 90 to 95 % at once and directly, 99.5 % in the end, each loss explained") {
  SurveyPlan plan;
  plan.cycles = 96 * 30;
  plan.channel.seed = 42;
  plan.channel.starts = core::instant_from_seconds(1'782'835'200);
  plan.channel.utc_offset = 8h;
  const auto feeder = model::load_feeder(METERTWIN_FEEDERS "/european-lv.yaml");
  const auto places = spread_places(feeder, 200);
  const auto raw = survey(direct_and_once(plan), feeder, places);
  const auto usual = survey(plan, feeder, places);
  std::cout << "direct and once " << raw.share() << ", with relays at first " << usual.share_at_first()
            << ", in the end " << usual.share() << "\n";
  std::uint64_t explained = 0;
  for (const auto& [cause, count] : usual.causes) {
    std::cout << "  " << name_of(cause) << ": " << count << "\n";
    CHECK(cause != LossCause::none);
    explained += count;
  }
  CHECK(explained == usual.due - usual.read);
  CHECK(raw.share() >= 0.90);
  CHECK(raw.share() <= 0.95);
  CHECK(usual.share() >= 0.995);
}
