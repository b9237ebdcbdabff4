"""Small drawings side by side: lines and bands by month in a box, with its marks, drawn straight on the sheet."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from matplotlib.collections import FillBetweenPolyCollection, LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedBbox

from experiments.chart_data import Curve, Story
from experiments.chart_frame import DIGIT, FIGURES_SIZE, HEIGHT, KEY_SIZE, PANEL_SIZE, WIDTH
from experiments.palette import FAINT, INK, QUIET, SOLID, WORLD, Dashes

# Steps between marks of time, in months.
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
# Points from a box to the figures of its scale, to those of time, and the length of a mark of time.
BESIDE, UNDER, MARK = 3.5, 9.5, 3.5
THIN = 0.8
# Room above and below lines where nothing else is asked, as a share of their height.
MARGIN = 0.05

Box = tuple[float, float, float, float]
Marks = list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A box to draw in; an Axes of matplotlib does the same and takes a hundredth of a second to make.

    box       left, bottom, width and height, as shares of the sheet
    span      first and last value of the axis of time, in years
    low, top  of the axis of values
    """

    figure: Figure
    box: Box
    span: tuple[float, float]
    low: float
    top: float

    @property
    def place(self) -> Transform:
        """Where on the sheet a year and a value are."""
        left, bottom, width, height = self.box
        along, up = width / (self.span[1] - self.span[0]), height / (self.top - self.low)
        moved = Affine2D.from_values(along, 0.0, 0.0, up, left - along * self.span[0], bottom - up * self.low)
        return moved + self.figure.transFigure

    @property
    def edges(self) -> TransformedBbox:
        """The box on the sheet."""
        return TransformedBbox(Bbox.from_bounds(*self.box), self.figure.transFigure)

    def write(self, text: str, at: tuple[float, float], points: tuple[float, float], **how: Any) -> None:  # noqa: ANN401
        """Write a text at a place in the box, as shares of it, and so many points from there."""
        left, bottom, width, height = self.box
        right, up = left + at[0] * width + points[0] / 72.0 / WIDTH, bottom + at[1] * height + points[1] / 72.0 / HEIGHT
        self.figure.text(right, up, text, **how)


def panel(figure: Figure, box: Box, story: Story, values: tuple[float, float]) -> Panel:
    """Return a box for the months of a story.

    values  lowest and highest of its scale
    """
    start, until = year_of(story.asked.start), year_of(story.asked.until)
    room = max(1.0, story.asked.months) / 12.0 * 0.01
    return Panel(figure, box, (start - room, until + room), *values)


def line(where: Panel, curve: Curve, colour: str, style: Dashes, *, width: float = 2.6) -> None:
    """Draw a mean by month; a single month as a dot."""
    drawn = Line2D(
        [year_of(day) for day in curve.dates],
        _numbers(curve.mean),
        color=colour,
        linestyle=style,
        linewidth=width,
        marker="o" if len(curve.dates) == 1 else "",
        zorder=4.0 if style == SOLID else 5.0,
        transform=where.place,
        clip_box=where.edges,
    )
    where.figure.add_artist(drawn)


def area(where: Panel, curve: Curve, colour: str, alpha: float = 0.18) -> None:
    """Draw the band that holds eight runs in ten."""
    years = np.array([year_of(day) for day in curve.dates])
    low, high = (np.ma.masked_invalid(_numbers(values)) for values in (curve.low, curve.high))
    drawn = FillBetweenPolyCollection(
        "x",
        years,
        low,
        high,
        color=colour,
        alpha=alpha,
        linewidth=0.0,
        zorder=3.0,
        transform=where.place,
        clip_box=where.edges,
    )
    where.figure.add_artist(drawn)


def _numbers(values: list[float | None]) -> list[float]:
    """Return values as numbers, not a number where nothing is known."""
    return [math.nan if value is None else value for value in values]


def year_of(day: date) -> float:
    """Return a date as a year with a fraction."""
    return day.year + (day.month - 1 + (day.day - 1) / 31.0) / 12.0


