/// Speaks DL/T 645-2007 with one meter through its concentrator (透明转发, AFN 10 F1).
///
/// The concentrator puts our bytes on the meter's line and hands back what it heard, or nothing. What it
/// heard may be the late answer to an earlier request, or another meter's: only a frame from the asked meter
/// with the asked function is an answer, and callers also check the data identifier. How it went is counted
/// by line (field_records.hpp), and the line's round trips make its time-out. Errors: timeout (the
/// concentrator did not answer), no_data (the meter did not), link_closed, refused (the concentrator denies).
#pragma once
#include "head-end/collect/desk.hpp"
#include "head-end/collect/session.hpp"
#include "protocols/dlt645/security.hpp"

namespace headend {
class MeterLine {
 public:
  MeterLine(Desk& desk, Session& session) : desk_(desk), session_(session) {}

  /// One request, one answer. `attempts` > 1 only for requests that change nothing.
  seam::asio::awaitable<core::Result<dlt645::Frame>> ask(const MeterFile& meter, const dlt645::Wire& request,
                                                         dlt645::Function expected, int attempts);
  /// 04000503: what the relay is and what it was told.
  seam::asio::awaitable<core::Result<std::uint16_t>> read_status_word_3(const MeterFile& meter);
  /// 078102FF: remaining money and purchase count, together.
  seam::asio::awaitable<core::Result<dlt645::PurseState>> read_purse(const MeterFile& meter);
  /// 00900200 minus 00900201, with the purchase count: what the meter holds for its customer.
  struct Holding {
    Fen remaining_minus_overdraft;
    std::uint32_t purchase_count = 0;
    Instant asked_at;
  };
  seam::asio::awaitable<core::Result<Holding>> read_holding(const MeterFile& meter);
  /// 00010000: what the register shows now.
  seam::asio::awaitable<core::Result<CentiKilowattHours>> read_register(const MeterFile& meter);
  /// Any item that is one whole number of so many bytes.
  seam::asio::awaitable<core::Result<std::int64_t>> read_item(const MeterFile& meter,
                                                              dlt645::DataIdentifier item, std::size_t bytes);

 private:
  seam::asio::awaitable<core::Result<std::int64_t>> read_number(const MeterFile& meter,
                                                                dlt645::DataIdentifier item);
  seam::asio::awaitable<core::Result<Fen>> read_money(const MeterFile& meter, dlt645::DataIdentifier item);

  Desk& desk_;
  Session& session_;
};
}  // namespace headend
