// Bad network data in each of the three forms: one line that names the place and the element, never worse.
#include <catch2/catch.hpp>
#include <fstream>

#include "core/random.hpp"
#include "models/grid/power_flow.hpp"

using namespace model::grid;
namespace fs = std::filesystem;

namespace {
using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}
std::string text_of(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

const std::string yaml = R"(name: hamlet
source: nobody
grid: { voltage_kV: 10, voltage_pu: 1, short_circuit_3_phase_A: 3000, short_circuit_1_phase_A: 300 }
transformer:
  primary_kV: 10
  secondary_kV: 0.4
  rated_MVA: 0.1
  reactance_percent: 4
  resistance_percent: 1.5
  connection: Delta-Wye
power_factor: 0.9
line_codes:
  - [thin, 0.8, 0.08, 2.4, 0.3]
  - { name: fat, Z1: [0.2, 0.08], Z0: [0.8, 0.3], rated_A: 100 }
lines:
  - [1, 2, 50, fat]
  - { from: 2, to: 3, length_m: 80, code: thin, fuse_A: 63, name: spur }
  - { from: 3, to: 4, switch: true, name: tie, open: ABC }
  - [2, 4, 70, thin]
loads:
  - [3, A, 0]
  - { bus: 4, phase: B, kW: 4, power_factor: 1, impedance_share: 0.5, current_share: 0.2 }
)";

const std::string dss = R"(Clear
Set DefaultBaseFrequency=50
New Circuit.hamlet basekv=11 pu=1.05 ISC3=3000 ISC1=5 bus1=SourceBus
New Linecode.cable nphases=3 R1=0.446 X1=0.071 R0=1.505 X0=0.083 C1=0 C0=0 Units=km
New LoadShape.house npts=3 minterval=1 mult=(file=house.csv)
New Transformer.T1 windings=2 Buses=[SourceBus 1] Conns=[Delta Wye] kVs=[11 0.416] kVAs=[800 800] XHL=4 sub=y
New Line.L1 Bus1=1 Bus2=2 phases=3 Linecode=cable Length=100 Units=m
New Line.S1 Bus1=2 Bus2=3 switch=yes
New Load.H1 Phases=1 Bus1=2.2 kV=0.23 kW=10 PF=0.95 Daily=house
New Load.H2 Phases=3 Bus1=3 kV=0.4 kW=10 PF=0.95 model=8 ZIPV=[0.2 0.3 0.5 0.2 0.3 0.5 0]
Solve
)";

struct Folder {
  explicit Folder(const char* name) : path(fs::temp_directory_path() / name) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
  fs::path path;
};

/// The small feeder once more, as a folder of the IEEE's CSV files.
struct CsvFiles {
  std::vector<std::pair<std::string, std::string>> files = {
      {"Source.csv", "# Source\n[Source]\nVoltage=11 kV\npu=1.05\nISC3=3000 A\nISC1=5 A\n"},
      {"Transformer.csv",
       "Name, phases, bus1, bus2, kV_pri, kV_sec, MVA, Conn_pri, Conn_sec, %XHL,% resistance\n"
       "TR1,3,SourceBus,1,11,0.416,0.8, Delta, Wye,4,0.4\n"},
      {"LineCodes.csv", "Name,nphases,R1,X1,R0,X0,C1,C0,Units\nthin,3,0.8,0.08,2.4,0.3,0,0,km\n"},
      {"Lines.csv",
       "Name,Bus1,Bus2,Phases,Length,Units,LineCode\nLINE1,1,2,ABC,50,m,thin\n"
       "LINE2,2,3,ABC,80,m,thin\nLINE3,2,4,ABC,70,m,thin\n"},
      {"Loads.csv",
       "Name,numPhases,Bus,phases,kV,Model,Connection,kW,PF,Yearly\n"
       "LOAD1,1,3,A,0.23,1,wye,1,0.95,Shape_1\nLOAD2,2,4,BC,0.23,1,wye,2,0.95,Shape_2\n"}};
  CsvFiles() {
    std::string profiles = "time,p1,p2\n";
    for (int minute = 1; minute <= 1440; ++minute) profiles += std::to_string(minute) + ",0.5,1.5\n";
    files.emplace_back("Load_profiles_1min_100.csv", profiles);
  }
  std::string& named(const std::string& name) {
    for (auto& [file, text] : files)
      if (file == name) return text;
    FAIL(name);
    return files.front().second;
  }
  fs::path write(const Folder& folder) const {
    for (const auto& [name, text] : files) folder.write(name, text);
    return folder.path;
  }
};

