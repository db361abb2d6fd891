/// The JSON Schema of scenario files, for editors: made from the same table that loads them.
///
/// Committed as scenarios/scenario.schema.json (a test says when it is stale) and printed by `metertwin
/// scenarios --schema`. JSON Schema draft-07, which yaml-language-server and python3-jsonschema read.
#pragma once
#include <string>

namespace scenario {
std::string json_schema();
}  // namespace scenario
