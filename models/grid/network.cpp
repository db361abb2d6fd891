#include "models/grid/network.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"

namespace model::grid {
namespace {
constexpr double square_root_of_3 = 1.7320508075688772;

Winding winding_of(const std::string& word, const std::string& where) {
  if (word == "Delta") return Winding::delta;
  if (word == "Wye") return Winding::wye;
  throw BadFeederFile(where + ": transformer: connection \"" + word + "\" is neither Delta nor Wye");
}
}  // namespace

ConductorMatrix phase_matrix(Complex Z1, Complex Z0) {
  ConductorMatrix matrix{};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      matrix[row][column] = row == column ? (Z0 + 2.0 * Z1) / 3.0 : (Z0 - Z1) / 3.0;
  return matrix;
}

SourceImpedance source_impedance(double voltage_V, double short_circuit_3_phase_A,
                                 double short_circuit_1_phase_A, double X1_to_R1, double X0_to_R0) {
  const double Z1 = voltage_V / square_root_of_3 / short_circuit_3_phase_A;
  const double R1 = Z1 / std::sqrt(1 + X1_to_R1 * X1_to_R1), X1 = R1 * X1_to_R1;
  // |(2 R1 + R0) + j (2 X1 + X0)|^2 = (3 U / sqrt3 / I1)^2 with X0 = k R0, solved for R0.
  const double loop = 3 * voltage_V / square_root_of_3 / short_circuit_1_phase_A;
  const double a = 1 + X0_to_R0 * X0_to_R0, b = 4 * (R1 + X1 * X0_to_R0),
               c = 4 * (R1 * R1 + X1 * X1) - loop * loop;
  const double root = b * b - 4 * a * c;
  const double R0 = root > 0 ? std::max(0.0, (-b + std::sqrt(root)) / (2 * a)) : 0.0;
  return {{R1, X1}, {R0, R0 * X0_to_R0}};
}

Power power_at_minute(const Network& network, const Consumer& consumer, int minute) {
  const double to_W = 1000 * network.load_multiplier;
  const Power own{consumer.power_kW * to_W, consumer.reactive_kvar * to_W};
  if (consumer.shape < 0) return own;
  const Shape& shape = network.shapes[static_cast<std::size_t>(consumer.shape)];
  METERTWIN_CHECK(minute >= 1 && !shape.values.empty() && shape.step_min > 0, minute);
  const auto step = static_cast<std::size_t>((minute - 1) / shape.step_min);
  const double value = shape.values[step % shape.values.size()];
  const double reactive = shape.reactive.empty() ? value : shape.reactive[step % shape.reactive.size()];
  if (!shape.is_kW) return {own.power_W * value, own.reactive_var * reactive};
  // Values in kW: the consumer's own figures give only the ratio of reactive to active power.
  const double share_W = to_W * consumer.shape_share;
  if (!shape.reactive.empty()) return {value * share_W, reactive * share_W};
  const double tangent = consumer.power_kW == 0 ? 0 : consumer.reactive_kvar / consumer.power_kW;
  return {value * share_W, value * share_W * tangent};
}

namespace {
/// Bus numbers of a feeder as positions in Network::buses; position 0 is the source's bus.
class BusNumbers {
 public:
  explicit BusNumbers(const Feeder& feeder) {
    known_.push_back(1);
    for (const FeederLine& line : feeder.lines) known_.push_back(line.to_bus);
    std::sort(known_.begin(), known_.end());
    known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
  }
  const std::vector<int>& known() const { return known_; }
  int position(int bus) const {
    return static_cast<int>(std::lower_bound(known_.begin(), known_.end(), bus) - known_.begin()) + 1;
  }

