/// What can be wrong with an RS-485 pair and the stations on it, each trouble by itself to be switched on and
/// off.
///
/// A line without troubles has no such object and pays nothing. Every trouble counts how often it struck, so
/// that a run can tell one that never mattered.
///
/// | trouble | what field people say | what happens |
/// |---|---|---|
/// | echo | 回显: a converter hears itself | the master gets its own request in front of the answer |
/// | bursts | 突发干扰: a contactor, a welder | characters in bursts turn into noise (Gilbert-Elliott) |
/// | broken pair | 断线 | stations beyond the break neither hear nor are heard |
/// | swapped A/B | AB接反, of a station or the master | every level is inverted; nothing makes sense |
/// | idle noise | 无偏置: no bias resistors | false start bits before a frame misread its beginning |
/// | babbler | 节点常发: a station sends without being asked | characters that overlap its chatter are lost |
/// | driver enable | 收发方向切换: RTS too early or too late | last characters cut off, or the answer run
/// over | | bad place | 信号弱: far, loaded, reflected | more bit errors to and from one station | | doubled
/// address | 表号重复 | two meters answer at once | | late answer | 应答超时: slow firmware | the answer
/// comes into somebody else's exchange |
///
/// Unit: ns, characters. Errors: none. Randomness: line_bursts and line_troubles by line, station_bit_errors
/// by meter; addressed by what is asked, so that switching one trouble leaves the draws of others alone.
/// Time: instants handed in, rising.
#pragma once
#include <array>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/instant.hpp"
#include "models/line/rs485/bit_errors.hpp"
#include "models/line/rs485/uart.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"
#include "protocols/dlt645/frame.hpp"

namespace model {
/// How long the master's driver holds the pair beyond its own characters. Negative: it lets go too early (the
/// last characters are cut), or takes it too late (the first ones are).
struct DriverEnable {
  core::Duration lead{};
  core::Duration tail{};
};
/// In every period the chatter begins at an instant of its own, drawn, and lasts so long.
struct Babble {
  core::Duration every = std::chrono::seconds(10);
  core::Duration lasts = std::chrono::milliseconds(200);  ///< == every: without end
};
struct LateAnswers {
  core::Ratio chance{1, 1};
  core::Duration by{};  ///< behind its usual turnaround
};

/// A transmission that has just ended, as a filter sees it.
struct FrameOnLine {
  static constexpr std::uint32_t master = UINT32_MAX;
  core::Instant from{}, till{};
  std::uint32_t speaker = master;  ///< position of the meter in its area
  std::uint64_t number = 0;        ///< of all transmissions of this line, from 0
  core::Bytes bytes;               ///< as sent
};
/// What becomes of it.
struct FrameFate {
  bool is_lost = false;
  std::size_t bytes_kept = SIZE_MAX;    ///< what comes behind is cut off
  std::size_t flipped_byte = SIZE_MAX;  ///< arrives with its lowest data bit inverted, parity made right
};
/// For troubles on demand: this meter, this kind of frame, the n-th.
class FrameFilter {
 public:
  virtual ~FrameFilter() = default;
  virtual FrameFate judge(const FrameOnLine& frame) = 0;
};

/// How often each trouble struck.
struct TroubleCounts {
  std::uint64_t echoes = 0;            ///< own requests the master heard
  std::uint64_t burst_characters = 0;  ///< characters that met a burst
  std::uint64_t cut_off = 0;           ///< requests and answers that did not pass the break
  std::uint64_t swapped = 0;           ///< requests and answers that were inverted
  std::uint64_t false_starts = 0;      ///< transmissions whose beginning was misread
  std::uint64_t babbled_characters = 0;
  std::uint64_t clipped_characters = 0;  ///< by a driver enabled too short
  std::uint64_t misheard = 0;            ///< requests and answers spoilt by a station's place
  std::uint64_t doubled = 0;             ///< answers under somebody else's address
  std::uint64_t late = 0;                ///< answers that came later than their meter's wont
  std::uint64_t filtered = 0;            ///< transmissions that a filter changed
};

class PairTroubles {
 public:
  PairTroubles(std::uint64_t seed, std::uint32_t line, SerialTiming timing);

