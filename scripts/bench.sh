#!/usr/bin/env bash
# Runs benchmarks and keeps what they print in out/, in the form that benchstat reads.
#
#   scripts/bench.sh          all but the peers, into out/bench.txt
#   scripts/bench.sh --peers  those named BenchmarkPeer..., which time other people's code beside ours at the same
#                             work, into out/bench-peers.txt
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

out=out/bench.txt
flags=(-bench . -skip '^BenchmarkPeer')
functions='^func Benchmark([^P]|P[^e])'
if [ "${1:-}" = --peers ]; then
	out=out/bench-peers.txt
	flags=(-bench '^BenchmarkPeer')
	functions='^func BenchmarkPeer'
fi

packages=$({ grep -rlE --include='*_test.go' "$functions" . || true; } | xargs -r -n 1 dirname | sort -u)
[ -n "$packages" ] || die "no test file has a function that matches $functions."
mkdir -p out
go test -run '^$' -benchmem -count "${COUNT:-1}" "${flags[@]}" $packages | tee "$out"
say "kept in $out"
