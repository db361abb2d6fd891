// GET /lost, GET /gaps and GET /meters/{meter}/register: what is missing in the field, and a look at one
// meter now.
#include <algorithm>
#include <boost/json/array.hpp>

#include "head-end/api/http_api.hpp"
#include "head-end/api/http_parameters.hpp"
#include "head-end/collect/lost.hpp"

namespace headend {
namespace {
constexpr PageRule lost_page{1'000, 10'000};
constexpr PageRule gaps_page{100, 1'000};  // meters; each may have many gaps
constexpr std::size_t read_wait_default_ms = 10'000, read_wait_max_ms = 60'000;

json::string_view view(std::string_view text) { return {text.data(), text.size()}; }

json::string kilowatt_hours(CentiKilowattHours energy) {
  const auto shown = energy.count();
  std::string text = std::to_string(shown / 100) + ".";
  text += static_cast<char>('0' + shown / 10 % 10);
  text += static_cast<char>('0' + shown % 10);
  return json::string(text);
}

HttpReply list_reply(json::object told, std::size_t total, std::size_t first, std::size_t last,
                     std::string_view name, json::array rows) {
  told["total"] = total;
  told["offset"] = first;
  told["count"] = last - first;
  if (last < total) told["next_offset"] = last;
  told[view(name)] = std::move(rows);
  return json_reply(200, told);
}
}  // namespace

HttpReply HttpApi::tell_lost(const HttpRequest& request) const {
  const auto page = page_of(request, lost_page);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;
  const Lost lost = lost_in(desk_);
  const std::size_t total = lost.collectors.size() + lost.meters.size();
  const auto [first, last] = std::get<Page>(page).within(total);
  json::array rows;
  for (std::size_t i = first; i < std::min(last, lost.collectors.size()); ++i) {
    const auto& collector = lost.collectors[i];
    json::object row;
    row["kind"] = "collector";
    row["collector"] = collector.file->name;
    row["why"] = view(name_of(collector.why));
    row["since"] = iso(collector.since);
    row["heard_last"] = iso_or_null(collector.heard_last);
    row["peer"] = collector.peer.empty() ? json::value(nullptr) : json::value(collector.peer);
    row["meters"] = collector.meters;
    rows.push_back(std::move(row));
  }
  for (std::size_t i = std::max(first, lost.collectors.size()); i < last; ++i) {
    const auto& meter = lost.meters[i - lost.collectors.size()];
    const auto& file = desk_.estate.meter(meter.meter);
    json::object row;
    row["kind"] = "meter";
    row["meter"] = file.name;
    row["collector"] = desk_.estate.concentrator(file.concentrator).name;
    row["port"] = file.port;
    row["why"] = view(name_of(meter.why));
    row["reading_last"] = iso_or_null(meter.reading_last);
    row["missing"] = meter.missing;
    row["asked"] = meter.asked;
    row["asked_last"] = iso_or_null(meter.asked_last);
    row["next_attempt"] = iso_or_null(meter.next_attempt);
    rows.push_back(std::move(row));
  }
  json::object told;
  told["now"] = iso(desk_.now());
  told["collectors"] = lost.collectors.size();
  told["meters"] = lost.meters.size();
  told["meters_behind_lost_collectors"] = lost.meters_behind_lost_collectors;
  return list_reply(std::move(told), total, first, last, "lost", std::move(rows));
}

json::object HttpApi::gaps_row(const MeterFile& meter, const std::vector<GapRow>& gaps) const {
  json::object row;
  row["meter"] = meter.name;
  json::array rows;
  std::int64_t missing = 0;
  for (const auto& gap : gaps) {
    missing += gap.state == GapState::healed ? 0 : gap.count;
    json::object told;
    told["first"] = iso(gap.first);
    told["last"] = iso(gap.last());
    told["quarters"] = gap.count;
    told["cause"] = view(name_of(gap.cause));
    told["state"] = view(name_of(gap.state));
    told["asked"] = gap.asked;
    told["asked_last"] = iso_or_null(gap.asked_last);
    told["next_attempt"] = iso_or_null(gap.next_attempt);
    if (gap.settled_at) told["settled_at"] = iso(*gap.settled_at);
    rows.push_back(std::move(told));
  }
  row["missing"] = missing;
  row["gaps"] = std::move(rows);
  return row;
}

HttpReply HttpApi::tell_gaps(const HttpRequest& request) const {
  if (const auto meter = request.query_value("meter")) return gaps_of_meter(request, *meter);
  const auto page = page_of(request, gaps_page);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;
  const GapReport report(desk_);
  const auto meters = report.meters();
  const auto [first, last] = std::get<Page>(page).within(meters.size());
  json::array rows;
  for (std::size_t i = first; i < last; ++i)
    rows.push_back(gaps_row(desk_.estate.meter(meters[i]), report.unhealed(meters[i])));
  json::object told;
  told["now"] = iso(desk_.now());
  auto reply = list_reply(std::move(told), meters.size(), first, last, "meters", std::move(rows));
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::gaps_of_meter(const HttpRequest& request, std::string_view name) const {
  const auto span = span_of(request, desk_.configuration().zone);
  if (const auto* refusal = std::get_if<HttpReply>(&span)) return *refusal;
  const auto* meter = find_meter(name);
  if (meter == nullptr) return problem_reply(404, "unknown-meter", "no meter has this name");
  const auto [from, till] = std::get<Span>(span);
  json::object told = gaps_row(*meter, GapReport(desk_).between(meter->id, from, till));
  told["now"] = iso(desk_.now());
  HttpReply reply = json_reply(200, told);
  reply.tells_of_books = true;
  return reply;
}

seam::asio::awaitable<HttpReply> HttpApi::read_register(const HttpRequest& request) {
  const auto wait_ms =
      count_parameter(request.query_value("wait_ms"), read_wait_max_ms, read_wait_default_ms);
  if (!wait_ms || *wait_ms == 0) co_return bad_parameter("wait_ms: 1 to 60000 is needed");
  const auto* meter = find_meter(request.segments[1]);
  if (meter == nullptr) co_return problem_reply(404, "unknown-meter", "no meter has this name");
  const ConcentratorId at = meter->concentrator;
  if (!desk_.has_attendant(at))
    co_return problem_reply(503, "collector-gone",
                            "the meter's collector is not on line, or cannot be asked");
  const Instant asked_at = desk_.now();
  auto read = std::make_shared<PresentRead>();
  read->meter = meter->id;
  read->deadline = asked_at + std::chrono::milliseconds(*wait_ms);
  read->bell = desk_.clock.make_alarm();
  if (!desk_.present_reads.add(at, read, asked_at)) {
    auto reply = problem_reply(503, "too-many-reads", "others wait for this collector already");
    reply.retry_after_s = 5;
    co_return reply;
  }
  desk_.call_attendant(at);
  co_await read->bell->wait_until(read->deadline);
  if (!read->outcome) co_return problem_reply(504, "no-answer", "nothing came in time; ask again");
  if (!*read->outcome) {
    const bool is_refused = read->outcome->error() == core::Fault::refused;
    co_return problem_reply(504, is_refused ? "refused" : "no-answer",
                            is_refused ? "the collector or the meter said no"
                                       : "the meter, or its collector, did not answer as it should");
  }
  json::object told;
  told["meter"] = meter->name;
  told["kWh"] = kilowatt_hours(**read->outcome);
  told["centikWh"] = (*read->outcome)->count();
  told["asked_at"] = iso(asked_at);
  told["answered_at"] = iso(read->answered_at);
  co_return json_reply(200, told);
}
}  // namespace headend
