/// The meter's firmware at the moment it hears one frame: who is meant, what is asked, what may be done, what
/// is said.
///
/// Lives for one frame and acts on its meter. DL/T 645-2007 control codes 03, 08, 11..1D. Anything else,
/// another meter's address, broadcasts, and commands to a wildcard address are met with silence; everything
/// that is refused is refused with the reason bits of the standard. Time: the instant the frame's last byte
/// arrived. Errors: none; no input harms it.
#pragma once
#include <optional>

#include "models/meter/memory.hpp"
#include "models/meter/meter.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/security.hpp"

namespace model {
class Firmware {
 public:
  Firmware(Meter& meter, core::Instant at, dlt645::Wire& out, MeterHappenings& happened)
      : meter_(meter),
        memory_(*meter.memory_),
        at_(at),
        out_(out),
        happened_(happened),
        civil_s_(meter.clock_.civil_s(at)) {}

  /// True when an answer was written.
  bool hear(const dlt645::Frame& frame);

  /// Longest value of an item before it is cut into follow-up frames.
  static constexpr std::size_t value_bytes_max = 96 * 32;
  using Value = core::ByteBuffer<value_bytes_max>;

 private:
  using Frame = dlt645::Frame;
  using Item = dlt645::DataIdentifier;
  using Refusal = dlt645::Refusal;

  // firmware.cpp: who is meant
  void hear_broadcast(const Frame& frame);
  bool obey(const Frame& frame);
  bool say_done(dlt645::Function function);
  bool refuse(dlt645::Function function, Refusal reason);
  bool is_allowed(const dlt645::Password& password, int level_needed);
  dlt645::Wire& start_answer();

  // firmware_read.cpp
  bool read(const Frame& frame);
  bool read_follow_up(const Frame& frame);
  bool read_load_records(const dlt645::ReadRequest& request, core::Bytes asked);
  bool answer_one_record(const dlt645::ReadRequest& request, std::uint32_t shown, core::Bytes time);
  bool send_value(Item item, core::Bytes value);
  bool value_of(Item item, Value& out) const;
  bool energy(Item item, Value& out) const;
  bool one_energy(int type, int rate, int billing_day, Value& out) const;
  bool demand(Item item, Value& out) const;
  bool money(Item item, Value& out) const;
  bool freeze_value(Item item, Value& out) const;
  bool hourly_freeze(Item item, Value& out) const;
  void freeze_part(const Freeze& freeze, int part, Value& out) const;

  // firmware_present.cpp: instantaneous values and events
  double days_in_service() const;
  bool variable(Item item, Value& out) const;
  bool phase_values(Item item, Value& out) const;
  struct Measured {
    core::Millivolts voltage;
    core::Milliwatts power;
    core::Millivars reactive;
  };
  Measured measured() const;
  std::optional<Measured> measured_on(int phase) const;
  void put_phase_value(int quantity, int of_phase, Value& out) const;
  bool event(Item item, Value& out) const;
  bool event_record(EventKind kind, std::size_t nth, Value& out) const;
  bool purchase_record(Item item, Value& out) const;

  // firmware_parameters.cpp
  bool parameter(Item item, Value& out) const;
  bool clock_parameter(Item item, Value& out) const;
  bool plate_parameter(Item item, Value& out) const;
  bool limit_parameter(Item item, Value& out) const;
  bool tariff_parameter(Item item, Value& out) const;
  bool status_word(int number, Value& out) const;
  std::uint16_t status(int number) const;

  // firmware_write.cpp
  bool write(const Frame& frame);
  Refusal write_item(Item item, core::Bytes value);
  Refusal write_clock(Item item, core::Bytes value);
  Refusal write_limit(Item item, core::Bytes value);
  Refusal write_calendar(Item item, core::Bytes value);
  Refusal write_tariff(Item item, core::Bytes value);
  Refusal write_day_table(Item item, core::Bytes value);
  bool write_plain_parameter(Item item, core::Bytes value);
  void program_tariff(const TariffTables& tables);

  // firmware_limit.cpp
  bool load_control(Item item, Value& out) const;
  Refusal write_load_control(Item item, core::Bytes value);
  Refusal write_load_limit(core::Bytes value);
  Refusal write_load_call(core::Bytes value);

  // firmware_commands.cpp
  bool write_address(const Frame& frame);
  bool freeze(const Frame& frame);
  bool change_baud(const Frame& frame);
  bool change_password(const Frame& frame);
  bool clear(const Frame& frame);
  void clear_meter();
  bool remote_control(const Frame& frame);
  bool trip();
  void take_broadcast_time(const Frame& frame);

  // firmware_security.cpp
  bool security(const Frame& frame);
  bool purchase(const dlt645::SecurityRequest& request);
  bool open_account(const dlt645::PurchaseRequest& request);
  bool authenticate(const dlt645::SecurityRequest& request);
  bool refuse_security(dlt645::SecurityRefusal reason);
  bool refuse_purchase(const dlt645::PurchaseRequest& request, dlt645::SecurityRefusal reason);
  dlt645::PurseState purse_state() const;

  Meter& meter_;
  MeterMemory& memory_;
  core::Instant at_;
  dlt645::Wire& out_;
  MeterHappenings& happened_;
  std::int64_t civil_s_;
  dlt645::OperatorCode operator_code_ = 0;  ///< of a clock setting under way
};
}  // namespace model
