#include "platform/virtual/virtual_world.hpp"

namespace seam {
void VirtualWorld::kill() {
  // Doors first: a concentrator that redials when it sees its connection die must be refused.
  if (!clock_.is_alive()) return;
  uplinks_.close();
  counter_.close();
  clock_.kill();
}
}  // namespace seam
