/// Text into the clothes of XML, HTML and a terminal, so that no name or message can break out of them.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace report {
/// UTF-8 with everything else replaced by U+FFFD: broken sequences, and characters that XML 1.0 has no place
/// for.
std::string clean_utf8(std::string_view text);
/// For element content and quoted attributes, in XML and HTML alike. Cleans too.
std::string escaped(std::string_view text);
/// JSON that may stand inside of <script>: "</script>" and "<!--" cannot appear in it.
std::string json_for_script(std::string json);
/// Columns that a text takes on a terminal: wide East Asian characters take two.
std::size_t columns_of(std::string_view text);
/// Cut to at most `columns`, with an ellipsis where something was cut off; control characters become spaces.
std::string cut_to(std::string_view text, std::size_t columns);
/// Padded with spaces on the right.
std::string padded(std::string_view text, std::size_t columns);
}  // namespace report
