// `metertwin frame HEX`: takes any supported frame apart.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/commands.hpp"
#include "core/bytes.hpp"
#include "protocols/explain/explain.hpp"

namespace app {
namespace {
int explain_frame(const std::vector<std::string>& words, bool is_json) {
  std::string text;
  for (const auto& word : words) text += word + " ";
  const auto bytes = core::from_hex(text);
  if (!bytes || bytes->empty())
    throw BadArguments(
        "a frame is pairs of hexadecimal digits, e.g. 68 AA AA AA AA AA AA 68 11 04 33 33 34 33 AE 16");
  const auto explanation = explain::explain(*bytes);
  fmt::print("{}", is_json ? explanation.json + "\n" : explain::to_text(explanation));
  return explanation.is_good ? exit_pass : exit_failed;
}
}  // namespace

void add_frame_command(CLI::App& cli, Command& command) {
  auto words = std::make_shared<std::vector<std::string>>();
  auto is_json = std::make_shared<bool>(false);
  auto* sub = cli.add_subcommand("frame", "Take a frame apart: DL/T 645-2007, Q/GDW 1376.1, Modbus RTU");
  sub->add_option("HEX", *words, "the bytes; spaces, colons, dashes, commas and 0x are ignored")->required();
  sub->add_flag("--json", *is_json, "machine-readable");
  sub->callback(
      [words, is_json, &command] { command = [words, is_json] { return explain_frame(*words, *is_json); }; });
}
}  // namespace app
