#include "head-end/control/command_runner.hpp"

#include <algorithm>
#include <utility>

#include "head-end/control/credentials.hpp"
#include "protocols/dlt645/status_words.hpp"

namespace headend {
namespace {
constexpr int doublings_max = 8;
/// Commands that share their two commits.
constexpr std::size_t commands_at_once_max = 16;

Duration retry_pause(Duration first, int attempts_before) {
  const auto pause = first * (1 << std::clamp(attempts_before, 0, doublings_max));
  return std::min<Duration>(pause, retry_pause_max);
}

bool may_have_reached_the_meter(const Command& command) {
  return command.state == CommandState::sent || command.attempts > 0;
}

dlt645::Control1C control_of(CommandKind kind) {
  switch (kind) {
    case CommandKind::trip:
      return dlt645::Control1C::trip;
    case CommandKind::close:
      return dlt645::Control1C::close;
    case CommandKind::release_keep_power:
      return dlt645::Control1C::keep_power_off;
    case CommandKind::keep_power:
    case CommandKind::recharge:
      break;
  }
  return dlt645::Control1C::keep_power;
}
}  // namespace

seam::asio::awaitable<void> CommandRunner::carry_out_wanted() {
  while (session_.is_open() && (std::exchange(may_have_work_, false) || next_retry_ <= desk_.now())) {
    const auto wanted = wanted_now();
    if (!wanted.empty()) {
      for (const auto& command : wanted) desk_.books.command_sent(command.id, desk_.now());
      desk_.commit();
      for (const auto& command : wanted) {
        if (!session_.is_open()) break;  // known as sent: the next session asks what became of it
        co_await carry_out(command);
      }
      desk_.books_changed(session_.area()->file->id);
      desk_.commit();
    }
    next_retry_ = core::never;
    for (const auto& [id, at] : retry_at_) next_retry_ = std::min(next_retry_, at);
  }
}

std::vector<Command> CommandRunner::wanted_now() {
  auto commands = desk_.books.commands_for(session_.area()->file->id);
  std::erase_if(retry_at_, [&](const auto& entry) {
    return std::none_of(commands.begin(), commands.end(),
                        [&](const Command& c) { return c.id == entry.first; });
  });
  std::erase_if(commands, [&](const Command& command) {
    const auto retry = retry_at_.find(command.id);
    return retry != retry_at_.end() && retry->second > desk_.now();
  });
  if (commands.size() > commands_at_once_max) {
    commands.resize(commands_at_once_max);
    may_have_work_ = true;
  }
  return commands;
}

seam::asio::awaitable<void> CommandRunner::carry_out(const Command& command) {
  const MeterFile& meter = desk_.estate.meter(command.meter);
  ++desk_.statistics.commands_sent;
  Outcome outcome;
  switch (command.kind) {
    case CommandKind::trip:
    case CommandKind::close:
      outcome = co_await switch_relay(command, meter);
      break;
    case CommandKind::keep_power:
    case CommandKind::release_keep_power:
      outcome = co_await send_control(command, meter);
      break;
    case CommandKind::recharge:
      outcome = co_await recharge(command, meter);
      break;
  }
  const Instant now = desk_.now();
  if (outcome.outcome == CommandOutcome::no_answer)
    retry_at_[command.id] =
        now + retry_pause(desk_.configuration().cut_off.command_timeout, command.attempts);
  desk_.books.command_finished(command.id, outcome.outcome, outcome.detail, now);
  if (outcome.relay_is_open) desk_.books.accept_relay_state(command.meter, *outcome.relay_is_open, now);
}

seam::asio::awaitable<CommandRunner::Outcome> CommandRunner::send_control(const Command& command,
                                                                          const MeterFile& meter) {
  dlt645::RemoteControlRequest request;
  request.command = control_of(command.kind);
  request.password = switch_password;
  request.operator_code = head_end_operator;
  request.valid_until =
      desk_.configuration().zone.civil(desk_.now() + desk_.configuration().cut_off.command_valid_for);
  dlt645::Wire wire;
  dlt645::encode(meter.address, request, wire);
  const auto frame = co_await line_.ask(meter, wire, dlt645::Function::remote_control, 1);
  if (!frame) co_return Outcome{CommandOutcome::no_answer, std::string(core::name_of(frame.error())), {}};
  const auto done = dlt645::expect_done(*frame, meter.address, dlt645::Function::remote_control);
  if (done) co_return Outcome{CommandOutcome::done, {}, {}};
  if (done.error() != core::Fault::refused)
    co_return Outcome{CommandOutcome::no_answer, std::string(core::name_of(done.error())), {}};
  const auto reasons = dlt645::refusal_of(*frame);
  co_return Outcome{
      CommandOutcome::refused, reasons ? dlt645::describe(*reasons) : "refused without a reason", {}};
}

CommandRunner::Outcome CommandRunner::judge_relay(const Command& command, std::uint16_t word) const {
  const bool wants_open = command.kind == CommandKind::trip;
  const bool is_open = (word & dlt645::status3::relay_open) != 0;
  const bool is_told_open = (word & dlt645::status3::relay_commanded_open) != 0;
  if (is_open == wants_open) return {CommandOutcome::done, {}, is_open};
  if (wants_open && (word & dlt645::status3::keep_power) != 0)
    return {CommandOutcome::refused, "the meter keeps power", is_open};
  // The state stays as it was until the delay in the meter is over: asked again, not sent again.
  if (is_told_open == wants_open) return {CommandOutcome::no_answer, "the relay's delay is running", {}};
  return {CommandOutcome::no_answer, "the relay did not follow", {}};
}

seam::asio::awaitable<CommandRunner::Outcome> CommandRunner::switch_relay(const Command& command,
                                                                          const MeterFile& meter) {
  if (may_have_reached_the_meter(command)) {
    const auto before = co_await line_.read_status_word_3(meter);
    if (!before) co_return Outcome{CommandOutcome::no_answer, std::string(core::name_of(before.error())), {}};
    const bool is_told_open = (*before & dlt645::status3::relay_commanded_open) != 0;
    const auto judged = judge_relay(command, *before);
    if (judged.outcome == CommandOutcome::done || is_told_open == (command.kind == CommandKind::trip))
      co_return judged;
  }
  const auto sent = co_await send_control(command, meter);
  if (sent.outcome == CommandOutcome::refused) co_return sent;
  // Answered or not, the relay itself is the witness.
  const auto after = co_await line_.read_status_word_3(meter);
  if (!after) co_return Outcome{CommandOutcome::no_answer, std::string(core::name_of(after.error())), {}};
  co_return judge_relay(command, *after);
}

seam::asio::awaitable<CommandRunner::Outcome> CommandRunner::settle_by_count(const Command& command,
                                                                             const MeterFile& meter,
                                                                             const std::string& otherwise) {
  const auto purse = co_await line_.read_purse(meter);
  if (!purse) co_return Outcome{CommandOutcome::no_answer, std::string(core::name_of(purse.error())), {}};
  if (purse->purchase_count == command.purchase_count)
    co_return Outcome{CommandOutcome::done, "found credited", {}};
  if (purse->purchase_count + 1 == command.purchase_count)
    co_return Outcome{CommandOutcome::no_answer, otherwise, {}};
  co_return Outcome{
      CommandOutcome::refused, "the meter's purchase count is " + std::to_string(purse->purchase_count), {}};
}

seam::asio::awaitable<core::Result<dlt645::DataIdentifier>> CommandRunner::purchase_item(
    const Command& command, const MeterFile& meter) {
  if (command.purchase_count != 1) co_return dlt645::item::recharge;
  const auto word = co_await line_.read_status_word_3(meter);
  if (!word) co_return word.error();
  const bool is_opened = (*word & dlt645::status3::local_account_not_opened) == 0;
  co_return is_opened ? dlt645::item::recharge : dlt645::item::open_account;
}

seam::asio::awaitable<CommandRunner::Outcome> CommandRunner::recharge(const Command& command,
                                                                      const MeterFile& meter) {
  const std::string not_credited = "not credited yet";
  if (may_have_reached_the_meter(command)) {
    const auto before = co_await settle_by_count(command, meter, not_credited);
    if (before.detail != not_credited) co_return before;
  }
  const auto item = co_await purchase_item(command, meter);
  if (!item) co_return Outcome{CommandOutcome::no_answer, std::string(core::name_of(item.error())), {}};
  dlt645::PurchaseRequest request;
  request.item = *item;
  request.operator_code = head_end_operator;
  request.amount = command.amount;
  request.purchase_count = command.purchase_count;
  request.customer = customer_number_of(desk_.estate.account(meter.account));
  dlt645::Wire wire;
  dlt645::encode(meter.address, request, wire);
  const auto frame = co_await line_.ask(meter, wire, dlt645::Function::security, 1);
  if (frame && dlt645::expect_security(*frame, meter.address, *item))
    co_return Outcome{CommandOutcome::done, {}, {}};
  if (!frame || !frame->control.is_abnormal()) {
    const std::string why(frame ? "another answer came" : core::name_of(frame.error()));
    co_return co_await settle_by_count(command, meter, why);
  }
  const auto reasons = dlt645::security_refusal_of(*frame);
  const auto bits = reasons ? static_cast<unsigned>(*reasons) : 0u;
  // A repeat or a wrong count is first of all a question: is the count in the meter ours?
  const auto about_count = static_cast<unsigned>(dlt645::SecurityRefusal::repeated_recharge) |
                           static_cast<unsigned>(dlt645::SecurityRefusal::wrong_purchase_count);
  const std::string why = reasons ? dlt645::describe(*reasons) : "refused without a reason";
  if ((bits & about_count) != 0) co_return co_await settle_by_count(command, meter, why);
  co_return Outcome{CommandOutcome::refused, why, {}};
}
}  // namespace headend