/// What is said of it, without the folder; "" when it is read and solved.
std::string complaint(const Folder& folder, const fs::path& path) {
  try {
    const Network network = read_network(path);
    PowerFlow flow(network);
    for (std::size_t i = 0; i < network.consumers.size(); ++i)
      flow.set_power(i, 0, power_at_minute(network, network.consumers[i], 566));
    if (const Solved solved = flow.solve(); !solved.is_converged) return trouble_of(network, solved);
  } catch (const model::BadFeederFile& bad) {
    std::string what = bad.what();
    CHECK(what.find('\n') == std::string::npos);
    for (std::size_t at; (at = what.find(folder.path.string() + "/")) != std::string::npos;)
      what.erase(at, folder.path.string().size() + 1);
    return what;
  }
  return "";
}

std::string with(std::string text, const std::string& old, const std::string& replacement) {
  const auto place = text.find(old);
  REQUIRE(place != std::string::npos);
  return text.replace(place, old.size(), replacement);
}
/// One line of a text is lost, said twice, or spoilt in one word or one character.
std::string mangled(const std::string& text, const core::RandomStream& draws, std::uint64_t& next) {
  static const char* const words[] = {"0",   "-1",          "nan", "1e308", "ABCD", "",
                                      "inf", "99999999999", ",",   "[",     "x=",   "é"};
  Lines lines = lines_of(text);
  if (lines.empty()) return text;
  const auto draw = [&](std::size_t below) {
    return static_cast<std::size_t>(draws.between(0, static_cast<std::int64_t>(below) - 1, next++));
  };
  const std::size_t at = draw(lines.size());
  auto& line = lines[at];
  switch (draw(5)) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(draw(lines.size())), std::string(line));
      break;
    case 2:
      if (!line.empty()) line[draw(line.size())] = static_cast<char>(draw(256));
      break;
    case 3: {
      const auto from = line.empty() ? 0 : draw(line.size());
      const auto end = std::min(line.find_first_of(" ,]=", from), line.size());
      line = line.substr(0, from) + words[draw(std::size(words))] + line.substr(end);
      break;
    }
    default:
      std::swap(line, lines[draw(lines.size())]);
  }
  return text_of(lines);
}
}  // namespace

TEST_CASE("what is wrong with a YAML feeder is said with its line and the element") {
  const Folder folder("metertwin-bad-yaml");
  const auto say = [&](const std::string& old, const std::string& replacement) {
    return complaint(folder, folder.write("f.yaml", with(yaml, old, replacement)));
  };
  REQUIRE(complaint(folder, folder.write("f.yaml", yaml)).empty());
  CHECK(say("[1, 2, 50, fat]", "[1, 2, -50, fat]") == "f.yaml:16:12: line 1-2 has a negative length");
  CHECK(say("length_m: 80", "length_m: 0") == "f.yaml:17:5: spur has no length");
  CHECK(say("length_m: 80", "length_m: nan") == "f.yaml:17:33: \"nan\" is not a number");
  CHECK(say("fuse_A: 63", "fuse_A: 1e9").find("f.yaml:17:5: spur: a fuse is rated") == 0);
  CHECK(say("name: tie", "name: spur") == "f.yaml:18:5: a second spur");
  CHECK(say("open: ABC", "open: ''").find("f.yaml:19:5: line 2-4: bus 4 is fed twice") == 0);
  CHECK(say("open: ABC", "open: AA").find("each once") != std::string::npos);
  CHECK(say("  - [2, 4, 70, thin]", "  - [4, 4, 70, thin]") ==
        "f.yaml:19:5: line 4-4 leads from a bus to itself");
  CHECK(say("  - [2, 4, 70, thin]", "  - [7, 4, 70, thin]") ==
        "f.yaml:19:5: line 7-4: bus 7 is fed by nothing");
  CHECK(say("  - [2, 4, 70, thin]", "  - [2, 4, 70, thin]\n  - [8, 9, 1, thin]\n  - [9, 8, 1, thin]")
            .find("f.yaml:20:5: line 8-9: bus 8 is an island") == 0);
  CHECK(
      say("  - [2, 4, 70, thin]", "  - [2, 4000000, 70, thin]").find("a bus is a number from 1 to 1000000") !=
      std::string::npos);
  CHECK(say("code: thin", "code: thick") == "f.yaml:17:43: no line code \"thick\"");
  CHECK(say("- { name: fat,", "- [thin, 1, 1, 1, 1]\n  - { name: fat,") ==
        "f.yaml:14:5: a second line code \"thin\"");
  CHECK(say("[3, A, 0]", "[33, A, 0]") == "f.yaml:21:5: a load stands on bus 33, which is not there");
  CHECK(say("rated_MVA: 0.1", "rated_MVA: 0") ==
        "f.yaml:5:3: the transformer's rated power must lie above 0 MVA");
  CHECK(say("voltage_kV: 10", "voltage_kV: 0") ==
        "f.yaml:3:7: the source's voltage must lie above 0 kV and up to 1000 kV");
  CHECK(say("source: nobody", "source: nobody\nname: hamlet") == "f.yaml:3:1: a second \"name\"");
  CHECK(say("impedance_share: 0.5", "impedance_share: 0.9").find("f.yaml:22:5: the shares of a load") == 0);
  CHECK(say("kW: 4", "kW: 900").find("load 2 at bus 4") != std::string::npos);
  CHECK_FALSE(complaint(folder, folder.write("f.yaml", "")).empty());
  CHECK(complaint(folder, folder.write("f.yaml", "[[[[[[[[")).find("f.yaml:") == 0);
}

