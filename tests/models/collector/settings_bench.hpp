/// An area whose concentrator is set and asked by frames, with an ear on its pairs.
#pragma once
#include <memory>

#include "protocols/gdw3761/terminal_settings.hpp"
#include "tests/models/field/field_rig.hpp"

namespace bench {
using namespace std::chrono_literals;
using core::Instant;
using rig::midnight;

struct Asked {
  Instant at{};
  int line = 0;
  std::vector<std::uint8_t> bytes;
};

class Bench {
 public:
  /// Archive and clock are set; it is two minutes past midnight and a little.
  explicit Bench(model::AreaSetup setup);

  void run(Instant till);
  Instant now() const { return now_; }
  /// Sends AFN 04 and runs until the answer is there: its confirm frame.
  std::vector<std::uint8_t> set(std::span<const gdw3761::Parameter> parameters);
  bool is_set(const gdw3761::Parameter& parameter) { return is_good(set(std::span(&parameter, 1))); }
  static bool is_good(core::Bytes confirm);
  /// The data units of the answer to AFN 0A; empty when it is denied.
  std::vector<std::uint8_t> ask(std::span<const gdw3761::ParameterQuery> queries);
  std::vector<std::uint8_t> ask(const gdw3761::ParameterQuery& query) { return ask(std::span(&query, 1)); }
  /// AFN 05 with one byte of data.
  bool command(int fn, std::uint8_t port);
  /// Total of a point by 0D F169 on that day, 0.01 kWh; -1 = missing.
  std::int64_t reading_day(int point, const core::CivilTime& day);
  /// Requests on a line in [from, till).
  std::size_t asked(int line, Instant from, Instant till) const;
  std::vector<std::int64_t> truth_curve(Instant from, int count, std::size_t meter) const;
  std::vector<std::int64_t> curve(Instant from, int count, int point);

  rig::Truth truth;
  rig::HeadEnd head_end;
  std::vector<Asked> requests;
  model::AreaSetup setup;
  model::Area area;
  gdw3761::TerminalAddress address = rig::concentrator;

 private:
  std::vector<std::uint8_t> exchange(core::Bytes frame);
  gdw3761::FrameWriter writer_;
  Instant now_ = midnight;
};

/// The bytes of a unit, as they stand in a set and in an answer.
std::vector<std::uint8_t> units_of(std::span<const gdw3761::Parameter> parameters);
/// What asks for all blocks of a setting, in their order.
gdw3761::ParameterQuery query_of(const gdw3761::Parameter& parameter);
}  // namespace bench
