"""What a worker does: play some runs and keep what charts need, and put the parts of a question together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from abm import world as worlds
from abm.series import TRADE
from abm.world import World
from experiments.app.charts.market import market
from experiments.app.checkpoints import Checkpoints
from experiments.app.ledgers import added, averaged, books, first_events, trade
from experiments.app.questions import Play, Question
from experiments.app.results import BAND, Answer, Array, Curves, Outcome, Part
from experiments.digest import SERIES, Series, Tally, periods
from experiments.monthly import FIGURES
from experiments.run import Batch, Tables, live, play_abreast
from experiments.sentence import sentence
from experiments.summary import summarise

if TYPE_CHECKING:
    from abm.scenario import Scenario

# Curves by good and region as they are recorded, and their units.
SHOWN: Mapping[str, str] = {"price_index": "start = 1", "fill_rate": "share of orders", "stock_days": "days of use"}
KEPT = tuple(dict.fromkeys(("capacity", *FIGURES, *SHOWN, TRADE)))
SHARE = "share"
CHECKPOINTS = Checkpoints()


def played(plays: Sequence[Play], progress: Callable[[int], None]) -> list[Part]:
    """Play what is alike side by side, and return what is kept of the runs of each play.

    progress  told how many months, all runs counted, have just been lived through
    """
    world = worlds.read(plays[0].scenario.start)
    batches = [Batch(each.scenario, each.first, each.runs) for each in plays]
    # What is put together has doses of its own for every run.
    living = live if len(plays) > 1 else CHECKPOINTS.live
    found = play_abreast(batches, plays[0].seed, world, progress, KEPT, living)
    return [_kept(asked, tables, world) for asked, tables in zip(plays, found, strict=True)]


def _kept(asked: Play, tables: Tables, world: World) -> Part:
    """Return what is kept of the runs of a play."""
    tally = _tally(asked)
    tally.take(tables)
    regions = tables["regions"]
    months = tuple(regions["date"].unique().sort())
    shape = (len(months), len(world.goods.code) * len(world.regions), asked.runs)
    values = {name: regions[name].to_numpy().reshape(shape) for name in (*SHOWN, "capacity", "output")}
    shares = np.concatenate([_shares(values[each.measure], each, world) for each in SERIES], axis=1)
    kept = {SHARE: shares} | {name: values[name] for name in SHOWN}
    return Part(
        kept,
        tally.shares,
        tally.goods,
        tally.worst,
        tally.programmes,
        tally.kpi,
        added([books(tables["firms"])]),
        _by_year(tables["programmes"]),
        pl.concat(tally.months),
        added([trade(tables["trade"])]),
        first_events(tables["events"]),
        months,
    )


def _tally(asked: Play) -> Tally:
    """Return an empty digest that will hold what the headlines need."""
    series = {each.code: each for each in (*SERIES, *(each.series for each in asked.spoken))}
    followed = tuple(each for each in asked.spoken if each.measure != SHARE)
    return Tally(periods(asked.scenario), tuple(series.values()), followed)


def tallied(asked: Play, parts: Iterable[Part]) -> Tally:
    """Return the digest of what has been played.

    asked  any of the plays
    """
    tally = _tally(asked)
    for part in parts:
        for name in ("shares", "goods", "worst", "programmes", "kpi"):
            getattr(tally, name).extend(getattr(part, name))
    return tally


def _shares(made: Array, series: Series, world: World) -> Array:
    """Return every region's share of the world, % (month, region, run).

    made  capacity or output (month, good x region, run)
    """
    months, _, runs = made.shape
    by_good = made.reshape(months, len(world.goods.code), len(world.regions), runs)
    total = by_good[:, [world.goods.code.index(good) for good in series.goods]].astype(np.float64).sum(axis=1)
    everyone = total.sum(axis=1, keepdims=True)
    found = np.divide(100.0 * total, everyone, out=np.zeros_like(total), where=everyone > 0.0)
    shares: Array = found.astype(np.float32)
    return shares


def _by_year(programmes: pl.DataFrame) -> pl.DataFrame:
    """Return money and projects by run, year, government and programme."""
    keys = ("run", "year", "government", "programme")
    dated = programmes.sort("date", maintain_order=True).with_columns(year=pl.col("date").dt.year())
    sums = pl.col("paid", "tariff_revenue", "projects").sum()
    return dated.group_by(keys, maintain_order=True).agg(sums, pl.col("left").last())


def told(question: Question, mine: Sequence[Part], theirs: Sequence[Part], *, both: bool) -> Answer:
    """Return the answer to a question of which all runs are played.

    mine, theirs  parts of the scenario and of the baseline
    both          whether what came out of the baseline is wanted too
    """
    scenarios = question.scenarios
    world = worlds.read(scenarios[-1].start)
    tally = tallied(question.plays[-1][0], (*theirs, *mine))
    summary = summarise(tally, scenarios)
    gains = None
    if theirs:
        differ = _values(mine, SHARE) - _values(theirs, SHARE)
        gains = Curves("percentage points", _codes(), world.regions, _lines(differ))
    return Answer(
        _outcome(scenarios[-1], mine, world),
        _outcome(scenarios[0], theirs, world) if theirs and both else None,
        sentence(summary, world, [*tally.spans]),
        summary.figures,
        gains,
    )


def _outcome(scenario: "Scenario", parts: Sequence[Part], world: World) -> Outcome:
    """Return what came out of a scenario."""
    curves = {SHARE: shares_of(parts, world)}
    for name, unit in SHOWN.items():
        curves[name] = Curves(unit, world.goods.code, world.regions, _lines(_values(parts, name)))
    kpi = pl.concat([frame for part in parts for frame in part.kpi])
    money = pl.concat([part.money for part in parts]).group_by("year", "government", "programme", maintain_order=True)
    runs, sums = len(kpi), ("paid", "tariff_revenue", "projects", "left")
    return Outcome(
        scenario,
        runs,
        parts[0].months,
        curves,
        averaged([part.firms for part in parts], runs),
        # Where a run has no row of a programme nothing moved.
        money.agg(*(pl.col(name).cast(pl.Float64).sum() / runs for name in sums)),
        kpi,
        # Nobody reads more digits.
        market(pl.concat([part.market for part in parts])).with_columns(pl.selectors.float().cast(pl.Float32)),
        averaged([part.trade for part in parts], runs),
        parts[0].events,
    )


def shares_of(parts: Sequence[Part], world: World) -> Curves:
    """Return the shares of the world in all runs that have been played."""
    return Curves("%", _codes(), world.regions, _lines(_values(parts, SHARE)))


def _codes() -> tuple[str, ...]:
    """Return the codes of the series that shares are shown of."""
    return tuple(each.code for each in SERIES)


def _values(parts: Sequence[Part], name: str) -> Array:
    """Return the values of a curve in all runs (month, item x region, run)."""
    return np.concatenate([part.values[name] for part in parts], axis=-1)


def _lines(values: Array) -> Array:
    """Return mean and ends of the band (line, month, item x region), of the runs that have a figure."""
    if values.shape[-1] == 1:
        return np.ascontiguousarray(values[None, ..., 0])
    ordered = np.sort(values, axis=-1)
    counted = values.shape[-1] - np.isnan(values).sum(axis=-1)
    low, high = (_at(ordered, (counted - 1).clip(min=0) * level) for level in BAND)
    sums = np.nansum(values, axis=-1, dtype=np.float64)
    mean = np.divide(sums, counted, out=np.full_like(sums, np.nan), where=counted > 0)
    return np.stack([low, mean, high]).astype(np.float32)


def _at(ordered: Array, place: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the values of rows in ascending order at places between their members."""
    below = np.floor(place).astype(np.intp)
    low, high = (
        np.take_along_axis(ordered, at[..., None], axis=-1)[..., 0] for at in (below, np.ceil(place).astype(np.intp))
    )
    return np.asarray(low + (high - low) * (place - below), dtype=np.float64)
