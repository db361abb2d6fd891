#include "models/grid/opendss_objects.hpp"

#include <algorithm>
#include <array>

namespace model::grid {
namespace {
bool delta_of(const DssWord& word) {
  const std::string connection = lower_case(word.value);
  if (is_one_of(connection, {"delta", "ll", "d"})) return true;
  if (is_one_of(connection, {"wye", "y", "ln", "star"})) return false;
  word.refuse("connection \"" + word.value + "\" is neither wye nor delta");
}
}  // namespace

bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}
void refuse_property(const DssWord& word, const char* object) {
  if (word.name.empty()) word.refuse("\"" + word.value + "\": expected property=value");
  word.refuse("property \"" + word.name + "\" of a " + object + " is outside the subset that is read");
}

double km_of_unit(const DssWord& word) {
  static constexpr std::array<std::pair<std::string_view, double>, 9> units = {{{"none", 0},
                                                                                {"mi", 1.609344},
                                                                                {"kft", 0.3048},
                                                                                {"km", 1},
                                                                                {"m", 0.001},
                                                                                {"ft", 0.0003048},
                                                                                {"in", 0.0000254},
                                                                                {"cm", 0.00001},
                                                                                {"mm", 0.000001}}};
  for (const auto& [name, km] : units)
    if (lower_case(word.value) == name) return km;
  word.refuse("unknown unit of length \"" + word.value + "\"");
}

bool DssImpedance::set(const DssWord& word) {
  const std::string& key = word.name;
  if (is_one_of(key, {"nphases", "phases"})) {
    phases = word.whole(1, 4);
    R.reset(), X.reset(), C_nF.reset();
  } else if (key == "r1") {
    R1 = word.number(), R.reset(), X.reset();
  } else if (key == "x1") {
    X1 = word.number(), R.reset(), X.reset();
  } else if (key == "r0") {
    R0 = word.number(), R.reset(), X.reset();
  } else if (key == "x0") {
    X0 = word.number(), R.reset(), X.reset();
  } else if (key == "c1") {
    C1_nF = word.number(), C_nF.reset();
  } else if (key == "c0") {
    C0_nF = word.number(), C_nF.reset();
  } else if (key == "rmatrix") {
    R = word.matrix(phases);
  } else if (key == "xmatrix") {
    X = word.matrix(phases);
  } else if (key == "cmatrix") {
    C_nF = word.matrix(phases);
  } else if (key == "units") {
    unit_km = km_of_unit(word);
  } else if (key == "normamps") {
    rated_A = word.number();
  } else if (key == "basefreq") {
    base_Hz = word.positive();
  } else {
    return is_one_of(key, {"emergamps", "faultrate", "pctperm", "repair", "ratings", "seasons"});
  }
  return true;
}

void DssCircuit::set(const DssWord& word) {
  const std::string& key = word.name;
  if (key == "bus1") {
    bus = word.value;
  } else if (key == "basekv") {
    voltage_kV = word.positive();
  } else if (key == "pu") {
    voltage_pu = word.positive();
  } else if (key == "angle") {
    angle_deg = word.number();
  } else if (key == "mvasc3") {
    short_circuit_3_MVA = word.positive(), short_circuit_3_A = 0;
  } else if (key == "mvasc1") {
    short_circuit_1_MVA = word.positive(), short_circuit_1_A = 0;
  } else if (key == "isc3") {
    short_circuit_3_A = word.positive();
  } else if (key == "isc1") {
    short_circuit_1_A = word.positive();
  } else if (key == "x1r1") {
    X1_to_R1 = word.number();
  } else if (key == "x0r0") {
    X0_to_R0 = word.number();
  } else if (key == "r1") {
    R1 = word.number();
  } else if (key == "x1") {
    X1 = word.number();
  } else if (key == "r0") {
    R0 = word.number();
  } else if (key == "x0") {
    X0 = word.number();
  } else if (is_one_of(key, {"z1", "z0"})) {
    const auto Z = word.numbers();
    if (Z.size() != 2) word.refuse("expected [R, X]");
    (key == "z1" ? R1 : R0) = Z[0];
    (key == "z1" ? X1 : X0) = Z[1];
  } else if (key == "frequency") {
    frequency_Hz = word.positive();
  } else if (key == "phases") {
    word.whole(3, 3);
  } else if (!is_one_of(key, {"basemva", "model", "sequence", "scantype", "basefreq"})) {
    refuse_property(word, "circuit");
  }
}

