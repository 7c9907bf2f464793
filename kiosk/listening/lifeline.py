"""The microphone and its watchdog: opened, looked after, opened again. Used by the listening thread."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kiosk.listening.watchdog import Watchdog
from kiosk.ports.ears import Microphone
from kiosk.ports.sound import Samples, SoundError

log = logging.getLogger(__name__)

#: Looks (one per block) between two checks whether the source is still the right one (2 s; a check takes 10 ms).
_CHECK_EVERY = 62

_SENTENCES = {
    "no_blocks": "麦克风没有声音传来，正在重新连接。请检查麦克风的接线。",
    "finished": "麦克风断开了，正在重新连接。请检查麦克风的接线。",
    "silent": "麦克风一直没有任何声音，可能被静音了。请检查麦克风的开关。",
    "swapped": "麦克风换成了别的声音来源，正在换回来。请检查麦克风的接线。",
}


class Lifeline:
    """`reason` and `sentence` say why no sound can be trusted now; both '' when all is well."""

    def __init__(self, microphone: Microphone, watchdog: Watchdog, on_block: Callable[[Samples], None],
                 on_lost: Callable[[str, int], None]) -> None:
        self._microphone, self._watchdog = microphone, watchdog
        self._on_block, self._on_lost = on_block, on_lost
        self._stream = 0   # number of the stream that is open: a late word about an older one is ignored
        self._looks = 0
        self._open = False
        self.reason = self.sentence = ""
        self.lasting = False

    def connect(self) -> bool:
        """Open the device; if that fails, the watchdog says when to try again. True if `reason` has changed."""
        self._stream += 1
        stream = self._stream
        try:
            self._let_go()
            self._microphone.start(self._on_block, lambda reason: self._on_lost(reason, stream))
        except SoundError as fault:
            return self._fail(fault)
        self._open = True
        self._watchdog.opened()
        return False

    def release(self) -> None:
        """Close the device for good."""
        try:
            self._let_go()
        except SoundError as fault:
            log.warning("the microphone cannot be closed", extra={"reason": fault.reason})

    def _let_go(self) -> None:
        if self._open:
            self._open = False
            self._microphone.stop()

    def block(self, block: Samples) -> bool:
        """A block has come. True if it is the first good one: sound can be trusted from here on. What a stream has
        left behind that was given up or refused (it may be what the loudspeaker plays) proves nothing."""
        if not self._open:
            return False
        back = self._watchdog.block(bool(block.any()))
        if back:
            if self.reason:
                log.info("the microphone is back", extra={"reason": self.reason})
            self.reason = self.sentence = ""
        return back

    def lost(self, reason: str, stream: int) -> bool:
        """The audio thread says that stream `stream` is over. True if it was the present one."""
        if stream != self._stream or not self._open:
            return False
        self._lose(reason)
        return True

    def doubtful(self) -> bool:
        """Asked before an utterance is believed: the server may have moved us in the middle of it, without any gap.
        True if the microphone has just been given up for that."""
        trouble = self._microphone.check() if self._open else ""
        if trouble:
            self._lose(trouble)
        return bool(trouble)

    def look(self, *, idle: bool, starved: bool, gap: bool = False) -> bool:
        """Called a few times a second; `idle` when nobody is speaking, `starved` when no block has come for a nap, `gap`
        when there was none for a while, which a busy thread notices late. Gives up a dead device and opens it again
        when it is time. True if `reason` has changed."""
        self._looks += 1
        trouble = self._watchdog.look(starved)
        # after a gap in the sound the server may have moved us to another source
        due = starved or gap or (idle and self._looks % _CHECK_EVERY == 0)
        if not trouble and due and self._open:
            trouble = self._microphone.check()
        if trouble:
            self._lose(trouble)
            return True
        return self._watchdog.retry_due and self.connect()

    def _lose(self, reason: str) -> None:
        log.warning("the microphone is lost", extra={"reason": reason})
        self.reason, self.sentence = reason, _SENTENCES.get(reason, SoundError.sentence)
        try:
            self._let_go()
        except SoundError as fault:
            self._fail(fault)
        else:
            self._watchdog.lost(reason)

    def _fail(self, fault: SoundError) -> bool:
        if not self.reason:
            log.warning("the microphone cannot be opened", extra={"reason": fault.reason})
        changed = self.reason != fault.reason
        self.reason, self.sentence, self.lasting = fault.reason, fault.sentence, fault.lasting
        if fault.lasting:
            self._watchdog.give_up()
        else:
            self._watchdog.lost(fault.reason)
        return changed
