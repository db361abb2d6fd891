// Campaigns on paper: who is chosen, what is wrong with a plan, which step comes next, what survives a crash.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>

#include "core/civil.hpp"
#include "head-end/books.hpp"
#include "head-end/campaign/campaign_book.hpp"

using namespace headend;

namespace {
Instant at(int hour, int minute = 0, int day = 1) {
  return core::Zone(8h).instant({2026, 7, day, hour, minute, 0});
}

/// Two areas; M1 and M2 are homes, M3 a shop, M4 a clinic that keeps power, M5 a home elsewhere, M6 a
/// transformer's meter.
Configuration estate() {
  Configuration configuration;
  configuration.zone = core::Zone(8h);
  configuration.opens = at(0);
  Tariff tariff;
  tariff.name = "flat";
  tariff.periods = {{"flat", {{0, 86'400}}, {core::Price(5000)}}};
  configuration.tariffs = {tariff};
  configuration.durability = Configuration::Durability::commit_on_process_death;
  for (ConcentratorId id : {1u, 2u}) {
    ConcentratorFile file;
    file.id = id;
    file.name = id == 1 ? "north" : "south";
    file.address = static_cast<std::uint16_t>(id);
    configuration.concentrators.push_back(file);
  }
  for (MeterId id = 1; id <= 6; ++id) {
    MeterFile meter;
    meter.id = meter.account = id;
    meter.name = "M" + std::to_string(id);
    meter.address = core::MeterAddress(201000000000ull + id);
    meter.concentrator = id == 5 ? 2 : 1;
    meter.point = static_cast<std::uint16_t>(id == 5 ? 1 : id);
    meter.interval_energy_max = core::CentiKilowattHours(2000);
    meter.is_supply = id == 6;
    configuration.meters.push_back(meter);
    AccountFile account;
    account.id = account.meter = id;
    account.number = "A" + std::to_string(id);
    account.is_protected = id == 4;
    account.customer_class = id == 3 ? "commercial" : "residential";
    configuration.accounts.push_back(account);
  }
  return configuration;
}

CampaignPlan limit_plan(const std::string& name = "evening") {
  CampaignPlan plan;
  plan.name = name;
  plan.power_W = 2000;
  plan.from = at(18);
  plan.till = at(20);
  return plan;
}

struct Office {
  Office() : folder(std::filesystem::temp_directory_path() / ("campaign_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder);
    std::filesystem::remove(folder / "books.db");
    open(at(0));
  }
  ~Office() {
    books.reset();
    std::filesystem::remove_all(folder);
  }
  void open(Instant now) {
    books.reset();
    books = std::make_unique<Books>(configuration, folder / "books.db", now);
  }
  std::vector<MeterId> chosen(const CampaignPlan& plan) {
    const auto id = books->plan_campaign(plan, at(1));
    if (!id) return {};
    std::vector<MeterId> meters;
    for (const auto& customer : books->campaigns().find(*id)->customers) meters.push_back(customer.meter);
    return meters;
  }
  Configuration configuration = estate();
  std::filesystem::path folder;
  std::unique_ptr<Books> books;
};
}  // namespace

TEST_CASE("a campaign chooses by area, class, tariff and name, and never who is protected or the supplier") {
  Office office;
  auto plan = limit_plan("all");
  CHECK(office.chosen(plan) == std::vector<MeterId>{1, 2, 3, 5});
  plan = limit_plan("north");
  plan.areas = {"north"};
  CHECK(office.chosen(plan) == std::vector<MeterId>{1, 2, 3});
  plan = limit_plan("homes");
  plan.classes = {"residential"};
  CHECK(office.chosen(plan) == std::vector<MeterId>{1, 2, 5});
  plan = limit_plan("list");
  plan.meters = {"M2", "M4", "M6"};
  CHECK(office.chosen(plan) == std::vector<MeterId>{2});
  plan = limit_plan("nobody");
  plan.meters = {"M4"};
  CHECK(office.books->plan_campaign(plan, at(1)).error() == core::Fault::no_data);
}

TEST_CASE("what is no plan is refused with the field's name") {
  Office office;
  const auto complaint = [&](auto change) {
    auto plan = limit_plan();
    change(plan);
    const auto text = office.books->campaigns().complaint(plan);
    CHECK(office.books->plan_campaign(plan, at(1)).has_error() == !text.empty());
    return text.substr(0, text.find(':'));
  };
  CHECK(complaint([](CampaignPlan& p) { p.till = p.from; }) == "till");
  CHECK(complaint([](CampaignPlan& p) { p.till = p.from - 1h; }) == "till");
  CHECK(complaint([](CampaignPlan& p) { p.from += 1min; }) == "from");
  CHECK(complaint([](CampaignPlan& p) { p.power_W = 0; }) == "power");
  CHECK(complaint([](CampaignPlan& p) { p.power_W = 100'000; }) == "power");
  CHECK(complaint([](CampaignPlan& p) { p.trips = 0; }) == "trips");
  CHECK(complaint([](CampaignPlan& p) { p.delay = 1500ms; }) == "delay");
  CHECK(complaint([](CampaignPlan& p) { p.classes = {"royal"}; }) == "classes");
  CHECK(complaint([](CampaignPlan& p) { p.areas = {"east"}; }) == "areas");
  CHECK(complaint([](CampaignPlan& p) { p.tariffs = {"dear"}; }) == "tariffs");
  CHECK(complaint([](CampaignPlan& p) { p.meters = {"M9"}; }) == "meters");
  CHECK(complaint([](CampaignPlan& p) { p.name = "two words"; }) == "name");
  CHECK(complaint([](CampaignPlan& p) { p.baseline_highest = 11; }) == "baseline_highest");
  CHECK(complaint([](CampaignPlan& p) { p.means = CampaignMeans::rotate, p.groups = 1; }) == "groups");
  CHECK(complaint([](CampaignPlan& p) { p.means = CampaignMeans::rotate, p.turn = 3h; }) == "turn");
  CHECK(complaint([](CampaignPlan& p) { p.means = CampaignMeans::call, p.share_percent = 100; }) ==
        "share_percent");
  CHECK(complaint([](CampaignPlan&) {}).empty());
}

TEST_CASE("the same plan twice is one campaign, another one of its name is refused") {
  Office office;
  const auto first = office.books->plan_campaign(limit_plan(), at(1));
  REQUIRE(first);
  CHECK(office.books->plan_campaign(limit_plan(), at(2)).value() == *first);
  auto other = limit_plan();
  other.power_W = 1;
  CHECK(office.books->plan_campaign(other, at(2)).error() == core::Fault::refused);
}

TEST_CASE("a limit is due ahead of the window, and to be taken back after it from whoever may have it") {
  Office office;
  auto plan = limit_plan();
  plan.areas = {"north"};
  REQUIRE(office.books->plan_campaign(plan, at(1)));
  auto& book = office.books->campaigns();
  CHECK(book.tasks_for(1, at(17, 29)).empty());
  CHECK(book.next_task(1, at(12)) == at(17, 30));
  CHECK(book.tasks_for(2, at(17, 30)).empty());
  auto tasks = book.tasks_for(1, at(17, 30));
  REQUIRE(tasks.size() == 3);
  book.sent(tasks[0], at(17, 30));
  book.answered(tasks[0], CampaignOutcome::confirmed, {}, at(17, 31));
  book.sent(tasks[1], at(17, 31));  // no answer
  book.sent(tasks[2], at(17, 32));
  book.answered(tasks[2], CampaignOutcome::refused, "other", at(17, 33));
  CHECK(book.tasks_for(1, at(18)).size() == 1);
  office.books->commit();
  office.open(at(19, 30));  // killed and opened again
  auto& again = office.books->campaigns();
  tasks = again.tasks_for(1, at(19, 59));
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].step == CampaignStep::set_limit);
  CHECK(tasks[0].may_have_reached);
  tasks = again.tasks_for(1, at(20));
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[0].step == CampaignStep::release_limit);
  office.books->advance(at(20));
  CHECK(again.find(1)->customers[1].outcome == CampaignOutcome::failed);
  CHECK(again.tasks_for(1, at(20)).size() == 2);
  for (const auto& task : tasks) again.released(task, {}, at(20, 5));
  CHECK(again.tasks_for(1, at(23)).empty());
}

TEST_CASE("a cancelled limit is taken back at once, and is not sent to anybody any more") {
  Office office;
  REQUIRE(office.books->plan_campaign(limit_plan(), at(1)));
  auto& book = office.books->campaigns();
  const auto tasks = book.tasks_for(1, at(17, 45));
  book.sent(tasks[0], at(17, 45));
  book.answered(tasks[0], CampaignOutcome::confirmed, {}, at(17, 46));
  REQUIRE(office.books->cancel_campaign(1, at(17, 50)));
  const auto after = book.tasks_for(1, at(17, 50));
  REQUIRE(after.size() == 1);
  CHECK(after[0].step == CampaignStep::release_limit);
  CHECK(office.books->cancel_campaign(2, at(17, 50)).error() == core::Fault::no_data);
}

TEST_CASE("turns go round fairly: nobody off twice before everybody once, everybody on at the end") {
  Office office;
  auto plan = limit_plan("turns");
  plan.means = CampaignMeans::rotate;
  plan.groups = 2;
  plan.turn = 15min;
  plan.from = at(18);
  plan.till = at(19, 15);  // five turns
  REQUIRE(office.books->plan_campaign(plan, at(1)));
  std::map<MeterId, int> trips;
  std::map<MeterId, bool> is_off;
  int most_at_once = 0;
  for (Instant now = at(17); now <= at(20); now += 1min) {
    office.books->advance(now);
    office.books->commit();
    if (now == at(18, 20)) office.open(now);  // killed in the middle
    for (ConcentratorId area : {1u, 2u})
      for (const auto& command : office.books->commands_for(area)) {
        if (command.kind != CommandKind::trip && command.kind != CommandKind::close) continue;
        office.books->command_sent(command.id, now);
        office.books->command_finished(command.id, CommandOutcome::done, {}, now);
        is_off[command.meter] = command.kind == CommandKind::trip;
        trips[command.meter] += command.kind == CommandKind::trip ? 1 : 0;
      }
    int off = 0;
    for (const auto& [meter, off_now] : is_off) off += off_now ? 1 : 0;
    most_at_once = std::max(most_at_once, off);
  }
  CHECK(trips == std::map<MeterId, int>{{1, 3}, {2, 2}, {3, 3}, {5, 2}});
  CHECK(most_at_once == 2);
  for (const auto& [meter, off_now] : is_off) CHECK_FALSE(off_now);
}
