#!/usr/bin/env bash
# Sets up what is missing and nothing else: apt libraries, .venv, models and voices. Sourced by run.sh and test.sh.
# Without apt, root or sudo it says what to install by hand and goes on with what is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\033[1m[乡音]\033[0m %s\n' "$*"; }

APT_PACKAGES=(
  python3 python3-venv ca-certificates
  # Qt: offscreen, then xcb
  libglib2.0-0 libgl1 libegl1 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0 libx11-6
  libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
  libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libx11-xcb1
  # sound and paper
  libportaudio2 libasound2-plugins cups-client cups-ipp-utils
)
TEST_PACKAGES=(
  xvfb xauth openbox xdotool pulseaudio pulseaudio-utils dbus avahi-daemon
  cups cups-daemon cups-filters poppler-utils
)

setup_apt() {
  local missing=() package
  command -v dpkg-query >/dev/null || { say "这不是 Debian 系统，请自行安装：${APT_PACKAGES[*]}"; return 0; }
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null; then as_root=(sudo); else
      say "缺少系统软件包，又不是管理员。请管理员运行：apt-get install ${missing[*]}"; return 0
    fi
  fi
  say "安装系统软件包（${#missing[@]} 个）：${missing[*]}"
  "${as_root[@]}" apt-get update -qq || say "软件包目录没有更新成功，先用旧目录继续。"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    say "有软件包没装上：${missing[*]}。界面、声音或打印可能缺少，kiosk check 会逐项说明。"
}

# $1: extras, "" or "[test]"
setup_venv() {
  local extras=$1 stamp wanted
  wanted=$( { cat pyproject.toml; echo "$extras"; python3 --version; pwd; } | sha256sum | cut -d' ' -f1)
  stamp=$(cat .venv/.stamp 2>/dev/null || true)
  # A venv with the test extras serves the plain need as well.
  if [ "$stamp" = "$wanted" ]; then return 0; fi
  if [ -z "$extras" ] && [ "$stamp" = "$( { cat pyproject.toml; echo "[test]"; python3 --version; pwd; } | sha256sum | cut -d' ' -f1)" ]; then return 0; fi
  say "准备 Python 环境 .venv …"
  [ -x .venv/bin/python ] || python3 -m venv .venv
  .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip -q
  if .venv/bin/python -m pip install -q --disable-pip-version-check uv &&
     .venv/bin/uv pip install -p .venv/bin/python -e ".$extras"; then :; else
    say "uv 不可用，改用 pip（慢一些）…"
    .venv/bin/python -m pip install --disable-pip-version-check -e ".$extras"
  fi
  # Reading papers under a camera (预检) is a help, not a need: without it the kiosk starts and leaves papers to the window.
  { .venv/bin/uv pip install -q -p .venv/bin/python -e ".[precheck]" ||
    .venv/bin/python -m pip install -q --disable-pip-version-check -e ".[precheck]"; } 2>/dev/null ||
    say "看证件（预检）用的软件没装上，别的都不受影响。以后补装：.venv/bin/python -m pip install -e '.[precheck]'"
  printf '%s' "$wanted" > .venv/.stamp
}

# Learns the packs' sentences once, so that the first visitor does not wait.
setup_packs() { .venv/bin/kiosk packs build >/dev/null; }

setup_models() {
  if .venv/bin/kiosk models list >/dev/null 2>&1; then return 0; fi
  say "取语音模型（约 140 MB，只取一次；U 盘里有的话：scripts/run.sh --models 目录）…"
  .venv/bin/kiosk models fetch || say "模型没有取全：没有的部分先不用，触摸和按键照常。kiosk models list 可查看缺什么。"
}
