"""The chart of other rules: every outcome under every rule, side by side."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from experiments.chart_frame import EDGE, FIGURES_SIZE, FOOT_SIZE, balanced, sheet
from experiments.palette import DASHED, INK, QUIET, REGIONS, WORLD
from experiments.sweeping_analysis.charts import axes, foot_of
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.sample import Sample
from experiments.validation.sensitivity_outcomes import TITLES

MOVED, STILL = REGIONS["US"], WORLD
# Room for the names of rules and for the head of a panel, as shares of the sheet.
NAMES, HEAD = 0.245, 0.1


def moves(row: Mapping[str, Any], outcome: Outcome) -> bool:
    """Return whether a rule moves an outcome, for sure and by as much as one can read.

    row  of the table that ``structure.compared`` makes
    """
    return row["error"] is not None and abs(row["moved"]) > row["error"] and not outcome.nothing(row["moved"])


def draw_rules(found: pl.DataFrame, told: Mapping[str, Outcome], sample: Sample, title: str) -> Figure:
    """Return a panel for each outcome: its mean and range under each rule, and where it is under the standard ones.

    found  as ``structure.compared`` makes it
    """
    below = "Mean and range of nine runs in ten; dashed: the standard rules. Blue: moved for sure, under the same luck."
    page = sheet(title, foot_of(sample), below)
    rules, columns = found["rule"].unique(maintain_order=True).to_list(), list(told)
    bottom = page.bottom + 0.06
    width = (0.985 - EDGE - NAMES) / len(columns)
    for place, name in enumerate(columns):
        left = EDGE + NAMES + place * width
        where = axes(page, (left, bottom, width - 0.018, page.top - HEAD - bottom))
        rows = found.filter(outcome=name).rows_by_key("rule", named=True, unique=True)
        factor = told[name].factor
        for at, rule in enumerate(rules):
            row = rows[rule]
            sure = moves(row, told[name])
            tint = INK if at == 0 else MOVED if sure else STILL
            where.plot([factor * row["low"], factor * row["high"]], [at, at], color=tint, linewidth=2.4, alpha=0.6)
            where.plot([factor * row["mean"]], [at], "o", color=tint, markersize=8.0)
            figure, behind = told[name].level(row["mean"]), {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
            where.text(
                factor * row["mean"], at - 0.32, figure, ha="center", va="center", fontsize=FOOT_SIZE, bbox=behind
            )
        where.axvline(factor * rows[rules[0]]["mean"], color=QUIET, linewidth=1.1, linestyle=DASHED)
        where.set_ylim(len(rules) - 0.5, -0.7)
        where.set_yticks(
            range(len(rules)), rules if place == 0 else [""] * len(rules), fontsize=FIGURES_SIZE, color=INK
        )
        where.margins(x=0.22)
        where.locator_params(axis="x", nbins=3)
        where.grid(visible=True, axis="x")
        where.grid(visible=False, axis="y")
        where.set_title("\n".join(balanced(TITLES[name], 22)), loc="left", fontsize=FIGURES_SIZE, weight="bold")
        where.set_xlabel(told[name].axis("level"), fontsize=FOOT_SIZE, color=QUIET, labelpad=1.0)
    return page.figure
