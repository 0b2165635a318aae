#!/bin/sh
# Fuzzes what people write: expressions, aggregates and queries of stored macros. fuzz/run.sh [seconds]
# shares the time (600 unless told) among the targets; fuzz/run.sh check only looks whether what they do compiles.
# A run needs a C++ compiler for libFuzzer; the stable toolchain is enough, since coverage is LLVM's own.
# What broke is left in fuzz/artifacts.
set -eu
cd "$(dirname "$0")"
targets="expression aggregate macro_query"
if [ "${1:-}" = check ]; then
    exec ${CARGO:-cargo} check --quiet --locked --lib --no-default-features
fi
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
# With a target named, build scripts are not instrumented.
host=$(rustc -vV | sed -n 's/^host: //p')
(cd .. && ${CARGO:-cargo} build --manifest-path fuzz/Cargo.toml --target-dir fuzz/target --target "$host" --bins)
share=$((${1:-600} / 3))
for target in $targets; do
    mkdir -p "corpus/$target" "artifacts/$target"
    "target/$host/debug/$target" "corpus/$target" "seeds/$target" -dict="$target.dict" -max_len=2048 \
        -artifact_prefix="artifacts/$target/" -max_total_time="$share" -print_final_stats=1
done
