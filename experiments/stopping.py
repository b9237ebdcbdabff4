"""Ctrl-C stops between two months, so that what is finished is kept whole."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StoppedError(Exception):
    """Somebody asked to stop."""


@contextmanager
def listening() -> Iterator[threading.Event]:
    """Give an event that is set by the first Ctrl-C or request to end; a second Ctrl-C ends the program at once."""
    stop = threading.Event()

    def heed(number: int, frame: FrameType | None) -> None:
        """Note the wish to stop; end at once where it comes a second time."""
        if stop.is_set() and number == signal.SIGINT:
            signal.default_int_handler(number, frame)
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    usual = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
