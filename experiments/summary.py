"""Scenario against baseline, run against run: every figure of the summary, and the one sentence that leads it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from scipy.special import stdtrit

from abm.kpi import CHAINS
from abm.outline import Headline
from abm.scenario import Scenario
from experiments.digest import RUN, Series, Tally

FIGURE = ("measure", "item", "region", "period")
GOOD = {"price": "start = 1", "peak": "start = 1", "fill": "share of orders", "lost": "share of final demand"}
MONEY = {"paid": "M USD", "left": "M USD", "projects": "count", "tariff_revenue": "M USD"}


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


@dataclass(frozen=True, slots=True)
class Summary:
    """Every figure of a scenario beside its baseline, over the runs that both have finished.

    scenario  what was asked;  other  its baseline; none if it ran alone
    headline  what the leading sentence speaks of
    figures   one row per figure: mean, low and high of the scenario, of the baseline (other_) and of the difference
              run by run (gain_); gain_error is half of the 90 % interval of the mean difference
    months    in which the highest export price and the worst shortage usually came, by scenario and good
    runs      number of runs compared
    """

    scenario: Scenario
    other: Scenario | None
    headline: Headline | None
    figures: pl.DataFrame
    months: pl.DataFrame
    runs: int

    def figure(self, measure: str, item: str, region: str, period: str, kind: str = "") -> Spread:
        """Return one figure: of the scenario, of the baseline (kind ``other_``) or the difference (kind ``gain_``)."""
        row = self.figures.filter(measure=measure, item=item, region=region, period=period).row(0, named=True)
        mean, low, high = (row[f"{kind}{part}"] for part in ("mean", "low", "high"))
        return Spread(*(math.nan if value is None else value for value in (mean, low, high)))

    def gain(self, measure: str, item: str, region: str, period: str) -> Gain:
        """Return the difference of one figure with the 90 % interval of its mean."""
        row = self.figures.filter(measure=measure, item=item, region=region, period=period).row(0, named=True)
        return Gain(*(math.nan if row[name] is None else row[name] for name in ("gain_mean", "gain_error")))


def summarise(tally: Tally, scenarios: Sequence[Scenario]) -> Summary:
    """Return the summary of the runs that the last scenario, and its baseline if there is one, have finished.

    A scenario without a finished run is left out; the headline is that of the last in any case.
    """
    done = [each for each in scenarios if tally.runs(each.name)]
    scenario, other = done[-1], done[0] if len(done) > 1 else None
    names = [scenario.name] + ([other.name] if other else [])
    common = sorted(set.intersection(*(set(tally.runs(name)) for name in names)))
    values = _long(tally).filter(pl.col("run").is_in(common))
    goods = pl.concat(tally.goods).filter(pl.col("run").is_in(common))
    months = goods.group_by("scenario", "good", maintain_order=True).agg(
        *(pl.col(column).drop_nulls().mode().sort().first() for column in ("peak_month", "fill_month", "fill_region"))
    )
    return Summary(scenario, other, scenarios[-1].headline, _figures(values, names), months, len(common))


def with_cost(kpi: pl.DataFrame, other: Scenario | None, region: str, series: Series | None) -> pl.DataFrame:
    """Return the table of runs with what a percentage point of share cost more than in the baseline, M USD.

    region, series  whose share is meant; nothing is known without a baseline, or where the share did not rise
    """
    chain = next((name for name, goods in CHAINS.items() if series and goods == series.goods), None)
    share = f"share_{chain}_{region}"
    if other is None or share not in kpi.columns:
        return kpi.with_columns(cost_per_point=pl.lit(None, pl.Float64))
    theirs = kpi.filter(scenario=other.name).select("run", share, "public_spending")
    both = kpi.join(theirs, on="run", how="left", suffix="_other", maintain_order="left")
    points = 100.0 * (pl.col(share) - pl.col(f"{share}_other"))
    more = pl.col("public_spending") - pl.col("public_spending_other")
    cost = pl.when(points > 0.0).then(more / points).alias("cost_per_point")
    return both.with_columns(cost).drop(f"{share}_other", "public_spending_other")


def _long(tally: Tally) -> pl.DataFrame:
    """Return every figure of every run: scenario, run, measure, item, region, period, unit, value."""
    last = [*tally.spans][-1]
    shares = pl.concat(tally.shares).rename({"series": "item"})
    parts = [shares.with_columns(pl.lit("share").alias("measure"), unit=pl.lit("%"), value=pl.col("share") * 100.0)]
    goods = pl.concat(tally.goods).rename({"good": "item"}).with_columns(region=pl.lit(""), period=pl.lit(last))
    parts += [_measured(goods, measure, unit) for measure, unit in GOOD.items()]
    money = pl.concat(tally.programmes).rename({"programme": "item", "government": "region"})
    parts += [_measured(money.with_columns(period=pl.lit(last)), measure, unit) for measure, unit in MONEY.items()]
    spent = pl.concat(tally.kpi).select(*RUN, "public_spending").with_columns(item=pl.lit("all"), region=pl.lit(""))
    parts.append(_measured(spent.with_columns(period=pl.lit(last)), "public_spending", "M USD"))
    if tally.exporter and tally.peaks:
        good, region = tally.exporter
        peaks = pl.concat(tally.peaks).with_columns(item=pl.lit(good), region=pl.lit(region), period=pl.lit(last))
        parts.append(_measured(peaks.rename({"peak": "export_peak"}), "export_peak", "start = 1"))
    return pl.concat(part.select(*RUN, *FIGURE, "unit", pl.col("value").cast(pl.Float64)) for part in parts)


def _measured(frame: pl.DataFrame, measure: str, unit: str) -> pl.DataFrame:
    """Return a column of a frame as values of a measure."""
    return frame.with_columns(measure=pl.lit(measure), unit=pl.lit(unit), value=pl.col(measure))


def _figures(values: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return mean, low and high of every figure: of the scenario, of the baseline and of the paired difference."""
    mine = values.filter(scenario=names[0]).drop("scenario")
    if len(names) == 1:
        return mine.group_by(*FIGURE, "unit", maintain_order=True).agg(_spread("value", ""))
    theirs = values.filter(scenario=names[1]).drop("scenario", "unit")
    both = mine.join(theirs, on=["run", *FIGURE], how="left", suffix="_other", maintain_order="left")
    both = both.with_columns(gain=pl.col("value") - pl.col("value_other"))
    known = pl.col("gain").fill_nan(None)
    # What a mean is uncertain by, before Student's factor.
    error = [(known.std() / known.count().sqrt()).alias("gain_error"), known.count().alias("count")]
    spreads = [*_spread("value", ""), *_spread("value_other", "other_"), *_spread("gain", "gain_"), *error]
    found = both.group_by(*FIGURE, "unit", maintain_order=True).agg(spreads)
    factor = [float(stdtrit(count - 1, 0.95)) if count > 1 else None for count in found["count"]]
    return found.with_columns(pl.col("gain_error") * pl.Series(factor, dtype=pl.Float64)).drop("count")


def _spread(column: str, kind: str) -> list[pl.Expr]:
    """Return mean and the 10 and 90 % quantiles of a column."""
    known = pl.col(column).fill_nan(None)
    low, high = (
        known.quantile(share, "linear").alias(f"{kind}{name}") for share, name in ((0.1, "low"), (0.9, "high"))
    )
    return [known.mean().alias(f"{kind}mean"), low, high]
