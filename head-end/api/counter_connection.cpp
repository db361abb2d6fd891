#include "head-end/api/counter_connection.hpp"

#include <array>
#include <utility>

#include "head-end/store/inspection_book.hpp"

namespace headend {
namespace {
constexpr std::size_t notice_bytes_at_once = 16 * 1024;

std::string too_long_line() {
  return line_of(CounterError{
      {}, "line-too-long", "a line has at most " + std::to_string(counter_line_bytes_max) + " bytes"});
}

core::Bytes bytes_of(const std::string& text) {
  return core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}
}  // namespace

CounterConnection::CounterConnection(Desk& desk, std::unique_ptr<seam::Link> link)
    : desk_(desk), link_(std::move(link)), outbox_(*link_), notices_(desk), news_(desk.clock.make_alarm()) {}

seam::asio::awaitable<void> CounterConnection::send(const std::string& lines) {
  co_await outbox_.send(bytes_of(lines));
}

seam::asio::awaitable<void> CounterConnection::serve() {
  std::array<std::uint8_t, counter_line_bytes_max> buffer;
  while (is_open_) {
    const auto got = co_await link_->read_some(buffer, core::never);
    if (!got) break;
    unread_.append(reinterpret_cast<const char*>(buffer.data()), *got);
    const std::string answers = answer_whole_lines();
    if (!answers.empty()) co_await send(answers);
  }
  is_open_ = false;
  link_->close();
  news_->ring();
}

std::string CounterConnection::answer_whole_lines() {
  std::string answers;
  std::size_t from = 0;
  for (auto end = unread_.find('\n'); end != std::string::npos && is_open_; end = unread_.find('\n', from)) {
    const auto line = std::string_view(unread_).substr(from, end - from);
    is_open_ = line.size() < counter_line_bytes_max;
    if (is_open_) answers += answer_to(line);
    from = end + 1;
  }
  unread_.erase(0, from);
  is_open_ = is_open_ && unread_.size() < counter_line_bytes_max;
  if (!is_open_) {
    ++desk_.statistics.counter_lines_bad;
    answers += too_long_line();
  }
  // One commit for all that came together: slips handed in at once cost one write to the disk.
  if (std::exchange(owes_commit_, false)) desk_.commit();
  return answers;
}

seam::asio::awaitable<void> CounterConnection::push_notices() {
  while (is_open_) {
    const std::string lines = notices_.next_lines(notice_bytes_at_once);
    if (lines.empty())
      co_await news_->wait_until(core::never);
    else
      co_await send(lines);
  }
}

std::string CounterConnection::answer_to(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.empty()) return {};
  const auto parsed = parse_counter_line(line);
  if (const auto* error = std::get_if<CounterError>(&parsed)) {
    ++desk_.statistics.counter_lines_bad;
    return line_of(*error);
  }
  return carry_out(std::get<CounterRequest>(parsed));
}

std::string CounterConnection::carry_out(const CounterRequest& request) {
  switch (request.kind) {
    case CounterRequest::Kind::sale:
      return sell(request);
    case CounterRequest::Kind::order_switch:
      return order_switch(request);
    case CounterRequest::Kind::status:
      return tell_status(request);
    case CounterRequest::Kind::balance:
      return balance_line(request, desk_.books.balance_of(request.account));
    case CounterRequest::Kind::work_orders:
      return tell_work_orders(request);
    case CounterRequest::Kind::close_work_order:
      return close_work_order(request);
    case CounterRequest::Kind::notice_received:
      break;
  }
  if (notices_.acknowledge(request.notice)) return {};
  ++desk_.statistics.counter_lines_bad;
  return line_of(CounterError{request.key, "bad-field", "notice: never handed over on this connection"});
}

std::string CounterConnection::sell(const CounterRequest& request) {
  const auto receipt = desk_.books.sell(request.key, request.account, request.amount, desk_.now());
  // Also a repeated sale: its first booking may not have been committed when the connection broke.
  const auto concentrator = desk_.estate.concentrator_of(request.account);
  if (concentrator != 0) desk_.touch(concentrator);
  owes_commit_ = true;
  return sale_line(request, receipt);
}

std::string CounterConnection::order_switch(const CounterRequest& request) {
  const auto command = desk_.books.order_switch(request.key, request.account, request.to, desk_.now());
  const auto concentrator = desk_.estate.concentrator_of(request.account);
  if (concentrator != 0) desk_.touch(concentrator);
  owes_commit_ = true;
  return switch_line(request, command);
}

std::string CounterConnection::tell_status(const CounterRequest& request) {
  CounterStatus status;
  status.now = core::to_iso8601(desk_.now(), desk_.configuration().zone);
  status.concentrators = desk_.estate.concentrator_count();
  status.online = desk_.online_count();
  status.notices_pending = desk_.books.notices_pending().size();
  return status_line(request, status);
}

std::string CounterConnection::tell_work_orders(const CounterRequest& request) {
  const auto& orders = std::as_const(desk_.books).inspections().orders();
  std::vector<CounterWorkOrder> open;
  bool is_whole = true;
  for (auto at = orders.upper_bound(request.work_order); at != orders.end() && is_whole; ++at) {
    const WorkOrder& order = at->second;
    if (order.closed_at) continue;
    is_whole = open.size() < work_orders_a_line;
    if (!is_whole) break;
    open.push_back({.id = order.id,
                    .area = desk_.estate.concentrator(order.area).name,
                    .meter = order.meter == 0 ? std::string_view() : desk_.estate.meter(order.meter).name,
                    .kind = word_of(order.kind),
                    .reason = order.reason,
                    .opened_at = core::to_iso8601(order.opened_at, desk_.configuration().zone)});
  }
  owes_commit_ = owes_commit_ || !open.empty();
  return work_orders_line(request, open, is_whole);
}

std::string CounterConnection::close_work_order(const CounterRequest& request) {
  const auto closed = desk_.books.inspections().close(request.work_order, request.finding, desk_.now());
  owes_commit_ = true;
  return close_line(request, closed);
}
}  // namespace headend
