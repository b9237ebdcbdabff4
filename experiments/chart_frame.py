"""The sheet every picture is drawn on: title, key, axes of months and per cent, lines with bands, and the foot."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.chart_data import Curve, Story
from experiments.palette import INK, QUIET, SOLID, Dashes, dashes

# Sixteen to nine, as screens are.
WIDTH, HEIGHT = 12.8, 7.2
EDGE, LEFT, RIGHT = 0.025, 0.055, 0.985
TITLE_WIDTH, BELOW_WIDTH, FOOT_WIDTH = 84, 124, 148
TITLE_SIZE, KEY_SIZE, PANEL_SIZE, FIGURES_SIZE, FOOT_SIZE = 17.5, 12.0, 13.5, 11.0, 10.5
# A line of these sizes takes this share of the height.
TITLE_LINE, KEY_LINE, FOOT_LINE = 0.046, 0.034, 0.0263
# A letter of a name, one of a line of figures, and what stands beside a name in the key are about so many times their
# size wide.
LETTER, DIGIT, SAMPLE = 0.55, 0.51, 5.4
# Letters of a scenario's name.
LONGEST = 30
# Steps between marks of time, in months, and at most how many marks there are.
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An empty picture with its title and foot.

    top, bottom  of the room for axes, as shares of the height
    """

    figure: Figure
    top: float
    bottom: float


def sheet(title: str, foot: str, below: str = "") -> Sheet:
    """Return a sheet with a title on top, a quieter line below it, and the foot."""
    figure = Figure(figsize=(WIDTH, HEIGHT))
    lines = balanced(title, TITLE_WIDTH)
    figure.text(EDGE, 0.975, "\n".join(lines), va="top", size=TITLE_SIZE, weight="bold", linespacing=1.25)
    top = 0.965 - TITLE_LINE * len(lines)
    if below:
        under = balanced(below, BELOW_WIDTH)
        figure.text(EDGE, top, "\n".join(under), va="top", size=KEY_SIZE, color=QUIET, linespacing=1.3)
        top -= KEY_LINE * len(under) + 0.006
    feet = balanced(foot, FOOT_WIDTH)
    figure.text(EDGE, 0.015, "\n".join(feet), va="bottom", size=FOOT_SIZE, color=QUIET, linespacing=1.3)
    return Sheet(figure, top, 0.03 + FOOT_LINE * len(feet))


def panel(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Return axes in a box, left, bottom, width and height; they have no names, so no room is sought for these."""
    axes = figure.add_axes(box)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_label_coords(0.0, 0.0)
    return axes


def balanced(text: str, width: int) -> list[str]:
    """Return a text in as few lines as fit, all about as long."""
    # A number stays with its sign, and words joined by hyphens stay together.
    text = text.replace(" %", "\u00a0%")
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    while len(narrower := textwrap.wrap(text, width - 1, break_on_hyphens=False)) == len(lines):
        lines, width = narrower, width - 1
    return lines


def short(name: str) -> str:
    """Return the name of a scenario, cut where it is very long."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def key(page: Sheet, story: Story) -> Sheet:
    """Write under the title which line is which scenario; return the sheet with less room."""
    count = len(story.names)
    handles: list[Line2D | Patch] = []
    for place, name in reversed(list(enumerate(story.names))):
        style, asked = dashes(place, count), place == count - 1
        handles.append(Line2D([], [], color=INK, linestyle=style, linewidth=2.6 if asked else 1.7, label=short(name)))
    if story.runs > 1:
        handles.append(Patch(facecolor=INK, alpha=0.18, label=f"8 runs in 10 of {short(story.asked.name)}"))
    columns = _columns([str(each.get_label()) for each in handles])
    page.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(EDGE - 0.006, page.top + 0.006),
        ncols=columns,
        fontsize=KEY_SIZE,
        handlelength=2.8,
        columnspacing=1.8,
        borderaxespad=0.0,
    )
    return Sheet(page.figure, page.top - KEY_LINE * math.ceil(len(handles) / columns) - 0.012, page.bottom)


