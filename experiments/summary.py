"""Scenario against baseline, run against run: every figure of the summary, and the one sentence that leads it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from abm.kpi import CHAINS
from abm.outline import Headline
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from experiments import effects
from experiments.digest import RUN, Series, Spoken, Tally
from experiments.verdict import Gain, Spread, paired, spread

FIGURE = ("measure", "item", "region", "period")
GOOD = {"price": "start = 1", "peak": "start = 1", "fill": "share of orders", "lost": "share of final demand"}
WORST = {"export_peak": "start = 1", "worst_fill": "% of orders"}
MONEY = {"paid": "M USD", "left": "M USD", "projects": "count", "tariff_revenue": "M USD"}


@dataclass(frozen=True)
class Summary:
    """Every figure of a scenario beside its baseline, over the runs that both have finished.

    scenario  what was asked;  other  its baseline; none if it ran alone
    headline  what the leading sentence speaks of
    figures   one row per figure: mean, low and high of the scenario, of the baseline (other_) and of the difference
              run by run (gain_); gain_error is half of the 90 % interval of the mean difference
    months    in which the highest export price and the worst shortage usually came, by scenario and good; and of
              what the headline follows, by scenario (headline_month)
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
        row = self._rows[measure, item, region, period]
        mean, low, high = (row[f"{kind}{part}"] for part in ("mean", "low", "high"))
        return Spread(*(math.nan if value is None else value for value in (mean, low, high)))

    def gain(self, measure: str, item: str, region: str, period: str) -> Gain:
        """Return the difference of one figure with the 90 % interval of its mean."""
        row = self._rows[measure, item, region, period]
        return Gain(*(math.nan if row[name] is None else row[name] for name in ("gain_mean", "gain_error")))

    @cached_property
    def _rows(self) -> dict[Any, dict[str, Any]]:
        """The figures by measure, item, region and period."""
        return self.figures.rows_by_key(FIGURE, named=True, unique=True)

    def knows(self, measure: str) -> bool:
        """Return whether there are figures of a measure."""
        return measure in self.figures["measure"]


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
        *(usual(column) for column in ("peak_month", "fill_month", "fill_region"))
    )
    if (followed := worst(tally, scenarios[-1].headline)) is not None:
        mine = followed.filter(pl.col("run").is_in(common)).group_by("scenario", maintain_order=True)
        by_name = mine.agg(headline_month=usual("month"))
        months = months.join(by_name, on="scenario", how="left", maintain_order="left")
    figures = _figures(values, names)
    if other is not None and tally.effects is not None and tally.effects.setting.reference == other.name:
        more = _effects(tally.effects, values, figures, (scenario, other))
        figures = pl.concat([figures, more.with_columns(period=pl.lit([*tally.spans][-1]))], how="diagonal")
    return Summary(scenario, other, scenarios[-1].headline, figures, months, len(common))


def worst(tally: Tally, headline: Headline | None) -> pl.DataFrame | None:
    """Return the worst month that a headline is told by, and its figure, by scenario and run; none if by none."""
    asked = (headline.chain, headline.region, headline.measure) if headline else None
    for each in tally.followed if tally.worst else ():
        if asked == (each.series.code, each.region, each.measure):
            where = dict(zip(("measure", "item", "region"), each.place, strict=True))
            return pl.concat(tally.worst).filter(**where)
    return None


def _effects(
    found: effects.Effects, values: pl.DataFrame, figures: pl.DataFrame, pair: tuple[Scenario, Scenario]
) -> pl.DataFrame:
    """Return the figures on who pays and gains, and on how sure the headline is.

    values  every figure of every run that both scenarios have finished;  figures  of the summary so far
    """
    scenario, other = pair
    spoken, last = found.setting.spoken.get(scenario.name), values["period"][-1]
    runs = values["run"].unique().sort().to_list()
    names, at_home = (scenario.name, other.name), effects.home(scenario, other, spoken.region if spoken else "")
    parts = [effects.figures(found, names, at_home, runs)]
    if spoken is not None:
        measure, item, region = spoken.place
        known = figures.filter(measure=measure, item=item, region=region, period=last)
        gain = Gain(*(math.nan if end is None else end for end in known.select("gain_mean", "gain_error").row(0)))
        priced = measure == "share" and aimed(scenario, other, spoken.series)
        price = _price(values, names, (item, region, last)) if priced else pl.DataFrame()
        parts.append(effects.verdict(gain, price, len(runs), (spoken.series.code, region)))
    return pl.concat(parts, how="diagonal")


