/// One writer at a time on a link that several coroutines speak into.
///
/// Frames and lines go out whole and in the order of `send`. Who finds the link busy leaves its bytes to the
/// one who is writing. No allocation once the buffers have grown. What a dead link swallows is not reported
/// here: its reader notices.
#pragma once
#include <utility>
#include <vector>

#include "platform/link.hpp"

namespace headend {
class Outbox {
 public:
  /// `link` must outlive every pending `send`.
  explicit Outbox(seam::Link& link) : link_(link) {}

  seam::asio::awaitable<void> send(core::Bytes bytes) {
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
    if (is_writing_) co_return;
    is_writing_ = true;
    while (!waiting_.empty()) {
      std::swap(waiting_, leaving_);
      const auto written = co_await link_.write(leaving_);
      leaving_.clear();
      if (!written) waiting_.clear();
    }
    is_writing_ = false;
  }
  /// Bytes that the link has not taken yet.
  std::size_t backlog() const { return waiting_.size() + leaving_.size(); }

 private:
  seam::Link& link_;
  std::vector<std::uint8_t> waiting_, leaving_;
  bool is_writing_ = false;
};
}  // namespace headend