def reach(curves: Iterable[tuple[Curve, bool]]) -> tuple[float, float]:
    """Return lowest and highest value of curves, with some room; 1 where nothing is known.

    curves  each with whether its band is drawn
    """
    known = [
        value
        for curve, banded in curves
        for value in (*curve.mean, *(curve.low if banded else ()), *(curve.high if banded else ()))
        if value is not None
    ] or [1.0]
    room = MARGIN * (max(known) - min(known))
    return min(known) - room, max(known) + room


def time(story: Story, most: int) -> Marks:
    """Return marks of years, or of months where there are few of them, and what they are called.

    most  marks there is room for
    """
    start, count = story.asked.start, story.asked.months
    # The name of a month is wider than a year.
    step = next((step for step in STEPS if count / step <= most * (1.0 if step >= 12 else 0.6)), STEPS[-1])
    first = start.year * 12 + start.month - 1
    marks = [each for each in range(first, first + count) if each % min(step, 12) == 0]
    if step > 12:
        marks = [each for each in marks if each // 12 % (step // 12) == 0]
    labels = [str(each // 12) if step >= 12 else f"{date(each // 12, each % 12 + 1, 1):%b '%y}" for each in marks]
    return [(each / 12.0, label) for each, label in zip(marks, labels, strict=True)]


def scale(low: float, top: float, unit: str = " %", most: int = 6) -> Marks:
    """Return round marks between two values, and how they are written: all with as many digits."""
    found = [float(value) for value in MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(low, top)]
    digits = max(0, -math.floor(math.log10(found[1] - found[0]) + 1e-9))
    near = 1e-6 * (top - low)
    return [(value, f"{value:.{digits}f}{unit}") for value in found if low - near <= value <= top + near]


def frame(where: Panel, months: Marks, values: Marks, size: float = KEY_SIZE) -> None:
    """Draw the two axes of a box, their marks, and a line across at each value; marks without a name get none."""
    left, bottom, width, height = where.box
    along, up = width / (where.span[1] - where.span[0]), height / (where.top - where.low)
    across = [bottom + up * (value - where.low) for value, _ in values]
    beside = [left + along * (year - where.span[0]) for year, _ in months]
    lines = [
        *([(left, at), (left + width, at)] for at in across),
        *([(at, bottom), (at, bottom - MARK / 72.0 / HEIGHT)] for at in beside),
        [(left, bottom), (left, bottom + height)],
        [(left, bottom), (left + width, bottom)],
    ]
    shades = [FAINT] * len(across) + [QUIET] * len(beside) + [WORLD] * 2
    drawn = LineCollection(
        lines, colors=shades, linewidths=THIN, capstyle="projecting", zorder=0.5, transform=where.figure.transFigure
    )
    where.figure.add_artist(drawn)
    ends, below = left - BESIDE / 72.0 / WIDTH, bottom - UNDER / 72.0 / HEIGHT
    for at, (_, label) in zip(across, values, strict=True):
        if label:
            where.figure.text(ends, at, label, ha="right", va="center_baseline", size=size, color=QUIET)
    for at, (_, label) in zip(beside, months, strict=True):
        if label:
            where.figure.text(at, below, label, ha="center", va="top", size=size, color=QUIET)


def bare(marks: Marks) -> Marks:
    """Return marks without their names."""
    return [(at, "") for at, _ in marks]


def panel_title(where: Panel, title: str, colour: str, figures: str, size: float = PANEL_SIZE) -> None:
    """Write the name of a box, and its figures below it, smaller where they would be wider than the box."""
    wide = where.box[2] * WIDTH * 72.0
    smaller = min(FIGURES_SIZE, wide / (DIGIT * max(1, len(figures))))
    if title:
        where.write(title, (0.0, 1.0), (0.0, 21.0), size=size, weight="bold", color=colour)
    where.write(figures, (0.0, 1.0), (0.0, 6.0), size=smaller, color=INK)
