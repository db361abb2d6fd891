// report.html: one file, verdict first, nothing fetched, nothing that breaks out.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "reports/html.hpp"
#include "tests/reports/demo_record.hpp"

namespace {
/// Checks that every element closes what was opened last; names the first that does not.
std::string first_unbalanced(const std::string& page) {
  static const std::set<std::string> empty_elements{"meta", "br", "!DOCTYPE"};
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at)) {
    const auto end = page.find('>', at);
    if (end == std::string::npos) return "an open bracket";
    const bool is_closing = page[at + 1] == '/';
    const auto from = at + (is_closing ? 2 : 1);
    const auto name = page.substr(from, page.find_first_of(" >/\n", from) - from);
    const bool is_empty = page[end - 1] == '/' || empty_elements.contains(name);
    at = end + 1;
    if (is_empty) continue;
    if (!is_closing) {
      open.push_back(name);
      if (name == "script" || name == "style") at = page.find("</" + name, at);
    } else if (open.empty() || open.back() != name) {
      return name + " at " + std::to_string(at);
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

std::string embedded_data(const std::string& page) {
  const std::string mark = "id=\"run-data\">";
  const auto from = page.find(mark) + mark.size();
  return page.substr(from, page.find("</script>", from) - from);
}
}  // namespace

TEST_CASE("the page fetches nothing") {
  for (const auto& record : {report_test::demo_record(), report_test::long_record()}) {
    const auto page = report::html(record);
    for (const auto* fetch :
         {"http:", "https:", "src=", "url(", "@import", "<link", "fetch(", "XMLHttpRequest", "import("}) {
      INFO(fetch);
      CHECK(page.find(fetch) == std::string::npos);
    }
  }
}

TEST_CASE("the verdict comes first, with its reason and the command that runs it again") {
  const auto page = report::html(report_test::demo_record());
  const auto verdict = page.find("<strong>FAIL</strong>");
  REQUIRE(verdict != std::string::npos);
  CHECK(verdict < page.find("<section"));
  CHECK(page.find("1 of 6 checks failed, first I-MONEY.bills: A0017: billed 4.84 CNY", verdict) !=
        std::string::npos);
  CHECK(page.find("<code id=\"replay\">./dev metertwin run scenarios/first-day --seed 42</code>") !=
        std::string::npos);
}

TEST_CASE(
    "every check is a row with verdict, measured and limit that a link can point to, without any script") {
  const auto record = report_test::demo_record();
  auto page = report::html(record);
  page.resize(page.find("<script"));
  for (const auto& check : record.checks) {
    const auto row = page.find("<tr id=\"check-" + check.id + "\">");
    INFO(check.id);
    REQUIRE(row != std::string::npos);
    const auto text = page.substr(row, page.find("</tr>", row) - row);
    CHECK(text.find(">" + std::string(report::name_of(check.verdict)) + "</span>") != std::string::npos);
  }
  CHECK(page.find("<td>99.74 % of 5335</td><td>&gt;= 99.5 %</td>") != std::string::npos);
}

TEST_CASE("every element is closed in order, for full, long and empty records") {
  CHECK(first_unbalanced(report::html(report_test::demo_record())) == "");
  CHECK(first_unbalanced(report::html(report_test::long_record())) == "");
  CHECK(first_unbalanced(report::html(report::RunRecord{})) == "");
}

TEST_CASE("the data in the page is JSON and fits the charts") {
  const auto record = report_test::demo_record();
  const auto data = nlohmann::json::parse(embedded_data(report::html(record)));
  CHECK(data["span"] == 26 * 3600);
  CHECK(data["offsets"] == nlohmann::json::parse("[[0, 28800]]"));
  REQUIRE(data["series"]["balance"].size() == record.balance_CNY.size());
  CHECK(data["series"]["load"][0]["t"].size() == record.load_kW[0].points.size());
}

TEST_CASE("hostile names stay text") {
  auto record = report_test::demo_record();
  const std::string evil = "</script><script>alert(1)</script>\"'><img onerror=x>";
  record.title = record.scenario = record.replay = evil;
  record.checks[0].id = record.checks[0].title = record.checks[0].measured = evil;
  record.load_kW[0].name = record.balance_CNY[0].name = evil;
  record.faults[0].kind = record.faults[0].where = evil;
  record.events[0].entity = record.events[0].text = evil;
  record.meters[0].name = record.meters[0].remark = evil;
  record.areas[0].name = record.areas[0].feeder = evil;
  record.bills[0].account = record.bills[0].detail = evil;
  record.figures[0].title = evil;
  record.files[0] = {evil, evil};
  record.options[0] = {evil, evil};
  const auto page = report::html(record);
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(first_unbalanced(page) == "");
}

TEST_CASE("the same record makes the same page") {
  CHECK(report::html(report_test::demo_record()) == report::html(report_test::demo_record()));
}

TEST_CASE("nights and work orders have a section of their own, escaped, and none where there is nothing") {
  const auto page = report::html(report_test::demo_record());
  const auto from = page.find("<section id=\"loss\">");
  REQUIRE(from != std::string::npos);
  const auto section = page.substr(from, page.find("</section>", from) - from);
  CHECK(section.find("3</b> area-nights, 1 suspected") != std::string::npos);
  CHECK(section.find("2</b> work orders, 1 with a finding") != std::string::npos);
  CHECK(section.find("a bypass &lt;behind&gt; the cover") != std::string::npos);
  CHECK(section.find("&lt;south&gt;") != std::string::npos);
  CHECK(section.find("M0055 was not read") != std::string::npos);
  CHECK(section.find("<south>") == std::string::npos);
  CHECK(report::html(report_test::long_record()).find("id=\"loss\"") == std::string::npos);
}
