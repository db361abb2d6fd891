/// The form of the loss that known distortions of a meter's reports leave behind.
///
/// If a customer's reports r(t) are a known function of what he drew, e(t) can be worked back from them and
/// the area misses e(t) - r(t): reversed days leave r backwards minus r, a wrong clock leaves r displaced
/// minus r, a meter that stops for hours leaves the usual load of those hours. Energy-keeping frauds, which
/// no daily balance shows, show here as long as the transformer's meter tells intervals apart. Unit: kWh per
/// interval. Range: any area. Errors: none. Randomness: none. Time: intervals only.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "head-end/loss/area_view.hpp"

namespace headend::loss {
enum class Signature : std::uint8_t {
  reversed_days,    ///< r of the same day backwards - r
  reversed_series,  ///< r backwards - r
  displaced,        ///< r(t + k) - r(t) for k = +-1 .. +-4 intervals
  stopped,          ///< the usual energy of the time of day wherever the report is (nearly) zero
  capped,           ///< one wherever the report is at its highest
  reduced,          ///< one wherever the report is above zero, for meters that are often at zero
  peak_spread,      ///< a third of the day's highest reports, less their mean over the day
};
inline constexpr std::size_t signature_count = 7;
std::array<Signature, signature_count> every_signature();
std::string_view name_of(Signature signature);
std::string_view meaning_of(Signature signature);
/// The expected losses over all intervals, one series for each variant of the signature; empty where it
/// cannot apply.
std::vector<std::vector<double>> expected_losses(Signature signature, const AreaView& area,
                                                 std::size_t customer);
}  // namespace headend::loss
