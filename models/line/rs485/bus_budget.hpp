/// How long one round over all meters of a pair takes, with some of them dead: the budget before a bus is
/// wired.
///
///     living exchange = request + turnaround + answer (+ t3.5 twice on Modbus)
///     dead meter      = attempts x (request + patience)
///     round           = sum over the meters asked in it
/// A master that leaves a meter out of 1, 3, then 7 rounds after silent ones asks the dead in one round of
/// eight, so a lasting round holds an eighth of their cost on average and, at worst, all of it. Fresh: the
/// age of a living meter's last reading never exceeds the longest round and its own exchange. Unit: ns.
/// Range: 0 <= dead <= meters. Errors: none. Randomness: none. Time: none.
#pragma once
#include <string>
#include <vector>

#include "models/line/rs485/serial_timing.hpp"

namespace model {
struct BusBudgetPlan {
  enum class Protocol : unsigned char { dlt645, modbus };
  int meters = 32;
  SerialTiming serial;
  Protocol protocol = Protocol::dlt645;
  std::size_t request_bytes = frame_bytes::dlt645_read_request;
  std::size_t answer_bytes = frame_bytes::dlt645_energy_answer;
  core::Duration turnaround_min = dlt645_turnaround_min;
  core::Duration turnaround_max = dlt645_turnaround_max;
  core::Duration patience =
      std::chrono::milliseconds(1'200);  ///< from the request's end; longer than any answer
  int attempts = 2;
};

struct BusBudget {
  int dead = 0;
  core::Duration exchange_min{}, exchange_max{};  ///< of one living meter
  core::Duration dead_meter{};                    ///< what a silent one costs in a round that asks it
  core::Duration round_min{}, round_max{};        ///< that asks everybody
  core::Duration round_backed_off{};  ///< at the longest turnaround, with the dead asked one time in eight
  core::Duration age_max{};           ///< of a living meter's reading just before the next comes
};
BusBudget bus_budget(const BusBudgetPlan& plan, int dead);

/// A table for people: one row for each number of dead meters, and whether the living stay fresher than
/// `fresh`.
std::string bus_budget_table(const BusBudgetPlan& plan, const std::vector<int>& dead, core::Duration fresh);
}  // namespace model
