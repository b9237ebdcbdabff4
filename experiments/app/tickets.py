"""Who waits for what: tickets of sessions, the work on a question, and the jobs it consists of."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar

from experiments.app.asked import Asked, Playable
from experiments.app.results import Outcome, Progress
from experiments.app.spool import Kept

# Before so much of it is done nobody can tell how long the rest takes.
TELLING = 0.05
# Of jobs, the first come first: answers before plays, single runs before bands.
TELL_RUN, PLAY_RUN, TELL_BAND, PLAY_BAND = range(4)
Thing = TypeVar("Thing")


class LostError(Exception):
    """A worker has died, or none is left."""


class SupersededError(Exception):
    """The session has asked something else since."""


@dataclass(eq=False, slots=True)
class Ticket(Generic[Thing]):
    """One session's wish for an answer.

    future    of the answer
    withdraw  gives the wish up;  look  says how far the work is
    """

    session: Hashable
    withdraw: "Callable[[Ticket[Thing]], None]"
    look: "Callable[[Ticket[Thing]], Progress]"
    future: "Future[Thing]" = field(default_factory=Future)
    work: "Work | None" = None

    @property
    def progress(self) -> Progress:
        """How far the work is."""
        return self.look(self)

    def cancel(self) -> None:
        """Give the wish up; work that nobody else waits for ends at the next month."""
        self.withdraw(self)

    def settle(self, found: Thing | BaseException) -> None:
        """Hand over an answer, or why there is none."""
        self.work = None
        with suppress(InvalidStateError):
            if isinstance(found, BaseException):
                self.future.set_exception(found)
            else:
                self.future.set_result(found)


@dataclass(eq=False, slots=True)
class Job:
    """What one worker does in one go.

    number    of the job, in the order they were asked for
    rank      what comes first
    play      runs to be played; none where an answer is put together
    home      place among the workers of the one that may have played much the same before
    works     that wait for it
    lived     months lived through so far
    crashes   workers that died of it, or plays with others that went wrong
    company   jobs that are played by its side
    """

    number: int
    rank: int
    play: Playable | None
    works: "list[Work]"
    home: int = 0
    lived: int = 0
    crashes: int = 0
    company: "list[Job]" = field(default_factory=list)

    @property
    def together(self) -> "tuple[Job, ...]":
        """The job itself and its company."""
        return self, *self.company

    @property
    def order(self) -> tuple[int, int]:
        """The place in the queue."""
        return self.rank, self.number


@dataclass(eq=False, slots=True)
class Work:
    """The work on one question, however many sessions wait for it.

    jobs    plays that are not done, by key, and in the end the answer
    parts   what has been played, by key;  theirs  what came out of the baseline, if that is known
    months  to be lived through;  lived  in plays that are done
    begun   when the first job was taken up
    """

    question: Asked[Any]
    number: int
    tickets: list[Ticket[Any]] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    parts: dict[str, Kept] = field(default_factory=dict)
    theirs: Outcome | None = None
    months: int = 0
    lived: int = 0
    begun: float | None = None

    @property
    def order(self) -> tuple[bool, int]:
        """The place in the queue: single runs before bands."""
        return self.question.runs > 1, self.number

    def progress(self, ahead: int) -> Progress:
        """Return how far the work is, so many questions being ahead of it."""
        lived = self.lived + sum(job.lived for job in self.jobs.values())
        if self.begun is None:
            return Progress(ahead, lived, self.months)
        told = lived > TELLING * self.months
        left = (monotonic() - self.begun) * (self.months - lived) / lived if told else None
        return Progress(0, lived, self.months, left)


class Shelf(Generic[Thing]):
    """What is kept for whoever asks again; what was not wanted for longest goes first."""

    def __init__(self, room: int, size: Callable[[Any], int]) -> None:
        """Begin empty.

        room  for all things together;  size  of one
        """
        self._room, self._size = room, size
        self._things: OrderedDict[str, Thing] = OrderedDict()
        self._held = 0

    def get(self, key: str) -> Thing | None:
        """Return a thing that is wanted again; none if it is not there."""
        if key in self._things:
            self._things.move_to_end(key)
        return self._things.get(key)

    def put(self, key: str, thing: Thing) -> None:
        """Keep a thing, and let go of others until there is room."""
        if key in self._things:
            return
        self._things[key] = thing
        self._held += self._size(thing)
        while self._held > self._room and len(self._things) > 1:
            _, gone = self._things.popitem(last=False)
            self._held -= self._size(gone)
