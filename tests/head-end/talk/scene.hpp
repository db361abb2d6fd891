/// A head-end in virtual time with scripted concentrators and a counter client: what the tests of the talking
/// half play on.
///
/// The scene owns time. `crash` is a power cut of the head-end between two of its steps; `restart` opens a
/// new one on the same store. Concentrators redial ten seconds after they lose their line.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "head-end/head_end.hpp"
#include "tests/head-end/talk/scripted_concentrator.hpp"

namespace talk_test {
struct EstatePlan {
  std::vector<int> meters_per_concentrator = {3};
  headend::PaymentMode payment = headend::PaymentMode::postpaid;
};
Configuration make_configuration(const EstatePlan& plan = {});
Instant at(int hour, int minute = 0, int second = 0, int day = 1);  ///< 2026-07, Asia/Shanghai

/// A client of the counter's line protocol.
class CounterClient final : public seam::FarEnd {
 public:
  void dial(seam::VirtualWorld& world);
  void say(const std::string& line);  ///< adds the line's end
  void say_raw(const std::string& text);
  void head_end_wrote(core::Bytes bytes) override;
  void head_end_closed() override { ++closes_seen; }
  bool is_connected() const { return line_.is_open(); }

  std::vector<std::string> lines;  ///< heard, without their ends
  std::function<void(const std::string&)> on_line;
  int closes_seen = 0;

 private:
  seam::VirtualField line_;
  std::string partial_;
};

class Scene {
 public:
  explicit Scene(Configuration its_configuration = make_configuration());
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  /// Opens the head-end at `now()` and, unless told otherwise, lets everybody dial.
  void start(bool all_dial = true);
  void run_until(Instant t);
  void run_for(Duration d) { run_until(now() + d); }
  /// As `run_until`, but stops as soon as `condition` holds; answers whether it did.
  bool run_until_holds(Instant t, const std::function<bool()>& condition);
  void crash();
  void restart_after(Duration down);
  Instant now() const { return now_; }
  headend::HeadEnd& head_end() { return *head_end_; }
  headend::Books& books() { return head_end_->books(); }
  seam::VirtualWorld& world() { return *world_; }
  /// The store's file; readable whenever the head-end has committed.
  std::filesystem::path store() const { return folder_ / "books.db"; }
  ScriptedConcentrator& north() { return *concentrators[0]; }
  /// Rows that a query of the committed store counts, as another process would see it.
  std::int64_t committed(const std::string& query) const;
  /// Committed readings that came this way.
  std::int64_t committed_from(headend::ReadingSource source) const;
  /// Committed readings of the meter that equal what its register showed; -1 when any differs.
  std::int64_t right_readings(MeterId meter) const;

  Configuration configuration;
  std::vector<std::unique_ptr<ScriptedConcentrator>> concentrators;
  CounterClient counter;
  bool redials = true;

 private:
  void step(Instant t);
  std::filesystem::path folder_;
  Instant now_;
  std::unique_ptr<seam::VirtualWorld> world_;
  std::unique_ptr<headend::HeadEnd> head_end_;
  std::vector<Instant> redial_at_;
};
}  // namespace talk_test
