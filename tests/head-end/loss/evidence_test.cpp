// From areas with labels to an evidence sheet.
#include "head-end/loss/evidence.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/head-end/loss/area.hpp"

namespace {
using namespace headend::loss;
using model::theft::Attack;

/// Six areas with one thief of each of two kinds to learn from.
const std::vector<LabelledScores>& lessons(const Detectors& detectors) {
  static std::vector<LabelledScores> learnt;
  if (!learnt.empty()) return learnt;
  for (std::uint64_t seed = 100; seed < 106; ++seed)
    for (const int kind : {0, 1}) {
      const auto area = loss_test::area_with_thief(seed, 15, kind == 0 ? Attack::h1 : Attack::h5);
      auto rows = scores_of(detectors, AreaView(area));
      for (std::size_t i = 0; i < rows.size(); ++i)
        learnt.push_back({std::move(rows[i]), i == 0 ? kind : honest});
    }
  return learnt;
}
}  // namespace

TEST_CASE("an ensemble that learnt two kinds ranks a fresh thief of each first and tells them apart") {
  const auto detectors = every_detector();
  const auto& learnt = lessons(detectors);
  const Ensemble ensemble(learnt, std::vector<bool>(detectors.size(), true));
  for (const int kind : {0, 1}) {
    const AreaView view(loss_test::area_with_thief(7, 15, kind == 0 ? Attack::h1 : Attack::h5));
    std::vector<double> scores;
    const auto rows = scores_of(detectors, view);
    for (const auto& row : rows) scores.push_back(ensemble.score(row));
    CHECK(loss_test::first_of(scores) == 0);
    CHECK(ensemble.likeliest_kind(rows[0]) == kind);
  }
}

TEST_CASE("without labels of thieves an ensemble weighs all detectors alike") {
  std::vector<LabelledScores> reference;
  for (int k = 0; k < 99; ++k) reference.push_back({{static_cast<double>(k), 0.0}, honest});
  const Ensemble ensemble(reference, {true, false});
  CHECK(ensemble.score(std::vector<double>{98, 5}) > ensemble.score(std::vector<double>{50, 9}));
  CHECK(ensemble.score(std::vector<double>{50, 5}) == ensemble.score(std::vector<double>{50, 9}));
}

TEST_CASE("an evidence sheet names the customer, the energy, the reasons and the steps") {
  const auto detectors = every_detector();
  const auto& learnt = lessons(detectors);
  const Ensemble ensemble(learnt, std::vector<bool>(detectors.size(), true));
  const AreaView view(loss_test::area_with_thief(7, 15, Attack::h1));
  const auto rows = scores_of(detectors, view);
  const double threshold = ensemble.score(rows[0]) - 0.1;
  const auto sheets =
      evidence_sheets(view, {&detectors, &ensemble, threshold, 0.01, {"fixed share", "daily mean"}});
  REQUIRE(sheets.size() == 1);
  const auto& sheet = sheets[0];
  CHECK(sheet.customer == "home-1");
  CHECK(sheet.likely_kind == "fixed share");
  CHECK(sheet.missing_kWh > 0.2 * sheet.reported_kWh);
  REQUIRE_FALSE(sheet.evidence.empty());
  CHECK(sheet.evidence.size() <= 6);
  CHECK(std::is_sorted(sheet.evidence.begin(), sheet.evidence.end(),
                       [](const Evidence& a, const Evidence& b) { return a.weight > b.weight; }));
  CHECK(to_text(sheet).find("of 1000 honest customers about 10") != std::string::npos);
  const auto json = nlohmann::json::parse(to_json(sheet));
  CHECK(json["customer"] == "home-1");
  CHECK(json["evidence"].size() == sheet.evidence.size());
  CHECK(json["to_look_at"].size() == sheet.to_look_at.size());
}

TEST_CASE("names that are not UTF-8 do not break the sheet") {
  EvidenceSheet sheet;
  sheet.customer = "home \xff\"";
  CHECK_NOTHROW(nlohmann::json::parse(to_json(sheet)));
}
