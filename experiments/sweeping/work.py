"""What a worker does: play the parts of a batch, and turn what goes wrong into rows that say so."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from abm import world as worlds
from abm.abreast import likeness
from abm.errors import InputError
from experiments import run as runs
from experiments.run import Tables, play_abreast
from experiments.stopping import StoppedError
from experiments.sweeping.batches import Batch, Part
from experiments.sweeping.plan import Keep
from experiments.sweeping.points import run_id

FAILURES = "failures"
FAILED = {"point": pl.String, "run": pl.Int32, "run_id": pl.String, "reason": pl.String, "trace": pl.String}


@dataclass(slots=True)
class Found:
    """What came out of a batch: tables by name, and rows of what failed."""

    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    failures: list[tuple[str, int, str, str, str]] = field(default_factory=list)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return every table in one piece, months first where it has any."""
        whole = {name: by_month(pl.concat(parts)) for name, parts in self.tables.items()}
        if self.failures:
            whole[FAILURES] = pl.DataFrame(self.failures, schema=FAILED, orient="row")
        return whole

    def fail(self, part: Part, reason: str, trace: str = "") -> None:
        """Note that all runs of a part failed, and why."""
        self.failures += [
            (part.point.name, run, run_id(part.point.name, run), reason, trace)
            for run in range(part.first, part.first + part.runs)
        ]


def by_month(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table in the order of its months, if it has any."""
    return table.sort("date", maintain_order=True) if "date" in table.columns else table


def work(keep: Keep, batch: Batch, progress: Callable[[int], None] = lambda _: None) -> Found:
    """Play a batch; what the machine lacks, memory or disk, is no failure of a point and is raised.

    progress  told how many months, all runs counted, have just been lived through
    Points that differ in doses alone are played side by side, and where that fails each for itself.
    """
    found, tables = Found(), dict[int, Tables]()
    for places in alike(batch.parts):
        parts = [batch.parts[place] for place in places]
        tables |= zip(places, _tried(keep, parts, progress, found), strict=True)
    for place in range(len(batch.parts)):
        for name, each in tables[place].items():
            found.tables.setdefault(name, []).append(each)
    return found


def alike(parts: Sequence[Part]) -> Iterator[list[int]]:
    """Yield the places of parts that can be played side by side, by as many as stand well so."""
    places: dict[object, list[int]] = {}
    for place, part in enumerate(parts):
        places.setdefault(_kind(part) or place, []).append(place)
    for several in places.values():
        many = max(1, runs.CHUNK // max(parts[place].runs for place in several))
        yield from (several[first : first + many] for first in range(0, len(several), many))


def _kind(part: Part) -> tuple[str, int] | None:
    """Return what is equal for parts that can be played side by side, if the scenario can be read at all."""
    try:
        return likeness(part.point.load()), part.point.seed
    except InputError:
        # Told when it is played.
        return None


def _tried(keep: Keep, parts: Sequence[Part], progress: Callable[[int], None], found: Found) -> list[Tables]:
    """Return the tables of parts that are alike, nothing for those that fail, of which is told."""
    try:
        return played(keep, parts, progress)
    except (StoppedError, MemoryError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one point is told and stops no other
        if len(parts) > 1:
            return [tables for part in parts for tables in _tried(keep, [part], progress, found)]
        found.fail(parts[0], str(error), "" if isinstance(error, InputError) else traceback.format_exc())
        return [{}]


def played(keep: Keep, parts: Sequence[Part], progress: Callable[[int], None]) -> list[Tables]:
    """Return the tables of some runs of points that are alike, with columns that say which."""
    scenarios = [part.point.load() for part in parts]
    world = worlds.read(scenarios[0].start)
    for each in scenarios:
        each.check(world)
    some = [runs.Batch(each, part.first, part.runs) for each, part in zip(scenarios, parts, strict=True)]
    found = play_abreast(some, parts[0].point.seed, world, progress, keep.series)
    return [
        {name: _marked(_kept(tables[name], name, keep), part.point.name, name) for name in keep.names}
        for tables, part in zip(found, parts, strict=True)
    ]


def _kept(table: pl.DataFrame, name: str, keep: Keep) -> pl.DataFrame:
    """Return what is kept of a table."""
    if name != "regions":
        return table
    wanted = {"good": keep.goods, "region": keep.places}
    return table.filter(*(pl.col(column).is_in(words) for column, words in wanted.items() if words))


def _marked(table: pl.DataFrame, point: str, name: str) -> pl.DataFrame:
    """Return a table with the point of every row, and in that of runs with the name of each."""
    marked = table.select(pl.lit(point).alias("point"), pl.all().exclude("scenario"))
    if name != "kpi":
        return marked
    names = pl.Series("run_id", [run_id(point, run) for run in table["run"].to_list()], dtype=pl.String)
    return marked.insert_column(2, names)
