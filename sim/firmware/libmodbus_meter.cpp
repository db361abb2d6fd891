#include "sim/firmware/libmodbus_meter.hpp"

#include <modbus/modbus.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "core/check.hpp"

namespace sim {
namespace {
constexpr int register_count = 0x11;  // 0000H .. 0010H
constexpr int programming_code_at = 0x0A;

/// Register map of the DDSY1352 [installation manual, register table]; U32 values have their high word first.
void put_u32(std::uint16_t* registers, std::uint32_t value) {
  registers[0] = static_cast<std::uint16_t>(value >> 16);
  registers[1] = static_cast<std::uint16_t>(value);
}
}  // namespace

struct LibmodbusMeter::Firmware {
  explicit Firmware(std::uint8_t unit) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
      throw std::runtime_error("no socket pair for a Modbus meter");
    // The device is never opened: libmodbus is handed its end of the socket pair as if it had been.
    context = modbus_new_rtu("/dev/null", 9600, 'N', 8, 1);
    map = modbus_mapping_new(0, 0, register_count, 0);
    if (context == nullptr || map == nullptr) throw std::runtime_error("no memory for a Modbus meter");
    METERTWIN_CHECK(modbus_set_slave(context, unit) == 0, int{unit});
    modbus_set_socket(context, sockets[0]);
    // A microsecond instead of a line's silence: everything that will come has come before it looks.
    modbus_set_byte_timeout(context, 0, 1);
    modbus_set_indication_timeout(context, 0, 1);
    modbus_set_response_timeout(context, 0,
                                1);  // it sleeps this long, of the wall's time, after some refusals
  }
  ~Firmware() {
    modbus_mapping_free(map);
    modbus_free(context);
    for (const int socket : sockets) ::close(socket);
  }
  Firmware(const Firmware&) = delete;
  Firmware& operator=(const Firmware&) = delete;

  std::array<int, 2> sockets{-1, -1};  ///< [0] the firmware's serial port, [1] the line
  modbus_t* context = nullptr;
  modbus_mapping_t* map = nullptr;
};

LibmodbusMeter::LibmodbusMeter(std::uint8_t unit) : firmware_(std::make_unique<Firmware>(unit)) {
  METERTWIN_CHECK(unit >= 1 && unit <= 247, int{unit});
}

LibmodbusMeter::~LibmodbusMeter() = default;

void LibmodbusMeter::measure(const LibmodbusReadings& readings) {
  std::uint16_t* registers = firmware_->map->tab_registers;
  put_u32(registers + 0x00, readings.energy_total_centikWh);
  put_u32(registers + 0x02, readings.energy_sharp_centikWh);
  put_u32(registers + 0x04, readings.energy_peak_centikWh);
  put_u32(registers + 0x06, readings.energy_flat_centikWh);
  put_u32(registers + 0x08, readings.energy_valley_centikWh);
  registers[0x0B] = readings.voltage_dV;
  registers[0x0C] = readings.current_cA;
  registers[0x0D] = static_cast<std::uint16_t>(readings.power_W);
  registers[0x0F] = readings.apparent_power_VA;
  registers[0x10] = static_cast<std::uint16_t>(readings.power_factor_per_mille);
}

std::uint16_t LibmodbusMeter::programming_code() const {
  return firmware_->map->tab_registers[programming_code_at];
}

core::Bytes LibmodbusMeter::hear(core::Bytes frame) {
  answer_.clear();
  const int line = firmware_->sockets[1];
  if (frame.empty() ||
      ::send(line, frame.data(), frame.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(frame.size()))
    return {};
  std::array<std::uint8_t, MODBUS_RTU_MAX_ADU_LENGTH> request{};
  const int length = modbus_receive(firmware_->context, request.data());
  if (length > 0) modbus_reply(firmware_->context, request.data(), length, firmware_->map);
  // Half a frame and what follows a bad one is gone with the silence that follows it.
  std::array<std::uint8_t, 512> bytes;
  while (::recv(firmware_->sockets[0], bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  for (ssize_t count; (count = ::recv(line, bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0;)
    answer_.insert(answer_.end(), bytes.begin(), bytes.begin() + count);
  return answer_;
}
}  // namespace sim
