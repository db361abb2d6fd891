// `metertwin scenarios`: the library of stories, one line each; or the JSON Schema for editors.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/commands.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/schema.hpp"

namespace app {
namespace {
int list(const std::filesystem::path& folder) {
  const auto entries = scenario::catalogue(folder);
  if (entries.empty()) throw BadArguments(fmt::format("no scenario below {}", folder.string()));
  int code = exit_pass;
  for (const auto& entry : entries) {
    if (!entry.error.empty()) {
      fmt::print(stderr, "{}\n", entry.error);
      code = exit_bad_input;
    } else {
      fmt::print("{:<24} {}\n", entry.story, entry.title);
    }
  }
  return code;
}
}  // namespace

void add_scenarios_command(CLI::App& cli, Command& command) {
  auto folder = std::make_shared<std::filesystem::path>(scenario::own_scenarios());
  auto wants_schema = std::make_shared<bool>(false);
  auto* sub = cli.add_subcommand("scenarios", "List the scenarios, one line each");
  sub->add_option("FOLDER", *folder, "where to look");
  sub->add_flag("--schema", *wants_schema, "print the JSON Schema of a scenario file instead");
  sub->callback([folder, wants_schema, &command] {
    command = [folder, wants_schema]() -> int {
      if (!*wants_schema) return list(*folder);
      fmt::print("{}", scenario::json_schema());
      return exit_pass;
    };
  });
}
}  // namespace app
