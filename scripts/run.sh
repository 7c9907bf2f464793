#!/usr/bin/env bash
# Sets up what is missing and starts the kiosk on the embedded demo centre.
#   scripts/run.sh               full screen
#   scripts/run.sh --windowed    in a window, for development
#   scripts/run.sh --rehearse    no screen needed: plays a whole spoken visit and says where everything lies
#   scripts/run.sh --models DIR  take the models from a folder (a USB stick)
# Other words are handed to `kiosk run` or `kiosk rehearse`.
source "$(dirname "$0")/setup.sh"

command=run
rest=()
while [ $# -gt 0 ]; do
  case $1 in
    --rehearse) command=rehearse ;;
    --models) export KIOSK_MODEL_MIRROR=${2:?--models 后面要写目录}; shift ;;
    *) rest+=("$1") ;;
  esac
  shift
done

setup_apt "${APT_PACKAGES[@]}"
setup_venv ""
setup_models
setup_packs

if [ "$command" = run ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ -z "${QT_QPA_PLATFORM:-}" ]; then
  say "这台机器没有屏幕（没有 DISPLAY）。可以运行 scripts/run.sh --rehearse，不用屏幕也能走完一次完整的语音办理。"
  exit 3
fi
exec .venv/bin/kiosk "$command" "${rest[@]}"
