"""The command ``friendshore explain-change``: which policies account for the difference between two scenarios."""

import shlex
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from abm import world as worlds
from abm.axes import Floats
from abm.errors import InputError, nearest
from abm.outline import Headline
from abm.places import called
from abm.scenario import Scenario
from abm.series import SERIES
from abm.world import World
from experiments.attribution import EXACT, Chosen, differences, grouped, mixed, plays, split
from experiments.attribution_told import Account, picture, show
from experiments.chart_data import PICTURES
from experiments.digest import series_of
from experiments.rivals import rivals
from experiments.run import batches, play
from experiments.sentence import counted
from experiments.store import Store
from experiments.versions import versions

SHARE = "share"
BY = ("policy", "kind", "government")


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked of ``friendshore explain-change``; see the help of its options."""

    first: str
    second: str
    by: str
    series: str
    good: str | None
    region: str | None
    when: str | None
    runs: int
    seed: int
    orders: int
    assignments: tuple[str, ...]
    out: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure whose change is explained.

    goods    whose rows count, summed;  share  whether as a share of the world
    factor   from the series' unit to that of the title
    """

    title: str
    unit: str
    series: str
    goods: tuple[str, ...]
    region: str
    span: tuple[date, date]
    share: bool
    factor: float

    def read(self, regions: pl.DataFrame) -> Floats:
        """Return the figure of every run from the table of regions (run,)."""
        goods = pl.col("good").cast(pl.String).is_in(self.goods)
        kept = regions.lazy().filter(goods, pl.col("date").is_between(*self.span))
        amount = pl.col(self.series).cast(pl.Float64)
        here = amount.filter(pl.col("region").cast(pl.String) == self.region).sum()
        monthly = kept.group_by("run", "date").agg(here / amount.sum() if self.share else here)
        found = monthly.group_by("run").agg(pl.col(self.series).mean()).sort("run").collect()
        return self.factor * found[self.series].to_numpy()


def explain_change(change: Change) -> None:
    """Play what is needed, show what every difference contributes, and keep table and picture."""
    first, second = rivals((change.first, change.second), change.assignments)
    world = worlds.read(second.start)
    for each in (first, second):
        each.check(world)
    wanted = asked(change, second, world)
    groups = grouped(first, second, change.by)
    if not groups:
        raise InputError("explain-change", f"{change.first} and {change.second} do not differ.", "Name two that do.")
    folder = Path(change.out or f"results/explain-change-{first.name}-{second.name}")
    with closing(Store(folder)) as store:
        values = _Values((first, second), world, wanted, change)
        with values.progress(plays(len(groups), change.orders)):
            parts = split(groups, values, change.orders, change.seed)
        ends = (values(frozenset()), values(frozenset(differences(first, second))))
        levels = (float(ends[0].mean()), float(ends[1].mean()))
        account = Account((first, second), levels, parts, wanted.title, wanted.unit, change.runs, len(groups) > EXACT)
        show(account, plays(len(groups), change.orders) if len(groups) > EXACT else 0)
        store.finish(_manifest(change, (first, second), world), account.table())
    _draw(account, folder, change)
    Console().print(f"Table and picture are in {folder}.", soft_wrap=True)


class _Values:
    """Plays scenarios between the first and the second and reads the figure of every run."""

    def __init__(self, ends: tuple[Scenario, Scenario], world: World, wanted: Figure, change: Change) -> None:
        """Take what is played and read."""
        self._known: dict[Chosen, Floats] = {}
        self._ends, self._world, self._wanted, self._change = ends, world, wanted, change
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("scenarios between the two")

    def progress(self, scenarios: int) -> Progress:
        """Return a bar for so many scenarios."""
        self._bar.update(self._task, total=scenarios * self._ends[0].months * self._change.runs)
        return self._bar

    def __call__(self, taken: Chosen) -> Floats:
        """Return the figure of every run of the first scenario with some differences made, played once (run,)."""
        if taken not in self._known:
            scenario = mixed(*self._ends, taken)
            todo = batches((scenario,), self._change.runs)
            setting, series = (self._change.seed, self._world, self._advance), [self._wanted.series]
            tables = (play(batch, *setting, series)["regions"] for batch in todo)
            self._known[taken] = np.concatenate([self._wanted.read(table) for table in tables])
        return self._known[taken]

    def _advance(self, months: int) -> None:
        """Move the bar."""
        self._bar.advance(self._task, months)


