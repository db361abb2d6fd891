// metertwin, the command line tool: parses arguments, hands over to one command, turns trouble into one line
// and a code.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "apps/commands.hpp"
#include "scenarios/bad_scenario.hpp"

namespace {
constexpr auto footer = R"(Examples:
  metertwin run scenarios/first-day                 a verified day; ends in a verdict
  metertwin run scenarios/* --jobs 2 --twice        a suite, each scenario run twice and compared
  metertwin trace scenarios/first-day --reading M0042@2026-06-30T12:15
  metertwin frame "68 AA AA AA AA AA AA 68 11 04 33 33 34 33 AE 16"
  metertwin meter                                   a simulated meter on a PTY; prints its path
  metertwin read /dev/pts/3 330100000017 energy voltage balance
Exit codes: 0 pass, 1 a check failed, 2 unknown or blocked, 3 not reproducible, 64 bad arguments or scenario,
            70 internal error, 124 deadline.)";

int run_safely(const std::function<int()>& command) {
  try {
    return command();
  } catch (const scenario::BadScenario& bad) {
    fmt::print(stderr, "{}\n", bad.what());
    return app::exit_bad_input;
  } catch (const app::BadArguments& bad) {
    fmt::print(stderr, "metertwin: {}\n", bad.what());
    return app::exit_bad_input;
  } catch (const std::exception& trouble) {
    fmt::print(stderr, "metertwin: internal error: {}\n", trouble.what());
    return app::exit_internal_error;
  }
}
}  // namespace

int main(int argc, char** argv) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  CLI::App cli{
      "metertwin: a digital twin of an electricity-metering chain, its head-end, and an audit that knows the "
      "truth"};
  cli.footer(footer);
  cli.set_version_flag("--version", METERTWIN_VERSION);
  cli.require_subcommand(1);
  std::function<int()> command;
  app::add_run_command(cli, command);
  app::add_trace_command(cli, command);
  app::add_frame_command(cli, command);
  app::add_grid_command(cli, command);
  app::add_scenarios_command(cli, command);
  app::add_read_command(cli, command);
  app::add_meter_command(cli, command);
  app::add_serve_command(cli, command);
  app::add_stress_command(cli, command);
  app::add_theft_command(cli, command);
  app::add_bus_command(cli, command);
  app::add_explain_command(cli, command);
  app::add_faults_command(cli, command);
  app::add_line_command(cli, command);
  app::add_load_command(cli, command);
  app::add_loss_command(cli, command);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = cli.exit(error);
    return code == 0 ? 0 : app::exit_bad_input;
  }
  return run_safely(command);
}
