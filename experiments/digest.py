"""What is kept of every batch for the summary: a few rows per run, so that any number of runs fits into memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from abm.goods import Goods
from abm.outline import Headline
from abm.scenario import Scenario
from experiments.monthly import axes_of, monthly
from experiments.shares import shares

if TYPE_CHECKING:
    from experiments.effects import Effects

# Above this share of orders filled nobody went short.
ALL_FILLED = 0.9995
# Pictures are drawn from the first runs, no more than these: more would hardly move a line or a band.
MOST_DRAWN = 256
RUN = ("scenario", "run")


@dataclass(frozen=True, slots=True)
class Series:
    """What shares are shown of.

    code     a good, or a chain whose goods are summed
    title    heading of its table
    phrase   what a region holds or makes a share of, in a sentence
    goods    goods that are summed
    measure  column that is summed: capacity or output
    """

    code: str
    title: str
    phrase: str
    goods: tuple[str, ...]
    measure: str = "output"

    @property
    def verb(self) -> str:
        """What a region does with its share."""
        return "holds" if self.measure == "capacity" else "makes"

    @property
    def wares(self) -> str:
        """What buyers order, in a sentence."""
        return self.phrase.replace("chip capacity", "chips")


CHIPS = ("chip_mature", "chip_auto", "chip_leading", "chip_memory")
SERIES: tuple[Series, ...] = (
    Series("chips", "Chips: all wafer capacity (SEMI basis)", "chip capacity", CHIPS, "capacity"),
    Series("chip_leading", "Chips: leading edge", "leading-edge chip capacity", ("chip_leading",), "capacity"),
    Series("ree_concentrate", "Rare earths: mines", "rare-earth concentrate", ("ree_concentrate",)),
    Series("ree_oxide", "Rare earths: separated oxides", "separated rare-earth oxides", ("ree_oxide",)),
    Series("magnet", "Rare earths: magnets", "rare-earth magnets", ("magnet",)),
    Series("battery_chemical", "Batteries: refined chemicals", "battery chemicals", ("battery_chemical",)),
    Series("cell", "Batteries: cells", "battery cells", ("cell",)),
    Series("car_electric", "Cars: electric", "electric cars", ("car_electric",)),
    Series("api", "Medicines: ingredients", "drug ingredients", ("api",)),
    Series("medicine", "Medicines: doses", "medicines", ("medicine",)),
)


def series_of(headline: Headline, goods: Goods) -> Series:
    """Return the series a headline speaks of: one that is shown, else a good or a chain of a world."""
    shown = {each.code: each for each in SERIES}
    if headline.chain in shown:
        return shown[headline.chain]
    codes = [code for code, chain in zip(goods.code, goods.chain, strict=True) if headline.chain in {code, chain}]
    title = goods.title[goods.code.index(codes[0])] if len(codes) == 1 else headline.chain.replace("_", " ")
    return Series(headline.chain, title.capitalize(), title, tuple(codes))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a headline speaks of: which figure of a series in which region.

    measure  of the headline
    """

    series: Series
    region: str
    measure: str = "share"

    @property
    def place(self) -> tuple[str, str, str]:
        """Measure, item and region of the one figure of the summary that tells it."""
        return place(self.series, self.region, self.measure)


def place(series: Series, region: str, measure: str) -> tuple[str, str, str]:
    """Return measure, item and region of the one figure of the summary that tells a headline.

    measure  of the headline
    """
    if measure == "export_price":
        return "export_peak", series.goods[0], region
    return "worst_fill" if measure == "fill" else "share", series.code, region


