// metertwin_run: `metertwin run` by itself. A sanitized build needs no other command to show that it makes
// the same digest as an optimised one, and the reader of command lines is slow to compile.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "apps/commands.hpp"

int main(int argc, char** argv) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  CLI::App cli{"metertwin_run: simulated days with a verdict"};
  cli.require_subcommand(1);
  std::function<int()> command;
  app::add_run_command(cli, command);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = cli.exit(error);
    return code == 0 ? 0 : app::exit_bad_input;
  }
  try {
    return command();
  } catch (const std::exception& trouble) {
    fmt::print(stderr, "metertwin_run: {}\n", trouble.what());
    return app::exit_internal_error;
  }
}
