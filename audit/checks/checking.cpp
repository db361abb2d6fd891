#include "audit/checks/checking.hpp"

#include <fmt/format.h>

#include <iterator>

namespace audit {
namespace {
std::string decimal(std::int64_t value, std::int64_t one, int places, const char* unit) {
  const bool is_negative = value < 0;
  const auto size = is_negative ? -value : value;
  return fmt::format("{}{}.{:0{}} {}", is_negative ? "-" : "", size / one, size % one, places, unit);
}
}  // namespace

Checking::Checking(std::string id, std::string title, std::string limit, const Options& options)
    : room_(static_cast<std::int64_t>(options.findings_max)) {
  check_.id = std::move(id);
  check_.title = std::move(title);
  check_.limit = std::move(limit);
}

Check Checking::finish(std::string measured, std::int64_t violations_allowed) {
  check_.measured = std::move(measured);
  if (check_.violations > violations_allowed) {
    check_.verdict = Verdict::fail;
  } else {
    check_.verdict = check_.samples == 0 ? Verdict::unknown : Verdict::pass;
  }
  check_.findings.insert(check_.findings.end(), std::make_move_iterator(explained_.begin()),
                         std::make_move_iterator(explained_.end()));
  return std::move(check_);
}

std::string kWh_text(std::int64_t centikWh) { return decimal(centikWh, 100, 2, "kWh"); }
std::string CNY_text(std::int64_t fen) { return decimal(fen, 100, 2, "CNY"); }
std::string CNY_text_exact(std::int64_t microyuan) { return decimal(microyuan, 1'000'000, 6, "CNY"); }

std::string duration_text(core::Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", seconds / 60);
  if (seconds % 3600 < 60) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}
}  // namespace audit
