"""Runs the commands that stand beside figures in documents, and puts what they print in place:
`python -m kiosk.app.doc_figures docs/measured.md [--only WORD]`.

In a document:

    <!-- run: kiosk bench start -->
    ```
    (what it printed the last time)
    ```

--only  just the commands that hold this word
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

_BLOCK = re.compile(r"(?P<mark><!-- run: kiosk (?P<words>[^\n]+?) -->\n)```[^\n]*\n(?P<printed>.*?)```\n", re.DOTALL)
#: Exit codes of a command that has printed what it has to say: good, the answer is no, something is missing here.
_PRINTED = (0, 1, 3)


def commands(text: str) -> list[str]:
    """What stands behind "run: kiosk" in a document, in order."""
    return [found["words"] for found in _BLOCK.finditer(text)]


def renewed(text: str, command: str, printed: str) -> str:
    """The document with this in the blocks of the command."""
    block = f"```\n$ kiosk {command}      # {date.today().isoformat()}\n{printed.strip()}\n```\n"
    return _BLOCK.sub(lambda found: found["mark"] + block if found["words"] == command else found[0], text)


def printed_by(words: str) -> str:
    """What `kiosk <words>` prints. Raises CalledProcessError."""
    print(f"kiosk {words} …", file=sys.stderr, flush=True)
    done = subprocess.run([sys.executable, "-m", "kiosk", *shlex.split(words)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in _PRINTED:
        raise subprocess.CalledProcessError(done.returncode, f"kiosk {words}")
    return done.stdout


def main() -> int:
    parser = argparse.ArgumentParser(prog="doc_figures", description="print the figures of documents again")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="documents (Markdown)")
    parser.add_argument("--only", default="", metavar="WORD", help="just the commands that hold this word")
    args = parser.parse_args()
    for file in args.files:
        for command in commands(file.read_text(encoding="utf-8")):
            if args.only in command:  # written after each one, into what the file is then: a run takes long
                printed = printed_by(command)
                file.write_text(renewed(file.read_text(encoding="utf-8"), command, printed), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
