#!/usr/bin/env bash
# Proves on a fresh Debian 12 with nothing but Go, git and make that "make demo" and "make test" work, and that the
# set-up says plainly why where it cannot. Needs root and debootstrap. Takes the last commit, not the working tree.
#
#   scripts/prove-fresh.sh          all
#   KEEP=1 scripts/prove-fresh.sh   and leaves the root in place to look at
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
. scripts/debian-root.sh

[ "$(id -u)" -eq 0 ] || die "a fresh root can only be made and entered as root."
command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap."

root=$(mktemp -d /var/tmp/pointille-fresh.XXXXXX)
[ -n "${KEEP:-}" ] || trap 'rm -rf --one-file-system "$root"' EXIT
mapfile -t network < <(host_network)
failures=0

main() {
	timed "a Debian 12 root with Go, git and make" prepare
	refusals
	timed "make demo, first time" make_there demo
	[ -s "$root/src/out/demo/report.html" ] || die "make demo left no report."
	timed "make demo, nothing missing" make_there demo
	timed "make test" make_there test
	[ "$failures" -eq 0 ] || die "$failures part(s) failed, see above."
}

prepare() {
	debian_root "$root"
	in_root "$root" DEBIAN_FRONTEND=noninteractive -- \
		sh -c 'apt-get -q update && apt-get -qy install --no-install-recommends git make' >"$root/prepare.log" 2>&1 ||
		{ tail -n 15 "$root/prepare.log" && die "git and make could not be installed."; }
	cp -a "$(go env GOROOT)" "$root/usr/local/go"
	git clone -q --no-local . "$root/src"
	rm -rf "$root"/var/lib/apt/lists/*
	du -sh "$root" | cut -f 1
}

# refusals: what the set-up cannot mend must end at once, with the reason.
refusals() {
	refuses "no Go" "there is no go on the PATH" 'PATH=/usr/sbin:/usr/bin:/sbin:/bin make demo'
	refuses "Go too old" "Go 99.1 or later is needed" 'sed -i "s/^go .*/go 99.1/" go.mod; make demo'
	refuses "no root, no sudo" "neither root nor sudo" \
		'setpriv --reuid 65534 --regid 65534 --clear-groups make demo'
	refuses "no apt" "no apt here" 'mv /usr/bin/apt-get /tmp; make demo; code=$?; mv /tmp/apt-get /usr/bin; exit $code'
	refuses "no network" "cannot reach its package servers" 'unshare --net make demo'
}

# refuses NAME TEXT COMMAND expects the command to fail and to say TEXT.
refuses() {
	local answer
	if answer=$(in_root "$root" -- sh -c "cd /src && $3" 2>&1); then
		report "FAILED: with \"$1\" make demo went on"
	elif ! grep -qF "$2" <<<"$answer"; then
		report "FAILED: with \"$1\" make demo did not say \"$2\" but:"
		tail -n 5 <<<"$answer"
	else
		say "ok: $1: $(grep -F "$2" <<<"$answer" | head -n 1)"
	fi
	git -C "$root/src" checkout -q .
}

report() {
	failures=$((failures + 1))
	say "$*"
}

make_there() { in_root "$root" "${network[@]}" -- make -C /src "$@"; }

main