def _columns(labels: Sequence[str]) -> int:
    """Return in how many columns the labels of a key fit side by side."""
    room = (1.0 - 2.0 * EDGE) * WIDTH * 72.0 / KEY_SIZE
    for count in range(len(labels), 1, -1):
        columns = np.array_split([LETTER * len(label) + SAMPLE for label in labels], count)
        if sum(column.max() for column in columns) <= room:
            return count
    return 1


def line(axes: Axes, curve: Curve, colour: str, style: Dashes, *, width: float = 2.6) -> None:
    """Draw a mean by month; a single month as a dot."""
    marker = "o" if len(curve.dates) == 1 else ""
    years, mean = [year_of(day) for day in curve.dates], _numbers(curve.mean)
    last = 4.0 if style == SOLID else 5.0
    axes.plot(years, mean, color=colour, linestyle=style, linewidth=width, marker=marker, zorder=last)


def area(axes: Axes, curve: Curve, colour: str, alpha: float = 0.18) -> None:
    """Draw the band that holds eight runs in ten."""
    years, low, high = [year_of(day) for day in curve.dates], _numbers(curve.low), _numbers(curve.high)
    axes.fill_between(years, low, high, color=colour, alpha=alpha, linewidth=0.0, zorder=3.0)


def _numbers(values: list[float | None]) -> list[float]:
    """Return values as numbers, not a number where nothing is known."""
    return [math.nan if value is None else value for value in values]


def year_of(day: date) -> float:
    """Return a date as a year with a fraction."""
    return day.year + (day.month - 1 + (day.day - 1) / 31.0) / 12.0


def time(axes: Axes, story: Story, most: int) -> None:
    """Mark years, or months where there are few of them.

    most  marks there is room for
    """
    start, until = story.asked.start, story.asked.until
    count = story.asked.months
    # The name of a month is wider than a year.
    step = next((step for step in STEPS if count / step <= most * (1.0 if step >= 12 else 0.6)), STEPS[-1])
    first = start.year * 12 + start.month - 1
    marks = [each for each in range(first, first + count) if each % min(step, 12) == 0]
    if step > 12:
        marks = [each for each in marks if each // 12 % (step // 12) == 0]
    labels = [str(each // 12) if step >= 12 else f"{date(each // 12, each % 12 + 1, 1):%b '%y}" for each in marks]
    axes.set_xticks([each / 12.0 for each in marks], labels)
    room = max(1.0, count) / 12.0 * 0.01
    axes.set_xlim(year_of(start) - room, year_of(until) + room)


def scale(axes: Axes, low: float, high: float, unit: str = " %", most: int = 6) -> None:
    """Set the axis of values, with round marks that all have as many digits."""
    axes.set_ylim(low, high)
    marks = MaxNLocator(most, steps=[1, 2, 5, 10])
    axes.yaxis.set_major_locator(marks)
    first, second, *_ = marks.tick_values(low, high)
    digits = max(0, -math.floor(math.log10(second - first) + 1e-9))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.{digits}f}{unit}"))


def panel_title(axes: Axes, title: str, colour: str, figures: str, size: float = PANEL_SIZE) -> None:
    """Write the name of a panel, and its figures below it, smaller where they would be wider than the panel."""
    wide = axes.get_position().width * WIDTH * 72.0
    axes.annotate(
        title,
        (0.0, 1.0),
        (0.0, 21.0),
        xycoords="axes fraction",
        textcoords="offset points",
        size=size,
        weight="bold",
        color=colour,
    )
    axes.annotate(
        figures,
        (0.0, 1.0),
        (0.0, 6.0),
        xycoords="axes fraction",
        textcoords="offset points",
        size=min(FIGURES_SIZE, wide / (DIGIT * max(1, len(figures)))),
        color=INK,
    )
