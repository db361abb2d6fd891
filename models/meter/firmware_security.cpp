// Security and local prepayment (03H): sessions, opening an account, recharges, refunds.
//
// The security module (ESAM) is modelled by its rules - counts, customer number, sessions - not by its
// secrets: MACs and cryptograms travel, are not checked, and answers carry zeros in their place.
#include "models/meter/firmware.hpp"

namespace model {
using dlt645::SecurityRefusal;
using Kind = MeterHappening::Kind;
namespace item = dlt645::item;

bool Firmware::security(const Frame& frame) {
  const auto request = dlt645::parse_security(frame);
  if (!request) return refuse_security(SecurityRefusal::other);
  switch (request->item.code) {
    case item::identity_authentication.code:
      return authenticate(*request);
    case item::authentication_validity.code: {
      const auto validity = dlt645::parse_validity(*request);
      if (!validity || validity->minutes == 0) return refuse_security(SecurityRefusal::other);
      memory_.session_minutes = validity->minutes;
      dlt645::answer_security(meter_.address_, request->item, {}, start_answer());
      return true;
    }
    case item::authentication_invalidate.code:
    case item::authentication_invalidate_2.code:
      memory_.authenticated_till_civil_s = 0;
      if (request->item == item::authentication_invalidate) {
        dlt645::answer_invalidated(meter_.address_, purse_state(), start_answer());
      } else {
        dlt645::answer_security(meter_.address_, request->item, {}, start_answer());
      }
      return true;
    case item::purse_state.code:
    case item::purse_state_2.code:
      dlt645::answer_security(meter_.address_, purse_state(), start_answer());
      return true;
    case item::open_account.code:
    case item::recharge.code:
    case item::vendor_refund.code:
      return purchase(*request);
    case item::wallet_initialise.code: {
      const auto wallet = dlt645::parse_wallet(*request);
      if (!wallet || wallet->purchase_count != 0)
        return refuse_security(SecurityRefusal::wrong_purchase_count);
      meter_.purse_.money = core::to_microyuan(wallet->amount);
      meter_.purse_.purchase_count = 0;
      meter_.purse_.alert_at = Purse::next_alert(meter_.purse_.money, memory_.limits);
      dlt645::answer_security(meter_.address_, request->item, {}, start_answer());
      return true;
    }
    default:
      return refuse_security(SecurityRefusal::esam_failed);  // keys and file access: no module behind
  }
}

bool Firmware::authenticate(const dlt645::SecurityRequest& request) {
  if (!dlt645::parse_authentication(request)) return refuse_security(SecurityRefusal::not_authenticated);
  memory_.authenticated_till_civil_s = civil_s_ + memory_.session_minutes * 60;
  dlt645::answer_security(meter_.address_,
                          dlt645::AuthenticationAnswer{.random = 0, .esam_serial = meter_.address_.digits()},
                          start_answer());
  return true;
}

bool Firmware::purchase(const dlt645::SecurityRequest& request) {
  const auto purchase = dlt645::parse_purchase(request);
  if (!purchase) return refuse_security(SecurityRefusal::other);
  if (request.item == item::open_account && !memory_.has_account) return open_account(*purchase);
  if (!memory_.has_account || request.item == item::open_account)
    return refuse_purchase(*purchase, SecurityRefusal::other);
  if (memory_.learns_customer && memory_.customer_number == 0) memory_.customer_number = purchase->customer;
  if (purchase->customer != memory_.customer_number)
    return refuse_purchase(*purchase, SecurityRefusal::wrong_customer);
  const bool is_refund = request.item == item::vendor_refund;
  const core::Fen amount = is_refund ? -purchase->amount : purchase->amount;
  Purse& purse = meter_.purse_;
  if (is_refund && purse.money < core::to_microyuan(purchase->amount))
    return refuse_purchase(*purchase, SecurityRefusal::other);
  const core::Fen before = core::floor_to_fen(purse.money);
  switch (purse.recharge(amount, purchase->purchase_count, memory_.limits)) {
    case RechargeOutcome::applied:
      break;
    case RechargeOutcome::repeated:
      return refuse_purchase(*purchase, SecurityRefusal::repeated_recharge);
    case RechargeOutcome::wrong_count:
      return refuse_purchase(*purchase, SecurityRefusal::wrong_purchase_count);
    case RechargeOutcome::over_hoarding:
      return refuse_purchase(*purchase, SecurityRefusal::over_hoarding);
  }
  memory_.purchased_total += amount;
  memory_.last_purchase = {static_cast<std::uint32_t>(civil_s_ / 60), amount, before,
                           core::floor_to_fen(purse.money)};
  meter_.tell(happened_, at_, Kind::recharge_applied, amount.count(), RelayCause::none, purse.purchase_count);
  meter_.after_recharge(at_, happened_);
  meter_.plan_next_step(at_);
  dlt645::answer_security(meter_.address_, request.item, {}, start_answer());
  return true;
}

bool Firmware::open_account(const dlt645::PurchaseRequest& purchase) {
  Purse& purse = meter_.purse_;
  if (purse.recharge(purchase.amount, purchase.purchase_count, memory_.limits) != RechargeOutcome::applied)
    return refuse_purchase(purchase, SecurityRefusal::wrong_purchase_count);
  memory_.has_account = true;
  memory_.customer_number = purchase.customer;
  memory_.purchased_total += purchase.amount;
  meter_.has_purse_ = true;
  // What has passed before the account is nobody's debt in this purse.
  purse.charged_centikWh = EnergyRegisters::whole_centikWh(meter_.registers_.pulses, meter_.pulses_per_kWh_);
  purse.ladder_from_centikWh = purse.charged_centikWh;
  meter_.tell(happened_, at_, Kind::recharge_applied, purchase.amount.count(), RelayCause::none,
              purse.purchase_count);
  dlt645::answer_security(meter_.address_, item::open_account, {}, start_answer());
  return true;
}

bool Firmware::refuse_security(SecurityRefusal reason) {
  dlt645::refuse_security(meter_.address_, reason, start_answer());
  return true;
}

bool Firmware::refuse_purchase(const dlt645::PurchaseRequest& request, SecurityRefusal reason) {
  meter_.tell(happened_, at_, Kind::recharge_refused, request.amount.count(), RelayCause::none,
              static_cast<std::uint32_t>(reason));
  return refuse_security(reason);
}

dlt645::PurseState Firmware::purse_state() const {
  return {.remaining = meter_.purse_.remaining(),
          .purchase_count = meter_.purse_.purchase_count,
          .customer = memory_.customer_number};
}
}  // namespace model
