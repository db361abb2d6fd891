# Headers that nearly every file reads, compiled once. Not in the coverage build: there a file that forgets an
# include does not compile. Two of them, since libraries and programs are compiled with different code models.
option(METERTWIN_PRECOMPILE "Precompile the most used headers" OFF)
set(metertwin_precompiled_headers
    <algorithm> <chrono> <deque> <functional> <map> <memory> <optional> <random> <span> <string> <unordered_map> <vector>
    <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
    <boost/asio/use_awaitable.hpp> <fmt/format.h>)
if(METERTWIN_PRECOMPILE)
  # Every file then sees Asio: with the same definitions everywhere, and what it refers to at hand.
  add_library(metertwin_asio_everywhere STATIC ${PROJECT_SOURCE_DIR}/platform/asio_impl.cpp)
  target_link_libraries(metertwin_asio_everywhere PUBLIC metertwin_asio)
  target_link_libraries(metertwin_warnings INTERFACE metertwin_asio_everywhere fmt::fmt)
endif()

# metertwin_room(NAME SOURCES... ) makes the library of one room, with the project's root as its only include path.
function(metertwin_room name)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC metertwin_warnings)
  if(METERTWIN_PRECOMPILE)
    if(TARGET metertwin_first_room)
      get_target_property(first metertwin_first_room ALIASED_TARGET)
      target_precompile_headers(${name} REUSE_FROM ${first})
    else()
      add_library(metertwin_first_room ALIAS ${name})
      target_precompile_headers(${name} PRIVATE ${metertwin_precompiled_headers})
    endif()
  endif()
endfunction()

# metertwin_test(NAME LABEL SOURCES...) makes one Catch2 program and registers it with CTest under LABEL, and under `unit`.
# Target `unit_tests` builds all that are not nightly.
add_custom_target(unit_tests)
function(metertwin_test name label)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE metertwin_catch_main metertwin_warnings)
  if(METERTWIN_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM metertwin_precompiled_test)
  endif()
  if(NOT label STREQUAL nightly)
    add_dependencies(unit_tests ${name})
  endif()
  add_test(NAME ${name} COMMAND ${name} --use-colour no)
  set_tests_properties(${name} PROPERTIES LABELS "unit;${label}" TIMEOUT 600 SKIP_RETURN_CODE 77)
endfunction()
