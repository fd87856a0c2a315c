#!/usr/bin/env bash
# Rules of this tree that neither the compiler nor staticcheck knows. Every breach is printed; any breach fails.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

# What needs a disk of its own, another reader or ELF can not be tried everywhere: a few are fine, a habit is not.
max_skips=6
breaches=0

main() {
	no_match "only internal/cvx may import gocv: it alone turns OpenCV's exceptions into errors" \
		'"gocv\.io/x/gocv' '*.go' ':!internal/cvx'
	no_match "only internal/cvx may use cgo" \
		'^import "C"' '*.go' ':!internal/cvx'
	no_match "a machine's own path means nothing on the next machine" \
		'(^|[^[:alnum:]_.})])/(work|root)/' ':!scripts/check-tree.sh'
	no_match "no init functions: state that appears on import can be neither tested nor ordered" \
		'^func init\(\)' '*.go'
	no_match "merge leftovers" \
		'^(<<<<<<<|>>>>>>>) '
	few_skips
	formatted
	[ "$breaches" -eq 0 ] || die "$breaches rule(s) of the tree broken: see the lines above and CONTRIBUTING.md."
	say "tree: ok"
}

# no_match RULE REGEXP [PATHSPEC...] complains about tracked text files that match.
no_match() {
	local found
	found=$(search "${@:2}")
	[ -z "$found" ] || breach "$1" "$found"
}

few_skips() {
	local found
	found=$(search '\.Skip(f|Now)?\(' '*_test.go')
	if [ "$(grep -c . <<<"$found")" -gt "$max_skips" ]; then
		breach "more than $max_skips tests skip themselves, and a skipped test proves nothing" "$found"
	fi
}

formatted() {
	local files found
	files=$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')
	found=$(existing $files | xargs -r "$(go env GOROOT)/bin/gofmt" -l)
	[ -z "$found" ] || breach "not formatted: run gofmt -w on" "$found"
}

# search finds REGEXP in tracked files, or in all where this is no git checkout.
search() {
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git grep -nIE "$1" -- "${@:2}" || true
	else
		git grep --no-index --exclude-standard -nIE "$1" -- "${@:2}" || true
	fi
}

existing() {
	local file
	for file in "$@"; do
		[ ! -f "$file" ] || say "$file"
	done
}

breach() {
	breaches=$((breaches + 1))
	say "tree: $1:" >&2
	cut -c 1-160 <<<"$2" | sed 's/^/    /' >&2
}

main
