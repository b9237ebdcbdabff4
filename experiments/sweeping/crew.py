"""Workers of one machine: processes that play batches and write them, and are replaced when they die."""

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as any_of
from pathlib import Path

from abm.errors import InputError
from experiments.sweeping import provenance
from experiments.sweeping.batches import Batch, Pair, Task
from experiments.sweeping.dataset import Dataset
from experiments.sweeping.plan import Plan, Until
from experiments.sweeping.settle import settle
from experiments.sweeping.surroundings import surroundings
from experiments.sweeping.work import Found, work

# Times that a batch is tried whose worker dies.
TRIES = 3
# What a terminal or a scheduler sends to everyone: the driver decides what it means for its workers.
_NOT_FOR_WORKERS = {
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGUSR1", "SIGHUP") if hasattr(signal, name)
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a worker says of what it has played and written.

    runs  played;  failed  runs that failed;  size  bytes written
    """

    batch: str
    runs: int
    failed: int
    size: int


def deliver(plan: Plan, folder: Path, task: Task) -> Receipt:
    """Play a batch, or as many of a pair as are needed, write it, and say so."""
    dataset, played = Dataset(folder), [0, 0, 0]
    _noted(folder)

    def play(batch: Batch) -> None:
        """Play a batch and write it."""
        _refuse_strangers(batch)
        found = work(plan.keep, batch)
        size = dataset.add(batch.name, found.frames())
        told = sum(len(each) for each in found.tables.get("kpi", ())), len(found.failures), size
        played[:] = [sum(both) for both in zip(played, told, strict=True)]

    if isinstance(task, Pair):
        assert isinstance(plan.runs, Until)
        settle(plan.runs, task, dataset, play)
        dataset.add(task.name, {})
    else:
        play(task)
    return Receipt(task.name, *played)


@cache
def _noted(folder: Path) -> None:
    """Leave word of this machine in a dataset."""
    Dataset(folder).note(provenance.machine())


def _refuse_strangers(batch: Batch) -> None:
    """Refuse to play where model, data or scenarios are not those that the batch was made with."""
    for part in batch.parts:
        if part.point.true_name != part.point.name:
            what = "model, data or scenario files are not those that the sweep was started with."
            raise InputError(part.point.scenario, what, "Install the same version wherever it is played.")


def give_up(folder: Path, task: Task, reason: str) -> Receipt:
    """Write down that a batch could not be played, and why; it is tried again when the sweep is started again."""
    found = Found()
    for batch in task.batches if isinstance(task, Pair) else (task,):
        for part in batch.parts:
            found.fail(part, reason)
    size = Dataset(folder).add(task.name, found.frames(), kind="lost")
    return Receipt(task.name, 0, len(found.failures), size)


class Crew:
    """Workers with a little more in hand than they can play at once."""

    def __init__(self, plan: Plan, folder: Path, workers: int) -> None:
        """Take what is played and where it goes; nobody is hired yet."""
        self._plan, self._folder, self._workers = plan, folder, workers
        self._hands: dict[Future[Receipt], tuple[Task, int]] = {}
        self._suspects: deque[tuple[Task, int]] = deque()
        self._pool = self._hired()

    def play(self, todo: Iterable[Task]) -> Iterator[Receipt | None]:
        """Yield a receipt for everything there is to do, as it is done, and nothing twice a second meanwhile."""
        coming, lost, done = iter(todo), 0, 0
        while True:
            broken = self._hand_out(coming)
            if not self._hands and not broken:
                return
            ready, _ = wait(self._hands, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in ready:
                task, tries = self._hands.pop(future)
                try:
                    receipt = future.result()
                except (BrokenProcessPool, MemoryError):
                    broken.append((task, tries + 1))
                else:
                    done += 1
                    yield receipt
            for task in self._given_up(broken):
                lost += 1
                if lost >= TRIES and not done:
                    what = "die before they have played anything."
                    raise InputError("workers", what, "See that there is memory enough, or give fewer of them.")
                yield give_up(self._folder, task, f"Its worker died {TRIES} times.")
            if not ready and not broken:
                yield None

    def _hand_out(self, coming: Iterator[Task]) -> list[tuple[Task, int]]:
        """Hand out what there is room for; return what could not be, because the workers are dead.

        Whoever was in hand when a worker died is tried alone, so that the batch that kills is found.
        """
        while len(self._hands) < (1 if self._suspects else self._workers + 1 + self._workers // 4):
            task, tries = self._suspects.popleft() if self._suspects else (next(coming, None), 0)
            if task is None:
                break
            try:
                with _apart():
                    future = self._pool.submit(deliver, self._plan, self._folder, task)
            except BrokenProcessPool:
                return [(task, tries)]
            self._hands[future] = task, tries
        return []

    def _given_up(self, broken: list[tuple[Task, int]]) -> list[Task]:
        """Hire anew where workers died, and return what has been tried often enough."""
        if not broken:
            return []
        broken += [(task, tries + 1) for task, tries in self._hands.values()]
        self._hands.clear()
        self.dismiss()
        self._pool = self._hired()
        self._suspects += [(task, tries) for task, tries in broken if tries < TRIES]
        return [task for task, tries in broken if tries >= TRIES]

    def _hired(self) -> ProcessPoolExecutor:
        """Return processes that wait for work."""
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"), initializer=_end_with_driver)

    def dismiss(self) -> None:
        """End the workers, finished or not; what they have not written is played again."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        # With nobody left to wait for this takes no time, and leaves no thread that the end would trip over.
        self._pool.shutdown(wait=True, cancel_futures=True)


def crew(plan: Plan, folder: Path, todo: Iterable[Task], workers: int) -> Generator[Receipt | None, None, None]:
    """Play in processes of their own, which end with this one or when nobody wants further receipts."""
    hired = Crew(plan, folder, workers)
    try:
        yield from hired.play(todo)
    finally:
        hired.dismiss()


@contextmanager
def _apart() -> Iterator[None]:
    """Give processes that are started meanwhile one thread, a store of their own for what is compiled, and quiet."""
    ours = surroundings()
    before = {key: os.environ.get(key) for key in ours}
    os.environ.update(ours)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _NOT_FOR_WORKERS) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _end_with_driver() -> None:
    """End when the driver ends, however it does: a worker that waits for work would never notice."""
    driver = parent_process()
    assert driver is not None

    def watch() -> None:
        """Wait for the end."""
        any_of([driver.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
