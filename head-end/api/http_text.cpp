// The texts inside HTTP: request targets by Boost.URL, dates by our own calendar.
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/src.hpp>

#include "core/civil.hpp"
#include "head-end/api/http_codec.hpp"

namespace headend {
namespace urls = boost::urls;
namespace {
/// A plus sign stays one: instants are written with it ("+08:00"), and blanks come as %20.
constexpr bool space_as_plus = false;

std::string decoded(urls::pct_string_view text) { return text.decode(urls::encoding_opts(space_as_plus)); }

void put_two_digits(std::string& text, int number) {
  text += static_cast<char>('0' + number / 10);
  text += static_cast<char>('0' + number % 10);
}
}  // namespace

bool read_target(std::string_view target, HttpRequest& request) {
  const boost::core::string_view text(target.data(), target.size());
  const auto parsed =
      target.starts_with('/') ? urls::parse_origin_form(text) : urls::parse_absolute_uri(text);
  if (!parsed) return false;
  request.segments.clear();
  request.query.clear();
  for (const auto segment : parsed->encoded_segments()) request.segments.push_back(decoded(segment));
  for (const auto& param : parsed->encoded_params())
    request.query.emplace_back(decoded(param.key), decoded(param.value));
  return true;
}

std::string http_date(core::Instant at) {
  static constexpr std::array<const char*, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const core::Zone utc(std::chrono::seconds(0));
  const core::CivilTime civil = utc.civil(at);
  std::string text = weekdays[static_cast<std::size_t>(core::weekday_of(utc.local_day(at)))];
  text += ", ";
  put_two_digits(text, civil.day);
  text += ' ';
  text += months[static_cast<std::size_t>(civil.month - 1)];
  text += ' ' + std::to_string(civil.year) + ' ';
  put_two_digits(text, civil.hour);
  text += ':';
  put_two_digits(text, civil.minute);
  text += ':';
  put_two_digits(text, civil.second);
  return text + " GMT";
}
}  // namespace headend
