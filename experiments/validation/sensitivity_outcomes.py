"""The five headline outcomes that assumptions are tried on, measured in every run of a sweep."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from abm.kpi import CHAINS
from experiments.sweeping.dataset import Dataset
from experiments.sweeping_analysis.outcomes import Outcome, worded
from experiments.sweeping_analysis.pairs import SPENDING
from experiments.sweeping_analysis.sample import GAIN, LEVEL, Sample, gathered

CHIPS, OXIDES = "share_chips_US", "share_rare_earth_oxides_CN"
FILL, BOUGHT, DEPENDENCE = "worst_chip_fill", "share_bought", "medicine_dependence"
OUTCOMES = (CHIPS, OXIDES, FILL, BOUGHT, DEPENDENCE)
# As short as the head of a column.
TITLES: Mapping[str, str] = {
    CHIPS: "US share of chips, 2030",
    OXIDES: "China's share of rare-earth oxides, 2030",
    FILL: "Chip orders filled in the worst month",
    BOUGHT: "US share that 10 billion dollars buy",
    DEPENDENCE: "US doses that hang on imports, 2030",
}
_RUN = ("point", "run")
_BUYER = "US"
# M USD.
TEN_BILLION = 10_000.0


def outcomes(start: date) -> dict[str, Outcome]:
    """Return the five outcomes in words, by column.

    start  of the world whose regions are named
    """
    of_share: dict[str, Any] = {"unit": " %", "step": " points", "factor": 100.0, "digits": 1}
    told = worded([CHIPS, OXIDES], start) | {
        FILL: Outcome(FILL, "the share of the world's chip orders that is filled in the worst month", **of_share),
        BOUGHT: Outcome(
            BOUGHT, "the US share of chips that ten billion dollars of public money buy", " points", " points"
        ),
        DEPENDENCE: Outcome(
            DEPENDENCE, "the share of American doses that come from abroad or from imported ingredients", **of_share
        ),
    }
    return {column: told[column] for column in OUTCOMES}


def measured(folder: Path) -> Sample:
    """Return the runs of a sweep that keeps demand, fill rates and import dependence, with the five outcomes."""
    found = gathered(folder, (CHIPS, OXIDES, SPENDING), ())
    mine = Dataset(folder).scan("regions").filter(pl.col("point").is_in(found.points["point"].to_list()))
    parts = [worst_fill(mine), dependence(mine), bought(found.runs)]
    levels = [
        part.select(*_RUN, pl.lit(name).alias("outcome"), pl.col(name).alias(LEVEL))
        for name, part in zip((FILL, DEPENDENCE, BOUGHT), parts, strict=True)
    ]
    every = pl.concat([found.runs, *(part.with_columns(pl.lit(None, pl.Float64).alias(GAIN)) for part in levels)])
    return replace(found, runs=every, outcomes=OUTCOMES)


def levels(sample: Sample) -> Sample:
    """Return a sample in which nothing is compared with a baseline any more: what is left are the outcomes."""
    return replace(sample, runs=sample.runs.with_columns(pl.lit(None, pl.Float64).alias(GAIN)))


def worst_fill(regions: pl.LazyFrame) -> pl.DataFrame:
    """Return by point and run the share of the world's orders of a chip good filled in the worst month of the worst.

    regions  point, run, date, good, demand and fill_rate
    """
    chips = _of(regions, CHAINS["chips"]).filter(pl.col("demand") > 0.0)
    filled = (pl.col("demand") * pl.col("fill_rate")).sum() / pl.col("demand").sum()
    monthly = chips.group_by(*_RUN, "date", "good").agg(filled.alias(FILL))
    return monthly.group_by(_RUN).agg(pl.col(FILL).min()).sort(_RUN).collect(engine="streaming")


def dependence(regions: pl.LazyFrame) -> pl.DataFrame:
    """Return by point and run the share of American doses that hang on imports, over the last twelve months.

    regions  point, run, date, good, region, demand and import_dependence
    A dose does if it is bought abroad, or made at home of an ingredient bought abroad.
    """
    mine = _of(regions, ("api", "medicine")).filter(pl.col("region").cast(pl.String) == _BUYER)
    late = mine.filter(pl.col("date") > pl.col("date").max().dt.offset_by("-12mo")).fill_nan(None)
    share = (pl.col("demand") * pl.col("import_dependence")).sum() / pl.col("demand").sum()
    by_good = late.group_by(*_RUN, "good").agg(share.alias("share")).sort(*_RUN, "good").collect()
    wide = by_good.pivot("good", index=_RUN, values="share")
    hang = pl.col("medicine") + (1.0 - pl.col("medicine")) * pl.col("api")
    return wide.select(*_RUN, hang.alias(DEPENDENCE))


def _of(regions: pl.LazyFrame, goods: tuple[str, ...]) -> pl.LazyFrame:
    """Return the rows of some goods, with figures of full width."""
    exact = pl.col(pl.Float32).cast(pl.Float64)
    return regions.with_columns(pl.col("good").cast(pl.String), exact).filter(pl.col("good").is_in(goods))


def bought(runs: pl.DataFrame) -> pl.DataFrame:
    """Return by point and run the points of share that ten billion dollars buy: money and share less the baseline's.

    runs  point, run, outcome and gain
    It is the cost of a point turned over: that has no bounds where a share hardly rises, and no sense where it falls.
    """
    wide = runs.pivot("outcome", index=_RUN, values=GAIN)
    points = 100.0 * TEN_BILLION * pl.col(CHIPS) / pl.col(SPENDING)
    return wide.select(*_RUN, pl.when(pl.col(SPENDING) > 0.0).then(points).alias(BOUGHT))
