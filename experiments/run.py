"""Run a scenario and its baseline in chunks of runs under the same luck."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from abm.scenario import Scenario

if TYPE_CHECKING:
    import polars as pl

    from abm.model import Model
    from abm.world import World
    from experiments.posterior import Draws

Tables: TypeAlias = "Mapping[str, pl.DataFrame]"

CHUNK = 64
TABLES = ("regions", "firms", "trade", "programmes", "events", "kpi")


@dataclass(frozen=True, slots=True)
class Batch:
    """Some runs of one scenario that step side by side.

    first  number of the first run
    runs   how many
    """

    scenario: Scenario
    first: int
    runs: int

    @property
    def name(self) -> str:
        """Scenario and runs, the first run being 1."""
        return f"{self.scenario.name}, runs {self.first + 1} to {self.first + self.runs}"

    @property
    def months(self) -> int:
        """Months the batch has to live through, all runs counted."""
        return self.scenario.months * self.runs


def ask(name: str, assignments: Sequence[str] = (), *, alone: bool = False) -> tuple[Scenario, ...]:
    """Return the scenarios to run: the baseline, if there is one and it is wanted, and the scenario itself last.

    assignments  overrides; those of parameters, governments, start and until hold for the baseline too
    """
    scenario = Scenario.load(name).override(*assignments)
    rival = None if alone else scenario.rival()
    if rival is None:
        return (scenario,)
    common = [each for each in assignments if each.strip().startswith(("parameters.", "governments"))]
    return rival.override(*common), scenario


def batches(scenarios: Sequence[Scenario], runs: int, draws: "Draws | None" = None) -> Iterator[Batch]:
    """Yield the batches of all scenarios, chunk by chunk, so that what is finished can be compared run by run.

    draws  of the parameters, another for every run; none for those of the scenarios
    """
    if draws is not None:
        yield from (Batch(draws.applied(scenario, run), run, 1) for run in range(runs) for scenario in scenarios)
        return
    for first in range(0, runs, CHUNK):
        for scenario in scenarios:
            yield Batch(scenario, first, min(CHUNK, runs - first))


def play(
    batch: Batch,
    seed: int,
    world: "World",
    progress: Callable[[int], None],
    series: Sequence[str] | None = None,
) -> Tables:
    """Return the tables of a batch by name.

    seed      of all luck
    world     at the start of the scenario
    progress  told how many months, all runs counted, have just been lived through
    series    as ``Model`` takes them; the table of trade is there if it is asked for
    """
    (tables,) = play_abreast([batch], seed, world, progress, series)
    return tables


def live(model: "Model", progress: Callable[[int], None]) -> None:
    """Let all months of a batch happen."""
    while model.running:
        model.step()
        progress(model.books.runs)


def play_abreast(
    batches: Sequence[Batch],
    seed: int,
    world: "World",
    progress: Callable[[int], None],
    series: Sequence[str] | None = None,
    living: Callable[["Model", Callable[[int], None]], None] = live,
) -> list[Tables]:
    """Return the tables of batches whose scenarios are alike but for doses, lived through side by side.

    living  lets the months of what is put together happen
    """
    from abm.abreast import abreast
    from abm.model import Model
    from abm.series import TRADE, asked

    scenario = abreast([each.scenario for each in batches], [each.runs for each in batches])
    luck_of = [run for each in batches for run in range(each.first, each.first + each.runs)]
    first, runs = luck_of[0], len(luck_of)
    model = Model(scenario, runs=runs, seed=seed, world=world, first_run=first, luck_of=luck_of, series=series)
    living(model, progress)
    kept = [table for table in TABLES if table != TRADE or asked(series).trade]
    tables = {table: getattr(model, table) for table in kept}
    # A model is freed only when the collector comes by: what is large in it goes now.
    del model.books, model.record
    return _apart(tables, batches) if len(batches) > 1 else [tables]


def _apart(tables: Tables, batches: Sequence[Batch]) -> list[Tables]:
    """Return every batch's own rows of the tables of all, with the numbers of its own runs."""
    import polars as pl

    found, place = list[Tables](), batches[0].first
    for batch in batches:
        mine = pl.col("run").is_between(place, place + batch.runs - 1)
        own = pl.col("run") + pl.lit(batch.first - place, pl.Int32)
        found.append({name: each.filter(mine).with_columns(own) for name, each in tables.items()})
        place += batch.runs
    return found
