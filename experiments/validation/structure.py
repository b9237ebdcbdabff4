"""Whether the headline outcomes hang on the rules themselves: other rules of behaviour, side by side."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl

from abm.scenario import Scenario
from experiments.sweeping_analysis.charts import Chart
from experiments.sweeping_analysis.findings import capital, listed
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.pairs import SPENDING
from experiments.sweeping_analysis.sample import GAIN, LEVEL, Sample
from experiments.validation.plays import Plays
from experiments.validation.section import Finding, Section
from experiments.validation.sensitivity_outcomes import CHIPS, OUTCOMES, TITLES, measured, outcomes
from experiments.validation.structure_charts import draw_rules, moves
from experiments.verdict import paired, ratio

RULES = "structure_rules"
STANDARD = "standard rules"
LEAD = """\
A parameter can be varied, a rule has to be replaced. Here suppliers ration by orders instead of past purchases, owners
do not extrapolate growth, cost decides more or less strictly on a site (theta), plants must pay back within some years
instead of having a net present value, and governments act by rules of their own. All meet the same luck, the shortage
of 2021 and, beside a baseline without it, the CHIPS Act."""
# What a value other than the first of a key is called.
_CALLED: Mapping[str, str] = {
    "parameters.memory_share": "rationing: pro rata of orders",
    "parameters.extrapolation": "expectations: smoothed orders only",
    "parameters.site_scale": "site choice: theta {value:g}",
    "parameters.payback_months": "investment: payback in {years:g} years",
    "governments": "governments: {value}",
}
_NINE_OF_TEN = (0.05, 0.95)


def structure(plays: Plays) -> Section:
    """Return the headline outcomes under other rules, beside those under the standard ones."""
    sample = measured(plays.of(RULES))
    told = outcomes(Scenario.load(sample.plan.scenario[0]).start)
    found = compared(sample)
    title = _most(found, told)
    chart = Chart("structure-rules", title, partial(draw_rules, found, told, sample, title))
    return Section(
        "structure",
        "What other rules of behaviour would give",
        LEAD.replace("\n", " "),
        [of_law(found), *(of_rules(found.filter(outcome=name), told[name]) for name in OUTCOMES)],
        {
            "Mean, and range of nine runs in ten; cost with its 90 % interval": side_by_side(found, told).join(
                prices(sample), on="rule", maintain_order="left"
            ),
            "Difference to the standard rules under the same luck, with its 90 % interval": apart(found, told),
        },
        [chart],
    )


def name_of(sample: Sample, row: Mapping[str, Any]) -> str:
    """Return what the rules of a point are called.

    row  of the sample's points
    """
    for key, values in sample.plan.vary.items():
        assert isinstance(values, list)
        if row[key] != values[0]:
            value = row[key]
            years = value / 12.0 if isinstance(value, float) else 0.0
            return _CALLED[key].format(value=value, years=years)
    return STANDARD


def compared(sample: Sample) -> pl.DataFrame:
    """Return by rule and outcome: mean, low and high over runs, and the difference to the standard rules.

    gain, gain_error  points of share that the law brings under the rule, and half of the 90 % interval of their mean
    """
    rules = [name_of(sample, row) for row in sample.points.iter_rows(named=True)]
    named = sample.points.select("point").with_columns(pl.Series("rule", rules))
    runs = sample.runs.join(named, on="point", maintain_order="left")
    standard = runs.filter(rule=STANDARD).select("run", "outcome", pl.col(LEVEL).alias("other"))
    both = runs.join(standard, on=["run", "outcome"], maintain_order="left")
    both = both.filter(pl.col("outcome").is_in(OUTCOMES))
    low, high = (pl.col(LEVEL).quantile(share, "linear") for share in _NINE_OF_TEN)
    spread = both.group_by("rule", "outcome", maintain_order=True).agg(
        pl.col(LEVEL).mean().alias("mean"), low.alias("low"), high.alias("high"), pl.col(LEVEL).count().alias("runs")
    )
    moved = paired(both.with_columns((pl.col(LEVEL) - pl.col("other")).alias("gain")), ["rule", "outcome"])
    law = paired(runs.filter(outcome=CHIPS).rename({GAIN: "gain"}), ["rule"])
    parts = (
        moved.select("rule", "outcome", pl.col("gain_mean").alias("moved"), pl.col("gain_error").alias("error")),
        law.select("rule", pl.col("gain_mean").alias("gain"), "gain_error"),
    )
    found = spread.join(parts[0], on=["rule", "outcome"], maintain_order="left")
    return found.join(parts[1], on="rule", maintain_order="left")


def prices(sample: Sample) -> pl.DataFrame:
    """Return a table for people of what a point of the US share costs under every rule."""
    rows = []
    for row in sample.points.iter_rows(named=True):
        runs = sample.runs.filter(pl.col("outcome").is_in([CHIPS, SPENDING]), point=row["point"])
        wide = runs.pivot("outcome", index="run", values=GAIN).drop_nulls()
        price = ratio(wide[SPENDING].to_list(), (100.0 * wide[CHIPS]).to_list())
        ends = price and " to ".join(f"{end / 1000.0:.1f}" for end in (price.low, price.high))
        rows.append((name_of(sample, row), f"{price.mean / 1000.0:.1f} ({ends})" if price else "cannot be told"))
    return pl.DataFrame(rows, schema=["rule", "Billion dollars for a point of US share"], orient="row")


def of_law(found: pl.DataFrame) -> Finding:
    """Return whether the law raises the share under every rule, more than luck would.

    found  as ``compared`` makes it
    """
    rules = found.unique("rule", maintain_order=True).rows(named=True)
    unsure = [row["rule"] for row in rules if not row["gain"] > (row["gain_error"] or 0.0)]
    ends = sorted(100.0 * row["gain"] for row in rules)
    told = f"Under {len(rules)} sets of rules the law raises the US share of chips by {ends[0]:.1f} to {ends[-1]:.1f}"
    told += " points."
    why = f"Under {listed(unsure)} it does not for sure." if unsure else ""
    return Finding("The law raises the US share under every rule", told, not unsure, why)


def of_rules(found: pl.DataFrame, outcome: Outcome) -> Finding:
    """Return what an outcome is under the standard rules, and which other rule moves it most.

    found  rows of that outcome, as ``compared`` makes them
    """
    base, *others = found.sort(pl.col("rule") != STANDARD, maintain_order=True).rows(named=True)
    sure = [row for row in others if moves(row, outcome)]
    sure.sort(key=lambda row: -abs(row["moved"]))
    told = f"{capital(outcome.words)} is {outcome.level(base['mean'])} under the standard rules"
    if not sure:
        return Finding(TITLES[outcome.column], f"{told}; no other rule moves it for sure.")
    parts = [f"{outcome.gain(row['moved'])} ({row['rule']})" for row in sure[:3]]
    still = len(others) - len(sure)
    rest = f" {still} of {len(others)} other rules do not move it for sure." if still else ""
    return Finding(TITLES[outcome.column], f"{told}; others move it: {listed(parts)}.{rest}")


def _most(found: pl.DataFrame, told: Mapping[str, Outcome]) -> str:
    """Return which outcome moves most of what it is under the standard rules, and how far."""
    base = found.filter(rule=STANDARD).select("outcome", pl.col("mean").alias("base"))
    both = found.join(base, on="outcome", maintain_order="left")
    row = both.sort((pl.col("moved") / pl.col("base")).abs(), descending=True, nulls_last=True).row(0, named=True)
    outcome = told[row["outcome"]]
    ends = f"{outcome.level(row['mean'])} instead of {outcome.level(row['base'])}"
    return f"{TITLES[outcome.column]}: {ends} with another rule ({row['rule']})"


def _wide(found: pl.DataFrame, cells: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """Return cells by outcome and rule as a table, a row for each rule."""
    rules = found["rule"].unique(maintain_order=True).to_list()
    return pl.DataFrame({"rule": rules} | {TITLES[name]: [cells[name][rule] for rule in rules] for name in OUTCOMES})


def side_by_side(found: pl.DataFrame, told: Mapping[str, Outcome]) -> pl.DataFrame:
    """Return a table for people of every outcome under every rule."""
    cells: dict[str, dict[str, str]] = {name: {} for name in OUTCOMES}
    for row in found.iter_rows(named=True):
        outcome = told[row["outcome"]]
        mean, low, high = (outcome.level(row[each]).removesuffix(outcome.unit) for each in ("mean", "low", "high"))
        cells[row["outcome"]][row["rule"]] = f"{mean}{outcome.unit} ({low} to {high})"
    return _wide(found, cells)


def apart(found: pl.DataFrame, told: Mapping[str, Outcome]) -> pl.DataFrame:
    """Return a table for people of how far every outcome is from what it is under the standard rules."""
    cells: dict[str, dict[str, str]] = {name: {} for name in OUTCOMES}
    for row in found.iter_rows(named=True):
        outcome = told[row["outcome"]]
        error = outcome.gain(row["error"] or 0.0).lstrip("+")
        shown = f"{outcome.gain(row['moved']).removesuffix(outcome.step)} ± {error}"
        cells[row["outcome"]][row["rule"]] = "" if row["rule"] == STANDARD else shown
    return _wide(found, cells)
