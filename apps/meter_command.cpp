// `metertwin meter`: a simulated single-phase prepaid meter on a PTY or a serial port, answering in
// wall-clock time.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/commands.hpp"
#include "apps/meter_on_line.hpp"
#include "platform/posix/serial_port.hpp"
#include "platform/posix/wall_clock.hpp"

namespace app {
namespace {
struct MeterArguments {
  std::string address = "330100000017";
  std::string port;
  std::string line = "2400,8E1";
  int turnaround_ms = 50;
  int seconds = 0;
};

int serve(const MeterArguments& arguments) {
  const auto address = core::parse_meter_address(arguments.address);
  if (!address || address->is_broadcast())
    throw BadArguments(fmt::format("'{}' is no meter address: one to twelve digits", arguments.address));
  const auto settings = seam::parse_serial_settings(arguments.line);
  if (!settings) throw BadArguments(fmt::format("--line: '{}' is not like 2400,8E1", arguments.line));
  seam::WallClock clock;
  seam::PtyLine pty;
  std::unique_ptr<seam::Link> field_end;
  if (arguments.port.empty()) {
    pty = seam::open_pty_line(clock);
    field_end = std::move(pty.field_end);
  } else {
    field_end = seam::open_serial_port(clock, arguments.port, *settings);
  }
  const MeterOnLine meter(clock, std::move(field_end), household_meter(*address, clock.now()),
                          std::chrono::milliseconds(arguments.turnaround_ms));
  fmt::print("meter {} answers on {}\n", core::to_string(*address),
             arguments.port.empty() ? pty.path : arguments.port);
  std::fflush(stdout);
  if (arguments.seconds > 0)
    clock.run_for(std::chrono::seconds(arguments.seconds));
  else
    clock.run();
  return exit_pass;
}
}  // namespace

void add_meter_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<MeterArguments>();
  auto* sub =
      cli.add_subcommand("meter", "Be a simulated meter on a PTY (or a serial port) until interrupted");
  sub->add_option("--address", arguments->address, "one to twelve digits")->capture_default_str();
  sub->add_option("--port", arguments->port, "a serial port instead of a new PTY");
  sub->add_option("--line", arguments->line, "baud and frame of the serial port")->capture_default_str();
  sub->add_option("--turnaround", arguments->turnaround_ms, "ms before it answers")
      ->check(CLI::Range(0, 500))
      ->capture_default_str();
  sub->add_option("--for", arguments->seconds, "stop after so many seconds")->check(CLI::Range(1, 1'000'000));
  sub->callback([arguments, &command] { command = [arguments] { return serve(*arguments); }; });
}
}  // namespace app
