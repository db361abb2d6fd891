#include "reports/verdict_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.hpp"

namespace report {
namespace {
constexpr std::size_t page_columns = 110;
constexpr std::size_t findings_shown = 3;

const char* colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "\033[32m";
    case Verdict::fail:
      return "\033[1;31m";
    case Verdict::unknown:
      return "\033[33m";
    case Verdict::blocked:
      return "\033[35m";
  }
  return "";
}

std::string coloured(const std::string& text, Verdict verdict, bool is_colourful) {
  return is_colourful ? colour_of(verdict) + text + "\033[0m" : text;
}

std::size_t widest(const RunRecord& record, std::string Check::*column, std::size_t least, std::size_t most) {
  std::size_t width = least;
  for (const auto& check : record.checks) width = std::max(width, columns_of(check.*column));
  return std::min(width, most);
}

std::string capital(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}
}  // namespace

std::string verdict_table(const RunRecord& record, bool is_colourful) {
  const auto id_width = widest(record, &Check::id, 5, 24);
  const auto measured_width = widest(record, &Check::measured, 8, 44);
  const auto limit_width = page_columns - 2 - 9 - id_width - measured_width - 4;
  const auto row = [&](const std::string& verdict, const std::string& id, const std::string& measured,
                       const std::string& limit) {
    auto line = "  " + verdict + padded(cut_to(id, id_width), id_width) + "  " +
                padded(cut_to(measured, measured_width), measured_width) + "  " + cut_to(limit, limit_width);
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
  };
  std::string out;
  if (!record.checks.empty()) out += row(padded("", 9), "check", "measured", "limit");
  for (const auto& check : record.checks) {
    out += row(coloured(padded(name_of(check.verdict), 9), check.verdict, is_colourful), check.id,
               check.measured, check.limit);
    if (check.verdict == Verdict::pass) continue;
    const auto shown = std::min(findings_shown, check.explanation.size());
    for (std::size_t i = 0; i < shown; ++i)
      out += std::string(11, ' ') + cut_to(check.explanation[i], page_columns - 11) + "\n";
    if (shown < check.explanation.size())
      out += fmt::format("{:11}... {} more in the report\n", "", check.explanation.size() - shown);
  }
  const auto head = fmt::format("{}: {}", capital(name_of(record.verdict)), cut_to(record.scenario, 40));
  out += coloured(head, record.verdict, is_colourful) + fmt::format("  {}  (seed {}, digest {})\n",
                                                                    cut_to(reason_of(record), page_columns),
                                                                    record.seed, record.digest);
  if (record.verdict != Verdict::pass && !record.replay.empty())
    out += "  run again: " + record.replay + "\n";
  return out;
}

std::string progress_line(std::string_view name, std::int64_t done, std::int64_t total,
                          std::string_view detail) {
  constexpr std::int64_t bar_columns = 30;
  done = std::clamp<std::int64_t>(done, 0, total);
  const auto full =
      static_cast<std::size_t>(static_cast<double>(done) / static_cast<double>(total) * bar_columns);
  const auto per_cent = static_cast<int>(static_cast<double>(done) / static_cast<double>(total) * 100);
  const auto bar = std::string(full, '#') + std::string(static_cast<std::size_t>(bar_columns) - full, '.');
  return "\r\033[K" +
         fmt::format("  {} [{}] {:3d} %  {}", cut_to(name, 30), bar, per_cent, cut_to(detail, 40));
}

std::string progress_end() { return "\r\033[K"; }
}  // namespace report
