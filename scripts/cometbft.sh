#!/usr/bin/env bash
# Finds or builds the CometBFT binary that versions.lock names and prints its path, and nothing else, on stdout.
# Reasons and progress go to stderr. See --help.
set -Eeuo pipefail
export LC_ALL=C

readonly ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
readonly LOCK_FILE="${HANZO_VERSIONS_LOCK:-$ROOT/versions.lock}"
readonly GO_MODULE="${HANZO_COMETBFT_MODULE:-$ROOT/tools/cometbft}"
readonly CACHE="${HANZO_CACHE:-$ROOT/.cache/bin}"

usage() {
  cat <<'TEXT'
usage: scripts/cometbft.sh [--json] [--offline] [--tool cometbft|abci-cli] [--build stock|hanzo]

Prints the path of a CometBFT binary of exactly the version in versions.lock. Routes, in this order:
  explicit  $COMETBFT_BIN: used or refused, never passed over in silence
  cache     $HANZO_CACHE (default: .cache/bin of the checkout), checked against its sha256 stamp
  path      `cometbft` on PATH, if its build information proves the version, and it is the build asked for
  go        go build of tools/cometbft; go.sum pins every dependency
  archive   release archive, only if versions.lock pins its sha256; $COMETBFT_MIRROR replaces the release address

  --json     print {"path","version","build","route","sha256"} instead of the path
  --offline  no network: the go route uses the local module cache only, the archive route is left out
  --tool     abci-cli: the conformance client of the same release (routes cache and go only)
  --build    stock: CometBFT as released. hanzo: the same node, whose ABCI client does not spin (tools/cometbft/node; routes explicit, cache,
             path and go). Default: $COMETBFT_BUILD, else cometbft.build of versions.lock; a binary in $COMETBFT_BIN may be either then

exit status: 0 found · 2 wrong usage · 3 no route worked (a table of all routes is on stderr)
TEXT
}

JSON=0 OFFLINE=0 TOOL=cometbft ASKED="${COMETBFT_BUILD:-}"
while (($#)); do
  case "$1" in
    --json) JSON=1 ;;
    --offline) OFFLINE=1 ;;
    --tool)
      TOOL="${2:-}"
      shift
      ;;
    --build)
      ASKED="${2:-}"
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      echo "cometbft.sh: unknown argument '$1'" >&2
      usage >&2
      exit 2
      ;;
  esac
  shift || break
done
case "$TOOL" in
  cometbft | abci-cli) ;;
  *)
    echo "cometbft.sh: --tool takes cometbft or abci-cli, got '$TOOL'" >&2
    exit 2
    ;;
esac
case "$ASKED" in
  "" | stock | hanzo) ;;
  *)
    echo "cometbft.sh: --build (or COMETBFT_BUILD) takes stock or hanzo, got '$ASKED'" >&2
    exit 2
    ;;
esac

lock_value() { awk -v key="$1" '$1 == key { print $2; exit }' "$LOCK_FILE"; }
if [[ ! -r "$LOCK_FILE" ]]; then
  echo "cometbft.sh: cannot read $LOCK_FILE" >&2
  exit 3
fi
VERSION="$(lock_value cometbft.version)"
MODULE="$(lock_value cometbft.module)"
H1="$(lock_value cometbft.h1)"
GO_MINIMUM="$(lock_value cometbft.go.minimum)"
BUILD="${ASKED:-$(lock_value cometbft.build)}"
if [[ "$TOOL" == abci-cli ]]; then BUILD=stock; fi
readonly VERSION MODULE H1 GO_MINIMUM BUILD ASKED JSON OFFLINE TOOL
if [[ -z "$VERSION" || -z "$MODULE" || -z "$H1" || -z "$GO_MINIMUM" || -z "$BUILD" ]]; then
  echo "cometbft.sh: $LOCK_FILE must name cometbft.version, cometbft.module, cometbft.h1, cometbft.go.minimum and cometbft.build" >&2
  exit 3
fi

