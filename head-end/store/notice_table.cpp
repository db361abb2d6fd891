#include "head-end/store/notice_table.hpp"

namespace headend {
NoticeTable::NoticeTable(Database& database)
    : database_(database),
      add_(database, "INSERT INTO notice(id, account, level, amount_fen, text, at_ns) VALUES(?,?,?,?,?,?)"),
      sent_(database, "UPDATE notice SET sent_at_ns = ? WHERE id = ?"),
      last_id_(database.integer("SELECT coalesce(max(id), 0) FROM notice")),
      published_up_to_(last_id_) {
  Statement open(
      database,
      "SELECT id, account, level, amount_fen, text FROM notice WHERE sent_at_ns IS NULL ORDER BY id");
  while (open.next()) {
    pending_[open.integer(0)] = {open.integer(0), static_cast<AccountId>(open.integer(1)),
                                 static_cast<Notice::Level>(open.integer(2)), Fen(open.integer(3)),
                                 open.text(4)};
  }
}

void NoticeTable::add(AccountId account, Notice::Level level, Fen amount, const std::string& text,
                      Instant now) {
  database_.begin();
  const std::int64_t id = ++last_id_;
  add_.bind(id, account, static_cast<int>(level), amount, text, now).run();
  pending_[id] = {id, account, level, amount, text};
}

std::vector<Notice> NoticeTable::pending() const {
  std::vector<Notice> notices;
  for (const auto& [id, notice] : pending_) {
    if (id <= published_up_to_) notices.push_back(notice);
  }
  return notices;
}

void NoticeTable::mark_sent(std::int64_t id, Instant now) {
  if (pending_.erase(id) == 0) return;  // handed over twice: the first time counts
  database_.begin();
  sent_.bind(now, id).run();
}
}  // namespace headend
