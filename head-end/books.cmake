metertwin_room(metertwin_books
  books.cpp books_readings.cpp books_business.cpp books_lookups.cpp books_resume.cpp books_field.cpp books_campaigns.cpp
  campaign/campaign_book.cpp campaign/campaign_steps.cpp campaign/evaluation.cpp campaign/plan.cpp
  store/command_table.cpp store/estate.cpp store/inspection_book.cpp store/journal.cpp store/notice_table.cpp store/reading_archive.cpp
  store/reading_block.cpp store/reading_journal.cpp store/reading_queries.cpp store/reading_store.cpp store/rows_to_blocks.cpp
  store/schema.cpp store/store_database.cpp store/stored_blocks.cpp
  validate/plausible.cpp validate/register_track.cpp
  tariff/calendar.cpp tariff/charge.cpp tariff/ladder.cpp tariff/time_of_use.cpp
  account/ledger.cpp account/meter_money.cpp account/money_text.cpp account/posting.cpp account/purchase.cpp
  account/rating.cpp
  watch/cut_off.cpp watch/level.cpp watch/notice_text.cpp watch/watch.cpp)
target_link_libraries(metertwin_books PUBLIC metertwin_core metertwin_sqlite PRIVATE fmt::fmt)
