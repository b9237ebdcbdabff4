"""What pictures are drawn from: shares, prices and shortages by month and run, and their bands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from abm.scenario import Scenario
from abm.world import World
from experiments.digest import MOST_DRAWN, RUN, SERIES, Series, Tally, periods
from experiments.sentence import sentence
from experiments.summary import summarise, usual, worst

# Folder of the pictures in a results folder, and how the names of its files begin.
PICTURES = "pictures"
HEADLINE, WHO, SHARES, PRICES = "headline", "who_pays", "shares_", "prices_"


@dataclass(frozen=True, slots=True)
class Story:
    """What pictures tell of.

    scenarios  the first is what the others are compared with, if there are more; the last is what was asked
    runs       that all of them have finished
    lead       what came out, in a sentence or two
    table      of regions, month by month
    months     prices and orders filled by good and month
    changed    values that were replaced, as KEY=VALUE
    effects    figures of who pays and gains with the last scenario, if it is compared
    worst      mean of the worst figure of every run and the month in which it usually came, by scenario, if the last
               one's headline is told by it
    """

    scenarios: tuple[Scenario, ...]
    world: World
    runs: int
    seed: int
    lead: str
    table: pl.LazyFrame
    months: pl.DataFrame
    changed: tuple[str, ...] = ()
    effects: pl.DataFrame = field(default_factory=pl.DataFrame)
    worst: Mapping[str, tuple[float, date | None]] = field(default_factory=dict)

    @property
    def asked(self) -> Scenario:
        """What was asked."""
        return self.scenarios[-1]

    @property
    def rival(self) -> Scenario | None:
        """What it is compared with, if anything."""
        return self.scenarios[0] if len(self.scenarios) > 1 else None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(each.name for each in self.scenarios)

    @property
    def spans(self) -> dict[str, tuple[date, date]]:
        """First and last month of the periods that titles speak of."""
        return periods(self.asked)

    def title(self, region: str) -> str:
        """Return the name of a region."""
        return self.world.region_titles[self.world.regions.index(region)]

    def good(self, code: str) -> str:
        """Return the name of a good without what stands in brackets."""
        return self.world.goods.title[self.world.goods.code.index(code)].split(" (")[0]


def story(
    tally: Tally,
    scenarios: Sequence[Scenario],
    world: World,
    seed: int,
    regions: pl.LazyFrame,
    changed: tuple[str, ...] = (),
) -> Story:
    """Return what to draw of the runs that are finished.

    regions  the table of regions
    changed  values that were replaced, as KEY=VALUE
    """
    done = tuple(each for each in scenarios if tally.runs(each.name))
    runs = min(len(tally.runs(each.name)) for each in done)
    usual = len(done) == 1 or (len(done) == 2 and done[0].name == done[1].baseline)
    summary = summarise(tally, (done[0], done[-1]) if len(done) > 1 else done)
    lead = sentence(summary, world, [*tally.spans]) if usual else ""
    effects = summary.figures.filter(pl.col("measure").is_in(["who_pays", "firm_share"]))
    names = [each.name for each in done]
    months = pl.concat(tally.months).filter(pl.col("scenario").is_in(names), pl.col("run") < runs)
    followed = worst(tally, done[-1].headline)
    ends = {} if followed is None else worst_by_scenario(followed.filter(pl.col("run") < runs))
    return Story(done, world, runs, seed, lead, table(regions, names, runs), months, changed, effects, ends)


def names(story: Story) -> list[str]:
    """Return the names of a story's pictures: the headline, who pays, then shares, and prices by chain."""
    goods = story.world.goods
    who = [WHO] if story.effects.height else []
    of_shares = [f"{SHARES}{series.code}" for series in SERIES if set(series.goods) <= set(goods.code)]
    return [HEADLINE, *who, *of_shares, *(f"{PRICES}{chain}" for chain in chains(goods.code, goods.chain))]


