#!/usr/bin/env bash
# Everything that must hold before a change lands. `--quick`: the fast half, one build.
#
# 1. release build, unit and property tests, tidy        2. the scenario library, each run twice, and determinism
# 3. mutants of the head-end, each caught by audit       4. head-end crashes at 200 instants
# 5. debug build (ASan + UBSan), quick tests, and the same digest as release
set -euo pipefail
cd "$(dirname "$0")/.."
quick=no
for argument in "$@"; do
  case "$argument" in
    --quick) quick=yes ;;
    *) echo "usage: ./dev test [--quick]" >&2; exit 64 ;;
  esac
done
step() { printf '\n== %s\n' "$*"; }
jobs=$(nproc)
mkdir -p out

step "release build"
./dev build-for-test release
step "unit tests"
if [ $quick = yes ]; then
  ctest --test-dir build/release -L quick -j "$jobs" --output-on-failure
  exit
fi
step "debug build with sanitizers"
./dev build-for-test debug
step "unit, property, scenario, mutant and crash tests"
export METERTWIN_DEBUG_BINARY="$PWD/build/debug/apps/metertwin"
status=0
ctest --test-dir build/release -j "$jobs" --output-on-failure || status=1
step "quick tests under AddressSanitizer and UndefinedBehaviorSanitizer"
ctest --test-dir build/debug -L quick -j "$jobs" --output-on-failure || status=1
exit $status
