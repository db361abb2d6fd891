// The books alone: how fast readings are judged, rated and stored, beside SQLite doing nothing but storing as
// many rows.
//
// 100,000 meters on 391 concentrators, quarter hour by quarter hour; time of use and a
// ladder. The calibration writes a plain row for each reading, without judging or rating.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <filesystem>

#include "core/random.hpp"
#include "head-end/books.hpp"
#include "head-end/store/slot.hpp"
#include "head-end/store/store_database.hpp"

namespace {
using namespace headend;

constexpr MeterId meters_per_concentrator = 256;
constexpr auto durability = Configuration::Durability::commit_on_process_death;

struct Scratch {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / "metertwin-books-bench";
  Scratch() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  ~Scratch() { std::filesystem::remove_all(folder); }
  std::filesystem::path file() const { return folder / "books.db"; }
};

Configuration city(MeterId meters) {
  constexpr int h = 3'600;
  Configuration city;
  city.opens = *core::parse_iso8601("2026-06-30T00:00", city.zone);
  city.tariffs.push_back(
      {.name = "city",
       .periods = {{"peak", {{8 * h, 22 * h}}, {Price(5'680), Price(6'180), Price(8'680)}},
                   {"valley", {{0, 8 * h}, {22 * h, 24 * h}}, {Price(2'880), Price(3'380), Price(5'880)}}},
       .bounds = {CentiKilowattHours(276'000), CentiKilowattHours(480'000)},
       .reset = Tariff::Reset::yearly});
  for (MeterId id = 1; id <= meters; ++id) {
    const ConcentratorId concentrator = (id - 1) / meters_per_concentrator + 1;
    if (concentrator > city.concentrators.size()) {
      city.concentrators.push_back({.id = concentrator,
                                    .name = "C",
                                    .region = 1,
                                    .address = static_cast<std::uint16_t>(concentrator)});
    }
    city.meters.push_back({.id = id,
                           .name = "M" + std::to_string(id),
                           .address = core::MeterAddress(id),
                           .concentrator = concentrator,
                           .point = static_cast<std::uint16_t>((id - 1) % meters_per_concentrator + 1),
                           .account = id,
                           .interval_energy_max = CentiKilowattHours(1'000)});
    AccountFile account{.id = id, .number = "A" + std::to_string(id), .meter = id};
    account.payment = id % 4 == 0 ? PaymentMode::prepaid_head_end : PaymentMode::postpaid;
    city.accounts.push_back(account);
  }
  city.durability = durability;
  return city;
}

std::int64_t resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

void readings_into_books(benchmark::State& state) {
  const auto meters = static_cast<MeterId>(state.range(0));
  const int quarters = static_cast<int>(state.range(1));
  const bool commits_each_round = state.range(2) != 0;
  for (auto _ : state) {
    state.PauseTiming();
    Scratch scratch;
    const Configuration estate = city(meters);
    const std::int64_t before = resident_bytes();
    auto books = std::make_unique<Books>(estate, scratch.file(), estate.opens);
    for (const auto& account : estate.accounts) {
      if (account.payment == PaymentMode::postpaid) continue;
      books->sell("opening " + account.number, account.number, Fen(50'000), estate.opens);
    }
    books->commit();
    std::vector<std::uint32_t> shown(meters + 1);
    state.ResumeTiming();
    for (int quarter = 0; quarter <= quarters; ++quarter) {
      const Instant due = estate.opens + quarter * 15min;
      for (ConcentratorId concentrator = 1; concentrator <= estate.concentrators.size(); ++concentrator) {
        const MeterId first = (concentrator - 1) * meters_per_concentrator + 1;
        const MeterId last = std::min(meters, first + meters_per_concentrator - 1);
        const Instant now = due + 4min + concentrator * 100ms;
        for (MeterId meter = first; meter <= last; ++meter) {
          shown[meter] += (meter * 7u + static_cast<unsigned>(quarter) * 13u) % 29u;
          books->accept_reading(meter, due, CentiKilowattHours(shown[meter]), ReadingSource::curve, now);
        }
        benchmark::DoNotOptimize(books->gaps_of(concentrator, due, 96, now).size());
        books->advance(now);
        if (commits_each_round) books->commit();
      }
      books->commit();
    }
    state.PauseTiming();
    state.counters["bytes_a_meter"] = static_cast<double>(resident_bytes() - before) / meters;
    books.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{meters} * (quarters + 1));
}

void rows_into_sqlite(benchmark::State& state) {
  const auto meters = static_cast<MeterId>(state.range(0));
  const int quarters = static_cast<int>(state.range(1));
  for (auto _ : state) {
    state.PauseTiming();
    Scratch scratch;
    StoreDatabase database(scratch.file(), durability);
    database.use_write_ahead_log();
    database.execute("CREATE TABLE reading(key INTEGER PRIMARY KEY, register INTEGER, source INTEGER)");
    Statement add(database, "INSERT INTO reading VALUES(?,?,0)");
    state.ResumeTiming();
    for (Slot quarter = 0; quarter <= quarters; ++quarter) {
      database.begin();
      for (MeterId meter = 1; meter <= meters; ++meter)
        add.bind(reading_key(1'980'000 + quarter, meter), meter * 7u % 29u * 1'000u).run();
      database.commit();
    }
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{meters} * (quarters + 1));
}
}  // namespace

BENCHMARK(rows_into_sqlite)->Args({100'000, 96})->Unit(benchmark::kMillisecond)->Iterations(1);
// The third argument: 1 = a commit per concentrator and round, as the talk makes them; 0 = one per quarter
// hour.
BENCHMARK(readings_into_books)
    ->Args({1'000, 960, 0})
    ->Args({100'000, 96, 0})
    ->Args({100'000, 96, 1})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_MAIN();
