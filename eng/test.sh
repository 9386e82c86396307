#!/usr/bin/env bash
# Runs `dotnet test` with the given arguments. Skipped tests are one line per reason, and what failed is repeated at the end.
set -euo pipefail

dotnet test "$@" 2>&1 | awk '
  /^[^ ]/ { block = /^skipped / ? "skipped" : /^failed / ? "failed" : "" }
  block == "skipped" {
    # The line after the name is the reason. The next one is the assembly.
    if (/^skipped /) awaits = 1
    else if (awaits) { reasons[substr($0, 3)]++; awaits = 0 }
    next
  }
  block == "failed" { failures = failures $0 "\n" }
  { print; fflush() }
  END {
    for (reason in reasons) print "skipped " reasons[reason] ": " reason
    if (failures != "") printf "\nWhat failed:\n%s", failures
  }'
