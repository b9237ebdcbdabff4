"""The driver of a sweep: opens the plan, hands out what is not done yet, and tells how it goes."""

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import FrameType

import polars as pl

from abm.errors import InputError
from experiments.sweeping import provenance
from experiments.sweeping.batches import Task, laid, tasks
from experiments.sweeping.crew import Receipt, crew
from experiments.sweeping.dataset import LAID, PLAN, POINTS, Dataset
from experiments.sweeping.disk import clear
from experiments.sweeping.plan import Plan
from experiments.sweeping.points import Point, joined, points, read, table
from experiments.sweeping.progress import Progress, told

STOPPED = 130
# How often a driver looks what others have done meanwhile, in seconds.
_GLANCE = 5.0

Players = Callable[[Plan, Path, Iterable[Task], int], Generator[Receipt | None, None, None]]


@dataclass(frozen=True, slots=True)
class Shard:
    """Every so many-th task of a plan: number 1 to count."""

    number: int = 1
    count: int = 1

    @classmethod
    def read(cls, said: str) -> "Shard":
        """Return the shard that is written like 3/16."""
        number, _, count = said.partition("/")
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count) <= 100_000):
            raise InputError("--shard", f"{said!r} is no shard.", "Write it like 3/16: the third of sixteen.")
        return cls(int(number), int(count))

    def of(self, todo: Sequence[Task]) -> Sequence[Task]:
        """Return the tasks that belong to this shard."""
        return todo[self.number - 1 :: self.count]


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan laid out over a folder, which has perhaps something in it.

    points   of the plan
    tasks    batches of all its points, or pairs
    told     the table of the folder's points, those of the plan last;  cut  that of its batches
    """

    plan: Plan
    points: tuple[Point, ...]
    tasks: tuple[Task, ...]
    dataset: Dataset
    told: pl.DataFrame
    cut: pl.DataFrame

    @property
    def runs(self) -> int:
        """Number of runs of all points, at the most."""
        return sum(task.runs for task in self.tasks)


def opened(plan: Plan, folder: Path) -> Opened:
    """Lay out a plan; nothing is written."""
    return _over(plan, tuple(points(plan)), Dataset(folder))


def _over(plan: Plan, every: tuple[Point, ...], dataset: Dataset) -> Opened:
    """Return a plan laid out over what a folder has by now."""
    dataset.refuse_others(provenance.origin())
    before = dataset.about(POINTS)
    rows = laid(plan, every, dataset.about(LAID))
    known = ({} if before is None else read(before)) | {point.name: point for point in every}
    return Opened(
        plan,
        every,
        tuple(tasks(plan, every, rows, known)),
        dataset,
        joined(before, table(every, plan)),
        rows,
    )


def begun(seen: Opened) -> Opened:
    """Write down what a sweep is about, and return it as it is laid out by now."""
    dataset = seen.dataset
    with dataset.locked():
        clear(dataset.folder)
        # Somebody may have begun another plan here since.
        now = _over(seen.plan, seen.points, dataset)
        text = (
            (f"{PLAN}.toml", now.plan.text) if now.plan.text else (f"{PLAN}.json", now.plan.model_dump_json(indent=2))
        )
        dataset.prepare(text, provenance.origin(), {POINTS: now.told, LAID: now.cut})
        dataset.forget_lost()
    return now


def sweep(seen: Opened, workers: int, shard: Shard, players: Players = crew) -> int:
    """Play what is not done yet, and return the exit code.

    players  yield a receipt for every task they are given, as it is done, and nothing now and then meanwhile
    """
    now = begun(seen)
    dataset, mine = now.dataset, shard.of(now.tasks)
    known = dataset.done()
    todo = [task for task in mine if task.name not in known]
    progress = Progress(sum(task.runs for task in mine), sum(task.runs for task in mine if task.name in known))
    runs, stop, interrupted = {task.name: task.runs for task in todo}, threading.Event(), False
    try:
        with (
            heeding(stop),
            progress,
            closing(players(now.plan, dataset.folder, _still_open(todo, dataset, stop), workers)) as receipts,
        ):
            for receipt in receipts:
                if receipt is not None:
                    progress.advance(runs[receipt.batch], receipt.runs, receipt.failed)
                    _refuse_to_fill(dataset.folder, receipt, len(todo) - progress.receipts)
                progress.show()
    except KeyboardInterrupt:
        interrupted = True
    clear(dataset.folder)
    done = dataset.done()
    count = sum(task.name in done for task in mine)
    told(dataset, count, len(mine), stopped=interrupted or stop.is_set())
    if count == len(mine):
        return 0
    return STOPPED if interrupted or stop.is_set() else 1


def _still_open(todo: Iterable[Task], dataset: Dataset, stop: threading.Event) -> Iterator[Task]:
    """Yield the tasks that nobody else has done meanwhile, until somebody asks to stop."""
    seen, known = monotonic(), set[str]()
    for task in todo:
        if stop.is_set():
            return
        if monotonic() - seen > _GLANCE:
            known, seen = dataset.done(), monotonic()
        if task.name not in known:
            yield task


def _refuse_to_fill(folder: Path, receipt: Receipt, left: int) -> None:
    """Stop where all that is left would take over half the free disk, going by one receipt."""
    free = os.statvfs(folder) if hasattr(os, "statvfs") else None
    if free and receipt.runs and receipt.size * left > free.f_bavail * free.f_frsize / 2:
        what = f"has {left} batches of {receipt.size / 1e6:.1f} MB to come: over half the free disk."
        raise InputError(str(folder), what, "Keep less, or make room, and start the same line again.")


@contextmanager
def heeding(stop: threading.Event) -> Iterator[None]:
    """Set an event where a scheduler asks to end: what is in hand is finished, nothing more begun."""

    def heed(_: int, __: FrameType | None) -> None:
        """Note it."""
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = [getattr(signal, name) for name in ("SIGTERM", "SIGUSR1") if hasattr(signal, name)]
    usual = {number: signal.signal(number, heed) for number in asked}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
