/// With which rights the head-end speaks to meters: the one place where passwords and operator codes are.
///
/// DL/T 645-2007 password level 02 may switch the relay; 000000 is what meters leave the factory with.
/// Recharges carry MACs of an ESAM in the field; here the master station's cryptographic machine is outside
/// the model and the MACs are zero.
#pragma once
#include "head-end/configuration.hpp"
#include "protocols/dlt645/requests.hpp"

namespace headend {
inline constexpr dlt645::Password switch_password{0x02, 0};
/// Logged by the meter as who did it.
inline constexpr dlt645::OperatorCode head_end_operator = 0x00000001;
/// The customer number in a meter's purse: the account's number in the books, twelve digits.
constexpr std::uint64_t customer_number_of(const AccountFile& account) { return account.id; }
}  // namespace headend
