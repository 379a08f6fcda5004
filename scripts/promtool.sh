#!/usr/bin/env bash
# Prints the path of promtool, which checks alert rules. Looks on PATH and in .cache/bin; with --install it gets it from Debian's package or
# builds it with Go. Only the path goes to stdout.
set -Eeuo pipefail

readonly ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
readonly CACHE="${HANZO_CACHE:-$ROOT/.cache/bin}"
# The newest release that Go 1.22 builds.
readonly MODULE="github.com/prometheus/prometheus/cmd/promtool@v0.55.1"

found() {
  local path
  for path in "$(command -v promtool || true)" "$CACHE/promtool"; do
    if [[ -x $path ]] && "$path" --version > /dev/null 2>&1; then
      printf '%s\n' "$path"
      exit 0
    fi
  done
}

found
if [[ ${1:-} != --install ]]; then
  echo "promtool is neither on PATH nor in $CACHE: scripts/promtool.sh --install gets it" >&2
  exit 3
fi
if command -v apt-get > /dev/null && [[ $(id -u) == 0 ]]; then
  echo "promtool: installing Debian's package prometheus" >&2
  # The package would start a server of its own; only the tool is wanted.
  (apt-get update -qq && cd "$(mktemp -d)" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && install -D usr/bin/promtool "$CACHE/promtool") >&2 || true
  found
fi
if command -v go > /dev/null; then
  echo "promtool: building $MODULE (a few minutes)" >&2
  mkdir -p "$CACHE"
  GOBIN="$CACHE" GOFLAGS=-mod=mod go install "$MODULE" >&2 || true
  found
fi
echo "promtool: neither Debian's package nor Go gave it; install the package prometheus" >&2
exit 3
