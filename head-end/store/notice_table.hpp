/// Notices to customers, from wish to handed over. Visible with `publish()`, i.e. after the commit that made
/// them durable.
#pragma once
#include <map>

#include "head-end/store/store_database.hpp"

namespace headend {
class NoticeTable {
 public:
  explicit NoticeTable(Database& database);
  void add(AccountId account, Notice::Level level, Fen amount, const std::string& text, Instant now);
  std::vector<Notice> pending() const;
  void mark_sent(std::int64_t id, Instant now);
  void publish() { published_up_to_ = last_id_; }

 private:
  Database& database_;
  Statement add_, sent_;
  std::map<std::int64_t, Notice> pending_;
  std::int64_t last_id_;
  std::int64_t published_up_to_;
};
}  // namespace headend
