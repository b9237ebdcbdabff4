"""A place for a worker: its process, the line to it, and what it has been given to do."""

import signal
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from experiments.app.questions import Play
from experiments.app.tickets import PLAY_BAND, PLAY_RUN, Job
from experiments.app.worker import work

# Seconds a worker has to end by itself.
PATIENCE = 2.0


class Seat:
    """A worker that starts from nothing, as it must where a process cannot be forked.

    stack  jobs it has: one, or a band with a single run that has come in between
    ready  whether it has warmed up
    """

    def __init__(self, warm: Sequence[Play]) -> None:
        """Start a process.

        warm  what it plays before it is ready
        """
        context = get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, warm), name="friendshore worker", daemon=True)
        self.process.start()
        theirs.close()
        self.stack: list[Job] = []
        self.ready = False
        self._out: SimpleQueue[tuple[Any, ...] | None] = SimpleQueue()
        # What is sent from a thread of its own cannot keep the server from listening.
        Thread(target=_carry, args=(self.line, self._out), name="line to a worker", daemon=True).start()

    def send(self, *message: object) -> None:
        """Send a message without waiting until it has arrived."""
        self._out.put(message)

    def takes(self, job: Job) -> bool:
        """Return whether a job can be given to it now."""
        if not self.stack:
            return True
        return len(self.stack) == 1 and self.stack[0].rank == PLAY_BAND and job.rank <= PLAY_RUN

    def fate(self) -> str:
        """Return how the process ended, in words."""
        self.process.join(PATIENCE)
        code = self.process.exitcode
        if code is not None and code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with code {code}"

    def close(self) -> None:
        """End the process."""
        self._out.put(None)
        self.process.terminate()
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()
        self.line.close()


def _carry(line: Connection, out: "SimpleQueue[tuple[Any, ...] | None]") -> None:
    """Carry messages to a worker until there is none, or nobody to take them."""
    while (message := out.get()) is not None:
        try:
            line.send(message)
        except OSError:
            return
