"""Batches: what is played in one go; cut by a pure function of the plan, never of what is left of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from experiments.run import CHUNK
from experiments.sweeping.plan import Plan, Until
from experiments.sweeping.points import Point
from experiments.sweeping.provenance import hashed

LAID = {"batch": pl.String, "point": pl.String, "first": pl.Int32, "runs": pl.Int32}


@dataclass(frozen=True, slots=True)
class Part:
    """Some runs of a point, side by side.

    first  number of the first run
    """

    point: Point
    first: int
    runs: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Parts that are played one after the other and written together.

    name  the same in every plan that has this batch
    """

    name: str
    parts: tuple[Part, ...]

    @property
    def runs(self) -> int:
        """Number of runs."""
        return sum(part.runs for part in self.parts)


@dataclass(frozen=True, slots=True)
class Pair:
    """Batches of a point and of its baseline, of which as many are played as are needed to know the difference.

    name      the same in every plan that asks the same
    baseline, point  names
    """

    name: str
    baseline: str
    point: str
    batches: tuple[Batch, ...]

    @property
    def runs(self) -> int:
        """Number of runs of the point, at the most."""
        return sum(part.runs for batch in self.batches for part in batch.parts if part.point.name == self.point)


Task = Batch | Pair


def laid(plan: Plan, points: Sequence[Point], before: pl.DataFrame | None) -> pl.DataFrame:
    """Return one row per part of every batch: those that a dataset has already, then what the plan has more.

    A grown plan leaves the batches as they are that have been begun, and no run is in two of them.
    """
    rows = [] if before is None else list(before.iter_rows())
    known: dict[str, int] = {}
    for _, point, first, runs in rows:
        known[point] = max(known.get(point, 0), first + runs)
    wanted = plan.runs.most if isinstance(plan.runs, Until) else plan.runs
    more = (
        (point.name, first, min(CHUNK, wanted - first))
        for point in points
        for first in range(known.get(point.name, 0), wanted, CHUNK)
    )
    # Points of several chunks stay apart: how many chunks of one are played may depend on what comes out.
    for parts in ([each] for each in more) if wanted > CHUNK else _cut(more):
        name = hashed(*(f"{point} {first} {runs}" for point, first, runs in parts))
        rows += [(name, *part) for part in parts]
    return pl.DataFrame(rows, schema=LAID, orient="row")


def _cut(parts: Iterable[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    """Yield parts by as many as together have about as many runs as stand well side by side."""
    waiting: list[tuple[str, int, int]] = []
    for part in parts:
        waiting.append(part)
        if sum(runs for _, _, runs in waiting) >= CHUNK:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def tasks(plan: Plan, points: Sequence[Point], rows: pl.DataFrame, known: Mapping[str, Point]) -> Iterator[Task]:
    """Yield what a plan has to play.

    rows   as ``laid`` returns them
    known  all points they name
    """
    wanted = plan.runs.most if isinstance(plan.runs, Until) else plan.runs
    mine = {point.name for point in points}
    every: list[Batch] = []
    for name, parts in groupby(rows.iter_rows(), key=lambda row: row[0]):
        batch = Batch(name, tuple(Part(known[point], first, runs) for _, point, first, runs in parts))
        if any(part.point.name in mine and part.first < wanted for part in batch.parts):
            every.append(batch)
    if isinstance(plan.runs, Until):
        yield from _pairs(points, plan.runs, every)
    else:
        yield from every


def _pairs(points: Sequence[Point], until: Until, every: Sequence[Batch]) -> Iterator[Pair]:
    """Yield a pair for every point that is compared with a baseline."""
    of: dict[str, list[Batch]] = {}
    for batch in every:
        for part in batch.parts:
            of.setdefault(part.point.name, []).append(batch)
    terms = until.series, f"{until.half_width!r}", str(until.most)
    for point in points:
        if point.against is not None:
            name = hashed("until", *terms, point.against, point.name)
            both = {batch.name: batch for batch in (*of[point.against], *of[point.name])}
            yield Pair(name, point.against, point.name, tuple(both.values()))
