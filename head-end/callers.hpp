/// Everybody who is connected at one door, each with the coroutines that speak with him.
///
/// A caller lives until the last of his coroutines has ended: they refer to him, none owns him. In a dying
/// world they never end, and he goes with this list. Memory: one node a caller. Order: of coming.
#pragma once
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <utility>

#include "platform/spawn.hpp"

namespace headend {
template <class Caller>
class Callers {
 public:
  /// Called once when all coroutines of a caller have ended, before he is destroyed.
  using Farewell = std::function<void(Caller&)>;
  explicit Callers(seam::Clock& clock, Farewell farewell = {})
      : clock_(clock), farewell_(std::move(farewell)) {}
  Callers(const Callers&) = delete;
  Callers& operator=(const Callers&) = delete;

  template <class... Arguments>
  Caller& admit(Arguments&&... arguments) {
    seats_.push_back(std::make_unique<Seat>(std::forward<Arguments>(arguments)...));
    seats_.back()->self = std::prev(seats_.end());
    return *seats_.back();
  }
  /// Runs `works` for `caller`, who came from `admit`; each begins at once and may be over when this returns:
  /// a caller can have said all he has to say before he is let in. With the last of them he is gone.
  template <class... Works>
  void look_after(Caller& caller, Works... works) {
    auto& seat = static_cast<Seat&>(caller);
    seat.coroutines += static_cast<int>(sizeof...(works));
    (seam::spawn(clock_, attend(*this, seat, std::move(works))), ...);
  }
  std::size_t size() const { return seats_.size(); }
  template <class Visit>
  void each(Visit&& visit) {
    for (auto& seat : seats_) visit(static_cast<Caller&>(*seat));
  }

 private:
  struct Seat final : Caller {
    using Caller::Caller;
    int coroutines = 0;
    typename std::list<std::unique_ptr<Seat>>::iterator self;
  };
  static seam::asio::awaitable<void> attend(Callers& callers, Seat& seat, seam::asio::awaitable<void> work) {
    co_await std::move(work);
    if (--seat.coroutines > 0) co_return;
    if (callers.farewell_) callers.farewell_(seat);
    callers.seats_.erase(seat.self);
  }

  seam::Clock& clock_;
  Farewell farewell_;
  std::list<std::unique_ptr<Seat>> seats_;
};
}  // namespace headend
