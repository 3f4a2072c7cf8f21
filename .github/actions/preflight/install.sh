#!/usr/bin/env bash
# Puts preflight into an environment of its own, unless the cache has brought one that works.
set -euo pipefail

environment=${RUNNER_TEMP:?}/preflight-environment
package=${GATE_PACKAGE:-${GITHUB_ACTION_PATH:?}/../../..}

if ! "$environment/bin/preflight" --version 2>/dev/null; then
  rm -rf "$environment"
  "${GATE_PYTHON:-python3}" -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$package"
  "$environment/bin/preflight" --version
fi
echo "$environment/bin" >>"${GITHUB_PATH:?}"
