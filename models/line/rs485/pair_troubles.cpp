#include "models/line/rs485/pair_troubles.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace model {
namespace {
/// Draws of a period's chatter stand apart from those that are counted.
constexpr std::uint64_t babble_draws = std::uint64_t{1} << 62;
constexpr std::uint64_t late_draws = std::uint64_t{1} << 63;

/// Each law of a line has draws of its own, by who brought it and not by when: one taken away leaves the
/// others theirs. (2^32 / golden ratio: numbers are spread over all bits.)
constexpr std::uint32_t burst_entity(std::uint32_t line, std::uint32_t number) {
  return line ^ (number * 0x9E37'79B1u);
}
}  // namespace

PairTroubles::PairTroubles(std::uint64_t seed, std::uint32_t line, SerialTiming timing)
    : seed_(seed), line_(line), timing_(timing), draws_(seed, line, core::Purpose::line_troubles) {}

PairTroubles::Station& PairTroubles::at(std::uint32_t meter) {
  if (meter >= stations_.size()) stations_.resize(meter + 1);
  return stations_[meter];
}

void PairTroubles::set_bursts(const std::optional<GilbertElliott>& law, std::uint32_t number) {
  if (law && bursts_ && number == burst_number_) return;  // it goes on
  bursts_.reset();
  if (!law) return;
  bursts_.emplace(*law, core::RandomStream(seed_, burst_entity(line_, number), core::Purpose::line_bursts));
  burst_number_ = number;
  burst_slot_ = -1;
}

void PairTroubles::set_babble(const std::optional<Babble>& babble) {
  if (babble)
    METERTWIN_CHECK(babble->every.count() > 0 && babble->lasts.count() >= 0 && babble->lasts <= babble->every,
                    babble->every.count(), babble->lasts.count());
  babble_ = babble;
}

void PairTroubles::set_place_error(std::uint32_t meter, core::Ratio chance) {
  auto& errors = at(meter).place_errors;
  if (errors)
    errors->set_chance(chance);
  else
    errors.emplace(seed_, line_ << 16 | meter, chance, core::Purpose::station_bit_errors);
}

void PairTroubles::set_double(std::uint32_t meter, std::optional<dlt645::AddressPattern> other) {
  at(meter).other = other;
}

bool PairTroubles::meets_burst(core::Instant from) {
  const auto slot = core::unix_nanoseconds(from) / timing_.characters(1).count();
  if (burst_slot_ >= 0 && slot > burst_slot_ + 1)
    bursts_->pass(static_cast<std::uint64_t>(slot - burst_slot_ - 1));
  burst_slot_ = slot;
  return bursts_->loses();
}

bool PairTroubles::meets_babble(core::Instant from) const {
  const auto till = from + timing_.characters(1);
  const auto every = babble_->every.count();
  const auto meets = [&](std::int64_t period) {
    const auto latest = every - babble_->lasts.count();
    const auto after = draws_.between(0, latest, babble_draws + static_cast<std::uint64_t>(period));
    const core::Instant begins{core::Duration(period * every + after)};
    return from < begins + babble_->lasts && begins < till;
  };
  const auto first = core::unix_nanoseconds(from) / every, last = core::unix_nanoseconds(till) / every;
  return meets(first) || (last != first && meets(last));
}

std::optional<std::uint8_t> PairTroubles::pass_character(core::Instant from, std::size_t index,
                                                         std::size_t count, std::uint8_t byte,
                                                         bool is_by_master) {
  if (is_by_master) {
    // The driver is on from `lead` before the first start bit to `tail` after the last stop bit.
    const auto begins = timing_.characters(index),
               ends = timing_.characters(count) - timing_.characters(index + 1);
    if (begins < -driver_.lead || ends < -driver_.tail) {
      ++counts_.clipped_characters;
      return std::nullopt;
    }
  }
  if (babble_ && meets_babble(from)) {
    ++counts_.babbled_characters;
    return std::nullopt;
  }
  if (!bursts_ || !meets_burst(from)) return byte;
  ++counts_.burst_characters;
  // Noise instead of a character: its stop bit and its parity fit one time in two each.
  const auto noise = draw();
  if ((noise & 1) != 0) {
    ++uart_errors_.framing;
    return std::nullopt;
  }
  if ((noise & 2) != 0) {
    ++uart_errors_.parity;
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(noise >> 8);
}

core::Bytes PairTroubles::keep(core::Bytes bytes) {
  passed_size_ = bytes.size();
  if (bytes.data() != passed_.data()) std::copy(bytes.begin(), bytes.end(), passed_.begin());
  return core::Bytes(passed_).first(passed_size_);
}

core::Bytes PairTroubles::pass_transmission(const FrameOnLine& sent, std::size_t place, core::Bytes bytes) {
  const bool is_by_master = sent.speaker == FrameOnLine::master;
  auto left = keep(bytes);
  if (!is_by_master) {
    if (break_ && place >= *break_) {
      ++counts_.cut_off;
      return {};
    }
    if (sent.speaker < stations_.size()) {
      auto& station = stations_[sent.speaker];
      if (station.is_swapped) {
        ++counts_.swapped;
        left = inverted(left);
      }
      if (station.place_errors && !station.place_errors->pass_clean(left.size())) {
        ++counts_.misheard;
        left = core::Bytes(spoilt_).first(station.place_errors->spoil(left, spoilt_));
        left = keep(left);
      }
    }
  }
  if (is_master_swapped_) {
    ++counts_.swapped;
    left = inverted(left);
  }
  left = after_idle(left, idle_noise_);
  if (!is_by_master) left = after_idle(left, master_idle_noise_);
  return filter_ == nullptr ? left : through_filter(sent, left);
}

core::Bytes PairTroubles::after_idle(core::Bytes bytes, core::Ratio chance) {
  if (chance.is_zero() || !is_hit(chance, draw())) return bytes;
  ++counts_.false_starts;
  const auto where = draw();
  return keep(misread(bytes, 1 + static_cast<int>(where % 11), where >> 8));
}

/// A false start bit so many bits before the true one; the levels between are noise.
core::Bytes PairTroubles::misread(core::Bytes bytes, int false_bits, std::uint64_t noise) {
  Uart uart(timing_.format);
  std::size_t count = 0;
  const auto level = [&](bool is_mark) {
    if (const auto byte = uart.hear(is_mark); byte && count < spoilt_.size()) spoilt_[count++] = *byte;
  };
  level(false);
  for (int i = 1; i < false_bits; ++i) level((noise >> i & 1) != 0);
  for (const auto byte : bytes) Uart::send(byte, timing_.format, level);
  for (int i = 0; i < timing_.format.bits(); ++i) level(true);  // the pair is quiet again
  uart_errors_.parity += uart.errors().parity;
  uart_errors_.framing += uart.errors().framing;
  return core::Bytes(spoilt_).first(count);
}

/// What a receiver with crossed wires makes of it: quiet is a break to it, and every bit is the other one.
core::Bytes PairTroubles::inverted(core::Bytes bytes) {
  Uart uart(timing_.format);
  std::size_t count = 0;
  const auto level = [&](bool is_mark) {
    if (const auto byte = uart.hear(!is_mark); byte && count < spoilt_.size()) spoilt_[count++] = *byte;
  };
  for (int i = 0; i < timing_.format.bits(); ++i) level(true);
  for (const auto byte : bytes) Uart::send(byte, timing_.format, level);
  for (int i = 0; i < timing_.format.bits(); ++i) level(true);
  uart_errors_.parity += uart.errors().parity;
  uart_errors_.framing += uart.errors().framing;
  return keep(core::Bytes(spoilt_).first(count));
}

core::Bytes PairTroubles::through_filter(const FrameOnLine& sent, core::Bytes bytes) {
  const auto fate = filter_->judge(sent);
  const bool is_cut = fate.bytes_kept < bytes.size(), is_flipped = fate.flipped_byte < bytes.size();
  if (!fate.is_lost && !is_cut && !is_flipped) return bytes;
  ++counts_.filtered;
  if (fate.is_lost) return {};
  if (is_flipped) passed_[fate.flipped_byte] ^= 1;
  return is_cut ? bytes.first(fate.bytes_kept) : bytes;
}

bool PairTroubles::is_heard_by(std::uint32_t meter, std::size_t place, core::Bytes request) {
  if (break_ && place >= *break_) {
    ++counts_.cut_off;
    return false;
  }
  if (meter >= stations_.size()) return true;
  auto& station = stations_[meter];
  if (station.is_swapped) {
    ++counts_.swapped;
    return false;  // what it makes of inverted levels is no frame to anybody
  }
  return gets_whole(station, request);
}

/// The checksum sends all but one damaged frame in 256 away; that one is not modelled.
bool PairTroubles::gets_whole(Station& station, core::Bytes request) {
  if (!station.idle_noise.is_zero() && is_hit(station.idle_noise, draw())) {
    ++counts_.false_starts;
    const auto where = draw();
    const auto left = misread(request, 1 + static_cast<int>(where % 11), where >> 8);
    // Only the beginning is misread: whoever spares the frame behind the lead-in spares all of it.
    const auto start = std::find(request.begin(), request.end(), dlt645::start_byte);
    const auto frame = static_cast<std::size_t>(request.end() - start);
    if (left.size() < frame ||
        !std::equal(start, request.end(), left.end() - static_cast<std::ptrdiff_t>(frame)))
      return false;
  }
  if (!station.place_errors || station.place_errors->pass_clean(request.size())) return true;
  const auto left = station.place_errors->spoil(request, spoilt_);
  if (left == request.size() && std::equal(request.begin(), request.end(), spoilt_.begin())) return true;
  ++counts_.misheard;
  return false;
}

std::optional<dlt645::AddressPattern> PairTroubles::double_of(std::uint32_t meter) const {
  const auto* station = find(meter);
  return station == nullptr ? std::nullopt : station->other;
}

core::Duration PairTroubles::lateness(std::uint32_t meter, core::Instant at) {
  const auto* station = find(meter);
  if (station == nullptr || !station->late) return {};
  const auto instant = static_cast<std::uint64_t>(core::unix_nanoseconds(at));
  const auto index = late_draws | (instant ^ (std::uint64_t{meter} << 40));
  if (!draws_.happens(station->late->chance, index)) return {};
  ++counts_.late;
  return station->late->by;
}
}  // namespace model
