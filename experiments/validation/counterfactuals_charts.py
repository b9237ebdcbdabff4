"""Charts of published counterfactuals: the response to public money, trade that turns away, and the lag of fabs."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from matplotlib.figure import Figure

from experiments.chart_frame import FIGURES_SIZE, FOOT_SIZE, KEY_SIZE, PANEL_SIZE, sheet
from experiments.palette import DASHED, INK, QUIET, REGIONS
from experiments.sweeping_analysis.charts import axes
from experiments.validation.counterfactuals_told import Beside, Construction, Elasticity, Response
from experiments.validation.pattern_charts import BAND, band
from experiments.validation.pattern_sums import Array

MODEL = REGIONS["US"]


def draw_response(both: Sequence[Beside], asked: Response, title: str) -> Figure:
    """Return fabs and billions by public money, in the model and as they were reckoned in 2020."""
    below = f"Dots: BCG/SIA 2020, with {100.0 * asked.within:.0f} % to either side. Line: the model's mean."
    page = sheet(title, f"{BAND} {asked.source}.", below)
    for place, beside in enumerate(both):
        where = axes(page, (0.05 + place * 0.5, page.bottom + 0.085, 0.43, page.top - page.bottom - 0.16))
        pots = np.array([*beside.asked])
        band(where, pots, np.array([beside.found[pot] for pot in pots]), MODEL, marker="o", markersize=7.0)
        told = np.array([*beside.asked.values()])
        where.errorbar(pots, told, yerr=asked.within * told, fmt="D", color=INK, markersize=7.0, capsize=4.0)
        for pot, mean in beside.means.items():
            spot = (pot, mean)
            where.annotate(
                f"{mean:.0f}", spot, (-6, 8), textcoords="offset points", fontsize=FIGURES_SIZE, color=MODEL, ha="right"
            )
        where.set_ylim(bottom=0.0)
        where.set_xlim(-4.0, 1.06 * pots[-1])
        where.set_xticks(pots)
        where.set_title(f"{beside.name[:1].upper()}{beside.name[1:]}", loc="left", fontsize=PANEL_SIZE, weight="bold")
        where.set_xlabel("public money, billion USD", fontsize=FOOT_SIZE, color=QUIET)
    return page.figure


def draw_turning(turned: Mapping[int, Array], asked: Elasticity, title: str) -> Figure:
    """Return the elasticity of trade by months since the tariff, and what was observed."""
    below = (
        "US imports of cells from China against those from elsewhere: log points of trade per log point of a tariff."
    )
    page = sheet(title, f"{BAND} Dots: observed. {asked.source}.", below)
    where = axes(page, (0.05, page.bottom + 0.085, 0.93, page.top - page.bottom - 0.11))
    band(where, np.array([*turned], dtype=float), np.array([*turned.values()]), MODEL, marker="o", markersize=6.0)
    for months, value in asked.observed.items():
        where.plot([int(months)], [value], "D", color=INK, markersize=9.0)
        words = f"observed {value:g}"
        where.annotate(words, (int(months), value), (-10, 8), textcoords="offset points", fontsize=KEY_SIZE, ha="right")
    where.set_ylim(bottom=0.0)
    where.set_xticks([*turned])
    where.set_xlim(0.0, 1.04 * max(turned))
    where.set_xlabel("months since the tariff began", fontsize=FOOT_SIZE, color=QUIET)
    return page.figure


def draw_lag(gain: Array, months: Sequence[date], asked: Construction, title: str) -> Figure:
    """Return what the CHIPS Act adds to the US share of capacity, month by month, and when fabs can stand."""
    below = "US share of the world's chip capacity with the grants and the credit less that without, points."
    page = sheet(title, f"{BAND} {asked.source}.", below)
    where = axes(page, (0.05, page.bottom + 0.05, 0.93, page.top - page.bottom - 0.08))
    band(where, np.array([month.year + (month.month - 0.5) / 12.0 for month in months]), gain, MODEL)
    year, month = (float(part) for part in asked.law.split("-"))
    law = year + (month - 1.0) / 12.0
    top = where.get_ylim()[1]
    marks = (
        (law, "the law"),
        (law + asked.build / 12.0, "if built\nat once"),
        (law + asked.with_permits / 12.0, "with\npermits"),
    )
    for at, words in marks:
        where.axvline(at, color=QUIET, linestyle=DASHED, linewidth=1.3)
        where.text(at + 0.06, 0.98 * top, words, va="top", fontsize=KEY_SIZE, color=QUIET)
    where.set_xlim(months[0].year, months[-1].year + 1)
    where.set_xticks(range(months[0].year, months[-1].year + 1, 2))
    return page.figure
