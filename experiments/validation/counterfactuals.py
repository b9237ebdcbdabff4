"""What others have worked out or measured beside the model: public money for fabs, tariffs, and the time fabs take."""

from collections.abc import Mapping
from datetime import date
from functools import partial

import numpy as np
import polars as pl

from experiments.sweeping_analysis.charts import Chart
from experiments.validation import pattern_decade as decade
from experiments.validation.counterfactuals_charts import draw_lag, draw_response, draw_turning
from experiments.validation.counterfactuals_told import (
    Benchmarks,
    Beside,
    Construction,
    Elasticity,
    Response,
    benchmarks,
)
from experiments.validation.pattern_bands import Check, patterns_told, spread
from experiments.validation.pattern_decade import marginal_ratio
from experiments.validation.pattern_sums import Array, Seen, first_over
from experiments.validation.patterns import shown
from experiments.validation.plays import Plays
from experiments.validation.section import Finding, Section

FABS, MONEY = "new US fabs", "billion USD invested in US fabs"
LEAD = """\
Others have asked the same questions with other means. Their answers are benchmarks of shape and order, not truth: the
response to public money of 2020 is itself a model's output. The elasticities of trade and the lag of construction are
the patterns P2 and P9, measured once."""


def counterfactuals(plays: Plays) -> Section:
    """Return the model's answers beside those of others."""
    asked, seen, told = benchmarks(), Seen.of(plays), patterns_told()
    both = responses(seen, asked.response)
    why = asked.response.if_missed.format(**behind(both))
    trade, lag = told["P2"].checks, told["P9"].checks["before"]
    turned = elasticities(seen, trade["year_rivals"], asked.elasticity)
    gain = decade.share_gain(seen, lag)
    months = seen.lived(lag.plan, decade.ACT).months
    moved = first_moved(gain, months, asked.construction)
    findings = [finding for beside in both for finding in of_response(beside, asked.response.within, why)]
    findings += [of_trade(turned, asked.elasticity, trade), of_lag(gain, moved, lag, asked.construction)]
    return Section(
        "counterfactuals",
        "Published counterfactuals",
        LEAD.replace("\n", " "),
        findings,
        {"Public money for fabs: model and BCG/SIA 2020": _table(both)},
        _charts(both, turned, _of_lag(gain, months, moved, asked.construction), asked),
    )


def responses(seen: Seen, asked: Response) -> tuple[Beside, Beside]:
    """Return fabs and billions beside what was reckoned."""
    check = patterns_told()["P10"].checks["concave"].model_copy(update={"plan": asked.plan, "window": asked.window})
    fabs, money = (decade.built(seen, check, column) for column in ("new_plants", "capex"))
    return (
        Beside(FABS, {float(pot): value for pot, value in asked.fabs.items()}, fabs),
        Beside(
            MONEY,
            {float(pot): value for pot, value in asked.investment.items()},
            {pot: each / 1000.0 for pot, each in money.items()},
        ),
    )


def of_response(beside: Beside, within: float, why: str) -> list[Finding]:
    """Return whether a response has the benchmark's order and shape, and how near it is."""
    means, asked = beside.means, beside.asked
    told = ", ".join(f"{shown(mean)} ({asked[pot]:g}) at {pot:g}" for pot, mean in means.items())
    head = f"{beside.name} by billion USD of public money, model (BCG/SIA): {told}."
    ratio, theirs = marginal_ratio(means), marginal_ratio(dict(asked))
    near = [pot for pot in asked if abs(beside.off(pot)) <= within]
    rises = bool(np.all(np.diff([*means.values()]) > 0.0))
    off = ", ".join(f"{100.0 * beside.off(pot):+.0f} % at {pot:g}" for pot in asked)
    concave = f"The last billions bring {ratio:.2f} times as much each as the first (BCG/SIA {theirs:.2f})."
    return [
        Finding(f"{beside.name}: order", f"{head} More money brings more.", rises, "" if rises else why),
        Finding(f"{beside.name}: shape", concave, ratio < 1.0, "" if ratio < 1.0 else why),
        Finding(
            f"{beside.name}: within {100.0 * within:.0f} %",
            f"The model is off by {off}: {len(near)} of {len(asked)} figures are near enough.",
            len(near) == len(asked),
            "" if len(near) == len(asked) else why,
        ),
    ]


