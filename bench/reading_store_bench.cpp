// The store of readings alone: what a reading costs until it is durable, how many bytes it takes, how long
// the two questions take that people ask; beside a bare loop that packs the same readings into SQLite blobs.
//
//     reading_store_bench [READINGS] [METERS] [FOLDER]      default 20,000,000 of 100,000 in the temporary
//     folder
//
// Registers rise by amounts that are uniform around a meter's own mean of 5..60 hundredths of a kWh a quarter
// hour: six to seven bits of noise, which no packing gets rid of. Figures are of this machine now; the ratio
// to the bare loop is what compares.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "core/random.hpp"
#include "head-end/store/reading_store.hpp"
#include "head-end/store/schema.hpp"

namespace {
using namespace headend;
using Clock = std::chrono::steady_clock;

constexpr Slot first_slot = 1'984'000;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// The registers of all meters, a quarter hour after the other. Increases come from a table, so that making
/// them costs next to nothing.
class City {
 public:
  explicit City(MeterId meters) : shown_(meters + 1), spread_(meters + 1), noise_(1u << 16) {
    const core::RandomStream random(42, 1, core::Purpose::test);
    for (MeterId meter = 1; meter <= meters; ++meter) {
      shown_[meter] = static_cast<std::uint32_t>(random.below(50'000'000, meter));
      spread_[meter] = static_cast<std::uint32_t>(2 * random.between(5, 60, meter + (1ull << 32)));
    }
    for (std::size_t i = 0; i < noise_.size(); ++i)
      noise_[i] = static_cast<std::uint16_t>(random.word((1ull << 40) + i));
  }
  std::uint32_t next(Slot slot, MeterId meter) {
    const std::uint32_t draw = noise_[(meter * 40'503u + static_cast<std::uint32_t>(slot) * 9'973u) & 0xFFFF];
    return shown_[meter] += draw * spread_[meter] >> 16;
  }

