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
# The whole process waits for speech most of the time, so it runs beside the other kinds.
FAST=(unit content conversations integration ui paper precheck sound)
logs=$KIOSK_STATE/logs; mkdir "$logs"
tests() {  # part, what else pytest is told; the output goes to the part's log as well
  local part=$1; shift
  $bin/python -m pytest -q "tests/$part" -o cache_dir="$KIOSK_STATE/cache-$part" "$@" 2>&1 | tee "$logs/$part.log"
}
say "tests/e2e (beside the others)"
tests e2e "$@" >/dev/null & e2e=$!
failed=()
for part in "${FAST[@]}"; do
  say "tests/$part"
  tests "$part" "$@" || failed+=("$part")
done
say "tests/e2e"
wait $e2e || failed+=(e2e)
cat "$logs/e2e.log"

# Tests of sound, printers and the whole process run in real time; a busy machine may make one late. Those that failed run
# once more when everything else is over, and what then passes is named as late in the summary.
summary=()
bad=0
for part in "${FAST[@]}" e2e; do
  log=$logs/$part.log
  if [[ " ${failed[*]-} " == *" $part "* ]]; then
    case $part in
      paper | sound | e2e)
        say "tests/$part: once more what failed"
        cp "$log" "$KIOSK_STATE/first"
        if tests "$part" --last-failed --last-failed-no-failures none "$@"; then
          late=$(tail -n 1 "$log")
          sed -E '$ s/[0-9]+ failed, //; $ s/, [0-9]+ errors?//' "$KIOSK_STATE/first" >"$log"
          summary+=("$part: $(tail -n 1 "$log"); late, then good: $late")
          continue
        fi ;;
    esac
    bad=1
  fi
  summary+=("$part: $(tail -n 1 "$log")")
done

# awk, not grep: under pipefail a grep that finds no failure would itself be one.
counted() { awk -v word="$1" '{ for (i = 2; i <= NF; i++) if ($i ~ "^" word) n += $(i - 1) } END { print n + 0 }'; }
last_lines() { for log in "$logs"/*.log; do tail -n 1 "$log"; done; }
echo
printf '%s\n' "${summary[@]}"
echo "$(last_lines | counted passed) passed, $(($(last_lines | counted failed) + $(last_lines | counted error))) failed"
exit $bad
