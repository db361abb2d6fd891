/// The one implementation of `Link` over an Asio stream; private to platform/posix (see stream_link.hpp).
#pragma once
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "core/check.hpp"
#include "platform/byte_inbox.hpp"
#include "platform/posix/stream_link.hpp"

namespace seam {
template <class Stream>
class StreamLink final : public Link {
 public:
  StreamLink(WallClock& clock, Stream stream, std::string peer)
      : state_(std::make_shared<State>(clock, std::move(stream))), peer_(std::move(peer)) {
    receive(state_);
  }
  ~StreamLink() override { close(); }
  StreamLink(const StreamLink&) = delete;
  StreamLink& operator=(const StreamLink&) = delete;

  asio::awaitable<core::Result<std::size_t>> read_some(std::span<std::uint8_t> buffer,
                                                       Instant deadline) override {
    METERTWIN_CHECK(!buffer.empty());
    const auto state = state_;  // this link may be destroyed by another coroutine while this one waits
    while (state->inbox.empty() || state->is_closed) {
      if (state->is_closed || state->has_ended) co_return core::Fault::link_closed;
      const Woken woken = co_await state->wait.wait_until(deadline);
      if (woken == Woken::at_deadline && state->inbox.empty() && !state->is_closed && !state->has_ended)
        co_return core::Fault::timeout;
    }
    const std::size_t count = state->inbox.take(buffer);
    receive(state);
    co_return count;
  }

  asio::awaitable<core::Result<void>> write(core::Bytes bytes) override {
    const auto state = state_;
    if (state->is_closed || state->has_ended) co_return core::Fault::link_closed;
    const auto [error, count] = co_await asio::async_write(
        state->stream, asio::buffer(bytes.data(), bytes.size()), asio::as_tuple(asio::use_awaitable));
    if (error || count != bytes.size()) co_return core::Fault::link_closed;
    co_return core::Result<void>();
  }

  void close() override {
    if (std::exchange(state_->is_closed, true)) return;
    boost::system::error_code ignored;  // what a close reports does not matter any more
    if constexpr (requires(Stream & stream) { stream.next_layer(); }) {
      state_->stream.lowest_layer().close(ignored);
    } else {
      state_->stream.close(ignored);
    }
    state_->wait.ring();
  }

  std::string peer() const override { return peer_; }

 private:
  static constexpr std::size_t unread_bytes_max = 65'536, chunk_bytes = 16'384;

  /// Outlives the link as long as the operating system holds its buffer.
  struct State {
    State(WallClock& clock, Stream its_stream) : stream(std::move(its_stream)), wait(clock) {}
    Stream stream;
    ByteInbox inbox;
    WaitPoint wait;
    std::array<std::uint8_t, chunk_bytes> chunk;
    bool is_receiving = false;
    bool is_closed = false;  ///< by us
    bool has_ended = false;  ///< by the far side
  };

  static void receive(std::shared_ptr<State> state) {
    if (state->is_receiving || state->is_closed || state->has_ended ||
        state->inbox.size() >= unread_bytes_max)
      return;
    state->is_receiving = true;
    auto& stream = state->stream;
    const auto buffer = asio::buffer(state->chunk);
    stream.async_read_some(buffer,
                           [state = std::move(state)](boost::system::error_code error, std::size_t count) {
                             state->is_receiving = false;
                             state->inbox.append(core::Bytes(state->chunk).first(count));
                             if (error) state->has_ended = true;
                             state->wait.ring();
                             receive(state);
                           });
  }

  std::shared_ptr<State> state_;
  std::string peer_;
};
}  // namespace seam
