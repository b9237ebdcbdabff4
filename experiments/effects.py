"""What a scenario changes for whom, gathered batch by batch: who pays, firms, and the headline month by month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from abm.parameters import Parameters
from abm.scenario import Scenario
from abm.welfare import PARTS, Account, account, gains
from abm.world import World
from experiments.digest import MOST_DRAWN, RUN, Series, Spoken, path
from experiments.verdict import Gain, for_good, paired, ratio, runs_needed, spread

WORLD, ABROAD, ALL = "world", "abroad", "all"
SUM, SPENDING = "sum", "spending"
_FIGURE = ("measure", "item", "region")


@dataclass(frozen=True, slots=True)
class Setting:
    """What effects are looked for in.

    reference   scenario that all others are compared with
    parameters  those in force;  start  first month
    spoken      what the headline of every other scenario speaks of, by its name, if it has one
    """

    reference: str
    world: World
    parameters: Parameters
    start: date
    spoken: Mapping[str, Spoken] = field(default_factory=dict)

    @property
    def money(self) -> str:
        """The unit of money of the account."""
        return f"M USD of {self.start.year} at {100.0 * self.parameters.discount:g} % a year"


@dataclass(slots=True)
class Effects:
    """The effects of all batches so far.

    gains  who pays and gains, by scenario, run, region, item and part
    paths  figures of headlines by place in the summary, scenario, run and month, of the first runs
    firms  share of the series of headlines at the end, in %, by series, scenario, run and firm
    """

    setting: Setting
    gains: list[pl.DataFrame] = field(default_factory=list)
    paths: list[pl.DataFrame] = field(default_factory=list)
    firms: list[pl.DataFrame] = field(default_factory=list)
    _theirs: Account | None = None

    def take(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Take what is needed from the tables of a batch; that of the reference comes before those of the others."""
        setting = self.setting
        name = tables["regions"]["scenario"][0]
        mine = account(tables, setting.world, setting.parameters, setting.start)
        if name == setting.reference:
            self._theirs = mine
            wanted = {*setting.spoken.values()}
        else:
            wanted = {setting.spoken[name]} if name in setting.spoken else set()
            if self._theirs is not None:
                found = _by_item(gains(mine, self._theirs), {spoken.series for spoken in wanted})
                self.gains.append(found.select(pl.lit(name).alias("scenario"), pl.all()))
        self._follow(tables, wanted)

    def _follow(self, tables: Mapping[str, pl.DataFrame], wanted: Iterable[Spoken]) -> None:
        """Take the paths and the shares of firms that some headlines speak of."""
        wanted = [*wanted]
        first = tables["regions"].filter(pl.col("run") < MOST_DRAWN).lazy()
        for spoken in wanted:
            found = path(first, spoken.series, spoken.region, spoken.measure).collect()
            named = zip(_FIGURE, spoken.place, strict=True)
            self.paths.append(found.with_columns(**{column: pl.lit(word) for column, word in named}))
        if tables["firms"].height:
            self.firms += [_firms(tables["firms"], series) for series in {spoken.series for spoken in wanted}]


def _by_item(found: pl.DataFrame, wanted: Iterable[Series]) -> pl.DataFrame:
    """Return gains by run, region, part and item: of all goods, and of those of some series."""
    keys = ("run", "region", "part")
    parts = [(ALL, found)]
    parts += [(each.code, found.filter(pl.col("good").is_in(each.goods), part="margin")) for each in wanted]
    summed = [
        each.group_by(keys, maintain_order=True).agg(pl.col("gain").sum()).with_columns(item=pl.lit(item))
        for item, each in parts
    ]
    return pl.concat(summed)


def _firms(firms: pl.DataFrame, series: Series) -> pl.DataFrame:
    """Return every firm's share of a series at the end of the last year, in %, by scenario and run."""
    last = firms.filter(pl.col("date") == pl.col("date").max(), pl.col("good").cast(pl.String).is_in(series.goods))
    names = [pl.col(name).cast(pl.String) for name in ("firm", "hq")]
    found = last.group_by(*RUN, *names, maintain_order=True).agg(pl.col(series.measure).cast(pl.Float64).sum())
    share = 100.0 * pl.col(series.measure) / pl.col(series.measure).sum().over(RUN)
    return found.select(*RUN, "firm", "hq", series=pl.lit(series.code), value=share)


def home(scenario: Scenario, other: Scenario | None, fallback: str = "") -> str:
    """Return the region whose government acts: that of the scenario's headline, else of its first new policy."""
    if scenario.headline is not None:
        return scenario.headline.region
    known = other.policies if other else ()
    governments = [getattr(each, "government", "") for each in scenario.policies if each not in known]
    return next(filter(None, governments), fallback)


def figures(effects: Effects, names: tuple[str, str], at_home: str, runs: Sequence[int]) -> pl.DataFrame:
    """Return the figures of a scenario beside the reference that its effects add to the summary.

    names  of scenario and reference;  at_home  region whose government acts;  runs  that both have finished
    """
    parts = [_who_pays(effects, names[0], at_home, runs)]
    if (spoken := effects.setting.spoken.get(names[0])) is not None:
        parts.append(_shares_of_firms(effects, names, runs, spoken))
        parts.append(_months_to_effect(effects, names, runs, spoken))
    return pl.concat([part for part in parts if part.height], how="diagonal")


