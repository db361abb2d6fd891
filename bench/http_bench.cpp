// The HTTP API: what a request costs from its bytes to the bytes of its reply, beside Boost.Beast alone.
//
// The calibration parses the same request and serialises a reply of the same size with nothing around it: no
// routes, no books, no JSON. `ratio` is the requests/s of a benchmark to those of the calibration in the same
// run. Requests come 16 to a write over a virtual line, so that the wait for a commit is shared as under
// load.
#include <benchmark/benchmark.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <filesystem>

#include "head-end/head_end.hpp"
#include "platform/virtual/virtual_world.hpp"

namespace {
using namespace headend;
namespace http = boost::beast::http;
constexpr int requests_per_write = 16;
constexpr std::size_t reply_bytes = 110;

std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: head-end\r\n\r\n"; }

double bare_requests_per_s = 0;

struct Stopwatch {
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }
};

std::size_t bare_exchange(const std::string& request) {
  http::request_parser<http::string_body> parser;
  boost::beast::error_code problem;
  parser.eager(true);
  parser.put(boost::asio::buffer(request), problem);
  http::response<http::string_body> response(http::status::ok, 11);
  response.set(http::field::content_type, "application/json");
  response.body().assign(reply_bytes, ' ');
  response.prepare_payload();
  http::response_serializer<http::string_body> serializer(response);
  std::string out;
  while (!serializer.is_done()) {
    serializer.next(problem, [&](boost::beast::error_code&, const auto& buffers) {
      for (const auto& buffer : boost::beast::buffers_range_ref(buffers))
        out.append(static_cast<const char*>(buffer.data()), buffer.size());
      serializer.consume(boost::beast::buffer_bytes(buffers));
    });
  }
  return out.size();
}

void beast_alone(benchmark::State& state) {
  const std::string request = get("/health");
  const Stopwatch watch;
  for (auto _ : state) benchmark::DoNotOptimize(bare_exchange(request));
  bare_requests_per_s = static_cast<double>(state.iterations()) / watch.seconds();
  state.counters["requests/s"] = bare_requests_per_s;
}
BENCHMARK(beast_alone);

struct Counter final : seam::FarEnd {
  void head_end_wrote(core::Bytes bytes) override { heard += bytes.size(); }
  void head_end_closed() override {}
  std::size_t heard = 0;
};

Configuration estate() {
  Configuration estate;
  estate.opens = *core::parse_iso8601("2026-07-01T00:00", estate.zone);
  estate.tariffs.push_back(
      {.name = "flat", .periods = {{"flat", {{0, 86'400}}, {Price(5'000)}}}, .bounds = {}});
  estate.concentrators.push_back({.id = 1, .name = "C", .region = 1, .address = 1});
  for (MeterId id = 1; id <= 1'000; ++id) {
    estate.meters.push_back({.id = id,
                             .name = "M" + std::to_string(id),
                             .address = core::MeterAddress(id),
                             .concentrator = 1,
                             .point = static_cast<std::uint16_t>(id),
                             .account = id,
                             .interval_energy_max = CentiKilowattHours(1'000)});
    estate.accounts.push_back({.id = id, .number = "A" + std::to_string(id), .meter = id});
  }
  estate.durability = Configuration::Durability::commit_on_process_death;
  return estate;
}

/// A head-end with one meter's month in its books, and one program in front of it.
class House {
 public:
  House() : configuration_(estate()), world_(configuration_.opens), door_(world_.clock()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Doors doors(world_.uplinks(), world_.counter());
    doors.http = &door_;
    head_end_ = std::make_unique<HeadEnd>(configuration_, folder_ / "books.db", world_.clock(), doors);
    head_end_->start();
    for (int quarter = 0; quarter <= 96 * 31; ++quarter) {
      const Instant due = configuration_.opens + quarter * 15min;
      head_end_->books().accept_reading(1, due, CentiKilowattHours(quarter), ReadingSource::curve, due);
    }
    head_end_->books().commit();
    field_ = seam::VirtualField(world_.clock(), counter_, "program");
    door_.offer(field_.connect());
    world_.clock().settle();
  }
  ~House() {
    door_.close();
    world_.kill();
    head_end_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::size_t exchange(const std::string& requests) {
    const auto before = counter_.heard;
    field_.deliver(core::Bytes(reinterpret_cast<const std::uint8_t*>(requests.data()), requests.size()));
    world_.clock().settle();
    // Whoever waits for a commit waits for this.
    if (counter_.heard == before) world_.clock().advance_by(configuration_.ingest.confirm_within);
    return counter_.heard - before;
  }

 private:
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / "metertwin-http-bench";
  Configuration configuration_;
  seam::VirtualWorld world_;
  seam::VirtualListener door_;
  Counter counter_;
  std::unique_ptr<HeadEnd> head_end_;
  seam::VirtualField field_;
};

void exchange(benchmark::State& state, const std::string& request, int requests) {
  House house;
  std::string together;
  for (int i = 0; i < requests; ++i) together += request;
  std::size_t heard = 0;
  const Stopwatch watch;
  for (auto _ : state) heard = house.exchange(together);
  const double per_s = static_cast<double>(state.iterations()) * requests / watch.seconds();
  if (heard == 0) state.SkipWithError("no reply came");
  state.counters["requests/s"] = per_s;
  state.counters["ratio"] = per_s / bare_requests_per_s;
  state.counters["reply_B"] = static_cast<double>(heard) / requests;
}

void health(benchmark::State& state) { exchange(state, get("/health"), requests_per_write); }
void balance(benchmark::State& state) { exchange(state, get("/accounts/A17/balance"), requests_per_write); }
void a_month_of_readings(benchmark::State& state) {
  exchange(state, get("/readings?meter=M1&from=2026-07-01&till=2026-08-01"), 1);
}
void metrics(benchmark::State& state) { exchange(state, get("/metrics"), 1); }
BENCHMARK(health);
BENCHMARK(balance);
BENCHMARK(a_month_of_readings);
BENCHMARK(metrics);
}  // namespace

BENCHMARK_MAIN();
