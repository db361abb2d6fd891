#include "stress/plan/strangers.hpp"

namespace stress {
void Strangers::come(Lines& all, bool is_loris) {
  auto& next = is_loris ? next_loris_ : next_half_open_;
  const std::uint32_t position = (is_loris ? 0 : each_max) + next;
  next = (next + 1) % each_max;
  const LineId line = first_ + position;
  if (is_loris) said_[position] = 0;
  if (all.state(line) == LineState::idle) {
    all.wish_open(line);
  } else if (all.is_open(line)) {
    comes_again_[position] = true;
    all.wish_closed(line);
  }
}

void Strangers::ended(Lines& all, LineId line) {
  if (std::exchange(comes_again_[line - first_], false)) all.wish_open(line);
}

void Strangers::say_a_byte(Lines& all, ReportWriter& writer) {
  std::vector<std::uint8_t> login;
  writer.put_login(writer.estate().collector(0), 0, login);
  for (std::uint32_t i = 0; i < each_max; ++i) {
    if (!all.is_open(first_ + i) || said_[i] + 1u >= login.size()) continue;
    all.out(first_ + i).push_back(login[said_[i]++]);
  }
}

void Strangers::leave(Lines& all) {
  comes_again_.fill(false);
  for (LineId line = first_; line < first_ + lines; ++line)
    if (all.state(line) == LineState::open || all.state(line) == LineState::wished_open)
      all.wish_closed(line);
}
}  // namespace stress
