/// The counter (营业厅) and the customers who pay at it: a JSON-lines client of the head-end's interface.
///
/// Protocol: head-end/api/protocol.md. One object a line; a sale carries a key that makes it idempotent, and
/// is repeated with the same key until it is answered, over any number of lost connections. Truth events:
/// "paid" once per key when the cash is handed over (value: fen, text: key), "receipt" when the head-end has
/// acknowledged it. Time: whoever owns it calls `advance(now)` not later than `next()`. Randomness:
/// Purpose::counter_payment, addressed by (seed, meter id, occasion). No Asio, no SystemC.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/money.hpp"
#include "models/truth.hpp"

namespace model {
using namespace std::chrono_literals;

/// When a customer pays of their own accord, and how much.
struct CustomerHabit {
  enum class When : std::uint8_t { never, warned, in_arrears, cut_off } when = When::never;
  core::Duration after_min = 1h;  ///< from the reason (a notice, dark windows) to the counter, drawn uniform
  core::Duration after_max = 12h;
  core::Fen amount{5000};
};

struct CustomerSetup {
  std::string account;  ///< "A0017"
  MeterId meter = 0;    ///< whose lights the customer lives under
  CustomerHabit habit;
};

/// A payment that the scenario dictates.
struct ScriptedPayment {
  core::Instant at{};
  std::string account;
  core::Fen amount{0};
  int times = 1;  ///< the same slip handed in so often, 1 s apart, one key
};

struct CounterSetup {
  std::uint64_t seed = 0;
  core::Instant starts{};  ///< opens its connection here
  std::vector<CustomerSetup> customers;
  std::vector<ScriptedPayment> payments;
  core::Duration latency = 50ms;         ///< one way, office network
  core::Duration answer_timeout = 30s;   ///< then the sale is sent again
  core::Duration reconnect_after = 10s;  ///< after a refused or lost connection
  core::Duration looks_every = 10min;    ///< how often a customer with habit cut_off notices dark windows
};

/// The far end of the counter's connection: the head-end's listener.
class CounterPort {
 public:
  virtual ~CounterPort() = default;
  /// false = refused (the head-end is down); tried again.
  virtual bool connect(core::Instant at) = 0;
  virtual void deliver(core::Instant at, core::Bytes bytes) = 0;
  virtual void drop(core::Instant at) = 0;
};

/// What customers see without asking anybody: whether their lights are on.
class SupplyView {
 public:
  virtual ~SupplyView() = default;
  virtual bool is_supplied(MeterId meter, core::Instant at) = 0;
};

class Counter {
 public:
  Counter(CounterSetup setup, TruthSink& truth, CounterPort& port, SupplyView& supply);
  ~Counter();
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  core::Instant next() const;
  void advance(core::Instant now);
  /// The head-end wrote into the connection at `now`.
  void head_end_wrote(core::Instant now, core::Bytes bytes);
  void head_end_closed(core::Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace model
