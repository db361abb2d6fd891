/// The field's end of a real line: couples a `FarEnd` (a simulated meter, a test) to any `Link`, such as a
/// PTY's master.
///
/// Bytes that come in call `FarEnd::head_end_wrote`; `deliver` sends bytes the other way in order, without
/// waiting. It is to a `Link` of the wall what `VirtualField` is to a virtual line. Destroying it closes the
/// link.
#pragma once
#include <memory>

#include "platform/link.hpp"
#include "platform/virtual/virtual_link.hpp"

namespace seam {
class FieldOverLink {
 public:
  /// `far_end` must outlive this object.
  FieldOverLink(Clock& clock, std::unique_ptr<Link> link, FarEnd& far_end);
  ~FieldOverLink();
  FieldOverLink(const FieldOverLink&) = delete;
  FieldOverLink& operator=(const FieldOverLink&) = delete;

  void deliver(core::Bytes bytes);
  bool is_open() const;

 private:
  struct State;
  static asio::awaitable<void> read_all(std::shared_ptr<State> state);
  static asio::awaitable<void> write_all(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};
}  // namespace seam
