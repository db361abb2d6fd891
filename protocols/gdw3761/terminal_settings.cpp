#include "protocols/gdw3761/terminal_settings.hpp"

namespace gdw3761 {
namespace {
constexpr std::uint64_t digits_12 = 1'000'000'000'000ull;

/// Reads fields one after the other; remembers that one was cut short, or held what it must not.
class FieldReader {
 public:
  explicit FieldReader(core::Bytes& rest) : rest_(rest) {}
  bool is_short() const { return is_short_; }
  bool is_bad() const { return is_bad_; }
  void judge(bool is_good) { is_bad_ |= !is_good; }

  std::uint64_t binary(std::size_t width) {
    const auto field = take(width);
    return field.empty() ? 0 : core::little_endian(field);
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(binary(1)); }
  std::uint16_t pair() { return static_cast<std::uint16_t>(binary(2)); }
  std::uint64_t digits(std::size_t width) {
    const auto field = take(width);
    if (field.empty()) return 0;
    const auto number = core::bcd_little_endian(field);
    judge(number.has_value());
    return number.value_or(0);
  }
  /// A.19, minutes of the day.
  int day_minute() {
    const auto minute = static_cast<int>(digits(1)), hour = static_cast<int>(digits(1));
    judge(minute < 60 && hour < 24);
    return hour * 60 + minute;
  }
  core::Bytes take(std::size_t width) {
    if (rest_.size() < width) {
      is_short_ = true;
      rest_ = {};
      return {};
    }
    const auto field = rest_.first(width);
    rest_ = rest_.subspan(width);
    return field;
  }

