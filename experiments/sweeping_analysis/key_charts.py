"""Charts of which keys matter: Sobol indices, Morris screening, PAWN."""

from typing import Any

import polars as pl
from matplotlib.figure import Figure

from experiments.chart_frame import FOOT_SIZE, KEY_SIZE, Sheet, sheet
from experiments.palette import DASHED, FAINT, INK, QUIET, REGIONS
from experiments.sweeping_analysis.charts import Axes, axes, foot_of, shown
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.sample import GAIN, Sample

FIRST, TOTAL = REGIONS["US"], REGIONS["AU"]


def _bars(page: Sheet, keys: list[str]) -> Axes:
    """Return axes for horizontal bars, a row for each key, the first on top."""
    left = min(0.34, 0.035 + 0.0082 * max(len(shown(key)) for key in keys))
    where = axes(page, (left, page.bottom + 0.055, 0.965 - left, page.top - page.bottom - 0.08))
    where.set_yticks(range(len(keys)), [shown(key) for key in keys], fontsize=KEY_SIZE)
    where.set_ylim(len(keys) - 0.4, -0.6)
    where.grid(visible=True, axis="x")
    where.grid(visible=False, axis="y")
    return where


def draw_sobol(sample: Sample, table: pl.DataFrame, outcome: Outcome, kind: str, title: str) -> Figure:
    """Return first-order and total indices with their intervals.

    table  of one scenario, outcome and kind
    """
    told = table.sort("total", descending=True)
    what = "the difference in " if kind == GAIN else ""
    below = f"Share of the variance of {what}{outcome.words} that each key explains; lines: 90 % intervals."
    page = sheet(title, foot_of(sample, f"{told['rows'][0]} rows of the two samples."), below)
    where = _bars(page, told["key"].to_list())
    both = (("first", -0.19, FIRST, "alone (first order)"), ("total", 0.19, TOTAL, "with interactions (total)"))
    for name, shift, tint, words in both:
        across = [place + shift for place in range(len(told))]
        middle = told[name].to_list()
        where.barh(across, [max(value, 0.0) for value in middle], height=0.34, color=tint, label=words)
        where.hlines(across, told[f"{name}_least"], told[f"{name}_most"], color=INK, linewidth=1.4)
    top = max(1.0, *told["total_most"].to_list())
    where.set_xlim(min(0.0, *told["first_least"].to_list(), -0.02), min(top, 1.5))
    where.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    where.legend(loc="lower right", fontsize=KEY_SIZE)
    return page.figure


def draw_morris(sample: Sample, table: pl.DataFrame, outcome: Outcome, kind: str, title: str) -> Figure:
    """Return how far every key moves an outcome, and how unevenly.

    table  of one scenario, outcome and kind
    """
    what = "the difference in " if kind == GAIN else ""
    below = f"What a key does to {what}{outcome.words}. Right: matters; high: unevenly, or with other keys."
    page = sheet(
        title, foot_of(sample, f"{table['trajectories'][0]} trajectories. Lines: 90 % intervals of mu*."), below
    )
    where = axes(page, (0.075, page.bottom + 0.065, 0.895, page.top - page.bottom - 0.1))
    across, up = ((outcome.factor * table[name]).to_list() for name in ("mu_star", "sigma"))
    error = (outcome.factor * table["error"]).to_list()
    where.hlines(
        up,
        [a - e for a, e in zip(across, error, strict=True)],
        [a + e for a, e in zip(across, error, strict=True)],
        color=FIRST,
        alpha=0.4,
        linewidth=1.6,
    )
    where.plot(across, up, "o", color=FIRST, markersize=8.0)
    far = 1.22 * max(a + e for a, e in zip(across, error, strict=True)) or 1.0
    high = 1.12 * max(up) or 1.0
    where.plot([0.0, min(far, high)], [0.0, min(far, high)], color=QUIET, linewidth=1.0, linestyle=DASHED)
    where.set(xlim=(0.0, far), ylim=(-0.03 * high, high))
    _named(where, list(zip(across, up, table["key"].to_list(), strict=True)), far, high)
    unit = f", {outcome.axis(GAIN)}" if outcome.axis(GAIN) else ""
    where.set_xlabel(f"mu*: mean size of the effect{unit} (dashed: sigma = mu*)", fontsize=FOOT_SIZE)
    where.set_ylabel(f"sigma: its spread{unit}", fontsize=FOOT_SIZE)
    where.grid(visible=True, axis="both")
    return page.figure


def _named(where: Axes, marks: list[tuple[float, float, str]], far: float, high: float) -> None:
    """Write the name of every mark beside it, names of neighbours one above the other."""
    last = -1e300
    for across, up, key in sorted(marks, key=lambda mark: mark[1]):
        at = max(up, last + 0.04 * high)
        last = at
        style: dict[str, Any] = {"arrowstyle": "-", "color": FAINT} if at > up else {"arrowstyle": "-", "alpha": 0.0}
        where.annotate(
            shown(key),
            (across, up),
            (0.0, 10.0 + (at - up) / high * 330.0),
            textcoords="offset points",
            fontsize=KEY_SIZE,
            ha="center" if across > 0.08 * far else "left",
            va="center",
            arrowprops=style,
        )


def draw_pawn(sample: Sample, table: pl.DataFrame, outcome: Outcome, kind: str, title: str) -> Figure:
    """Return the PAWN index of every key, and what chance gives.

    table  of one scenario, outcome and kind
    """
    luck = table["chance"][0]
    told = table.sort("index", descending=True)
    what = "the difference in " if kind == GAIN else ""
    below = f"PAWN index: how far a slice of a key moves the whole distribution of {what}{outcome.words}, 0 to 1."
    page = sheet(title, foot_of(sample, "Median over slices of the Kolmogorov-Smirnov distance."), below)
    where = _bars(page, told["key"].to_list())
    tints = [FIRST if value > luck else FAINT for value in told["index"]]
    where.barh(range(len(told)), told["index"], height=0.55, color=tints)
    where.axvline(luck, color=INK, linewidth=1.4, linestyle=DASHED)
    where.set_xlim(0.0, 1.12 * max(*told["index"].to_list(), luck))
    where.text(luck, len(told) - 0.42, "  chance", va="bottom", fontsize=KEY_SIZE, color=INK)
    return page.figure
