/// A meter whose firmware is libmodbus, read in virtual time by our own master codec over a simulated RS-485
/// line.
#include <array>
#include <string>

#include "core/random.hpp"
#include "platform/spawn.hpp"
#include "platform/virtual/virtual_world.hpp"
#include "protocols/modbus/acrel_ddsy1352.hpp"
#include "protocols/modbus/frame.hpp"
#include "sim/firmware/libmodbus_meter.hpp"
#include "sim/kernel/bridge.hpp"
#include "tests/sim/in_child.hpp"

namespace {
using namespace std::chrono_literals;
using core::Duration;
using core::Instant;

const Instant start = core::instant_from_seconds(1'782'835'200);
constexpr Duration bit = 1s / 9600;       // 104,166 ns
constexpr Duration byte_time = 10 * bit;  // 8N1: start, eight, stop
constexpr Duration silence =
    7 * byte_time / 2;  // 3.5 characters end a frame   [MODBUS over Serial Line V1.02, 2.5.1.1]
constexpr Duration thinking = 30ms;

/// The pair of wires: a request takes its bytes' time and the silence, the answer thinks and takes its own.
/// The master learns of an answer's bytes in two pieces, as drivers hand them out. Can spoil requests.
class RtuLine final : public sc_core::sc_module, public seam::FarEnd {
 public:
  RtuLine(sc_core::sc_module_name name, seam::VirtualClock& clock, sim::LibmodbusMeter& meter)
      : sc_module(name), field(clock, *this, "modbus line"), meter_(meter) {
    SC_HAS_PROCESS(RtuLine);
    SC_METHOD(request_ended);
    sensitive << request_ended_;
    dont_initialize();
    SC_METHOD(first_half_came);
    sensitive << first_half_came_;
    dont_initialize();
    SC_METHOD(second_half_came);
    sensitive << second_half_came_;
    dont_initialize();
  }
  void head_end_wrote(core::Bytes bytes) override {
    request_.assign(bytes.begin(), bytes.end());
    if (spoils_next) request_[3] ^= 0x10;
    spoils_next = false;
    request_ended_.notify(sim::to_kernel(static_cast<std::int64_t>(bytes.size()) * byte_time + silence));
  }
  void head_end_closed() override {}
  bool spoils_next = false;
  seam::VirtualField field;

 private:
  void request_ended() {
    const auto answer = meter_.hear(request_);
    answer_.assign(answer.begin(), answer.end());
    if (answer_.empty()) return;
    first_half_came_.notify(sim::to_kernel(thinking + half() * byte_time));
    second_half_came_.notify(
        sim::to_kernel(thinking + static_cast<std::int64_t>(answer_.size()) * byte_time));
  }
  std::int64_t half() const { return static_cast<std::int64_t>(answer_.size() / 2); }
  void first_half_came() { field.deliver(core::Bytes(answer_).first(answer_.size() / 2)); }
  void second_half_came() { field.deliver(core::Bytes(answer_).subspan(answer_.size() / 2)); }

  sim::LibmodbusMeter& meter_;
  std::vector<std::uint8_t> request_;
  std::vector<std::uint8_t> answer_;
  sc_core::sc_event request_ended_;
  sc_core::sc_event first_half_came_;
  sc_core::sc_event second_half_came_;
};

struct Exchange {
  modbus::Request request;
  std::vector<std::uint16_t> values = {};
};

/// One request and its answer, appended to `out`: the registers in hexadecimal, an exception's number, or a
/// fault.
seam::asio::awaitable<void> exchange(seam::Clock& clock, seam::Link& link, Exchange what, std::string& out) {
  modbus::Wire wire;
  modbus::encode(what.request, what.values, wire);
  (void)co_await link.write(wire);
  modbus::AnswerFramer framer;
  framer.expect(what.request);
  const Instant deadline = clock.now() + 500ms;
  std::array<std::uint8_t, 64> buffer;
  for (;;) {
    const auto count = co_await link.read_some(buffer, deadline);
    if (!count) {
      out += core::name_of(count.error());
      co_return;
    }
    framer.feed(core::Bytes(buffer).first(*count));
    const auto answer = framer.take();
    if (!answer) continue;
    if (answer->exception != 0)
      out += "exception " + std::to_string(int{answer->exception});
    else
      out += answer->registers.empty() ? "written" : core::to_hex(answer->registers);
    co_return;
  }
}

using Talk = std::function<seam::asio::awaitable<void>(seam::Clock&, seam::Link&, RtuLine&,
                                                       sim::LibmodbusMeter&, std::string&)>;

std::string talk_to_meter(const Talk& talk) {
  return in_child([&talk] {
    sim::Kernel kernel(start);
    seam::VirtualWorld world(start);
    sim::LibmodbusMeter meter(7);
    meter.measure({.energy_total_centikWh = 0x12345678,
                   .energy_valley_centikWh = 99'999'999,
                   .voltage_dV = 2301,
                   .current_cA = 512,
                   .power_W = -1178,
                   .apparent_power_VA = 1178,
                   .power_factor_per_mille = -998});
    RtuLine line("line", world.clock(), meter);
    sim::Bridge bridge("bridge", kernel);
    const auto link = line.field.connect();
    std::string log;
    seam::spawn(world.clock(), talk(world.clock(), *link, line, meter, log));
    bridge.attach(world.clock());
    kernel.run_until(start + 24h);
    bridge.detach();
    world.kill();
    return log;
  });
}

TEST_CASE(
    "our master reads libmodbus's meter; the line's time passes in virtual time, the firmware's in none") {
  const auto log = talk_to_meter([](seam::Clock& clock, seam::Link& link, RtuLine&, sim::LibmodbusMeter&,
                                    std::string& out) -> seam::asio::awaitable<void> {
    const Instant asked = clock.now();
    co_await exchange(clock, link, {{.unit = 7, .address = 0x0000, .count = 2}}, out);
    const auto took = clock.now() - asked;
    // 8 bytes out, silence, thinking, 9 bytes back.
    out += took == 17 * byte_time + silence + thinking ? ", on time"
                                                       : ", after " + std::to_string(took.count()) + " ns";
  });
  CHECK(log == "12 34 56 78, on time");
}

TEST_CASE("the whole register map as people read it") {
  const auto log = talk_to_meter([](seam::Clock& clock, seam::Link& link, RtuLine&, sim::LibmodbusMeter&,
                                    std::string& out) -> seam::asio::awaitable<void> {
    for (const std::uint16_t address : {0x0000, 0x0008, 0x000B, 0x000C, 0x000D, 0x000F, 0x0010}) {
      const auto* entry = modbus::acrel::entry_at(address);
      std::string hex;
      co_await exchange(clock, link, {{.unit = 7, .address = address, .count = entry->words}}, hex);
      const auto registers = core::from_hex(hex);
      out += (registers ? modbus::acrel::value_text(*entry, *registers) : hex) + " " +
             std::string(entry->unit) + "; ";
    }
  });
  CHECK(log == "3054198.96 kWh; 999999.99 kWh; 230.1 V; 5.12 A; -1.178 kW; 1.178 kVA; -0.998 ; ");
}

TEST_CASE("96 readings of a day come in on time, each with what the meter showed then") {
  const auto log =
      talk_to_meter([](seam::Clock& clock, seam::Link& link, RtuLine&, sim::LibmodbusMeter& meter,
                       std::string& out) -> seam::asio::awaitable<void> {
        int right = 0;
        for (std::uint32_t quarter = 0; quarter < 96; ++quarter) {
          co_await clock.sleep_until(start + quarter * 15min);
          meter.measure({.energy_total_centikWh = 1000 + 7 * quarter});
          std::string hex;
          co_await exchange(clock, link, {{.unit = 7, .address = 0x0000, .count = 2}}, hex);
          const auto registers = core::from_hex(hex);
          if (registers && modbus::u32_at(*registers, 0) == 1000 + 7 * quarter) ++right;
        }
        out = std::to_string(right) + " right";
      });
  CHECK(log == "96 right");
}

TEST_CASE("writes reach the firmware, one register and many") {
  const auto log = talk_to_meter([](seam::Clock& clock, seam::Link& link, RtuLine&,
                                    sim::LibmodbusMeter& meter,
                                    std::string& out) -> seam::asio::awaitable<void> {
    using modbus::Function;
    Exchange write{{.unit = 7, .function = Function::write_one, .address = 0x000A, .count = 1}};
    write.values.assign(1, 1234);  // not in braces above: g++ 12 cannot keep a list's array over a co_await
    co_await exchange(clock, link, write, out);
    out += " " + std::to_string(meter.programming_code()) + "; ";
    write.request.function = Function::write_many;
    write.values.assign(1, 9999);
    co_await exchange(clock, link, write, out);
    out += " " + std::to_string(meter.programming_code());
  });
  CHECK(log == "written 1234; written 9999");
}

TEST_CASE("what the firmware does not have, does not hear or hears wrongly") {
  const auto log = talk_to_meter([](seam::Clock& clock, seam::Link& link, RtuLine& line, sim::LibmodbusMeter&,
                                    std::string& out) -> seam::asio::awaitable<void> {
    const Exchange good{{.unit = 7, .address = 0x000B, .count = 1}};
    co_await exchange(clock, link, {{.unit = 7, .address = 0x0046, .count = 28}}, out);
    out += "; ";
    co_await exchange(clock, link, good, out);
    out += "; ";
    co_await exchange(clock, link, {{.unit = 8, .address = 0x000B, .count = 1}}, out);
    out += "; ";
    // libmodbus takes whatever follows a request to another unit for that unit's answer and is deaf to it
    // once.
    co_await exchange(clock, link, good, out);
    out += "; ";
    co_await exchange(clock, link, good, out);
    out += "; ";
    line.spoils_next = true;
    co_await exchange(clock, link, good, out);
    out += "; ";
    co_await exchange(clock, link, good, out);
  });
  CHECK(log == "exception 2; 08 FD; timeout; timeout; 08 FD; timeout; 08 FD");
}

TEST_CASE("no bytes whatever make the firmware hang, and it answers properly afterwards") {
  const auto seed = GENERATE(range(0, 5));
  INFO("seed " << seed);
  const core::RandomStream random(static_cast<std::uint64_t>(seed), 4, core::Purpose::test);
  sim::LibmodbusMeter meter(1);
  meter.measure({.energy_total_centikWh = 0x00010002});
  std::vector<std::uint8_t> noise;
  for (std::uint64_t i = 0; i < 200; ++i) {
    noise.resize(random.below(300, i));
    for (std::size_t k = 0; k < noise.size(); ++k)
      noise[k] = static_cast<std::uint8_t>(random.word(1000 * i + k));
    if (!noise.empty() && random.below(2, 5000 + i) == 0) noise[0] = 1;  // its own address, to get further
    (void)meter.hear(noise);
  }
  // The request everybody knows: 01 03 00 00 00 02 with CRC C4 0B.
  const std::array<std::uint8_t, 8> request{0x01, 0x03, 0x00, 0x00, 0x00, 0x02, 0xC4, 0x0B};
  auto answer = meter.hear(request);
  if (answer.empty())
    answer = meter.hear(request);  // the noise may have looked like a request to another unit
  REQUIRE(answer.size() == 9);
  CHECK(core::to_hex(answer.first(7)) == "01 03 04 00 01 00 02");
}
}  // namespace
