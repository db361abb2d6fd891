#include "audit/checks/cut_off.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/money.hpp"

namespace audit {
namespace {
using Kind = Happening::Kind;
constexpr std::int64_t floor_fen(std::int64_t uYuan) {
  return uYuan / core::microyuan_per_fen - (uYuan % core::microyuan_per_fen < 0 ? 1 : 0);
}
}  // namespace

CutOffChecks::CutOffChecks(const Estate& estate, const Truth& truth, const Books& books, Raters raters,
                           const Blame& blame, const Options& options)
    : estate_(estate),
      truth_(truth),
      books_(books),
      raters_(raters),
      blame_(blame),
      opened_("I-CUT.opened", "who owes is cut off in time",
              "within " + duration_text(estate.scenario.expect.cut_off_latest), options),
      closed_("I-CUT.closed", "who has paid is restored in time",
              "within " + duration_text(estate.scenario.expect.restore_latest), options),
      reason_("I-CUT.reason", "no relay moves without a reason", "0 without", options),
      protected_("I-CUT.protected", "protected customers keep power",
                 fmt::format("{} cut", estate.scenario.expect.protected_cut_max), options),
      row_of_(estate.size(), -1) {
  for (std::size_t position = 0; position < estate.size(); ++position) {
    if (estate.groups[position]->is_protected) protected_.looked();
    const auto payment = estate.payment(position);
    if (payment == scenario::PaymentMode::postpaid) continue;
    row_of_[position] = static_cast<std::int32_t>(rows_.size());
    Row row;
    row.position = position;
    row.has_purse = payment == scenario::PaymentMode::prepaid_meter;
    rows_.push_back(std::move(row));
  }
}

void CutOffChecks::visit(const Due& due) {
  if (!due.now.exists || due.at < estate_.scenario.starts) return;
  for (auto& row : rows_) take_money(row, due);
  taken_at_ = due.at;
  judge_until(due.at);
  for (auto& row : rows_) {
    row.money_before_fen = row.money_now_fen;
    row.moved_fen = 0;
    const bool must_open = !row.is_open && !row.is_in_arrears &&
                           !estate_.groups[row.position]->is_protected && money_of(row) < floor_of(row);
    if (!must_open) continue;
    // Until the books' readings say so too, a unit of 0.01 kWh on its way may make the difference.
    const bool books_agree = row.has_purse || raters_.books.rated_till(row.position) != due.slot ||
                             row.paid_fen + row.books_now_fen < floor_of(row);
    if (!books_agree) continue;
    row.is_in_arrears = true;
    row.arrears_since = due.at;
  }
}

void CutOffChecks::take_money(Row& row, const Due& due) {
  if (row.has_purse) {
    row.money_now_fen = floor_fen(due.now.money_uYuan[row.position]);
    if (due.at == estate_.scenario.starts) row.money_before_fen = row.money_now_fen;
    return;
  }
  row.money_now_fen = -raters_.truth.charge_fen(row.position);
  row.books_now_fen = -raters_.books.charge_fen(row.position);
}

/// Spendable money as of the last due instant and all that was paid or credited since.
std::int64_t CutOffChecks::money_of(const Row& row) const {
  return row.money_before_fen + (row.has_purse ? row.moved_fen : row.paid_fen);
}
std::int64_t CutOffChecks::floor_of(const Row& row) const {
  return -estate_.groups[row.position]->overdraft.count();
}

void CutOffChecks::judge_until(Instant till) {
  for (; next_ < truth_.happenings.size() && truth_.happenings[next_].at <= till; ++next_) {
    const auto& happening = truth_.happenings[next_];
    times_opened_ += happening.kind == Kind::relay_opened ? 1 : 0;
    times_closed_ += happening.kind == Kind::relay_closed ? 1 : 0;
    const auto& name = estate_.customers[happening.position].name;
    if (happening.kind == Kind::relay_opened && estate_.groups[happening.position]->is_protected)
      protected_.violation(name, happening.at, [] { return "cut off, though protected"; });
    // What a limit on power does is judged by checks/campaigns.hpp.
    if (happening.text == "power limit" || happening.text == "limit released") continue;
    const auto row = row_of_[happening.position];
    if (row >= 0) {
      on_happening(rows_[static_cast<std::size_t>(row)], happening);
    } else if (happening.kind == Kind::relay_opened) {
      reason_.looked();
      if (!is_ordered(happening.position, "trip", happening.at))
        reason_.violation(name, happening.at, [] { return "cut off, though this customer pays by bill"; });
    }
  }
}

void CutOffChecks::on_happening(Row& row, const Happening& happening) {
  switch (happening.kind) {
    case Kind::paid:
      row.paid_fen += happening.value;
      row.in_transit_fen += happening.value;
      row.payments.emplace_back(happening.at, happening.value);
      return on_money(row, happening.at);
    case Kind::recharge_applied:
      // What is in the meter at the first instant is in the first sample.
      if (happening.at == estate_.scenario.starts) row.in_transit_fen -= happening.value;
      if (happening.at == estate_.scenario.starts) return;
      row.moved_fen += happening.value;
      row.in_transit_fen -= happening.value;
      return on_money(row, happening.at);
    case Kind::relay_opened:
      return on_opened(row, happening);
    case Kind::relay_closed:
      return on_closed(row, happening);
    case Kind::money_returned:
      row.paid_fen -= happening.value;
      row.in_transit_fen -= happening.value;
      row.payments.emplace_back(happening.at, -happening.value);
      return;
    case Kind::trip_commanded:
    case Kind::clock_set:
      return;
  }
}

void CutOffChecks::on_money(Row& row, Instant at) {
  if (row.is_in_arrears && money_of(row) >= floor_of(row)) end_arrears(row, at);
  const auto coming = money_of(row) + (row.has_purse ? row.in_transit_fen : 0);
  if (row.is_open && row.restore_since == core::never && coming > 0) row.restore_since = at;
}

void CutOffChecks::on_opened(Row& row, const Happening& happening) {
  const auto& name = estate_.customers[row.position].name;
  // After truth's last sample nobody knows what was used since.
  if (happening.at <= taken_at_) reason_.looked();
  if (happening.at <= taken_at_ && !has_reason_to_open(row, happening.at) &&
      !is_ordered(row.position, "trip", happening.at))
    reason_.violation(name, happening.at, [&] {
      return fmt::format("cut off ({}) with {} left; the limit is {}", happening.text,
                         CNY_text(money_of(row)), CNY_text(floor_of(row)));
    });
  if (row.is_in_arrears) {
    slowest_cut_ = std::max(slowest_cut_, happening.at - row.arrears_since);
    end_arrears(row, happening.at);
  }
  // From here on the register stands still: what he has is what made the relay open.
  row.money_before_fen = row.has_purse ? std::min(money_of(row), floor_of(row)) - row.moved_fen
                                       : std::min(row.money_before_fen, row.money_now_fen);
  row.is_open = true;
  row.restore_since = core::never;
  on_money(row, happening.at);
}

void CutOffChecks::end_arrears(Row& row, Instant at) {
  opened_.looked();
  const auto deadline = must_be_open_by(row);
  const auto& name = estate_.customers[row.position].name;
  const auto& zone = estate_.scenario.zone_rules;
  if (at > deadline) {
    opened_.violation(name, row.arrears_since, [&] {
      return fmt::format("in arrears since {}, to be cut off by {}, supplied till {}",
                         core::to_civil_text(row.arrears_since, zone), core::to_civil_text(deadline, zone),
                         core::to_civil_text(at, zone));
    });
  } else if (at > row.arrears_since + allowed_to_open(row)) {
    auto cause = blame_.fault_between(row.position, row.arrears_since, at);
    opened_.explained(name, row.arrears_since, cause.empty() ? "quiet hours" : std::move(cause), [&] {
      return fmt::format("in arrears since {}, supplied till {}",
                         core::to_civil_text(row.arrears_since, zone), core::to_civil_text(at, zone));
    });
  }
  row.is_in_arrears = false;
  row.arrears_since = core::never;
}

void CutOffChecks::on_closed(Row& row, const Happening& happening) {
  const auto& name = estate_.customers[row.position].name;
  if (happening.at <= taken_at_) reason_.looked();
  // The register stands still while the relay is open, so money was the same all the time but for what came
  // in.
  const auto by_books = row.has_purse ? money_of(row) : row.paid_fen + row.books_now_fen;
  if (happening.at <= taken_at_ && std::max(money_of(row), by_books) <= floor_of(row) &&
      !is_ordered(row.position, "close", happening.at))
    reason_.violation(name, happening.at, [&] {
      return fmt::format("restored ({}) with {}; it takes more than {}", happening.text,
                         CNY_text(money_of(row)), CNY_text(floor_of(row)));
    });
  if (row.restore_since != core::never) {
    closed_.looked();
    slowest_restore_ = std::max(slowest_restore_, happening.at - row.restore_since);
    const auto sentence = [&] {
      return fmt::format("paid {}, restored only {}",
                         core::to_civil_text(row.restore_since, estate_.scenario.zone_rules),
                         core::to_civil_text(happening.at, estate_.scenario.zone_rules));
    };
    if (happening.at > must_be_closed_by(row)) {
      closed_.violation(name, row.restore_since, sentence);
    } else if (happening.at > row.restore_since + estate_.scenario.expect.restore_latest) {
      closed_.explained(name, row.restore_since,
                        blame_.fault_between(row.position, row.restore_since, happening.at), sentence);
    }
  }
  row.is_open = false;
  row.restore_since = core::never;
}

bool CutOffChecks::has_reason_to_open(const Row& row, Instant at) const {
  // The quarter hour that is running may have brought the money down: its end counts.
  const auto& rules = estate_.scenario.head_end.cut_off;
  if (row.has_purse) {
    auto money = row.money_now_fen;
    for (auto later = next_ + 1; later < truth_.happenings.size() && truth_.happenings[later].at <= taken_at_;
         ++later)
      if (truth_.happenings[later].position == row.position &&
          truth_.happenings[later].kind == Kind::recharge_applied)
        money -= truth_.happenings[later].value;
    return std::min(money, row.money_before_fen) <= floor_of(row);
  }
  const auto wanted_after = at - rules.command_valid_for - rules.trip_delay - rules.command_timeout;
  auto paid = row.paid_fen;
  for (const auto& [when, amount] : row.payments)
    if (when > wanted_after) paid -= amount;
  return paid + std::min(row.money_now_fen, row.books_now_fen) <= floor_of(row);
}

bool CutOffChecks::is_ordered(std::size_t position, std::string_view kind, Instant at) const {
  return std::any_of(books_.commands.begin(), books_.commands.end(), [&](const Command& command) {
    return command.is_operators && command.kind == kind &&
           command.meter == static_cast<std::int64_t>(position) + 1 && command.wanted_at <= at;
  });
}

/// A meter with a purse needs nobody's command, and knows neither grace nor quiet hours.
Duration CutOffChecks::allowed_to_open(const Row& row) const {
  const auto& rules = estate_.scenario.head_end.cut_off;
  return rules.trip_delay + estate_.scenario.expect.cut_off_latest +
         (row.has_purse ? Duration(0) : rules.grace);
}

Instant CutOffChecks::must_be_open_by(const Row& row) const {
  return blame_.deadline(row.position, row.arrears_since, allowed_to_open(row),
                         row.has_purse ? std::nullopt : estate_.scenario.head_end.cut_off.never_between);
}

Instant CutOffChecks::must_be_closed_by(const Row& row) const {
  return blame_.deadline(row.position, row.restore_since, estate_.scenario.expect.restore_latest);
}

std::vector<Check> CutOffChecks::finish(Summary& summary) {
  judge_until(estate_.closes());
  const auto end = estate_.closes();
  for (auto& row : rows_) {
    const auto& name = estate_.customers[row.position].name;
    const auto& zone = estate_.scenario.zone_rules;
    if (row.is_in_arrears && must_be_open_by(row) < end) {
      opened_.looked();
      opened_.violation(name, row.arrears_since, [&] {
        return fmt::format("in arrears since {} and never cut off",
                           core::to_civil_text(row.arrears_since, zone));
      });
    }
    if (row.is_open && row.restore_since != core::never && must_be_closed_by(row) < end) {
      closed_.looked();
      closed_.violation(name, row.restore_since, [&] {
        return fmt::format("paid {} and never restored", core::to_civil_text(row.restore_since, zone));
      });
    }
  }
  summary.cut_offs = times_opened_;
  summary.restorations = times_closed_;

  std::vector<Check> checks;
  if (opened_.samples() != 0 || estate_.scenario.expect.must_cut) {
    auto check = opened_.finish(fmt::format("{} of {} late, slowest {}", opened_.violations(),
                                            opened_.samples(), duration_text(slowest_cut_)));
    if (times_opened_ == 0 && check.verdict == Verdict::pass && estate_.scenario.expect.must_cut)
      check.verdict = Verdict::unknown;
    checks.push_back(std::move(check));
  }
  if (closed_.samples() != 0)
    checks.push_back(closed_.finish(fmt::format("{} of {} late, slowest {}", closed_.violations(),
                                                closed_.samples(), duration_text(slowest_restore_))));
  if (reason_.samples() != 0)
    checks.push_back(
        reason_.finish(fmt::format("{} of {} moves without", reason_.violations(), reason_.samples())));
  if (protected_.samples() != 0 || protected_.violations() != 0)
    checks.push_back(
        protected_.finish(fmt::format("{} of {} cut", protected_.violations(), protected_.samples()),
                          estate_.scenario.expect.protected_cut_max));
  return checks;
}
}  // namespace audit