def _price(values: pl.DataFrame, names: tuple[str, str], place: tuple[str, str, str]) -> pl.DataFrame:
    """Return by run how much more public money was spent, M USD, and how many points of share were gained.

    place  series, region and period
    """
    item, region, period = place
    shares = values.filter(measure="share", item=item, region=region, period=period)
    both = shares.join(values.filter(measure="public_spending"), on=RUN, maintain_order="left")
    mine, theirs = (both.filter(scenario=name) for name in names)
    pairs = mine.join(theirs, on="run", suffix="_then", maintain_order="left")
    money = pl.col("value_right") - pl.col("value_right_then")
    return pairs.select(money=money, points=pl.col("value") - pl.col("value_then"))


def changed(scenario: Scenario, other: Scenario) -> tuple[Instrument, ...]:
    """Return the policies that only one of two scenarios has, or has otherwise."""
    pairs = ((scenario, other), (other, scenario))
    return tuple(each for mine, theirs in pairs for each in mine.policies if each not in theirs.policies)


def aimed(scenario: Scenario, other: Scenario, series: Series) -> bool:
    """Return whether all policies that differ between two scenarios name goods, and only those of a series.

    Otherwise money spent on something else would count as the price of the share.
    """
    named = [
        {*getattr(each, "goods", ()), *filter(None, [getattr(each, "good", "")])} for each in changed(scenario, other)
    ]
    return all(goods and goods <= {*series.goods} for goods in named)


def with_cost(kpi: pl.DataFrame, scenarios: Sequence[Scenario], spoken: Mapping[str, Spoken]) -> pl.DataFrame:
    """Return the table of runs with what a percentage point of share cost more than in the first scenario, M USD.

    spoken  of whose share of what the headline of each scenario speaks, by its name
    Nothing is known of the first scenario, where the share did not rise, or where other goods got money too.
    """
    other, cost = scenarios[0], pl.lit(None, pl.Float64)
    shares = [column for column in kpi.columns if column.startswith("share_")]
    theirs = kpi.filter(scenario=other.name).select("run", "public_spending", *shares)
    both = kpi.join(theirs, on="run", how="left", suffix="_other", maintain_order="left")
    more = pl.col("public_spending") - pl.col("public_spending_other")
    for each in scenarios[1:]:
        share = _share_column(spoken.get(each.name))
        if share in shares and aimed(each, other, spoken[each.name].series):
            points = 100.0 * (pl.col(share) - pl.col(f"{share}_other"))
            mine = (pl.col("scenario") == each.name) & (points > 0.0)
            cost = pl.when(mine).then(more / points).otherwise(cost)
    return both.with_columns(cost_per_point=cost).drop("public_spending_other", *(f"{name}_other" for name in shares))


def _share_column(spoken: Spoken | None) -> str:
    """Return the column of the table of runs with the share that a headline speaks of, empty if there is none."""
    chain = next((name for name, goods in CHAINS.items() if spoken and goods == spoken.series.goods), None)
    return f"share_{chain}_{spoken.region}" if spoken and chain else ""


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
    for frame in tally.worst:
        parts.append(frame.with_columns(period=pl.lit(last), unit=pl.col("measure").replace_strict(WORST)))
    return pl.concat(part.select(*RUN, *FIGURE, "unit", pl.col("value").cast(pl.Float64)) for part in parts)


def usual(column: str) -> pl.Expr:
    """Return what most runs agree on, the first where several are as frequent."""
    return pl.col(column).drop_nulls().mode().sort().first()


def _measured(frame: pl.DataFrame, measure: str, unit: str) -> pl.DataFrame:
    """Return a column of a frame as values of a measure."""
    return frame.with_columns(measure=pl.lit(measure), unit=pl.lit(unit), value=pl.col(measure))


def _figures(values: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return mean, low and high of every figure: of the scenario, of the baseline and of the paired difference."""
    mine = values.filter(scenario=names[0]).drop("scenario")
    if len(names) == 1:
        return mine.group_by(*FIGURE, "unit", maintain_order=True).agg(spread("value", ""))
    theirs = values.filter(scenario=names[1]).drop("scenario", "unit")
    both = mine.join(theirs, on=["run", *FIGURE], how="left", suffix="_other", maintain_order="left")
    both = both.with_columns(gain=pl.col("value") - pl.col("value_other"))
    return paired(both, (*FIGURE, "unit"), *spread("value", ""), *spread("value_other", "other_"))