void DssLine::set(const DssWord& word) {
  const std::string& key = word.name;
  if (key == "bus1") {
    from_bus = word.value;
  } else if (key == "bus2") {
    to_bus = word.value;
  } else if (key == "linecode") {
    code = lower_case(word.value);
  } else if (key == "length") {
    length = word.number();
  } else if (key == "units") {
    unit_km = km_of_unit(word);
  } else if (key == "switch") {
    is_switch = word.yes();
    if (is_switch) become_switch();
  } else if (key == "enabled") {
    is_enabled = word.yes();
  } else {
    if (is_one_of(key, {"r1", "x1", "r0", "x0", "rmatrix", "xmatrix"})) code.clear();
    if (!own.set(word)) refuse_property(word, "line");
  }
}

/// OpenDSS: "dummy" impedances of 1 + j1 ohm a unit over a thousandth of one; what follows may change them.
void DssLine::become_switch() {
  if (!code.empty()) phases_code = code;
  code.clear();
  own.R.reset(), own.X.reset(), own.C_nF.reset();
  own.R1 = own.X1 = own.R0 = own.X0 = 1;
  own.C1_nF = 1.1, own.C0_nF = 1;
  length = 0.001;
  unit_km = own.unit_km = 0;
}

void DssTransformer::set(const DssWord& word) {
  const std::string& key = word.name;
  const auto both = [&](auto assign) {
    const auto cells = word.list();
    if (cells.size() != 2) word.refuse("expected two values, one a winding");
    for (int i = 0; i < 2; ++i) {
      DssWord cell = word;
      cell.value = cells[static_cast<std::size_t>(i)];
      assign(side[i], cell);
    }
  };
  if (key == "windings") {
    word.whole(2, 2);
  } else if (key == "phases") {
    if (word.whole(1, 3) != 3) word.refuse("only three-phase transformers are known");
  } else if (key == "wdg") {
    winding = word.whole(1, 2) - 1;
  } else if (key == "bus") {
    side[winding].bus = word.value;
  } else if (key == "conn") {
    side[winding].is_delta = delta_of(word);
  } else if (key == "kv") {
    side[winding].kV = word.positive();
  } else if (key == "kva") {
    side[winding].kVA = word.positive();
  } else if (key == "tap") {
    side[winding].tap = word.positive();
  } else if (key == "%r") {
    side[winding].resistance_percent = word.number();
  } else if (key == "buses") {
    both([](Side& s, const DssWord& cell) { s.bus = cell.value; });
  } else if (key == "conns") {
    both([](Side& s, const DssWord& cell) { s.is_delta = delta_of(cell); });
  } else if (key == "kvs") {
    both([](Side& s, const DssWord& cell) { s.kV = cell.positive(); });
  } else if (key == "kvas") {
    both([](Side& s, const DssWord& cell) { s.kVA = cell.positive(); });
  } else if (key == "taps") {
    both([](Side& s, const DssWord& cell) { s.tap = cell.positive(); });
  } else if (key == "%rs") {
    both([](Side& s, const DssWord& cell) { s.resistance_percent = cell.number(); });
  } else if (is_one_of(key, {"xhl", "x12"})) {
    reactance_percent = word.number();
  } else if (key == "%loadloss") {
    side[0].resistance_percent = side[1].resistance_percent = word.number() / 2;
  } else if (key == "leadlag") {
    low_side_leads = is_one_of(lower_case(word.value), {"lead", "euro"});
  } else if (key == "enabled") {
    is_enabled = word.yes();
  } else if (is_one_of(key, {"%noloadloss", "%imag", "rneut", "xneut"})) {
    if (word.number() != 0)
      word.refuse("\"" + key +
                  "\" other than 0 is outside the subset that is read: it would change the answer");
  } else if (!is_one_of(key, {"ppm", "ppm_antifloat", "sub", "subname", "maxtap", "mintap", "numtaps", "xht",
                              "xlt", "basefreq", "normhkva", "emerghkva", "thermal", "core", "bank"})) {
    refuse_property(word, "transformer");
  }
}