case "$(uname -s)" in Linux) OS=linux ;; Darwin) OS=darwin ;; *) OS="$(uname -s)" ;; esac
case "$(uname -m)" in x86_64 | amd64) ARCH=amd64 ;; aarch64 | arm64) ARCH=arm64 ;; *) ARCH="$(uname -m)" ;; esac
readonly PLATFORM="${OS}_${ARCH}"

WORK=""
cleanup() { if [[ -n "$WORK" ]]; then rm -rf -- "$WORK"; fi; }
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { echo "cometbft.sh: $*" >&2; }
REPORT=""
# Remembers what a route did, for the closing table.
note() { REPORT+="$(printf '  %-9s %s' "$1" "$2")"$'\n'; }

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum -- "$1"; else shasum -a 256 -- "$1"; fi | awk '{ print $1 }'
}

# Our own build is cached by what it is made of, so that a change of its sources is seen.
if [[ "$BUILD" == hanzo ]]; then
  SOURCES="$(cd "$GO_MODULE" && cat go.mod node/*.go abciclient/*.go | sha256_of - | cut -c 1-12)"
  NAME="$TOOL-$VERSION-hanzo-$SOURCES"
else
  NAME="$TOOL-$VERSION"
fi
readonly NAME CACHED="$CACHE/$NAME"

# Prints "<version> <h1>" of the CometBFT module linked into a Go binary; nothing if it holds no such record.
# The version that the binary prints is a constant in the source and has been wrong in releases, so this record rules.
build_record() {
  local info=""
  if command -v go >/dev/null 2>&1; then info="$(GOTOOLCHAIN=local go version -m "$1" 2>/dev/null || true)"; fi
  if [[ "$info" != *"$MODULE"* ]]; then
    # Without Go the same record can be read from the file: tab-separated lines "mod|dep <path> <version> <h1>".
    info="$(grep -aoE "(mod|dep)"$'\t'"$MODULE"$'\t'"[^[:space:]]+("$'\t'"h1:[A-Za-z0-9+/=]+)?" "$1" 2>/dev/null || true)"
  fi
  printf '%s\n' "$info" | awk -v module="$MODULE" '($1 == "mod" || $1 == "dep") && $2 == module { print $3, $4; exit }'
}

# Succeeds when $1 is a binary of exactly our version and of the build $2 (empty: either); else sets WHY, and FOUND_BUILD in both cases.
prove() {
  local file="$1" wanted="$2" record found hash printed
  FOUND_BUILD=stock
  WHY=""
  if [[ ! -f "$file" ]]; then WHY="$file does not exist"; return 1; fi
  if [[ ! -x "$file" ]]; then WHY="$file is not executable"; return 1; fi
  record="$(build_record "$file")"
  found="${record%% *}" hash="${record#* }"
  if [[ "$hash" == "$record" ]]; then hash=""; fi
  if [[ -n "$found" && "$found" != "(devel)" ]]; then
    if [[ "$found" != "v$VERSION" ]]; then WHY="$file is CometBFT ${found#v}, needed is $VERSION"; return 1; fi
    if [[ -n "$hash" && "$hash" != "$H1" ]]; then WHY="$file was built from other source ($hash, pinned is $H1)"; return 1; fi
  fi
  if ! printed="$("$file" version 2>/dev/null </dev/null | tail -n 1)"; then WHY="$file does not run on $PLATFORM"; return 1; fi
  # abci-cli prints the version of the protocol, so only its build record counts.
  if [[ "$TOOL" == abci-cli && "$found" == "v$VERSION" ]]; then return 0; fi
  # A release build prints the version with or without "+<commit>".
  if [[ "${printed%%+*}" != "$VERSION" ]]; then
    WHY="$file says it is version '${printed}', needed is $VERSION"
    return 1
  fi
  if [[ "$printed" == *+hanzo ]]; then FOUND_BUILD=hanzo; fi
  if [[ -n "$wanted" && "$FOUND_BUILD" != "$wanted" ]]; then WHY="$file is the $FOUND_BUILD build, asked for is $wanted"; return 1; fi
}

