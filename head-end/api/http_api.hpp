/// What the head-end offers to programs: the routes of docs/wire/http-api.md over the books.
///
/// Free of HTTP's bytes and of connections. No route changes books but `POST /sales` and `POST /switches`,
/// both idempotent by their key, and `POST /work-orders/{id}/close`, idempotent by its finding; `GET
/// /meters/{meter}/register` uses the field, and changes nothing there. A reply that `tells_of_books` may
/// tell of things that are not committed yet: whoever sends it waits for that first. Randomness: none. Time:
/// the clock's.
#pragma once
#include "head-end/api/command_watch.hpp"
#include "head-end/api/http_front.hpp"
#include "head-end/api/http_routes.hpp"
#include "head-end/api/http_statistics.hpp"
#include "head-end/api/json_fields.hpp"
#include "head-end/collect/gap_report.hpp"
#include "head-end/campaign/campaign_book.hpp"
#include "head-end/loss/work_order.hpp"

namespace headend {
class HttpApi {
 public:
  /// All must outlive it.
  HttpApi(Desk& desk, const HttpOptions& options, const HttpStatistics& statistics);
  HttpApi(const HttpApi&) = delete;
  HttpApi& operator=(const HttpApi&) = delete;

  const HttpRoutes& routes() const { return routes_; }

 private:
  HttpReply tell_health() const;
  HttpReply tell_metrics() const;
  HttpReply find_readings(const HttpRequest& request) const;
  HttpReply readings_of_meter(const HttpRequest& request, std::string_view name) const;
  HttpReply readings_at(const HttpRequest& request, std::string_view at) const;
  HttpReply tell_lost(const HttpRequest& request) const;
  HttpReply tell_gaps(const HttpRequest& request) const;
  json::object gaps_row(const MeterFile& meter, const std::vector<GapRow>& gaps) const;
  HttpReply gaps_of_meter(const HttpRequest& request, std::string_view name) const;
  HttpReply tell_lines(const HttpRequest& request) const;
  seam::asio::awaitable<HttpReply> read_register(const HttpRequest& request);
  HttpReply tell_account(const HttpRequest& request) const;
  HttpReply tell_balance(const HttpRequest& request) const;
  HttpReply sell(const HttpRequest& request);
  seam::asio::awaitable<HttpReply> order_switch(const HttpRequest& request);
  HttpReply tell_command(const HttpRequest& request) const;
  HttpReply tell_suspicions(const HttpRequest& request) const;
  HttpReply tell_work_orders(const HttpRequest& request) const;
  HttpReply tell_work_order(const HttpRequest& request) const;
  HttpReply close_work_order(const HttpRequest& request);
  json::object work_order_row(const WorkOrder& order) const;
  HttpReply tell_campaigns(const HttpRequest& request) const;
  HttpReply tell_campaign(const HttpRequest& request) const;
  HttpReply plan_campaign(const HttpRequest& request);
  HttpReply cancel_campaign(const HttpRequest& request);
  json::object campaign_row(const Campaign& campaign) const;
  void tell_all_concentrators();
  HttpReply command_reply(int status, const CommandFacts& facts) const;
  HttpReply switch_refusal(core::Fault fault) const;
  /// Nothing for an unknown name.
  const MeterFile* find_meter(std::string_view name) const;
  const AccountFile* find_account(std::string_view number) const;
  void touch(const AccountFile& account);
  std::string iso(Instant at) const { return core::to_iso8601(at, desk_.configuration().zone); }
  json::value iso_or_null(const std::optional<Instant>& at) const;

  Desk& desk_;
  const HttpOptions& options_;
  const HttpStatistics& statistics_;
  CommandWatch watch_;
  HttpRoutes routes_;
  std::vector<std::pair<std::string_view, MeterId>> meters_by_name_;
  std::vector<std::pair<std::string_view, AccountId>> accounts_by_number_;
};
}  // namespace headend
