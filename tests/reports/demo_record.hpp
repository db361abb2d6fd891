/// A run that never was, with something in every part of the report: what the writers' tests and pictures are
/// made from.
#pragma once
#include "reports/run_record.hpp"

namespace report_test {
/// A day of 55 customers in one area; one check failed. Deterministic.
report::RunRecord demo_record();
/// Two months: many days, several areas, everything passes.
report::RunRecord long_record();
}  // namespace report_test