 private:
  std::vector<int> known_;
};

ConductorMatrix matrix_per_km(const LineCode& code) {
  if (!code.four_wires)
    return phase_matrix({code.R1_ohm_per_km, code.X1_ohm_per_km}, {code.R0_ohm_per_km, code.X0_ohm_per_km});
  const FourWires& wires = *code.four_wires;
  ConductorMatrix matrix{};
  for (std::size_t row = 0; row < conductor_max; ++row)
    for (std::size_t column = 0; column < conductor_max; ++column)
      matrix[row][column] = row != column    ? Complex(wires.mutual_R, wires.mutual_X)
                            : row == neutral ? Complex(wires.neutral_R, wires.neutral_X)
                                             : Complex(wires.phase_R, wires.phase_X);
  return matrix;
}

Section section_of(const Feeder& feeder, const FeederLine& line, const BusNumbers& numbers) {
  const auto position = static_cast<std::size_t>(line.code);
  const LineCode code = position < feeder.line_codes.size() ? feeder.line_codes[position] : LineCode{};
  Section section{.name = name_of(line),
                  .from_bus = numbers.position(line.from_bus),
                  .to_bus = numbers.position(line.to_bus),
                  .conductors = code.four_wires ? four_wires : line.phases,
                  .open = line.open,
                  .is_switch = line.is_switch,
                  .length_m = line.length_m,
                  .impedance_ohm = matrix_per_km(code),
                  .rated_A = code.rated_A,
                  .fuse_A = line.fuse_A,
                  .place = line.place.text};
  for (auto& row : section.impedance_ohm)
    for (Complex& cell : row) cell *= line.length_m / 1000;
  return section;
}

Transformer transformer_of(const Feeder& feeder, int to_bus) {
  const FeederTransformer& plate = feeder.transformer;
  const std::size_t dash = std::min(plate.connection.find('-'), plate.connection.size());
  const std::string low_side = plate.connection.substr(std::min(dash + 1, plate.connection.size()));
  return {.name = "transformer",
          .from_bus = 0,
          .to_bus = to_bus,
          .from_winding = winding_of(plate.connection.substr(0, dash), feeder.name),
          .to_winding = winding_of(low_side, feeder.name),
          .from_kV = plate.primary_kV,
          .to_kV = plate.secondary_kV,
          .rated_kVA = plate.rated_MVA * 1000,
          .resistance_percent = plate.resistance_percent,
          .reactance_percent = plate.reactance_percent,
          .from_tap = plate.primary_tap,
          .place = plate.place.text};
}

Consumer consumer_of(const FeederLoad& load, std::size_t number, const BusNumbers& numbers,
                     bool has_neutral) {
  const double factor = static_cast<double>(load.power_factor.numerator) / load.power_factor.denominator;
  Consumer consumer{
      .name = "load " + std::to_string(number),
      .bus = numbers.position(load.bus),
      .from = static_cast<char>(load.phase) - 'A',
      .to = has_neutral ? neutral : to_earth,
      .power_kW = load.power_kW,
      .reactive_kvar = load.power_kW * std::sqrt(1 - factor * factor) / factor,
      .power_zip = {load.impedance_share, load.current_share, 1 - load.impedance_share - load.current_share}};
  consumer.reactive_zip = consumer.power_zip;
  consumer.place = load.place.text;
  return consumer;
}
}  // namespace

Network network_of(const Feeder& feeder, const std::vector<std::shared_ptr<const LoadProfile>>& profiles) {
  Network network;
  network.name = network.file = feeder.name;
  const BusNumbers numbers(feeder);
  network.buses.push_back("SourceBus");
  for (const int bus : numbers.known()) network.buses.push_back(std::to_string(bus));
  const double primary_V = feeder.grid.voltage_kV * 1000;
  const auto behind =
      source_impedance(primary_V, feeder.grid.short_circuit_3_phase_A, feeder.grid.short_circuit_1_phase_A);
  network.source.voltage_V = primary_V * feeder.grid.voltage_pu / square_root_of_3;
  network.source.Z1_ohm = behind.Z1_ohm;
  network.source.Z0_ohm = behind.Z0_ohm;
  network.transformers.push_back(transformer_of(feeder, numbers.position(1)));
  std::vector<bool> has_neutral(network.buses.size());
  for (const FeederLine& line : feeder.lines) {
    network.sections.push_back(section_of(feeder, line, numbers));
    if (network.sections.back().conductors != four_wires) continue;
    has_neutral[static_cast<std::size_t>(network.sections.back().from_bus)] = true;
    has_neutral[static_cast<std::size_t>(network.sections.back().to_bus)] = true;
  }
  for (std::size_t i = 0; i < feeder.loads.size(); ++i) {
    const FeederLoad& load = feeder.loads[i];
    const auto bus = static_cast<std::size_t>(numbers.position(load.bus));
    Consumer consumer = consumer_of(load, i + 1, numbers, has_neutral[bus]);
    consumer.rated_V = feeder.transformer.secondary_kV * 1000 / square_root_of_3;
    if (i < profiles.size() && profiles[i]) {
      Shape shape{.name = "profile " + std::to_string(load.profile),
                  .step_min = static_cast<double>(profiles[i]->step.count()) / 60};
      for (const std::int32_t power_mW : profiles[i]->power_mW) shape.values.push_back(power_mW / 1e6);
      consumer.shape = static_cast<int>(network.shapes.size());
      network.shapes.push_back(std::move(shape));
    }
    network.consumers.push_back(std::move(consumer));
  }
  return network;
}
}  // namespace model::grid
