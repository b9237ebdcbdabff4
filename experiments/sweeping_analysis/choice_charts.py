"""Charts of what to choose: boxes in which a condition is met, and what a gain of share costs."""

from typing import Any

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from experiments.chart_frame import FOOT_SIZE, KEY_SIZE, PANEL_SIZE, sheet
from experiments.palette import FAINT, INK, QUIET, REGIONS
from experiments.sweeping_analysis.boxes import Cases
from experiments.sweeping_analysis.charts import MARKS, MOST_DRAWN, Axes, axes, foot_of, legend, shade, shown
from experiments.sweeping_analysis.outcomes import Outcome, plain
from experiments.sweeping_analysis.sample import GAIN, Sample

INSIDE, OUTSIDE = REGIONS["US"], REGIONS["AU"]


def draw_box(sample: Sample, limits: pl.DataFrame, way: pl.DataFrame, cases: Cases, title: str) -> Figure:
    """Return the limits of the first box of a scenario, and the way there.

    limits, way  of that box
    """
    wanted = " and ".join(map(str, sample.where))
    below = f"Left: the values within the box, in the range tried. Right: every box on the way. Wanted: {wanted}."
    page = sheet(
        title, foot_of(sample, "PRIM: peeling and pasting. In brackets: chance that the limit is luck."), below
    )
    bottom, height = page.bottom + 0.065, page.top - page.bottom - 0.135
    left = min(0.3, 0.035 + 0.0082 * max(len(shown(key)) for key in limits["key"]))
    _limits(axes(page, (left, bottom, 0.56 - left, height)), limits, cases)
    where = axes(page, (0.655, bottom, 0.315, height))
    where.plot(way["coverage"], way["density"], "o-", color=OUTSIDE, markersize=4.5, linewidth=1.2)
    where.plot(limits["coverage"][:1], limits["density"][:1], "D", color=INSIDE, markersize=11.0)
    where.annotate(
        "the box",
        (limits["coverage"][0], limits["density"][0]),
        (0.0, 13.0),
        textcoords="offset points",
        ha="center",
        fontsize=KEY_SIZE,
        color=INSIDE,
        weight="bold",
    )
    where.set(xlim=(-0.02, 1.05), ylim=(0.0, 1.12))
    for axis in (where.xaxis, where.yaxis):
        axis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    where.set_title("Purity against reach", loc="left", fontsize=PANEL_SIZE, weight="bold")
    where.set_xlabel("of the wanted runs, inside", fontsize=FOOT_SIZE)
    where.set_ylabel("of the runs inside, wanted", fontsize=FOOT_SIZE)
    where.grid(visible=True, axis="both")
    return page.figure


def _limits(where: Axes, limits: pl.DataFrame, cases: Cases) -> None:
    """Draw the part of every key's range that lies within a box."""
    for place, row in enumerate(limits.iter_rows(named=True)):
        where.plot([0.0, 1.0], [place, place], color=FAINT, linewidth=9.0, solid_capstyle="butt")
        values = cases.values[row["key"]]
        chance = f"({row['chance']:.2g})" if row["chance"] >= 0.001 else "(<0.001)"
        if row["without"] is not None:
            where.text(0.0, place - 0.16, f"not {row['without']} {chance}", va="bottom", fontsize=KEY_SIZE)
            continue
        least, most = float(np.min(values)), float(np.max(values))
        low, high = (least if row["low"] is None else row["low"], most if row["high"] is None else row["high"])
        ends = [(end - least) / (most - least) for end in (low, high)]
        where.plot(ends, [place, place], color=INSIDE, linewidth=9.0, solid_capstyle="butt")
        where.text(
            sum(ends) / 2,
            place - 0.16,
            f"{plain(low)} to {plain(high)} {chance}",
            ha="center",
            va="bottom",
            fontsize=KEY_SIZE,
        )
        for at, value, side in ((0.0, least, "left"), (1.0, most, "right")):
            where.text(at, place + 0.16, plain(value), ha=side, va="top", fontsize=FOOT_SIZE, color=QUIET)
    where.set_yticks(range(len(limits)), [shown(key) for key in limits["key"]], fontsize=KEY_SIZE)
    where.set(xlim=(-0.02, 1.02), ylim=(max(len(limits), 3) - 0.4, -0.6), xticks=[])
    where.set_title("The box", loc="left", fontsize=PANEL_SIZE, weight="bold")
    where.grid(visible=False)
    for side in ("left", "bottom"):
        where.spines[side].set_visible(False)


def draw_frontier(sample: Sample, table: pl.DataFrame, outcome: Outcome, money: Outcome, title: str) -> Figure:
    """Return what every point spends and gains, and the line of those that nothing beats."""
    rest = table.filter(~pl.col("efficient"))
    drawn = rest.gather_every(max(1, len(rest) // MOST_DRAWN))
    best = table.filter(pl.col("efficient")).sort("spending")
    more = f"{len(drawn)} of the points behind the frontier are drawn." if len(drawn) < len(rest) else ""
    below = f"Difference in {outcome.words} against that in public spending; line: nothing else gains as much for less."
    page = sheet(title, foot_of(sample, more).rstrip(), below)
    several = 0.05 if len(sample.scenarios) > 1 else 0.0
    where = axes(page, (0.07, page.bottom + 0.065 + several, 0.9, page.top - page.bottom - 0.095 - several))
    handles = []
    both = pl.concat([drawn, best])
    for place, scenario in enumerate(sample.scenarios):
        mine, mark = both.filter(scenario=scenario), MARKS[place % len(MARKS)]
        tint = shade(outcome, place, len(sample.scenarios))
        spent, gained = money.factor * mine["spending"], outcome.factor * mine["gain"]
        handles += where.plot(spent, gained, mark, color=tint, alpha=0.55, markersize=7.0)
    where.plot([0.0], [0.0], "x", color=INK, markersize=9.0, markeredgewidth=1.6)
    where.annotate("baseline", (0.0, 0.0), (10.0, 0.0), textcoords="offset points", va="center", fontsize=FOOT_SIZE)
    where.plot(money.factor * best["spending"], outcome.factor * best["gain"], "-", color=INK, linewidth=1.6)
    where.plot(
        money.factor * best["spending"],
        outcome.factor * best["gain"],
        "o",
        color=INK,
        markersize=9.0,
        markerfacecolor="none",
        markeredgewidth=1.6,
    )
    for row in _apart(best):
        price = f"{plain(money.factor * row['cost'], 2)} a point" if row["cost"] is not None else "not told from none"
        at = money.factor * row["spending"], outcome.factor * row["gain"]
        where.annotate(price, at, (-9.0, 9.0), textcoords="offset points", ha="right", fontsize=FOOT_SIZE, color=INK)
    where.margins(x=0.1, y=0.12)
    where.set_xlabel(f"more public spending,{money.unit}", fontsize=FOOT_SIZE)
    where.set_ylabel(outcome.axis(GAIN), fontsize=FOOT_SIZE)
    where.grid(visible=True, axis="both")
    legend(page, sample.scenarios, handles, page.bottom)
    return page.figure


def _apart(best: pl.DataFrame) -> list[dict[str, Any]]:
    """Return points of the frontier that lie so far apart that there is room for a price."""
    rows = best.to_dicts()
    reach = max(0.0, rows[-1]["spending"]) - min(0.0, rows[0]["spending"])
    kept: list[dict[str, Any]] = []
    for row in reversed(rows):
        if not kept or kept[-1]["spending"] - row["spending"] > 0.13 * reach:
            kept.append(row)
    return kept
