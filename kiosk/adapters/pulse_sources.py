"""What the sound server (PulseAudio, or PipeWire in its place) says about the microphone.

When a microphone is unplugged the server silently moves our stream to another source, with no error (platform.md 0.10).
Asked through `pactl`, 10 ms a question; where there is no pactl every answer is "not known".
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

_TIMEOUT = 2.0


def _ask(what: str) -> list[dict[str, Any]] | None:
    if shutil.which("pactl") is None:
        return None
    try:
        done = subprocess.run(["pactl", "--format=json", "list", what], capture_output=True, timeout=_TIMEOUT,
                              env=os.environ | {"LC_ALL": "C.UTF-8"}, check=True)
        answer = json.loads(done.stdout or b"[]")
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return answer if isinstance(answer, list) else None


def sources() -> tuple[str, ...] | None:
    """Names of all sources; None when not known."""
    answer = _ask("sources")
    return None if answer is None else tuple(str(source["name"]) for source in answer)


def our_source() -> str | None:
    """Name of the source that this process records from; None when not known."""
    streams, known = _ask("source-outputs"), _ask("sources")
    if streams is None or known is None:
        return None
    mine = [stream["source"] for stream in streams
            if str(stream.get("properties", {}).get("application.process.id")) == str(os.getpid())]
    for source in known:
        if mine and source.get("index") == mine[-1]:
            return str(source["name"])
    return None
