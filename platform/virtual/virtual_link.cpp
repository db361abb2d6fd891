#include "platform/virtual/virtual_link.hpp"

#include <iterator>

#include "core/check.hpp"
#include "platform/byte_inbox.hpp"

namespace seam {
/// What both ends of a line share; lives as long as the longer-lived end.
struct VirtualLine {
  VirtualLine(VirtualClock& its_clock, FarEnd& its_far_end, std::string its_peer)
      : clock(its_clock), far_end(its_far_end), peer(std::move(its_peer)), wait(its_clock) {}
  VirtualClock& clock;  ///< not touched after near_closed: the field may outlive the head-end's world
  FarEnd& far_end;      ///< not touched after far_closed
  std::string peer;
  ByteInbox inbox;
  WaitPoint wait;
  bool was_connected = false;
  bool near_closed = false;
  bool far_closed = false;
};

namespace {
class NearEnd final : public Link {
 public:
  explicit NearEnd(std::shared_ptr<VirtualLine> line) : line_(std::move(line)) {}
  ~NearEnd() override { close(); }
  NearEnd(const NearEnd&) = delete;
  NearEnd& operator=(const NearEnd&) = delete;

  asio::awaitable<core::Result<std::size_t>> read_some(std::span<std::uint8_t> buffer,
                                                       Instant deadline) override {
    METERTWIN_CHECK(!buffer.empty());
    const auto line = line_;  // this end may be destroyed by another coroutine while this one waits
    while (line->inbox.empty() || line->near_closed) {
      if (line->near_closed || line->far_closed) co_return core::Fault::link_closed;
      if (deadline < line->clock.now()) co_return core::Fault::timeout;
      const Woken woken = co_await line->wait.wait_until(deadline);
      if (woken == Woken::at_deadline && line->inbox.empty() && !line->near_closed && !line->far_closed)
        co_return core::Fault::timeout;
    }
    co_return line->inbox.take(buffer);
  }

  asio::awaitable<core::Result<void>> write(core::Bytes bytes) override {
    if (line_->near_closed || line_->far_closed) co_return core::Fault::link_closed;
    if (!bytes.empty()) line_->far_end.head_end_wrote(bytes);
    co_return core::Result<void>();
  }

  void close() override {
    if (std::exchange(line_->near_closed, true)) return;
    line_->wait.ring();
    if (!line_->far_closed) line_->far_end.head_end_closed();
  }

  std::string peer() const override { return line_->peer; }

 private:
  std::shared_ptr<VirtualLine> line_;
};
}  // namespace

VirtualField::VirtualField(VirtualClock& clock, FarEnd& far_end, std::string peer)
    : line_(std::make_shared<VirtualLine>(clock, far_end, std::move(peer))) {}

VirtualField::~VirtualField() { close(); }

VirtualField::VirtualField(VirtualField&& other) noexcept = default;

VirtualField& VirtualField::operator=(VirtualField&& other) noexcept {
  if (this != &other) {
    close();
    line_ = std::move(other.line_);
  }
  return *this;
}

std::unique_ptr<Link> VirtualField::connect() {
  METERTWIN_CHECK(line_ && !std::exchange(line_->was_connected, true));
  return std::make_unique<NearEnd>(line_);
}

void VirtualField::deliver(core::Bytes bytes) {
  if (!is_open() || bytes.empty()) return;
  line_->inbox.append(bytes);
  line_->wait.ring();
}

void VirtualField::close() {
  if (!line_ || std::exchange(line_->far_closed, true) || line_->near_closed) return;
  line_->wait.ring();
}

bool VirtualField::is_open() const { return line_ && !line_->near_closed && !line_->far_closed; }

std::size_t VirtualField::unread() const { return line_ ? line_->inbox.size() : 0; }

VirtualListener::VirtualListener(VirtualClock& clock) : clock_(clock), wait_(clock) {}
VirtualListener::~VirtualListener() = default;

bool VirtualListener::offer(std::unique_ptr<Link> link) {
  if (is_closed_) return false;
  Offer offer{clock_.now(), link->peer(), std::move(link)};
  auto place = offers_.end();
  while (place != offers_.begin() && std::prev(place)->at == offer.at && std::prev(place)->peer > offer.peer)
    --place;
  offers_.insert(place, std::move(offer));
  wait_.ring();
  return true;
}

asio::awaitable<core::Result<std::unique_ptr<Link>>> VirtualListener::accept() {
  while (offers_.empty() && !is_closed_) co_await wait_.wait_until(core::never);
  if (is_closed_) co_return core::Fault::link_closed;
  auto link = std::move(offers_.front().link);
  offers_.pop_front();
  co_return link;
}

void VirtualListener::close() {
  if (std::exchange(is_closed_, true)) return;
  wait_.ring();
  const auto refused = std::exchange(offers_, {});  // their ends close while the listener already refuses
}
}  // namespace seam