def chains(codes: Sequence[str], chain: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the goods of every chain that has a picture; devices stand with the chips in them.

    codes, chain  of the goods
    """
    found: dict[str, tuple[str, ...]] = {}
    for code, name in zip(codes, chain, strict=True):
        if not code.startswith("scrap_"):
            home = "chips" if name == "devices" else name
            found[home] = (*found.get(home, ()), code)
    return found


def worst_by_scenario(worst: pl.DataFrame) -> dict[str, tuple[float, date | None]]:
    """Return mean of the worst figure of every run and the month in which it usually came.

    worst  value and month by scenario and run
    """
    found = worst.group_by("scenario", maintain_order=True).agg(pl.col("value").mean(), usual("month"))
    return {name: (value, month) for name, value, month in found.select("scenario", "value", "month").rows()}


def clear(folder: Path) -> None:
    """Remove the pictures of an earlier result from a results folder."""
    for kind in ("svg", "png"):
        for path in (folder / PICTURES).glob(f"*.{kind}"):
            if path.stem.startswith((HEADLINE, WHO, SHARES, PRICES)):
                path.unlink()


def table(regions: pl.LazyFrame, scenarios: Sequence[str], runs: int) -> pl.LazyFrame:
    """Return the rows of the table of regions that are drawn."""
    return regions.filter(pl.col("scenario").is_in(list(scenarios)) & (pl.col("run") < min(runs, MOST_DRAWN)))


def shares(regions: pl.LazyFrame, series: Series) -> pl.LazyFrame:
    """Return amount and share of the world, in %, by scenario, run, date and region."""
    amount = pl.col(series.measure).cast(pl.Float64).sum().alias("amount")
    total = pl.col("amount").sum().over(*RUN, "date")
    return (
        regions.filter(pl.col("good").is_in(list(series.goods)))
        .group_by(*RUN, "date", "region", maintain_order=True)
        .agg(amount)
        .with_columns(pl.col("region").cast(pl.String), share=100.0 * pl.col("amount") / total)
    )


def over(shares: pl.DataFrame, span: tuple[date, date]) -> pl.DataFrame:
    """Return share of the world, in %, over a span of months by scenario, run and region."""
    part = shares.filter(pl.col("date").is_between(*span)).group_by(*RUN, "region", maintain_order=True)
    amount = pl.col("amount")
    return part.agg(amount.sum()).select(*RUN, "region", share=100.0 * amount / amount.sum().over(*RUN))


def markets(story: Story, goods: Sequence[str]) -> pl.DataFrame:
    """Return prices, start = 1, and orders filled, in %, of some goods by scenario, run, date and good.

    abroad  asked for export;  price  what buyers pay, mean of the world
    fill    of the region served worst, fill_region;  filled  mean of the world
    """
    first = pl.col("abroad").first().over(*RUN, "good")
    of_goods = story.months.filter(pl.col("good").cast(pl.String).is_in(list(goods)))
    return of_goods.sort("date", maintain_order=True).select(
        *RUN,
        "date",
        pl.col("good", "fill_region").cast(pl.String),
        "price",
        abroad=pl.col("abroad") / first,
        fill=100.0 * pl.col("fill"),
        filled=100.0 * pl.col("filled"),
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """Mean of the runs and the band that holds eight of ten, by month; none where nothing is known."""

    dates: list[date]
    mean: list[float | None]
    low: list[float | None]
    high: list[float | None]

    @property
    def top(self) -> float:
        """The highest point of line and band, 0 where nothing is known."""
        return max((value for value in (*self.mean, *self.high) if value is not None), default=0.0)

    @property
    def last(self) -> float:
        """The last point of the line, 0 where nothing is known."""
        return next((value for value in reversed(self.mean) if value is not None), 0.0)

    @property
    def peak(self) -> tuple[float, date]:
        """The highest point of the line, 0 where nothing is known, and its month."""
        return max(
            ((value or 0.0, day) for value, day in zip(self.mean, self.dates, strict=True)), key=lambda pair: pair[0]
        )


def bands(values: pl.DataFrame, column: str, key: str) -> dict[tuple[str, str], Curve]:
    """Return the curve of a column by scenario and key."""
    known = pl.col(column).fill_nan(None)
    low, high = (known.quantile(share, "linear").alias(name) for share, name in ((0.1, "low"), (0.9, "high")))
    keys = ("scenario", key, "date")
    found = values.group_by(keys, maintain_order=True).agg(known.mean().alias("mean"), low, high).sort(keys)
    parts = found.partition_by("scenario", key, maintain_order=True, as_dict=True)
    columns = ("date", "mean", "low", "high")
    return {
        (str(name), str(of)): Curve(*(part[each].to_list() for each in columns)) for (name, of), part in parts.items()
    }
