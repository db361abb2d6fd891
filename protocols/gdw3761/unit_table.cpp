// Names and layouts after Q/GDW 1376.1-2012; lengths cross-checked with checksum-valid captures where there
// are any.
#include <array>

#include "protocols/gdw3761/unit_catalogue.hpp"

namespace gdw3761 {
namespace {
/// A layout is a list of fields separated by `;`, each `[times]format[:label[:unit]]`. Formats: 5 7 8 9 10 11
/// 13 14 23 25 are the numbers of Appendix A; t1 t15 t20 t21 times; c the Td_c of a curve; n a count that `*`
/// repeats by; M a rate count that `+` repeats by, plus one; b1 .. b9 binary, low byte first; d a demand with
/// its time; s a relay state; m an archive row; u confirmed units; `?` in front: may be absent. Repeats need
/// their count before them.
struct UnitRow {
  Afn afn;
  int low, high;  ///< Fn from low to high, both included
  std::string_view name, answer, request;
};
using A = Afn;
constexpr std::string_view energies4 =
    "t15:read at;M:rates;+14:forward active:kWh;+11:reactive:kvarh;+11:quadrant a:kvarh;+11:quadrant b:kvarh";
constexpr std::string_view daily4 =
    "t20:day;t15:read at;M:rates;+14:active:kWh;+11:reactive:kvarh;+11:quadrant a:kvarh;+11:quadrant b:kvarh";
constexpr std::string_view monthly4 =
    "t21:month;t15:read at;M:rates;+14:active:kWh;+11:reactive:kvarh;+11:quadrant a:kvarh;+11:quadrant "
    "b:kvarh";
constexpr std::string_view active = "t15:read at;M:rates;+14:energy:kWh",
                           reactive = "t15:read at;M:rates;+11:energy:kvarh";
constexpr std::string_view demands = "t15:read at;M:rates;+d:demand:kW";
constexpr std::string_view purchase =
    "t15:read at;b2:purchases;14:remaining:kWh or yuan;14:bought in all:kWh or yuan;11:remaining energy:kWh;"
    "11:overdraft energy:kWh;11:energy in all:kWh;11:overdraft limit:kWh;11:alarm energy:kWh;11:fault "
    "energy:kWh";
constexpr std::string_view relay_state = "t15:read at;s:supply;t15:switched on;t15:switched off";
constexpr std::string_view archive = "n:rows;*m:meter";

constexpr std::array rows{
    UnitRow{A::confirm, 1, 1, "all confirmed", "", ""},
    UnitRow{A::confirm, 2, 2, "all denied", "", ""},
    UnitRow{A::confirm, 3, 3, "confirmed unit by unit", "b1:AFN;u", "b1:AFN;u"},
    UnitRow{A::reset, 1, 1, "hardware reset", "", ""},
    UnitRow{A::reset, 2, 2, "data area reset", "", ""},
    UnitRow{A::reset, 3, 3, "parameters and data reset", "", ""},
    UnitRow{A::reset, 4, 4, "parameters (but the uplink's) and data reset", "", ""},
    UnitRow{A::link, 1, 1, "login", "", ""},
    UnitRow{A::link, 2, 2, "logout", "", ""},
    UnitRow{A::link, 3, 3, "heartbeat", "?t1:clock", ""},
    UnitRow{A::relay, 1, 4, "relay station", "", ""},
    UnitRow{A::set, 1, 1, "uplink port parameters", "",
            "b1:RTS delay;b1:send delay;b2:answer timeout and resends;b1:services;b1:heartbeat minutes"},
    UnitRow{A::set, 3, 3, "head-end address and port", "", ""},
    UnitRow{A::set, 10, 10, "meter archive", archive, archive},
    UnitRow{A::set, 25, 25, "measuring point basics", "", ""},
    UnitRow{A::set, 26, 26, "measuring point limits", "", ""},
    UnitRow{A::set, 11, 11, "pulse inputs", "", ""},
    UnitRow{A::set, 33, 33, "meter reading parameters", "", ""},
    UnitRow{A::set, 34, 34, "port rates", "", ""},
    UnitRow{A::set, 241, 244, "device settings of our own", "", ""},
    UnitRow{A::set, 1, 89, "terminal parameters", "", ""},
    UnitRow{A::control, 1, 1, "trip a control round", "", ""},
    UnitRow{A::control, 2, 2, "allow closing of a control round", "", ""},
    UnitRow{A::control, 25, 25, "keep power on", "", ""},
    UnitRow{A::control, 26, 26, "dunning alarm on", "", ""},
    UnitRow{A::control, 29, 29, "spontaneous reports allowed", "", ""},
    UnitRow{A::control, 31, 31, "set clock", "t1:clock", "t1:clock"},
    UnitRow{A::control, 33, 33, "keep power off", "", ""},
    UnitRow{A::control, 34, 34, "dunning alarm off", "", ""},
    UnitRow{A::control, 37, 37, "spontaneous reports forbidden", "", ""},
    UnitRow{A::control, 49, 51, "meter reading on a port: pause, resume, again", "", "b1:port"},
    UnitRow{A::control, 53, 53, "forget all meters of a port", "", "b1:port"},
    UnitRow{A::control, 1, 60, "terminal control", "", ""},
    UnitRow{A::authenticate, 1, 4, "authentication", "", ""},
    UnitRow{A::report_request, 1, 8, "terminal configuration", "", ""},
    UnitRow{A::query, 10, 10, "meter archive", archive, "n:asked;*b2:index"},
    UnitRow{A::query, 241, 244, "device settings of our own", "", ""},
    UnitRow{A::query, 1, 89, "terminal parameters", "", ""},
    UnitRow{A::task, 1, 2, "task data", "", ""},
    UnitRow{A::current_data, 2, 2, "terminal clock", "t1:clock", ""},
    UnitRow{A::current_data, 7, 7, "event counters", "b1:important;b1:ordinary", ""},
    UnitRow{A::current_data, 25, 25, "present powers, factors, voltages, currents",
            "t15:read at;9:active power:kW;9:active power A:kW;9:active power B:kW;9:active power C:kW;"
            "9:reactive power:kvar;9:reactive power A:kvar;9:reactive power B:kvar;9:reactive power C:kvar;"
            "5:power factor:%;5:power factor A:%;5:power factor B:%;5:power factor C:%;7:voltage "
            "A:V;7:voltage B:V;"
            "7:voltage C:V;25:current A:A;25:current B:A;25:current C:A;25:zero-sequence current:A;"
            "9:apparent power:kVA;9:apparent power A:kVA;9:apparent power B:kVA;9:apparent power C:kVA",
            ""},
    UnitRow{A::current_data, 27, 27, "meter clock and programming", "", ""},
    UnitRow{A::current_data, 28, 28, "meter status words", "t15:read at;7b2:change word;7b2:status word", ""},
    UnitRow{A::current_data, 33, 33, "present forward energies", energies4, ""},
    UnitRow{A::current_data, 34, 34, "present reverse energies", energies4, ""},
    UnitRow{A::current_data, 37, 38, "last billing day's energies", energies4, ""},
    UnitRow{A::current_data, 35, 36, "this month's demands", "", ""},
    UnitRow{A::current_data, 49, 49, "present phase angles",
            "t15:read at;5:voltage A:deg;5:voltage B:deg;5:voltage C:deg;"
            "5:current A:deg;5:current B:deg;5:current C:deg",
            ""},
    UnitRow{A::current_data, 129, 129, "present forward active registers", active, ""},
    UnitRow{A::current_data, 131, 131, "present reverse active registers", active, ""},
    UnitRow{A::current_data, 130, 136, "present reactive registers", reactive, ""},
    UnitRow{A::current_data, 137, 137, "last billing day's forward active registers", active, ""},
    UnitRow{A::current_data, 139, 139, "last billing day's reverse active registers", active, ""},
    UnitRow{A::current_data, 138, 144, "last billing day's reactive registers", reactive, ""},
    UnitRow{A::current_data, 145, 152, "demands and their times", demands, ""},
    UnitRow{A::current_data, 153, 160, "time zone freezes of forward active registers", active, ""},
    UnitRow{A::current_data, 161, 161, "meter relay state", relay_state, ""},
    UnitRow{A::current_data, 165, 165, "meter switchings", "", ""},
    UnitRow{A::current_data, 166, 166, "meter parameter changes", "", ""},
    UnitRow{A::current_data, 167, 167, "meter purchase and use", purchase, ""},
    UnitRow{A::current_data, 168, 168, "meter settlement", "", ""},
    UnitRow{A::current_data, 169, 170, "meter reading by the concentrator", "", ""},
    UnitRow{A::current_data, 1, 170, "present data", "", ""},
    UnitRow{A::history_data, 1, 1, "daily freeze, forward energies", daily4, "t20:day"},
    UnitRow{A::history_data, 2, 2, "daily freeze, reverse energies", daily4, "t20:day"},
    UnitRow{A::history_data, 3, 8, "daily freeze, demands and energies", "", "t20:day"},
    UnitRow{A::history_data, 9, 9, "reading day freeze, forward energies", daily4, "t20:day"},
    UnitRow{A::history_data, 10, 10, "reading day freeze, reverse energies", daily4, "t20:day"},
    UnitRow{A::history_data, 11, 12, "reading day freeze, demands", "", "t20:day"},
    UnitRow{A::history_data, 17, 17, "monthly freeze, forward energies", monthly4, "t21:month"},
    UnitRow{A::history_data, 18, 18, "monthly freeze, reverse energies", monthly4, "t21:month"},
    UnitRow{A::history_data, 19, 24, "monthly freeze, demands and energies", "", "t21:month"},
    UnitRow{A::history_data, 25, 32, "daily statistics", "", "t20:day"},
    UnitRow{A::history_data, 33, 39, "monthly statistics", "", "t21:month"},
    UnitRow{A::history_data, 81, 84, "active power curve", "c:n;*9:power:kW", "c:curve"},
    UnitRow{A::history_data, 85, 88, "reactive power curve", "c:n;*9:power:kvar", "c:curve"},
    UnitRow{A::history_data, 89, 91, "voltage curve", "c:n;*7:voltage:V", "c:curve"},
    UnitRow{A::history_data, 92, 95, "current curve", "c:n;*25:current:A", "c:curve"},
    UnitRow{A::history_data, 97, 100, "energy curve", "c:n;*13:energy:kWh", "c:curve"},
    UnitRow{A::history_data, 101, 101, "forward active register curve", "c:n;*11:register:kWh", "c:curve"},
    UnitRow{A::history_data, 103, 103, "reverse active register curve", "c:n;*11:register:kWh", "c:curve"},
    UnitRow{A::history_data, 102, 104, "reactive register curve", "c:n;*11:register:kvarh", "c:curve"},
    UnitRow{A::history_data, 105, 108, "power factor curve", "c:n;*5:power factor:%", "c:curve"},
    UnitRow{A::history_data, 145, 148, "quadrant register curve", "c:n;*11:register:kvarh", "c:curve"},
    UnitRow{A::history_data, 161, 161, "daily freeze, forward active registers",
            "t20:day;t15:read at;M:rates;+14:energy:kWh", "t20:day"},
    UnitRow{A::history_data, 163, 163, "daily freeze, reverse active registers",
            "t20:day;t15:read at;M:rates;+14:energy:kWh", "t20:day"},
    UnitRow{A::history_data, 162, 168, "daily freeze, reactive registers",
            "t20:day;t15:read at;M:rates;+11:energy:kvarh", "t20:day"},
    UnitRow{A::history_data, 169, 169, "reading day freeze, forward active registers",
            "t20:day;t15:read at;M:rates;+14:energy:kWh", "t20:day"},
    UnitRow{A::history_data, 171, 171, "reading day freeze, reverse active registers",
            "t20:day;t15:read at;M:rates;+14:energy:kWh", "t20:day"},
    UnitRow{A::history_data, 170, 176, "reading day freeze, reactive registers",
            "t20:day;t15:read at;M:rates;+11:energy:kvarh", "t20:day"},
    UnitRow{A::history_data, 177, 177, "monthly freeze, forward active registers",
            "t21:month;t15:read at;M:rates;+14:energy:kWh", "t21:month"},
    UnitRow{A::history_data, 179, 179, "monthly freeze, reverse active registers",
            "t21:month;t15:read at;M:rates;+14:energy:kWh", "t21:month"},
    UnitRow{A::history_data, 178, 184, "monthly freeze, reactive registers",
            "t21:month;t15:read at;M:rates;+11:energy:kvarh", "t21:month"},
    UnitRow{A::history_data, 185, 188, "daily freeze, demands", "t20:day;t15:read at;M:rates;+d:demand:kW",
            "t20:day"},
    UnitRow{A::history_data, 189, 192, "reading day freeze, demands",
            "t20:day;t15:read at;M:rates;+d:demand:kW", "t20:day"},
    UnitRow{A::history_data, 193, 196, "monthly freeze, demands",
            "t21:month;t15:read at;M:rates;+d:demand:kW", "t21:month"},
    UnitRow{A::history_data, 209, 209, "daily freeze, meter relay state",
            "t20:day;t15:read at;s:supply;t15:switched on;t15:switched off", "t20:day"},
    UnitRow{A::history_data, 213, 216, "daily freeze, switchings, purchase and settlement", "", "t20:day"},
    UnitRow{A::history_data, 1, 218, "history data", "", ""},
    UnitRow{A::event_data, 1, 1, "important events", "", "b1:from;b1:till"},
    UnitRow{A::event_data, 2, 2, "ordinary events", "", "b1:from;b1:till"},
    UnitRow{A::file, 1, 1, "file transfer", "", ""},
    UnitRow{A::forward, 1, 1, "transparent forwarding", "", ""},
    UnitRow{A::forward, 9, 9, "forwarded direct reading", "", ""},
    UnitRow{A::forward, 10, 10, "forwarded trip or close-allow", "", ""},
    UnitRow{A::forward, 11, 11, "forwarded power-on", "", ""},
};
}  // namespace

std::string_view name_of(Afn afn) {
  switch (afn) {
    case Afn::confirm:
      return "confirm or deny";
    case Afn::reset:
      return "reset";
    case Afn::link:
      return "link";
    case Afn::relay:
      return "relay station";
    case Afn::set:
      return "set parameters";
    case Afn::control:
      return "control";
    case Afn::authenticate:
      return "authenticate";
    case Afn::cascade:
      return "cascaded terminals";
    case Afn::report_request:
      return "terminal configuration";
    case Afn::query:
      return "query parameters";
    case Afn::task:
      return "task data";
    case Afn::current_data:
      return "class 1 data";
    case Afn::history_data:
      return "class 2 data";
    case Afn::event_data:
      return "class 3 data";
    case Afn::file:
      return "file transfer";
    case Afn::forward:
      return "data forwarding";
  }
  return "unknown";
}

UnitDescription describe_unit(Afn afn, int fn) {
  for (const auto& row : rows)
    if (row.afn == afn && row.low <= fn && fn <= row.high) return {row.name, row.answer, row.request};
  return {};
}

std::string_view name_of(Afn afn, int fn) { return describe_unit(afn, fn).name; }
}  // namespace gdw3761
