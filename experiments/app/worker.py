"""A process that plays: it does what comes down its line, and looks up between two months."""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from time import monotonic
from typing import TYPE_CHECKING, Any

from abm.errors import InputError
from experiments.app.spool import keep, kept
from experiments.heaps import keep_heap
from experiments.stopping import StoppedError

if TYPE_CHECKING:
    from experiments.app.asked import Alike, Asked, Playable

READY, LIVED, DONE, STOPPED, WRONG = "ready", "lived", "done", "stopped", "wrong"
DO, STOP = "do", "stop"
# Seconds between two reports on how far a play is.
REPORT = 0.1
# The server answers clicks while workers play.
NICE = 5


def work(line: Connection, warm: "Sequence[Playable]") -> None:
    """Do what comes down the line until it is closed.

    warm  played before anything else, so that nobody waits for imports and compiled loops
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Workers share the processor among themselves; threads of their own would only get in each other's way.
    os.environ["POLARS_MAX_THREADS"] = "1"
    keep_heap()
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        for each in warm:
            # What goes wrong here goes wrong again when somebody asks, who is then told.
            with suppress(Exception):
                each.played(lambda _: None)
        line.send((READY, 0, None))
        Worker(line).serve()
    except (EOFError, OSError):
        return


def play(progress: Callable[[int], None], paths: Sequence[str], asked: "Playable") -> list[int]:
    """Play some runs, keep what is wanted of them in a file and return its size, bytes."""
    return [keep(asked.played(progress), *paths)]


def play_abreast(progress: Callable[[int], None], paths: Sequence[str], first: "Alike", *others: "Alike") -> list[int]:
    """Play what is alike side by side, keep each in a file of its own and return their sizes, bytes."""
    return [keep(*each) for each in zip(first.abreast(others, progress), paths, strict=True)]


def tell(_: Callable[[int], None], question: "Asked[Any]", parts: Sequence[Sequence[str]], both: bool) -> object:
    """Put the parts of a question, kept in files, together."""
    return question.told([[kept(path) for path in each] for each in parts], both=both)


class Worker:
    """What a process does, one thing at a time; a single run may come in between two months of a longer play."""

    def __init__(self, line: Connection) -> None:
        """Listen to a line."""
        self._line = line
        self._unwanted: set[int] = set()

    def serve(self) -> None:
        """Do what is asked until the line is closed."""
        while True:
            self._heed(self._line.recv())
            # Whatever was to be stopped has ended by now.
            self._unwanted.clear()

    def _heed(self, message: tuple[Any, ...]) -> None:
        """Do one thing, or note that one is no longer wanted."""
        verb, job, *task = message
        if verb == STOP:
            self._unwanted.add(job)
        else:
            self._do(job, *task)

    def _do(self, job: int, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
        """Do one thing and reply with what came of it."""
        try:
            reply = (DONE, job, function(partial(self._advance, job, [0, monotonic()]), *arguments))
        except StoppedError:
            reply = (STOPPED, job, None)
        except InputError as error:
            reply = (WRONG, job, (error.where, error.what, error.remedy))
        except (EOFError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the requester must hear of it
            reply = (WRONG, job, ("", f"This cannot be played: {type(error).__name__}: {error}", ""))
        self._line.send(reply)

    def _advance(self, job: int, untold: list[float], months: int) -> None:
        """Tell how far a play is now and then, do what has come in, and end the play if nobody wants it any more.

        untold  months not yet told of, and when the last were told
        """
        untold[0] += months
        if monotonic() - untold[1] > REPORT:
            self._line.send((LIVED, job, round(untold[0])))
            untold[:] = [0, monotonic()]
        while self._line.poll():
            self._heed(self._line.recv())
        if job in self._unwanted:
            raise StoppedError
