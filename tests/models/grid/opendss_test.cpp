// OpenDSS scripts: the European LV feeder's kind of script, and every complaint with file, line and column.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

#include "core/random.hpp"
#include "models/grid/opendss.hpp"
#include "models/grid/power_flow.hpp"

using namespace model::grid;
namespace fs = std::filesystem;

namespace {
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / "metertwin-opendss-test") {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  /// The complaint without the folder, or "" when there is none.
  std::string complaint(const std::string& text) const {
    try {
      const Network network = read_network(write("bad.dss", text));
      tree_of(network);
    } catch (const model::BadFeederFile& bad) {
      std::string what = bad.what();
      for (std::size_t at; (at = what.find(path_.string() + "/")) != std::string::npos;)
        what.erase(at, path_.string().size() + 1);
      return what;
    }
    return "";
  }

 private:
  fs::path path_;
};

const std::string good = R"(Clear
Set DefaultBaseFrequency=50
New Circuit.small basekv=11 pu=1.05 ISC3=3000 ISC1=5 bus1=SourceBus
New Linecode.cable nphases=3 R1=0.446 X1=0.071 R0=1.505 X0=0.083 C1=0 C0=0 Units=km
New LoadShape.house npts=3 minterval=1 mult=(0.5, 1 2) useactual=no
! a comment
New Transformer.T1 windings=2 Buses=[SourceBus 1] Conns=[Delta Wye] kVs=[11 0.416] kVAs=[800 800] XHL=4 sub=y
New Line.L1 Bus1=1 Bus2=2 phases=3 Linecode=cable Length=100 Units=m   // the only one
New Load.H1 Phases=1 Bus1=2.2 kV=0.23 kW=10 PF=0.95 Daily=house
Set voltagebases=[11 .416]
Calcvoltagebases
Set mode=daily number=1440 stepsize=1m
Solve
)";

double voltage_at(const Network& network, int bus, int conductor, int minute) {
  PowerFlow flow(network, {.tolerance_V = 1e-10});
  for (std::size_t i = 0; i < network.consumers.size(); ++i)
    flow.set_power(i, 0, power_at_minute(network, network.consumers[i], minute));
  REQUIRE(flow.solve().is_converged);
  flow.expand();
  return std::abs(flow.voltage_V(bus, conductor, 0));
}
std::string with(std::string text, const std::string& old, const std::string& replacement) {
  const auto place = text.find(old);
  REQUIRE(place != std::string::npos);
  return text.replace(place, old.size(), replacement);
}
int bus_named(const Network& network, const std::string& name) {
  for (std::size_t i = 0; i < network.buses.size(); ++i)
    if (network.buses[i] == name) return static_cast<int>(i);
  return -1;
}
}  // namespace

