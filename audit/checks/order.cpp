#include "audit/checks/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace audit {
namespace {
using Kind = Happening::Kind;

std::string meter_name(const Estate& estate, std::int64_t meter) {
  return estate.knows(meter) ? estate.customers[static_cast<std::size_t>(meter) - 1].name
                             : fmt::format("meter {}", meter);
}

Check check_purchases(const Estate& estate, const Truth& truth, const Books& books, const Options& options) {
  Checking check("I-ORDER.purchases", "purchase counts rise by one, each once", "0 wrong", options);
  std::map<std::pair<std::int64_t, std::int64_t>, const Command*>
      wanted;                                       // by (meter, count); failed ones gave theirs back
  std::map<std::int64_t, std::int64_t> done_count;  // by meter
  for (const auto& command : books.commands) {
    if (command.kind != "recharge") continue;
    const auto name = meter_name(estate, command.meter);
    const bool is_void = command.state == "failed" || command.state == "given_up";
    if (!is_void && !wanted.emplace(std::pair(command.meter, command.purchase_count), &command).second)
      check.violation(name, command.wanted_at, [&] {
        return fmt::format("command {} carries purchase count {}, as an earlier one does", command.id,
                           command.purchase_count);
      });
    if (command.state != "done") continue;
    check.looked();
    auto& count = done_count[command.meter];
    if (command.purchase_count != count + 1)
      check.violation(name, command.finished_at, [&] {
        return fmt::format("the books have purchase {} done after purchase {}", command.purchase_count,
                           count);
      });
    count = command.purchase_count;
  }
  std::map<std::int64_t, std::int64_t> applied_count;
  for (const auto& happening : truth.happenings) {
    if (happening.kind != Kind::recharge_applied) continue;
    check.looked();
    const auto meter = static_cast<std::int64_t>(happening.position) + 1;
    const auto name = meter_name(estate, meter);
    auto& count = applied_count[meter];
    if (happening.count != count + 1)
      check.violation(name, happening.at, [&] {
        return fmt::format("the meter applied purchase {} after purchase {}", happening.count, count);
      });
    count = happening.count;
    const auto command = wanted.find({meter, happening.count});
    if (command == wanted.end()) {
      check.violation(name, happening.at, [&] {
        return fmt::format("the meter applied {} as purchase {}, which nobody sold",
                           CNY_text(happening.value), happening.count);
      });
    } else if (command->second->amount_fen != happening.value) {
      check.violation(name, happening.at, [&] {
        return fmt::format("purchase {} was sold as {} and applied as {}", happening.count,
                           CNY_text(command->second->amount_fen), CNY_text(happening.value));
      });
    }
  }
  for (const auto& [meter, count] : done_count)
    if (applied_count[meter] < count)
      check.violation(meter_name(estate, meter), estate.closes(), [&, c = count, a = applied_count[meter]] {
        return fmt::format("the books have {} purchases done, the meter applied {}", c, a);
      });
  return check.finish(fmt::format("{} of {} wrong", check.violations(), check.samples()));
}

/// A relay moves from its one side to the other, and by remote command only after as many commands as moves.
class RelayOrder {
 public:
  RelayOrder(const Estate& estate, const Books& books, Checking& check)
      : estate_(estate), check_(check), states_(estate.size()) {
    for (const auto& command : books.commands) {
      if (command.kind == "trip" && command.sent_at != core::never)
        trips_[command.meter].push_back(command.wanted_at);
      if (command.kind == "close" || command.kind == "keep_power")
        closes_[command.meter].push_back(command.wanted_at);
    }
  }
  void judge(const Happening& happening) {
    check_.looked();
    auto& state = states_[happening.position];
    const bool opens = happening.kind == Kind::relay_opened;
    const auto& name = estate_.customers[happening.position].name;
    if (state.is_open == opens)
      check_.violation(name, happening.at,
                       [&] { return fmt::format("the relay {} twice", opens ? "opened" : "closed"); });
    state.is_open = opens;
    if (happening.text.find("remote") == std::string::npos) return;
    auto& moves = opens ? state.opened : state.closed;
    ++moves;
    const auto& commands = (opens ? trips_ : closes_)[static_cast<std::int64_t>(happening.position) + 1];
    const auto before =
        std::count_if(commands.begin(), commands.end(), [&](Instant at) { return at <= happening.at; });
    if (moves > before)
      check_.violation(name, happening.at, [&] {
        return fmt::format(
            "the relay {} by remote command for the {}. time, the books know {} commands by then",
            opens ? "opened" : "closed", moves, before);
      });
  }

