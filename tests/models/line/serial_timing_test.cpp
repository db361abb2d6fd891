#include "models/line/rs485/serial_timing.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/line/rs485/uart.hpp"

using namespace std::chrono_literals;

namespace {
/// Milliseconds of a read exchange at each baud rate, from the characters by hand: 11 bits each, 4 FE + 16
/// bytes out, 4 FE + 20 bytes back, and Modbus silences of 3.5 and 1.5 characters (fixed above 19,200 baud).
struct Row {
  int baud;
  double character, request, answer, cycle_20ms, cycle_500ms, t35, t15;
};
constexpr Row rows[] = {
    {300, 36.666667, 733.33333, 880, 1633.3333, 2113.3333, 128.33333, 55},
    {600, 18.333333, 366.66667, 440, 826.66667, 1306.6667, 64.166667, 27.5},
    {1200, 9.1666667, 183.33333, 220, 423.33333, 903.33333, 32.083333, 13.75},
    {2400, 4.5833333, 91.666667, 110, 221.66667, 701.66667, 16.041667, 6.875},
    {4800, 2.2916667, 45.833333, 55, 120.83333, 600.83333, 8.0208333, 3.4375},
    {9600, 1.1458333, 22.916667, 27.5, 70.416667, 550.41667, 4.0104167, 1.71875},
    {19200, 0.57291667, 11.458333, 13.75, 45.208333, 525.20833, 2.0052083, 0.859375},
    {38400, 0.28645833, 5.7291667, 6.875, 32.604167, 512.60417, 1.75, 0.75},
    {115200, 0.095486111, 1.9097222, 2.2916667, 24.201389, 504.20139, 1.75, 0.75},
};
double off_us(core::Duration span, double expected_ms) {
  return std::fabs(static_cast<double>(span.count()) / 1e3 - expected_ms * 1e3);
}
}  // namespace

TEST_CASE("characters, frames, exchanges and Modbus silences last what their bits say, to the microsecond") {
  using namespace model::frame_bytes;
  for (const auto& row : rows) {
    INFO(row.baud << " baud");
    const model::SerialTiming line{row.baud, {}};
    CHECK(off_us(line.characters(1), row.character) < 0.1);
    CHECK(off_us(line.characters(dlt645_read_request), row.request) < 1);
    CHECK(off_us(line.characters(dlt645_energy_answer), row.answer) < 1);
    CHECK(off_us(line.exchange(dlt645_read_request, dlt645_energy_answer, 20ms), row.cycle_20ms) < 1);
    CHECK(off_us(line.exchange(dlt645_read_request, dlt645_energy_answer, 500ms), row.cycle_500ms) < 1);
    CHECK(off_us(line.modbus_t35(), row.t35) < 1);
    CHECK(off_us(line.modbus_t15(), row.t15) < 1);
  }
}

TEST_CASE("a Modbus meter of twenty registers at 9600 8N1 with 80 ms of thought takes 143 ms") {
  // 8 + 45 characters of ten bits, 80 ms, and twice t3.5: 8.333 + 46.875 + 80 + 8.021.
  const model::SerialTiming line{9600, {8, model::Parity::none, 1}};
  const auto span = line.modbus_exchange(model::frame_bytes::modbus_read_request,
                                         model::frame_bytes::modbus_read_answer(20), 80ms);
  CHECK(off_us(span, 143.2292) < 1);
  CHECK(static_cast<double>(32 * span.count()) / 1e9 == Approx(4.583).margin(0.001));
}

TEST_CASE("character formats are read and written, and others refused") {
  for (const auto* good : {"8E1", "8N1", "8N2", "8O1", "7E1", "7O2"}) {
    const auto format = model::parse_character_format(good);
    REQUIRE(format);
    CHECK(model::to_string(*format) == good);
  }
  CHECK(model::CharacterFormat{}.bits() == 11);
  CHECK(model::parse_character_format("8N1")->bits() == 10);
  for (const auto* bad : {"", "8", "8E", "9E1", "8X1", "8E3", "8E1 ", "8e1"})
    CHECK_FALSE(model::parse_character_format(bad));
}

TEST_CASE("what a station sends its receiver hears, in every format and for every byte") {
  for (const auto* text : {"8E1", "8N1", "8O1", "8N2", "8E2"}) {
    const auto format = *model::parse_character_format(text);
    model::Uart uart(format);
    for (int byte = 0; byte < 256; ++byte) {
      std::vector<std::uint8_t> heard;
      int bits = 0;
      model::Uart::send(static_cast<std::uint8_t>(byte), format, [&](bool is_mark) {
        ++bits;
        if (const auto got = uart.hear(is_mark)) heard.push_back(*got);
      });
      INFO(text << " byte " << byte);
      CHECK(bits == format.bits());
      CHECK(heard == std::vector<std::uint8_t>{static_cast<std::uint8_t>(byte)});
    }
    CHECK(uart.errors().parity == 0);
    CHECK(uart.errors().framing == 0);
  }
}

TEST_CASE("a flipped bit is a parity error, a missing stop bit and a break are one framing error each") {
  model::Uart uart;
  const auto feed = [&](const char* levels) {
    int heard = 0;
    for (; *levels != 0; ++levels) heard += uart.hear(*levels == '1').has_value() ? 1 : 0;
    return heard;
  };
  CHECK(feed("1110"
             "10110100"
             "0"
             "11") == 1);  // 2D, four ones: even parity 0
  CHECK(feed("0"
             "10110101"
             "0"
             "11") == 0);
  CHECK(uart.errors().parity == 1);
  CHECK(feed("0"
             "10110100"
             "0"
             "01") == 0);
  CHECK(uart.errors().framing == 1);
  CHECK(feed("0000000000000000000000000000000000000000001") == 0);
  CHECK(uart.errors().framing == 2);
  CHECK(feed("0"
             "10110100"
             "0"
             "1") == 1);  // and hears on
}
