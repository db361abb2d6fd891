#include "models/load/household.hpp"

#include "core/civil.hpp"

namespace model::household {
const std::array<std::array<std::int32_t, 24>, 6> shape_W = {{
    // 0    1    2    3    4    5    6    7    8    9   10   11   12   13   14   15   16   17   18   19   20
    // 21   22   23
    {150, 130, 120, 115, 115, 130, 220, 330, 300, 220, 200, 230,
     300, 240, 200, 200, 230, 330, 520, 620, 640, 560, 400, 230},
    {160, 135, 122, 116, 115, 120, 160, 260, 340, 320, 310, 350,
     400, 340, 300, 300, 330, 410, 560, 640, 650, 570, 420, 260},
    {290, 260, 235, 215, 205, 205, 260, 350, 330, 270, 270, 310,
     400, 370, 330, 320, 340, 430, 640, 790, 860, 830, 640, 420},
    {300, 265, 240, 220, 205, 200, 220, 300, 390, 400, 420, 470,
     540, 510, 470, 460, 470, 540, 690, 810, 870, 840, 660, 440},
    {230, 205, 190, 185, 185, 210, 320, 450, 400, 290, 260, 290,
     370, 300, 260, 270, 320, 450, 660, 770, 790, 700, 520, 330},
    {240, 210, 195, 188, 186, 195, 250, 370, 470, 430, 410, 440,
     490, 430, 390, 390, 430, 530, 700, 790, 800, 710, 540, 360},
}};

Season season_of(int month) {
  if (month >= 6 && month <= 9) return Season::summer;
  if (month == 12 || month <= 2) return Season::winter;
  return Season::mild;
}

int row_of(std::int64_t local_day) {
  const int weekday = core::weekday_of(local_day);
  const bool is_rest_day = weekday == 0 || weekday == 6;
  return 2 * static_cast<int>(season_of(core::civil_from_days(local_day).month)) + (is_rest_day ? 1 : 0);
}
}  // namespace model::household
