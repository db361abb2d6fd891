/// What theory says of waiting and of lines that are taken: the yardsticks of uplinks, ports and modem pools.
///
///     M/M/1  wait / service = rho / (1 - rho);   M/D/1 half of it;   M/G/1: (1 + cv^2) / 2 of it
///                                                                   [Pollaczek 1930, Khinchin 1932]
///     Erlang B: blocked share of calls, a erlang offered to c lines,
///               B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1))                  [Erlang 1917]
/// Unit: shares. Range: 0 <= rho < 1, a >= 0, c >= 0. Errors: none. Randomness: none. Time: none.
#pragma once

namespace model {
constexpr double mm1_wait(double rho) { return rho / (1 - rho); }
/// `cv2`: variance of the service time over its squared mean; 1 exponential, 0 constant.
constexpr double mg1_wait(double rho, double cv2) { return (1 + cv2) / 2 * mm1_wait(rho); }
constexpr double md1_wait(double rho) { return mg1_wait(rho, 0); }
constexpr double erlang_b(double offered, int lines) {
  double blocked = 1;
  for (int k = 1; k <= lines; ++k) blocked = offered * blocked / (k + offered * blocked);
  return blocked;
}
}  // namespace model
