/// A virtual line between the head-end and the field: the near end is a `Link`, the far end belongs to a
/// model or a test.
///
///     VirtualField field(clock, my_far_end, "concentrator north");
///     uplinks.offer(field.connect());        // the head-end gets the near end
///     field.deliver(bytes);                  // ... and reads these
///
/// Either end may die first: the other sees a closed stream, never a dangling pointer. Bytes delivered before
/// the field closed can still be read. Delivered bytes wait in one flat buffer that is reused; nothing runs
/// inside `deliver`.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "platform/link.hpp"
#include "platform/virtual/virtual_clock.hpp"

namespace seam {
struct VirtualLine;

/// Who stands at the field's end. Called while the head-end writes or closes (also when it is killed).
class FarEnd {
 public:
  virtual ~FarEnd() = default;
  virtual void head_end_wrote(core::Bytes bytes) = 0;
  virtual void head_end_closed() = 0;
};

/// The field's handle of one line. Movable; destroying it closes the line.
class VirtualField {
 public:
  VirtualField() = default;
  /// `far_end` must outlive this handle. `peer` is what the head-end's logs will show.
  VirtualField(VirtualClock& clock, FarEnd& far_end, std::string peer);
  ~VirtualField();
  VirtualField(VirtualField&& other) noexcept;
  VirtualField& operator=(VirtualField&& other) noexcept;

  /// The near end; once per line (checked).
  std::unique_ptr<Link> connect();
  /// Bytes come out at the head-end's end at the clock's present instant. After either side closed: lost.
  void deliver(core::Bytes bytes);
  /// The field ends the stream. Its own `head_end_closed` is not called for it. Idempotent.
  void close();
  /// Neither end has closed.
  bool is_open() const;
  /// Delivered but not yet read by the head-end.
  std::size_t unread() const;

 private:
  std::shared_ptr<VirtualLine> line_;
};

/// Where virtual links come in. Offers queue up until they are accepted; those of one instant in order of
/// their peers' names, so that it does not matter which model ran first.
class VirtualListener final : public Listener {
 public:
  explicit VirtualListener(VirtualClock& clock);
  ~VirtualListener() override;
  VirtualListener(const VirtualListener&) = delete;
  VirtualListener& operator=(const VirtualListener&) = delete;
  /// False, and the link is closed, when the listener was closed.
  bool offer(std::unique_ptr<Link> link);
  asio::awaitable<core::Result<std::unique_ptr<Link>>> accept() override;
  void close() override;

 private:
  struct Offer {
    Instant at;
    std::string peer;
    std::unique_ptr<Link> link;
  };
  VirtualClock& clock_;
  WaitPoint wait_;
  std::deque<Offer> offers_;
  bool is_closed_ = false;
};
}  // namespace seam
