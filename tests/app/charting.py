"""A real run of two scenarios, and the frames that the app's charts are drawn from."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from abm import Model, Scenario
from abm import world as worlds
from experiments.app.charts.chart import Case, Chart
from experiments.app.charts.market import market
from experiments.chart_data import shares as shares_by_run
from experiments.digest import SERIES, Series, Spoken, Tally, periods, series_of
from experiments.effects import Effects, Setting
from experiments.summary import summarise

NAMES, RUNS, YEAR = ("baseline", "chips_act"), 2, 2024
CHIPS = next(each for each in SERIES if each.code == "chips")


@dataclass(frozen=True)
class Played:
    """A case, the tables of its runs, and the frames that charts are drawn from."""

    case: Case
    tables: dict[str, dict[str, pl.DataFrame]]
    share: pl.DataFrame
    market: pl.DataFrame
    stocks: pl.DataFrame
    trade: pl.DataFrame

    def joined(self, table: str) -> pl.DataFrame:
        return pl.concat([each[table] for each in self.tables.values()])

    @property
    def money(self) -> pl.DataFrame:
        dated = self.joined("programmes").with_columns(year=pl.col("date").dt.year())
        keys = ("scenario", "year", "government", "programme")
        sums = (pl.col("paid", "tariff_revenue").sum() / RUNS, pl.col("left").last())
        return dated.group_by(keys, maintain_order=True).agg(*sums)

    @property
    def firms(self) -> pl.DataFrame:
        keys = ("date", "good", "firm", "hq")
        means = pl.col("capacity", "output").mean()
        return self.tables["chips_act"]["firms"].group_by(keys, maintain_order=True).agg(means)


def quantiles(frame: pl.DataFrame) -> pl.DataFrame:
    value, keys = pl.col("value").fill_nan(None), ("scenario", "date", "good", "region")
    low, high = (value.quantile(level, "linear") for level in (0.1, 0.9))
    return frame.group_by(keys, maintain_order=True).agg(low=low, mid=value.mean(), high=high)


def by_region(regions: pl.DataFrame, series: Series) -> pl.DataFrame:
    found = shares_by_run(regions.lazy(), series).collect()
    return found.select("scenario", "run", "date", "region", good=pl.lit(series.code), value="share")


@cache
def played_once() -> Played:
    scenarios = tuple(Scenario.load(name).override(f"until={YEAR}-12") for name in NAMES)
    asked, world = scenarios[-1], worlds.read(scenarios[-1].start)
    assert asked.headline
    spoken = {asked.name: Spoken(series_of(asked.headline, world.goods), asked.headline.region)}
    tally = Tally(periods(asked))
    tally.effects = Effects(Setting(NAMES[0], world, world.parameters, asked.start, spoken))
    tables, trade = {}, []
    for each in scenarios:
        model = Model(each, runs=RUNS, seed=1).run()
        kept = ("regions", "firms", "programmes", "kpi")
        tables[each.name] = {name: getattr(model, name) for name in kept}
        trade.append(Model(each, runs=RUNS, seed=1, series=["trade"]).run().trade)
        tally.take(tables[each.name])
    regions = pl.concat([each["regions"] for each in tables.values()])
    days = regions.select(
        "scenario", "run", "date", pl.col("good", "region").cast(pl.String), value=pl.col("stock_days").cast(pl.Float64)
    )
    case = Case(scenarios, world, RUNS, 1, summarise(tally, scenarios).figures)
    share = quantiles(pl.concat([by_region(regions, each) for each in SERIES]))
    return Played(case, tables, share, market(pl.concat(tally.months)), quantiles(days), pl.concat(trade))


def series(chart: Chart, name: str) -> dict[str, Any]:
    return next(each for each in chart.option["series"] if each.get("id", each.get("name")) == name)
