#include "head-end/api/http_front.hpp"

#include <algorithm>
#include <utility>

#include "head-end/api/http_connection.hpp"
#include "platform/spawn.hpp"

namespace headend {
struct HttpFront::Parts {
  Parts(Desk& its_desk, HttpOptions its_options)
      : desk(its_desk),
        options(std::move(its_options)),
        api(desk, options, statistics),
        write_bell(desk.clock.make_alarm()) {
    own_condition = std::exchange(options.condition, [this] {
      if (is_draining) return HttpCondition::draining;
      return own_condition ? own_condition() : HttpCondition::up;
    });
  }
  HttpConnection::Surroundings surroundings() {
    return {desk, options, api.routes(), statistics, is_draining, [this](Instant deadline) {
              // Deadlines rise: while an earlier one is waited for, this one need not be told.
              if (std::exchange(is_write_watched, true)) return;
              next_write_deadline = deadline;
              write_bell->ring();
            }};
  }
  seam::asio::awaitable<void> serve(HttpConnection& connection);
  void close_stuck();

  Desk& desk;
  HttpOptions options;
  std::function<HttpCondition()> own_condition;  ///< as given
  HttpStatistics statistics;
  HttpApi api;
  std::vector<std::unique_ptr<HttpConnection>> connections;  ///< in order of coming
  std::unique_ptr<seam::Alarm> write_bell;
  bool is_write_watched = false;
  Instant next_write_deadline = core::never;
  bool is_draining = false;
};

HttpFront::HttpFront(Desk& desk, HttpOptions options)
    : parts_(std::make_unique<Parts>(desk, std::move(options))) {}

HttpFront::~HttpFront() = default;

seam::asio::awaitable<void> HttpFront::receive(seam::Listener& listener) {
  Parts& parts = *parts_;
  while (true) {
    auto link = co_await listener.accept();
    if (!link) co_return;
    if (parts.connections.size() >= parts.options.connections_max) {
      ++parts.statistics.connections_turned_away;
      auto reply = problem_reply(503, "too-many-connections", "come again when others have gone");
      reply.retry_after_s = 1;
      std::string bytes;
      append_reply(reply, {.is_last = true, .now = parts.desk.now()}, bytes);
      // A connection that has just come has room for so little: this write does not wait.
      co_await (*link)->write(core::Bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
      (*link)->close();
      continue;
    }
    ++parts.statistics.connections;
    parts.connections.push_back(std::make_unique<HttpConnection>(parts.surroundings(), std::move(*link)));
    parts.statistics.connections_open = parts.connections.size();
    seam::spawn(parts.desk.clock, parts.serve(*parts.connections.back()));
  }
}

seam::asio::awaitable<void> HttpFront::Parts::serve(HttpConnection& connection) {
  co_await connection.serve();
  std::erase_if(connections, [&](const auto& other) { return other.get() == &connection; });
  statistics.connections_open = connections.size();
}

seam::asio::awaitable<void> HttpFront::watch_writes() {
  Parts& parts = *parts_;
  while (true) {
    co_await parts.write_bell->wait_until(parts.next_write_deadline);
    parts.close_stuck();
  }
}

void HttpFront::Parts::close_stuck() {
  next_write_deadline = core::never;
  for (auto& connection : connections) {
    if (connection->write_deadline() <= desk.now()) {
      ++statistics.stuck_closes;
      connection->close();
    } else {
      next_write_deadline = std::min(next_write_deadline, connection->write_deadline());
    }
  }
  is_write_watched = next_write_deadline != core::never;
}

void HttpFront::drain() {
  parts_->is_draining = true;
  for (auto& connection : parts_->connections)
    if (connection->is_idle()) connection->close();
}

std::size_t HttpFront::connection_count() const { return parts_->connections.size(); }
}  // namespace headend
