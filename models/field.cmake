# What can be broken on purpose, by name: for scenarios and the field alike.
metertwin_room(metertwin_fault fault/registry.cpp)
target_link_libraries(metertwin_fault PUBLIC metertwin_core)

# The field between meters and head-end: RS-485 lines, concentrator, GPRS uplink, area, and the counter with its customers.
metertwin_room(metertwin_field
  area.cpp area_faults.cpp area_grid.cpp area_switching.cpp area_transformer.cpp
  collector/carrier_field.cpp collector/concentrator.cpp collector/concentrator_answers.cpp collector/concentrator_settings.cpp collector/concentrator_troubles.cpp
  collector/device_settings.cpp collector/field_line.cpp
  collector/freshness.cpp collector/line_poller.cpp collector/reading_schedule.cpp collector/reading_store.cpp collector/transparent_manager.cpp
  fault/adaptive_faults.cpp fault/collector_faults.cpp fault/frame_gate.cpp fault/line_faults.cpp fault/meter_faults.cpp
  counter/counter.cpp counter/counter_messages.cpp
  inspection/inspection_messages.cpp inspection/inspectors.cpp inspection/working_hours.cpp
  line/gprs/byte_stream.cpp line/gprs/uplink.cpp
  line/rs485/bus_trial.cpp line/rs485/line.cpp)
target_link_libraries(metertwin_field PUBLIC metertwin_carrier metertwin_fault metertwin_grid metertwin_lines metertwin_meter metertwin_theft metertwin_dlt645 metertwin_gdw3761
                                      PRIVATE nlohmann_json::nlohmann_json)
