/// What a data unit means: names of Fn, and for those of a meter's everyday life the layout of their data.
///
/// For tools and reports; the hot units have typed codecs (curve.hpp, freeze.hpp, messages.hpp). Errors:
/// bad_length where the data end inside a field. Allocates.
#pragma once
#include <string>
#include <vector>

#include "protocols/gdw3761/frame.hpp"
#include "protocols/gdw3761/points.hpp"

namespace gdw3761 {
struct UnitValue {
  std::string label;
  std::string text;  ///< "1.2345"; empty when missing
  std::string_view unit;
  bool is_missing = false;
};
struct UnitDescription {
  std::string_view name;            ///< English; empty if unknown
  std::string_view layout;          ///< of an answer's data for one point; empty if not known here
  std::string_view request_layout;  ///< of a request's or command's data
};
UnitDescription describe_unit(Afn afn, int fn);

/// Reads one point's data by `layout` from the front of `rest` and moves it behind. Appends to `values` what
/// was read, also before an error.
core::Result<void> take_values(std::string_view layout, core::Bytes& rest, std::vector<UnitValue>& values);
}  // namespace gdw3761
