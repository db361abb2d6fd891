/// Short messages: they come late, very late, or not at all.
///
/// The delay follows published points of its distribution, straight in the logarithm of time between them:
///     t(U) = t_k (t_{k+1} / t_k)^((U - u_k) / (u_{k+1} - u_k))
/// Points: 84 % within 30 s and 98 % within 10 min for the better carriers of a test with 35,000 messages, 46
/// % within 30 s for the others [Mspect test of six US carriers, Computerworld]; 10 lost of 331 [modem test
/// in Tanzania, mobileactive.org]. The ends (2 s, 24 h) are assumptions. Unit: ns. Errors: none: a lost
/// message is no value. Randomness: short_message by (sender, number of the message). Time: none.
#pragma once
#include <array>
#include <optional>

#include "core/instant.hpp"
#include "core/random.hpp"

namespace model {
struct ShortMessageLaw {
  struct Point {
    double share;  ///< of the messages that come at all, within
    double delay_s;
  };
  core::Ratio loss{10, 331};
  std::array<Point, 4> points{{{0, 2}, {0.84, 30}, {0.98, 600}, {1, 86'400}}};

  static ShortMessageLaw good_carrier() { return {}; }
  static ShortMessageLaw poor_carrier() {
    return {{10, 331}, {{{0, 2}, {0.46, 30}, {0.98, 7'200}, {1, 86'400}}}};
  }
};

class ShortMessages {
 public:
  ShortMessages(const ShortMessageLaw& law, std::uint64_t seed, std::uint32_t sender)
      : law_(law), draws_(seed, sender, core::Purpose::short_message) {}
  /// Sends the next one: how long it takes, or nothing when it is lost.
  std::optional<core::Duration> send();
  std::uint64_t sent() const { return sent_; }
  std::uint64_t lost() const { return lost_; }

 private:
  ShortMessageLaw law_;
  core::RandomStream draws_;
  std::uint64_t sent_ = 0, lost_ = 0;
};
}  // namespace model
