// The last thing that a run says.
#include "reports/verdict_table.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "reports/escape.hpp"
#include "tests/reports/demo_record.hpp"

TEST_CASE("the table of a failed run shows each check, its violations, and how to run it again") {
  CHECK(report::verdict_table(report_test::demo_record(), false) ==
        "           check               measured                 limit\n"
        "  pass     I-READ.coverage     99.74 % of 5335          >= 99.5 %\n"
        "  pass     I-ENERGY.registers  0 wrong of 5321          0\n"
        "  fail     I-MONEY.bills       1 wrong of 55            0\n"
        "           A0017: billed 4.84 CNY, oracle 4.82 CNY; valley interval 22:00 charged at peak\n"
        "           A0017: <b>0.37 kWh</b> at 22:00 & later\n"
        "  pass     I-CUT.latest        31 min at most, 7 cases  <= 45min\n"
        "  pass     I-CUT.protected     0 of 1                   0\n"
        "  unknown  I-DET.twice         one run only             equal digests\n"
        "FAIL: first-day  1 of 6 checks failed, first I-MONEY.bills: A0017: billed 4.84 CNY, the tariff's "
        "text says 4.82 CNY"
        "  (seed 42, digest 0123456789abcdef)\n"
        "  run again: ./dev metertwin run scenarios/first-day --seed 42\n");
}

TEST_CASE("a run that passed needs no replay line") {
  const auto table = report::verdict_table(report_test::long_record(), false);
  CHECK(table.find("PASS: two-months  the only check passes  (seed 42, digest 0123456789abcdef)\n") !=
        std::string::npos);
  CHECK(table.find("run again") == std::string::npos);
}

TEST_CASE("colours appear only when asked for") {
  CHECK(report::verdict_table(report_test::demo_record(), false).find('\033') == std::string::npos);
  CHECK(report::verdict_table(report_test::demo_record(), true).find("\033[1;31mfail") != std::string::npos);
}

TEST_CASE("no line of checks is wider than the page, whatever the checks say") {
  auto record = report_test::demo_record();
  for (auto& check : record.checks)
    check.id = check.measured = check.limit = std::string(90, 'x') + "台区台区";
  for (auto& check : record.checks) check.explanation.assign(9, std::string(300, 'y'));
  std::istringstream lines(report::verdict_table(record, false));
  int more = 0;
  for (std::string line; std::getline(lines, line) && !line.starts_with("FAIL");) {
    CHECK(report::columns_of(line) <= 110);
    more += line.find("... 6 more in the report") != std::string::npos ? 1 : 0;
  }
  CHECK(more == 2);
}

TEST_CASE("progress is one line that is written over") {
  CHECK(report::progress_line("first-day", 0, 4, "00:00") ==
        "\r\033[K  first-day [..............................]   0 %  00:00");
  CHECK(report::progress_line("first-day", 2, 4, "12:00") ==
        "\r\033[K  first-day [###############...............]  50 %  12:00");
  CHECK(report::progress_line("first-day", 9, 4, "") ==
        "\r\033[K  first-day [##############################] 100 %  ");
}
