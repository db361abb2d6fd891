// The evaluation as a picture: a row of three bars per way of stealing, AUC from a coin's 0.5 to 1.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/theft/evaluation.hpp"

namespace app::theft {
namespace {
constexpr double left = 300, width = 420, top = 64, row_height = 40, bar_height = 9;

double x_of(double auc) { return left + width * (std::clamp(auc, 0.5, 1.0) - 0.5) / 0.5; }

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return result;
}

std::string bar(double y, double auc, std::string_view colour) {
  if (std::isnan(auc)) return {};
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n"
      "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"9\">{:.3f}</text>\n",
      left, y, std::max(x_of(auc) - left, 0.5), bar_height - 1, colour, x_of(auc) + 4, y + bar_height - 1,
      auc);
}
}  // namespace

std::string to_svg(const Evaluation& evaluation) {
  static constexpr std::array<std::string_view, 3> colours{"#1b3a5b", "#d9822b", "#4b9b6e"};
  static constexpr std::array<std::string_view, 3> names{"all detectors together", "best of balance",
                                                         "best of shape"};
  const double height = top + row_height * static_cast<double>(evaluation.attacks.size()) + 20;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"790\" height=\"{0:.0f}\" viewBox=\"0 0 790 "
      "{0:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"790\" height=\"{0:.0f}\" "
      "fill=\"white\"/>\n"
      "<text x=\"10\" y=\"20\" font-size=\"14\">Chance that a thief ranks above an honest customer (AUC), "
      "{1} "
      "areas each, seed {2}</text>\n",
      height, evaluation.settings.areas, evaluation.settings.seed);
  for (std::size_t k = 0; k < names.size(); ++k)
    svg += fmt::format(
        "<rect x=\"{0}\" y=\"32\" width=\"10\" height=\"10\" fill=\"{1}\"/>"
        "<text x=\"{2}\" y=\"41\">{3}</text>\n",
        10 + 180 * k, colours[k], 24 + 180 * k, names[k]);
  for (const double auc : {0.5, 0.6, 0.7, 0.8, 0.9, 1.0})
    svg += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.0f}\" y2=\"{2:.0f}\" stroke=\"#ccc\"/>"
        "<text x=\"{0:.1f}\" y=\"{3:.0f}\" text-anchor=\"middle\" font-size=\"10\">{4}</text>\n",
        x_of(auc), top - 4, height - 16, height - 4, auc);
  for (std::size_t k = 0; k < evaluation.attacks.size(); ++k) {
    const auto& attack = evaluation.attacks[k];
    const double y = top + row_height * static_cast<double>(k);
    svg += fmt::format(
        "<text x=\"10\" y=\"{:.0f}\" font-weight=\"bold\">{}</text>"
        "<text x=\"45\" y=\"{:.0f}\" font-size=\"10\">{}{}</text>\n",
        y + 17, escaped(attack.name), y + 17, escaped(attack.meaning), attack.keeps_energy ? " *" : "");
    svg += bar(y, attack.ensemble.auc, colours[0]);
    svg += bar(y + bar_height, attack.balance.auc, colours[1]);
    svg += bar(y + 2 * bar_height, attack.shape.auc, colours[2]);
  }
  svg += fmt::format(
      "<text x=\"10\" y=\"{:.0f}\" font-size=\"10\">* keeps the energy: no loss of a day</text>\n</svg>\n",
      height - 4);
  return svg;
}
}  // namespace app::theft
