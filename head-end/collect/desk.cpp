#include "head-end/collect/desk.hpp"

#include <algorithm>
#include <utility>

#include "head-end/collect/ingest.hpp"

namespace headend {
namespace {
/// The books are asked at most so often for the same duty, should one stay due.
constexpr Duration duty_pause = 1s;

std::size_t concentrator_ids_end_of(const Configuration& configuration) {
  ConcentratorId highest = 0;
  for (const auto& file : configuration.concentrators) highest = std::max(highest, file.id);
  return std::size_t{highest} + 1;
}
}  // namespace

Desk::Desk(const Configuration& configuration, const std::filesystem::path& store, seam::Clock& its_clock,
           FrameTap its_tap)
    : clock(its_clock),
      books(configuration, store, its_clock.now()),
      estate(books.configuration()),
      tap(std::move(its_tap)),
      field(concentrator_ids_end_of(configuration), its_clock.now()),
      present_reads(concentrator_ids_end_of(configuration)),
      ingest(std::make_unique<Ingest>(*this, ingest_statistics)),
      places_(concentrator_ids_end_of(configuration)),
      changed_(its_clock.make_alarm()) {
  // Who came and never left was here when the last head-end on this store died: gone since now, for all that
  // this one knows.
  books.each_coming([this](ConcentratorId id, bool is_login, Instant at) {
    if (id >= places_.size()) return;
    auto& presence = field.of(id).presence;
    is_login ? presence.came(at) : presence.went(at);
  });
  field.misses.take_up(books);
  for (std::size_t id = 1; id < places_.size(); ++id)
    field.went(static_cast<ConcentratorId>(id), its_clock.now());
}

Desk::~Desk() = default;

void Desk::touch(ConcentratorId id) {
  if (std::exchange(places_[id].is_touched, true)) return;
  touched_.push_back(id);
}

void Desk::books_changed(ConcentratorId id) {
  touch(id);
  // A duty of the books may concern meters elsewhere: at midnight, at the end of a grace time.
  all_touched_ = all_touched_ || books.next_duty() <= now();
  books.advance(now());
  commit_soon();
}

void Desk::readings_came() {
  if (books.next_duty() <= now()) books.advance(now());
  commit_within(configuration().ingest.confirm_within);
}

void Desk::commit_soon() { commit_within(group_commit_every); }

void Desk::commit_within(Duration wait) {
  const Instant at = now() + wait;
  if (std::exchange(is_dirty_, true) && commit_at_ <= at) return;
  commit_at_ = at;
  changed_->ring();
}

seam::asio::awaitable<void> Desk::durable() {
  auto bell = clock.make_alarm();
  waiting_.push_back(bell.get());
  commit_within(configuration().ingest.confirm_within);
  co_await bell->wait_until(core::never);
}

void Desk::call_attendant(ConcentratorId id) const {
  if (places_[id].attendant != nullptr) places_[id].attendant->news();
}

std::size_t Desk::online_count() const {
  return static_cast<std::size_t>(std::count_if(
      places_.begin(), places_.end(), [](const Place& place) { return place.attendant != nullptr; }));
}

void Desk::commit() {
  const Instant began = now();
  field.misses.write_changes(books);
  books.commit();
  ++ingest_statistics.commits;
  ingest_statistics.commit_ns.add((now() - began).count());
  is_dirty_ = false;
  commit_at_ = core::never;
  for (const auto id : books.concentrators_with_new_commands()) touch(id);
  for (seam::Alarm* const bell : std::exchange(waiting_, {})) bell->ring();
  ingest->committed();
  tell();
}

void Desk::tell() {
  const bool to_all = std::exchange(all_touched_, false);
  for (const auto id : touched_) places_[id].is_touched = false;
  const auto touched = std::exchange(touched_, {});
  if (to_all) {
    for (auto& place : places_)
      if (place.attendant != nullptr) place.attendant->news();
  } else {
    for (const auto id : touched)
      if (places_[id].attendant != nullptr) places_[id].attendant->news();
  }
  for (auto* counter : counters_) counter->news();
}

seam::asio::awaitable<void> Desk::keep_time() {
  Instant rested_until = now();
  while (true) {
    co_await changed_->wait_until(std::min(std::max(books.next_duty(), rested_until), commit_at_));
    if (books.next_duty() <= now() && rested_until <= now()) {
      rested_until = now() + duty_pause;
      all_touched_ = true;
      books.advance(now());
      commit();
    } else if (commit_at_ <= now()) {
      commit();
    }
  }
}
}  // namespace headend
