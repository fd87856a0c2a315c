# Shared by the scripts here: sourced, never run.

say() { printf '%s\n' "$*"; }

# die prints one sentence and ends the script: no stack, no usage.
die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# at_least HAVE WANT: dotted versions, compared number by number.
at_least() {
	[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# timed NAME COMMAND... runs the command between two headings, the second with its time; without that one, it failed.
timed() {
	local start=$SECONDS
	say "== $1"
	"${@:2}"
	say "== $1: $((SECONDS - start)) s"
}
