#include "head-end/campaign/campaign_runner.hpp"

#include <algorithm>

#include "head-end/control/command_runner.hpp"
#include "head-end/control/credentials.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/load_control.hpp"

namespace headend {
namespace {
/// Steps that share a commit.
constexpr std::size_t steps_at_once_max = 16;
constexpr int doublings_max = 8;
/// A customer thinks about a call.
constexpr Duration ask_again = 1min;
}  // namespace

seam::asio::awaitable<void> CampaignRunner::carry_out_due() {
  auto& book = desk_.books.campaigns();
  while (book.has_open() && session_.is_open()) {
    const auto tasks = due_now();
    if (tasks.empty()) co_return;
    for (const auto& task : tasks) book.sent(task, desk_.now());
    desk_.commit();
    for (const auto& task : tasks) {
      if (!session_.is_open()) break;  // known as asked: the next session goes on
      co_await carry_out(task);
    }
    desk_.commit_soon();
  }
}

std::vector<CampaignTask> CampaignRunner::due_now() {
  auto tasks = desk_.books.campaigns().tasks_for(session_.area()->file->id, desk_.now());
  std::erase_if(tasks, [&](const CampaignTask& task) {
    const auto retry = retries_.find({task.campaign, task.meter});
    return retry != retries_.end() && retry->second.step == task.step && retry->second.at > desk_.now();
  });
  if (tasks.size() > steps_at_once_max) tasks.resize(steps_at_once_max);
  return tasks;
}

Instant CampaignRunner::next() const {
  const auto& book = desk_.books.campaigns();
  if (!book.has_open()) return core::never;
  const auto id = session_.area()->file->id;
  Instant next = book.next_task(id, desk_.now());
  for (const auto& task : book.tasks_for(id, desk_.now())) {
    const auto retry = retries_.find({task.campaign, task.meter});
    const bool waits = retry != retries_.end() && retry->second.step == task.step;
    next = std::min(next, waits ? retry->second.at : desk_.now());
  }
  return next;
}

seam::asio::awaitable<void> CampaignRunner::carry_out(const CampaignTask& task) {
  const Campaign* const campaign = desk_.books.campaigns().find(task.campaign);
  METERTWIN_CHECK(campaign != nullptr, task.campaign);
  switch (task.step) {
    case CampaignStep::set_limit:
      co_await set_limit(task, *campaign);
      break;
    case CampaignStep::send_call:
      co_await send_call(task, *campaign);
      break;
    case CampaignStep::read_answer:
      co_await read_answer(task);
      break;
    case CampaignStep::release_limit:
    case CampaignStep::withdraw_call:
      co_await release(task);
      break;
  }
}

seam::asio::awaitable<std::optional<bool>> CampaignRunner::write(MeterId meter, dlt645::DataIdentifier item,
                                                                 core::Bytes value, std::string& detail) {
  const MeterFile& file = desk_.estate.meter(meter);
  dlt645::WriteRequest request;
  request.item = item;
  request.password = switch_password;
  request.operator_code = head_end_operator;
  request.value = value;
  dlt645::Wire wire;
  dlt645::encode(file.address, request, wire);
  const auto frame = co_await line_.ask(file, wire, dlt645::Function::write, 1);
  if (!frame) co_return std::nullopt;
  const auto done = dlt645::expect_done(*frame, file.address, dlt645::Function::write);
  if (done) co_return true;
  if (done.error() != core::Fault::refused) co_return std::nullopt;
  const auto reasons = dlt645::refusal_of(*frame);
  detail = reasons ? dlt645::describe(*reasons) : "refused without a reason";
  co_return false;
}

seam::asio::awaitable<void> CampaignRunner::set_limit(const CampaignTask& task, const Campaign& campaign) {
  const auto& plan = campaign.plan;
  const auto& zone = desk_.configuration().zone;
  dlt645::LoadLimitData limit;
  limit.power_dW = plan.power_W * 10;
  limit.delay_s = static_cast<std::int32_t>(plan.delay / 1s);
  limit.pause_s = static_cast<std::int32_t>(plan.pause / 1s);
  limit.trips_max = plan.trips;
  limit.from = zone.civil(plan.from);
  limit.until = zone.civil(plan.till);
  std::vector<std::uint8_t> value(dlt645::load_limit_bytes);
  dlt645::put_load_limit(value, limit);
  std::string detail;
  const auto done = co_await write(task.meter, dlt645::item::load_limit, value, detail);
  if (!done) {
    try_again(task, pause_of(task));
    co_return;
  }
  const auto outcome = *done ? CampaignOutcome::confirmed : CampaignOutcome::refused;
  desk_.books.campaigns().answered(task, outcome, detail, desk_.now());
}

seam::asio::awaitable<void> CampaignRunner::release(const CampaignTask& task) {
  const bool is_limit = task.step == CampaignStep::release_limit;
  const std::vector<std::uint8_t> nothing(is_limit ? dlt645::load_limit_bytes : dlt645::load_call_bytes);
  const auto item = is_limit ? dlt645::item::load_limit : dlt645::item::load_call;
  std::string detail;
  const auto done = co_await write(task.meter, item, nothing, detail);
  if (done.value_or(false))
    desk_.books.campaigns().released(task, {}, desk_.now());
  else
    try_again(task, pause_of(task));  // refused or unheard: until it is known to be free
}

seam::asio::awaitable<void> CampaignRunner::send_call(const CampaignTask& task, const Campaign& campaign) {
  const auto& zone = desk_.configuration().zone;
  dlt645::LoadCallData call;
  call.from = zone.civil(campaign.plan.from);
  call.till = zone.civil(campaign.plan.till);
  call.share_percent = campaign.plan.share_percent;
  std::vector<std::uint8_t> value(dlt645::load_call_bytes);
  dlt645::put_load_call(value, call);
  std::string detail;
  const auto done = co_await write(task.meter, dlt645::item::load_call, value, detail);
  if (!done) {
    try_again(task, pause_of(task));
    co_return;
  }
  const auto outcome = *done ? CampaignOutcome::heard : CampaignOutcome::refused;
  desk_.books.campaigns().answered(task, outcome, detail, desk_.now());
  if (*done) retries_[{task.campaign, task.meter}] = {desk_.now() + ask_again, 0, CampaignStep::read_answer};
}

seam::asio::awaitable<void> CampaignRunner::read_answer(const CampaignTask& task) {
  const MeterFile& file = desk_.estate.meter(task.meter);
  dlt645::Wire wire;
  dlt645::encode(file.address, dlt645::ReadRequest{dlt645::item::load_call_answer, {}, {}}, wire);
  const auto frame = co_await line_.ask(file, wire, dlt645::Function::read, 1);
  const auto value = frame ? dlt645::expect_data(*frame, file.address, dlt645::item::load_call_answer)
                           : core::Result<core::Bytes>(frame.error());
  if (!value || value->size() != 1) {
    try_again(task, pause_of(task));
    co_return;
  }
  auto& book = desk_.books.campaigns();
  switch ((*value)[0]) {
    case 1:
      book.answered(task, CampaignOutcome::accepted, {}, desk_.now());
      break;
    case 2:
      book.answered(task, CampaignOutcome::declined, {}, desk_.now());
      break;
    case 3:
      book.answered(task, CampaignOutcome::silent, "nobody answers there", desk_.now());
      break;
    default:
      try_again(task, ask_again);
      break;
  }
}

void CampaignRunner::try_again(const CampaignTask& task, Duration after) {
  auto& retry = retries_[{task.campaign, task.meter}];
  if (retry.step != task.step) retry.failures = 0;
  ++retry.failures;
  retry.at = desk_.now() + after;
  retry.step = task.step;
}

Duration CampaignRunner::pause_of(const CampaignTask& task) {
  const auto& retry = retries_[{task.campaign, task.meter}];
  const int doublings = retry.step == task.step ? std::min(retry.failures, doublings_max) : 0;
  return std::min<Duration>(desk_.configuration().cut_off.command_timeout * (1 << doublings),
                            retry_pause_max);
}
}  // namespace headend
