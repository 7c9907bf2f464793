"""The child process of ocr_reader: reads the words on one picture after the other, and keeps nothing.

Run by path, so it imports nothing of the kiosk. A line {"bytes": n} and n bytes of a PNG or JPEG file in; one JSON line out:
{"ok": true} when it is ready, then {"sight", "lines": [[text, score, [[x, y] * 4]], ...]} or {"error"}.

It has no network (rapidocr would fetch models that it misses) and writes no core file, which would hold a picture.
"""

import json
import os
import resource
import socket
import sys
from typing import Any

#: Longest side in pixels at which words are looked for, of the part with words in which they are read, and at which sharpness
#: is judged. Measured with samples: looking twice reads as well as once at 1280, and turned papers better, with 540 MB for 750.
FINDING, LONGEST, JUDGED = 960, 1280, 1000
#: Left around the part with words, as a share of its size.
MARGIN = 0.25
#: The brightest twentieth of the picture is darker than this (0..255): made brighter before it is read, and called too dark
#: when that does not help; below BLACK it is not even tried.
DARK, BLACK = 110, 24
#: Variation of brightness (0..255) over a 32 x 32 thumbnail below which nothing lies there.
EVEN = 5.0
#: Sharpness (variance of the Laplacian at JUDGED pixels) below which a picture that could not be read is called blurred.
SHARP = 60.0
#: Characters that were read surely enough, below which a picture counts as not read.
FEW, SURE = 6, 0.75


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def answer(**words: object) -> None:
        print(json.dumps(words), file=answers, flush=True)

    try:
        read = make_reader()
    except Exception as error:  # whatever is missing or wrong, the parent wants to know
        answer(error=type(error).__name__)
        return
    answer(ok=True)
    for line in sys.stdin.buffer:
        picture = sys.stdin.buffer.read(int(json.loads(line)["bytes"]))
        try:
            answer(**read(picture))
        except Exception as error:  # a picture that cannot be decoded; its content is never told
            answer(error=type(error).__name__)


def _no_network(*_: object) -> None:
    raise OSError("this process has no network")


def make_reader() -> Any:
    socket.socket.connect = _no_network  # type: ignore[method-assign]
    import cv2
    import numpy as np
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    reader: Any = RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": LONGEST,
                              "Rec.rec_batch_num": 1, "Det.limit_type": "max", "Det.limit_side_len": FINDING,
                              "EngineConfig.onnxruntime.intra_op_num_threads": 1})

    def read(data: bytes) -> dict[str, object]:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise ValueError("no picture")
        grey = cv2.cvtColor(shrunk(picture, JUDGED), cv2.COLOR_BGR2GRAY)
        light = float(np.percentile(grey, 95))
        if light < BLACK:
            return {"sight": "dark", "lines": []}
        if light < DARK:
            picture = cv2.convertScaleAbs(picture, alpha=200 / light)
        if float(cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).std()) < EVEN:
            return {"sight": "nothing", "lines": []}
        lines = words_in(shrunk(part_with_words(picture), LONGEST))
        if sum(len(str(text)) for text, score, _ in lines if score >= SURE) >= FEW:
            return {"sight": "clear", "lines": lines}
        if light < DARK:
            return {"sight": "dark", "lines": []}
        blurred = float(cv2.Laplacian(grey, cv2.CV_64F).var()) < SHARP
        return {"sight": "blurred" if blurred or lines else "nothing", "lines": lines}

    def shrunk(picture: Any, longest: int) -> Any:
        scale = longest / max(picture.shape[:2])
        return picture if scale >= 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)

    def part_with_words(picture: Any) -> Any:
        """Cut to where words are, and laid on its side where most lines stand upright. With that, places are those within
        the part; nobody needs more."""
        small = shrunk(picture, FINDING)
        boxes = getattr(reader(small, use_det=True, use_cls=False, use_rec=False), "boxes", None)
        if boxes is None or not len(boxes):
            return picture
        corners = np.asarray(boxes)
        long, high = (np.linalg.norm(corners[:, end] - corners[:, 0], axis=1) for end in (1, 3))
        upright = int((high > 1.5 * long).sum()) > int((long > 1.5 * high).sum())
        points = corners.reshape(-1, 2) * (picture.shape[0] / small.shape[0])
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        room = MARGIN * max(right - left, bottom - top)
        part = picture[max(0, int(top - room)):int(bottom + room), max(0, int(left - room)):int(right + room)]
        return np.ascontiguousarray(np.rot90(part)) if upright else part

    def words_in(picture: Any) -> list[tuple[str, float, list[list[float]]]]:
        found = reader(picture, use_det=True, use_cls=True, use_rec=True)  # remembers what it was told the last time
        if getattr(found, "boxes", None) is None or getattr(found, "txts", None) is None:
            return []
        return [(text, round(float(score), 3), [[round(float(x), 1), round(float(y), 1)] for x, y in box])
                for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)]

    return read


if __name__ == "__main__":
    main()
