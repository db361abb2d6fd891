/// The balance alarm: is more drawn from a transformer than its customers' meters can explain, errors
/// included?
///
/// For currents read at one instant on one phase, the rule of A. Pozna, A. Fodor, K. Hangos, "Model-based
/// fault detection and isolation of non-technical losses in electrical networks", Math. Comp. Model. Dyn.
/// Syst. 25(4) 2019: an illegal load exists if and only if
///     |I_F - sum I| > e (I_F + sum I),   e the meters' largest relative error.
/// Unit: A. Range: currents >= 0, 0 <= error < 1. Errors: none. Randomness: none. Time: one instant.
#pragma once

namespace headend::loss {
struct CurrentBalance {
  double feeder_A = 0, customers_A = 0;
  double relative_error_max = 0.002;
  double difference_A() const { return feeder_A - customers_A; }
  double limit_A() const { return relative_error_max * (feeder_A + customers_A); }
  bool is_illegal_load() const {
    const double difference = difference_A();
    return (difference < 0 ? -difference : difference) > limit_A();
  }
};
}  // namespace headend::loss
