#include "models/line/rs485/line.hpp"

namespace model {
namespace {
/// The first frame within what was heard: a receiver hunts for 68 ... 68, whatever stands before.
core::Bytes first_frame(core::Bytes heard) {
  for (std::size_t i = 0; i < heard.size(); ++i) {
    if (heard[i] != dlt645::start_byte) continue;
    const auto judgement = dlt645::FrameRule::judge(heard.subspan(i));
    if (judgement.kind == framing::Judgement::Kind::good) return heard.subspan(i, judgement.length);
  }
  return {};
}

/// Writes another address into a frame that begins after its lead-in, and makes its checksum right.
void readdress(dlt645::Wire& wire, dlt645::AddressPattern address) {
  std::size_t start = 0;
  while (start < wire.size() && wire[start] != dlt645::start_byte) ++start;
  if (start + dlt645::header_bytes + 2 > wire.size()) return;
  address.to_wire(wire.data() + start + 1);
  const auto checksum = wire.size() - 2;
  wire[checksum] = 0;
  for (auto i = start; i < checksum; ++i)
    wire[checksum] = static_cast<std::uint8_t>(wire[checksum] + wire[i]);
}

bool has_wildcard(dlt645::AddressPattern pattern) { return (pattern.code() >> 40 & 0xFF) == 0xAA; }
}  // namespace

Rs485Line::Rs485Line(const LineSetup& setup, LinePlace place)
    : place_(place),
      errors_(place.seed, place.area * 32 + static_cast<std::uint32_t>(place.line), setup.bit_error),
      baud_(setup.baud),
      turnaround_min_(setup.turnaround_min),
      turnaround_max_(setup.turnaround_max) {
  METERTWIN_CHECK(setup.baud > 0 && setup.turnaround_min <= setup.turnaround_max, setup.baud);
  for (const auto meter : setup.meters) {
    METERTWIN_CHECK(meter < place.meters.size(), meter);
    stations_.push_back({dlt645::AddressPattern(place.meters[meter].address()).code(), meter, false, {}});
  }
  air_.reserve(4);
}

Rs485Line::Transmission& Rs485Line::begin(core::Instant from, bool is_by_master) {
  return air_.emplace_back(from, is_by_master);
}

core::Instant Rs485Line::transmit(core::Instant at, core::Bytes bytes) {
  forget_old();
  auto& request = begin(at, true);
  request.bytes.append(bytes);
  request.till = at + duration_of(bytes.size());
  const auto till = request.till;
  next_ = std::min(next_, till);
  return till;
}

void Rs485Line::hush_master() {
  std::erase_if(air_, [](const auto& t) { return t.is_by_master && !t.is_finished; });
  refresh_next();
}

core::Bytes Rs485Line::advance() {
  METERTWIN_CHECK(next_ != core::never);
  std::size_t ending = 0;
  while (air_[ending].is_finished || air_[ending].till != next_) ++ending;
  air_[ending].is_finished = true;
  const auto at = air_[ending].till;
  auto heard = arriving(air_[ending]);
  const bool is_request = air_[ending].is_by_master;
  if (place_.tap) place_.tap(air_[ending].from, at, place_.area, place_.line, is_request, heard);
  if (is_request && troubles_ != nullptr) {
    request_.clear();  // a copy: answers will move what is on the air
    request_.append(heard);
    heard = request_;
  }
  if (is_request) hear(at, heard);
  refresh_next();
  if (!is_request) return heard;
  if (troubles_ == nullptr || !troubles_->has_echo()) return {};
  troubles_->note_echo();
  return heard;
}

PairTroubles& Rs485Line::troubles() {
  if (!troubles_)
    troubles_ = std::make_unique<PairTroubles>(place_.seed,
                                               place_.area * 32 + static_cast<std::uint32_t>(place_.line),
                                               SerialTiming{static_cast<int>(baud_), {}});
  return *troubles_;
}

void Rs485Line::apply(const BusBehaviour& behaviour) {
  METERTWIN_CHECK(behaviour.places.size() == stations_.size(), behaviour.places.size(), stations_.size());
  troubles().set_master_idle_noise(behaviour.master_false_start);
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    troubles().set_place_error(stations_[i].meter, behaviour.places[i].bit_error);
    troubles().set_station_idle_noise(stations_[i].meter, behaviour.places[i].false_start);
    stations_[i].delay = behaviour.places[i].delay;
  }
}

core::Bytes Rs485Line::arriving(const Transmission& sent) {
  ++ended_;
  core::Bytes bytes = sent.bytes;
  if (troubles_ != nullptr)
    bytes = troubled(sent, bytes);
  else if (air_.size() > 1)
    bytes = clear_of_others(sent);
  if (!errors_.pass_clean(sent.bytes.size())) {
    bytes = core::Bytes(arrived_).first(errors_.spoil(bytes, arrived_));
  }
  const bool is_whole =
      bytes.size() == sent.bytes.size() && std::equal(bytes.begin(), bytes.end(), sent.bytes.begin());
  if (!is_whole) ++garbled_;
  return bytes;
}

