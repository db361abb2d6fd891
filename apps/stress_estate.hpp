/// The customer file of a stress run: the head-end's side of `stress::EstatePlan`.
///
/// Concentrators and managers that push, flat tariff with two periods, one account a meter: one in sixteen
/// prepaid in the head-end (with an overdraft that no run reaches, so that relays move only when an operator
/// orders it), the others postpaid. Pure.
#pragma once
#include "head-end/configuration.hpp"
#include "stress/fleet/estate_plan.hpp"

namespace app {
headend::Configuration stress_configuration(const stress::EstatePlan& estate);
}  // namespace app
