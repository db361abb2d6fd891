/// A concentrator that speaks bytes and does what a test tells it, with a handful of make-believe meters
/// behind it.
///
/// It answers like a good one by default: registers that grow by a rule, relays that obey, purses that count.
/// A test bends single exchanges through `script` (drop, delay, double, distort) and single readings through
/// `is_missing`.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "head-end/configuration.hpp"
#include "platform/virtual/virtual_world.hpp"
#include "protocols/dlt645/framer.hpp"
#include "protocols/dlt645/security.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/freeze.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace talk_test {
using core::Duration;
using core::Instant;
using headend::Configuration;
using headend::MeterId;
using namespace std::chrono_literals;

/// What the make-believe meter `id` shows at `due`: a different slope for each.
core::CentiKilowattHours register_of(const Configuration& configuration, MeterId id, Instant due);

struct ScriptedMeter {
  MeterId id = 0;
  core::MeterAddress address;
  bool is_open = false, is_told_open = false, keeps_power = false, is_account_opened = true;
  Duration trip_delay{0};
  Instant opens_at = core::never;  ///< end of a running trip delay
  std::int64_t money_fen = 0;      ///< negative = overdraft
  std::uint32_t purchase_count = 0;
  int trips = 0, closes = 0, credits = 0;           ///< carried out, not asked for
  std::vector<std::uint8_t> load_limit, load_call;  ///< as written; empty: none
  std::uint8_t call_answer = 1;                     ///< yes
  int limits_set = 0, limits_taken_back = 0;
};

/// What becomes of one request from the head-end.
struct Deed {
  bool is_heard = true;     ///< false: the concentrator never got it
  bool is_answered = true;  ///< false: done, but the answer is lost
  Duration late{0};         ///< the answer comes so much later than usual
  int copies = 1;
  std::vector<std::uint8_t> before = {};  ///< bytes in front of the answer
  int counter_shift = 0;                  ///< the answer carries another counter
  std::uint16_t foreign_terminal = 0;     ///< the answer claims to be from this terminal
  bool drops_line = false;                ///< the connection dies instead of an answer
  bool meter_is_silent = false;           ///< forwarded: the meter does not answer, but does what it was told
  bool denies = false;
  bool in_parts = false;                 ///< a curve comes as two frames, the second later
  std::vector<std::uint8_t> units = {};  ///< instead of the answer: a well-formed frame around these
  int flips = 0;                         ///< bytes of the answer that change, with a checksum that fits again
};

class ScriptedConcentrator final : public seam::FarEnd {
 public:
  ScriptedConcentrator(const Configuration& configuration, std::size_t position);

  /// Dials the world's door and logs in.
  void dial(seam::VirtualWorld& world);
  void hang_up();
  /// Everything that was on its way when the world died.
  void forget_line();
  bool is_connected() const { return line_.is_open(); }

  /// Earliest thing it has to do by itself; `core::never` if none.
  Instant next() const {
    const Instant beat = is_connected() ? heartbeat_at_ : core::never;
    return pending_.empty() ? beat : std::min(beat, pending_.begin()->first);
  }
  void advance(Instant now);
  void send_login();
  void send_heartbeat();
  void send_logout();
  void send_raw(core::Bytes bytes) { line_.deliver(bytes); }

  void head_end_wrote(core::Bytes bytes) override;
  void head_end_closed() override;

  /// Called for each request (not for confirmations), counted from 0.
  std::function<Deed(int, const gdw3761::FrameView&)> script;
  std::function<bool(MeterId, Instant due, Instant now)> is_missing;
  /// What a meter's register seems to show beyond the truth.
  std::function<std::int64_t(MeterId, Instant due)> false_centikWh;
  /// What a meter says when any other item is read; nothing: it has no such data.
  std::function<std::vector<std::uint8_t>(MeterId, std::uint32_t item)> told;
  Duration latency = 1s;
  Duration heartbeat_every = 5min;  ///< max() = never
  std::vector<ScriptedMeter> meters;
  std::map<std::uint16_t, gdw3761::ArchiveRow> archive;  ///< by point
  std::function<void()> on_request;                      ///< after each request was noted

  int requests = 0, confirmations = 0, denials = 0, clock_sets = 0, closes_seen = 0;
  std::map<int, int> requests_by_fn;  ///< key: AFN x 1000 + Fn
  int readings_asked = 0;
  std::uint16_t terminal = 0;
  ScriptedMeter& meter(MeterId id);

 private:
  void serve(const gdw3761::FrameView& frame);
  core::Bytes answer_of(const gdw3761::FrameView& frame, const Deed& deed);
  core::Bytes answer_curve(const gdw3761::FrameView& frame);
  void put_curves(gdw3761::UnitId unit, const gdw3761::CurveTime& time);
  void send_in_parts(const gdw3761::FrameView& frame);
  core::Bytes answer_freeze(const gdw3761::FrameView& frame);
  core::Bytes answer_forward(const gdw3761::FrameView& frame, const Deed& deed);
  void act(ScriptedMeter& meter, const dlt645::Frame& frame, dlt645::Wire& out);
  void act_on_security(ScriptedMeter& meter, const dlt645::Frame& frame, dlt645::Wire& out);
  void act_on_write(ScriptedMeter& meter, const dlt645::Frame& frame, dlt645::Wire& out);
  void act_on_control(ScriptedMeter& meter, const dlt645::Frame& frame, dlt645::Wire& out);
  void plan_heartbeat();
  Instant now() const { return world_->clock().now(); }

  const Configuration& configuration_;
  const headend::ConcentratorFile& file_;
  seam::VirtualWorld* world_ = nullptr;
  seam::VirtualField line_;
  gdw3761::Framer framer_;
  gdw3761::FrameWriter writer_;
  gdw3761::TerminalAddress address_;
  std::multimap<Instant, std::vector<std::uint8_t>> pending_;
  unsigned own_counter_ = 0;
  Instant heartbeat_at_ = core::never;
};
}  // namespace talk_test