void DssLoad::set(const DssWord& word) {
  const std::string& key = word.name;
  if (key == "bus1") {
    bus = word.value;
  } else if (key == "phases") {
    phases = word.whole(1, 3);
  } else if (key == "kv") {
    kV = word.positive();
  } else if (key == "kw") {
    kW = word.number();
    if (given == Given::kVA) given = Given::power_factor;
  } else if (key == "kvar") {
    kvar = word.number(), given = Given::kvar;
  } else if (key == "kva") {
    kVA = word.number(), given = Given::kVA;
  } else if (key == "pf") {
    power_factor = word.number();
    if (power_factor == 0 || power_factor < -1 || power_factor > 1)
      word.refuse("a power factor lies between -1 and 1 and is not 0");
    if (given == Given::kvar) given = Given::power_factor;
  } else if (key == "model") {
    model = word.whole(1, 8);
    if (!is_one_of(word.value, {"1", "2", "5", "8"}))
      word.refuse("load model " + word.value + " is outside the subset that is read (1, 2, 5 and 8)");
  } else if (key == "conn") {
    is_delta = delta_of(word);
  } else if (is_one_of(key, {"daily", "yearly", "duty"})) {
    if (key == "daily" || shape.empty() || shape_word.name != "daily") {
      shape = lower_case(word.value);
      shape_word = word;
    }
  } else if (key == "vminpu") {
    voltage_pu_min = word.number();
  } else if (key == "vmaxpu") {
    voltage_pu_max = word.number();
  } else if (key == "zipv") {
    zip = word.numbers();
    if (zip.size() < 6 || zip.size() > 7) word.refuse("expected seven numbers");
  } else if (key == "status") {
    is_fixed = lower_case(word.value).rfind('f', 0) == 0;
  } else if (key == "enabled") {
    is_enabled = word.yes();
  } else if (!is_one_of(key, {"class", "numcust", "%mean", "%stddev", "basefreq", "spectrum", "vlowpu",
                              "vminnorm", "vminemerg", "growth", "%seriesrl", "relweight"})) {
    refuse_property(word, "load");
  }
}

DssLoad DssGenerator::usual() {
  DssLoad load;
  load.kW = 100;
  load.power_factor = 0.8;
  return load;
}

void DssGenerator::set(const DssWord& word) {
  const std::string& key = word.name;
  if (key == "model") {
    if (word.whole(1, 7) > 2)
      word.refuse("generator model " + word.value + " is outside the subset that is read (1 and 2)");
    load.model = word.whole(1, 2);
  } else if (is_one_of(key, {"bus1", "phases", "kv", "kw", "kvar", "pf", "conn", "daily", "yearly", "duty",
                             "vminpu", "vmaxpu", "enabled", "class"})) {
    load.set(word);
  } else if (!is_one_of(key, {"kva", "mva", "basefreq", "spectrum", "balanced", "xd", "xdp", "xdpp", "h", "d",
                              "rneut", "xneut", "maxkvar", "minkvar", "pvfactor", "status", "forceon"})) {
    refuse_property(word, "generator");
  }
}

void DssCapacitor::set(const DssWord& word) {
  const std::string& key = word.name;
  if (key == "bus1") {
    bus = word.value;
  } else if (key == "phases") {
    phases = word.whole(1, 3);
  } else if (key == "kvar") {
    kvar = word.number();
  } else if (key == "kv") {
    kV = word.positive();
  } else if (key == "conn") {
    is_delta = delta_of(word);
  } else if (key == "numsteps") {
    word.whole(1, 1);
  } else if (key == "enabled") {
    is_enabled = word.yes();
  } else if (is_one_of(key, {"r", "xl"})) {
    if (word.number() != 0)
      word.refuse("\"" + key +
                  "\" other than 0 is outside the subset that is read: it would change the answer");
  } else if (!is_one_of(key, {"normamps", "emergamps", "faultrate", "pctperm", "repair", "basefreq"})) {
    refuse_property(word, "capacitor");
  }
}
}  // namespace model::grid
