#include "models/collector/transparent_manager.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace model {
TransparentManager::TransparentManager(FieldLine& pair, ManagerSetup setup) : pair_(pair), setup_(setup) {
  METERTWIN_CHECK(setup.gap > core::Duration(0) && setup.processing >= core::Duration(0), setup.gap.count());
  METERTWIN_CHECK(setup.buffer_bytes > 0);
}

bool TransparentManager::connect(core::Instant at, ManagerStream stream) {
  METERTWIN_CHECK(stream.deliver && stream.hang_up);
  if (is_connected() || at < up_at_) return false;
  stream_ = std::move(stream);
  return true;
}

void TransparentManager::disconnected() {
  stream_ = {};
  answers_.clear();
}

void TransparentManager::received(core::Instant at, core::Bytes bytes) {
  if (!is_connected() || at < up_at_) return;
  const auto fits = std::min(bytes.size(), setup_.buffer_bytes - to_pair_.size());
  to_pair_.insert(to_pair_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(fits));
  overflow_bytes_ += bytes.size() - fits;
  if (!bytes.empty()) still_at_ = at + setup_.gap;
}

core::Instant TransparentManager::next() const {
  const auto answer_at = answers_.empty() ? core::never : answers_.front().at;
  return std::min({pair_.next(), still_at_, burst_at_, answer_at});
}

void TransparentManager::plan_burst(core::Instant at) {
  burst_at_ = ready_ == 0 ? core::never : std::max(at, pair_free_at_);
}

void TransparentManager::advance() {
  const auto at = next();
  // What the pair has said by now was said before anything that begins now.
  while (pair_.next() == at) hear(at, pair_.advance());
  if (still_at_ == at) {
    still_at_ = core::never;
    ready_ = to_pair_.size();
    if (burst_at_ == core::never) plan_burst(at);
  }
  if (burst_at_ == at) send(at);
  while (!answers_.empty() && answers_.front().at == at) {
    const auto answer = std::move(answers_.front());
    answers_.pop_front();
    if (is_connected()) stream_.deliver(at, answer.bytes);
  }
}

void TransparentManager::send(core::Instant at) {
  const auto size = std::min(ready_, dlt645::Wire::capacity());
  pair_free_at_ = pair_.transmit(at, core::Bytes(to_pair_).first(size)) + setup_.gap;
  ++bursts_;
  to_pair_.erase(to_pair_.begin(), to_pair_.begin() + static_cast<std::ptrdiff_t>(size));
  ready_ -= size;
  plan_burst(at);
}

void TransparentManager::hear(core::Instant at, core::Bytes bytes) {
  if (bytes.empty() || !is_connected() || at < up_at_) return;
  std::size_t held = 0;
  for (const auto& answer : answers_) held += answer.bytes.size();
  const auto fits = std::min(bytes.size(), setup_.buffer_bytes - std::min(held, setup_.buffer_bytes));
  overflow_bytes_ += bytes.size() - fits;
  if (fits == 0) return;
  const auto due = at + setup_.gap + setup_.processing + answer_delay_;
  const auto after = answers_.empty() ? due : std::max(due, answers_.back().at);
  answers_.push_back({after, {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(fits)}});
}

void TransparentManager::restart(core::Instant at, core::Instant up_at) {
  to_pair_.clear();
  ready_ = 0;
  answers_.clear();
  still_at_ = burst_at_ = core::never;
  pair_.hush_master();
  pair_free_at_ = at;
  up_at_ = up_at;
  const auto hang_up = std::move(stream_.hang_up);
  stream_ = {};
  if (hang_up) hang_up(at);
}
}  // namespace model
