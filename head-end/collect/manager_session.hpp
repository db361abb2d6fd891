/// One connection of one communication manager (通信管理机): Modbus-TCP, the manager writes, we are the
/// server.
///
/// First it writes who it is, then its readings (docs/wire/uploads.md). A good upload is answered when it is
/// durable; all answers keep the order of their requests. Bytes that are no Modbus-TCP frame end the
/// connection: the stream has nothing to find a next frame by. Coroutines refer to the session but never own
/// it.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "head-end/collect/estate.hpp"
#include "head-end/collect/ingest.hpp"
#include "head-end/collect/outbox.hpp"

namespace headend {
class ManagerSession final : public Creditor {
 public:
  struct Surroundings {
    seam::Clock& clock;
    const Estate& estate;
    Ingest& ingest;
    /// Called once, when it has said who it is.
    std::function<void(ConcentratorId id, const std::string& peer)> named;
  };
  ManagerSession(const Surroundings& surroundings, std::unique_ptr<seam::Link> link);
  ~ManagerSession() override;
  ManagerSession(const ManagerSession&) = delete;
  ManagerSession& operator=(const ManagerSession&) = delete;

  /// Reads until the link closes, by either side or by silence.
  seam::asio::awaitable<void> listen();
  /// Sends answers, those to uploads after their commit; until the connection ends.
  seam::asio::awaitable<void> answer();
  void durable() override;
  void close();
  /// Nothing before the manager has said who it is.
  const ConcentratorArea* area() const { return area_; }
  bool owes_anything() const { return !owed_.empty() || !ready_.empty() || outbox_.backlog() > 0; }

 private:
  /// False: these bytes are no Modbus-TCP, or a stranger.
  bool hear(core::Bytes bytes);
  bool hear_request(const modbus::tcp::AduView& request);
  bool hear_identity(const modbus::tcp::WriteRequest& write);
  void hear_upload(const modbus::tcp::AduView& request, const modbus::tcp::WriteRequest& write);
  void owe(const modbus::tcp::Adu& adu, bool is_confirmation);

  Surroundings around_;
  std::unique_ptr<seam::Link> link_;
  Outbox outbox_;
  std::vector<std::uint8_t> buffer_;
  std::size_t held_ = 0;  ///< bytes of an unfinished frame at the front of the buffer
  const ConcentratorArea* area_ = nullptr;
  bool is_open_ = true;
  bool is_creditor_ = false;
  std::uint64_t requests_heard_ = 0;
  std::unique_ptr<seam::Alarm> turn_bell_, answerer_;
  std::vector<std::uint8_t> owed_, ready_,
      leaving_;  ///< answers waiting for the commit; to be sent; being sent
  std::uint64_t owed_answers_ = 0, owed_confirmations_ = 0;
};
}  // namespace headend
