#!/usr/bin/env bash
# Sets up and runs everything that CI runs. Under 15 minutes on two cores.
source "$(dirname "$0")/setup.sh"
setup_apt "${APT_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
setup_venv "[test]"
setup_models
setup_packs

# Temporary homes, so that a test run never touches the state of a real kiosk.
KIOSK_SPEECH=${KIOSK_SPEECH:-$PWD/var/speech}; export KIOSK_SPEECH   # rendered sentences are the same for everybody
KIOSK_STATE=$(mktemp -d); export KIOSK_STATE
trap 'rm -rf "$KIOSK_STATE"' EXIT

run() { say "$*"; "$@"; }
bin=.venv/bin
run $bin/ruff check kiosk tests
run $bin/mypy
run $bin/lint-imports --no-cache
run $bin/kiosk check --content
# Each kind in its own process (pitfalls: QApplications, threads and native libraries do not mix well).
# -n is not used: two cores are one for the test and one for what it starts.
# Tests of sound, printers and the whole process run in real time; a busy machine may make one late. Those that failed
# run once more by themselves, and what then passes is named as late in the summary.
summary=()
failed=0
for part in unit content conversations integration paper ui sound e2e; do
  [ -d "tests/$part" ] || continue
  say "tests/$part"
  log=$KIOSK_STATE/$part.log
  if $bin/python -m pytest -q "tests/$part" "$@" 2>&1 | tee "$log"; then
    summary+=("$part: $(tail -n 1 "$log")")
    continue
  fi
  case $part in
    paper | sound | e2e)
      say "tests/$part: once more what failed"
      if $bin/python -m pytest -q "tests/$part" --last-failed --last-failed-no-failures none "$@" 2>&1 | tee "$log.again"; then
        sed -i -E '$ s/[0-9]+ failed, //; $ s/, [0-9]+ errors?//' "$log"
        summary+=("$part: $(tail -n 1 "$log"); late, then good: $(tail -n 1 "$log.again")")
        continue
      fi ;;
  esac
  failed=1
  summary+=("$part: $(tail -n 1 "$log")")
done

# awk, not grep: under pipefail a grep that finds no failure would itself be one.
counted() { awk -v word="$1" '{ for (i = 2; i <= NF; i++) if ($i ~ "^" word) n += $(i - 1) } END { print n + 0 }'; }
last_lines() { for log in "$KIOSK_STATE"/*.log; do tail -n 1 "$log"; done; }
echo
printf '%s\n' "${summary[@]}"
echo "$(last_lines | counted passed) passed, $(($(last_lines | counted failed) + $(last_lines | counted error))) failed"
exit $failed
