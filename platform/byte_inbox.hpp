/// Bytes that came in and wait to be read: one flat buffer whose memory is reused.
#pragma once
#include <algorithm>
#include <vector>

#include "core/bytes.hpp"

namespace seam {
class ByteInbox {
 public:
  void append(core::Bytes bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  bool empty() const { return taken_ == bytes_.size(); }
  std::size_t size() const { return bytes_.size() - taken_; }
  /// Takes as many as are there and fit, oldest first.
  std::size_t take(std::span<std::uint8_t> buffer) {
    const std::size_t count = std::min(buffer.size(), size());
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(taken_), count, buffer.begin());
    taken_ += count;
    if (empty()) {
      bytes_.clear();
      taken_ = 0;
    }
    return count;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t taken_ = 0;
};
}  // namespace seam
