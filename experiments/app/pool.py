"""The engine: workers that play what all sessions ask for, each question once, single runs first."""

import asyncio
import os
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import wait
from threading import RLock, Thread
from typing import Any

from abm.errors import InputError
from experiments.app.asked import Asked, Told_co
from experiments.app.desk import Desk
from experiments.app.questions import Play, Question
from experiments.app.results import Progress
from experiments.app.seats import Seat
from experiments.app.spool import Kept, Spool
from experiments.app.tickets import PLAY_RUN, Job, LostError, SupersededError, Ticket
from experiments.app.worker import DO, DONE, LIVED, READY, STOP, WRONG, play, play_abreast, tell

WORKERS = 2
# Seconds between two reports on the progress of a question, while not more than so many wait.
REPORT, FEW = 0.4, 10
# A worker that dies so often before it has played anything will not live the next time either.
MOST_STARTS = 3
# A job that so many workers have died of is not tried again.
MOST_CRASHES = 2


class Engine:
    """Workers, and the desk where questions wait for them.

    workers  how many processes;  warm  questions whose answers are worked out at once
    """

    def __init__(self, workers: int = 0, warm: Sequence[Question] = ()) -> None:
        """Start the workers; nobody waits for them here."""
        self._lock, self._desk, self._spool = RLock(), Desk(), Spool()
        self._warm = _warming(warm[0]) if warm else ()
        self._seats = [Seat(self._warm) for _ in range(workers or min(WORKERS, os.cpu_count() or 1))]
        self._starts = 0
        self._ear, self._bell = Pipe(duplex=False)
        self._open = True
        self._thread = Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()
        for question in warm:
            self.submit(question, object())

    def submit(self, question: Asked[Told_co], session: Hashable) -> Ticket[Told_co]:
        """Return the ticket of a session's question; what the session has asked before is dropped.

        A mistake in the question is raised at once, as an InputError.
        """
        assert question.key, "a question is read before it waits"
        with self._lock:
            ticket: Ticket[Told_co] = Ticket(session, self._withdraw, self._look)
            if not self._open:
                ticket.settle(LostError("The app is closing."))
            elif not self._seats:
                ticket.settle(LostError(_NOBODY))
            else:
                older = self._desk.enter(ticket, question)
                if older is not None:
                    self._drop(older)
                    older.settle(SupersededError())
                self._ring()
            return ticket

    async def ask(
        self, question: Asked[Told_co], session: Hashable, on_progress: Callable[[Progress], object] | None = None
    ) -> Told_co:
        """Return the answer to a question; being cancelled gives it up.

        session      whose older question, if it has one, is dropped
        on_progress  told now and then how far the work is, where this is awaited
        """
        ticket = self.submit(question, session)
        waiting = asyncio.wrap_future(ticket.future)
        try:
            while not (await asyncio.wait({waiting}, timeout=self._pause()))[0]:
                if on_progress is not None:
                    on_progress(ticket.progress)
            return waiting.result()
        finally:
            if not waiting.cancel() and not waiting.cancelled():
                # Heard, even where nobody awaits it any more.
                waiting.exception()
            ticket.cancel()

    def _pause(self) -> float:
        """Return the seconds between two reports: a page takes some time to show one, and many may be waiting."""
        with self._lock:
            return REPORT * max(1.0, len(self._desk.tickets()) / FEW)

    def workers(self) -> tuple[int, ...]:
        """Return the process numbers of the workers that are warm."""
        with self._lock:
            return tuple(seat.process.pid or 0 for seat in self._seats if seat.ready)

    def close(self) -> None:
        """End all workers; whoever still waits is told."""
        with self._lock:
            if not self._open:
                return
            self._open = False
            self._ring()
        self._thread.join()
        for seat in self._seats:
            seat.close()
        self._spool.close()
        self._bell.close()
        self._ear.close()

    def _ring(self) -> None:
        """Wake the thread that serves."""
        self._bell.send_bytes(b"!")

    def _withdraw(self, ticket: Ticket[Any]) -> None:
        """Give up a session's wish."""
        with self._lock:
            self._drop(ticket)
            ticket.future.cancel()

    def _drop(self, ticket: Ticket[Any]) -> None:
        """Take a ticket off its work, and stop what nobody waits for any more."""
        for idle in self._desk.leave(ticket):
            for seat in self._seats:
                for job in seat.stack:
                    if idle in job.together and not any(each.works for each in job.together):
                        seat.send(STOP, job.number)

    def _look(self, ticket: Ticket[Any]) -> Progress:
        """Return how far the work of a ticket is."""
        with self._lock:
            return self._desk.progress(ticket)

    def _run(self) -> None:
        """Serve until the engine is closed; if it breaks, nobody is left waiting."""
        try:
            self._serve()
        finally:
            with self._lock:
                self._open = False
                for ticket in self._desk.tickets():
                    ticket.settle(LostError("The app is closing."))

    def _serve(self) -> None:
        """Hear what workers say, replace those that die and hand out jobs until the engine is closed."""
        while self._open:
            heard = wait([self._ear, *(seat.line for seat in self._seats)])
            with self._lock:
                if self._ear in heard:
                    self._ear.recv_bytes()
                for seat in [each for each in self._seats if each.line in heard]:
                    self._hear(seat)
                self._hand_out()

    def _hear(self, seat: Seat) -> None:
        """Heed all that a worker has said; see to it that a dead one is replaced."""
        try:
            while seat.line.poll():
                self._heed(seat, *seat.line.recv())
        except (EOFError, OSError):
            self._bury(seat)

    def _heed(self, seat: Seat, verb: str, number: int, said: Any) -> None:  # noqa: ANN401 - whatever a worker says
        """Heed one thing that a worker has said."""
        if verb == READY:
            seat.ready, self._starts = True, 0
            return
        job = next(each for each in seat.stack if each.number == number)
        if verb == LIVED:
            for each in job.together:
                each.lived += said // len(job.together)
            return
        seat.stack.remove(job)
        if verb == DONE:
            self._keep(job, said)
        elif verb == WRONG and job.company:
            self._desk.part(job)
        elif verb == WRONG:
            self._desk.fail(job, InputError(*said))

    def _keep(self, job: Job, said: Any) -> None:  # noqa: ANN401 - sizes of the files of plays, or an answer
        """Go on with what a job has found."""
        if job.play is None:
            self._desk.done(job, said)
            return
        for each, size in zip(job.together, said, strict=True):
            self._desk.done(each, Kept(self._spool.path(each.number), size))

    def _hand_out(self) -> None:
        """Give the workers what comes first, an idle one before one that has to interrupt a band."""
        for first in self._desk.waiting():
            if first.rank > PLAY_RUN and all(seat.stack for seat in self._seats):
                return
            able = [seat for seat in self._seats if seat.ready and seat.takes(first)]
            if not able:
                return
            home = self._seats[first.home % len(self._seats)]
            seat = min(able, key=lambda each: (len(each.stack), each is not home))
            job = self._desk.rather(first, self._seats.index(seat), len(self._seats))
            job.company = self._desk.company(job, len(self._seats))
            self._desk.begin(job)
            seat.stack.append(job)
            if job.play is not None:
                paths, plays = zip(*((self._spool.path(each.number), each.play) for each in job.together), strict=True)
                seat.send(DO, job.number, play_abreast if job.company else play, [paths, *plays])
            else:
                seat.send(DO, job.number, tell, self._desk.parts(job))

    def _bury(self, seat: Seat) -> None:
        """Replace a dead worker: who asked for what it did is told, what it had interrupted is played again."""
        fate, stack = seat.fate(), seat.stack
        seat.close()
        self._seats.remove(seat)
        self._starts += not seat.ready
        if self._starts < MOST_STARTS:
            self._seats.append(Seat(self._warm))
        for job in stack[:-1]:
            self._desk.again(job)
        for job in stack[-1:]:
            if job.company:
                self._desk.part(job)
                continue
            job.crashes += 1
            lost = LostError(f"The process that played this {fate}. It has been replaced: please ask again.")
            self._desk.lose(job, lost, again=job.crashes < MOST_CRASHES)
        if not self._seats:
            for ticket in self._desk.tickets():
                ticket.settle(LostError(_NOBODY))


_NOBODY = "No worker can be started on this computer. Start the app again, and look at what it prints."


_RUNNING: list[Engine] = []
_STARTING = RLock()


def start(workers: int = 0, warm: Sequence[Question] = ()) -> Engine:
    """Return the one engine of this server, started unless it runs already.

    workers  how many processes, 0 for as many as this computer can do with;  warm  questions that are sure to be asked
    """
    with _STARTING:
        if not _RUNNING:
            _RUNNING.append(Engine(workers, warm))
        return _RUNNING[0]


def engine() -> Engine:
    """Return the one engine of this server."""
    return start()


def stop() -> None:
    """Close the one engine of this server, if it runs."""
    with _STARTING:
        while _RUNNING:
            _RUNNING.pop().close()


def _warming(question: Question) -> tuple[Play, ...]:
    """Return what a worker plays to be quick from then on: the whole of a single run, and the start of several."""
    first = replace(question.plays[-1][0], first=0, runs=1)
    scenario = first.scenario
    year = scenario.model_copy(update={"until": min(scenario.until, scenario.start.replace(month=12))})
    return first, replace(first, scenario=year, runs=2)
