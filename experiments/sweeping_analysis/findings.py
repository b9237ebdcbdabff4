"""What the tables of an analysis say, in sentences: the titles of charts, and what is printed first."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from experiments.sweeping_analysis.charts import shown
from experiments.sweeping_analysis.condition import Condition
from experiments.sweeping_analysis.curves import movement
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.sample import GAIN
from experiments.sweeping_analysis.variance import CHANCE

Row = Mapping[str, Any]
# A key that moves less than this share of what the first moves hardly matters.
HARDLY = 0.1
# An index whose interval is wider tells nothing.
BROAD = 0.6


def about(outcome: Outcome, kind: str) -> str:
    """Return what is spoken of."""
    return f"the difference in {outcome.words}" if kind == GAIN else outcome.words


def capital(text: str) -> str:
    """Return a sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def of_curves(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return along which key an outcome moves most, and from where to where.

    table  of one outcome and kind
    """
    first, *rest = movement(table).rows(named=True)
    mine = table.filter(key=first["key"], scenario=first["scenario"])
    ends = mine[0].row(0, named=True), mine[-1].row(0, named=True)
    if outcome.level(first["movement"]) == outcome.level(0.0):
        return f"{capital(about(outcome, kind))} is {outcome.told(ends[0]['median'], kind)} wherever the keys are."
    least, most = (_where(row) for row in ends)
    figures, head = [outcome.told(row["median"], kind) for row in ends], capital(about(outcome, kind))
    said = f"{head} goes from {figures[0]} at {shown(first['key'])} {least} to {figures[1]} at {most}"
    if first["movement"] > 1.2 * abs(ends[1]["median"] - ends[0]["median"]):
        inner = [outcome.told(first[end], kind) for end in ("least", "most")]
        said = f"{head} lies between {inner[0]} and {inner[1]} along {shown(first['key'])}"
    others = [row for row in rest if row["key"] != first["key"]]
    if others and others[0]["movement"] <= first["movement"]:
        said += f"; along {shown(others[0]['key'])} it moves {'less' if len(others) == 1 else 'next most'}"
    return f"{said}."


def _where(row: Row) -> str:
    """Return a value of a key in words."""
    return (
        str(row["word"])
        if row["value"] is None
        else f"{row['value']:,.4g}".replace(",", " ")
        if abs(row["value"]) < 1e4
        else f"{row['value']:,.0f}"
    )


def of_differences(table: pl.DataFrame, outcome: Outcome) -> str:
    """Return in how many points an outcome differs from the baseline for sure, and by how much.

    table  of one outcome
    """
    sure, count = table.filter("sure"), len(table)
    head = capital(outcome.words)
    if sure.is_empty():
        return f"{head} can in none of {count} points be told from the baseline's."
    ends = sorted(sure["mean"].to_list())
    which = f"all {count} points" if len(sure) == count else f"{len(sure)} of {count} points"
    by = f"by {outcome.gains(ends[0], ends[-1])}"
    return (
        f"{head} differs from the baseline in {which}, {by}."
        if count > 1
        else f"{head} differs from the baseline {by}."
    )


def of_sobol(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return which key explains most of the variance of an outcome.

    table  of one scenario, outcome and kind
    """
    first, *rest = table.sort("total", descending=True).rows(named=True)
    if first["total_most"] - first["total_least"] > BROAD:
        return f"{first['rows']} rows are too few to tell what explains the variance of {about(outcome, kind)}."
    band = f"({100 * first['total_least']:.0f}-{100 * first['total_most']:.0f})"
    said = (
        f"Of the variance of {about(outcome, kind)} {shown(first['key'])} explains {100 * first['total']:.0f} % {band}"
    )
    said += f", {max(0.0, 100 * first['first']):.0f} % alone"
    idle = [shown(row["key"]) for row in rest if row["total_most"] < HARDLY]
    return f"{said}; {_listed(idle)} hardly any." if idle else f"{said}."


def of_morris(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return which key moves an outcome most, and which hardly do.

    table  of one scenario, outcome and kind
    """
    first, *rest = table.sort("mu_star", descending=True).rows(named=True)
    size = outcome.gain(first["mu_star"]).lstrip("+")
    said = f"{capital(about(outcome, kind))} moves most with {shown(first['key'])}, by {size} over its range"
    idle = [shown(row["key"]) for row in rest if row["mu_star"] + row["error"] < HARDLY * first["mu_star"]]
    return f"{said}; {_listed(idle)} hardly {'moves' if len(idle) == 1 else 'move'} it." if idle else f"{said}."


def of_pawn(table: pl.DataFrame, outcome: Outcome, kind: str) -> str:
    """Return which keys have more influence on an outcome than chance.

    table  of one scenario, outcome and kind
    """
    luck = table.filter(key=CHANCE)["index"][0]
    keys = table.filter(pl.col("key") != CHANCE).sort("index", descending=True)
    more = keys.filter(pl.col("index") > luck)["key"].to_list()
    if not more:
        return f"No key has more influence on {about(outcome, kind)} than chance."
    said = f"{capital(about(outcome, kind))} depends most on {shown(more[0])}"
    idle = len(keys) - len(more)
    return (
        f"{said}; {idle} of {len(keys)} keys have no more than chance."
        if idle
        else f"{said}; every key has more than chance."
    )


def of_boxes(limits: pl.DataFrame, met: pl.DataFrame, where: Sequence[Condition]) -> str:
    """Return how often the conditions are met, and within which box mostly.

    limits  of the first box of one scenario;  met  runs and hits of its points
    """
    wanted, overall = " and ".join(map(str, where)), 100.0 * sum(met["hits"].to_list()) / sum(met["runs"].to_list())
    be = "are" if len(where) > 1 else "is"
    if limits.is_empty():
        how = (
            "in no run"
            if not overall
            else "in every run"
            if overall == 100.0
            else f"in {overall:.0f} % of the runs, under no values clearly more often"
        )
        return f"{wanted} {be} met {how}."
    row = limits.row(0, named=True)
    sides = _listed([_side(each) for each in limits.sort("chance").iter_rows(named=True)])
    reach = f"{100 * row['coverage']:.0f} % of the cases lie there"
    met_there = f"in {100 * row['density']:.0f} % where {sides}"
    return f"{wanted} {be} met in {overall:.0f} % of the runs, and {met_there}; {reach}."


def _side(row: Row) -> str:
    """Return a limit of a box in words."""
    key = shown(row["key"])
    if row["without"] is not None:
        return f"{key} is not {row['without'].replace(' ', ' or ')}"
    if row["low"] is None:
        return f"{key} is at most {row['high']:,.4g}"
    if row["high"] is None:
        return f"{key} is at least {row['low']:,.4g}"
    return f"{key} is {row['low']:,.4g} to {row['high']:,.4g}"


def of_frontier(table: pl.DataFrame, outcome: Outcome, money: Outcome) -> str:
    """Return how many points nothing beats, and the ends of what they offer."""
    best = table.filter(pl.col("efficient") & pl.col("cost").is_not_null()).sort("spending")
    head = f"{table['efficient'].sum()} of {len(table)} points are on the frontier"
    if best.is_empty():
        return f"In no point can a gain in {outcome.words} be bought that can be told from none."
    cheap, most = best.row(0, named=True), best.row(-1, named=True)
    offers = [
        f"{outcome.gain(row['gain'])} for {money.level(row['spending'])} ({money.factor * row['cost']:,.1f} a point)"
        for row in (cheap, most)
    ]
    if cheap == most:
        return f"What buys {outcome.words} best: {offers[0]}; {head}."
    return f"What public money buys of {outcome.words}: from {offers[0]} to {offers[1]}; {head}."


def _listed(words: Sequence[str]) -> str:
    """Return words as they stand in a sentence."""
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)
