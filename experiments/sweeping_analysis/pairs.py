"""Paired differences: a point less its baseline, run by run under the same luck; and what a gain of share costs."""

from collections.abc import Mapping

import polars as pl

from experiments.sweeping_analysis.sample import GAIN, Sample
from experiments.verdict import paired, ratio, student

SPENDING = "public_spending"
SHARE = "share_"
# Of the differences that are said to be there, so many may not be.
FALSE = 0.1


def differences(sample: Sample) -> pl.DataFrame:
    """Return by point and outcome the mean difference with its 90 % interval, and the range of 8 runs in 10.

    chance  how likely luck alone makes such a mean;  sure  whether there is a difference: of those of an outcome that
            are said to be sure one in ten is false at most, by Benjamini and Hochberg (1995)
    """
    told = paired(
        sample.runs.filter(pl.col(GAIN).is_not_null()).rename({GAIN: "gain"}),
        ["point", "outcome"],
        pl.len().alias("runs"),
    )
    mean, error = pl.col("gain_mean"), pl.col("gain_error")
    found = told.select(
        "point",
        "outcome",
        "runs",
        mean.alias("mean"),
        (mean - error).alias("least"),
        (mean + error).alias("most"),
        pl.col("gain_low").alias("low"),
        pl.col("gain_high").alias("high"),
        pl.Series("chance", list(map(_chance, *told.select("runs", "gain_mean", "gain_error"))), pl.Float64),
    )
    groups = found.group_by("outcome", maintain_order=True)
    sure = pl.concat([group.with_columns(_sure(group["chance"]).alias("sure")) for _, group in groups])
    return sample.points.drop("against").join(sure, on="point", maintain_order="left_right")


def _chance(runs: int, mean: float, error: float | None) -> float | None:
    """Return how likely luck alone makes a mean difference as large, none with a single run.

    error  half of its 90 % interval
    """
    from scipy.stats import t

    factor = student(runs)
    if factor is None or error is None:
        return None
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return float(2.0 * t.sf(abs(mean) * factor / error, runs - 1))


def _sure(chances: pl.Series) -> pl.Series:
    """Return which of some differences are there, at most one in ten of them falsely."""
    from scipy.stats import false_discovery_control

    known = chances.drop_nulls()
    told = iter(false_discovery_control(known.to_numpy()) <= FALSE if len(known) else ())
    return pl.Series([chance is not None and bool(next(told)) for chance in chances], dtype=pl.Boolean)


def frontier(sample: Sample, outcome: str) -> pl.DataFrame:
    """Return by point what governments spend more and what share is gained, and which points nothing beats.

    outcome  a share
    A point is on the frontier if no other with the same baseline, nor doing nothing, gains as much for less, or more
    for as much. cost is M USD for a percentage point, with its 90 % interval where the gain can be told from none.
    """
    runs = sample.runs.filter(pl.col(GAIN).is_not_null())
    both = [runs.filter(outcome=name).select("point", "run", pl.col(GAIN).alias(name)) for name in (SPENDING, outcome)]
    joined = both[0].join(both[1], on=["point", "run"], maintain_order="left").drop_nulls()
    rows = [_priced(name, group, outcome) for (name,), group in joined.group_by("point", maintain_order=True)]
    told = pl.DataFrame(rows, schema=_PRICED, orient="row").join(
        sample.points.select("point", "against"), on="point", maintain_order="left"
    )
    beaten: dict[str, bool] = {}
    for _, group in told.group_by("against", maintain_order=True):
        lost = _beaten([0.0, *group["spending"]], [0.0, *group["gain"]])[1:]
        beaten |= dict(zip(group["point"], lost, strict=True))
    sure = differences(sample).filter(outcome=outcome).select("point", "sure")
    told = told.join(sure, on="point", maintain_order="left")
    best = pl.Series("efficient", [not beaten[name] for name in told["point"]], dtype=pl.Boolean)
    told = told.with_columns(pl.lit(outcome).alias("outcome"), best)
    return sample.points.drop("against").join(told, on="point", how="inner", maintain_order="left")


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