finish() {
  local path="$1" route="$2"
  if ((JSON)); then
    local quoted="${path//\\/\\\\}"
    printf '{"path":"%s","version":"%s","build":"%s","route":"%s","sha256":"%s"}\n' \
      "${quoted//\"/\\\"}" "$VERSION" "$FOUND_BUILD" "$route" "$(sha256_of "$path")"
  else
    printf '%s\n' "$path"
  fi
  exit 0
}

fail() {
  {
    echo "cometbft.sh: no $TOOL $VERSION for $PLATFORM. Routes tried:"
    printf '%s' "$REPORT"
    echo "To mend it, do one of these:"
    printf '%s' "$1"
  } >&2
  exit 3
}

advice_all() {
  local offline_note=""
  if ((OFFLINE)); then offline_note=" (without --offline)"; fi
  cat <<TEXT
  install Go $GO_MINIMUM or newer (https://go.dev/dl), then run: scripts/cometbft.sh$offline_note
  or bring a binary of this version: COMETBFT_BIN=/path/to/$TOOL scripts/cometbft.sh
  or build one on another machine: CGO_ENABLED=0 go install $MODULE/cmd/cometbft@v$VERSION
TEXT
}

route_explicit() {
  if [[ -z "${COMETBFT_BIN:-}" ]]; then note explicit "left out: COMETBFT_BIN is not set"; return 1; fi
  if prove "$COMETBFT_BIN" "$ASKED"; then finish "$COMETBFT_BIN" explicit; fi
  note explicit "refused: $WHY"
  fail "  set COMETBFT_BIN to a CometBFT $VERSION binary, or run: env -u COMETBFT_BIN scripts/cometbft.sh"$'\n'
}

# $1: "quiet" for the second look under the lock.
route_cache() {
  local stamp="$CACHED.sha256"
  if [[ ! -f "$CACHED" ]]; then
    [[ "${1:-}" == quiet ]] || note cache "empty: $CACHED does not exist"
    return 1
  fi
  if [[ ! -f "$stamp" || "$(<"$stamp")" != "$(sha256_of "$CACHED")" ]]; then
    [[ "${1:-}" == quiet ]] || note cache "refused: $CACHED differs from its stamp $stamp"
    return 1
  fi
  if prove "$CACHED" "$BUILD"; then finish "$CACHED" cache; fi
  [[ "${1:-}" == quiet ]] || note cache "refused: $WHY"
  return 1
}

route_path() {
  local found
  found="$(type -P cometbft || true)"
  if [[ -z "$found" ]]; then note path "left out: no cometbft on PATH"; return 1; fi
  if prove "$found" "$BUILD"; then finish "$found" path; fi
  note path "refused: $WHY"
  return 1
}

# True when dotted version $1 is at least $2.
at_least() { [[ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" == "$2" ]]; }

# Moves a proven file into the cache. The stamp goes first: a reader between the two moves sees a mismatch and waits for the lock.
install_cached() {
  # Chained by hand: errexit is off inside a function called in a condition.
  if chmod 755 "$1" && sha256_of "$1" >"$WORK/stamp" && mv -f -- "$WORK/stamp" "$CACHED.sha256" && mv -f -- "$1" "$CACHED"; then return 0; fi
  WHY="cannot write $CACHED"
  return 1
}

route_go() {
  local version package="$MODULE/cmd/cometbft" proxy="${GOPROXY:-}"
  if [[ "$TOOL" == abci-cli ]]; then package="$MODULE/abci/cmd/abci-cli"; fi
  if [[ "$BUILD" == hanzo ]]; then package=./node; fi
  if ! command -v go >/dev/null 2>&1; then note go "left out: no go on PATH"; return 1; fi
  version="$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || true)"
  version="${version#go}"
  version="${version%%[!0-9.]*}"
  if [[ -z "$version" ]] || ! at_least "$version" "$GO_MINIMUM"; then
    note go "refused: Go ${version:-unknown} found, $GO_MINIMUM or newer needed"
    return 1
  fi
  if ! grep -qF "$MODULE v$VERSION $H1" "$GO_MODULE/go.sum" 2>/dev/null; then
    note go "refused: $GO_MODULE/go.sum does not pin $MODULE v$VERSION $H1"
    return 1
  fi
  if ((OFFLINE)); then proxy=off; fi
  say "building $TOOL $VERSION ($BUILD build) with Go $version (about a minute the first time)"
  if ! (
    cd "$GO_MODULE"
    if [[ -n "$proxy" ]]; then export GOPROXY="$proxy"; fi
    GOFLAGS=-mod=readonly GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 go build -trimpath -buildvcs=false \
      -ldflags "-s -w -X $MODULE/version.TMCoreSemVer=$VERSION" -o "$WORK/$TOOL" "$package"
  ) >"$WORK/log" 2>&1; then
    tail -n 20 "$WORK/log" >&2
    note go "failed: go build: $(tail -n 1 "$WORK/log")"
    return 1
  fi
  if ! prove "$WORK/$TOOL" "$BUILD" || ! install_cached "$WORK/$TOOL"; then note go "refused: $WHY"; return 1; fi
  finish "$CACHED" go
}

route_archive() {
  local pin name url
  if [[ "$TOOL" != cometbft ]]; then note archive "left out: archives hold cometbft only"; return 1; fi
  if [[ "$BUILD" != stock ]]; then note archive "left out: archives hold the stock build only"; return 1; fi
  pin="$(lock_value "cometbft.sha256.$PLATFORM")"
  if [[ -z "$pin" ]]; then note archive "left out: versions.lock pins no sha256 for $PLATFORM"; return 1; fi
  if ((OFFLINE)); then note archive "left out: --offline"; return 1; fi
  if ! command -v curl >/dev/null 2>&1; then note archive "left out: no curl on PATH"; return 1; fi
  name="cometbft_${VERSION}_${PLATFORM}.tar.gz"
  url="${COMETBFT_MIRROR:-https://github.com/cometbft/cometbft/releases/download/v$VERSION}/$name"
  say "downloading $url"
  if ! curl --proto '=https' --tlsv1.2 -fsSL --retry 5 --retry-all-errors -o "$WORK/$name" "$url" 2>"$WORK/log"; then
    note archive "failed: $url: $(tail -n 1 "$WORK/log")"
    return 1
  fi
  local got
  got="$(sha256_of "$WORK/$name")"
  if [[ "$got" != "$pin" ]]; then note archive "refused: sha256 of $name is $got, pinned is $pin"; return 1; fi
  if ! tar -xzf "$WORK/$name" -C "$WORK" cometbft 2>"$WORK/log"; then
    note archive "failed: $name holds no file named cometbft"
    return 1
  fi
  chmod 755 "$WORK/cometbft"
  if ! prove "$WORK/cometbft" "$BUILD" || ! install_cached "$WORK/cometbft"; then note archive "refused: $WHY"; return 1; fi
  finish "$CACHED" archive
}

main() {
  if [[ "$TOOL" == cometbft ]]; then route_explicit || true; fi
  route_cache || true
  if [[ "$TOOL" == cometbft ]]; then route_path || true; fi
  if ! mkdir -p -- "$CACHE" 2>/dev/null || [[ ! -w "$CACHE" ]]; then
    note go "left out: cache folder $CACHE cannot be written"
    note archive "left out: cache folder $CACHE cannot be written"
    fail "  make $CACHE writable, or choose another folder: HANZO_CACHE=/path scripts/cometbft.sh"$'\n'
  fi
  # Parallel runs build once: the second waits here and then finds the cache filled. Without flock (macOS) both build, and the moves are atomic.
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$CACHE/.$NAME.lock"
    flock 9
    route_cache quiet || true
  fi
  WORK="$(mktemp -d "$CACHE/.$NAME.XXXXXX")"
  route_go || true
  route_archive || true
  fail "$(advice_all)"$'\n'
}
main
