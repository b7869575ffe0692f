#!/bin/sh
# Installs the Debian packages named that are missing: as root, or by a sudo that asks nothing; else says the line and stops.
set -eu

if ! command -v dpkg-query >/dev/null; then
  echo "This is not Debian: make sure you have the like of: $*"
  exit 0
fi

missing=""
for package in "$@"; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root="env"
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n env"
else
  echo "Debian packages are missing. Run this line as root, then the same make again:"
  echo "  apt-get update && apt-get install --yes --no-install-recommends$missing"
  exit 1
fi

echo "Installing Debian packages:$missing"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
# A list that cannot be refreshed is no fault when the one at hand has what we want.
$as_root apt-get -qq update >"$said" 2>&1 </dev/null || echo "The package lists could not be refreshed; trying those at hand."
# Another apt may hold the lock: wait for it rather than fail.
$as_root DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
  install --yes --no-install-recommends $missing >"$said" 2>&1 </dev/null || { cat "$said"; exit 1; }
