"""How sure a difference between paired runs is, how many runs would tell, and from when on it is there for good."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

# Nobody is told to wait for more runs than these.
MOST_RUNS = 100_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean over the runs and the range that holds eight runs in ten."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Gain:
    """Mean difference run by run, and half of its 90 % interval, not a number with a single run."""

    mean: float
    error: float

    @property
    def open(self) -> bool:
        """Whether the runs are too few to tell the difference from none: its interval includes 0, but not only 0."""
        return self.error > 0.0 and abs(self.mean) <= self.error


def spread(column: str, kind: str) -> list[pl.Expr]:
    """Return mean and the 10 and 90 % quantiles of a column, named with a kind in front."""
    known = pl.col(column).fill_nan(None)
    low, high = (
        known.quantile(share, "linear").alias(f"{kind}{name}") for share, name in ((0.1, "low"), (0.9, "high"))
    )
    return [known.mean().alias(f"{kind}mean"), low, high]


def paired(values: pl.DataFrame, keys: Sequence[str], *more: pl.Expr) -> pl.DataFrame:
    """Return mean, range and half of the 90 % interval of a column ``gain`` by some keys.

    more  what else is wanted of each group
    """
    known = pl.col("gain").fill_nan(None)
    # What a mean is uncertain by, before Student's factor.
    error = [(known.std() / known.count().sqrt()).alias("gain_error"), known.count().alias("count")]
    found = values.group_by(keys, maintain_order=True).agg(*more, *spread("gain", "gain_"), *error)
    factors = pl.Series([student(count) for count in found["count"]], dtype=pl.Float64)
    return found.with_columns(pl.col("gain_error") * factors).drop("count")


def student(runs: int) -> float | None:
    """Return Student's factor of a two-sided 90 % interval, none with a single run."""
    if runs < 2:
        return None
    from scipy.special import stdtrit

    return float(stdtrit(runs - 1, 0.95))


def runs_needed(gain: Gain, runs: int) -> int | None:
    """Return about how many runs would tell a difference from none, two digits rounded up; none if far too many.

    The half-width falls with the root of the number of runs, so it reaches the mean at runs (half-width / mean)^2.
    """
    if gain.mean == 0.0 or not gain.error > 0.0:
        return None
    exact = max(2.0, runs * (gain.error / gain.mean) ** 2)
    if exact > MOST_RUNS:
        return None
    unit = int(10.0 ** max(0, math.floor(math.log10(exact)) - 1))
    return math.ceil(exact / unit) * unit


def ratio(money: Sequence[float], points: Sequence[float]) -> Spread | None:
    """Return mean money over mean points with the 90 % interval of the ratio, by Fieller's theorem.

    money, points  differences run by run
    None where the points cannot be told from none, or are fewer: then the ratio has no bounds, or no sense.
    """
    runs = len(money)
    means = [math.fsum(values) / runs for values in (money, points)]
    if means[1] <= 0.0:
        return None
    factor = student(runs)
    if factor is None:
        return Spread(means[0] / means[1], math.nan, math.nan)

    def shared(first: int, second: int) -> float:
        """Return Student's factor squared times the covariance of two means."""
        pairs = zip(*((money, points)[each] for each in (first, second)), strict=True)
        return factor**2 * math.fsum((x - means[first]) * (y - means[second]) for x, y in pairs) / (runs - 1) / runs

    square = means[1] ** 2 - shared(1, 1)
    middle = means[0] * means[1] - shared(0, 1)
    if square <= 0.0:
        return None
    root = math.sqrt(max(middle**2 - square * (means[0] ** 2 - shared(0, 0)), 0.0))
    return Spread(means[0] / means[1], (middle - root) / square, (middle + root) / square)


def for_good(paths: pl.DataFrame) -> date | None:
    """Return the first month from which on, up to the last, a difference is told from none; none if it never is.

    paths  by run and date: gain
    """
    by_month = paired(paths, ["date"]).sort("date")
    told = by_month.select("date", told=(pl.col("gain_mean").abs() > pl.col("gain_error")).fill_null(value=False))
    since = None
    for month, sure in reversed(told.rows()):
        if not sure:
            return since
        since = month
    return since