def asked(change: Change, second: Scenario, world: World) -> Figure:
    """Return the figure that is asked for; what is not said is taken from the headline of the second scenario."""
    told = second.headline
    region = change.region or (told.region if told else None)
    good = change.good or (told.chain if told and told.measure == SHARE else None)
    if region is None or good is None:
        why = f"is on {told.measure.replace('_', ' ')}, not on a share" if told else "is missing"
        raise InputError("explain-change", f"the headline of {second.name} {why}.", "Give --good and --region.")
    if region not in world.regions:
        raise InputError("--region", f"no region {region!r}.", nearest(region, world.regions))
    chains = {*world.goods.code, *world.goods.chain, "chips"}
    if good not in chains:
        raise InputError("--good", f"no good or chain {good!r}.", nearest(good, chains))
    span, period = _span(change.when, second)
    title = called(world.region_titles[world.regions.index(region)])
    if change.series == SHARE:
        series = series_of(Headline(chain=good, region=region), world.goods)
        words = f"share of {title} in the world's {series.phrase} in {period}"
        return Figure(words, "points", series.measure, series.goods, region, span, share=True, factor=100.0)
    known = {each.name: each for each in SERIES}
    if change.series not in known:
        raise InputError("--series", f"no series {change.series!r}.", nearest(change.series, {*known, SHARE}))
    if good not in world.goods.code:
        raise InputError("--good", f"{change.series} is a figure of one good, not of {good!r}.", "Name one good.")
    name = world.goods.title[world.goods.code.index(good)]
    words = f"{change.series.replace('_', ' ')} of {name.lower()} in {title} in {period}"
    return Figure(words, known[change.series].unit, change.series, (good,), region, span, share=False, factor=1.0)


def _span(when: str | None, scenario: Scenario) -> tuple[tuple[date, date], str]:
    """Return first and last month that count, and what they are called: a month, a year, or the last year."""
    told = when or str(scenario.until.year)
    ends = (f"{told}-01", f"{told}-12") if len(told) == 4 else (told, told)
    try:
        span = tuple(date.fromisoformat(f"{end}-01") for end in ends)
    except ValueError as error:
        what = f"{when!r} is neither a year nor a month."
        raise InputError("--date", what, "Write it like 2030 or 2025-06.") from error
    if span[1] < scenario.start or span[0] > scenario.until:
        lived = f"{scenario.start:%Y-%m} to {scenario.until:%Y-%m}"
        raise InputError("--date", f"{when} is outside the scenario's months.", f"It runs {lived}.")
    return (span[0], span[1]), told


def _draw(account: Account, folder: Path, change: Change) -> None:
    """Draw the picture into the results folder."""
    import matplotlib

    from experiments.palette import STYLE
    from experiments.pictures import save

    place = folder / PICTURES
    place.mkdir(exist_ok=True)
    first, second = (f"{each.name} ({each.title})" for each in account.ends)
    luck = f"{counted(account.runs)}, seed {change.seed}, same luck"
    foot = f"Source: friendshore, a simulation: from {first} to {second}; {luck}. Bars: Shapley values, which add up; "
    with matplotlib.rc_context(STYLE):
        drawn = picture(account, f"{foot}lines on them: 90 % intervals. Inputs: friendshore data check.")
        save(drawn, place, "change", vector=True)


def _manifest(change: Change, ends: tuple[Scenario, Scenario], world: World) -> dict[str, object]:
    """Return everything that is needed to ask the same again."""
    words = ["friendshore", "explain-change", change.first, change.second, "--by", change.by, "--series", change.series]
    for option, value in (("good", change.good), ("region", change.region), ("date", change.when)):
        words += [f"--{option}", value] if value else []
    words += ["--runs", str(change.runs), "--seed", str(change.seed), "--orders", str(change.orders)]
    words += [word for each in change.assignments for word in ("--set", each)]
    texts = [{"name": each.name, "text": each.text} for each in ends]
    return {"command": shlex.join(words), "scenarios": texts, "data": world.digest, "versions": versions()}
