"""How much each assumption matters: Morris screening of many parameters, Sobol indices of the few that move most."""

from collections.abc import Mapping
from functools import partial

import polars as pl

from abm.scenario import Scenario
from experiments.sweeping_analysis.charts import Chart
from experiments.sweeping_analysis.findings import capital
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.sample import GAIN, LEVEL, Sample
from experiments.sweeping_analysis.variance import morris, sobol
from experiments.validation.plays import Plays
from experiments.validation.section import Section
from experiments.validation.sensitivity_charts import draw_heat, draw_ranking, draw_shares
from experiments.validation.sensitivity_outcomes import (
    BOUGHT,
    CHIPS,
    FILL,
    OUTCOMES,
    TITLES,
    levels,
    measured,
    outcomes,
)
from experiments.validation.sensitivity_words import (
    of_choice,
    of_cost,
    of_effect,
    of_screening,
    of_variance,
    ranked,
    words,
)

SCREENING, SHARES = "sensitivity_morris", "sensitivity_sobol"
LEAD = """\
Nobody knows how fast buyers change suppliers or how strongly firms cling to home: such numbers are assumed, within a
range. Here each is moved over its whole range, first one at a time from many starting points (Morris), then the most
important all at once (Sobol). All points meet the same luck, the shortage of 2021 and, beside a baseline without it,
the CHIPS Act. The ranges are those assumed before any calibration, so they are wider than what the past leaves open."""


def sensitivity(plays: Plays) -> Section:
    """Return which assumptions move the headline outcomes, and by how much."""
    screened, shared = (measured(plays.of(name)) for name in (SCREENING, SHARES))
    told = outcomes(Scenario.load(screened.plan.scenario[0]).start)
    effects, shares = morris(levels(screened)), sobol(levels(shared))
    order = ranked(effects)
    findings = [of_effect(gained(screened), order)]
    findings.append(of_cost(screened.means().filter(outcome=BOUGHT)[LEVEL].drop_nulls().to_list()))
    means = dict(screened.means().group_by("outcome").agg(pl.col(LEVEL).mean()).iter_rows())
    findings += [of_screening(effects.filter(outcome=name), told[name], means[name]) for name in _there(effects)]
    findings += [of_variance(shares.filter(outcome=name), told[name]) for name in _there(shares)]
    findings.append(of_choice(shared.keys, effects))
    return Section(
        "sensitivity",
        "How much each assumption matters",
        LEAD.replace("\n", " "),
        findings,
        {
            "How far each assumption moves each outcome over its range (mean size of the effect)": moved(effects, told),
            "Share of the variance that each assumption explains, with its interactions (90 % interval)": parted(
                shares
            ),
        },
        [*_charts(effects, shares, told, screened, shared)],
    )


def gained(sample: Sample) -> pl.DataFrame:
    """Return the points of a sample with the points of share that the law brings there, the mean over runs."""
    gains = sample.means().filter(outcome=CHIPS).select("point", (100.0 * pl.col(GAIN)).alias("gain"))
    return sample.points.join(gains, on="point", maintain_order="left").drop_nulls("gain")


def _there(found: pl.DataFrame) -> list[str]:
    """Return the outcomes that a table knows, in their order."""
    known = {*found["outcome"]} if len(found) else set()
    return [name for name in OUTCOMES if name in known]


def moved(effects: pl.DataFrame, told: Mapping[str, Outcome]) -> pl.DataFrame:
    """Return a table for people: a row for each key, the most important first, a column for each outcome.

    effects  as ``morris`` makes them
    """
    order, columns = ranked(effects), _there(effects)
    known = {(row["outcome"], row["key"]): row for row in effects.iter_rows(named=True)}
    body: dict[str, list[str]] = {
        "assumption": [words(key) for key in order],
        "parameter": [key.removeprefix("parameters.") for key in order],
    }
    for name in columns:
        rows = [known[name, key] for key in order]
        figures = [[told[name].gain(row[each]).lstrip("+") for each in ("mu_star", "error")] for row in rows]
        unit = told[name].step
        body[TITLES[name]] = [f"{size.removesuffix(unit)} ± {error}" for size, error in figures]
    return pl.DataFrame(body)


def parted(shares: pl.DataFrame) -> pl.DataFrame:
    """Return a table for people: a row for each key, a column for each outcome with its total index.

    shares  as ``sobol`` makes them
    """
    keys = list(dict.fromkeys(shares["key"])) if len(shares) else []
    body: dict[str, list[str]] = {"assumption": [words(key) for key in keys]}
    for name in _there(shares):
        rows = shares.filter(outcome=name).rows_by_key("key", named=True, unique=True)
        three = [[100.0 * rows[key][each] for each in ("total", "total_least", "total_most")] for key in keys]
        body[TITLES[name]] = [f"{at:.0f} % ({low:.0f} to {high:.0f})" for at, low, high in three]
    return pl.DataFrame(body)


def _foremost(shares: pl.DataFrame) -> str:
    """Return which key explains most of the variance of the most outcomes."""
    first = [shares.filter(outcome=name).sort("total", descending=True)["key"][0] for name in _there(shares)]
    if not first:
        return "Too few points for shares of the variance"
    key = max(first, key=first.count)
    return f"{capital(words(key))} explains most of what is uncertain about {first.count(key)} of {len(first)} outcomes"


def _charts(
    effects: pl.DataFrame, shares: pl.DataFrame, told: Mapping[str, Outcome], screened: Sample, shared: Sample
) -> list[Chart]:
    """Return the charts: all keys at a glance, the first few of each outcome, their shares of the variance."""
    order = ranked(effects)
    first = {
        name: words(effects.filter(outcome=name).sort("mu_star", descending=True)["key"][0]) for name in (CHIPS, FILL)
    }
    titles = (
        f"Over all five outcomes, {words(order[0])} matters most, then {words(order[1])}",
        f"The US share of chips moves most with {first[CHIPS]}, the worst month of chips with {first[FILL]}",
        _foremost(shares),
    )
    draws = (
        partial(draw_heat, effects, order, told, screened, titles[0]),
        partial(draw_ranking, effects, told, screened, titles[1]),
        partial(draw_shares, shares, told, shared, titles[2]),
    )
    names = ("sensitivity-all", "sensitivity-ranking", "sensitivity-shares")
    return [Chart(*each) for each in zip(names, titles, draws, strict=True)]
