"""The child process of uvc_scanner: opens a camera, waits until it is sharp, gives the sharpest of some frames.

Run by path, so it imports nothing of the kiosk. Arguments: the device (/dev/video0) or a file of moving pictures, for
tests; seconds for focus and exposure to settle. Out: a JSON line {"bytes": n} and a PNG file, or {"error": "busy" or "timed_out"}.
"""

import json
import os
import resource
import sys
import time
from typing import Any

#: Asked of the camera; it gives the nearest that it can.
WIDTH, HEIGHT = 1920, 1080
#: Frames among which the sharpest is chosen, once sharpness has changed by less than STEADY over three frames.
FRAMES, STEADY = 5, 0.08


def main(device: str, seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    picture = b""
    try:
        picture = sharpest(device, seconds)
        head: dict[str, object] = {"bytes": len(picture)}
    except BlockingIOError:
        head = {"error": "busy"}
    except Exception:  # no frame, a driver's fault: whatever it was, there is no picture
        head = {"error": "timed_out"}
    answers.write(json.dumps(head).encode() + b"\n" + picture)
    answers.flush()


def sharpest(device: str, seconds: float) -> bytes:
    import cv2

    camera = cv2.VideoCapture(device, cv2.CAP_V4L2 if device.startswith("/dev/") else cv2.CAP_ANY)
    if not camera.isOpened():
        raise BlockingIOError(device)
    try:
        for what, value in ((cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")), (cv2.CAP_PROP_FRAME_WIDTH, WIDTH),
                            (cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT), (cv2.CAP_PROP_AUTOFOCUS, 1)):
            camera.set(what, value)
        best = _best(camera, time.monotonic() + seconds)
    finally:
        camera.release()
    good, file = cv2.imencode(".png", best)
    if not good:
        raise ValueError("no picture")
    data: bytes = file.tobytes()
    return data


def _best(camera: Any, ends: float) -> Any:
    """Wait until focus and exposure have settled (or time is over), then the sharpest of some frames."""
    last: list[float] = []
    frame = None
    while time.monotonic() < ends:
        came, new = camera.read()
        if not came:
            break
        frame, last = new, [*last[-2:], _sharpness(new)]
        if len(last) == 3 and max(last) - min(last) <= STEADY * max(last):
            break
    if frame is None:
        raise TimeoutError
    frames = [(_sharpness(frame), frame)]
    for _ in range(FRAMES - 1):
        came, new = camera.read()
        if came:
            frames.append((_sharpness(new), new))
    return max(frames, key=lambda pair: pair[0])[1]


def _sharpness(frame: Any) -> float:
    """Variance of the Laplacian of the middle, where the paper lies."""
    import cv2

    high, wide = frame.shape[:2]
    middle = frame[high // 5:high * 4 // 5, wide // 5:wide * 4 // 5]
    return float(cv2.Laplacian(cv2.cvtColor(middle, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
