// `metertwin read PORT ADDRESS [ITEM...]`: reads a meter on a real serial line (or a PTY, or a serial server)
// with the head-end's own reader.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/item_names.hpp"
#include "head-end/collect/direct_reader.hpp"
#include "platform/posix/serial_port.hpp"
#include "platform/posix/tcp.hpp"
#include "platform/posix/wall_clock.hpp"
#include "platform/spawn.hpp"

namespace app {
namespace {
struct ReadArguments {
  std::string port;
  std::string address;
  std::vector<std::string> items;
  std::string line = "2400,8E1";
  int timeout_ms = 2000;
  int attempts = 3;
  bool is_json = false;
};

std::vector<dlt645::DataIdentifier> items_of(const ReadArguments& arguments) {
  if (arguments.items.empty()) return usual_items();
  std::vector<dlt645::DataIdentifier> items;
  for (const auto& word : arguments.items) {
    const auto item = item_of(word);
    if (!item)
      throw BadArguments(
          fmt::format("'{}' is neither a data identifier of eight hexadecimal digits nor one of: {}", word,
                      item_words()));
    items.push_back(*item);
  }
  return items;
}

/// "tcp:HOST:PORT" for a serial server, else a serial port.
std::unique_ptr<seam::Link> open_line(seam::WallClock& clock, const ReadArguments& arguments) {
  const auto settings = seam::parse_serial_settings(arguments.line);
  if (!settings) throw BadArguments(fmt::format("--line: '{}' is not like 2400,8E1", arguments.line));
  if (!arguments.port.starts_with("tcp:")) {
    try {
      return seam::open_serial_port(clock, arguments.port, *settings);
    } catch (const std::runtime_error& trouble) {
      throw BadArguments(trouble.what());
    }
  }
  const auto colon = arguments.port.rfind(':');
  const auto host = arguments.port.substr(4, colon > 4 ? colon - 4 : 0);
  const int port = colon > 4 ? std::atoi(arguments.port.c_str() + colon + 1) : 0;
  if (host.empty() || port < 1 || port > 65535)
    throw BadArguments(fmt::format("'{}' is not like tcp:192.0.2.7:4001", arguments.port));
  std::unique_ptr<seam::Link> link;
  seam::spawn(clock,
              [](seam::WallClock& wall, std::string name, std::uint16_t number,
                 std::unique_ptr<seam::Link>& out) -> seam::asio::awaitable<void> {
                auto connected =
                    co_await seam::connect_tcp(wall, name, number, wall.now() + std::chrono::seconds(5));
                if (connected) out = std::move(*connected);
                wall.stop();
              }(clock, host, static_cast<std::uint16_t>(port), link));
  clock.run();
  if (!link) throw BadArguments(fmt::format("cannot connect to {}", arguments.port));
  return link;
}

nlohmann::json to_json(const headend::DirectReading& reading) {
  nlohmann::json values = nlohmann::json::array();
  for (const auto& value : reading.values)
    values.push_back({{"label", value.label},
                      {"value", value.is_absent ? nlohmann::json() : nlohmann::json(value.text)},
                      {"unit", std::string(value.unit)}});
  return {{"item", dlt645::to_string(reading.item)},
          {"name", reading.name},
          {"bytes", core::to_hex(reading.bytes)},
          {"values", values}};
}

void print(const headend::DirectReading& reading) {
  std::string values;
  for (const auto& value : reading.values)
    values +=
        fmt::format("{}{}{}{}{}", values.empty() ? "" : ", ", value.label.empty() ? "" : value.label + " ",
                    value.is_absent ? "absent" : value.text, value.unit.empty() ? "" : " ", value.unit);
  fmt::print("{}  {:<40} {}\n", dlt645::to_string(reading.item),
             reading.name.empty() ? "(not in the catalogue)" : reading.name,
             values.empty() ? core::to_hex(reading.bytes) : values);
}

struct Readings {
  std::vector<headend::DirectReading> got;
  std::vector<std::string> failures;
  std::string address;
};

seam::asio::awaitable<void> read_all(seam::WallClock& clock, seam::Link& link, const ReadArguments& arguments,
                                     std::vector<dlt645::DataIdentifier> items, Readings& out) {
  headend::DirectReader reader(
      clock, link,
      {.answer_timeout = std::chrono::milliseconds(arguments.timeout_ms), .attempts = arguments.attempts});
  auto address = core::parse_meter_address(arguments.address);
  if (!address) {
    const auto found = co_await reader.read_address();
    if (!found) {
      out.failures.push_back(fmt::format("no meter says its address: {}", core::name_of(found.error())));
      clock.stop();
      co_return;
    }
    address = *found;
  }
  out.address = core::to_string(*address);
  for (const auto item : items) {
    auto reading = co_await reader.read(*address, item);
    if (reading)
      out.got.push_back(std::move(*reading));
    else
      out.failures.push_back(fmt::format("{}: {}", dlt645::to_string(item), core::name_of(reading.error())));
  }
  clock.stop();
}

int read(const ReadArguments& arguments) {
  const auto items = items_of(arguments);
  if (arguments.address != "any" && !core::parse_meter_address(arguments.address))
    throw BadArguments(
        fmt::format("'{}' is no meter address: one to twelve digits, or 'any' for the only meter on the line",
                    arguments.address));
  seam::WallClock clock;
  const auto link = open_line(clock, arguments);
  Readings readings;
  seam::spawn(clock, read_all(clock, *link, arguments, items, readings));
  clock.run();
  if (arguments.is_json) {
    nlohmann::json out{{"address", readings.address},
                       {"readings", nlohmann::json::array()},
                       {"failures", readings.failures}};
    for (const auto& reading : readings.got) out["readings"].push_back(to_json(reading));
    fmt::print("{}\n", out.dump(2));
  } else {
    if (!readings.address.empty()) fmt::print("meter {}\n", readings.address);
    for (const auto& reading : readings.got) print(reading);
  }
  for (const auto& failure : readings.failures) fmt::print(stderr, "metertwin: {}\n", failure);
  return readings.failures.empty() ? exit_pass : exit_failed;
}
}  // namespace

void add_read_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<ReadArguments>();
  auto* sub = cli.add_subcommand(
      "read", "Read a meter over DL/T 645-2007 on a serial port, a PTY or a serial server");
  sub->add_option("PORT", arguments->port, "/dev/ttyUSB0, /dev/pts/3, or tcp:HOST:PORT")->required();
  sub->add_option("ADDRESS", arguments->address,
                  "one to twelve digits, or 'any' when the meter is alone on the line")
      ->required();
  sub->add_option("ITEM", arguments->items, "data identifiers (00010000) or words: " + item_words());
  sub->add_option("--line", arguments->line, "baud and frame")->capture_default_str();
  sub->add_option("--timeout", arguments->timeout_ms, "ms to wait for an answer")
      ->check(CLI::Range(10, 60'000))
      ->capture_default_str();
  sub->add_option("--attempts", arguments->attempts, "times to ask")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  sub->add_flag("--json", arguments->is_json, "machine-readable");
  sub->callback([arguments, &command] { command = [arguments] { return read(*arguments); }; });
}
}  // namespace app
