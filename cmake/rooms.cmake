# metertwin_room(NAME SOURCES... ) makes the library of one room, with the project's root as its only include path.
function(metertwin_room name)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC metertwin_warnings)
endfunction()

# metertwin_test(NAME LABEL SOURCES...) makes one Catch2 program and registers it with CTest under LABEL, and under `unit`.
function(metertwin_test name label)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE metertwin_catch_main metertwin_warnings)
  add_test(NAME ${name} COMMAND ${name} --use-colour no)
  set_tests_properties(${name} PROPERTIES LABELS "unit;${label}" TIMEOUT 600 SKIP_RETURN_CODE 77)
endfunction()
