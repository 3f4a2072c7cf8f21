#!/usr/bin/env bash
# For any pipeline: `generic.sh storages.yaml`. Registers nothing unless the storages are ready.
set -euo pipefail

code=0
preflight check "$@" -o human -o junit=preflight-tests.xml -o json=preflight.json --evidence preflight-evidence.json || code=$?

case $code in
  0) echo "ready: go on" ;;
  1) echo "not ready: see above, or read preflight.json" >&2 ;;
  3) echo "undetermined: the evidence does not decide; nothing is registered on a guess" >&2 ;;
  *) echo "preflight could not judge (exit code $code)" >&2 ;;
esac
exit "$code"
