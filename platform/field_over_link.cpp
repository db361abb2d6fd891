#include "platform/field_over_link.hpp"

#include <array>
#include <vector>

#include "platform/spawn.hpp"

namespace seam {
struct FieldOverLink::State {
  std::unique_ptr<Link> link;
  FarEnd* far_end;  ///< nullptr once the owner has gone
  std::unique_ptr<Alarm> alarm;
  std::vector<std::uint8_t> outgoing;
  bool is_closed = false;
};

FieldOverLink::FieldOverLink(Clock& clock, std::unique_ptr<Link> link, FarEnd& far_end)
    : state_(std::make_shared<State>()) {
  state_->link = std::move(link);
  state_->far_end = &far_end;
  state_->alarm = clock.make_alarm();
  spawn(clock, read_all(state_));
  spawn(clock, write_all(state_));
}

FieldOverLink::~FieldOverLink() {
  state_->far_end = nullptr;
  state_->is_closed = true;
  state_->link->close();
  state_->alarm->ring();
}

void FieldOverLink::deliver(core::Bytes bytes) {
  if (state_->is_closed) return;
  state_->outgoing.insert(state_->outgoing.end(), bytes.begin(), bytes.end());
  state_->alarm->ring();
}

bool FieldOverLink::is_open() const { return !state_->is_closed; }

asio::awaitable<void> FieldOverLink::read_all(std::shared_ptr<State> state) {
  std::array<std::uint8_t, 4096> buffer;
  while (!state->is_closed) {
    const auto count = co_await state->link->read_some(buffer, core::never);
    if (count && state->far_end) state->far_end->head_end_wrote(core::Bytes(buffer).first(*count));
    if (count) continue;
    state->is_closed = true;
    state->alarm->ring();
    if (state->far_end) state->far_end->head_end_closed();
  }
}

asio::awaitable<void> FieldOverLink::write_all(std::shared_ptr<State> state) {
  std::vector<std::uint8_t> sending;
  while (!state->is_closed) {
    co_await state->alarm->wait_until(core::never);
    sending.clear();
    sending.swap(state->outgoing);
    if (!sending.empty()) (void)co_await state->link->write(sending);
  }
}
}  // namespace seam
