"""The desk of the engine: which questions wait, which jobs they need, and what is known already."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

from experiments.app.asked import Alike, Asked, Playable
from experiments.app.results import Outcome, Progress
from experiments.app.tickets import PLAY_BAND, PLAY_RUN, TELL_BAND, TELL_RUN, Job, Shelf, Ticket, Work

if TYPE_CHECKING:
    from experiments.app.spool import Kept

# Answers that are kept, some 1 MB each, and bytes of the files with what was played.
MOST_ANSWERS = 128
ROOM = 256_000_000
# Single runs that are played side by side, at most: of more the first would wait for too long.
MOST_ABREAST = 8


class Desk:
    """What is asked, in work and known; nobody but the engine touches it, and only one thread at a time."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._numbers = count()
        self._sessions: dict[Hashable, Ticket[Any]] = {}
        self._works: dict[str, Work] = {}
        self._jobs: dict[str, Job] = {}
        self._queue: list[Job] = []
        self._answers: Shelf[Any] = Shelf(MOST_ANSWERS, lambda _: 1)
        self._outcomes: Shelf[Outcome] = Shelf(MOST_ANSWERS, lambda _: 1)
        self._parts: Shelf[Kept] = Shelf(ROOM, lambda kept: kept.size)

    def enter(self, ticket: Ticket[Any], question: Asked[Any]) -> Ticket[Any] | None:
        """Let a ticket wait for the answer to a question; return what its session has waited for until now."""
        older = self._sessions.get(ticket.session)
        known = self._answers.get(question.key)
        if known is not None:
            ticket.settle(known)
            return older
        work = self._works.get(question.key) or self._begin(question)
        work.tickets.append(ticket)
        ticket.work, self._sessions[ticket.session] = work, ticket
        return older

    def _begin(self, question: Asked[Any]) -> Work:
        """Return new work on a question, its jobs waiting."""
        work = Work(question, next(self._numbers))
        self._works[question.key] = work
        rank = PLAY_RUN if question.runs == 1 else PLAY_BAND
        for home, each in enumerate(play for plays in question.plays for play in plays):
            known = self._parts.get(each.key)
            if known is not None:
                work.parts[each.key] = known
                continue
            job = self._jobs.get(each.key) or self._queued(each.key, rank, each, home)
            job.rank = min(job.rank, rank)
            job.works.append(work)
            work.jobs[each.key] = job
            work.months += each.months
        if not work.jobs:
            self._conclude(work)
        return work

    def _queued(self, key: str, rank: int, play: Playable | None, home: int = 0) -> Job:
        """Return a new job that waits."""
        job = Job(next(self._numbers), rank, play, [], home)
        self._jobs[key] = job
        self._queue.append(job)
        return job

    def _conclude(self, work: Work) -> None:
        """Let the answer be put together, now that everything is played."""
        key = f"answer {work.question.key}"
        job = self._queued(key, TELL_RUN if work.question.runs == 1 else TELL_BAND, None)
        job.works.append(work)
        work.jobs[key] = job

    def leave(self, ticket: Ticket[Any]) -> list[Job]:
        """Take a ticket off its work; return the jobs in hand that nobody waits for any more."""
        if self._sessions.get(ticket.session) is ticket:
            del self._sessions[ticket.session]
        work, ticket.work = ticket.work, None
        if work is None or ticket not in work.tickets:
            return []
        work.tickets.remove(ticket)
        return [] if work.tickets else self._drop(work)

    def _drop(self, work: Work) -> list[Job]:
        """Forget work; return its jobs in hand that nobody else waits for."""
        del self._works[work.question.key]
        idle = []
        for key, job in work.jobs.items():
            job.works.remove(work)
            if not job.works:
                del self._jobs[key]
                if job in self._queue:
                    self._queue.remove(job)
                else:
                    idle.append(job)
        return idle

    def waiting(self) -> Iterator[Job]:
        """Yield the jobs that wait, those that come first first, but for what is taken up meanwhile."""
        yield from (job for job in sorted(self._queue, key=lambda job: job.order) if job in self._queue)

    def rather(self, job: Job, seat: int, seats: int) -> Job:
        """Return what a worker should play instead of a waiting job: one of the same work whose home it is."""
        mine = (each for each in self.waiting() if each.works == job.works and each.home % seats == seat)
        return next(mine, job) if job.play is not None and job.home % seats != seat else job

    def company(self, job: Job, workers: int) -> list[Job]:
        """Return waiting jobs to play by the side of one: a worker's fair part of those that are alike."""
        singles = [each for each in self.waiting() if each.rank == PLAY_RUN]
        kind = _likeness(job) if len(singles) > workers else ""
        alike = [each for each in singles if kind and _likeness(each) == kind]
        return [each for each in alike if each is not job][: max(min(-(-len(alike) // workers), MOST_ABREAST) - 1, 0)]

    def begin(self, job: Job) -> None:
        """Note that a job and its company are taken up."""
        for each in job.together:
            self._queue.remove(each)
            for work in each.works:
                work.begun = work.begun or monotonic()

    def again(self, job: Job) -> None:
        """Let a job that was taken up wait once more."""
        job.lived, job.company = 0, []
        if job.works:
            self._queue.append(job)

    def part(self, job: Job) -> None:
        """Let jobs that went wrong side by side wait once more, each to be played alone."""
        for each in job.together:
            each.crashes += 1
            self.again(each)

    def parts(self, job: Job) -> tuple[Asked[Any], list[list[str]], bool]:
        """Return what an answer is put together from: question, and the files of the parts in groups.

        The last is whether the outcome that is shared is not known yet.
        """
        (work,) = job.works
        work.theirs = self._outcomes.get(_of(work.question.shared))
        found = [[work.parts[each.key].path for each in plays] for plays in work.question.plays]
        return work.question, found, work.theirs is None

    def done(self, job: Job, found: Any) -> None:  # noqa: ANN401 - what is kept of a play, or an answer
        """Keep what a job has found, and go on with whatever waits for it."""
        if job.play is not None:
            self._parts.put(job.play.key, found)
            if job.works:
                del self._jobs[job.play.key]
            for work in job.works:
                work.lived += job.play.months
                work.parts[job.play.key] = found
                del work.jobs[job.play.key]
                if not work.jobs:
                    self._conclude(work)
            return
        for work in [*job.works]:
            self._hand_over(work, found)

    def _hand_over(self, work: Work, answer: Any) -> None:  # noqa: ANN401 - whatever was asked
        """Give an answer to all who wait for it."""
        if work.theirs is not None:
            answer = replace(answer, theirs=work.theirs)
        elif work.question.shared:
            self._outcomes.put(_of(work.question.shared), answer.theirs)
        self._answers.put(work.question.key, answer)
        self._settle(work, answer)

    def _settle(self, work: Work, found: Any) -> None:  # noqa: ANN401 - an answer, or why there is none
        """End work and tell all who wait for it."""
        for ticket in work.tickets:
            if self._sessions.get(ticket.session) is ticket:
                del self._sessions[ticket.session]
            ticket.settle(found)
        work.tickets.clear()
        self._drop(work)

    def fail(self, job: Job, error: Exception) -> None:
        """Tell all who wait for a job why it cannot be done."""
        for work in [*job.works]:
            self._settle(work, error)

    def lose(self, job: Job, error: Exception, *, again: bool) -> None:
        """Tell who has asked first for a job that its worker died of it, and try it again for others if wanted."""
        for work in job.works[:1] if again else [*job.works]:
            self._settle(work, error)
        self.again(job)

    def progress(self, ticket: Ticket[Any]) -> Progress:
        """Return how far the work of a ticket is."""
        work = ticket.work
        if work is None:
            return Progress()
        return work.progress(sum(each.order < work.order for each in self._works.values()))

    def tickets(self) -> list[Ticket[Any]]:
        """Return everyone who waits."""
        return [ticket for work in self._works.values() for ticket in work.tickets]


def _likeness(job: Job) -> str:
    """Return what is equal for jobs that can be done side by side; nothing where one has gone wrong before."""
    return job.play.likeness if isinstance(job.play, Alike) and not job.crashes else ""


def _of(plays: Sequence[Playable]) -> str:
    """Return the key of what comes out of some plays of one scenario."""
    return " ".join(play.key for play in plays)
