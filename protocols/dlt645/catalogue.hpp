/// What every data identifier means: name, fields, formats, units; and values as people read them.
///
/// Driven by one compact table of families (catalogue_table.cpp): energies 00TTRRNN, demands 01TTRRNN,
/// variables 02, events 03, parameters 04, freezes 05, load records 06, trip and close records 1D/1E. For
/// tools and reports; the per-reading path uses numbers.hpp. Errors: unknown_item, bad_length, bad_field.
/// Allocates.
#pragma once
#include <string>
#include <vector>

#include "core/result.hpp"
#include "protocols/dlt645/data_identifier.hpp"

namespace dlt645 {
enum class FieldKind {
  number,      ///< BCD, perhaps signed, with decimals
  text,        ///< ASCII, last character first on the wire
  time,        ///< BCD pairs by `pattern`, e.g. "YYMMDDhhmm" (sent last pair first)
  bits,        ///< binary word, low byte first, shown in hexadecimal
  digits,      ///< BCD digits that are a name, not a quantity (addresses, passwords): leading zeros kept
  identifier,  ///< another data identifier
  raw,         ///< bytes shown as they are
};
struct Field {
  FieldKind kind = FieldKind::raw;
  int bytes = 0;
  int decimals = 0;
  bool is_signed = false;
  std::string_view pattern;  ///< of a time
  std::string_view unit;
  std::string label;  ///< empty where the item has one field
};
struct Item {
  DataIdentifier identifier;
  std::string english, chinese;
  std::vector<Field> fields;
  bool repeats = false;  ///< a block: the fields come again while bytes last (rates, slots)
};
std::optional<Item> lookup(DataIdentifier identifier);

struct Value {
  std::string label;
  FieldKind kind = FieldKind::raw;
  bool is_absent = false;   ///< all FF: the meter has no such phase
  std::int64_t number = 0;  ///< numbers: in units of 10^-decimals
  int decimals = 0;
  std::string text;  ///< "230.93", "2016-01-11 week 01", "220.0V"; empty when absent
  std::string_view unit;
};
/// Every value in the data that follows the identifier.
core::Result<std::vector<Value>> decode_values(const Item& item, core::Bytes data);
/// The bytes of one number field, from a whole number of 10^-decimals; for writing parameters.
std::vector<std::uint8_t> encode_number(const Field& field, std::int64_t number);
/// "-12.3456": `number` x 10^-decimals, all decimals shown.
std::string decimal_text(std::int64_t number, int decimals);
}  // namespace dlt645
