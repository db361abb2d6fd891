#include "head-end/notify/notice_feed.hpp"

#include "head-end/api/counter_messages.hpp"

namespace headend {
std::string NoticeFeed::next_lines(std::size_t bytes_max) {
  std::string lines;
  for (const auto& notice : desk_.books.notices_pending()) {
    if (notice.id <= handed_over_till_) continue;
    const auto line = notice_line(notice, desk_.estate.account(notice.account).number);
    if (!lines.empty() && lines.size() + line.size() > bytes_max) break;
    lines += line;
    handed_over_till_ = notice.id;
  }
  return lines;
}

bool NoticeFeed::acknowledge(std::int64_t notice) {
  if (notice <= 0 || notice > handed_over_till_) return false;
  desk_.books.notice_sent(notice, desk_.now());
  desk_.commit_soon();
  return true;
}
}  // namespace headend
