"""Charts of what assumptions do: all at a glance, the strongest of each outcome, their shares of the variance."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from experiments.chart_frame import EDGE, FIGURES_SIZE, FOOT_SIZE, Sheet, balanced, sheet
from experiments.palette import INK, QUIET, REGIONS
from experiments.sweeping_analysis.charts import Axes, axes, foot_of
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.sample import Sample
from experiments.validation.sensitivity_outcomes import TITLES
from experiments.validation.sensitivity_words import words

BAR, WHOLE = REGIONS["US"], REGIONS["AU"]
SHADE = LinearSegmentedColormap.from_list("shade", ["#ffffff", BAR])
# Panels stand three in a row; so many keys have room in one.
COLUMNS, MOST_BARS = 3, 6
# Room for the names of keys and for the heads of columns, as shares of the sheet.
NAMES, HEADS = 0.27, 0.11
# Letters in a line above a panel.
HEAD = 30
# From this share of the largest on letters are white.
DARK = 0.55


def draw_heat(
    effects: pl.DataFrame, order: Sequence[str], told: Mapping[str, Outcome], sample: Sample, title: str
) -> Figure:
    """Return a map of keys and outcomes: the darker, the farther the key moves the outcome over its range.

    effects  as ``morris`` makes them;  order  of the keys
    """
    below = (
        "How far each assumption moves each outcome over its range, the darker the farther; a scale for each column."
    )
    page = sheet(title, foot_of(sample, f"{effects['trajectories'][0]} trajectories; ranges of abm/data."), below)
    columns = [name for name in told if name in set(effects["outcome"])]
    known = {(row["outcome"], row["key"]): row["mu_star"] for row in effects.iter_rows(named=True)}
    sizes = np.array([[known[name, key] for name in columns] for key in order])
    share = sizes / np.maximum(sizes.max(axis=0), 1e-300)
    bottom = page.bottom + 0.01
    where = axes(page, (NAMES, bottom, 0.985 - NAMES, page.top - HEADS - bottom))
    where.imshow(share, cmap=SHADE, vmin=0.0, vmax=1.0, aspect="auto")
    where.set_yticks(range(len(order)), [words(key) for key in order], fontsize=FIGURES_SIZE, color=INK)
    heads = ["\n".join([*balanced(TITLES[name], 21), f"({told[name].axis('gain')})"]) for name in columns]
    where.set_xticks(range(len(columns)), heads, fontsize=FOOT_SIZE, color=INK)
    where.xaxis.tick_top()
    where.grid(visible=False)
    for (row, column), size in np.ndenumerate(sizes):
        figure = told[columns[column]].gain(float(size)).lstrip("+").removesuffix(told[columns[column]].step)
        tint = "white" if share[row, column] > DARK else INK
        where.text(column, row, figure, ha="center", va="center", fontsize=FOOT_SIZE, color=tint)
    for side in where.spines.values():
        side.set_visible(False)
    return page.figure


def _panels(page: Sheet, count: int, left: float) -> list[Axes]:
    """Return axes side by side, three in a row, with room for a title above each.

    left  room beside the first of a row, as a share of the sheet
    """
    lines = -(-count // COLUMNS)
    width, height = (0.985 - EDGE - left) / COLUMNS, (page.top - page.bottom) / lines
    boxes = [divmod(place, COLUMNS) for place in range(count)]
    corners = [(EDGE + left + column * width, page.top - (row + 1) * height) for row, column in boxes]
    return [axes(page, (x, y + 0.055, width - 0.03, height - 0.115)) for x, y in corners]


def _headed(where: Axes, name: str) -> None:
    """Write what outcome a panel is about, with lines up and down but not across."""
    where.set_title("\n".join(balanced(TITLES[name], HEAD)), loc="left", fontsize=FIGURES_SIZE, weight="bold")
    where.grid(visible=True, axis="x")
    where.grid(visible=False, axis="y")


def draw_ranking(effects: pl.DataFrame, told: Mapping[str, Outcome], sample: Sample, title: str) -> Figure:
    """Return the keys that move each outcome most, with the 90 % intervals of how far.

    effects  as ``morris`` makes them
    """
    below = f"Mean size of the effect of an assumption over its range, the {MOST_BARS} largest; lines: 90 % intervals."
    page = sheet(title, foot_of(sample, f"{effects['trajectories'][0]} trajectories."), below)
    columns = [name for name in told if name in set(effects["outcome"])]
    for name, where in zip(columns, _panels(page, len(columns), 0.0), strict=True):
        first = effects.filter(outcome=name).sort("mu_star", descending=True).head(MOST_BARS)
        size, error = (told[name].factor * first[each].to_numpy() for each in ("mu_star", "error"))
        across, far = np.arange(len(first)), 1.05 * float((size + error).max()) or 1.0
        where.barh(across + 0.2, size, height=0.42, color=BAR)
        where.hlines(across + 0.2, np.maximum(size - error, 0.0), size + error, color=INK, linewidth=1.3)
        for place, key in enumerate(first["key"]):
            where.text(0.006 * far, place - 0.24, words(key), fontsize=FOOT_SIZE, color=INK, va="center")
        where.set(ylim=(len(first) - 0.4, -0.6), xlim=(0.0, far), yticks=[])
        where.set_xlabel(told[name].axis("gain"), fontsize=FOOT_SIZE, color=QUIET, labelpad=1.0)
        where.locator_params(axis="x", nbins=5)
        _headed(where, name)
    return page.figure


def draw_shares(shares: pl.DataFrame, told: Mapping[str, Outcome], sample: Sample, title: str) -> Figure:
    """Return how much of the variance of each outcome each key explains, alone and with the others.

    shares  as ``sobol`` makes them
    """
    rows = int(shares["rows"].to_numpy().max()) if len(shares) else 0
    below = "Share of the variance of an outcome that an assumption explains: Sobol indices; lines: 90 % intervals."
    page = sheet(title, foot_of(sample, f"{rows} rows of the two samples."), below)
    columns = [name for name in told if len(shares) and name in set(shares["outcome"])]
    order = shares.group_by("key", maintain_order=True).agg(pl.col("total").sum()).sort("total", descending=True)
    keys, panels = order["key"].to_list(), _panels(page, len(columns), NAMES - 0.05)
    both = (("first", -0.2, BAR, "alone"), ("total", 0.2, WHOLE, "together with others"))
    for place, (name, where) in enumerate(zip(columns, panels, strict=True)):
        known = shares.filter(outcome=name).rows_by_key("key", named=True, unique=True)
        for index, shift, tint, label in both:
            across = np.arange(len(keys)) + shift
            middle, low, high = (
                np.array([100.0 * known[key][f"{index}{end}"] for key in keys]) for end in ("", "_least", "_most")
            )
            where.barh(across, np.maximum(middle, 0.0), height=0.36, color=tint, label=label)
            where.hlines(across, np.maximum(low, 0.0), np.maximum(high, 0.0), color=INK, linewidth=1.3)
        where.set(ylim=(len(keys) - 0.4, -0.6), xlim=(0.0, 120.0))
        shown = [words(key) for key in keys] if place % COLUMNS == 0 else [""] * len(keys)
        where.set_yticks(range(len(keys)), shown, fontsize=FIGURES_SIZE, color=INK)
        where.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
        where.set_xticks([0, 25, 50, 75, 100])
        _headed(where, name)
    if panels:
        handles = panels[0].get_legend_handles_labels()
        page.figure.legend(*handles, loc="lower right", bbox_to_anchor=(0.97, page.bottom + 0.1), fontsize=FIGURES_SIZE)
    return page.figure
