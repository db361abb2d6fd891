/// One simulated meter on a real line, in wall-clock time: what `metertwin read` and other people's masters
/// can be tried on.
///
/// The meter is the model's, unchanged; this gives it ears (frames out of the byte stream) and a turnaround
/// time. Randomness: none beyond the meter's. Time: the clock it is given.
#pragma once
#include "models/meter/meter.hpp"
#include "platform/field_over_link.hpp"
#include "protocols/dlt645/framer.hpp"

namespace app {
class MeterOnLine final : public seam::FarEnd {
 public:
  /// Takes the field's end of the line. `turnaround`: 20 to 500 ms by DL/T 645-2007.
  MeterOnLine(seam::Clock& clock, std::unique_ptr<seam::Link> field_end, const model::MeterSetup& setup,
              core::Duration turnaround);
  void head_end_wrote(core::Bytes bytes) override;
  void head_end_closed() override {}
  std::uint64_t answers() const { return answers_; }

 private:
  seam::asio::awaitable<void> answer_later(dlt645::Wire answer);

  seam::Clock& clock_;
  model::Meter meter_;
  model::MeterHappenings happened_;
  dlt645::Framer framer_;
  core::Duration turnaround_;
  std::uint64_t answers_ = 0;
  seam::FieldOverLink line_;
};

/// A household's meter put into service now, with some history on its register.
model::MeterSetup household_meter(core::MeterAddress address, core::Instant now);
}  // namespace app
