/// What a business system asks the head-end's HTTP interface during a flood, as bytes, and what it answers.
///
/// Requests are HTTP/1.1 with keep-alive; sales and switches carry an Idempotency-Key made of (seed, event),
/// so a request that is repeated over a new connection cannot book twice. Of an answer only the status, the
/// length and the body are looked at. Pure. Errors of parsing: a reply that is no HTTP/1.1 or larger than the
/// bounds ends the connection. Randomness: Purpose::fleet_api, addressed by the index of the request.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "stress/fleet/estate_plan.hpp"

namespace stress {
enum class ApiKind : std::uint8_t {
  query,        ///< one meter's readings of a day
  balance,      ///< one account's balance
  sale,         ///< a payment
  switch_order  ///< trip or close a relay, and wait for the outcome
};
inline constexpr std::size_t api_kinds = 4;
/// "query", "balance", "sale", "switch".
std::string_view name_of(ApiKind kind);
std::optional<ApiKind> api_kind_of(std::string_view name);
using ApiWeights = std::array<std::uint16_t, api_kinds>;
inline constexpr ApiWeights api_usual{40, 40, 15, 5};
ApiKind draw_api_kind(const ApiWeights& weights, std::uint64_t seed, std::uint64_t event);

/// One request.
struct ApiOrder {
  ApiKind kind = ApiKind::query;
  std::uint32_t meter = 0;    ///< whose readings, account or relay
  std::uint64_t event = 0;    ///< makes the Idempotency-Key
  bool is_trip = true;        ///< of a switch order
  std::uint32_t quarter = 0;  ///< a query asks for the day that ends with it
  std::uint32_t amount_fen = 0;
};
inline constexpr int switch_wait_ms = 1000;
/// The whole request. Errors: none.
std::string write_request(const EstatePlan& estate, const ApiOrder& order);
/// Asks for exactly one reading: has it become visible?
std::string write_visible_request(const EstatePlan& estate, std::uint32_t meter, std::uint32_t quarter);

struct ApiReply {
  int status = 0;
  bool must_close = false;
  std::string body;
  /// Does the body hold `"key":value` or `"key": value`, with the value as it stands?
  bool says(std::string_view key, std::string_view value) const;
  /// Is this number in the body, not as a part of a longer one?
  bool holds_number(std::uint64_t number) const;
};
/// Replies out of a byte stream, one at a time.
class ApiReplyReader {
 public:
  static constexpr std::size_t head_bytes_max = 16'384, body_bytes_max = 8'000'000;
  void feed(core::Bytes bytes);
  /// The next whole reply.
  std::optional<ApiReply> take();
  /// The stream is no HTTP any more; nothing else will come of it.
  bool is_broken() const { return is_broken_; }
  void clear();

 private:
  std::string pending_;
  bool is_broken_ = false;
};
}  // namespace stress
