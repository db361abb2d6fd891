#include "stress/plan/link_world.hpp"

namespace stress {
bool LinkWorld::opened(LineId line, Door door, Instant) {
  auto* const listener = door == Door::http     ? doors_.http
                         : door == Door::modbus ? doors_.managers
                                                : doors_.uplinks;
  if (listener == nullptr) return false;
  if (line >= ends_.size()) ends_.resize(line + 1);
  // Names of one width: offers of one instant are taken in order of names.
  const std::string number = std::to_string(line);
  ends_[line] = std::make_unique<End>(*this, line, "line " + std::string(8 - number.size(), '0') + number);
  return listener->offer(ends_[line]->field().connect());
}

void LinkWorld::heard(LineId line, Instant, core::Bytes bytes) { ends_[line]->field().deliver(bytes); }

void LinkWorld::closed(LineId line, Instant) {
  if (line < ends_.size() && ends_[line]) ends_[line]->field().close();
}
}  // namespace stress
