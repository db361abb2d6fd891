/// Pushed readings: who may be looked at now, what goes into the books, and who is owed a confirmation.
///
/// One thread runs the head-end, so the queue that matters is the bytes that have been read from connections
/// and wait to be looked at. `turn` hands them through in the order of coming, a bounded number of bytes per
/// round of the event loop; between two rounds whatever else is ready runs: sales, switch commands, their
/// answers, API requests. Those never stand in this queue, which is what gives them priority. When the wait
/// grows beyond `IngestRules::overload_wait`, frames are refused unseen until it has halved. What was taken
/// is confirmed after the next commit, never before. Memory: one entry a waiting connection; a connection
/// waits with one buffer at most. Randomness: none.
#pragma once
#include <deque>
#include <memory>
#include <vector>

#include "head-end/collect/desk.hpp"
#include "head-end/collect/ingest_statistics.hpp"
#include "head-end/collect/report.hpp"

namespace headend {
/// Is owed confirmations and wants to hear when what it brought is durable. Deregisters itself before it
/// goes.
class Creditor {
 public:
  virtual ~Creditor() = default;
  virtual void durable() = 0;
};

class Ingest {
 public:
  Ingest(Desk& desk, IngestStatistics& its_statistics)
      : statistics(its_statistics),
        desk_(desk),
        report_(desk, its_statistics),
        upload_(desk, its_statistics) {}
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

  IngestStatistics& statistics;

  /// Fast path of `turn`: nobody waits and this round has room.
  bool may_go_now(std::size_t bytes);
  /// Waits until `bytes` may be looked at. `bell` belongs to the caller and is made when first needed.
  seam::asio::awaitable<void> turn(std::size_t bytes, std::unique_ptr<seam::Alarm>& bell);

  /// Asked once for each pushed frame: may it be looked at, or is it to be refused unseen?
  bool admits_next();
  bool is_overloaded() const { return admitted_sixteenths_ < all_sixteenths; }
  /// From now on everything pushed is refused: the head-end is going down in good order.
  void drain() { is_draining_ = true; }

  /// A concentrator's report into the books. Errors: as `each_curve`, bad_field, unexpected_answer.
  core::Result<void> take(const ConcentratorArea& area, const gdw3761::FrameView& frame);
  /// A manager's upload into the books.
  modbus::tcp::Exception take(const ConcentratorArea& area, const modbus::tcp::WriteRequest& upload);
  /// After a read that brought anything: lets time pass in the books and sees to a commit in time.
  void came() { desk_.readings_came(); }
  /// `creditor` wants to be told after the next commit; once a commit, however often it asks.
  void owe(Creditor& creditor);
  void forget(Creditor& creditor) { std::erase(creditors_, &creditor); }
  /// The desk has committed.
  void committed();

 private:
  struct Waiting {
    seam::Alarm* bell;
    Instant since;
    std::size_t bytes;
  };
  void post_round();
  void begin_round();
  void note_wait(Duration wait, Instant now);

  static constexpr int all_sixteenths = 16;

  Desk& desk_;
  Report report_;
  Upload upload_;
  std::deque<Waiting> queue_;
  std::ptrdiff_t room_ = 0;  ///< bytes that may still be looked at in this round; may be overdrawn by one
  bool is_round_posted_ = false;
  bool is_draining_ = false;
  int admitted_sixteenths_ = all_sixteenths;  ///< of the frames, 1 .. 16
  int admission_credit_ = 0;                  ///< spreads the admitted ones evenly
  Duration longest_wait_{};                   ///< since the last adjustment
  Instant adjusted_at_{};
  std::vector<Creditor*> creditors_, told_;  ///< in order of asking
};
}  // namespace headend
