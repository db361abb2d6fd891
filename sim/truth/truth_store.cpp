#include "sim/truth/truth_store.hpp"

#include <algorithm>
#include <bit>

#include "core/check.hpp"
#include "sim/truth/schema.hpp"

namespace sim {
namespace {
static_assert(std::endian::native == std::endian::little, "blobs are written as they lie in memory");

/// As much as SQLite may gather before a commit: bounds its memory, not anybody's durability.
constexpr std::size_t uncommitted_bytes_max = 32u << 20;
constexpr std::int64_t quarter_hour_s = 900;

sqlite::Database& prepared(sqlite::Database& database) {
  // 16 KiB pages suit blobs of a few kilobytes; no journal, because a truth.db of a dead run is worth
  // nothing.
  database.execute(
      "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;");
  database.execute(truth_schema);
  database.begin();
  return database;
}

template <class T>
core::Bytes bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}
}  // namespace

TruthStore::TruthStore(const std::filesystem::path& file)
    : database_(file, sqlite::Database::Use::write_new),
      insert_run_(prepared(database_), "INSERT OR REPLACE INTO run VALUES (?, ?)"),
      insert_sample_(database_, "INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?)"),
      insert_event_(database_, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)") {}

TruthStore::~TruthStore() {
  if (is_finished_) return;
  try {
    database_.commit();  // of a run that died: readable, but without its mark of completeness; without
                         // journal no way back
  } catch (const sqlite::Failure&) {
    // The disk is full and the run has failed by that already: nobody is left to tell.
  }
}

void TruthStore::note_run(std::string_view key, std::string_view value) {
  insert_run_.bind(key, value).run();
}

void TruthStore::add_area(model::AreaId area, std::string_view name, model::MeterId first_meter,
                          std::size_t meters) {
  sqlite::Statement(database_, "INSERT INTO areas VALUES (?, ?, ?, ?)")
      .bind(area, name, first_meter, static_cast<std::uint64_t>(meters))
      .run();
}

void TruthStore::add_meter(const MeterTruth& meter) {
  if (meter_names_.size() <= meter.meter) meter_names_.resize(meter.meter + 1);
  meter_names_[meter.meter] = meter.name;
  sqlite::Statement(database_, "INSERT INTO meters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(meter.meter, meter.name, core::to_string(meter.address), meter.area, meter.line, meter.account,
            meter.payment, meter.tariff, meter.load, meter.is_protected, meter.accuracy_class,
            meter.error_ppm, meter.clock_drift_ppb)
      .run();
}

void TruthStore::add_fault(const FaultTruth& fault) {
  sqlite::Statement(database_, "INSERT INTO faults VALUES (?, ?, ?, ?, ?, ?)")
      .bind(fault.fault, fault.kind, fault.area, fault.meter, fault.from, fault.till)
      .run();
}

void TruthStore::sample(const model::TruthSample& sample) {
  const std::size_t meters = sample.shown_centikWh.size();
  METERTWIN_CHECK(meters > 0 && sample.passed_uJ.size() == meters, sample.area, meters,
                  sample.passed_uJ.size());
  METERTWIN_CHECK(sample.meter_money_uYuan.empty() || sample.meter_money_uYuan.size() == meters, sample.area);
  const std::int64_t due_s = core::unix_seconds(sample.due);
  METERTWIN_CHECK(due_s % quarter_hour_s == 0 && sample.area < 1u << 20, due_s, sample.area);
  if (last_due_.size() <= sample.area) last_due_.resize(sample.area + 1, core::Instant::min());
  METERTWIN_CHECK(sample.due > last_due_[sample.area], sample.area, due_s);
  last_due_[sample.area] = sample.due;

  fold(sample);
  sample_count_ += meters;
  const bool has_money = std::any_of(sample.meter_money_uYuan.begin(), sample.meter_money_uYuan.end(),
                                     [](std::int64_t money) { return money != 0; });
  insert_sample_.bind((due_s / quarter_hour_s << 20) + sample.area, sample.area, due_s, sample.first_meter,
                      std::nullopt, std::nullopt, std::nullopt);
  insert_sample_.bind_blob_in_place(5, bytes_of(sample.shown_centikWh));
  insert_sample_.bind_blob_in_place(6, bytes_of(sample.passed_uJ));
  if (has_money) insert_sample_.bind_blob_in_place(7, bytes_of(sample.meter_money_uYuan));
  insert_sample_.run();
  commit_now_and_then(meters * (sizeof(std::uint32_t) + 2 * sizeof(std::int64_t)));
}

void TruthStore::fold(const model::TruthSample& sample) {
  const std::size_t meters = sample.shown_centikWh.size();
  if (meter_digests_.size() < sample.first_meter + meters) meter_digests_.resize(sample.first_meter + meters);
  const std::int64_t due_s = core::unix_seconds(sample.due);
  for (std::size_t i = 0; i < meters; ++i) {
    core::Digest& digest = meter_digests_[sample.first_meter + i];
    digest.add(due_s << 32 ^ std::int64_t{sample.shown_centikWh[i]});
    digest.add(sample.passed_uJ[i]);
    digest.add(sample.meter_money_uYuan.empty() ? std::int64_t{0} : sample.meter_money_uYuan[i]);
  }
}

void TruthStore::event(const model::TruthEvent& event) {
  const auto log = entities_.try_emplace(event.entity).first;
  const std::int64_t at_ns = core::unix_nanoseconds(event.at);
  core::Digest& digest = log->second.digest;
  digest.add(at_ns);
  digest.add(std::string_view(event.kind));
  digest.add(event.value);
  digest.add(std::string_view(event.text));
  insert_event_.bind(event.entity, log->second.events, at_ns, event.kind, event.value, event.text).run();
  ++log->second.events;
  ++event_count_;
  commit_now_and_then(event.entity.size() + event.kind.size() + event.text.size() + 32);
}

void TruthStore::commit_now_and_then(std::size_t bytes) {
  uncommitted_bytes_ += bytes;
  if (uncommitted_bytes_ < uncommitted_bytes_max) return;
  uncommitted_bytes_ = 0;
  database_.commit();
  database_.begin();
}

core::Digest TruthStore::digest() const {
  core::Digest all;
  for (std::size_t meter = 0; meter < meter_digests_.size(); ++meter) {
    all.add(static_cast<std::uint64_t>(meter));
    all.add(meter_digests_[meter].value());
  }
  for (const auto& [name, log] : entities_) {
    all.add(std::string_view(name));
    all.add(log.digest.value());
  }
  return all;
}

void TruthStore::write_digests() {
  sqlite::Statement insert(database_, "INSERT INTO digests VALUES (?, ?)");
  for (std::size_t meter = 1; meter < meter_digests_.size(); ++meter) {
    const bool has_name = meter < meter_names_.size() && !meter_names_[meter].empty();
    const std::string name = has_name ? meter_names_[meter] : "meter " + std::to_string(meter);
    insert.bind("samples " + name, meter_digests_[meter].hex()).run();
  }
  for (const auto& [name, log] : entities_) insert.bind(name, log.digest.hex()).run();
}

core::Digest TruthStore::finish() {
  write_digests();
  const core::Digest all = digest();
  note_run("digest", all.hex());
  database_.execute("CREATE INDEX events_by_kind ON events (kind, at_ns, entity, seq)");
  note_run("complete", "yes");
  database_.commit();
  is_finished_ = true;
  return all;
}
}  // namespace sim
