/// One cashier, phone or operator on the line: requests in, answers and notices out
/// (head-end/api/protocol.md).
///
/// Whatever arrives, the connection answers with lines and never with a failure of the head-end. What an
/// answer says is durable before it leaves. Two coroutines: `serve` reads and answers in order,
/// `push_notices` writes notices.
#pragma once
#include <memory>
#include <string>

#include "head-end/api/counter_messages.hpp"
#include "head-end/collect/outbox.hpp"
#include "head-end/notify/notice_feed.hpp"

namespace headend {
class CounterConnection final : public NewsTaker {
 public:
  CounterConnection(Desk& desk, std::unique_ptr<seam::Link> link);
  ~CounterConnection() override = default;
  CounterConnection(const CounterConnection&) = delete;
  CounterConnection& operator=(const CounterConnection&) = delete;

  /// Until the link closes.
  seam::asio::awaitable<void> serve();
  /// Until the link closes.
  seam::asio::awaitable<void> push_notices();
  void news() override { news_->ring(); }

 private:
  /// The answers to all whole lines so far; what they tell is durable.
  std::string answer_whole_lines();
  /// The answer to one line; empty where none is due.
  std::string answer_to(std::string_view line);
  std::string carry_out(const CounterRequest& request);
  std::string sell(const CounterRequest& request);
  std::string order_switch(const CounterRequest& request);
  std::string tell_status(const CounterRequest& request);
  std::string tell_work_orders(const CounterRequest& request);
  std::string close_work_order(const CounterRequest& request);
  seam::asio::awaitable<void> send(const std::string& lines);

  Desk& desk_;
  std::unique_ptr<seam::Link> link_;
  Outbox outbox_;
  NoticeFeed notices_;
  std::unique_ptr<seam::Alarm> news_;
  std::string unread_;        ///< the beginning of a line
  bool owes_commit_ = false;  ///< an answer tells of something that is not durable yet
  bool is_open_ = true;
};
}  // namespace headend
