#include "head-end/collect/desk.hpp"

#include <algorithm>
#include <utility>

namespace headend {
namespace {
/// The books are asked at most so often for the same duty, should one stay due.
constexpr Duration duty_pause = 1s;
}  // namespace

Desk::Desk(const Configuration& configuration, const std::filesystem::path& store, seam::Clock& its_clock,
           FrameTap its_tap)
    : clock(its_clock),
      books(configuration, store, its_clock.now()),
      estate(books.configuration()),
      tap(std::move(its_tap)),
      changed_(its_clock.make_alarm()) {
  ConcentratorId highest = 0;
  for (const auto& file : books.configuration().concentrators) highest = std::max(highest, file.id);
  places_.resize(highest + 1u);
}

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

void Desk::commit_soon() {
  if (std::exchange(is_dirty_, true)) return;
  commit_at_ = now() + group_commit_every;
  changed_->ring();
}

std::size_t Desk::online_count() const {
  return static_cast<std::size_t>(std::count_if(
      places_.begin(), places_.end(), [](const Place& place) { return place.attendant != nullptr; }));
}

void Desk::commit() {
  books.commit();
  is_dirty_ = false;
  commit_at_ = core::never;
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