def behind(both: tuple[Beside, Beside]) -> Mapping[str, float]:
    """Return the figures behind a miss: what is built without money, what a dollar moves, and what a fab costs."""
    fabs, money = both
    (none, some, more) = money.asked
    told = {}
    for head, of_money, of_fabs in (("", money.means, fabs.means), ("bcg_", money.asked, fabs.asked)):
        told[f"{head}none"] = of_money[none]
        told[f"{head}first"] = (of_money[some] - of_money[none]) / (some - none)
        told[f"{head}last"] = (of_money[more] - of_money[some]) / (more - some)
        told[f"{head}size"] = of_money[more] / of_fabs[more]
    return told


def elasticities(seen: Seen, check: Check, asked: Elasticity) -> dict[int, Array]:
    """Return the elasticity of cells by months since the tariff, every year from the first to the last (run,)."""
    first, last = (int(year) for year in (asked.year_of["12"], asked.year_of["84"]))
    every = range(first, last + 1)
    return {12 * (year - first + 1): decade.elasticity(seen, check, decade.RIVALS, str(year)) for year in every}


def of_trade(turned: Mapping[int, Array], asked: Elasticity, checks: Mapping[str, Check]) -> Finding:
    """Return whether trade turns away as fast and as far as observed: the bands are those of the pattern."""
    holds = all(checks[name].holds(turned[months]) for name, months in (("year_rivals", 12), ("long_rivals", 84)))
    told = " and ".join(
        f"{shown(float(turned[int(months)].mean()))} after {months} months (observed {value:g})"
        for months, value in asked.observed.items()
    )
    return Finding(
        "elasticity of trade", f"Elasticity of US imports of cells: {told}.", holds, "" if holds else "See pattern P2."
    )


def first_moved(gain: Array, months: list[date], asked: Construction) -> date | None:
    """Return the first month in which the mean gain is as large as one can see; none where it never is."""
    at = int(first_over(gain.mean(1, keepdims=True), asked.moved)[0])
    return months[at] if at < len(months) else None


def of_lag(gain: Array, moved: date | None, check: Check, asked: Construction) -> Finding:
    """Return whether the money of the CHIPS Act shows no earlier than fabs can stand."""
    law = date.fromisoformat(f"{asked.law}-01")
    holds = moved is None or f"{moved:%Y-%m}" > check.window
    when = "it never moves by more"
    if moved is not None:
        later = 12 * (moved.year - law.year) + moved.month - law.month
        when = f"it has moved by {asked.moved:g} points in {moved:%B %Y}, {later} months after the law"
    told = (
        f"{when}, and by {shown(float(gain[-1].mean()))} points at the end. Fabs take {asked.build:.0f} months to "
        f"build in the US, {asked.with_permits:.0f} with permits."
    )
    return Finding(
        "construction lag",
        f"US share of chip capacity with the CHIPS Act less that without: {told}",
        holds,
        "" if holds else "See pattern P9.",
    )


def _table(both: tuple[Beside, Beside]) -> pl.DataFrame:
    """Return one row per pot and figure."""
    rows = []
    for beside in both:
        for pot, asked in beside.asked.items():
            low, high = spread(beside.found[pot])
            rows.append(
                {
                    "what": beside.name,
                    "public money, billion USD": f"{pot:g}",
                    "BCG/SIA 2020": f"{asked:g}",
                    "model": shown(beside.means[pot]),
                    "nine runs in ten": f"{shown(low)} to {shown(high)}",
                    "off by, %": f"{100.0 * beside.off(pot):+.0f}",
                }
            )
    return pl.DataFrame(rows)


def _charts(both: tuple[Beside, Beside], trade: Mapping[int, Array], lag: Chart, asked: Benchmarks) -> list[Chart]:
    """Return the charts of the section."""
    fabs, money = both
    near = sum(abs(each.off(pot)) <= asked.response.within for each in both for pot in each.asked)
    most = max(money.asked)
    response = (
        f"{most:g} billion of public money bring {money.means[most]:.0f} billion invested and {fabs.means[most]:.0f} "
        f"new US fabs: {near} of {len(fabs.asked) + len(money.asked)} figures are near those reckoned in 2020"
    )
    turning = (
        f"A lasting tariff of one percent turns {trade[12].mean():.1f} % of trade away within a year and "
        f"{trade[84].mean():.1f} % within seven"
    )
    return [
        Chart("counterfactuals-response", response, partial(draw_response, both, asked.response, response)),
        Chart("counterfactuals-trade", turning, partial(draw_turning, trade, asked.elasticity, turning)),
        lag,
    ]


def _of_lag(gain: Array, months: list[date], moved: date | None, asked: Construction) -> Chart:
    """Return the chart of the US share."""
    when = f"shows from {moved:%B %Y} on" if moved else "never shows"
    title = f"The money of the CHIPS Act {when}: fabs take years"
    return Chart("counterfactuals-lag", title, partial(draw_lag, gain, months, asked, title))
