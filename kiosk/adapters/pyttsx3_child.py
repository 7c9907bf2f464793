"""The child process of pyttsx3_voice: one engine, one request, one save_to_file, one runAndWait (pitfalls 6).

Run by path, so it imports nothing of the kiosk. One JSON object a line in: {"text", "file"};
one out: {"ok"} or {"error"}.
"""

import ctypes
import json
import os
import sys
from typing import Any


def main() -> None:
    # what pyttsx3 and espeak print must not be taken for answers
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def answer(**words: object) -> None:
        print(json.dumps(words), file=answers, flush=True)

    try:
        engine = make_engine()
    except Exception as error:  # whatever is wrong with the engine, the parent wants to know
        answer(error=repr(error))
        return
    answer(ok=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            engine.save_to_file(request["text"], request["file"])
            engine.runAndWait()
        except Exception as error:  # reported to the parent, which starts a new child
            answer(error=repr(error))
            return
        answer(ok=True)


def make_engine() -> Any:
    """WORKAROUND: pyttsx3 looks for a system library "libespeak-ng.so.1" and its data; Debian 12's is 1.51, which spells
    Chinese in English letters. The wheel's 1.52 is loaded globally first, so that pyttsx3 finds it already there."""
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = str(espeakng_loader.get_data_path())
    ctypes.CDLL(str(espeakng_loader.get_library_path()), ctypes.RTLD_GLOBAL)
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", "sit/cmn")
    return engine


if __name__ == "__main__":
    main()
