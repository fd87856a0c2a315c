#!/usr/bin/env bash
# Installs what Pointille needs to be built and tested on Debian, and nothing where nothing is missing.
#
#   scripts/setup.sh             check Go, install missing packages
#   scripts/setup.sh --packages  print the package names and leave
#   scripts/setup.sh --readers   install other programs' readers of calendars and drawings, for tests that skip without them
#   scripts/setup.sh --browser   the same, and two browsers (some 600 MB) for the tests that drive the studio's page
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

# Compiler, OpenCV and libjpeg for cgo; certificates for the Go module download; pdftoppm, with which the tests look
# at the printed pages.
packages=(g++ pkg-config libopencv-dev libopencv-contrib-dev libjpeg-dev ca-certificates poppler-utils)
readers=(python3-icalendar python3-ezdxf)
as_root=()
log=out/setup.log

main() {
	if [ "${1:-}" = --packages ]; then
		say "${packages[*]}"
		return
	fi
	if [ "${1:-}" = --readers ]; then
		add_readers
		return
	fi
	if [ "${1:-}" = --browser ]; then
		packages+=(chromium webkit2gtk-driver xvfb)
	fi
	check_go
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		check_by_hand
		return
	fi
	local missing
	missing=$(missing_packages "${packages[@]}")
	if [ -z "$missing" ]; then
		check_opencv
		return
	fi
	install $missing
	check_opencv
}

# add_readers goes on without them: the program needs none, and tests say that they are missing.
add_readers() {
	local missing
	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
	missing=$(missing_packages "${readers[@]}")
	[ -z "$missing" ] || (install $missing) || say "Going on without ${missing% }: the tests that read with them are skipped."
}

check_go() {
	local want have
	want=$(awk '$1 == "go" { print $2 }' go.mod)
	command -v go >/dev/null ||
		die "Go $want or later is needed and there is no go on the PATH; see docs/install.md."
	have=$(go env GOVERSION 2>/dev/null) ||
		die "Go $want or later is needed and this is $(GOTOOLCHAIN=local go version 2>/dev/null | awk '{ print $3 }'); see docs/install.md."
	have=${have#go}
	have=${have%% *}
	at_least "$have" "$want" ||
		die "Go $want or later is needed and this is Go $have; see docs/install.md."
}

# missing_packages asks dpkg alone: no network, a few milliseconds.
missing_packages() {
	local name
	for name in "$@"; do
		installed "$name" || printf '%s ' "$name"
	done
}

installed() {
	if [ "$1" = pkg-config ] && installed pkgconf; then # takes its place on Debian 13
		return
	fi
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# check_by_hand is for systems without apt, where the tools may be there all the same.
check_by_hand() {
	local tool
	for tool in c++ pkg-config; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing and there is no apt here to install it with; see docs/install.md for other systems."
	done
	check_opencv
}

check_opencv() {
	pkg-config --exists opencv4 || die "pkg-config does not find OpenCV 4 (opencv4.pc); see docs/install.md."
	pkg-config --exists libjpeg || die "pkg-config does not find libjpeg (libjpeg.pc); see docs/install.md."
	right_opencv "$(pkg-config --modversion opencv4)"
}

# right_opencv: gocv 0.31 fits OpenCV 4.6, and the marker interface that internal/cvx uses ended with it.
right_opencv() {
	at_least "$1" 4.5.5 && ! at_least "$1" 4.7 ||
		die "OpenCV 4.6 is needed and this system has $1; see docs/install.md."
}

install() {
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			die "these packages are missing and there is neither root nor sudo to install them with: $*"
		as_root=(sudo)
	fi
	mkdir -p "${log%/*}"
	: >"$log"
	say "Pointille needs $# Debian package(s) that are not installed: $*"
	say "Installing them with ${as_root[0]:+sudo }apt-get; all it says goes to $log."

	local fresh=yes
	step "reading the package lists"
	apt update -o APT::Update::Error-Mode=any || fresh=no
	local version size
	version=$(LC_ALL=C apt-cache policy libopencv-dev | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }')
	[ -z "$version" ] || right_opencv "${version%%+*}"
	size=$(apt_quiet install --assume-no "$@" 2>>"$log" | sed -n 's/^Need to get \([^/]*\).* of archives.*/\1/p') || true
	step "downloading${size:+ $size}"
	if ! apt install --download-only "$@"; then
		show_log
		[ "$fresh" = yes ] ||
			die "apt cannot reach its package servers (is there a network?), so these are still missing: $*"
		die "apt cannot get these packages: $*"
	fi
	step "unpacking and setting up"
	if ! apt install --no-download "$@"; then
		show_log
		die "apt could not install these packages: $*"
	fi
	step "packages installed"
}

step() { printf '  [%3ds] %s\n' "$SECONDS" "$*"; }

# apt runs apt-get into the log and shows a line for every hundred packages.
apt() {
	local line n=0
	apt_quiet -y "$@" 2>&1 | while IFS= read -r line; do
		printf '%s\n' "$line" >>"$log"
		case $line in
		Get:* | 'Setting up '*)
			n=$((n + 1))
			[ $((n % 100)) -ne 0 ] || step "  $n packages"
			;;
		esac
	done
}

apt_quiet() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get \
		-o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
		--no-install-recommends "$@" </dev/null
}

show_log() {
	say "The last lines of $log:" >&2
	tail -n 15 "$log" | sed 's/^/    /' >&2
}

main "$@"
