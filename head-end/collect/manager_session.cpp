#include "head-end/collect/manager_session.hpp"

#include <algorithm>
#include <utility>

#include "head-end/collect/session.hpp"

namespace headend {
namespace tcp = modbus::tcp;
namespace {
constexpr std::size_t read_bytes_max = 16'384;
}

ManagerSession::ManagerSession(const Surroundings& surroundings, std::unique_ptr<seam::Link> link)
    : around_(surroundings),
      link_(std::move(link)),
      outbox_(*link_),
      buffer_(read_bytes_max + tcp::adu_bytes_max),
      answerer_(around_.clock.make_alarm()) {}

ManagerSession::~ManagerSession() {
  if (is_creditor_) around_.ingest.forget(*this);
  around_.ingest.statistics.owed -= owed_answers_;
}

void ManagerSession::close() {
  if (!is_open_) return;
  is_open_ = false;
  link_->close();
  answerer_->ring();
}

seam::asio::awaitable<void> ManagerSession::listen() {
  Instant give_up = around_.clock.now() + login_patience;
  bool is_welcome = true;
  while (is_open_ && is_welcome) {
    const std::span<std::uint8_t> room = std::span(buffer_).subspan(held_);
    const auto got = co_await link_->read_some(room, give_up);
    if (!got) break;
    if (area_ != nullptr && !around_.ingest.may_go_now(*got)) co_await around_.ingest.turn(*got, turn_bell_);
    const auto heard_before = requests_heard_;
    is_welcome = hear(core::Bytes(buffer_).first(held_ + *got));
    if (area_ != nullptr && requests_heard_ != heard_before) give_up = around_.clock.now() + silence_max;
  }
  close();
}

bool ManagerSession::hear(core::Bytes bytes) {
  const auto owed_before = owed_answers_;
  bool is_proper = true;
  while (is_proper) {
    const auto request = tcp::decode(bytes);
    if (!request) {
      is_proper = request.error() == core::Fault::incomplete;
      break;
    }
    ++requests_heard_;
    is_proper = hear_request(*request);
    bytes = bytes.subspan(request->length);
  }
  if (owed_answers_ != owed_before) {
    around_.ingest.came();
    if (!std::exchange(is_creditor_, true)) around_.ingest.owe(*this);
  }
  if (!is_proper) return false;
  std::copy(bytes.begin(), bytes.end(), buffer_.begin());
  held_ = bytes.size();
  return true;
}

bool ManagerSession::hear_request(const tcp::AduView& request) {
  const auto refuse = [&](tcp::Exception exception) {
    tcp::Adu adu;
    tcp::put_exception(request.transaction, request.unit, request.pdu[0], exception, adu);
    owe(adu, false);
    return true;
  };
  const auto write = tcp::parse_write(request.pdu);
  if (!write)
    return refuse(write.error() == core::Fault::unknown_item ? tcp::Exception::illegal_function
                                                             : tcp::Exception::illegal_value);
  if (write->address == identity_window) {
    if (!hear_identity(*write)) return false;
    tcp::Adu adu;
    tcp::put_write_answer(request.transaction, request.unit, write->address, write->count, adu);
    owe(adu, false);
    return true;
  }
  if (write->address != upload_window || area_ == nullptr) return refuse(tcp::Exception::illegal_address);
  hear_upload(request, *write);
  return true;
}

bool ManagerSession::hear_identity(const tcp::WriteRequest& write) {
  if (write.count != 2) return false;
  const auto* const known =
      around_.estate.find(modbus::u16_at(write.registers, 0), modbus::u16_at(write.registers, 1));
  // Who has said a name keeps to it.
  if (known == nullptr || !known->file->reports || (area_ != nullptr && area_ != known)) return false;
  const bool is_first_time = std::exchange(area_, known) == nullptr;
  if (is_first_time) around_.named(known->file->id, link_->peer());
  return true;
}

void ManagerSession::hear_upload(const tcp::AduView& request, const tcp::WriteRequest& write) {
  auto& ingest = around_.ingest;
  auto outcome = tcp::Exception::device_busy;
  if (!ingest.admits_next()) {
    ++ingest.statistics.frames_refused;
  } else {
    outcome = ingest.take(*area_, write);
  }
  tcp::Adu adu;
  if (outcome == tcp::Exception::none) {
    tcp::put_write_answer(request.transaction, request.unit, write.address, write.count, adu);
  } else {
    tcp::put_exception(request.transaction, request.unit, request.pdu[0], outcome, adu);
  }
  owe(adu, outcome == tcp::Exception::none);
}

void ManagerSession::owe(const tcp::Adu& adu, bool is_confirmation) {
  owed_.insert(owed_.end(), adu.begin(), adu.end());
  ++owed_answers_;
  owed_confirmations_ += is_confirmation ? 1 : 0;
  ++around_.ingest.statistics.owed;
}

void ManagerSession::durable() {
  is_creditor_ = false;
  ready_.insert(ready_.end(), owed_.begin(), owed_.end());
  owed_.clear();
  around_.ingest.statistics.owed -= std::exchange(owed_answers_, 0);
  around_.ingest.statistics.frames_confirmed += std::exchange(owed_confirmations_, 0);
  answerer_->ring();
}

seam::asio::awaitable<void> ManagerSession::answer() {
  while (is_open_) {
    if (ready_.empty()) co_await answerer_->wait_until(core::never);
    std::swap(ready_, leaving_);
    if (!leaving_.empty()) co_await outbox_.send(leaving_);
    leaving_.clear();
  }
}
}  // namespace headend
