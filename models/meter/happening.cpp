#include "models/meter/happening.hpp"

namespace model {
std::string_view name_of(RelayCause cause) {
  switch (cause) {
    case RelayCause::none:
      return "";
    case RelayCause::remote_command:
      return "remote command";
    case RelayCause::arrears:
      return "arrears";
    case RelayCause::alarm2:
      return "alarm 2";
    case RelayCause::recharge:
      return "recharge";
    case RelayCause::button:
      return "button";
    case RelayCause::keep_power:
      return "keep power";
    case RelayCause::power_limit:
      return "power limit";
    case RelayCause::limit_released:
      return "limit released";
  }
  return "";
}

std::string_view name_of(MeterHappening::Kind kind) {
  using Kind = MeterHappening::Kind;
  switch (kind) {
    case Kind::relay_opened:
      return "relay-opened";
    case Kind::relay_closed:
      return "relay-closed";
    case Kind::close_allowed:
      return "close-allowed";
    case Kind::trip_commanded:
      return "trip-commanded";
    case Kind::command_refused:
      return "command-refused";
    case Kind::recharge_applied:
      return "recharge-applied";
    case Kind::recharge_refused:
      return "recharge-refused";
    case Kind::money_exhausted:
      return "money-exhausted";
    case Kind::alarm1_reached:
      return "alarm1-reached";
    case Kind::alarm2_reached:
      return "alarm2-reached";
    case Kind::supply_lost:
      return "supply-lost";
    case Kind::supply_restored:
      return "supply-restored";
    case Kind::keep_power_on:
      return "keep-power-on";
    case Kind::keep_power_off:
      return "keep-power-off";
    case Kind::clock_set:
      return "clock-set";
    case Kind::limit_set:
      return "limit-set";
    case Kind::limit_released:
      return "limit-released";
    case Kind::call_heard:
      return "call-heard";
    case Kind::call_answered:
      return "call-answered";
    case Kind::load_shed:
      return "load-shed";
    case Kind::load_withheld:
      return "load-withheld";
  }
  return "";
}
}  // namespace model
