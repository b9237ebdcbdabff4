"""Charts along the keys of a sweep: response curves and paired differences."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from experiments.chart_frame import EDGE, FOOT_SIZE, KEY_SIZE, PANEL_SIZE, Sheet, sheet
from experiments.palette import DASHED, INK, QUIET, REGIONS, WORLD, colour
from experiments.sweeping_analysis.outcomes import Outcome
from experiments.sweeping_analysis.sample import GAIN, Sample, spans

Axes = Any
MOST_PANELS, MOST_ROWS, MOST_DRAWN = 12, 28, 600
# Colours and marks of scenarios: each is told by either alone.
SHADES = tuple(REGIONS[code] for code in ("US", "AU", "TW", "CN", "KR", "JP"))
MARKS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture to be drawn.

    name  of its file;  title  the finding
    """

    name: str
    title: str
    draw: Callable[[], Figure]


def shade(outcome: Outcome, place: int = 0, count: int = 1) -> str:
    """Return the colour of a scenario, or that of the outcome's region where there is only one."""
    return colour(outcome.column.rpartition("_")[2]) if count == 1 else SHADES[place % len(SHADES)]


def shown(key: str) -> str:
    """Return the name of a key as it stands at an axis."""
    return key.removeprefix("parameters.")


def foot_of(sample: Sample, *more: str) -> str:
    """Return what a chart rests on."""
    count = sample.runs.filter(outcome=sample.outcomes[0]).height
    return " ".join([f"{len(sample.points):,} points, {count:,} runs; design: {sample.plan.design}.", *more])


def axes(page: Sheet, box: tuple[float, float, float, float]) -> Axes:
    """Return empty axes in a box of the sheet: left, bottom, width and height."""
    where: Axes = page.figure.add_axes(box)
    where.tick_params(length=0.0, labelsize=FOOT_SIZE)
    return where


def legend(page: Sheet, scenarios: Sequence[str], handles: Sequence[Any], bottom: float) -> None:
    """Write which colour is which scenario, where there are several."""
    if len(scenarios) > 1:
        page.figure.legend(
            handles, scenarios, loc="lower left", bbox_to_anchor=(EDGE, bottom), ncols=4, fontsize=KEY_SIZE
        )


def draw_response(sample: Sample, table: pl.DataFrame, outcome: Outcome, kind: str, title: str) -> Figure:
    """Return the response curves of an outcome, a panel for each key, that which moves it most first.

    table  of this outcome and kind
    """
    reach = table.group_by("key", "scenario").agg((pl.col("median").max() - pl.col("median").min()).alias("reach"))
    order = reach.group_by("key").agg(pl.col("reach").max()).sort("reach", "key", descending=[True, False])
    keys = order["key"].to_list()[:MOST_PANELS]
    left_out = f"The {len(keys)} keys of {len(order)} that move it most." if len(order) > len(keys) else ""
    rest = ", the other keys at their first values" if sample.plan.design == "one_at_a_time" else ""
    rest = rest or ", over all values of the other keys"
    below = f"{_subject(outcome, kind)}: median and range of 8 runs in 10{rest if len(sample.keys) > 1 else ''}."
    scale = "All panels have one scale." if len(keys) > 1 else ""
    page = sheet(title, foot_of(sample, *filter(None, (scale, left_out))), below)
    columns = min(4, len(keys)) if len(keys) != 4 else 2
    lines = math.ceil(len(keys) / columns)
    several = 0.05 if len(sample.scenarios) > 1 else 0.0
    bottom = page.bottom + 0.02 + several
    width, height = 0.935 / columns, (page.top - bottom) / lines
    ends = [outcome.factor * value for name in ("low", "high") for value in table[name].to_list()]
    pad = 0.06 * ((max(ends) - min(ends)) or 1.0)
    handles: list[Any] = []
    for place, key in enumerate(keys):
        row, column = divmod(place, columns)
        corner = (0.06 + column * width, page.top - (row + 1) * height + 0.055)
        where = axes(page, (*corner, width - 0.035, height - 0.115))
        where.set_ylim(min(ends) - pad, max(ends) + pad)
        where.set_title(shown(key), loc="left", fontsize=PANEL_SIZE if columns < 4 else KEY_SIZE, weight="bold")
        if column:
            where.tick_params(labelleft=False)
        else:
            where.set_ylabel(outcome.axis(kind), fontsize=FOOT_SIZE)
        handles = _curves(where, sample, table.filter(key=key), outcome, key)
    legend(page, sample.scenarios, handles, page.bottom)
    return page.figure


def _subject(outcome: Outcome, kind: str) -> str:
    """Return what a chart shows, at the head of a sentence."""
    words = f"difference to the baseline in {outcome.words}" if kind == GAIN else outcome.words
    return words[:1].upper() + words[1:]


def _curves(where: Axes, sample: Sample, table: pl.DataFrame, outcome: Outcome, key: str) -> list[Any]:
    """Draw the curve of every scenario along a key."""
    handles = []
    words = table["word"].unique(maintain_order=True).drop_nulls().to_list()
    for place, scenario in enumerate(sample.scenarios):
        mine = table.filter(scenario=scenario)
        across = [words.index(word) for word in mine["word"]] if words else mine["value"].to_list()
        middle, low, high = ((outcome.factor * mine[name]).to_list() for name in ("median", "low", "high"))
        tint = shade(outcome, place, len(sample.scenarios))
        where.fill_between(across, low, high, color=tint, alpha=0.18, linewidth=0.0)
        mark = MARKS[place % len(MARKS)]
        handles += where.plot(across, middle, color=tint, linewidth=2.2, marker=mark, markersize=5.0)
    span = spans(sample.plan).get(key)
    if words:
        where.set_xticks(range(len(words)), words)
    elif span is not None and span.log:
        where.set_xscale("log")
        _plain_log(where, span.low, span.high)
    else:
        where.locator_params(axis="x", nbins=5)
        where.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    return handles


