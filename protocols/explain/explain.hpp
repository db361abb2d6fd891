/// Any frame of this field, told to people and to machines: `metertwin frame HEX [--json]`.
///
/// Recognises DL/T 645-2007, Q/GDW 1376.1, DL/T 698.45, Q/GDW 1376.2 and Modbus RTU by their checks, not by
/// hope: the first protocol whose lengths and sums all fit. A bad frame gets its reason: the fault nearest to
/// a good frame. Errors: in the explanation. Randomness: none. Time: none. Allocates.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace explain {
struct Node {
  std::string label, value, unit;
  std::vector<Node> children;
};
struct Explanation {
  bool is_good = false;
  std::string protocol;  ///< "DL/T 645-2007", ...; of a bad frame the one it looks like, perhaps empty
  std::optional<core::Fault> fault;  ///< of a bad frame
  std::string reason;                ///< one sentence
  Node tree;
  std::string
      json;  ///< one object; keys addr, C, DI, value, unit, values, ERR, SEQ, A1, AFN, DA, DT, error ...
};
Explanation explain(core::Bytes frame);
/// Indented lines, one per node, ended by a newline.
std::string to_text(const Explanation& explanation);
}  // namespace explain
