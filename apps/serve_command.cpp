// `metertwin serve`: the reference head-end on TCP, for a scenario's estate or for the estate of a stress
// run.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/commands.hpp"
#include "apps/head_end_configuration.hpp"
#include "apps/serve.hpp"
#include "apps/stress_estate.hpp"
#include "head-end/books.hpp"
#include "scenarios/load.hpp"

namespace app {
namespace {
struct ServeArguments {
  std::string scenario;
  stress::EstatePlan estate;
  std::string opens = "2020-01-01T00:00:00+08:00";
  std::string durability = "power-loss";
  int confirm_within_ms = 20;
  ServeOptions options;
};

headend::Configuration configuration_of(const ServeArguments& arguments) {
  headend::Configuration configuration;
  if (!arguments.scenario.empty()) {
    configuration = head_end_configuration(scenario::load(arguments.scenario));
  } else {
    auto estate = arguments.estate;
    const auto opens = core::parse_iso8601(arguments.opens, core::Zone());
    if (!opens)
      throw BadArguments(fmt::format("--opens: '{}' is no instant like 2020-01-01T00:00", arguments.opens));
    estate.opens = *opens;
    if (estate.collectors() > 65'535)
      throw BadArguments("more than 65,535 collectors have no addresses of their own");
    configuration = stress_configuration(estate);
  }
  configuration.ingest.confirm_within = std::chrono::milliseconds(arguments.confirm_within_ms);
  if (arguments.durability == "process-death")
    configuration.durability = headend::Configuration::Durability::commit_on_process_death;
  return configuration;
}

int run_server(const ServeArguments& arguments) {
  const bool has_key = !arguments.options.uplink_identity.key_file.empty();
  if (has_key == arguments.options.uplink_identity.certificate_file.empty())
    throw BadArguments("--tls-certificate and --tls-key belong together");
  auto configuration = configuration_of(arguments);
  try {
    serve(std::move(configuration), arguments.options);
  } catch (const headend::StoreFailure& trouble) {
    fmt::print(stderr, "metertwin: {}\n", trouble.what());
    return exit_internal_error;
  } catch (const std::runtime_error& trouble) {
    throw BadArguments(trouble.what());  // a port that is taken, a certificate that is none
  }
  return exit_pass;
}
}  // namespace

void add_serve_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<ServeArguments>();
  auto* sub = cli.add_subcommand("serve", "Run the reference head-end on TCP until it is asked to end");
  auto& options = arguments->options;
  auto& estate = arguments->estate;
  sub->add_option("SCENARIO", arguments->scenario, "whose estate; without it the estate of a stress run");
  sub->add_option("--store", options.store, "the books; made if it does not exist")->capture_default_str();
  sub->add_option("--listen", options.address, "address of all doors")->capture_default_str();
  sub->add_option("--uplink-port", options.uplink_port, "Q/GDW 1376.1; 0 = a free one")
      ->capture_default_str();
  sub->add_option("--modbus-port", options.modbus_port, "Modbus-TCP managers")->capture_default_str();
  sub->add_option("--counter-port", options.counter_port, "cashiers, a JSON object a line")
      ->capture_default_str();
  sub->add_option("--http-port", options.http_port, "HTTP API")->capture_default_str();
  sub->add_option("--tls-certificate", options.uplink_identity.certificate_file,
                  "PEM; makes the uplink door TLS");
  sub->add_option("--tls-key", options.uplink_identity.key_file, "PEM");
  sub->add_option("--durability", arguments->durability, "what a confirmed reading survives")
      ->check(CLI::IsMember({"power-loss", "process-death"}))
      ->capture_default_str();
  sub->add_option("--confirm-within", arguments->confirm_within_ms,
                  "ms that pushed readings wait for a commit")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub->add_option("--meters", estate.meters, "stress estate: meters")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  sub->add_option("--meters-per-concentrator", estate.meters_per_concentrator, "stress estate")
      ->check(CLI::Range(1, 2040))
      ->capture_default_str();
  sub->add_option("--managers", estate.manager_permille, "stress estate: permille of meters behind managers")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  sub->add_option("--estate-seed", estate.seed, "stress estate")->capture_default_str();
  sub->add_option("--opens", arguments->opens, "stress estate: its first quarter hour")
      ->capture_default_str();
  sub->callback([arguments, &command] { command = [arguments] { return run_server(*arguments); }; });
}
}  // namespace app
