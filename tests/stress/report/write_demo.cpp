/// Writes the page of a made-up flood, to look at.
#include <fstream>
#include <iostream>

#include "stress/report/record_json.hpp"
#include "stress/report/stress_report.hpp"
#include "stress/verdict/judge.hpp"
#include "tests/stress/report/flood_record.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: stress_demo FILE.html\n";
    return 64;
  }
  const auto record = stress_test::flood_record(1);
  const auto earlier = stress_test::flood_record(2);
  const auto checks = stress::judge(record);
  std::ofstream(argv[1]) << stress::stress_html(record, checks, stress::compare(record, earlier));
  std::cout << stress::stress_table(record, checks, false) << stress::comparison_table(record, earlier);
  return 0;
}
