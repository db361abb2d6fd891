/// Query parameters as values: instants, spans of time, pages of a list.
///
/// Untrusted text in, a value or the refusal to be told out. Randomness: none. Time: none, a zone where the
/// text leaves out its offset.
#pragma once
#include <utility>
#include <variant>

#include "core/civil.hpp"
#include "head-end/api/http_messages.hpp"

namespace headend {
inline constexpr core::Duration span_max = std::chrono::hours(32 * 24);  ///< a month and the day it ends on

HttpReply bad_parameter(std::string_view detail);

/// ISO 8601; nothing for what is no instant of the years that a scenario can have.
std::optional<core::Instant> instant_parameter(std::string_view text, const core::Zone& zone);

struct Span {
  core::Instant from, till;  ///< both included
};
/// `from` and `till`, in order and at most `span_max` apart.
std::variant<Span, HttpReply> span_of(const HttpRequest& request, const core::Zone& zone);

struct PageRule {
  std::size_t limit_default = 0, limit_max = 0;
};
struct Page {
  std::size_t offset = 0, limit = 0;
  /// First and behind-the-last position in a list of so many.
  std::pair<std::size_t, std::size_t> within(std::size_t total) const;
};
/// `offset` (0 if absent) and `limit`.
std::variant<Page, HttpReply> page_of(const HttpRequest& request, const PageRule& rule);

/// A row's number as it stands in a path; nothing for anything else.
std::optional<std::int64_t> number_in(std::string_view text);

/// The one JSON object that the body must be.
std::variant<boost::json::object, HttpReply> object_of(const HttpRequest& request);

/// `text` as a whole number up to `max`; `otherwise` when it is absent; nothing when it is anything else.
std::optional<std::size_t> count_parameter(std::optional<std::string_view> text, std::size_t max,
                                           std::size_t otherwise);
}  // namespace headend