TEST_CASE("what is wrong with a folder of tables is said with file and line") {
  const Folder folder("metertwin-bad-csv");
  const auto say = [&](const std::string& file, const std::string& old, const std::string& replacement) {
    CsvFiles files;
    files.named(file) = with(files.named(file), old, replacement);
    return complaint(folder, files.write(folder));
  };
  REQUIRE(complaint(folder, CsvFiles().write(folder)).empty());
  CHECK(say("Lines.csv", "2,3,ABC,80", "2,3,ABC,0") == "Lines.csv:3: line 2-3 has no length");
  CHECK(say("Lines.csv", "2,3,ABC,80", "2,3,ABC,-8") == "Lines.csv:3: line 2-3 has a negative length");
  CHECK(say("Lines.csv", "2,3,ABC,80", "2,4,ABC,80") == "Lines.csv:4: a second line 2-4");
  CHECK(say("Lines.csv", "2,3,ABC,80", "5,3,ABC,80") == "Lines.csv:3: line 5-3: bus 5 is fed by nothing");
  CHECK(say("Lines.csv", "2,3,ABC,80,m,thin", "2,3,ABC,80,m,thick") == "Lines.csv:3: no line code \"thick\"");
  CHECK(say("Lines.csv", "Bus2", "Bus3") == "Lines.csv:1: no column \"Bus2\"");
  CHECK(say("Lines.csv", "2,3,ABC,80", "2,3,BC,80") == "Loads.csv:2: load 1: bus 3 has no phase A");
  CHECK(say("Lines.csv", "Name,Bus1", "\xEF\xBB\xBFName,Bus1").empty());
  CHECK(say("Lines.csv", "2,3,ABC,80", "2,3,ABX,80") == "Lines.csv:3: expected phases out of A, B and C");
  CHECK(say("Lines.csv", "2,3,ABC,80,m,thin", "2,3") == "Lines.csv:3: only 3 cells");
  CHECK(say("Lines.csv", "2,3,ABC,80,m", "2,3,ABC,80,ft") == "Lines.csv:3: lengths are expected in m");
  CHECK(say("Loads.csv", "LOAD1,1,3,A", "LOAD1,1,9,A") ==
        "Loads.csv:2: a load stands on bus 9, which is not there");
  CHECK(say("Loads.csv", "Shape_1\n", "Shape_1e99\n") == "Loads.csv:2: expected Shape_N, not \"Shape_1e99\"");
  CHECK(say("Loads.csv", "Shape_1\n", "Shape_7\n") == "Load_profiles_1min_100.csv:1: no column \"p7\"");
  CHECK(say("Loads.csv", ",0.95,Shape_1\n", ",-1,Shape_1\n") ==
        "Loads.csv:2: a power factor lies above 0 and up to 1");
  CHECK(say("LineCodes.csv", "thin,3,0.8", "thin,3,nan") == "LineCodes.csv:2: \"nan\" is not a number");
  CHECK(say("LineCodes.csv", "thin,3,0.8", "thin,3,-0.8") ==
        "LineCodes.csv:2: line code \"thin\" has a negative resistance");
  CHECK(say("Transformer.csv", "11,0.416,0.8", "11,0.416,0") ==
        "Transformer.csv:2: the transformer's rated power must lie above 0 MVA");
  CHECK(say("Transformer.csv", "Delta, Wye", "Delta, Zigzag") ==
        "Transformer.csv:2: unknown connection \"Delta-Zigzag\"");
  CHECK(say("Source.csv", "pu=1.05\n", "") == "Source.csv: pu is missing");
  CHECK(say("Source.csv", "pu=1.05", "Voltage=11 kV") ==
        "Source.csv:4: a second Voltage: only one source is known");
  CHECK(say("Source.csv", "Voltage=11 kV", "Voltage=0 kV") == "Source.csv:3: Voltage must lie above 0");
  CHECK(say("Load_profiles_1min_100.csv", "1440,0.5,1.5\n", "") ==
        "Load_profiles_1min_100.csv:1440: expected 1440 minutes, found 1439");
  CHECK(say("Loads.csv", "wye,2,0.95", "wye,900,0.95").find("no solution") == 0);
}

