/// A file that cannot be opened, read or written, or is not what it should be: one line with its name and the
/// reason.
#pragma once
#include <stdexcept>

namespace sqlite {
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
}  // namespace sqlite
