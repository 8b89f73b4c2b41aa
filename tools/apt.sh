#!/usr/bin/env bash
# Install what a make target needs from Debian or Ubuntu and finds missing. Usage: apt.sh python|browser|postgres|bench
set -eu

missing=()
need() { # need COMMAND-TEST PACKAGE…: remember the packages if the test fails
  local test=$1
  shift
  eval "$test" >/dev/null 2>&1 || missing+=("$@")
}

case ${1:-} in
  python)
    need 'python3 -c "import ensurepip, venv"' python3-venv ;;
  browser)
    need 'command -v chromium || command -v chromium-browser || command -v google-chrome' chromium ;;
  postgres)
    need 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb' postgresql ;;
  bench)
    need 'command -v djpeg' libjpeg-turbo-progs ;;
  *)
    echo "usage: apt.sh python|browser|postgres|bench" >&2
    exit 2 ;;
esac

[ ${#missing[@]} -gt 0 ] || exit 0
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    echo "Missing: ${missing[*]}. Please run once: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi
echo "Installing ${missing[*]} …" >&2
"${as_root[@]}" apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
