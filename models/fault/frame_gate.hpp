/// Frame faults on one RS-485 line: which request vanishes, which answer arrives damaged, by chance or on
/// demand.
///
/// A rule counts the frames it is about (this meter, this type) since it began, from 1, and strikes the n-th,
/// every n-th, or each with a chance. Unit: frames. Errors: none. Randomness: Purpose::frame_faults by (line,
/// fault and number of the frame), so one fault leaves the draws of another alone. Time: none.
#pragma once
#include <vector>

#include "core/random.hpp"
#include "models/area_setup.hpp"
#include "models/line/rs485/pair_troubles.hpp"

namespace model {
class FrameGate final : public FrameFilter {
 public:
  FrameGate(std::uint64_t seed, std::uint32_t line) : draws_(seed, line, core::Purpose::frame_faults) {}

  /// Range: a frame_lost or frame_garbled window; `address` is that of its meter, nothing = of every meter.
  void begin(std::size_t fault, const FaultWindow& window, std::optional<dlt645::AddressPattern> address);
  void end(std::size_t fault);
  bool is_idle() const;
  /// What this fault has struck so far; also after its end.
  std::uint64_t struck(std::size_t fault) const;

  FrameFate judge(const FrameOnLine& frame) override;

 private:
  struct Rule {
    std::size_t fault = 0;
    FaultWindow window;
    std::optional<dlt645::AddressPattern> address;
    bool is_active = true;
    std::uint64_t seen = 0, struck = 0;
  };
  bool strikes(Rule& rule);

  core::RandomStream draws_;
  std::vector<Rule> rules_;
};

/// What kind of request (or answer to one) this function is.
FrameType frame_type_of(dlt645::Function function);
}  // namespace model