def periods(scenario: Scenario) -> dict[str, tuple[date, date]]:
    """Return first and last month of the periods shown: the first month, a year midway and the last year."""
    start, until = scenario.start, scenario.until
    spans = {f"{start:%b %Y}": (start, start)}
    for year in (start.year + (until.year - start.year) // 2, until.year):
        if year > start.year:
            spans[str(year)] = (date(year, 1, 1), min(date(year, 12, 1), until))
    if until.year == start.year and until > start:
        spans[f"{until:%b %Y}"] = (until, until)
    return spans


@dataclass(slots=True)
class Tally:
    """The digest of all batches so far.

    spans       first and last month of the periods shown, by name
    series      whose shares are kept
    followed    what headlines speak of that are told by their worst month
    shares      share of the world by scenario, run, series, region and period
    goods       prices and shortages by scenario, run and good
    worst       the worst month of all that is followed, by scenario, run and place in the summary
    programmes  M USD by scenario, run and programme
    kpi         one row per scenario and run
    months      prices and shortages by scenario, run, good and month, of the runs that are drawn
    effects     who pays and gains, if scenarios are compared
    """

    spans: Mapping[str, tuple[date, date]]
    series: Sequence[Series] = SERIES
    followed: tuple[Spoken, ...] = ()
    shares: list[pl.DataFrame] = field(default_factory=list)
    goods: list[pl.DataFrame] = field(default_factory=list)
    worst: list[pl.DataFrame] = field(default_factory=list)
    programmes: list[pl.DataFrame] = field(default_factory=list)
    kpi: list[pl.DataFrame] = field(default_factory=list)
    months: list[pl.DataFrame] = field(default_factory=list)
    effects: "Effects | None" = None

    def take(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Take what is needed from the tables of a batch."""
        regions = tables["regions"]
        axes = axes_of(regions)
        self.shares += [shares(regions, axes, each, self.spans) for each in self.series]
        by_month = monthly(regions, axes)
        self.goods.append(by_good(by_month, [*self.spans.values()][-1]))
        self.months.append(by_month.filter(pl.col("run") < MOST_DRAWN))
        self.programmes.append(money(tables["programmes"]))
        self.kpi.append(tables["kpi"])
        for spoken in self.followed:
            found = worst(regions, spoken.series, spoken.region, spoken.measure)
            named = zip(("measure", "item", "region"), spoken.place, strict=True)
            self.worst.append(found.with_columns(**{column: pl.lit(word) for column, word in named}))
        if self.effects is not None:
            self.effects.take(tables)

    def runs(self, scenario: str) -> list[int]:
        """Return the runs of a scenario that are in."""
        return sorted({run for frame in self.goods for run in frame.filter(scenario=scenario)["run"]})


def by_good(by_month: pl.DataFrame, last: tuple[date, date]) -> pl.DataFrame:
    """Return prices and shortages by scenario, run and good.

    by_month  the same by month
    last      first and last month of the last period

    price       what buyers pay in the last period, start = 1
    peak        highest export price, start = 1, and its month peak_month
    fill        smallest share of its orders a region got in a month; month fill_month and place fill_region, if short
    lost        share of final demand that went elsewhere or nowhere over the whole run
    """
    short = pl.when(pl.col("fill") < ALL_FILLED).then(pl.col("fill"))
    worst, dear = short.arg_min(), pl.col("abroad").arg_max()
    return by_month.group_by(*RUN, pl.col("good").cast(pl.String), maintain_order=True).agg(
        price=pl.col("price").filter(pl.col("date").is_between(*last)).mean(),
        peak=pl.col("abroad").max() / pl.col("abroad").first(),
        peak_month=pl.col("date").get(dear),
        fill=pl.col("fill").min(),
        fill_month=pl.col("date").get(worst),
        fill_region=pl.col("fill_region").get(worst).cast(pl.String),
        lost=pl.col("lost_sales").sum() / pl.col("demand").sum(),
    )


def path(regions: pl.LazyFrame, series: Series, region: str, measure: str) -> pl.LazyFrame:
    """Return what a headline speaks of by scenario, run and date.

    measure  of the headline: share of the world or of the region's orders filled, in %, or export price, start = 1
    """
    keys, here = (*RUN, "date"), pl.col("region").cast(pl.String) == region
    number = pl.col("price_export", "fill_rate", "demand", series.measure).cast(pl.Float64).fill_nan(None)
    of_goods = regions.filter(pl.col("good").cast(pl.String).is_in(series.goods)).with_columns(number)
    of_goods = of_goods.sort(keys, maintain_order=True)
    if measure == "export_price":
        price, first = pl.col("price_export"), pl.col("good").cast(pl.String) == series.goods[0]
        return of_goods.filter(here, first).select(*keys, value=price / price.first().over(RUN))
    made = pl.col(series.measure)
    if measure == "fill":
        value, of_goods = _mean("fill_rate", "demand"), of_goods.filter(here)
    else:
        value = made.filter(here).sum() / made.sum()
    return of_goods.group_by(keys, maintain_order=True).agg(value=100.0 * value)


def worst(regions: pl.DataFrame, series: Series, region: str, measure: str) -> pl.DataFrame:
    """Return the highest export price, or the smallest share of orders filled, and its month, by scenario and run.

    measure  of the headline
    No month is the worst where nobody went short.
    """
    value = pl.col("value")
    short = pl.when(value < 100.0 * ALL_FILLED).then(value)
    end, month = (value.min(), short.arg_min()) if measure == "fill" else (value.max(), value.arg_max())
    by_run = path(regions.lazy(), series, region, measure).collect().group_by(*RUN, maintain_order=True)
    return by_run.agg(value=end, month=pl.col("date").get(month))


def money(programmes: pl.DataFrame) -> pl.DataFrame:
    """Return money and projects over the whole run, by scenario, run, government and programme; left is at the end."""
    return (
        programmes.sort("date", maintain_order=True)
        .group_by(*RUN, "government", "programme", maintain_order=True)
        .agg(
            pl.col("paid").sum(),
            pl.col("left").last(),
            pl.col("projects").sum(),
            pl.col("tariff_revenue").sum(),
        )
    )


def _mean(column: str, weight: str) -> pl.Expr:
    """Return the mean of a column weighted with another, the plain mean where all weights are 0."""
    weighted = (pl.col(column) * pl.col(weight)).sum() / pl.col(weight).filter(pl.col(column).is_not_null()).sum()
    return weighted.fill_nan(None).fill_null(pl.col(column).mean())
