#!/bin/sh
# Started by weston (weston.ini): its autolaunch takes a path without arguments. Settings come from the unit's environment.
cd "$(dirname "$0")/../.." || exit 1
exec .venv/bin/kiosk run
