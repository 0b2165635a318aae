#!/bin/sh
# Fuzzes the expression language: fuzz/run.sh [seconds, 600 unless told]. Needs a C++ compiler for libFuzzer;
# the stable toolchain is enough, since coverage is LLVM's own. What broke is left in fuzz/artifacts.
set -eu
cd "$(dirname "$0")"
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
# With a target named, build scripts are not instrumented.
host=$(rustc -vV | sed -n 's/^host: //p')
(cd .. && ${CARGO:-cargo} build --manifest-path fuzz/Cargo.toml --target-dir fuzz/target --target "$host" --bin expression)
mkdir -p corpus/expression artifacts
exec "target/$host/debug/expression" corpus/expression seeds/expression -dict=expression.dict -max_len=2048 \
    -artifact_prefix=artifacts/ -max_total_time="${1:-600}" -print_final_stats=1