def _plain_log(where: Axes, low: float, high: float) -> None:
    """Write plain numbers along a scale of powers."""
    ticks = [digit * 10.0**power for power in range(-9, 10) for digit in (1, 3)]
    where.minorticks_off()
    where.set_xticks([tick for tick in ticks if low <= tick * 1.001 and tick <= high * 1.001])
    where.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")


def draw_differences(sample: Sample, table: pl.DataFrame, outcome: Outcome, title: str) -> Figure:
    """Return the paired difference of every point with its 90 % interval, the largest on top.

    table  of this outcome
    """
    few = len(table) <= MOST_ROWS
    below = f"{_subject(outcome, GAIN)}, run by run under the same luck: mean and its 90 % interval"
    below += "; thin: 8 runs in 10." if few else "; points in order of their difference."
    table = table.sort("mean", maintain_order=True)
    drawn = len(table) if few else min(MOST_DRAWN, len(table))
    at = [round(place * (len(table) - 1) / max(drawn - 1, 1)) for place in range(drawn)]
    more = f"{drawn} of the points are drawn, evenly chosen." if drawn < len(table) else ""
    filled = "Filled: a difference that is there; of all these one in ten is none at most." if few else ""
    page = sheet(title, foot_of(sample, *filter(None, (filled, more))), below)
    # A single run has no interval.
    table = table[at].with_columns(pl.col("least", "most").fill_null(pl.col("mean")))
    left = 0.06 if not few else min(0.45, 0.03 + 0.0075 * max(map(len, _names(sample, table))))
    where = axes(page, (left, page.bottom + 0.06, 0.97 - left, page.top - page.bottom - 0.09))
    if few:
        _forest(where, sample, table, outcome)
    else:
        _staircase(where, sample, table, outcome)
    return page.figure


def _names(sample: Sample, table: pl.DataFrame) -> list[str]:
    """Return every point in words: scenario, if there are several, and values."""
    several = len(sample.scenarios) > 1
    told = []
    for row in table.iter_rows(named=True):
        values = [(key, row[key]) for key in sample.keys if row[key] is not None]
        words = [
            f"{shown(key)} {value:,.6g}" if isinstance(value, float) else f"{shown(key)} {value}"
            for key, value in values
        ]
        told.append(", ".join([*([row["scenario"]] if several else []), *words]) or row["scenario"])
    return told


def _forest(where: Axes, sample: Sample, table: pl.DataFrame, outcome: Outcome) -> None:
    """Draw a line for every point, with its name."""
    for place, row in enumerate(table.iter_rows(named=True)):
        scenario = sample.scenarios.index(row["scenario"])
        tint = shade(outcome, scenario, len(sample.scenarios))
        mean, least, most, low, high = (outcome.factor * row[name] for name in ("mean", "least", "most", "low", "high"))
        where.plot([low, high], [place, place], color=tint, linewidth=1.2, alpha=0.55)
        where.plot([least, most], [place, place], color=tint, linewidth=4.5, alpha=0.75, solid_capstyle="butt")
        filled = tint if row["sure"] else "white"
        where.plot([mean], [place], MARKS[scenario % len(MARKS)], color=tint, markerfacecolor=filled, markersize=8.0)
    where.set_yticks(range(len(table)), _names(sample, table), fontsize=FOOT_SIZE)
    where.set_ylim(-0.7, len(table) - 0.3)
    where.grid(visible=True, axis="x")
    where.grid(visible=False, axis="y")
    where.axvline(0.0, color=INK, linewidth=1.0, linestyle=DASHED)
    where.set_xlabel(outcome.axis(GAIN), fontsize=FOOT_SIZE, color=QUIET)


def _staircase(where: Axes, sample: Sample, table: pl.DataFrame, outcome: Outcome) -> None:
    """Draw all points side by side, from the smallest difference to the largest."""
    across = list(range(len(table)))
    mean, least, most, low, high = (
        (outcome.factor * table[name]).to_list() for name in ("mean", "least", "most", "low", "high")
    )
    tint = shade(outcome)
    where.fill_between(across, low, high, color=WORLD, alpha=0.25, linewidth=0.0, label="8 runs in 10")
    where.fill_between(across, least, most, color=tint, alpha=0.3, linewidth=0.0, label="90 % interval of the mean")
    where.plot(across, mean, color=tint, linewidth=2.0, label="mean")
    where.axhline(0.0, color=INK, linewidth=1.0, linestyle=DASHED)
    where.set_xticks([])
    where.set_xlim(0, max(len(table) - 1, 1))
    where.set_xlabel(f"{len(sample.points):,} points, the smallest difference on the left", fontsize=FOOT_SIZE)
    where.set_ylabel(outcome.axis(GAIN), fontsize=FOOT_SIZE)
    bottom, top = where.get_ylim()
    where.set_ylim(bottom, top + 0.16 * (top - bottom))
    where.legend(loc="upper left", ncols=3, fontsize=KEY_SIZE)
