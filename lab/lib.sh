# shellcheck shell=bash
# What the lab's scripts share. Sourced, never run.

set -euo pipefail

lab_source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(dirname "$lab_source")
cache=${QUORATE_CACHE:-$HOME/.cache/quorate}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
  say "$*"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
need_root() { [ "$(id -u)" = 0 ] || die "needs root: it mounts file systems and makes network namespaces"; }

# need_packages PACKAGE… : installs with apt what dpkg does not already know as installed.
need_packages() {
  local package missing=()
  for package; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  have apt-get || die "needs ${missing[*]}, and there is no apt-get here: install them by hand"
  [ "$(id -u)" = 0 ] || die "needs ${missing[*]}: run 'apt-get install ${missing[*]}' as root"
  say "installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2 ||
    { apt-get update -q >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2; } ||
    die "could not install ${missing[*]}"
}

# The Debian archive that this machine's own apt uses; the repository names no host.
debian_mirror() {
  if [ -n "${QUORATE_DEBIAN_MIRROR:-}" ]; then
    printf '%s\n' "$QUORATE_DEBIAN_MIRROR"
    return
  fi
  have apt-get || die "no apt here to name a Debian mirror: set QUORATE_DEBIAN_MIRROR"
  local mirror
  mirror=$(named_by_apt)
  if [ -z "$mirror" ] && [ "$(id -u)" = 0 ]; then
    say "apt has no package lists yet: updating them"
    apt-get update -q >&2
    mirror=$(named_by_apt)
  fi
  [ -n "$mirror" ] ||
    die "apt's sources name no Debian archive (or 'apt-get update' never ran): set QUORATE_DEBIAN_MIRROR"
  printf '%s\n' "$mirror"
}

named_by_apt() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | head -n 1
}
