# The talking half of the head-end: coroutines over the seam.
metertwin_room(metertwin_talk
  head_end.cpp
  collect/estate.cpp collect/session.cpp collect/desk.cpp collect/attendant.cpp collect/curve_question.cpp
  collect/check_up.cpp collect/ingest.cpp collect/ingest_metrics.cpp collect/manager_session.cpp collect/report.cpp
  collect/plain_questions.cpp collect/gap_plan.cpp collect/direct_reader.cpp
  collect/field_records.cpp collect/gap_report.cpp collect/lost.cpp collect/miss_notes.cpp collect/round_trips.cpp
  control/meter_line.cpp control/command_runner.cpp
  campaign/campaign_json.cpp campaign/campaign_runner.cpp
  notify/notice_feed.cpp
  api/counter_messages.cpp api/counter_connection.cpp api/command_watch.cpp
  api/http_messages.cpp api/http_text.cpp api/http_codec.cpp api/http_routes.cpp api/http_api.cpp
  api/http_readings.cpp api/http_orders.cpp api/http_connection.cpp api/http_front.cpp
  api/http_parameters.cpp api/http_field.cpp api/http_lines.cpp api/http_campaigns.cpp api/http_work_orders.cpp api/work_order_metrics.cpp
  api/metrics.cpp api/http_metrics.cpp api/field_metrics.cpp)
target_link_libraries(metertwin_talk PUBLIC
  metertwin_books metertwin_loss metertwin_seam metertwin_gdw3761 metertwin_dlt645 metertwin_modbus metertwin_core)
