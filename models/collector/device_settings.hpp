/// What a concentrator is set to, and the flash that keeps it.
///
/// Settings are taken unit by unit, each as a whole or not at all. They are kept as one image in two banks in
/// turn, each with a number and a CRC-32 (IEEE 802.3): the newest whole one counts after a restart, so a
/// power cut leaves the old settings or the new ones, never a mixture. A write takes
///     erase + pages x program = 45 ms + 0.7 ms per 256 bytes       [data sheets of serial NOR flash,
///     typical]
/// Errors: a unit refused. Randomness: none. Time: none.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "core/instant.hpp"
#include "protocols/gdw3761/terminal_settings.hpp"

namespace model {
struct DeviceSettings {
  gdw3761::TerminalName name;
  std::uint8_t first_port = 2;  ///< of the plans, rates and attempts, which stand in the order of ports
  std::vector<gdw3761::ReadingPlan> plans;
  std::vector<gdw3761::PortRate> rates;
  std::vector<gdw3761::PortAttempts> attempts;
  std::map<std::uint8_t, gdw3761::PulseInput> pulses;
  std::map<core::MeterAddress, gdw3761::CollectorRecord> collectors;
  std::map<std::uint16_t, gdw3761::MeterNote> meters;
  bool operator==(const DeviceSettings&) const = default;

  /// False, and nothing has changed: it names a port that is not there, or two inputs for one point.
  /// The archive (F10) is not kept here: true for any.
  [[nodiscard]] bool take(const gdw3761::Parameter& parameter);
  /// The blocks asked for that are there, in the order asked. Nothing for Fn that are not kept here.
  std::optional<gdw3761::Parameter> blocks_of(const gdw3761::ParameterQuery& query) const;

  std::vector<std::uint8_t> image() const;
  /// Takes what an image says. False: it is none, or of another device; nothing has changed.
  [[nodiscard]] bool restore(core::Bytes image);

 private:
  std::optional<std::size_t> position_of(unsigned port) const;
};

class SettingsFlash {
 public:
  static core::Duration write_time(std::size_t image_bytes);
  /// Over the older bank.
  void write(core::Bytes image) { write_part(image, core::Duration::max()); }
  /// The same, cut short after so long.
  void write_part(core::Bytes image, core::Duration for_how_long);
  /// The newest whole image; nothing before the first one.
  std::optional<std::vector<std::uint8_t>> newest() const;

 private:
  struct Whole {
    std::uint32_t number = 0;
    core::Bytes image;
  };
  static std::optional<Whole> whole(core::Bytes bank);
  std::array<std::vector<std::uint8_t>, 2> banks_;
};
}  // namespace model
