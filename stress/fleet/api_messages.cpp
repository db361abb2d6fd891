#include "stress/fleet/api_messages.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "core/civil.hpp"

namespace stress {
namespace {
constexpr std::array<std::string_view, api_kinds> names{"query", "balance", "sale", "switch"};
constexpr std::uint32_t quarters_a_day = 96;

std::string utc(Instant at) {
  const core::Zone zone{std::chrono::seconds(0)};
  std::string text = core::to_iso8601(at, zone);
  return text.substr(0, text.find_first_of("+Z")) + "Z";
}

std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: head-end\r\n\r\n"; }

std::string post(const std::string& target, const std::string& key, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: head-end\r\nContent-Type: application/json\r\n" +
         "Idempotency-Key: " + key + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

/// The value of a header field in `head`, without the spaces around it; empty if there is none.
std::string_view field(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
    at += 2;
    const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), name)) continue;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    return value;
  }
  return {};
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}
}  // namespace

std::string_view name_of(ApiKind kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<ApiKind> api_kind_of(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<ApiKind>(found - names.begin());
}

ApiKind draw_api_kind(const ApiWeights& weights, std::uint64_t seed, std::uint64_t event) {
  const auto sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  const core::RandomStream draws(seed, 0, core::Purpose::fleet_api);
  std::uint64_t left = sum == 0 ? 0 : std::uint64_t{draws.block(event)[0]} * sum >> 32;
  for (std::size_t kind = 0; kind < api_kinds; ++kind) {
    if (left < weights[kind]) return static_cast<ApiKind>(kind);
    left -= weights[kind];
  }
  return ApiKind::query;
}

std::string write_request(const EstatePlan& estate, const ApiOrder& order) {
  const std::string key = "flood-" + std::to_string(estate.seed) + "-" + std::to_string(order.event);
  const std::string account = EstatePlan::account_number(order.meter);
  switch (order.kind) {
    case ApiKind::balance:
      return get("/accounts/" + account + "/balance");
    case ApiKind::sale:
      return post(
          "/sales", key,
          R"({"account":")" + account + R"(","amount_fen":)" + std::to_string(order.amount_fen) + "}");
    case ApiKind::switch_order:
      return post("/switches?wait_ms=" + std::to_string(switch_wait_ms), key,
                  R"({"account":")" + account + R"(","to":")" + (order.is_trip ? "trip" : "close") + R"("})");
    case ApiKind::query:
      break;
  }
  const std::uint32_t from = order.quarter - std::min(order.quarter, quarters_a_day - 1);
  return get("/readings?meter=" + EstatePlan::meter_name(order.meter) + "&from=" + utc(estate.due(from)) +
             "&till=" + utc(estate.due(order.quarter)));
}

std::string write_visible_request(const EstatePlan& estate, std::uint32_t meter, std::uint32_t quarter) {
  const std::string at = utc(estate.due(quarter));
  return get("/readings?meter=" + EstatePlan::meter_name(meter) + "&from=" + at + "&till=" + at);
}

bool ApiReply::says(std::string_view key, std::string_view value) const {
  const std::string quoted = "\"" + std::string(key) + "\"";
  for (std::size_t at = body.find(quoted); at != std::string::npos; at = body.find(quoted, at)) {
    at += quoted.size();
    std::size_t from = at;
    while (from < body.size() && (body[from] == ' ' || body[from] == ':')) ++from;
    if (std::string_view(body).substr(from, value.size()) != value) continue;
    const char behind = from + value.size() < body.size() ? body[from + value.size()] : ',';
    if (behind < '0' || behind > '9') return true;  // 12 is not 123
  }
  return false;
}

bool ApiReply::holds_number(std::uint64_t wanted) const {
  const std::string text = std::to_string(wanted);
  const auto is_digit = [this](std::size_t at) {
    return at < body.size() && body[at] >= '0' && body[at] <= '9';
  };
  for (std::size_t at = body.find(text); at != std::string::npos; at = body.find(text, at + 1))
    if ((at == 0 || !is_digit(at - 1)) && !is_digit(at + text.size())) return true;
  return false;
}

void ApiReplyReader::feed(core::Bytes bytes) {
  if (is_broken_) return;
  pending_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  is_broken_ = pending_.size() > head_bytes_max + body_bytes_max;
}

std::optional<ApiReply> ApiReplyReader::take() {
  if (is_broken_ || pending_.empty()) return std::nullopt;
  constexpr std::string_view version = "HTTP/1.";
  const std::size_t shared = std::min(version.size(), pending_.size());
  const std::size_t head_end = pending_.find("\r\n\r\n");
  is_broken_ = pending_.compare(0, shared, version.substr(0, shared)) != 0 ||
               (head_end == std::string::npos && pending_.size() > head_bytes_max);
  if (is_broken_ || head_end == std::string::npos) return std::nullopt;
  const std::string_view head = std::string_view(pending_).substr(0, head_end + 2);
  ApiReply reply;
  constexpr std::size_t status_at = 9, status_digits = 3;  // "HTTP/1.1 200"
  const auto status =
      head.size() >= status_at + status_digits ? number(head.substr(status_at, status_digits)) : std::nullopt;
  const auto length_text = field(head, "content-length");
  const auto length = length_text.empty() ? std::optional<std::size_t>(0) : number(length_text);
  is_broken_ = !status || !length || *length > body_bytes_max;
  if (is_broken_) return std::nullopt;
  const std::size_t body_from = head_end + 4;
  if (pending_.size() - body_from < *length) return std::nullopt;
  reply.status = static_cast<int>(*status);
  reply.must_close = equal_ignoring_case(field(head, "connection"), "close");
  reply.body = pending_.substr(body_from, *length);
  pending_.erase(0, body_from + *length);
  return reply;
}

void ApiReplyReader::clear() {
  pending_.clear();
  is_broken_ = false;
}
}  // namespace stress
