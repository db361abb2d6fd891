#include "models/collector/field_line.hpp"

#include <algorithm>

namespace model {
CollectorHop::CollectorHop(std::unique_ptr<FieldLine> inner, HopSetup setup)
    : inner_(std::move(inner)), setup_(setup) {
  METERTWIN_CHECK(setup.baud > 0 && setup.processing >= core::Duration(0), setup.baud);
}

core::Duration CollectorHop::hop_time(std::size_t bytes) const {
  return core::Duration(static_cast<std::int64_t>(bytes * bits_per_character) * 1'000'000'000 / setup_.baud) +
         setup_.processing;
}

core::Duration CollectorHop::duration_of(std::size_t bytes) const {
  return hop_time(bytes) + inner_->duration_of(bytes);
}

core::Duration CollectorHop::extra_patience() const {
  return hop_time(dlt645::frame_bytes_max) + inner_->extra_patience();
}

void CollectorHop::keep(std::vector<Kept>& queue, core::Instant at, core::Bytes bytes) {
  if (queue.size() >= setup_.frames_max) {
    ++overflows_;
    return;
  }
  const auto free_at = queue.empty() ? at : std::max(at, queue.back().at);
  auto& kept = queue.emplace_back();
  kept.at = free_at + hop_time(bytes.size());
  kept.bytes.append(bytes);
}

core::Instant CollectorHop::transmit(core::Instant at, core::Bytes bytes) {
  keep(down_, at, bytes);
  return at + duration_of(bytes.size());
}

void CollectorHop::hush_master() {
  down_.clear();
  up_.clear();
  inner_->hush_master();
}

core::Instant CollectorHop::next() const {
  auto next = inner_->next();
  if (!down_.empty()) next = std::min(next, down_.front().at);
  if (!up_.empty()) next = std::min(next, up_.front().at);
  return next;
}

core::Instant CollectorHop::busy_until(core::Instant at) const {
  auto until = inner_->busy_until(at);
  if (until > at) until += setup_.processing;
  return up_.empty() ? until : std::max(until, up_.back().at);
}

core::Bytes CollectorHop::advance() {
  const auto at = next();
  if (!up_.empty() && up_.front().at == at) {
    taken_ = up_.front().bytes;
    up_.erase(up_.begin());
    return taken_;
  }
  if (inner_->next() == at) {
    const auto heard = inner_->advance();
    if (!heard.empty()) keep(up_, at, heard);
    return {};
  }
  inner_->transmit(at, down_.front().bytes);
  down_.erase(down_.begin());
  return {};
}

ParallelField::ParallelField(std::unique_ptr<FieldLine> first, std::unique_ptr<FieldLine> second)
    : first_(std::move(first)), second_(std::move(second)) {}

core::Duration ParallelField::duration_of(std::size_t bytes) const {
  return std::max(first_->duration_of(bytes), second_->duration_of(bytes));
}

core::Instant ParallelField::transmit(core::Instant at, core::Bytes bytes) {
  return std::max(first_->transmit(at, bytes), second_->transmit(at, bytes));
}

void ParallelField::hush_master() {
  first_->hush_master();
  second_->hush_master();
}

core::Instant ParallelField::next() const { return std::min(first_->next(), second_->next()); }

core::Instant ParallelField::busy_until(core::Instant at) const {
  return std::max(first_->busy_until(at), second_->busy_until(at));
}

core::Bytes ParallelField::advance() {
  return first_->next() <= second_->next() ? first_->advance() : second_->advance();
}

core::Duration ParallelField::extra_patience() const {
  return std::max(first_->extra_patience(), second_->extra_patience());
}
}  // namespace model
