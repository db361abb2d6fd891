// `metertwin faults`: what can be broken on purpose, by name; and which scenario of the library breaks it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "models/fault/registry.hpp"
#include "scenarios/bad_scenario.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/load.hpp"

namespace app {
namespace {
struct FaultsOptions {
  std::string name;
  std::string format = "text";
  bool wants_coverage = false;
  std::filesystem::path folder;
};

/// The stories that inject each fault, by the fault's name.
using Coverage = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> keys_of(std::uint32_t fields) {
  std::vector<std::string> keys;
  for (const auto field : model::fault_fields())
    if ((fields & field) != 0) keys.emplace_back(model::key_of(field));
  return keys;
}

/// "area, meter, *delay*": a star marks what must be given.
std::string fields_text(const model::FaultEntry& entry) {
  std::vector<std::string> keys;
  for (const auto& key : keys_of(entry.takes)) keys.push_back(key);
  for (const auto& needed : keys_of(entry.needs))
    for (auto& key : keys)
      if (key == needed) key += "*";
  return scenario::joined(keys);
}

std::vector<const model::FaultEntry*> chosen(const FaultsOptions& options) {
  std::vector<const model::FaultEntry*> entries;
  std::vector<std::string> names;
  for (const auto& entry : model::fault_registry()) {
    names.emplace_back(entry.name);
    if (options.name.empty() || options.name == entry.name) entries.push_back(&entry);
  }
  if (entries.empty())
    throw BadArguments(fmt::format("no fault '{}': `metertwin faults` lists them{}", options.name,
                                   scenario::did_you_mean(options.name, names)));
  return entries;
}

Coverage coverage_of(const std::filesystem::path& folder) {
  Coverage coverage;
  const auto stories = scenario::catalogue(folder);
  if (stories.empty()) throw BadArguments(fmt::format("no scenario below {}", folder.string()));
  for (const auto& story : stories) {
    if (!story.error.empty()) throw BadArguments(story.error);
    for (const auto& fault : scenario::load(story.folder).faults) {
      auto& names = coverage[fault.kind];
      if (std::find(names.begin(), names.end(), story.story) == names.end()) names.push_back(story.story);
    }
  }
  return coverage;
}

nlohmann::ordered_json json_of(const model::FaultEntry& entry) {
  return {{"name", entry.name},
          {"words", entry.words},
          {"chinese", entry.chinese},
          {"attaches_to", model::name_of(entry.site)},
          {"takes", keys_of(entry.takes)},
          {"needs", keys_of(entry.needs)},
          {"meaning", entry.meaning},
          {"observed", entry.observed},
          {"heals", entry.heals},
          {"begins_with", entry.began},
          {"ends_with", entry.ended}};
}

void print_text(const model::FaultEntry& entry, bool is_alone) {
  if (!is_alone) {
    fmt::print("{:<22} {:<10} {}\n", entry.name, model::name_of(entry.site), entry.meaning);
    return;
  }
  fmt::print("{} ({}; {})\n  {}\n", entry.name, entry.words, entry.chinese, entry.meaning);
  fmt::print("  attaches to  {}\n", model::name_of(entry.site));
  fmt::print("  takes        {}\n", entry.takes == 0 ? "nothing" : fields_text(entry));
  fmt::print("  observed     {}\n", entry.observed);
  fmt::print("  heals        {}\n", entry.heals);
  fmt::print("  truth tells  {}, fault-struck, {}\n", entry.began, entry.ended);
}

int list(const FaultsOptions& options) {
  const auto entries = chosen(options);
  if (options.format == "json") {
    auto list = nlohmann::ordered_json::array();
    for (const auto* entry : entries) list.push_back(json_of(*entry));
    fmt::print("{}\n", list.dump(2));
    return exit_pass;
  }
  if (options.format == "markdown") {
    fmt::print(
        "| fault | in the field | takes | what happens | counts as an effect | how it heals | truth tells "
        "|\n");
    fmt::print("|---|---|---|---|---|---|---|\n");
  }
  for (const auto* entry : entries) {
    if (options.format == "markdown")
      fmt::print("| `{}` | {} ({}) | {} | {} | {} | {} | `{}`, `{}` |\n", entry->name, entry->words,
                 entry->chinese, fields_text(*entry), entry->meaning, entry->observed, entry->heals,
                 entry->began, entry->ended);
    else
      print_text(*entry, !options.name.empty());
  }
  return exit_pass;
}

int cover(const FaultsOptions& options) {
  const auto entries = chosen(options);
  const auto coverage = coverage_of(options.folder);
  auto list = nlohmann::ordered_json::object();
  if (options.format == "markdown") fmt::print("| fault | scenarios |\n|---|---|\n");
  int code = exit_pass;
  for (const auto* entry : entries) {
    const auto found = coverage.find(std::string(entry->name));
    const auto stories = found == coverage.end() ? std::vector<std::string>{} : found->second;
    if (stories.empty()) code = exit_unknown;
    if (options.format == "json")
      list[std::string(entry->name)] = stories;
    else if (options.format == "markdown")
      fmt::print("| `{}` | {} |\n", entry->name, scenario::joined(stories));
    else
      fmt::print("{:<22} {}\n", entry->name, stories.empty() ? "-" : scenario::joined(stories));
  }
  if (options.format == "json") fmt::print("{}\n", list.dump(2));
  return code;
}
}  // namespace

void add_faults_command(CLI::App& cli, Command& command) {
  auto options = std::make_shared<FaultsOptions>();
  options->folder = scenario::own_scenarios();
  auto* sub = cli.add_subcommand("faults", "List the faults that can be injected, or explain one");
  sub->add_option("NAME", options->name, "one fault; all by default");
  sub->add_option("--format", options->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  sub->add_flag("--coverage", options->wants_coverage,
                "which scenarios inject it; exit 2 when a fault is in none");
  sub->add_option("--scenarios", options->folder, "with --coverage: where to look");
  sub->callback([options, &command] {
    command = [options]() -> int { return options->wants_coverage ? cover(*options) : list(*options); };
  });
}
}  // namespace app
