#include "protocols/dlt645/load_record.hpp"

#include "protocols/byte_sum.hpp"
#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/numbers.hpp"

namespace dlt645 {
namespace {
constexpr std::uint8_t good_mark = 0xA0, damaged_mark = 0xE0, class_end = 0xAA, block_end = 0xE5;
constexpr std::size_t front_bytes = 3;  // mark, mark, length
constexpr std::size_t energy_length = 5 + 16 + 6;

struct Width {
  std::size_t bytes;
  bool is_signed;
};
constexpr Width voltage{2, false}, current{3, true}, frequency{2, false}, power{3, true}, factor{2, true};
constexpr Width energy{4, true}, demand{3, true};

template <std::size_t n>
void put_numbers(Data& out, Width width, const std::array<std::int32_t, n>& values) {
  for (const auto value : values) {
    const auto field = out.grow(width.bytes);
    if (value == LoadRecord::absent) {
      for (auto& byte : field) byte = 0xFF;
    } else if (width.is_signed) {
      put_signed(field, value);
    } else {
      put_unsigned(field, static_cast<std::uint64_t>(value));
    }
  }
}

/// A reader that remembers the first thing that went wrong.
struct Reader {
  core::Bytes rest;
  bool is_good = true;

  template <std::size_t n>
  void numbers(Width width, std::array<std::int32_t, n>& values) {
    for (auto& value : values) {
      if (!is_good || rest.size() < width.bytes) return void(is_good = false);
      const core::Bytes field = rest.first(width.bytes);
      rest = rest.subspan(width.bytes);
      if (is_absent(field)) {
        value = LoadRecord::absent;
        continue;
      }
      const auto number = width.is_signed ? signed_number(field) : unsigned_number(field);
      if (!number) return void(is_good = false);
      value = static_cast<std::int32_t>(*number);
    }
  }
  /// True if the class has data; its end mark alone means that it is switched off. A class's own first byte
  /// may be AA only as a non-BCD byte, which no class begins with.
  bool begins_class() {
    if (rest.empty()) return is_good = false;
    if (rest[0] != class_end) return true;
    rest = rest.subspan(1);
    return false;
  }
  void ends_class() {
    if (!is_good || rest.empty() || rest[0] != class_end) return void(is_good = false);
    rest = rest.subspan(1);
  }
};

/// The frame of a block: marks, length, sum, end. Answers its content (time to last AA).
core::Result<core::Bytes> open_block(core::Bytes bytes, bool& is_damaged) {
  if (bytes.size() < front_bytes) return core::Fault::incomplete;
  if (bytes[0] != bytes[1] || (bytes[0] != good_mark && bytes[0] != damaged_mark))
    return core::Fault::bad_start;
  const std::size_t length = bytes[2];
  if (bytes.size() < front_bytes + length + 2) return core::Fault::incomplete;
  if (bytes[front_bytes + length + 1] != block_end) return core::Fault::bad_end;
  if (framing::byte_sum(bytes.first(front_bytes + length)) != bytes[front_bytes + length]) {
    return core::Fault::bad_checksum;
  }
  is_damaged = bytes[0] == damaged_mark;
  return bytes.subspan(front_bytes, length);
}

void read_classes(Reader& reader, LoadRecord& record) {
  const auto take = [&](std::uint8_t bit, auto&& read) {
    if (!reader.is_good || !reader.begins_class()) return;
    record.classes |= bit;
    read();
    reader.ends_class();
  };
  take(load_class::voltage_current, [&] {
    std::array<std::int32_t, 1> hertz{};
    reader.numbers(voltage, record.voltage_dV);
    reader.numbers(current, record.current_mA);
    reader.numbers(frequency, hertz);
    record.frequency_cHz = hertz[0];
  });
  take(load_class::powers, [&] {
    reader.numbers(power, record.active_dW);
    reader.numbers(power, record.reactive_dvar);
  });
  take(load_class::power_factors, [&] { reader.numbers(factor, record.power_factor_permille); });
  take(load_class::energies, [&] { reader.numbers(energy, record.energy_ckWh); });
  take(load_class::quadrants, [&] { reader.numbers(energy, record.quadrant_ckvarh); });
  take(load_class::demands, [&] { reader.numbers(demand, record.demand_dW); });
}

void close_block(Data& out, std::size_t from) {
  out[from + 2] = static_cast<std::uint8_t>(out.size() - from - front_bytes);
  const std::uint8_t sum = framing::byte_sum(core::Bytes(out).subspan(from));
  out.push_back(sum);
  out.push_back(block_end);
}
}  // namespace

void put_load_record(const LoadRecord& record, Data& out) {
  const std::size_t from = out.size();
  const std::uint8_t mark = record.is_damaged ? damaged_mark : good_mark;
  out.push_back(mark);
  out.push_back(mark);
  out.push_back(0);  // the length, known at the end
  put_minute_time(out.grow(minute_time_bytes), record.at);
  const auto has = [&](std::uint8_t bit) { return (record.classes & bit) != 0; };
  if (has(load_class::voltage_current)) {
    put_numbers(out, voltage, record.voltage_dV);
    put_numbers(out, current, record.current_mA);
    put_numbers(out, frequency, std::array{record.frequency_cHz});
  }
  out.push_back(class_end);
  if (has(load_class::powers)) {
    put_numbers(out, power, record.active_dW);
    put_numbers(out, power, record.reactive_dvar);
  }
  out.push_back(class_end);
  if (has(load_class::power_factors)) put_numbers(out, factor, record.power_factor_permille);
  out.push_back(class_end);
  if (has(load_class::energies)) put_numbers(out, energy, record.energy_ckWh);
  out.push_back(class_end);
  if (has(load_class::quadrants)) put_numbers(out, energy, record.quadrant_ckvarh);
  out.push_back(class_end);
  if (has(load_class::demands)) put_numbers(out, demand, record.demand_dW);
  out.push_back(class_end);
  close_block(out, from);
}

void put_energy_record(core::Bytes mm_hh_DD_MM_YY, core::CentiKilowattHours forward,
                       core::CentiKilowattHours reverse, Data& out) {
  const auto block = out.grow(energy_record_bytes);
  block[0] = block[1] = good_mark;
  block[2] = energy_length;
  std::memcpy(block.data() + 3, mm_hh_DD_MM_YY.data(), minute_time_bytes);
  block[8] = block[9] = block[10] = class_end;
  put_energy(block.subspan(11, 4), forward);
  put_energy(block.subspan(15, 4), reverse);
  std::memset(block.data() + 19, 0, 8);
  block[27] = block[28] = block[29] = class_end;
  block[30] = framing::byte_sum(core::Bytes(block).first(30));
  block[31] = block_end;
}

core::Result<std::size_t> take_load_record(core::Bytes bytes, LoadRecord& record) {
  record = LoadRecord{};
  const auto content = open_block(bytes, record.is_damaged);
  if (!content) return content.error();
  if (content->size() < minute_time_bytes) return core::Fault::bad_length;
  const auto at = minute_time(content->first(minute_time_bytes));
  if (!at) return core::Fault::bad_field;
  record.at = *at;
  Reader reader{content->subspan(minute_time_bytes)};
  read_classes(reader, record);
  if (!reader.is_good || !reader.rest.empty()) return core::Fault::bad_field;
  return front_bytes + content->size() + 2;
}

core::Result<std::size_t> take_energy_record(core::Bytes bytes, EnergyRecord& record) {
  bool is_damaged = false;
  const auto content = open_block(bytes, is_damaged);
  if (!content) return content.error();
  const core::Bytes block = *content;
  const bool has_energies_only = block.size() == energy_length && block[5] == class_end &&
                                 block[6] == class_end && block[7] == class_end && block[24] == class_end &&
                                 block[25] == class_end && block[26] == class_end;
  if (is_damaged || !has_energies_only) return core::Fault::unexpected_answer;
  const auto at = minute_time(block.first(minute_time_bytes));
  const auto forward = energy_at(block.subspan(8, 4)), reverse = energy_at(block.subspan(12, 4));
  if (!at || !forward || !reverse) return core::Fault::bad_field;
  record = EnergyRecord{*at, *forward, *reverse};
  return energy_record_bytes;
}
}  // namespace dlt645