 private:
  core::Bytes& rest_;
  bool is_short_ = false, is_bad_ = false;
};

class FieldWriter {
 public:
  explicit FieldWriter(std::vector<std::uint8_t>& out) : out_(out) {}
  void binary(std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void digits(std::uint64_t value, std::size_t width) { core::put_bcd_little_endian(grow(width), value); }
  void day_minute(int minutes) {
    digits(static_cast<std::uint64_t>(minutes % 60), 1);
    digits(static_cast<std::uint64_t>(minutes / 60), 1);
  }
  std::span<std::uint8_t> grow(std::size_t width) {
    out_.resize(out_.size() + width);
    return std::span(out_).last(width);
  }

 private:
  std::vector<std::uint8_t>& out_;
};

// How each kind of block travels: `read` and `write` are each other's inverse.

template <class Block>
struct Layout;

template <>
struct Layout<ArchiveRow> {
  static constexpr int fn = setting::archive;
  static constexpr std::size_t count_bytes = 2, key_bytes = 2;
  static void read(FieldReader& in, ArchiveRow& row) {
    const auto field = in.take(ArchiveRow::width);
    if (field.empty()) return;
    const auto read_row = archive_row_at(field);
    in.judge(read_row.has_value());
    if (read_row) row = *read_row;
  }
  static void write(FieldWriter& out, const ArchiveRow& row) {
    put_archive_row(out.grow(ArchiveRow::width), row);
  }
};

template <>
struct Layout<PulseInput> {
  static constexpr int fn = setting::pulse_inputs;
  static constexpr std::size_t count_bytes = 1, key_bytes = 1;
  static void read(FieldReader& in, PulseInput& pulse) {
    pulse.input = in.byte();
    pulse.point = in.byte();
    pulse.kind = in.byte();
    pulse.pulses_per_kWh = in.pair();
    in.judge(pulse.input >= 1 && pulse.input <= 64 && pulse.point >= 1 && pulse.pulses_per_kWh > 0);
  }
  static void write(FieldWriter& out, const PulseInput& pulse) {
    out.binary(pulse.input, 1);
    out.binary(pulse.point, 1);
    out.binary(pulse.kind, 1);
    out.binary(pulse.pulses_per_kWh, 2);
  }
};

template <>
struct Layout<ReadingPlan> {
  static constexpr int fn = setting::reading_plans;
  static constexpr std::size_t count_bytes = 1, key_bytes = 1;
  static void read(FieldReader& in, ReadingPlan& plan) {
    plan.port = in.byte();
    plan.control = in.pair();
    plan.reading_days = static_cast<std::uint32_t>(in.binary(4));
    plan.reading_min = in.day_minute();
    plan.interval_min = in.byte();
    plan.broadcast_min = in.day_minute();
    plan.broadcast_day = static_cast<int>(in.digits(1));
    const std::size_t windows = in.byte();
    in.judge(plan.port >= 1 && plan.port <= 31 && plan.broadcast_day <= 31 &&
             windows <= ReadingPlan::windows_max);
    for (std::size_t i = 0; i < windows && !in.is_short(); ++i) {
      const auto from = in.day_minute();
      plan.windows.push_back({from, in.day_minute()});
    }
  }
  static void write(FieldWriter& out, const ReadingPlan& plan) {
    out.binary(plan.port, 1);
    out.binary(plan.control, 2);
    out.binary(plan.reading_days, 4);
    out.day_minute(plan.reading_min);
    out.binary(plan.interval_min, 1);
    out.day_minute(plan.broadcast_min);
    out.digits(static_cast<std::uint64_t>(plan.broadcast_day), 1);
    out.binary(plan.windows.size(), 1);
    for (const auto& window : plan.windows) {
      out.day_minute(window.from_min);
      out.day_minute(window.till_min);
    }
  }
};

template <>
struct Layout<PortRate> {
  static constexpr int fn = setting::port_rates;
  static constexpr std::size_t count_bytes = 1, key_bytes = 1;
  static void read(FieldReader& in, PortRate& rate) {
    rate.port = in.byte();
    rate.line_settings = in.byte();
    rate.baud = static_cast<std::uint32_t>(in.binary(4));
    in.judge(rate.port >= 1 && rate.port <= 31 && rate.baud > 0);
  }
  static void write(FieldWriter& out, const PortRate& rate) {
    out.binary(rate.port, 1);
    out.binary(rate.line_settings, 1);
    out.binary(rate.baud, 4);
  }
};

template <>
struct Layout<PortAttempts> {
  static constexpr int fn = setting::attempts;
  static constexpr std::size_t count_bytes = 1, key_bytes = 1;
  static void read(FieldReader& in, PortAttempts& port) {
    port.port = in.byte();
    port.attempts = in.byte();
    in.judge(port.port >= 1 && port.port <= 31 && port.attempts >= 1 && port.attempts <= 10);
  }
  static void write(FieldWriter& out, const PortAttempts& port) {
    out.binary(port.port, 1);
    out.binary(port.attempts, 1);
  }
};

template <>
struct Layout<CollectorRecord> {
  static constexpr int fn = setting::collectors;
  static constexpr std::size_t count_bytes = 1, key_bytes = 6;
  static void read(FieldReader& in, CollectorRecord& collector) {
    collector.address = core::MeterAddress(in.digits(6));
    collector.port = in.byte();
    collector.line_settings = in.byte();
    const auto state = in.byte();
    collector.is_in_service = state == 1;
    in.judge(collector.address.digits() != 0 && collector.port >= 1 && collector.port <= 31 && state <= 1);
  }
  static void write(FieldWriter& out, const CollectorRecord& collector) {
    out.digits(collector.address.digits(), 6);
    out.binary(collector.port, 1);
    out.binary(collector.line_settings, 1);
    out.binary(collector.is_in_service ? 1 : 0, 1);
  }
};

template <>
struct Layout<TerminalName> {
  static constexpr int fn = setting::terminal_address;
  static constexpr std::size_t count_bytes = 0, key_bytes = 0;
  static void read(FieldReader& in, TerminalName& name) {
    name.region = static_cast<std::uint16_t>(in.digits(2));
    name.terminal = in.pair();
    in.judge(name.terminal >= 1 && name.terminal < 0xFFFF);
  }
  static void write(FieldWriter& out, const TerminalName& name) {
    out.digits(name.region, 2);
    out.binary(name.terminal, 2);
  }
};

template <>
struct Layout<MeterNote> {
  static constexpr int fn = setting::meters;
  static constexpr std::size_t count_bytes = 2, key_bytes = 2;
  static void read(FieldReader& in, MeterNote& meter) {
    meter.point = in.pair();
    meter.user = in.digits(6);
    meter.initial_A14 = static_cast<std::int64_t>(in.digits(a14.bytes));
    in.judge(meter.point >= 1 && meter.point <= 2040);
  }
  static void write(FieldWriter& out, const MeterNote& meter) {
    out.binary(meter.point, 2);
    out.digits(meter.user % digits_12, 6);
    out.digits(static_cast<std::uint64_t>(meter.initial_A14), a14.bytes);
  }
};

/// Calls `visit` with an empty list of the blocks that Fn holds. False: no such setting.
template <class Visit>
bool with_blocks_of(int fn, Visit&& visit) {
  const auto one = [&]<class Block>(std::vector<Block> blocks) {
    if (Layout<Block>::fn != fn) return false;
    visit(std::move(blocks));
    return true;
  };
  return one(std::vector<ArchiveRow>()) || one(std::vector<PulseInput>()) ||
         one(std::vector<ReadingPlan>()) || one(std::vector<PortRate>()) ||
         one(std::vector<PortAttempts>()) || one(std::vector<CollectorRecord>()) ||
         one(std::vector<TerminalName>()) || one(std::vector<MeterNote>());
}

/// The unit at the front, if it names one function of the terminal itself. What cannot be told apart goes
/// with all that is left.
std::optional<UnitId> take_unit(core::Bytes& rest) {
  if (rest.size() < UnitId::width) {
    rest = {};
    return std::nullopt;
  }
  const auto unit = UnitId::at(rest);
  rest = rest.subspan(UnitId::width);
  return unit;
}
bool is_single(UnitId unit) {
  return unit.is_terminal() && UnitId::of(0, std::max(1, unit.function())) == unit;
}

template <class Block>
core::Result<Parameter> taken_blocks(core::Bytes& rest, std::vector<Block> blocks) {
  FieldReader in(rest);
  using Its = Layout<Block>;
  const std::size_t count = Its::count_bytes == 0 ? 1 : in.binary(Its::count_bytes);
  for (std::size_t i = 0; i < count && !in.is_short(); ++i) Its::read(in, blocks.emplace_back());
  if (in.is_short()) return core::Fault::bad_length;
  if (in.is_bad()) return core::Fault::bad_field;
  return Parameter(std::move(blocks));
}

template <class Block>
core::Result<ParameterQuery> taken_keys(core::Bytes& rest) {
  FieldReader in(rest);
  using Its = Layout<Block>;
  ParameterQuery query{Its::fn, {}};
  const std::size_t count = Its::count_bytes == 0 ? 0 : in.binary(Its::count_bytes);
  for (std::size_t i = 0; i < count && !in.is_short(); ++i)
    query.keys.push_back(Its::key_bytes == 6 ? in.digits(6) : in.binary(Its::key_bytes));
  if (in.is_short()) return core::Fault::bad_length;
  if (in.is_bad()) return core::Fault::bad_field;
  return query;
}
}  // namespace

int fn_of(const Parameter& parameter) {
  return std::visit([]<class Block>(const std::vector<Block>&) { return Layout<Block>::fn; }, parameter);
}

ParameterUnit take_parameter(core::Bytes& rest) {
  const auto unit = take_unit(rest);
  if (!unit) return {UnitId{}, core::Fault::bad_length};
  ParameterUnit taken{*unit, core::Fault::unknown_item};
  const bool is_known = is_single(*unit) && with_blocks_of(unit->function(), [&](auto blocks) {
                          taken.parameter = taken_blocks(rest, std::move(blocks));
                        });
  if (!is_known) rest = {};
  return taken;
}

void put_parameter(std::vector<std::uint8_t>& out, const Parameter& parameter) {
  const auto unit = UnitId::of(0, fn_of(parameter));
  out.insert(out.end(), {unit.da1, unit.da2, unit.dt1, unit.dt2});
  FieldWriter writer(out);
  std::visit(
      [&]<class Block>(const std::vector<Block>& blocks) {
        constexpr auto width = Layout<Block>::count_bytes;
        METERTWIN_CHECK(width == 0 ? blocks.size() == 1 : blocks.size() >> (8 * width) == 0, blocks.size());
        writer.binary(blocks.size(), width);
        for (const auto& block : blocks) Layout<Block>::write(writer, block);
      },
      parameter);
}

core::Result<ParameterQuery> take_parameter_query(core::Bytes& rest) {
  const auto unit = take_unit(rest);
  if (!unit) return core::Fault::bad_length;
  core::Result<ParameterQuery> taken = core::Fault::unknown_item;
  const bool is_known =
      is_single(*unit) && with_blocks_of(unit->function(), [&]<class Block>(const std::vector<Block>&) {
        taken = taken_keys<Block>(rest);
      });
  if (!is_known) rest = {};
  return taken;
}

core::Bytes write_set_parameters(FrameWriter& writer, TerminalAddress to, unsigned counter,
                                 std::span<const Parameter> parameters) {
  writer.begin(control::request_class1, to, Afn::set, Sequence::single(counter, true));
  std::vector<std::uint8_t> units;
  for (const auto& parameter : parameters) put_parameter(units, parameter);
  METERTWIN_CHECK(units.size() <= writer.room(), units.size());
  writer.bytes(units);
  return writer.finish();
}

core::Bytes write_query_parameters(FrameWriter& writer, TerminalAddress to, unsigned counter,
                                   std::span<const ParameterQuery> queries) {
  writer.begin(control::request_class2, to, Afn::query, Sequence::single(counter));
  for (const auto& query : queries) {
    writer.unit(UnitId::of(0, query.fn));
    const bool is_known = with_blocks_of(query.fn, [&]<class Block>(const std::vector<Block>&) {
      using Its = Layout<Block>;
      if constexpr (Its::count_bytes > 0) writer.little_endian(query.keys.size(), Its::count_bytes);
      for (const auto key : query.keys) {
        if constexpr (Its::key_bytes == 6)
          core::put_bcd_little_endian(writer.grow(6), key);
        else
          writer.little_endian(key, Its::key_bytes);
      }
    });
    METERTWIN_CHECK(is_known, query.fn);
  }
  return writer.finish();
}

core::Bytes write_confirm_units(FrameWriter& writer, TerminalAddress address, unsigned counter, bool is_up,
                                Afn afn, std::span<const UnitVerdict> verdicts) {
  writer.begin(is_up ? control::answer_confirm : control::confirm_down, address, Afn::confirm,
               Sequence::single(counter));
  writer.unit(UnitId::of(0, 3));
  writer.byte(static_cast<std::uint8_t>(afn));
  for (const auto& verdict : verdicts) {
    writer.unit(verdict.unit);
    writer.byte(verdict.error);
  }
  return writer.finish();
}

core::Result<std::vector<UnitVerdict>> parse_confirm_units(const FrameView& frame) {
  if (frame.afn != Afn::confirm) return core::Fault::unexpected_answer;
  if (frame.units.size() < UnitId::width) return core::Fault::bad_length;
  if (UnitId::at(frame.units).function() != 3) return core::Fault::unexpected_answer;
  if (frame.units.size() == UnitId::width) return core::Fault::bad_length;
  std::vector<UnitVerdict> verdicts;
  core::Bytes rest = frame.units.subspan(UnitId::width + 1);
  for (; rest.size() > UnitId::width; rest = rest.subspan(UnitId::width + 1))
    verdicts.push_back({UnitId::at(rest), rest[UnitId::width]});
  if (!rest.empty()) return core::Fault::bad_length;
  return verdicts;
}
}  // namespace gdw3761
