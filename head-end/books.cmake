metertwin_room(metertwin_books
  books.cpp books_readings.cpp books_business.cpp books_lookups.cpp books_resume.cpp
  store/command_table.cpp store/database.cpp store/estate.cpp store/journal.cpp store/notice_table.cpp
  store/reading_table.cpp store/schema.cpp
  validate/plausible.cpp validate/register_track.cpp
  tariff/calendar.cpp tariff/charge.cpp tariff/ladder.cpp tariff/time_of_use.cpp
  account/ledger.cpp account/meter_money.cpp account/money_text.cpp account/posting.cpp account/purchase.cpp
  account/rating.cpp
  watch/cut_off.cpp watch/level.cpp watch/notice_text.cpp watch/watch.cpp)
target_link_libraries(metertwin_books PUBLIC metertwin_core PRIVATE PkgConfig::sqlite3)
