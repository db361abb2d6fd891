/// Waiting in the order of asking: the one mechanism under every clock, alarm, link and listener of this
/// project.
///
/// A `WaitPoint` is a place where at most one coroutine waits until a deadline or until somebody rings. A
/// `WaitQueue` holds all waits of one world ordered by (deadline, order of asking). Asio's own timers are not
/// used for this: they break ties in heap order and ask the operating system for the time. In virtual time,
/// what happens outside at one instant reaches the coroutines in the order in which they asked, not in the
/// order in which models happened to run. Waiting allocates nothing beyond Asio's recycled coroutine frames.
/// One thread.
#pragma once
#include "platform/clock.hpp"
//
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/set.hpp>
#include <boost/system/error_code.hpp>
#include <optional>

namespace seam {
class WaitQueue;

/// Where one coroutine waits. Pinned: the queue points to it. Destroyed while waited on, it drops the waiting
/// coroutine.
class WaitPoint : public boost::intrusive::set_base_hook<> {
 public:
  explicit WaitPoint(WaitQueue& queue) : queue_(queue) {}
  ~WaitPoint() { abandon(); }
  WaitPoint(const WaitPoint&) = delete;
  WaitPoint& operator=(const WaitPoint&) = delete;

  /// Waits until `deadline` (`core::never` allowed) or until rung. Also a deadline that has passed waits for
  /// its turn. Cancelled through Asio it throws operation_aborted. One waiter at a time (checked).
  asio::awaitable<Woken> wait_until(Instant deadline);
  /// Ends the wait; the coroutine runs later, in turn, never inside this call. Nobody waiting: nothing
  /// happens.
  void ring();
  /// Somebody waits here; perhaps rung already, but not yet run.
  bool is_waited_on() const { return handler_.has_value(); }
  /// Drops the waiting coroutine without running it further; its frames are destroyed by the world's
  /// executor.
  void abandon();

 private:
  friend class WaitQueue;
  using Handler =
      asio::async_result<asio::use_awaitable_t<>, void(boost::system::error_code, Woken)>::handler_type;
  void arm(Instant deadline, Handler handler);
  Handler disarm();
  void finish(boost::system::error_code error, Woken woken);

  WaitQueue& queue_;
  std::optional<Handler> handler_;
  Instant deadline_{};
  std::uint64_t asked_ = 0;  ///< order of asking among equal deadlines
  bool is_rung_ = false;     ///< rung from outside; runs when its world runs next
};

class WaitQueue {
 public:
  virtual ~WaitQueue() = default;
  /// The earliest deadline anybody waits for; `core::never` if there is none.
  Instant earliest() const { return waits_.empty() ? core::never : waits_.begin()->deadline_; }

 protected:
  friend class WaitPoint;
  /// Where released coroutines run.
  virtual asio::io_context& run_context() = 0;
  /// A coroutine became ready to run, or an earlier deadline was asked for: whoever drives this world must
  /// look.
  virtual void changed() = 0;
  /// True while rings come from outside, from things of one instant whose order must leave no trace: they are
  /// kept, and released in the order in which their waiters asked. False: a ring releases at once.
  virtual bool gathers_rings() const = 0;
  /// Releases the first wait if it is due at `now`; false if none is.
  bool release_first_due(Instant now);
  /// Releases the rung wait that was asked for first; false if none was rung.
  bool release_first_rung();
  /// Drops every waiting coroutine without running it.
  void abandon_all();

 private:
  struct Earlier {
    bool operator()(const WaitPoint& a, const WaitPoint& b) const {
      return a.deadline_ != b.deadline_ ? a.deadline_ < b.deadline_ : a.asked_ < b.asked_;
    }
  };
  struct AskedFirst {
    bool operator()(const WaitPoint& a, const WaitPoint& b) const { return a.asked_ < b.asked_; }
  };
  template <class Order>
  using Waits = boost::intrusive::set<WaitPoint, boost::intrusive::compare<Order>,
                                      boost::intrusive::constant_time_size<false>>;

  Waits<Earlier> waits_;
  Waits<AskedFirst> rung_;  ///< no longer in waits_
  std::uint64_t asked_count_ = 0;
};

/// The alarm of every clock here: a wait point that remembers a ring.
class QueueAlarm final : public Alarm {
 public:
  explicit QueueAlarm(WaitQueue& queue) : wait_(queue) {}
  asio::awaitable<Woken> wait_until(Instant deadline) override;
  void ring() override;

 private:
  WaitPoint wait_;
  bool is_rung_ = false;
};
}  // namespace seam