 private:
  std::vector<std::uint32_t> shown_, spread_;
  std::vector<std::uint16_t> noise_;
};

struct Setting {
  const char* name;
  const char* pragma;
};
constexpr Setting settings[] = {{"FULL", "PRAGMA synchronous=FULL"},
                                {"NORMAL", "PRAGMA synchronous=NORMAL"},
                                {"OFF", "PRAGMA synchronous=OFF"}};

struct Plan {
  std::uint64_t readings;
  MeterId meters;
  std::filesystem::path folder;
  std::filesystem::path file() const { return folder / "readings.db"; }
  void clear() const {
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(file().string() + tail);
  }
};

struct Shelf {
  explicit Shelf(const Plan& plan, const char* pragma)
      : database(plan.file(), Configuration::Durability::commit_on_process_death) {
    migrate(database, plan.file());
    database.execute(pragma);
    readings = std::make_unique<ReadingStore>(database, plan.meters);
  }
  StoreDatabase database;
  std::unique_ptr<ReadingStore> readings;
};

/// Adds and commits every `batch` readings; prints what that costs.
void ingest(const Plan& plan, Shelf& shelf, const char* setting, std::uint64_t batch) {
  City city(plan.meters);
  std::uint64_t added = 0;
  double worst = 0, in_commits = 0;
  const double cpu = cpu_seconds();
  const auto start = Clock::now();
  for (Slot slot = first_slot; added < plan.readings; ++slot) {
    for (MeterId meter = 1; meter <= plan.meters; ++meter) {
      shelf.readings->add(slot, meter, city.next(slot, meter), ReadingSource::curve);
      if (++added % batch != 0) continue;
      const auto commit = Clock::now();
      shelf.readings->flush();
      shelf.database.commit();
      const double took = seconds_since(commit);
      worst = std::max(worst, took);
      in_commits += took;
    }
  }
  shelf.readings->flush();
  shelf.database.commit();
  const auto per_reading = [added](double s) { return s / static_cast<double>(added) * 1e9; };
  std::printf(
      "%-6s %8llu a commit: %6.1f ns a reading (CPU %5.1f, in commits %5.1f), worst commit %6.1f ms\n",
      setting, static_cast<unsigned long long>(batch), per_reading(seconds_since(start)),
      per_reading(cpu_seconds() - cpu), per_reading(in_commits), worst * 1e3);
}

/// As little as can be done: the same registers packed by quarter hour and 4,096 meters, increases in bits by
/// the greatest of 32, into blobs keyed by time; a commit a quarter hour. No journal, no questions, no crash.
void bare_blobs(const Plan& plan, std::uint64_t readings) {
  plan.clear();
  StoreDatabase database(plan.file(), Configuration::Durability::commit_on_process_death);
  database.use_write_ahead_log();
  database.execute("CREATE TABLE blob_(key INTEGER PRIMARY KEY, packed BLOB)");
  Statement add(database, "INSERT INTO blob_ VALUES(?,?)");
  City city(plan.meters);
  std::vector<std::uint32_t> before(plan.meters + 1);
  std::vector<std::uint8_t> packed(4'096 * 5);
  std::uint64_t added = 0, bytes = 0;
  const double cpu = cpu_seconds();
  for (Slot slot = first_slot; added < readings; ++slot) {
    for (MeterId first = 1; first <= plan.meters; first += 4'096) {
      std::uint8_t* at = packed.data();
      const MeterId end = std::min(plan.meters + 1, first + 4'096);
      for (MeterId from = first; from < end; from += 32) {
        std::uint32_t increases[32], greatest = 0, count = 0;
        for (MeterId meter = from; meter < std::min(end, from + 32); ++meter, ++count) {
          const std::uint32_t shown = city.next(slot, meter);
          increases[count] = shown - before[meter];
          greatest |= increases[count];
          before[meter] = shown;
        }
        const auto width = static_cast<std::uint32_t>(std::bit_width(greatest));
        *at++ = static_cast<std::uint8_t>(width);
        std::uint64_t word = 0;
        std::uint32_t filled = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
          word |= std::uint64_t{increases[i]} << filled;
          for (filled += width; filled >= 8; filled -= 8, word >>= 8) *at++ = static_cast<std::uint8_t>(word);
        }
        if (filled > 0) *at++ = static_cast<std::uint8_t>(word);
        added += count;
      }
      database.begin();
      add.bind((std::int64_t{slot} << 16) + first / 4'096);
      const auto size = static_cast<std::size_t>(at - packed.data());
      add.bind_blob_in_place(2, core::Bytes(packed.data(), size));
      add.run();
      bytes += size;
    }
    database.commit();
  }
  std::printf("bare blobs, synchronous OFF: CPU %.1f ns a reading, %.3f B a reading packed\n",
              (cpu_seconds() - cpu) / static_cast<double>(added) * 1e9,
              static_cast<double>(bytes) / static_cast<double>(added));
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// Both questions, asked all over the file.
void ask(const Plan& plan, ReadingStore& readings) {
  const core::RandomStream random(7, 2, core::Purpose::test);
  const auto slots = static_cast<std::int64_t>(plan.readings / plan.meters);
  const std::int64_t month = std::min<std::int64_t>(2'976, slots);
  std::vector<double> by_meter, by_instant;
  std::size_t found = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto meter = static_cast<MeterId>(random.between(1, plan.meters, i));
    const auto from = static_cast<Slot>(first_slot + random.between(0, slots - month, i + 1'000));
    const auto start = Clock::now();
    found +=
        readings.of_meter(meter, instant_of(from), instant_of(from + static_cast<Slot>(month) - 1)).size();
    by_meter.push_back(seconds_since(start));
  }
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto slot = static_cast<Slot>(first_slot + random.between(0, slots - 1, i + 2'000));
    const auto start = Clock::now();
    found += readings.at(instant_of(slot)).size();
    by_instant.push_back(seconds_since(start));
  }
  std::printf(
      "one meter, %lld readings: median %.3f ms, p95 %.3f ms; one instant, %u meters: median %.2f ms, "
      "p95 %.2f ms (%zu found)\n",
      static_cast<long long>(month), quantile(by_meter, 0.5) * 1e3, quantile(by_meter, 0.95) * 1e3,
      plan.meters, quantile(by_instant, 0.5) * 1e3, quantile(by_instant, 0.95) * 1e3, found);
}

void keep_and_ask(const Plan& plan) {
  plan.clear();
  Shelf shelf(plan, settings[2].pragma);
  ingest(plan, shelf, "OFF", 100'000);
  shelf.readings->settle();
  shelf.database.commit();
  shelf.database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  std::printf(
      "%llu readings: %.3f B a reading in the file, its indexes and what the journal left free included\n",
      static_cast<unsigned long long>(plan.readings),
      static_cast<double>(std::filesystem::file_size(plan.file())) / static_cast<double>(plan.readings));
  ask(plan, *shelf.readings);
}
}  // namespace

int main(int count, char** words) {
  Plan plan{count > 1 ? std::strtoull(words[1], nullptr, 10) : 20'000'000,
            static_cast<MeterId>(count > 2 ? std::strtoul(words[2], nullptr, 10) : 100'000),
            (count > 3 ? std::filesystem::path(words[3]) : std::filesystem::temp_directory_path()) /
                "metertwin-readings-bench"};
  std::filesystem::create_directories(plan.folder);
  bare_blobs(plan, std::min<std::uint64_t>(plan.readings, 20'000'000));
  for (const auto& setting : settings) {
    for (const std::uint64_t batch : {2'000, 100'000}) {
      plan.clear();
      Plan part = plan;
      part.readings = std::min<std::uint64_t>(plan.readings, 10'000'000);
      Shelf shelf(part, setting.pragma);
      ingest(part, shelf, setting.name, batch);
    }
  }
  keep_and_ask(plan);
  std::filesystem::remove_all(plan.folder);
}
