# Every outside library, found once. `./dev` installs the Debian packages that hold them.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Catch2 2 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(benchmark REQUIRED)
find_package(date REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(libmodbus REQUIRED IMPORTED_TARGET libmodbus)
pkg_check_modules(yaml_cpp REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(systemc REQUIRED IMPORTED_TARGET systemc)

# Debian's SystemC was built as C++17; from C++20 it links only when told so (otherwise: undefined sc_api_version_..cxx202002L).
add_library(metertwin_systemc INTERFACE)
target_link_libraries(metertwin_systemc INTERFACE PkgConfig::systemc)
target_compile_definitions(metertwin_systemc INTERFACE SC_CPLUSPLUS=201703L)

# One io_context a world and one thread drives it: no locking inside Asio.
add_library(metertwin_asio INTERFACE)
target_link_libraries(metertwin_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(metertwin_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION)
