"""Paired differences: a point less its baseline, run by run under the same luck; and what a gain of share costs."""

from collections.abc import Mapping

import polars as pl

from experiments.sweeping_analysis.sample import GAIN, Sample
from experiments.verdict import paired, ratio

SPENDING = "public_spending"
SHARE = "share_"


def differences(sample: Sample) -> pl.DataFrame:
    """Return by point and outcome the mean difference with its 90 % interval, and the range of 8 runs in 10."""
    told = paired(
        sample.runs.filter(pl.col(GAIN).is_not_null()).rename({GAIN: "gain"}),
        ["point", "outcome"],
        pl.len().alias("runs"),
    )
    mean, error = pl.col("gain_mean"), pl.col("gain_error").fill_null(float("nan"))
    sure = (error == 0.0) & (mean != 0.0) | (mean.abs() > error)
    found = told.select(
        "point",
        "outcome",
        "runs",
        mean.alias("mean"),
        (mean - error).alias("least"),
        (mean + error).alias("most"),
        pl.col("gain_low").alias("low"),
        pl.col("gain_high").alias("high"),
        (sure & error.is_not_nan()).alias("sure"),
    )
    return sample.points.drop("against").join(found, on="point", maintain_order="left")


def frontier(sample: Sample, outcome: str) -> pl.DataFrame:
    """Return by point what governments spend more and what share is gained, and which points nothing beats.

    outcome  a share
    A point is on the frontier if no other of its sweep gains as much for less, or more for as much.
    cost is M USD for a percentage point, with its 90 % interval where the gain can be told from none.
    """
    runs = sample.runs.filter(pl.col(GAIN).is_not_null())
    both = [runs.filter(outcome=name).select("point", "run", pl.col(GAIN).alias(name)) for name in (SPENDING, outcome)]
    joined = both[0].join(both[1], on=["point", "run"], maintain_order="left")
    rows = [_priced(name, group, outcome) for (name,), group in joined.group_by("point", maintain_order=True)]
    told = pl.DataFrame(rows, schema=_PRICED, orient="row")
    beaten = _beaten(told["spending"].to_list(), told["gain"].to_list())
    told = told.with_columns(pl.lit(outcome).alias("outcome"), pl.Series("efficient", [not each for each in beaten]))
    return sample.points.drop("against").join(told, on="point", maintain_order="left")


_PRICED: Mapping[str, type[pl.DataType]] = {
    "point": pl.String,
    "runs": pl.Int64,
    "spending": pl.Float64,
    "gain": pl.Float64,
    "cost": pl.Float64,
    "cost_least": pl.Float64,
    "cost_most": pl.Float64,
}


def _priced(name: object, group: pl.DataFrame, outcome: str) -> tuple[object, ...]:
    """Return one row of what a point costs."""
    money, share = group[SPENDING].to_list(), group[outcome].to_list()
    price = ratio(money, [100.0 * each for each in share])
    cost = (price.mean, price.low, price.high) if price else (None, None, None)
    return (name, len(group), sum(money) / len(money), sum(share) / len(share), *cost)


def _beaten(spending: list[float], gain: list[float]) -> list[bool]:
    """Return which points another one beats: it gains more and spends no more, or as much and spends less."""
    order = sorted(range(len(gain)), key=lambda place: (spending[place], -gain[place]))
    beaten, best, cheapest = [False] * len(gain), float("-inf"), float("inf")
    for place in order:
        same = gain[place] == best and spending[place] == cheapest
        beaten[place] = gain[place] <= best and not same
        if gain[place] > best:
            best, cheapest = gain[place], spending[place]
    return beaten
