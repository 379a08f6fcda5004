#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests. Looks at $CHROMIUM_BIN, then at PATH; on Debian and its kin installs the distribution's
# package when there is none and this user may. Nothing else is downloaded.
set -Eeuo pipefail

works() { [[ -x "$1" ]] && "$1" --version > /dev/null 2>&1; }

if [[ -n "${CHROMIUM_BIN:-}" ]]; then
  works "$CHROMIUM_BIN" || { echo "chromium: CHROMIUM_BIN is $CHROMIUM_BIN, which does not run" >&2; exit 1; }
  echo "$CHROMIUM_BIN"
  exit
fi

find_chromium() {
  local name path
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    path=$(command -v "$name" || true)
    if [[ -n "$path" ]] && works "$path"; then
      echo "$path"
      return
    fi
  done
  return 1
}

find_chromium && exit

as_root=()
[[ $EUID -eq 0 ]] || as_root=(sudo -n)
if command -v apt-get > /dev/null && "${as_root[@]}" true 2> /dev/null; then
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  echo "chromium: none found, installing the distribution's package" >&2
  install() { DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y --no-install-recommends chromium > "$log" 2>&1; }
  if install || { "${as_root[@]}" apt-get update > "$log" 2>&1 && install; }; then
    find_chromium && exit
  fi
  tail -n 20 "$log" >&2
fi

cat >&2 << 'TEXT'
chromium: no Chromium that runs was found and none could be installed
  why:  the tests of the wallet page drive a real browser
  next: apt-get install chromium (or your system's package), or set CHROMIUM_BIN to a Chromium or Chrome
TEXT
exit 1
