/// One terminal's life on a bearer: getting in, asking for a channel, being forgotten, being dropped, being
/// billed.
///
///     in after         attach (once per power-up) + activation, each with its own chance to fail
///     waits            channel set-up, when the last byte is longer ago than the channel is kept; airtime /
///     duty dropped after    an exponential time: -mean ln U billed           per session: whole steps of
///     kilobytes over payload and headers, n = ceil(bytes / segment)
/// With many terminals at once in a cell an attempt gets through with (1 - 1/W)^(n-1) [random_access.hpp].
/// Unit: ns, bytes, micro-yuan. Range: a valid sheet (checked). Errors: none; failures are counted.
/// Randomness: bearer_access and bearer_life by (entity, draw). Time: instants handed in, rising.
#pragma once
#include "models/line/bearers/bearer_sheet.hpp"
#include "models/line/bearers/random_access.hpp"

namespace model {
struct SessionCounts {
  std::uint64_t attach_failures = 0, activation_failures = 0, contentions_lost = 0;
  std::uint64_t sessions = 0;
  std::uint64_t drops = 0;            ///< sessions ended by the network or on demand
  std::uint64_t address_changes = 0;  ///< sessions with another address than the one before
  std::uint64_t channels_asked = 0;   ///< set-ups after a silence
  std::uint64_t forgotten = 0;        ///< connections the translator no longer knew when something was sent
};
/// What the operator counts.
struct BearerBill {
  std::uint64_t payload_bytes = 0, header_bytes = 0;
  std::uint64_t billed_kB = 0;
  std::int64_t price_uYuan = 0;
};

class BearerSession {
 public:
  BearerSession(const BearerSheet& sheet, std::uint64_t seed, std::uint32_t entity);

  struct Entry {
    core::Duration takes{};
    bool is_in = false;
  };
  /// One attempt to get in from `at` on. Range: not in.
  Entry enter(core::Instant at);
  /// The session ends. Lost power costs the registration as well.
  enum class Leaving : unsigned char { dropped, closed, power_lost };
  void leave(Leaving why);
  bool is_in() const { return is_in_; }
  /// When the network will drop this session; `core::never` if it is not in or never dropped.
  core::Instant dropped_at() const { return dropped_at_; }
  /// The pause before the next attempt, after `failures` in a row; longer each time.
  core::Duration pause(int failures) { return back_off_.pause(failures, life_.word(lived_++)); }
  void set_back_off(const BackOff& back_off) { back_off_ = back_off; }
  /// So many other terminals try at the same time, in windows of so many slots. 0: alone.
  void set_contention(std::uint32_t others, std::uint32_t slots);

  /// So many terminals transfer at the same time over a cell of so many bits a second, in equal parts:
  /// whoever would be faster alone waits for its part. 0 or 1: alone.
  void set_sharing(int terminals, int cell_bps);

  /// True when the translator has forgotten the connection since something last passed.
  bool is_forgotten(core::Instant at) const;
  /// The translator forgets now, on demand.
  void forget() { is_forgotten_ = true; }
  void note_forgotten() { ++counts_.forgotten; }
  /// A new TCP connection is a new entry of the translator.
  void connected(core::Instant at);
  /// So many bytes are handed to the bearer at `at`: how long they wait before they can leave.
  core::Duration carry(core::Instant at, std::size_t bytes, int bps);

  std::uint32_t address() const { return address_; }
  const SessionCounts& counts() const { return counts_; }
  BearerBill bill() const;

 private:
  bool happens(core::Ratio chance);
  core::Duration between(core::Duration low, core::Duration high);
  void close_account();

  BearerSheet sheet_;
  core::RandomStream access_, life_;
  std::uint64_t entered_ = 0, lived_ = 0;
  BackOff back_off_;
  core::Ratio contention_lost_{0, 1};
  int shared_bps_ = 0;  ///< this terminal's part of the cell; 0: not shared
  bool is_attached_ = false, is_in_ = false, is_forgotten_ = false;
  core::Instant dropped_at_ = core::never, last_byte_{}, quiet_until_{};
  bool has_carried_ = false;
  std::uint32_t address_;
  std::uint64_t session_bytes_ = 0;
  SessionCounts counts_;
  BearerBill bill_;
};
}  // namespace model
