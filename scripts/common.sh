# Sourced by the scripts beside it; they then stand in the top folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  echo "error: $*" >&2
  exit 1
}

# quietly <log file> <command>...: shows the command's output only if it fails.
quietly() {
  local log=$1 status=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [[ $status != 0 ]]; then
    cat "$log" >&2
    echo "error: failed with status $status: $*" >&2
  fi
  return "$status"
}
