#include "core/result.hpp"

#include <ostream>
#include <stdexcept>
#include <string>

namespace core {
std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::timeout:
      return "timeout";
    case Fault::incomplete:
      return "incomplete";
    case Fault::bad_start:
      return "bad start";
    case Fault::bad_length:
      return "bad length";
    case Fault::bad_checksum:
      return "bad checksum";
    case Fault::bad_end:
      return "bad end";
    case Fault::bad_field:
      return "bad field";
    case Fault::unknown_item:
      return "unknown item";
    case Fault::wrong_address:
      return "wrong address";
    case Fault::unexpected_answer:
      return "unexpected answer";
    case Fault::refused:
      return "refused";
    case Fault::not_authorised:
      return "not authorised";
    case Fault::no_data:
      return "no data";
    case Fault::link_closed:
      return "link closed";
    case Fault::busy:
      return "busy";
    case Fault::store_failed:
      return "store failed";
  }
  return "unknown fault";
}

std::ostream& operator<<(std::ostream& out, Fault fault) { return out << name_of(fault); }

void throw_exception_from_error(Fault fault, const boost::source_location& where) {
  throw std::logic_error("value() asked of a failed result: " + std::string(name_of(fault)) + " at " +
                         where.to_string());
}
}  // namespace core
