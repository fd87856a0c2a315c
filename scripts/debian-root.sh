# A minimal Debian 12 root, for the prove scripts: sourced after lib.sh, never run. Needs root and debootstrap.
# Where packages come from, apt's transport settings and local certificates are taken from this machine at run time.

release=bookworm
cache=${CACHE:-/var/tmp/pointille-$release.tar}

# debian_root DIR unpacks the root there, made on first use and kept as a tarball.
debian_root() {
	[ -f "$cache" ] || make_cache
	mkdir -p "$1"
	tar -C "$1" -xpf "$cache"
	chmod 755 "$1"
	host_apt_settings >"$1/etc/apt/apt.conf.d/90host"
	mkdir -p "$1/usr/local/share/ca-certificates"
	find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$1/usr/local/share/ca-certificates/" \; 2>/dev/null || true
	cp /etc/resolv.conf /etc/hosts "$1/etc/"
}

make_cache() {
	local dir mirror
	dir=$(mktemp -d "$cache.XXXXXX")
	host_sources >"$dir.sources"
	mirror=$(awk '{ print $2; exit }' "$dir.sources")
	debootstrap --variant=minbase "$release" "$dir" ${mirror:+"$mirror"} >"$dir.log" 2>&1 ||
		die "debootstrap failed; its log is $dir.log."
	[ ! -s "$dir.sources" ] || cp "$dir.sources" "$dir/etc/apt/sources.list"
	rm -rf "$dir"/var/cache/apt/archives/*.deb "$dir"/var/lib/apt/lists/*
	tar -C "$dir" --one-file-system -cpf "$cache.part" .
	mv "$cache.part" "$cache"
	rm -rf --one-file-system "$dir" "$dir.sources" "$dir.log"
}

# host_sources prints where this machine gets this release from, as a sources.list; nothing on another system.
host_sources() {
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
		awk -v release="$release" '$3 ~ "^" release "(-updates|-security)?$"' | sort -u -k 3,3 || true
}

host_apt_settings() {
	apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https|Check-Valid-Until|Check-Date|Retries)\b' || true
}

# in_root DIR ENV... -- COMMAND... runs a command there as root with the network of this machine; its mounts and
# processes end with it.
in_root() {
	local dir=$1 vars=()
	shift
	while [ "$1" != -- ]; do
		vars+=("$1")
		shift
	done
	shift
	unshare --mount --pid --fork --kill-child -- bash -c '
		mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' \
		"$dir" env -i HOME=/tmp TERM=dumb PATH=/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		"${vars[@]}" "$@"
}

# host_network prints the settings with which this machine reaches Go modules and packages.
host_network() {
	local name
	for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
		[ -z "${!name:-}" ] || say "$name=${!name}"
	done
	for name in GOPROXY GOSUMDB GONOSUMDB GONOPROXY GOPRIVATE; do
		say "$name=$(go env "$name")"
	done
}
