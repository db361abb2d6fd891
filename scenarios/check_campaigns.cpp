#include "scenarios/check_campaigns.hpp"

#include <algorithm>

#include "scenarios/check_faults.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"

namespace scenario {
namespace {
const std::vector<std::string> class_names{"residential", "commercial", "industrial"};
constexpr Duration quarter_hour = 15min;

bool contains_or_empty(const std::vector<std::string>& wanted, std::string_view word) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), word) != wanted.end();
}

/// One campaign under the eyes of its checker.
class CampaignChecker {
 public:
  CampaignChecker(const Scenario& scenario, const Places& places, std::size_t index)
      : scenario_(scenario),
        places_(places),
        campaign_(scenario.campaigns[index]),
        path_("campaigns." + std::to_string(index)) {}

  void all() const {
    check_name();
    check_window();
    check_choice();
    check_means();
    require(campaign_.baseline_highest <= campaign_.baseline_days, "baseline_highest",
            "'baseline_highest' is " + std::to_string(campaign_.baseline_highest) +
                ", more than 'baseline_days' (" + std::to_string(campaign_.baseline_days) + ")");
    require(!chosen_by(campaign_, scenario_).empty(), "",
            "campaign '" + campaign_.name + "' chooses nobody: no customer that is not protected fits it");
  }

 private:
  void require(bool is_right, const std::string& key, const std::string& message) const {
    if (!is_right) throw BadScenario(places_.at(key.empty() ? path_ : path_ + "." + key), message);
  }
  std::string at_text(Instant at) const { return core::to_iso8601(at, scenario_.zone_rules); }

  void check_name() const {
    const auto is_visible = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; };
    require(!campaign_.name.empty() && campaign_.name.size() <= 64 &&
                std::all_of(campaign_.name.begin(), campaign_.name.end(), is_visible),
            "name", "a campaign's name has one to 64 visible characters, without spaces and quotes");
    for (const auto& other : scenario_.campaigns) {
      if (&other == &campaign_) break;
      require(other.name != campaign_.name, "name", "a second campaign '" + campaign_.name + "'");
    }
  }

  void check_window() const {
    require(campaign_.from < campaign_.till, "till",
            "'till' (" + at_text(campaign_.till) + ") is not after 'from' (" + at_text(campaign_.from) + ")");
    const auto is_whole = [](Instant at) { return at.time_since_epoch() % quarter_hour == Duration(0); };
    require(is_whole(campaign_.from), "from", "'from' is not on a quarter hour: " + at_text(campaign_.from));
    require(is_whole(campaign_.till), "till", "'till' is not on a quarter hour: " + at_text(campaign_.till));
    require(campaign_.from >= scenario_.starts && campaign_.till <= scenario_.ends(), "from",
            "the campaign is not within the run, " + at_text(scenario_.starts) + " to " +
                at_text(scenario_.ends()));
    require(campaign_.till - campaign_.from <= 24h, "till", "a campaign lasts at most a day");
  }

  void check_choice() const {
    std::vector<std::string> areas, tariffs;
    for (const auto& area : scenario_.areas) areas.push_back(area.name);
    for (const auto& tariff : scenario_.tariffs) tariffs.push_back(tariff.name);
    check_words(campaign_.areas, areas, "areas", "no area is called '");
    check_words(campaign_.tariffs, tariffs, "tariffs", "no tariff is called '");
    for (std::size_t i = 0; i < campaign_.classes.size(); ++i)
      require(contains_or_empty(class_names, campaign_.classes[i]), "classes." + std::to_string(i),
              "unknown class '" + campaign_.classes[i] + "': residential, commercial or industrial" +
                  did_you_mean(campaign_.classes[i], class_names));
    for (std::size_t i = 0; i < campaign_.meters.size(); ++i)
      require_meter(scenario_, places_, campaign_.meters[i], path_ + ".meters." + std::to_string(i));
  }

  void check_words(const std::vector<std::string>& wanted, const std::vector<std::string>& known,
                   const char* key, const char* complaint) const {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      require(contains_or_empty(known, wanted[i]), std::string(key) + "." + std::to_string(i),
              complaint + wanted[i] + "'" + did_you_mean(wanted[i], known));
  }

  void check_means() const {
    const CampaignSpec usual;
    const auto belongs = [&](bool is_given, const char* key, CampaignMeans means) {
      require(!is_given || campaign_.means == means, key,
              "'" + std::string(key) + "' is for 'means: " + word_of(means) + "', not for '" +
                  word_of(campaign_.means) + "'");
    };
    belongs(campaign_.power != usual.power, "power", CampaignMeans::limit);
    belongs(campaign_.trips != usual.trips, "trips", CampaignMeans::limit);
    belongs(campaign_.groups != usual.groups, "groups", CampaignMeans::rotate);
    belongs(campaign_.turn != usual.turn, "turn", CampaignMeans::rotate);
    belongs(!(campaign_.share == usual.share), "share", CampaignMeans::call);
    if (campaign_.means == CampaignMeans::limit) {
      const auto watt = campaign_.power.count() / 1000;
      require(campaign_.power.count() > 0, "power",
              "'means: limit' needs a 'power' above 0 W: nobody can live below that");
      require(campaign_.power.count() % 1000 == 0 && watt <= 99'999, "power",
              "'power' is told to meters in whole watts, up to 99999 W");
      require(campaign_.delay % 1s == Duration(0), "delay", "a meter counts 'delay' in whole seconds");
      require(campaign_.pause % 1s == Duration(0), "pause", "a meter counts 'pause' in whole seconds");
    }
    if (campaign_.means == CampaignMeans::rotate) {
      require(campaign_.turn % 1min == Duration(0), "turn", "'turn' must be whole minutes");
      require(campaign_.turn <= campaign_.till - campaign_.from, "turn",
              "'turn' is longer than the campaign");
    }
    const auto percent = campaign_.share.numerator * std::uint64_t{100};
    if (campaign_.means == CampaignMeans::call)
      require(percent % campaign_.share.denominator == 0 && percent > 0 &&
                  percent < campaign_.share.denominator * std::uint64_t{100},
              "share", "'share' is told to meters in whole per cent, 1 to 99");
  }
  static std::string word_of(CampaignMeans means) {
    return Words<CampaignMeans>::all[static_cast<std::size_t>(means)];
  }

  const Scenario& scenario_;
  const Places& places_;
  const CampaignSpec& campaign_;
  std::string path_;
};
}  // namespace

std::string_view customer_class_of(LoadKind load) {
  switch (load) {
    case LoadKind::shop:
      return "commercial";
    case LoadKind::workshop:
    case LoadKind::studio:
      return "industrial";
    case LoadKind::feeder_head:
      return "";
    default:
      return "residential";
  }
}

std::vector<std::uint32_t> chosen_by(const CampaignSpec& campaign, const Scenario& scenario) {
  std::vector<std::uint32_t> chosen;
  for (const auto& entry : roster(scenario)) {
    const auto& area = scenario.areas[entry.area];
    const auto& group = area.meters[entry.group];
    if (group.is_protected || group.load == LoadKind::feeder_head) continue;
    if (contains_or_empty(campaign.areas, area.name) &&
        contains_or_empty(campaign.classes, customer_class_of(group.load)) &&
        contains_or_empty(campaign.tariffs, group.tariff) && contains_or_empty(campaign.meters, entry.name))
      chosen.push_back(entry.id);
  }
  return chosen;
}

void check_campaigns(const Scenario& scenario, const Places& places) {
  for (std::size_t i = 0; i < scenario.campaigns.size(); ++i) CampaignChecker(scenario, places, i).all();
}
}  // namespace scenario
