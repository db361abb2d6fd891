# The field between meters and head-end: RS-485 lines, concentrator, GPRS uplink, area, and the counter with its customers.
metertwin_room(metertwin_field
  area.cpp area_faults.cpp
  collector/concentrator.cpp collector/concentrator_answers.cpp collector/line_poller.cpp collector/reading_store.cpp
  counter/counter.cpp counter/counter_messages.cpp
  line/gprs/byte_stream.cpp line/gprs/uplink.cpp
  line/rs485/bus_trial.cpp line/rs485/line.cpp)
target_link_libraries(metertwin_field PUBLIC metertwin_lines metertwin_meter metertwin_dlt645 metertwin_gdw3761
                                      PRIVATE nlohmann_json::nlohmann_json)
