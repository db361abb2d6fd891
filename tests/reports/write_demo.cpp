// Writes the demo reports into a folder, to be looked at: report_demo FOLDER.
#include <fstream>
#include <iostream>

#include "reports/html.hpp"
#include "reports/verdict_table.hpp"
#include "tests/reports/demo_record.hpp"

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: report_demo FOLDER\n";
    return 64;
  }
  const std::string folder = arguments[1];
  for (const auto& record : {report_test::demo_record(), report_test::long_record()}) {
    std::ofstream(folder + "/" + record.scenario + ".html") << report::html(record);
    std::cout << report::verdict_table(record, true) << "\n";
  }
}
