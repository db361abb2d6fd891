/// A master at the head of a pair of meters: asks one after the other as a plain concentrator does, and
/// counts.
#pragma once
#include <optional>
#include <vector>

#include "models/line/rs485/line.hpp"
#include "protocols/dlt645/framer.hpp"
#include "protocols/dlt645/requests.hpp"
#include "tests/models/field/field_rig.hpp"

namespace line_test {
using namespace std::chrono_literals;

struct BusRig {
  explicit BusRig(std::size_t count, model::LineSetup setup = {}, std::uint64_t seed = 1) {
    for (std::size_t i = 0; i < count; ++i) {
      meters.emplace_back(rig::meter(static_cast<model::MeterId>(i + 1)));
      setup.meters.push_back(static_cast<std::uint32_t>(i));
    }
    line.emplace(setup, model::LinePlace{seed, 0, 0, meters, happened, tap});
  }

  /// Asks meter `position` for its energy once. True when its own good answer came within `patience` of the
  /// request's end. Time goes on until then; what the pair still has to say stays on it.
  bool read(std::size_t position, core::Duration patience = 1200ms) {
    dlt645::Wire wire;
    const auto address = meters[position].address();
    dlt645::encode(address, dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, wire, 4);
    const auto deadline = line->transmit(now, wire) + patience;
    framer.silence();
    while (line->next() <= deadline) {
      now = line->next();
      const auto heard = line->advance();
      bytes_heard += heard.size();
      bool is_read = false;
      framer.feed(heard, [&](const dlt645::Frame& frame) {
        if (!frame.control.is_from_meter()) ++requests_heard;
        is_read |= frame.control.is_from_meter() && frame.address.matches(address);
        strangers += frame.control.is_from_meter() && !frame.address.matches(address) ? 1 : 0;
      });
      if (is_read) return true;
    }
    now = deadline;
    return false;
  }
  /// So many reads of one meter; how many came.
  int reads(std::size_t position, int times) {
    int came = 0;
    for (int i = 0; i < times; ++i, now += 1s) came += read(position) ? 1 : 0;
    return came;
  }

  std::vector<model::Meter> meters;
  model::MeterHappenings happened;
  model::LineTap tap;
  std::optional<model::Rs485Line> line;
  dlt645::Framer framer;
  core::Instant now = rig::midnight + 1s;
  std::size_t bytes_heard = 0;
  int requests_heard = 0, strangers = 0;
};
}  // namespace line_test
