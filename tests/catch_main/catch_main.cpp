// The one translation unit that holds Catch2's own code: it takes ten seconds to compile, once.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
