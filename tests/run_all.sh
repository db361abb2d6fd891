#!/usr/bin/env bash
# Everything that must hold before a change lands. `--quick`: the fast half, one build. `--nightly`: what takes
# hours of the wall clock.
#
# 1. release build of the program; the scenario library, each run twice, determinism, mutants of the head-end, crashes, floods
# 2. debug build (ASan + UBSan): unit and property tests, and the same digest as release
# Unit tests run once, where a wrong step is seen: with sanitizers in the whole run, optimised in the quick one.
set -euo pipefail
cd "$(dirname "$0")/.."
part=all
for argument in "$@"; do
  case "$argument" in
    --quick) part=quick ;;
    --nightly) part=nightly ;;
    *) echo "usage: ./dev test [--quick | --nightly]" >&2; exit 64 ;;
  esac
done
step() { printf '\n== %s\n' "$*"; }
jobs=$(nproc)
mkdir -p out

if [ $part = nightly ]; then
  step "release build"
  ./dev build-for-test release
  step "nightly: canaries, fifty kills under load"
  ctest --test-dir build/release -L nightly --output-on-failure
  exit
fi
if [ $part = quick ]; then
  step "release build"
  ./dev build-for-test release
  step "quick tests"
  ctest --test-dir build/release -L quick -j "$jobs" --output-on-failure
  exit
fi
step "release build"
./dev build-for-test release metertwin
step "debug build with sanitizers"
./dev build-for-test debug unit_tests metertwin_run
export METERTWIN_DEBUG_BINARY="$PWD/build/debug/apps/metertwin_run"
status=0
step "scenario, mutant, crash and flood tests"
ctest --test-dir build/release -LE 'unit|nightly' -j "$jobs" --output-on-failure || status=1
step "unit and property tests under AddressSanitizer and UndefinedBehaviorSanitizer"
ctest --test-dir build/debug -L unit -LE nightly -j "$jobs" --output-on-failure || status=1
exit $status