TEST_CASE("what is wrong with a script beyond its words is said with file, line and column") {
  const Folder folder("metertwin-bad-dss");
  folder.write("house.csv", "0.5\n1\n2\n");
  const auto say = [&](const std::string& old, const std::string& replacement) {
    return complaint(folder, folder.write("f.dss", with(dss, old, replacement)));
  };
  REQUIRE(complaint(folder, folder.write("f.dss", dss)).empty());
  CHECK(say("Length=100", "Length=-5") == "f.dss:7:5: line L1 has no length");
  CHECK(say("kVAs=[800 800]", "kVAs=[0 0]").find("kvas must lie above 0, not be 0") != std::string::npos);
  CHECK(say("New Load.H2", "New Vsource.second bus1=3\nNew Load.H2") ==
        "f.dss:10:5: Vsource.second: a second source; a radial network has one");
  CHECK(say("New Load.H2", "New Load.H1") == "f.dss:10:5: Load.H1 is there already");
  CHECK(say("npts=3", "npts=4").find("f.dss:5:5: LoadShape.house: 3 points, npts says 4") == 0);
  CHECK(say("house.csv", "home.csv").find("home.csv: no such file, or it cannot be read") !=
        std::string::npos);
  CHECK(say("Bus1=3 kV=0.4", "Bus1=3.1.2.4 kV=0.4").find("nodes do not fit") != std::string::npos);
  CHECK(say("New Line.S1 Bus1=2 Bus2=3", "New Line.S1 Bus1=2.1 Bus2=3.1 phases=1") ==
        "f.dss:10:5: load H2: bus 3 has no phase B");
  CHECK(say("house.csv", "HOUSE.csv").empty());  // written where capitals do not matter
  CHECK(say("R1=0.446", "R1=-0.446") ==
        "f.dss:7:5: line L1 has an impedance that gives power away: its resistances make no passive cable");
  CHECK(say("R1=0.446", "R1=inf") == "f.dss:4:33: \"inf\" is not a number");
  CHECK(say("ZIPV=[0.2 0.3 0.5 0.2 0.3 0.5 0]", "").find("model 8 needs ZIPV") != std::string::npos);
  CHECK(say("XHL=4", "XHL=4 %noloadloss=0.3").find("it would change the answer") != std::string::npos);
  CHECK(say("New Load.H2", "New Regcontrol.r transformer=T1\nNew Load.H2").find("class \"regcontrol\"") !=
        std::string::npos);
  CHECK(say("kW=10 PF=0.95 model=8", "kW=9000 PF=0.95 model=1").find("no solution") == 0);
  folder.write("house.csv", "0.5\nmuch\n2\n");
  CHECK(complaint(folder, folder.write("f.dss", dss)) == "house.csv:2:1: \"much\" is not a number");
  folder.write("house.csv", "");
  CHECK(complaint(folder, folder.write("f.dss", dss)).find("house.csv: no numbers") != std::string::npos);
}

TEST_CASE("feeders whose lines are lost, doubled or spoilt are solved or refused, never worse") {
  for (std::uint32_t form = 0; form < 3; ++form) {
    const Folder folder("metertwin-mangled");
    folder.write("house.csv", "0.5\n1\n2\n");
    const core::RandomStream draws(11, form, core::Purpose::test);
    std::uint64_t next = 0, refused = 0;
    constexpr std::uint64_t rounds = 300;
    for (std::uint64_t round = 0; round < rounds; ++round) {
      INFO("form " << form << " round " << round);
      const auto times = draws.between(1, 3, next++);
      std::string said;
      if (form == 2) {
        CsvFiles files;
        for (int k = 0; k < times; ++k) {
          auto& text = files.files[static_cast<std::size_t>(draws.between(0, 4, next++))].second;
          text = mangled(text, draws, next);
        }
        CHECK_NOTHROW(said = complaint(folder, files.write(folder)));
      } else {
        std::string text = form == 0 ? yaml : dss;
        for (int k = 0; k < times; ++k) text = mangled(text, draws, next);
        CHECK_NOTHROW(said = complaint(folder, folder.write(form == 0 ? "f.yaml" : "f.dss", text)));
      }
      refused += said.empty() ? 0 : 1;
    }
    CHECK(refused > rounds / 4);  // otherwise nothing was tried
    CHECK(refused < rounds);
  }
}
