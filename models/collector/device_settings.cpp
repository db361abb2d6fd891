#include "models/collector/device_settings.hpp"

#include <algorithm>
#include <set>

namespace model {
namespace {
using namespace std::chrono_literals;
namespace setting = gdw3761::setting;
constexpr core::Duration erase_time = 45ms, page_time = 700us;
constexpr std::size_t page_bytes = 256;
constexpr std::uint8_t erased = 0xFF;
constexpr std::size_t number_bytes = 4, length_bytes = 4, sum_bytes = 4;

/// CRC-32 of IEEE 802.3: reflected 04C11DB7H, begun with and inverted by FFFFFFFFH.
std::uint32_t crc32(core::Bytes bytes) {
  std::uint32_t sum = 0xFFFFFFFF;
  for (const auto byte : bytes) {
    sum ^= byte;
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xEDB88320u : 0u);
  }
  return ~sum;
}

void append_little_endian(std::vector<std::uint8_t>& out, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

template <class Key, class Block>
std::vector<Block> values_of(const std::map<Key, Block>& blocks) {
  std::vector<Block> values;
  for (const auto& [key, block] : blocks) values.push_back(block);
  return values;
}

/// The wire counts collectors and inputs in one byte.
constexpr std::size_t blocks_max = 255;
}  // namespace

std::optional<std::size_t> DeviceSettings::position_of(unsigned port) const {
  if (port < first_port || port - first_port >= plans.size()) return std::nullopt;
  return port - first_port;
}

bool DeviceSettings::take(const gdw3761::Parameter& parameter) {
  auto next = *this;
  const auto put_by_port = [&]<class Block>(std::vector<Block>& kept, const std::vector<Block>& blocks) {
    for (const auto& block : blocks) {
      const auto position = position_of(block.port);
      if (!position) return false;
      kept[*position] = block;
    }
    return true;
  };
  const auto put = [&]<class Block>(const std::vector<Block>& blocks) {
    if constexpr (std::is_same_v<Block, gdw3761::ReadingPlan>) return put_by_port(next.plans, blocks);
    if constexpr (std::is_same_v<Block, gdw3761::PortRate>) return put_by_port(next.rates, blocks);
    if constexpr (std::is_same_v<Block, gdw3761::PortAttempts>) return put_by_port(next.attempts, blocks);
    if constexpr (std::is_same_v<Block, gdw3761::PulseInput>) {
      for (const auto& pulse : blocks) next.pulses[pulse.input] = pulse;
      std::set<std::uint8_t> points;
      for (const auto& [input, pulse] : next.pulses) points.insert(pulse.point);
      return points.size() == next.pulses.size();
    }
    if constexpr (std::is_same_v<Block, gdw3761::CollectorRecord>) {
      for (const auto& collector : blocks) {
        if (!position_of(collector.port)) return false;
        next.collectors[collector.address] = collector;
      }
      return next.collectors.size() <= blocks_max;
    }
    if constexpr (std::is_same_v<Block, gdw3761::TerminalName>) {
      for (const auto& block : blocks) next.name = block;
    }
    if constexpr (std::is_same_v<Block, gdw3761::MeterNote>) {
      for (const auto& meter : blocks) next.meters[meter.point] = meter;
    }
    return true;
  };
  if (!std::visit(put, parameter)) return false;
  *this = std::move(next);
  return true;
}

std::optional<gdw3761::Parameter> DeviceSettings::blocks_of(const gdw3761::ParameterQuery& query) const {
  const auto of_ports = [&]<class Block>(const std::vector<Block>& kept) -> gdw3761::Parameter {
    std::vector<Block> blocks;
    for (const auto key : query.keys)
      if (key <= 31)
        if (const auto position = position_of(static_cast<unsigned>(key))) blocks.push_back(kept[*position]);
    return blocks;
  };
  const auto of_map = [&]<class Key, class Block>(const std::map<Key, Block>& kept) -> gdw3761::Parameter {
    std::vector<Block> blocks;
    for (const auto key : query.keys)
      if (const auto found = kept.find(Key(key)); found != kept.end()) blocks.push_back(found->second);
    return blocks;
  };
  switch (query.fn) {
    case setting::reading_plans:
      return of_ports(plans);
    case setting::port_rates:
      return of_ports(rates);
    case setting::attempts:
      return of_ports(attempts);
    case setting::pulse_inputs:
      return of_map(pulses);
    case setting::collectors:
      return of_map(collectors);
    case setting::meters:
      return of_map(meters);
    case setting::terminal_address:
      return gdw3761::Parameter(std::vector{name});
    default:
      return std::nullopt;
  }
}

std::vector<std::uint8_t> DeviceSettings::image() const {
  std::vector<std::uint8_t> out;
  const auto put = [&](gdw3761::Parameter parameter) { gdw3761::put_parameter(out, parameter); };
  put(std::vector{name});
  put(plans);
  put(rates);
  put(attempts);
  put(values_of(pulses));
  put(values_of(collectors));
  put(values_of(meters));
  return out;
}

bool DeviceSettings::restore(core::Bytes image) {
  auto next = *this;
  while (!image.empty()) {
    const auto unit = gdw3761::take_parameter(image);
    if (!unit.parameter || !next.take(*unit.parameter)) return false;
  }
  *this = std::move(next);
  return true;
}

core::Duration SettingsFlash::write_time(std::size_t image_bytes) {
  const auto bytes = number_bytes + length_bytes + image_bytes + sum_bytes;
  return erase_time + page_time * ((bytes + page_bytes - 1) / page_bytes);
}

std::optional<SettingsFlash::Whole> SettingsFlash::whole(core::Bytes bank) {
  constexpr auto head_bytes = number_bytes + length_bytes;
  if (bank.size() < head_bytes + sum_bytes) return std::nullopt;
  const auto size = core::little_endian(bank.subspan(number_bytes, length_bytes));
  if (size > bank.size() - head_bytes - sum_bytes) return std::nullopt;
  const auto sum = core::little_endian(bank.subspan(head_bytes + size, sum_bytes));
  if (sum != crc32(bank.first(head_bytes + size))) return std::nullopt;
  return Whole{static_cast<std::uint32_t>(core::little_endian(bank.first(number_bytes))),
               bank.subspan(head_bytes, size)};
}

void SettingsFlash::write_part(core::Bytes image, core::Duration for_how_long) {
  if (for_how_long <= core::Duration(0)) return;
  const auto first = whole(banks_[0]), second = whole(banks_[1]);
  const auto number = std::max(first ? first->number : 0, second ? second->number : 0) + 1;
  auto& bank = !first || (second && first->number < second->number) ? banks_[0] : banks_[1];
  bank.clear();
  append_little_endian(bank, number, number_bytes);
  append_little_endian(bank, image.size(), length_bytes);
  bank.insert(bank.end(), image.begin(), image.end());
  append_little_endian(bank, crc32(bank), sum_bytes);
  if (for_how_long >= write_time(image.size())) return;
  // Erased first, then filled from the front.
  const auto programmed =
      for_how_long < erase_time
          ? 0
          : static_cast<std::size_t>((for_how_long - erase_time).count() *
                                     static_cast<std::int64_t>(page_bytes) / page_time.count());
  std::fill(bank.begin() + static_cast<std::ptrdiff_t>(std::min(programmed, bank.size())), bank.end(),
            erased);
}

std::optional<std::vector<std::uint8_t>> SettingsFlash::newest() const {
  const auto first = whole(banks_[0]), second = whole(banks_[1]);
  if (!first && !second) return std::nullopt;
  const auto& newest = !second || (first && first->number > second->number) ? *first : *second;
  return std::vector<std::uint8_t>(newest.image.begin(), newest.image.end());
}
}  // namespace model
