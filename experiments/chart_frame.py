"""The sheet every picture is drawn on: title, key, axes of months and per cent, lines with bands, and the foot."""

import math
import textwrap
from dataclasses import dataclass
from datetime import date

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
TITLE_WIDTH, FOOT_WIDTH = 84, 165
TITLE_SIZE, KEY_SIZE, PANEL_SIZE, FOOT_SIZE = 16.5, 12.0, 13.5, 9.0
# A line of these sizes takes this share of the height.
TITLE_LINE, KEY_LINE, FOOT_LINE = 0.0435, 0.034, 0.0225
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
    lines = balanced(title.replace(" %", "\u00a0%"), TITLE_WIDTH)
    figure.text(EDGE, 0.975, "\n".join(lines), va="top", size=TITLE_SIZE, weight="bold", linespacing=1.25)
    top = 0.965 - TITLE_LINE * len(lines)
    if below:
        under = balanced(below, TITLE_WIDTH + 40)
        figure.text(EDGE, top, "\n".join(under), va="top", size=KEY_SIZE, color=QUIET, linespacing=1.3)
        top -= KEY_LINE * len(under) + 0.006
    feet = textwrap.wrap(foot, FOOT_WIDTH)
    figure.text(EDGE, 0.015, "\n".join(feet), va="bottom", size=FOOT_SIZE, color=QUIET, linespacing=1.3)
    return Sheet(figure, top, 0.03 + FOOT_LINE * len(feet))


def balanced(text: str, width: int) -> list[str]:
    """Return a text in as few lines as fit, all about as long."""
    lines = textwrap.wrap(text, width)
    while len(narrower := textwrap.wrap(text, width - 1)) == len(lines) and width > TITLE_WIDTH // 2:
        lines, width = narrower, width - 1
    return lines


def key(page: Sheet, story: Story) -> Sheet:
    """Write under the title which line is which scenario; return the sheet with less room."""
    count = len(story.names)
    handles: list[Line2D | Patch] = []
    for place, name in reversed(list(enumerate(story.names))):
        style, asked = dashes(place, count), place == count - 1
        handles.append(Line2D([], [], color=INK, linestyle=style, linewidth=2.6 if asked else 1.7, label=name))
    if story.runs > 1:
        handles.append(Patch(facecolor=INK, alpha=0.18, label=f"{story.asked.name}, 8 runs in 10"))
    page.figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(EDGE - 0.006, page.top + 0.006),
        ncols=6,
        fontsize=KEY_SIZE,
        handlelength=2.8,
        columnspacing=1.8,
        borderaxespad=0.0,
    )
    return Sheet(page.figure, page.top - KEY_LINE - 0.012, page.bottom)


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
    labels = [str(each // 12) if step >= 12 else f"{date(each // 12, each % 12 + 1, 1):%b %Y}" for each in marks]
    axes.set_xticks([each / 12.0 for each in marks], labels)
    room = max(1.0, count) / 12.0 * 0.01
    axes.set_xlim(year_of(start) - room, year_of(until) + room)


def scale(axes: Axes, low: float, high: float, unit: str = " %", most: int = 5) -> None:
    """Set the axis of values, with round marks."""
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}{unit}"))


def panel_title(axes: Axes, title: str, colour: str, figures: str, size: float = PANEL_SIZE) -> None:
    """Write the name of a panel, and its figures below it."""
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
        size=10.5,
        color=INK,
    )
