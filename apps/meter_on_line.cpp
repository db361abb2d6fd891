#include "apps/meter_on_line.hpp"

#include "platform/spawn.hpp"

namespace app {
MeterOnLine::MeterOnLine(seam::Clock& clock, std::unique_ptr<seam::Link> field_end,
                         const model::MeterSetup& setup, core::Duration turnaround)
    : clock_(clock), meter_(setup), turnaround_(turnaround), line_(clock, std::move(field_end), *this) {}

void MeterOnLine::head_end_wrote(core::Bytes bytes) {
  framer_.feed(bytes, [&](const dlt645::Frame& frame) {
    dlt645::Wire answer;
    if (meter_.answer(frame, clock_.now(), answer, happened_)) seam::spawn(clock_, answer_later(answer));
    happened_.clear();
  });
}

seam::asio::awaitable<void> MeterOnLine::answer_later(dlt645::Wire answer) {
  co_await clock_.sleep_for(turnaround_);
  line_.deliver(answer);
  ++answers_;
}

model::MeterSetup household_meter(core::MeterAddress address, core::Instant now) {
  model::MeterSetup setup;
  setup.id = static_cast<model::MeterId>(address.digits() % 1'000'000 + 1);
  setup.address = address;
  setup.plate = std::make_shared<const model::TypePlate>();
  setup.tariff = std::make_shared<const model::TariffTables>();
  setup.load = model::Load::household({.seed = 42, .home = setup.id});
  setup.starts = now;
  setup.opening_register = core::CentiKilowattHours(123'456);
  setup.has_purse = true;
  setup.opening_balance = core::MicroYuan(100'000'000);
  setup.purchase_count = 1;
  return setup;
}
}  // namespace app
