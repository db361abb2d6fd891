#include "stress/fleet/meter_voice.hpp"

#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/status_words.hpp"

namespace stress {
namespace {
constexpr std::uint64_t address_base = 330'100'000'000ull;
constexpr int relay_status_word = 3;

/// 0: for nobody here.
std::uint32_t meter_of(const CollectorPlan& collector, dlt645::AddressPattern pattern) {
  const auto address = pattern.address();
  if (!address || address->digits() < address_base + collector.first_meter ||
      address->digits() >= address_base + collector.first_meter + collector.meters)
    return 0;
  return static_cast<std::uint32_t>(address->digits() - address_base);
}

std::uint16_t status_of(bool is_open) {
  return is_open ? dlt645::status3::relay_open | dlt645::status3::relay_commanded_open : 0;
}
}  // namespace

dlt645::Wire answer_of_meter(const CollectorPlan& collector, Relays& relays, core::Bytes request) {
  dlt645::Wire out;
  dlt645::Frame frame;
  const auto length = dlt645::decode(request, frame);
  if (!length || frame.control.is_from_meter()) return out;
  const std::uint32_t meter = meter_of(collector, frame.address);
  if (meter == 0) return out;
  const core::MeterAddress from = EstatePlan::address_of(meter);
  const dlt645::Function function = frame.control.function();
  if (function == dlt645::Function::remote_control) {
    const auto control = dlt645::parse_remote_control(frame);
    const bool is_switch = control && (control->command == dlt645::Control1C::trip ||
                                       control->command == dlt645::Control1C::close);
    if (is_switch) relays.set(meter, control->command == dlt645::Control1C::trip);
    if (control)
      dlt645::answer_done(from, function, out);
    else
      dlt645::refuse(from, function, dlt645::Refusal::other, out);
    return out;
  }
  const auto read = dlt645::parse_read(frame);
  const auto status_item = dlt645::item::status_word(relay_status_word);
  if (read && read->item == status_item) {
    const std::uint16_t word = status_of(relays.is_open(meter));
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(word),
                                            static_cast<std::uint8_t>(word >> 8)};
    dlt645::answer_data(from, status_item, bytes, out);
    return out;
  }
  dlt645::refuse(from, function, dlt645::Refusal::no_such_data, out);
  return out;
}
}  // namespace stress
