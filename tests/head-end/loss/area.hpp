/// A made-up area for the tests of the watch for losses: homes, one thief or none, and the transformer's
/// meter.
#pragma once
#include "head-end/loss/area_readings.hpp"
#include "models/theft/attack.hpp"

namespace loss_test {
/// `count` homes of the made-up population, 21 days of half hours, all honest; 2 % technical loss that goes
/// with the supply squared.
headend::loss::AreaReadings honest_area(std::uint64_t seed, int count);
/// The same with the first customer's reports coming from an attack.
headend::loss::AreaReadings area_with_thief(std::uint64_t seed, int count, model::theft::Attack attack);
/// The place of the highest score.
std::size_t first_of(const std::vector<double>& scores);
}  // namespace loss_test
