# Warnings are errors; floating point is IEEE to the letter, so that debug, release and every machine give the same bits.
add_library(metertwin_warnings INTERFACE)
target_compile_options(metertwin_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused -Wimplicit-fallthrough
  -Werror -ffp-contract=off -fno-fast-math)
