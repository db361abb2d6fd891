/// The weather: what goes wrong on lines and in stores without anybody's mistake, as a value.
///
/// `Result<T>` is boost::system::result with our closed list of faults (g++ 12 has no std::expected). Our own
/// bugs are METERTWIN_CHECK; exceptions are only for broken input files and at composition roots. A time-out
/// is not an exception.
#pragma once
#include <boost/system/result.hpp>
#include <iosfwd>
#include <string_view>

namespace core {
/// Why an exchange, a frame or a command did not succeed. Closed: statistics count by it, reports name it.
enum class Fault {
  timeout,            ///< no complete answer within the deadline
  incomplete,         ///< the bytes so far are a proper beginning; more are needed
  bad_start,          ///< a start byte is not where it must be
  bad_length,         ///< a length field contradicts itself or its limits
  bad_checksum,       ///< sum or CRC does not fit
  bad_end,            ///< the end byte is missing
  bad_field,          ///< a field holds what its format does not allow (a non-BCD digit, month 13)
  unknown_item,       ///< well formed, but the data identifier or Fn is not one we know
  wrong_address,      ///< an answer from somebody else
  unexpected_answer,  ///< an answer to another question: stale, or another control code
  refused,            ///< the far side said no; the reason travels beside
  not_authorised,     ///< password or key refused
  no_data,            ///< the far side has no such data
  link_closed,        ///< the stream ended
  busy,               ///< a queue or line is full; try later
  store_failed,       ///< the store could not commit
};

std::string_view name_of(Fault fault);
/// Its name; so that a failed check on a Result prints.
std::ostream& operator<<(std::ostream& out, Fault fault);

// The hook by which boost::system::result turns a Fault into an exception when value() is asked of an error:
// our bug.
[[noreturn]] void throw_exception_from_error(Fault fault, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Fault>;
}  // namespace core
