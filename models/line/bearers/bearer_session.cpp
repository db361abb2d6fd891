#include "models/line/bearers/bearer_session.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/portable_math.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"

namespace model {
namespace {
constexpr std::uint32_t first_address = 0x0A000001;  // 10.0.0.1: a private network of the operator's
constexpr std::uint64_t bytes_per_kB = 1'024;
}  // namespace

BearerSession::BearerSession(const BearerSheet& sheet, std::uint64_t seed, std::uint32_t entity)
    : sheet_(sheet),
      access_(seed, entity, core::Purpose::bearer_access),
      life_(seed, entity, core::Purpose::bearer_life),
      address_(first_address + entity) {
  METERTWIN_CHECK(sheet.is_valid(), sheet.name);
}

bool BearerSession::happens(core::Ratio chance) {
  return !chance.is_zero() && access_.happens(chance, entered_++);
}

core::Duration BearerSession::between(core::Duration low, core::Duration high) {
  return low == high ? low : core::Duration(access_.between(low.count(), high.count(), entered_++));
}

void BearerSession::set_contention(std::uint32_t others, std::uint32_t slots) {
  contention_lost_ =
      others == 0 ? core::Ratio{0, 1} : ratio_of(1 - alone_in_window(std::uint64_t{others} + 1, slots));
}

void BearerSession::set_sharing(int terminals, int cell_bps) {
  METERTWIN_CHECK(terminals <= 1 || cell_bps > 0, terminals, cell_bps);
  shared_bps_ = terminals > 1 ? std::max(1, cell_bps / terminals) : 0;
}

BearerSession::Entry BearerSession::enter(core::Instant at) {
  METERTWIN_CHECK(!is_in_);
  Entry entry;
  if (happens(contention_lost_)) {
    ++counts_.contentions_lost;
    return entry;
  }
  if (!is_attached_) {
    entry.takes += between(sheet_.attach_min, sheet_.attach_max);
    if (happens(sheet_.attach_fails)) {
      ++counts_.attach_failures;
      return entry;
    }
    is_attached_ = true;
  }
  entry.takes += between(sheet_.activation_min, sheet_.activation_max);
  if (happens(sheet_.activation_fails)) {
    ++counts_.activation_failures;
    return entry;
  }
  entry.is_in = is_in_ = true;
  if (++counts_.sessions > 1 && !sheet_.new_address.is_zero() &&
      life_.happens(sheet_.new_address, lived_++)) {
    address_ += 1U << 16;
    ++counts_.address_changes;
  }
  has_carried_ = is_forgotten_ = false;
  if (sheet_.session_mean.count() > 0) {
    const double mean = static_cast<double>(sheet_.session_mean.count());
    const double lasts = -mean * core::portable_math::log(unit_interval(life_.word(lived_++)));
    dropped_at_ = at + entry.takes + core::Duration(static_cast<std::int64_t>(lasts));
  }
  return entry;
}

void BearerSession::leave(Leaving why) {
  if (why == Leaving::power_lost) is_attached_ = false;
  if (!is_in_) return;
  is_in_ = false;
  dropped_at_ = core::never;
  if (why == Leaving::dropped) ++counts_.drops;
  close_account();
}

void BearerSession::connected(core::Instant at) {
  is_forgotten_ = false;
  last_byte_ = at;
}

bool BearerSession::is_forgotten(core::Instant at) const {
  if (is_forgotten_) return true;
  return sheet_.idle_forgotten.count() > 0 && at - last_byte_ > sheet_.idle_forgotten;
}

core::Duration BearerSession::carry(core::Instant at, std::size_t bytes, int bps) {
  const auto segments = (bytes + static_cast<std::size_t>(sheet_.segment_bytes) - 1) /
                        static_cast<std::size_t>(sheet_.segment_bytes);
  const auto headers = segments * static_cast<std::size_t>(sheet_.header_bytes);
  bill_.payload_bytes += bytes;
  bill_.header_bytes += headers;
  session_bytes_ += bytes + headers;
  core::Duration waits{};
  const bool must_ask = !has_carried_ || at - last_byte_ > sheet_.channel_kept;
  if (must_ask && sheet_.channel_set_up.count() > 0) {
    ++counts_.channels_asked;
    waits = sheet_.channel_set_up;
  }
  waits = std::max(waits, quiet_until_ - at);
  const auto airtime = [&](int rate) {
    return core::Duration(static_cast<std::int64_t>(bytes + headers) * 8 * 1'000'000'000 / rate);
  };
  if (shared_bps_ > 0 && shared_bps_ < bps) waits += airtime(shared_bps_) - airtime(bps);
  has_carried_ = true;
  last_byte_ = at;
  if (sheet_.duty.numerator != sheet_.duty.denominator) {
    const auto airtime_ns = airtime(bps).count();
    quiet_until_ = at + waits + core::Duration(airtime_ns / sheet_.duty.numerator * sheet_.duty.denominator);
  }
  return waits;
}

void BearerSession::close_account() {
  const auto step = static_cast<std::uint64_t>(sheet_.billed_step_kB);
  const auto kB = (session_bytes_ + bytes_per_kB - 1) / bytes_per_kB;
  bill_.billed_kB += (kB + step - 1) / step * step;
  session_bytes_ = 0;
}

BearerBill BearerSession::bill() const {
  auto open = *this;
  open.close_account();
  open.bill_.price_uYuan = static_cast<std::int64_t>(open.bill_.billed_kB) * sheet_.price_uYuan_per_kB;
  return open.bill_;
}
}  // namespace model
