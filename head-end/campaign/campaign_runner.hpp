/// Says to one concentrator's meters what campaigns want said: limits, calls, and that they are over.
///
/// At least once over the wire, once in effect: each of these writes may be repeated. Before one leaves, the
/// books know durably that it may have; afterwards what came of it. A meter that does not answer is tried
/// again after `command_timeout`, doubling up to `retry_pause_max`; a customer who thinks his answer over is
/// asked once a minute. Errors: outcomes, in the books. Randomness: none. Time: the desk's clock.
#pragma once
#include <map>

#include "head-end/campaign/campaign_book.hpp"
#include "head-end/control/meter_line.hpp"

namespace headend {
class CampaignRunner {
 public:
  CampaignRunner(Desk& desk, Session& session) : desk_(desk), session_(session), line_(desk, session) {}

  /// Carries out all that is due; returns at once when nothing is.
  seam::asio::awaitable<void> carry_out_due();
  /// When there is something to do again; `core::never` if nothing.
  Instant next() const;

 private:
  struct Retry {
    Instant at = core::never;
    int failures = 0;
    CampaignStep step = CampaignStep::set_limit;
  };
  using Key = std::pair<std::int64_t, MeterId>;
  std::vector<CampaignTask> due_now();
  seam::asio::awaitable<void> carry_out(const CampaignTask& task);
  seam::asio::awaitable<void> set_limit(const CampaignTask& task, const Campaign& campaign);
  seam::asio::awaitable<void> release(const CampaignTask& task);
  seam::asio::awaitable<void> send_call(const CampaignTask& task, const Campaign& campaign);
  seam::asio::awaitable<void> read_answer(const CampaignTask& task);
  /// True, false for refused (with the reason in `detail`), or nothing for no answer.
  seam::asio::awaitable<std::optional<bool>> write(MeterId meter, dlt645::DataIdentifier item,
                                                   core::Bytes value, std::string& detail);
  void try_again(const CampaignTask& task, Duration after);
  Duration pause_of(const CampaignTask& task);

  Desk& desk_;
  Session& session_;
  MeterLine line_;
  std::map<Key, Retry> retries_;
};
}  // namespace headend