TEST_CASE("a script and the same network by hand have the same voltages") {
  const Folder folder;
  const Network network = read_network(folder.write("good.dss", good));
  REQUIRE(network.buses == std::vector<std::string>{"SourceBus", "1", "2"});
  REQUIRE(network.consumers.size() == 1);
  CHECK(network.consumers[0].from == 1);
  CHECK(power_at_minute(network, network.consumers[0], 1).power_W == Approx(5000));
  CHECK(power_at_minute(network, network.consumers[0], 3).power_W == Approx(20000));
  CHECK(power_at_minute(network, network.consumers[0], 4).power_W == Approx(5000));
  CHECK(power_at_minute(network, network.consumers[0], 2).reactive_var ==
        Approx(10'000 * std::tan(std::acos(0.95))));
  // The published recipe: Thevenin source behind 1.05 x 416 / sqrt 3; zero sequence through the transformer
  // alone.
  model::Feeder feeder;
  feeder.name = "by hand";
  feeder.grid = {11, 1.05, 3000, 5};
  feeder.transformer = {11, 0.416, 0.8, 4, 0.4, "Delta-Wye"};
  model::LineCode code;
  code.R1_ohm_per_km = 0.446, code.X1_ohm_per_km = 0.071, code.R0_ohm_per_km = 1.505,
  code.X0_ohm_per_km = 0.083;
  feeder.line_codes = {code};
  model::FeederLine line;
  line.from_bus = 1, line.to_bus = 2, line.length_m = 100;
  feeder.lines = {line};
  model::FeederLoad load;
  load.bus = 2, load.phase = model::Phase::b, load.power_kW = 10;
  feeder.loads = {load};
  const Network by_hand = network_of(feeder);
  for (int conductor = 0; conductor < 3; ++conductor)
    CHECK(voltage_at(network, 2, conductor, 2) ==
          Approx(voltage_at(by_hand, 2, conductor, 2)).epsilon(1e-12));
}

TEST_CASE("continuations, quotes, edits, redirections, files of numbers and copies") {
  const Folder folder;
  folder.write("shape.csv", "time,mult\n1,0.25\n2,0.75\n");
  folder.write("parts.dss", "New Loadshape.s npts=2 minterval=1 mult=(file=shape.csv col=2 header=yes)\n");
  const auto file = folder.write("main.dss", R"(/* a
block */
New object=Circuit.c bus1="src" basekv=0.4 pu=1 R1=0 X1=0.0001 R0=0 X0=0.0001
Redirect parts.dss
New Line.a bus1=src.1.2.3 bus2=far.1.2.3 length=2
~ r1=0.1 x1=0.05 r0=0.3 x0=0.2
~ c1=0 c0=0
New Line.b like=a bus1=far bus2='end'
Line.b.length=1
New Load.x bus1=end kv=0.4 kw=3 kvar=0 daily=s
New Load.y like=x bus1=end.3 phases=1 kv=0.23
Edit Load.y kw=6
Set loadmult=0.5
)");
  const Network network = read_network(file);
  REQUIRE(network.consumers.size() == 4);
  CHECK(network.sections[1].impedance_ohm[0][0].real() == Approx((0.3 + 2 * 0.1) / 3));
  CHECK(network.sections[0].impedance_ohm[0][1].imag() == Approx((0.2 - 0.05) / 3 * 2));
  CHECK(power_at_minute(network, network.consumers[0], 2).power_W == Approx(1000 * 0.75 * 0.5));
  CHECK(power_at_minute(network, network.consumers[3], 1).power_W == Approx(6000 * 0.25 * 0.5));
  CHECK(network.consumers[3].from == 2);
}

TEST_CASE("a load between phases, a delta load, a neutral, a switch and a lower triangle") {
  const Folder folder;
  const Network network =
      read_network(folder.write("m.dss", R"(New Circuit.c bus1=s basekv=0.4 R1=0 X1=0 R0=0 X0=0
New LineCode.four nphases=4 Units=km cmatrix=[0|0 0|0 0 0|0 0 0 0]
~ rmatrix=[0.3 | 0.02 0.3 | 0.02 0.02 0.3 | 0.02 0.02 0.02 0.5]
~ xmatrix=[0.1 | 0.05 0.1 | 0.05 0.05 0.1 | 0.05 0.05 0.05 0.1]
New Line.a bus1=s.1.2.3.4 bus2=t.1.2.3.4 linecode=four length=0.1 units=km normamps=100
New Line.sw bus1=t.1.2.3.4 bus2=u.1.2.3.4 switch=yes linecode=four
New Load.pn phases=1 bus1=u.1.4 kv=0.23 kw=1 pf=1
New Load.pp phases=1 bus1=u.1.2 kv=0.4 kw=1 pf=1
New Load.d3 phases=3 conn=delta bus1=u kv=0.4 kw=3 pf=1 model=2
)"));
  REQUIRE(network.consumers.size() == 5);
  CHECK(network.consumers[0].to == neutral);
  CHECK(network.consumers[1].to == 1);
  CHECK(network.consumers[4].from == 2);
  CHECK(network.consumers[4].to == 0);
  CHECK(network.sections[0].impedance_ohm[3][1].real() == Approx(0.002));
  const double U = voltage_at(network, bus_named(network, "u"), 0, 1);
  CHECK(U < 231);
  CHECK(U > 225);
}

TEST_CASE("a cable without load raises its end by its own capacitance") {
  // Pi section: V2 = V1 / (1 + Z Y / 2), Y = j omega C.
  const Folder folder;
  const Network network = read_network(folder.write("c.dss", R"(Set defaultbasefrequency=50
New Circuit.c bus1=s basekv=11 R1=0 X1=0 R0=0 X0=0
New Line.a bus1=s bus2=t r1=2 x1=4 r0=2 x0=4 c1=3000 c0=3000 length=10
)"));
  const Complex Z(20, 40), Y(0, 2 * M_PI * 50 * 30'000e-9);
  const double V1 = 11'000 / std::sqrt(3.0);
  CHECK(voltage_at(network, 1, 0, 1) == Approx(std::abs(V1 / (1.0 + Z * Y / 2.0))).epsilon(1e-12));
  CHECK(voltage_at(network, 1, 0, 1) > V1);
}

TEST_CASE("loads obey the voltage limits that the script says, and OpenDSS's silent ones on request") {
  const Folder folder;
  const auto file = folder.write("good.dss", good);
  CHECK(read_network(file).consumers[0].voltage_pu_max > 100);
  CHECK(read_network(file, {.silent_voltage_limits = true}).consumers[0].voltage_pu_max == 1.05);
  const auto told = folder.write("told.dss", with(good, "PF=0.95", "PF=0.95 Vminpu=0.8 Vmaxpu=1.2"));
  CHECK(read_network(told, {.silent_voltage_limits = true}).consumers[0].voltage_pu_max == 1.2);
}

TEST_CASE("what is wrong with a script is said with file, line and column") {
  const Folder folder;
  const auto say = [&](const std::string& old, const std::string& replacement) {
    return folder.complaint(with(good, old, replacement));
  };
  CHECK(folder.complaint(good).empty());
  CHECK(say("Length=100", "Length=0") == "bad.dss:8:5: line L1 has no length");
  CHECK(say("Linecode=cable", "Linecode=cabel") == "bad.dss:8:5: Line.L1: no line code \"cabel\"");
  CHECK(say("Bus1=2.2", "Bus1=3.2") == "bad.dss:9:5: Load.H1 stands on bus 3, which is not there");
  CHECK(say("Bus1=2.2", "Bus1=2.7") == "bad.dss:9:5: Load.H1: node \"7\" of bus 2 is none of 0 to 4");
  CHECK(say("Daily=house", "Daily=flat") == "bad.dss:9:59: no load shape \"flat\"");
  CHECK(say("kW=10", "kW=ten") == "bad.dss:9:42: \"ten\" is not a number");
  CHECK(say("PF=0.95", "model=3") ==
        "bad.dss:9:51: load model 3 is outside the subset that is read (1, 2, 5 and 8)");
  CHECK(say("Solve", "New Line.L2 Bus1=2 Bus2=1 Linecode=cable Length=1") ==
        "bad.dss:13:5: line L2 closes a loop at bus 1; only radial networks are known");
  CHECK(say("Solve", "New Line.L2 Bus1=7 Bus2=8 Linecode=cable Length=1") ==
        "bad.dss:13:5: bus 7 is an island: nothing connects it with the source");
  CHECK(say("Solve", "New Reactor.R1 bus1=2 kvar=10") ==
        "bad.dss:13:5: objects of class \"reactor\" are outside the subset that is read");
  CHECK(say("Solve", "Dance") == "bad.dss:13:1: command \"Dance\" is outside the subset that is read");
  CHECK(say("Solve", "Redirect nowhere.dss") ==
        "bad.dss:13:10: nowhere.dss: no such file, or it cannot be read");
  CHECK(say("Solve", "Redirect bad.dss").find("circle") != std::string::npos);
  CHECK(say("kVAs=[800 800]", "kVAs=[800 800") == "bad.dss:7:89: no closing ]");
  CHECK(say("New Circuit", "New Monitor") == "bad.dss: no circuit (New Circuit.NAME)");
  CHECK(say("XHL=4", "windings=3").find("windings is a whole number from 2 to 2, not 3") !=
        std::string::npos);
}

TEST_CASE("broken scripts are read or refused, never worse") {
  const Folder folder;
  const core::RandomStream draws(5, 0, core::Purpose::test);
  for (std::uint64_t round = 0; round < 400; ++round) {
    INFO("round " << round);
    std::string text = good;
    for (std::uint64_t cut = 0; cut < 3; ++cut) {
      const auto word = draws.block(round * 3 + cut);
      const std::size_t at = word[0] % text.size();
      if (word[1] % 3 == 0)
        text.erase(at, word[2] % 12);
      else if (word[1] % 3 == 1)
        text[at] = static_cast<char>(word[2] % 128);
      else
        text.insert(at, text.substr(word[2] % text.size(), word[3] % 20));
    }
    CHECK_NOTHROW(folder.complaint(text));
  }
}

TEST_CASE("the IEEE 4 node test feeder, step-down, balanced, wye to wye, as published") {
  // W. H. Kersting, "Radial distribution test feeders", IEEE PES, 2001: 4-wire line impedances by Carson and
  // Kron, voltages at node 4 printed to a volt and a tenth of a degree.
  const std::string feeder = R"(New Circuit.c basekV=12.47 R1=0 X1=0 R0=0 X0=0 bus1=n1
New Linecode.z nphases=3 units=mi cmatrix=[0|0 0|0 0 0]
~ rmatrix=[0.4576 | 0.1559 0.4666 | 0.1535 0.1580 0.4615]
~ xmatrix=[1.0780 | 0.5017 1.0482 | 0.3849 0.4236 1.0651]
New Line.line1 bus1=n1 bus2=n2 length=2000 units=ft linecode=z
New Transformer.t1 windings=2 xhl=6
~ wdg=1 bus=n2 conn=wye kV=12.47 kVA=6000 %r=0.5
~ wdg=2 bus=n3 conn=wye kV=4.16 kVA=6000 %r=0.5
New Line.line2 bus1=n3 bus2=n4 length=2500 units=ft linecode=z
New Load.load1 phases=3 bus1=n4 conn=wye kV=4.16 kW=5400 pf=0.9 model=1
)";
  constexpr double voltage_V[3] = {1918, 2061, 1981}, angle_deg[3] = {-9.1, -128.3, 110.9};
  const Folder folder;
  const Network network = read_network(folder.write("four.dss", feeder));
  PowerFlow flow(network);
  for (std::size_t i = 0; i < network.consumers.size(); ++i)
    flow.set_power(i, 0, power_at_minute(network, network.consumers[i], 1));
  REQUIRE(flow.solve().is_converged);
  flow.expand();
  for (int phase = 0; phase < 3; ++phase) {
    const Complex V = flow.voltage_V(bus_named(network, "n4"), phase, 0);
    CHECK(std::abs(V) == Approx(voltage_V[phase]).epsilon(0).margin(0.5));
    CHECK(std::arg(V) * 180 / M_PI == Approx(angle_deg[phase]).epsilon(0).margin(0.05));
  }
}

TEST_CASE("generators feed in, capacitors lift the voltage, switches have OpenDSS's own small impedance") {
  const Folder folder;
  const std::string base = R"(Set defaultbasefrequency=50
New Circuit.c
Edit Vsource.source bus1=s basekv=0.4 R1=0 X1=0 R0=0 X0=0
New Line.a bus1=s bus2=t r1=0.1 x1=0.1 r0=0.1 x0=0.1 c1=0 c0=0 length=1
New Line.sw bus1=t bus2=u switch=yes
)";
  const double V = 400 / std::sqrt(3.0);
  const auto voltage = [&](const std::string& more) {
    const Network network = read_network(folder.write("g.dss", base + more));
    return voltage_at(network, bus_named(network, "u"), 0, 1);
  };
  CHECK(voltage("New Load.none bus1=u kv=0.4 kw=0 kvar=0") == Approx(V).epsilon(1e-9));
  // Behind R + jX: V = E + P R / V for active power fed in, with the small quadrature part.
  const double fed = voltage("New Generator.g bus1=u kv=0.4 kw=30 kvar=0");
  const double P = 10'000, R = 0.101, X = 0.101;
  CHECK(std::abs(Complex(fed - P * R / fed, -P * X / fed)) == Approx(V).epsilon(1e-6));
  const double lifted = voltage("New Capacitor.k bus1=u kv=0.4 kvar=30");
  // A capacitor of 30 kvar at 400 V: X_c = 400^2 / 30000 = 5.333 ohm.
  CHECK(lifted ==
        Approx(V * 400 * 400 / 30'000 / std::abs(Complex(R, X - 400.0 * 400 / 30'000))).epsilon(1e-6));
  CHECK(lifted > V);
}

TEST_CASE("many are edited at once, switched on and off, and shapes are normalized") {
  const Folder folder;
  folder.write("two hours.csv", "kW\n2\n4\n");
  const Network network =
      read_network(folder.write("b.dss", R"(New Circuit.c bus1=s basekv=0.4 R1=0 X1=0 R0=0 X0=0
New Line.a bus1=s bus2=t r1=0.1 x1=0.1 r0=0.1 x0=0.1 c1=0 c0=0 length=1
New Loadshape.d npts=2 interval=12 mult=(file="two hours.csv", header=yes) action=normalize
New Load.h1 phases=1 bus1=t.1 kv=0.23 kw=1 pf=1
New Load.h2 phases=1 bus1=t.2 kv=0.23 kw=1 pf=1
New Load.shop phases=1 bus1=t.3 kv=0.23 kw=1 pf=1
BatchEdit Load..* kw=3
BatchEdit Load.h.* daily=d
Disable Load.h2
New Spectrum.any numharm=1
)"));
  REQUIRE(network.consumers.size() == 2);
  CHECK(power_at_minute(network, network.consumers[0], 1).power_W == Approx(1500));
  CHECK(power_at_minute(network, network.consumers[0], 1000).power_W == Approx(3000));
  CHECK(network.consumers[1].name == "load shop");
  CHECK(network.consumers[1].power_kW == Approx(3));
  CHECK(folder.complaint("New Circuit.c\nBatchEdit Load.[ab] kw=1\n").find("a beginning of names") !=
        std::string::npos);
  CHECK(folder.complaint("New Circuit.c\nSet loadmodel=admittance\n").find("outside the subset") !=
        std::string::npos);
}

TEST_CASE("a switch of four wires has capacitances, also of the neutral, and a solution") {
  const Folder folder;
  const Network network =
      read_network(folder.write("n.dss", R"(New Circuit.c bus1=s basekv=0.4 R1=0 X1=0 R0=0 X0=0
New Line.sw bus1=s.1.2.3.4 bus2=t.1.2.3.4 switch=yes phases=4
New Load.h phases=1 bus1=t.2.4 kv=0.23 kw=2 pf=1
)"));
  // 1 + j1 mOhm there and back: 8.66 A drop 17 mV of 230.94 V.
  PowerFlow flow(network);
  flow.set_power(0, 0, {2000, 0});
  REQUIRE(flow.solve().is_converged);
  const double V = 400 / std::sqrt(3.0);
  CHECK(std::abs(flow.consumer_voltage_V(0, 0)) == Approx(V - 2 * 0.001 * 2000 / V).epsilon(1e-6));
}
