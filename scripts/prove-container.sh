#!/usr/bin/env bash
# Proves the Dockerfile without a container engine or a registry: makes debian:bookworm with debootstrap, takes Go from
# this machine, builds the last commit with buildah and runs the main job on the demo case as the image's own user. Needs root,
# debootstrap and buildah. Prints the size of the image.
#
#   KEEP=1 scripts/prove-container.sh   leaves the image store in place
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
. scripts/debian-root.sh

[ "$(id -u)" -eq 0 ] || die "the base image can only be made as root."
for tool in debootstrap buildah; do
	command -v "$tool" >/dev/null || die "$tool is missing: apt-get install debootstrap buildah."
done

store=$(mktemp -d /var/tmp/pointille-containers.XXXXXX)
trap clean EXIT
export BUILDAH_ISOLATION=chroot
mapfile -t network < <(host_network)

main() {
	timed "base image debian:bookworm" base_image
	timed "image with Go" go_image
	timed "image pointille" build
	sizes
	timed "the main job in the container" run_demo
}

b() { buildah --storage-driver vfs --root "$store/root" --runroot "$store/run" "$@"; }

base_image() {
	debian_root "$store/base"
	from_directory "$store/base" / docker.io/library/debian:bookworm
}

go_image() { from_directory "$(go env GOROOT)" /usr/local/go localhost/go-toolchain:latest; }

# from_directory DIR TARGET NAME makes an image with the files of DIR under TARGET.
from_directory() {
	local container
	container=$(b from scratch)
	b add -q "$container" "$1" "$2" >/dev/null
	b config --cmd bash "$container"
	b commit -q --rm "$container" "$3" >/dev/null
}

build() {
	local args=(--build-arg GO_IMAGE=localhost/go-toolchain:latest --build-arg "VERSION=$(scripts/version.sh)") setting
	for setting in "${network[@]}"; do
		args+=(--build-arg "$setting")
	done
	mkdir "$store/src"
	git archive HEAD | tar -x -C "$store/src"
	b bud --pull-never --layers=false -t pointille "${args[@]}" "$store/src" >"$store/build.log" 2>&1 ||
		{ tail -n 20 "$store/build.log" && die "the build failed."; }
}

sizes() {
	b images --format '{{.Name}} {{.Size}}'
	b push -q pointille "oci-archive:$store/pointille.tar"
	say "compressed, as it would be pulled: $(du -h "$store/pointille.tar" | cut -f 1)"
}

run_demo() {
	local container out=$store/out
	mkdir -m 777 "$out"
	container=$(b from --pull-never pointille)
	b run -v "$PWD/testdata/demo:/case:ro" -v "$out:/out" "$container" -- pointille plan --out /out /case
	b run "$container" -- id
	b run "$container" -- sh -c '! command -v gcc g++ go' >/dev/null || die "there is a compiler in the image."
	[ -s "$out/report.html" ] || die "the container left no report."
	ls -l "$out"
}

clean() {
	[ -n "${KEEP:-}" ] || rm -rf --one-file-system "$store"
}

main
