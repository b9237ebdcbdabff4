"""What a worker does: play the parts of a batch, and turn what goes wrong into rows that say so."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from abm import world as worlds
from abm.errors import InputError
from experiments import run as runs
from experiments.run import play
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
    """
    found = Found()
    for part in batch.parts:
        try:
            tables = played(keep, part, progress)
        except (StoppedError, MemoryError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever goes wrong with one point is told and stops no other
            found.fail(part, str(error), "" if isinstance(error, InputError) else traceback.format_exc())
            continue
        for name, each in tables.items():
            found.tables.setdefault(name, []).append(each)
    return found


def played(keep: Keep, part: Part, progress: Callable[[int], None]) -> Mapping[str, pl.DataFrame]:
    """Return the tables of some runs of a point, with columns that say which."""
    scenario = part.point.load()
    world = worlds.read(scenario.start)
    scenario.check(world)
    some = runs.Batch(scenario, part.first, part.runs)
    tables = play(some, part.point.seed, world, progress, keep.series)
    return {name: _marked(_kept(tables[name], name, keep), part.point.name, name) for name in keep.names}


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
