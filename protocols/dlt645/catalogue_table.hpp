/// The rows behind `lookup`: ranges of identifiers with their names and layouts.
///
/// A layout is a list of fields separated by `;`, each `[n*]format[:label[:unit]]`. Formats: X digits with a
/// point (`~` in front: signed), YY MM DD WW hh mm ss NN pairs, A6 text, B2 bits, D6 digits, I4 identifier,
/// R8 raw (R0: all the rest);
/// `@name` stands for a layout of its own. In names {p} is the phase of DI1 and {2} {1} {0} are DI2, DI1,
/// DI0; in labels # counts repetitions.
#pragma once
#include <span>
#include <string_view>

#include "protocols/dlt645/data_identifier.hpp"

namespace dlt645 {
struct ByteRange {
  std::uint8_t low, high;
  constexpr bool holds(std::uint8_t byte) const { return low <= byte && byte <= high; }
};
struct CatalogueRow {
  std::uint8_t di3;
  ByteRange di2, di1, di0;
  std::string_view english, chinese, layout;
  bool repeats = false;
  constexpr bool holds(DataIdentifier item) const {
    return item.di3() == di3 && di2.holds(item.di2()) && di1.holds(item.di1()) && di0.holds(item.di0());
  }
};
struct NamedLayout {
  std::string_view name, layout;
};
/// One kind of energy (DI3 = 00) or demand (DI3 = 01): DI2 and what it counts.
struct EnergyType {
  std::uint8_t di2;
  std::string_view english, chinese;
  char quantity;  ///< 'P' active, 'Q' reactive, 'S' apparent
  bool is_signed;
  bool has_rates;  ///< per-phase and compensation energies have none
};
/// Energies' siblings, variables and events: DI3 00..03.
std::span<const CatalogueRow> measured_rows();
/// Parameters, freezes, load records, security, relay: DI3 04 and above.
std::span<const CatalogueRow> parameter_rows();
std::span<const NamedLayout> named_layouts();
std::span<const EnergyType> energy_types();

/// Ranges that the tables are written with.
namespace range {
constexpr ByteRange only(std::uint8_t byte) { return {byte, byte}; }
inline constexpr ByteRange zero{0, 0}, all{0xFF, 0xFF}, phases{1, 3}, last_ten{1, 10}, any{0, 0xFF},
    from_one{1, 0xFE};
}  // namespace range
}  // namespace dlt645