core::Bytes Rs485Line::clear_of_others(const Transmission& sent) {
  bool is_run_over = false;
  for (const auto& other : air_)
    is_run_over |= &other != &sent && other.from < sent.till && sent.from < other.till;
  if (!is_run_over) return sent.bytes;
  clear_.clear();
  for (std::size_t i = 0; i < sent.bytes.size(); ++i) {
    const auto from = sent.from + duration_of(i);
    const auto till = sent.from + duration_of(i + 1);
    bool is_lost = false;
    for (const auto& other : air_) is_lost |= &other != &sent && other.from < till && from < other.till;
    if (!is_lost) clear_.push_back(sent.bytes[i]);
  }
  return clear_;
}

std::pair<core::Instant, core::Instant> Rs485Line::span_of(const Transmission& sent) const {
  if (troubles_ == nullptr || !sent.is_by_master) return {sent.from, sent.till};
  return {sent.from - troubles_->driver_lead(), sent.till + troubles_->driver_tail()};
}

FrameOnLine Rs485Line::told(const Transmission& sent) const {
  return {sent.from, sent.till, sent.is_by_master ? FrameOnLine::master : stations_[sent.place].meter,
          ended_ - 1, sent.bytes};
}

/// The same as `clear_of_others`, with everything that a troubled pair does to characters and frames.
core::Bytes Rs485Line::troubled(const Transmission& sent, core::Bytes bytes) {
  clear_.clear();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto from = sent.from + duration_of(i);
    const auto till = sent.from + duration_of(i + 1);
    bool is_lost = false;
    for (const auto& other : air_) {
      if (&other == &sent) continue;
      const auto [begins, ends] = span_of(other);
      is_lost |= begins < till && from < ends;
    }
    const auto passed = troubles_->pass_character(from, i, bytes.size(), bytes[i], sent.is_by_master);
    if (!is_lost && passed) clear_.push_back(*passed);
  }
  return troubles_->pass_transmission(told(sent), sent.place, clear_);
}

void Rs485Line::hear(core::Instant at, core::Bytes bytes) {
  if (!find_request(bytes)) return;
  const auto to = frame_.address;
  const bool is_exact = !to.is_broadcast() && !has_wildcard(to);
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const auto& station = stations_[i];
    const bool is_meant = is_exact ? station.code == to.code()
                                   : to.is_broadcast() || to.matches(place_.meters[station.meter].address());
    if (is_meant || (is_exact && troubles_ != nullptr && troubles_->double_of(station.meter) == to))
      ask(i, at, bytes);
  }
}

/// Usually the frame stands in front; in noise it is hunted for.
bool Rs485Line::find_request(core::Bytes heard) {
  if (!dlt645::decode(heard, frame_).has_value()) {
    const auto raw = first_frame(heard);
    if (raw.empty() || !dlt645::decode(raw, frame_).has_value()) return false;
  }
  return !frame_.control.is_from_meter();
}

void Rs485Line::ask(std::size_t place, core::Instant at, core::Bytes heard) {
  auto& station = stations_[place];
  if (station.is_deaf) {
    ++unheard_;
    return;
  }
  if (troubles_ != nullptr && !troubles_->is_heard_by(station.meter, place, heard)) return;
  auto& meter = place_.meters[station.meter];
  auto& answer = begin(at, false);
  answer.place = static_cast<std::uint32_t>(place);
  const bool has_answer = answer_of(place, at, answer.bytes);
  if (frame_.control.function() != dlt645::Function::read)
    station.code = dlt645::AddressPattern(meter.address()).code();
  if (!has_answer) {
    air_.pop_back();
    return;
  }
  const core::RandomStream turnaround(place_.seed, meter.id(), core::Purpose::meter_turnaround);
  answer.from =
      at + core::Duration(turnaround.between(turnaround_min_.count(), turnaround_max_.count(),
                                             static_cast<std::uint64_t>(core::unix_nanoseconds(at))));
  if (troubles_ != nullptr) answer.from += 2 * station.delay + troubles_->lateness(station.meter, at);
  answer.till = answer.from + duration_of(answer.bytes.size());
}

/// Under its own address, or under the one it shares with another.
bool Rs485Line::answer_of(std::size_t place, core::Instant at, dlt645::Wire& answer) {
  const auto& station = stations_[place];
  auto& meter = place_.meters[station.meter];
  const auto asked = frame_.address;
  if (troubles_ == nullptr || station.code == asked.code() || troubles_->double_of(station.meter) != asked)
    return meter.answer(frame_, at, answer, place_.happened);
  dlt645::Frame own = frame_;
  own.address = meter.address();
  if (!meter.answer(own, at, answer, place_.happened)) return false;
  troubles_->note_double();
  readdress(answer, asked);
  return true;
}

void Rs485Line::forget_old() {
  if (next_ == core::never) return air_.clear();
  auto begins = core::never;
  for (const auto& t : air_)
    if (!t.is_finished) begins = std::min(begins, t.from);
  std::erase_if(air_, [&](const auto& t) { return t.is_finished && t.till <= begins; });
}

void Rs485Line::refresh_next() {
  next_ = core::never;
  for (const auto& t : air_)
    if (!t.is_finished) next_ = std::min(next_, t.till);
}

core::Instant Rs485Line::busy_until(core::Instant at) const {
  auto until = at;
  for (const auto& t : air_)
    if (!t.is_finished && t.from < at) until = std::max(until, t.till);
  return until;
}

void Rs485Line::set_deaf(std::uint32_t meter_position, bool is_deaf) {
  for (auto& station : stations_)
    if (station.meter == meter_position) station.is_deaf = is_deaf;
}
}  // namespace model
