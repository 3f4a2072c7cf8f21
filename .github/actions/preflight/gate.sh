#!/usr/bin/env bash
# Runs preflight once, in every format that GitHub shows: annotations, step summary, SARIF. Succeeds always, so that
# the report can be uploaded; the exit code is an output, and a later step ends with it.
set -euo pipefail

SUMMARY_LIMIT=1000000 # bytes of the 1 MiB that GitHub takes for a step

report=${RUNNER_TEMP:?}/preflight-report
rm -rf "$report"
mkdir -p "$report"

files=()
while IFS= read -r file; do
  if [[ $file =~ [^[:space:]] ]]; then
    files+=("$file")
  fi
done <<<"${GATE_FILES:?}"

code=0
preflight "${GATE_COMMAND:-check}" --fail-on "${GATE_FAIL_ON:-error}" \
  -o github -o "markdown=$report/report.md" -o "sarif=$report/report.sarif" \
  -o "json=$report/report.json" -o "html=$report/report.html" -- "${files[@]}" || code=$?

echo "exit-code=$code" >>"${GITHUB_OUTPUT:?}"
if [[ -s $report/report.json ]]; then
  verdict=$(sed -n 's/^  "verdict": "\([a-z-]*\)",$/\1/p' "$report/report.json")
  printf 'verdict=%s\nreport=%s\n' "$verdict" "$report" >>"$GITHUB_OUTPUT"
  head -c "$SUMMARY_LIMIT" "$report/report.md" >>"${GITHUB_STEP_SUMMARY:?}"
fi
