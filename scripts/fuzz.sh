#!/usr/bin/env bash
# Runs every fuzz target of the tree, one after the other, SECONDS each (30 unless told). Stops at the first crash;
# go test then says which file under testdata/fuzz repeats it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

seconds=${1:-30}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "the time for each target must be a whole number of seconds, not \"$seconds\"."

targets=$({ grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . || true; } |
	sed -E 's/^(.*)\/[^/]*:func (.*)$/\1 \2/' | sort)
[ -n "$targets" ] || die "there is no fuzz target in the tree."
say "$(wc -l <<<"$targets") fuzz target(s), $seconds s each"
while read -r dir target; do
	say "== $dir $target"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "${seconds}s" "$dir"
done <<<"$targets"
