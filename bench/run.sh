#!/usr/bin/env bash
# `./dev bench [NAME]`: builds and runs the benchmarks (or those whose name begins with NAME), prints Google Benchmark's table
# and writes its JSON into out/bench/.
set -euo pipefail
cd "$(dirname "$0")/.."
./dev build-for-test release
mkdir -p out/bench
found=no
for program in build/release/bench/*_bench; do
  name=$(basename "$program" _bench)
  case "$name" in "${1:-}"*) ;; *) continue ;; esac
  found=yes
  echo "== $name"
  "$program" --benchmark_out="out/bench/$name.json" --benchmark_out_format=json --benchmark_counters_tabular=true
done
if [ $found = no ]; then
  echo "dev bench: no benchmark '${1:-}'; there are: $(cd build/release/bench && ls -d *_bench | sed 's/_bench$//' | tr '\n' ' ')" >&2
  exit 64
fi
