/// A head-end for tests of the flood: understands what comes, by the protocols' own decoders, and answers by
/// rules.
///
/// Bytes in, bytes out, no clock and no sockets. It keeps every reading it took (by meter and quarter), so a
/// test can compare with what the flood believes to be confirmed.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/gdw3761/frame.hpp"
#include "stress/plan/flood.hpp"

namespace stress {
struct FakeRules {
  std::uint32_t refuse_every = 0;    ///< each so many-th report is denied
  std::uint32_t ignore_every = 0;    ///< each so many-th report is neither taken nor answered
  std::uint32_t hang_up_every = 0;   ///< after each so many-th report: taken, not answered, the line closed
  bool confirms_wrong_sums = false;  ///< a bug to be found: frames with a bad checksum are confirmed
  bool knows_switches = true;
};

class FakeHeadEnd {
 public:
  struct Reply {
    LineId line = 0;
    std::vector<std::uint8_t> bytes;
    bool hangs_up = false;
  };

  FakeHeadEnd(const EstatePlan& estate, const FakeRules& rules) : estate_(estate), rules_(rules) {}
  void opened(LineId line, Door door);
  void closed(LineId line);
  /// What it says to these bytes is appended to `replies`.
  void heard(LineId line, core::Bytes bytes, std::vector<Reply>& replies);
  void set_rules(const FakeRules& rules) { rules_ = rules; }

  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> taken;  ///< (meter, quarter): register
  std::uint64_t reports = 0, repeated = 0, contradicting = 0, rejected = 0, refused = 0, confirmed = 0;
  std::uint64_t foreign = 0, requests = 0, switched = 0;

 private:
  struct Line {
    Door door = Door::uplink;
    bool is_open = false;
    std::optional<std::uint32_t> collector;
    gdw3761::Framer framer;
    std::vector<std::uint8_t> pending;  ///< Modbus
    std::string text;                   ///< HTTP
    LineId asks_for = 0;                ///< a switch order's HTTP line, while the meter is spoken to
  };
  enum class Answer { confirm, refuse, none, hang_up };
  Answer judge_report();
  void confirm_wrong_sum(LineId line, core::Bytes bytes, std::vector<Reply>& replies);
  void take(std::uint32_t meter, Instant due, std::uint32_t register_shown);
  void hear_frame(LineId line, const gdw3761::FrameView& frame, std::vector<Reply>& replies);
  void hear_modbus(LineId line, std::vector<Reply>& replies);
  void hear_http(LineId line, std::vector<Reply>& replies);
  void order_switch(LineId http, const std::string& body, std::vector<Reply>& replies);
  void say(LineId line, core::Bytes bytes, std::vector<Reply>& replies);

  EstatePlan estate_;
  FakeRules rules_;
  core::Zone zone_;
  std::map<LineId, Line> lines_;
  gdw3761::FrameWriter writer_;
};
}  // namespace stress