def _who_pays(effects: Effects, name: str, at_home: str, runs: Sequence[int]) -> pl.DataFrame:
    """Return who pays and gains in each region, abroad and in the world, part by part and together."""
    if not effects.gains:
        return pl.DataFrame()
    found = pl.concat(effects.gains).filter(pl.col("run").is_in(runs), scenario=name).drop("scenario")
    found = found.filter(pl.col("region").is_in(effects.setting.world.regions))
    places = [found, found.with_columns(region=pl.lit(WORLD))]
    if at_home:
        places.append(found.filter(pl.col("region") != at_home).with_columns(region=pl.lit(ABROAD)))
    keys = ("run", "region", "item", "part")
    by_run = pl.concat(places).group_by(keys, maintain_order=True).agg(pl.col("gain").sum())
    counted = by_run.filter(pl.col("part").is_in(PARTS), item=ALL)
    together = counted.group_by("run", "region", maintain_order=True).agg(pl.col("gain").sum())
    together = together.select("run", "region", item=pl.lit(ALL), part=pl.lit(SUM), gain="gain")
    whole = pl.concat([by_run, together]).with_columns(
        measure=pl.when(pl.col("item") == ALL).then(pl.lit("who_pays")).otherwise(pl.lit("margin")),
        item=pl.when(pl.col("item") == ALL).then(pl.col("part")).otherwise(pl.col("item")),
    )
    return paired(whole, _FIGURE).with_columns(unit=pl.lit(effects.setting.money))


def _shares_of_firms(effects: Effects, names: tuple[str, str], runs: Sequence[int], spoken: Spoken) -> pl.DataFrame:
    """Return the share of every firm in the headline's series at the end, in both scenarios."""
    if not effects.firms:
        return pl.DataFrame()
    whole = pl.concat(effects.firms).filter(pl.col("run").is_in(runs), series=spoken.series.code)
    mine, theirs = (whole.filter(scenario=name).drop("scenario", "series") for name in names)
    both = mine.join(theirs, on=["run", "firm", "hq"], how="full", coalesce=True, suffix="_other")
    both = both.with_columns(pl.col("value", "value_other").fill_null(0.0))
    both = both.with_columns(gain=pl.col("value") - pl.col("value_other")).rename({"firm": "item", "hq": "region"})
    told = both.sort("item", "run").with_columns(measure=pl.lit("firm_share"))
    more = (*spread("value", ""), *spread("value_other", "other_"))
    return paired(told, _FIGURE, *more).with_columns(unit=pl.lit("% of the world"))


def paths(effects: Effects, names: tuple[str, str], runs: Sequence[int], spoken: Spoken) -> pl.DataFrame:
    """Return the difference of a headline's figure between two scenarios by run and month."""
    where = dict(zip(_FIGURE, spoken.place, strict=True))
    whole = pl.concat(effects.paths).filter(pl.col("run").is_in(runs), **where)
    mine, theirs = (whole.filter(scenario=name).drop("scenario") for name in names)
    both = mine.join(theirs, on=["run", "date"], suffix="_other", maintain_order="left")
    return both.select("run", "date", gain=pl.col("value") - pl.col("value_other"))


def _months_to_effect(effects: Effects, names: tuple[str, str], runs: Sequence[int], spoken: Spoken) -> pl.DataFrame:
    """Return after how many months the headline's difference leaves none for good, nothing if it does not."""
    setting = effects.setting
    since = for_good(paths(effects, names, runs, spoken))
    if since is None:
        return pl.DataFrame()
    months = 12 * (since.year - setting.start.year) + since.month - setting.start.month
    named = {"measure": "months_to_effect", "item": spoken.series.code, "region": spoken.region}
    return pl.DataFrame({**named, "unit": "months from the start", "gain_mean": float(months)})


def verdict(gain: Gain, price: pl.DataFrame, runs: int, place: tuple[str, str]) -> pl.DataFrame:
    """Return the figures on how sure the headline is: runs that would tell it, and what a point of share costs.

    price  by run: more money spent, and points of share gained; nothing where a point has no price
    place  series and region of the headline
    """
    rows: list[tuple[str, str, float | None, float | None, float | None]] = []
    if gain.open:
        needed = runs_needed(gain, runs)
        rows.append(("runs_needed", "runs", None if needed is None else float(needed), None, None))
    if price.height and (cost := ratio(price["money"].to_list(), price["points"].to_list())):
        rows.append(("cost_per_point", "M USD per percentage point, 90 % interval", cost.mean, cost.low, cost.high))
    columns = {"measure": pl.String, "unit": pl.String, "gain_mean": pl.Float64}
    schema = {**columns, "gain_low": pl.Float64, "gain_high": pl.Float64}
    return pl.DataFrame(rows, schema, orient="row").with_columns(item=pl.lit(place[0]), region=pl.lit(place[1]))
