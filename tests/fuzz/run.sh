#!/usr/bin/env bash
# Builds the fuzz targets with clang's libFuzzer and runs each for FUZZ_SECONDS (5) after its corpus. usage: tests/fuzz/run.sh
set -uo pipefail
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
SECONDS_EACH=${FUZZ_SECONDS:-5}
cd "$ROOT" || exit 1
[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz -Dtests=disabled -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=true || exit 1
ninja -C build-fuzz fuzzers || exit 1
passed=0 failed=0
for t in build-fuzz/tests/fuzz/fuzz_*; do
    [ -x "$t" ] && [ -f "$t" ] || continue
    name=$(basename "$t")
    mkdir -p "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name"
    echo "== $name"
    if "$t" -max_total_time="$SECONDS_EACH" -rss_limit_mb=1024 -timeout=5 -max_len=65536 -artifact_prefix="build-fuzz/$name-" \
        "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"build-fuzz/$name.log" 2>&1; then
        passed=$((passed + 1))
        grep -E 'DONE|stat::' "build-fuzz/$name.log" | tail -n 1
    else
        failed=$((failed + 1))
        tail -n 30 "build-fuzz/$name.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
