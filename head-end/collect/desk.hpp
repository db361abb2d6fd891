/// Where all conversations of one head-end meet the books: shared surroundings, the group commit, and who is
/// told what.
///
/// Polled readings need no acknowledgement (the concentrator keeps them), so what a round brings is committed
/// together with others', at most `group_commit_every` later. What must be durable soon says `commit_within`
/// (pushed readings) or waits for `durable()` (API requests), and shares its commit with all others that
/// wait; whatever must be durable before it leaves at this very instant calls `commit()` itself. After each
/// commit those whom it may concern are told: concentrators with new commands, counters with new notices. One
/// coroutine, `keep_time`, wakes the books when they have a duty. Randomness: none.
#pragma once
#include <memory>
#include <vector>

#include "head-end/books.hpp"
#include "head-end/collect/estate.hpp"
#include "head-end/collect/field_records.hpp"
#include "head-end/collect/ingest_statistics.hpp"
#include "head-end/collect/present_reads.hpp"
#include "head-end/collect/talk_statistics.hpp"
#include "head-end/head_end.hpp"

namespace headend {
class Ingest;
inline constexpr Duration group_commit_every = 60s;

/// Wants to hear when the books may hold something new for it.
class NewsTaker {
 public:
  virtual ~NewsTaker() = default;
  virtual void news() = 0;
};

/// What the talking half remembers of a concentrator between its connections; lost in a crash without harm.
struct Diary {
  Instant collected_due = Instant::min();      ///< latest quarter hour that a round has asked every meter for
  std::int64_t clock_set_on = INT64_MIN;       ///< local day
  Instant freezes_complete = Instant::min();   ///< midnight
  Instant balances_complete = Instant::min();  ///< midnight
  MeterId balance_asked_last = 0;
};

class Desk {
 public:
  Desk(const Configuration& configuration, const std::filesystem::path& store, seam::Clock& clock,
       FrameTap tap);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  seam::Clock& clock;
  Books books;
  const Estate estate;  ///< looks into the books' configuration
  const FrameTap tap;
  TalkStatistics statistics;
  IngestStatistics ingest_statistics;
  FieldRecords field;
  PresentReads present_reads;
  const std::unique_ptr<Ingest> ingest;

  Instant now() const { return clock.now(); }
  const Configuration& configuration() const { return books.configuration(); }
  Diary& diary(ConcentratorId id) { return places_[id].diary; }

  /// Something of this concentrator's meters came into the books: lets time pass in them, and commits soon.
  void books_changed(ConcentratorId id);
  /// Pushed readings came into the books: lets time pass in them where a rule has something to do; committed
  /// within `IngestRules::confirm_within`.
  void readings_came();
  /// Something was written that no rule depends on; commits soon.
  void commit_soon();
  /// Commits at most so long from now.
  void commit_within(Duration wait);
  /// Returns when everything that was in the books when it was called is committed (and, by the books'
  /// durability, synced): one commit for all who wait.
  seam::asio::awaitable<void> durable();
  /// Commits now and tells whom it may concern.
  void commit();
  /// The next commit concerns this concentrator (a sale, an order): its commands may be new.
  void touch(ConcentratorId id);
  seam::asio::awaitable<void> keep_time();

  void set_attendant(ConcentratorId id, NewsTaker* attendant) { places_[id].attendant = attendant; }
  /// Who looks after this concentrator may have something new to do; nothing happens when it is off line.
  void call_attendant(ConcentratorId id) const;
  bool has_attendant(ConcentratorId id) const { return places_[id].attendant != nullptr; }
  bool is_attendant(ConcentratorId id, const NewsTaker& who) const { return places_[id].attendant == &who; }
  std::size_t online_count() const;
  ConcentratorId concentrator_ids_end() const { return static_cast<ConcentratorId>(places_.size()); }
  void add_counter(NewsTaker& counter) { counters_.push_back(&counter); }
  void remove_counter(NewsTaker& counter) { std::erase(counters_, &counter); }

 private:
  struct Place {
    Diary diary;
    NewsTaker* attendant = nullptr;
    bool is_touched = false;
  };
  void tell();

  std::vector<Place> places_;            ///< by concentrator id
  std::vector<ConcentratorId> touched_;  ///< since the last commit
  bool all_touched_ = true;
  bool is_dirty_ = false;
  Instant commit_at_ = core::never;
  std::vector<NewsTaker*> counters_;   ///< in order of coming
  std::vector<seam::Alarm*> waiting_;  ///< for `durable`, in order of asking
  std::unique_ptr<seam::Alarm> changed_;
};
}  // namespace headend
