/// The commands of `metertwin`, one file each. Each adds its arguments to the parser and sets `command` when
/// it is chosen.
#pragma once
#include <functional>
#include <stdexcept>

#include "apps/run_options.hpp"

namespace CLI {
class App;
}

namespace app {
/// Arguments that parse but cannot be: one clear line, exit 64.
class BadArguments : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Command = std::function<int()>;
void add_bus_command(CLI::App& cli, Command& command);
void add_run_command(CLI::App& cli, Command& command);
void add_trace_command(CLI::App& cli, Command& command);
void add_frame_command(CLI::App& cli, Command& command);
void add_grid_command(CLI::App& cli, Command& command);
void add_scenarios_command(CLI::App& cli, Command& command);
void add_read_command(CLI::App& cli, Command& command);
void add_meter_command(CLI::App& cli, Command& command);
void add_serve_command(CLI::App& cli, Command& command);
void add_explain_command(CLI::App& cli, Command& command);
void add_faults_command(CLI::App& cli, Command& command);
void add_stress_command(CLI::App& cli, Command& command);
void add_theft_command(CLI::App& cli, Command& command);
void add_load_command(CLI::App& cli, Command& command);
void add_loss_command(CLI::App& cli, Command& command);
void add_line_command(CLI::App& cli, Command& command);
}  // namespace app
