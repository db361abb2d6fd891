#include "audit/evidence/truth.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <tuple>

namespace audit {
namespace {
std::optional<Happening::Kind> kind_named(std::string_view name) {
  using Kind = Happening::Kind;
  if (name == "paid") return Kind::paid;
  if (name == "money-returned") return Kind::money_returned;
  if (name == "relay-opened") return Kind::relay_opened;
  if (name == "relay-closed") return Kind::relay_closed;
  if (name == "trip-commanded") return Kind::trip_commanded;
  if (name == "recharge-applied") return Kind::recharge_applied;
  if (name == "clock-set") return Kind::clock_set;
  return std::nullopt;
}

/// The last whole number written in a text, e.g. 3 in "purchase count 3"; 0 when there is none.
std::int64_t last_number(std::string_view text) {
  const auto last = text.find_last_of("0123456789");
  if (last == std::string_view::npos) return 0;
  auto first = last;
  while (first > 0 && text[first - 1] >= '0' && text[first - 1] <= '9') --first;
  std::int64_t number = 0;
  for (auto i = first; i <= last && i < first + 18; ++i) number = number * 10 + (text[i] - '0');
  return number;
}

/// Events are told of meters ("M0017"), of customers ("account A0017"), and of things that are neither.
std::optional<std::size_t> position_of(const Estate& estate, std::string_view entity) {
  constexpr std::string_view prefix = "account ";
  if (entity.substr(0, prefix.size()) == prefix) return estate.find_account(entity.substr(prefix.size()));
  return estate.find_meter(entity);
}

auto order_of(const Happening& h) { return std::tie(h.at, h.position); }
}  // namespace

Truth::Truth(sqlite::Database& store, const Estate& estate) : plates(estate.size()) {
  sqlite::Statement run(store, "SELECT 1 FROM run WHERE key = 'complete'");
  is_complete = run.next();

  sqlite::Statement meters(
      store, "SELECT meter, name, accuracy_class, error_ppm, clock_drift_ppb FROM meters ORDER BY meter");
  std::size_t met = 0;
  for (; meters.next(); ++met) {
    const auto position = static_cast<std::size_t>(meters.integer(0) - 1);
    if (position != met || met >= estate.size() || meters.text_view(1) != estate.customers[met].name)
      throw std::runtime_error("truth is of another estate: its meter " + std::to_string(meters.integer(0)) +
                               " is " + std::string(meters.text_view(1)));
    plates[met] = {static_cast<int>(meters.integer(2)), meters.integer(3), meters.integer(4)};
  }
  if (met != estate.size())
    throw std::runtime_error("truth knows " + std::to_string(met) + " meters, the scenario " +
                             std::to_string(estate.size()));

  sqlite::Statement events(store, "SELECT entity, at_ns, kind, value, text FROM events ORDER BY entity, seq");
  while (events.next()) {
    const auto at = instant_from_ns(events.integer(1));
    const auto kind = kind_named(events.text_view(2));
    if (!kind) {
      symptoms.push_back({at, std::string(events.text_view(0)), std::string(events.text_view(2)),
                          std::string(events.text_view(4)), events.integer(3)});
      continue;
    }
    const auto position = position_of(estate, events.text_view(0));
    if (!position)
      throw std::runtime_error("truth has an event of an unknown customer: " +
                               std::string(events.text_view(0)));
    Happening happening{at, *position, *kind, events.integer(3), 0, std::string(events.text_view(4))};
    if (*kind == Happening::Kind::recharge_applied) happening.count = last_number(happening.text);
    (*kind == Happening::Kind::clock_set ? clock_steps : happenings).push_back(std::move(happening));
  }
  std::stable_sort(happenings.begin(), happenings.end(),
                   [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  std::stable_sort(clock_steps.begin(), clock_steps.end(), [](const auto& a, const auto& b) {
    return std::tie(a.position, a.at) < std::tie(b.position, b.at);
  });
  std::stable_sort(symptoms.begin(), symptoms.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at, a.entity, a.kind) < std::tie(b.at, b.entity, b.kind);
  });
}
}  // namespace audit
