/// The line-loss report: what a transformer supplied, what its customers' registers passed, and how sure the
/// difference is.
///
/// Works on register readings alone. Readings off the grid of due instants are brought onto it along the
/// straight line between their neighbours. A customer's gap does not spoil the sum: his register bridges it,
/// and the instants at which every register is known ("common instants") cut the period into spans, each with
/// a loss of its own.
///     loss = ratio x (F(b) - F(a)) - sum_i (R_i(b) - R_i(a)),   share = loss / supplied
/// with F and R net of what went the other way (roofs feed in; the transformer may feed back). The errors of
/// a meter's class go with what passed it in either direction.
/// Uncertainty, by the "Guide to the expression of uncertainty in measurement" (JCGM 100:2008): a meter of
/// class c has a rectangular error within c % of its energy, the same all along: u = c / 100 x E / sqrt 3;
/// the difference of two truncated registers of resolution q has u = ratio x q / sqrt 6; a reading brought
/// onto the grid adds a rectangular error of half the energy between its neighbours: u = E_neighbours / (2
/// sqrt 3). Summed as squares; stated as U = 2 u. The loss is judged against a modelled one (I2R), never
/// against a fixed percentage: honest feeders swing between 0.07 % and 4 % within a day (IEEE European Low
/// Voltage Test Feeder). Unit: registers in Wh (whole numbers, with rollover already undone), results in kWh.
/// Range: instants rise. Errors: `trouble` in the report says why there is no result. Randomness: none. Time:
/// as handed in.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/instant.hpp"

namespace headend::loss {
struct RegisterReading {
  core::Instant at;
  std::int64_t register_Wh = 0;
  std::int64_t reverse_Wh = 0;  ///< of energy that went the other way; stays 0 where it cannot
};

struct RegisterSeries {
  std::string name;
  char phase = 0;             ///< 'A', 'B', 'C'; 0: three-phase or unknown
  std::string feeder;         ///< "" where an area has only one
  double accuracy_class = 1;  ///< 1 for class 1, 0.5 for class 0.5S
  std::int64_t resolution_Wh = 10;
  std::int64_t ratio = 1;  ///< current transformers: primary / secondary
  std::vector<RegisterReading> readings;
};

struct LossRequest {
  std::vector<RegisterSeries> supplies;  ///< the transformer's meters: one, or one per phase or feeder
  std::vector<RegisterSeries> customers;
  core::Instant from, till;
  core::Duration every = std::chrono::minutes(15);
  std::optional<double> modelled_loss_kWh;  ///< I2R of the period, from a network model
  double modelled_loss_error = 0.1;         ///< its relative standard uncertainty
};

/// One energy balance. `expanded_kWh` is U = 2 u: the loss lies within +-U with about 95 %.
struct LossFigures {
  double supplied_kWh = 0, sold_kWh = 0, standard_uncertainty_kWh = 0;
  std::size_t customers = 0;
  double passed_kWh = 0;  ///< through the transformer's meters, both directions added up
  double fed_in_kWh = 0;  ///< by customers
  double loss_kWh() const { return supplied_kWh - sold_kWh; }
  double loss_share() const { return supplied_kWh > 0 ? loss_kWh() / supplied_kWh : 0; }
  double expanded_kWh() const { return 2 * standard_uncertainty_kWh; }
};

struct LossSpan {
  core::Instant from, till;
  LossFigures figures;
};
struct LossGroup {
  std::string name;  ///< "phase A", "feeder north"
  LossFigures figures;
};

enum class LossVerdict : std::uint8_t { explained, unexplained_loss, more_sold_than_supplied, not_judged };
std::string_view name_of(LossVerdict verdict);

struct LossReport {
  LossFigures total;
  std::vector<LossGroup> groups;    ///< phases, then feeders, where supplies tell them apart
  std::vector<LossSpan> spans;      ///< between common instants, in order
  std::size_t interpolated = 0;     ///< readings that were not taken at their due instant
  std::size_t missing = 0;          ///< due readings that nobody knows
  std::vector<std::string> unread;  ///< meters without two usable readings: the loss would be theirs
  std::optional<double> modelled_loss_kWh;
  /// loss - modelled loss, and its standard uncertainty
  double unexplained_kWh = 0, unexplained_uncertainty_kWh = 0;
  LossVerdict verdict = LossVerdict::not_judged;
  std::string trouble;  ///< empty when there is a result
};

/// Unexplained when loss - modelled exceeds 2 u, more sold when it is below -2 u; not judged without a model,
/// with unread meters or without a common span.
LossReport report_line_loss(const LossRequest& request);
/// The report as a page of text.
std::string to_text(const LossReport& report);
}  // namespace headend::loss