  // The whole pair
  void set_echo(bool is_on) { has_echo_ = is_on; }
  /// One slot of the chain is one character time; it goes on while nobody speaks. Nothing: no bursts.
  /// `number`: whose law it is; the same number draws the same, and goes on if it is on already.
  void set_bursts(const std::optional<GilbertElliott>& law, std::uint32_t number = 0);
  /// `first_cut_off`: place on the pair (0 = next to the master) of the first station behind the break.
  void set_break(std::optional<std::size_t> first_cut_off) { break_ = first_cut_off; }
  void set_master_swapped(bool is_swapped) { is_master_swapped_ = is_swapped; }
  /// Chance per transmission that a false start bit comes within one character time before it.
  void set_idle_noise(core::Ratio chance) { idle_noise_ = chance; }
  /// The same before answers only, as the master's receiver makes it.
  void set_master_idle_noise(core::Ratio chance) { master_idle_noise_ = chance; }
  void set_babble(const std::optional<Babble>& babble);
  void set_master_driver(DriverEnable driver) { driver_ = driver; }
  /// Asked for every transmission; not owned; nullptr: nobody.
  void set_filter(FrameFilter* filter) { filter_ = filter; }

  // One station, by the meter's position in its area
  void set_swapped(std::uint32_t meter, bool is_swapped) { at(meter).is_swapped = is_swapped; }
  /// Bit errors of its own, to and from it, beside those of the whole pair.
  void set_place_error(std::uint32_t meter, core::Ratio chance);
  /// False start bits of its receiver alone.
  void set_station_idle_noise(std::uint32_t meter, core::Ratio chance) { at(meter).idle_noise = chance; }
  /// It answers to `other` as well, with that address in its answers. Nothing: no more.
  void set_double(std::uint32_t meter, std::optional<dlt645::AddressPattern> other);
  void set_late(std::uint32_t meter, const std::optional<LateAnswers>& late) { at(meter).late = late; }

  const TroubleCounts& counts() const { return counts_; }
  const CharacterErrors& uart_errors() const { return uart_errors_; }

  // For the line only
  bool has_echo() const { return has_echo_; }
  core::Duration driver_lead() const { return driver_.lead; }
  core::Duration driver_tail() const { return driver_.tail; }
  void note_echo() { ++counts_.echoes; }
  /// What is left of the character `index` of `count` that is on the pair from `from`: nothing, or a byte,
  /// perhaps another. Range: called in order for each transmission.
  std::optional<std::uint8_t> pass_character(core::Instant from, std::size_t index, std::size_t count,
                                             std::uint8_t byte, bool is_by_master);
  /// What troubles of whole transmissions leave of `bytes`. Valid until the next call.
  core::Bytes pass_transmission(const FrameOnLine& sent, std::size_t place, core::Bytes bytes);
  /// Whether a request that arrived well at the pair gets into this station.
  bool is_heard_by(std::uint32_t meter, std::size_t place, core::Bytes request);
  /// The other address of this station.
  std::optional<dlt645::AddressPattern> double_of(std::uint32_t meter) const;
  void note_double() { ++counts_.doubled; }
  core::Duration lateness(std::uint32_t meter, core::Instant at);

 private:
  struct Station {
    bool is_swapped = false;
    core::Ratio idle_noise{0, 1};
    std::optional<BitErrors> place_errors;
    std::optional<dlt645::AddressPattern> other;
    std::optional<LateAnswers> late;
  };
  Station& at(std::uint32_t meter);
  const Station* find(std::uint32_t meter) const {
    return meter < stations_.size() ? &stations_[meter] : nullptr;
  }
  bool meets_burst(core::Instant from);
  bool meets_babble(core::Instant from) const;
  core::Bytes after_idle(core::Bytes bytes, core::Ratio chance);
  bool gets_whole(Station& station, core::Bytes request);
  core::Bytes misread(core::Bytes bytes, int false_bits, std::uint64_t noise);
  core::Bytes inverted(core::Bytes bytes);
  core::Bytes through_filter(const FrameOnLine& sent, core::Bytes bytes);
  core::Bytes keep(core::Bytes bytes);
  std::uint64_t draw() { return draws_.word(drawn_++); }

  std::uint64_t seed_;
  std::uint32_t line_;
  SerialTiming timing_;
  core::RandomStream draws_;
  std::uint64_t drawn_ = 0;
  bool has_echo_ = false, is_master_swapped_ = false;
  core::Ratio idle_noise_{0, 1}, master_idle_noise_{0, 1};
  DriverEnable driver_;
  std::optional<BurstChannel> bursts_;
  std::uint32_t burst_number_ = 0;
  std::int64_t burst_slot_ = 0;
  std::optional<Babble> babble_;
  std::optional<std::size_t> break_;
  FrameFilter* filter_ = nullptr;
  std::vector<Station> stations_;  ///< by position in the area; only as far as anybody asked
  TroubleCounts counts_;
  CharacterErrors uart_errors_;
  std::array<std::uint8_t, dlt645::Wire::capacity()> passed_{}, spoilt_{};
  std::size_t passed_size_ = 0;
};
}  // namespace model