 private:
  struct State {
    bool is_open = false;
    int opened = 0, closed = 0;
  };
  const Estate& estate_;
  Checking& check_;
  std::vector<State> states_;
  std::map<std::int64_t, std::vector<Instant>> trips_, closes_;
};

/// Who was cut for arrears is closed for money: a sale after the trip was wanted and not after the close was.
void check_closes(const Estate& estate, const Books& books, Checking& check) {
  std::map<std::int64_t, Instant> tripped;
  for (const auto& command : books.commands) {
    if (command.is_operators) {
      tripped.erase(command.meter);
      continue;
    }
    if (command.kind == "trip") tripped[command.meter] = command.wanted_at;
    const auto trip = tripped.find(command.meter);
    if (command.kind != "close" || trip == tripped.end()) continue;
    const bool is_paid = std::any_of(books.sales.begin(), books.sales.end(), [&](const Sale& sale) {
      return sale.account == command.meter && sale.at >= trip->second && sale.at <= command.wanted_at;
    });
    if (!is_paid)
      check.violation(meter_name(estate, command.meter), command.wanted_at, [&] {
        return fmt::format("command {} closes the relay, but nothing was sold since the trip was ordered",
                           command.id);
      });
  }
}

Check check_commands(const Estate& estate, const Truth& truth, const Books& books, const Options& options) {
  Checking check("I-ORDER.commands", "no effect without its command, and none twice", "0 wrong", options);
  RelayOrder relays(estate, books, check);
  for (const auto& happening : truth.happenings)
    if (happening.kind == Kind::relay_opened || happening.kind == Kind::relay_closed) relays.judge(happening);
  for (const auto& command : books.commands) {
    check.looked();
    const auto say = [&](const char* what) {
      check.violation(meter_name(estate, command.meter), command.wanted_at,
                      [&] { return fmt::format("command {} {}", command.id, what); });
    };
    const bool is_finished =
        command.state == "done" || command.state == "failed" || command.state == "given_up";
    if (!estate.knows(command.meter)) say("is for a meter that does not exist");
    if (command.sent_at != core::never && command.sent_at < command.wanted_at)
      say("was sent before it was wanted");
    if (is_finished != (command.finished_at != core::never))
      say("is finished without an instant, or has one and is not");
    if (is_finished && command.finished_at < command.wanted_at) say("was finished before it was wanted");
    if (command.state == "done" && command.attempts == 0) say("is done, but was never tried");
  }
  check_closes(estate, books, check);
  return check.finish(fmt::format("{} of {} wrong", check.violations(), check.samples()));
}

Check check_numbers(const Estate& estate, const Books& books, const Options& options) {
  Checking check("I-ORDER.numbers", "receipts and commands are numbered as time goes", "0 wrong", options);
  const Sale* last_sale = nullptr;
  for (const auto& sale : books.sales) {
    check.looked();
    if (last_sale && (sale.at < last_sale->at || sale.entry <= last_sale->entry))
      check.violation(fmt::format("sale {}", sale.id), sale.at,
                      [&] { return fmt::format("it is older than sale {}", last_sale->id); });
    last_sale = &sale;
  }
  const Command* last_command = nullptr;
  for (const auto& command : books.commands) {
    check.looked();
    if (last_command && command.wanted_at < last_command->wanted_at)
      check.violation(meter_name(estate, command.meter), command.wanted_at, [&] {
        return fmt::format("command {} is older than command {}", command.id, last_command->id);
      });
    last_command = &command;
  }
  return check.finish(fmt::format("{} of {} wrong", check.violations(), check.samples()));
}
}  // namespace

std::vector<Check> check_order(const Estate& estate, const Truth& truth, const Books& books,
                               const Options& options) {
  std::vector<Check> checks;
  for (auto&& check : {check_purchases(estate, truth, books, options),
                       check_commands(estate, truth, books, options), check_numbers(estate, books, options)})
    if (check.samples != 0 || check.violations != 0) checks.push_back(check);
  return checks;
}
}  // namespace audit
