"""Small multiples: many small drawings of one kind, side by side, in fewer columns on a phone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.app.charts.chart import SMALL, YEAR, Calendar, Option, hover, on_phone, rounded, value_axis
from experiments.app.charts.theme import GROUND, INKED

Values = list[float | None]
# Height of a row of panels, pixels, and panels beside each other.
ROW, COLUMNS, PHONE_COLUMNS = 200, 4, 2
DOT, YEARS = 8, 5
# Digits of a number, and most steps of a scale.
DIGITS, STEPS = 3, 4


@dataclass(frozen=True, slots=True)
class Panel:
    """One small drawing.

    head   its name and figures
    lines  name and values of each: the first is thick and has the colour, the others are dashed
    shade  colour of the thick line and its band
    band   low and high ends, if there are several runs
    dots   step and value of what is recorded
    unit   behind the numbers of the scale, with its blank in front
    ends   of the scale; none where the figures decide
    """

    head: str
    lines: tuple[tuple[str, Values], ...]
    shade: str
    band: tuple[Values, Values] | None = None
    dots: tuple[tuple[int, float], ...] = ()
    unit: str = " %"
    ends: tuple[float | None, float | None] = (0.0, None)

    @property
    def top(self) -> float:
        """The highest point of all that is drawn."""
        values = [value for _, line in self.lines for value in line]
        values += [*(self.band[1] if self.band else ()), *(value for _, value in self.dots)]
        return max((value for value in values if value is not None), default=1.0)


def rows(count: int, columns: int) -> int:
    """Return how many rows so many panels take."""
    return math.ceil(count / columns)


def panels(axis: Calendar, parts: Sequence[Panel], columns: int = COLUMNS) -> Option:
    """Return panels side by side, all with the same steps, each on a scale of its own."""
    every = {"interval": _between(axis), "fontSize": SMALL, "hideOverlap": True}
    base = {"type": "category", "data": axis.words, "axisTick": {"show": False}, "axisLabel": every}
    names = [name for name, _ in parts[0].lines]
    heads = [part.head for part in parts]
    return {
        **places(heads, columns),
        "xAxis": [{**base, "gridIndex": place} for place in range(len(parts))],
        "yAxis": [_upright(part, place) for place, part in enumerate(parts)],
        "tooltip": hover([(place, name, "transparent") for place, name in enumerate(names)], ""),
        "series": [series for place, part in enumerate(parts) for series in _drawn(part, place)],
        "media": on_phone(**places(heads, min(columns, PHONE_COLUMNS))),
    }


def _between(axis: Calendar) -> int:
    """Return steps between two dates on an axis."""
    years = axis.last - axis.first
    return (YEARS if years > YEARS else max(1, years // 2)) * YEAR // axis.step - 1


def _upright(part: Panel, place: int) -> Option:
    """Return the scale of a panel."""
    low, high = part.ends
    step = even(part.top if high is None else high)
    top = step * math.ceil((part.top if high is None else high) / step - 1e-9)
    return value_axis(part.unit, place, min=low or 0.0, max=float(f"{top:.6g}"), interval=step)


def even(value: float) -> float:
    """Return the step between the lines of a scale that reaches a value in at most so many."""
    if value <= 0.0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    sizes = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5)
    return float(f"{next(part * size for part in sizes if value <= STEPS * part * size):.6g}")


def _drawn(part: Panel, place: int) -> list[Option]:
    """Return what is drawn in a panel; the lines that hover boxes tell of come first."""
    home: dict[str, Any] = {"xAxisIndex": place, "yAxisIndex": place}
    line = {**home, "type": "line", "symbol": "none", "silent": True}
    found: list[Option] = []
    for number, (name, values) in enumerate(part.lines):
        style = {"color": INKED, "width": 1.4, "type": "dashed"} if number else {"color": part.shade, "width": 2.6}
        found.append({**line, "name": name, "data": values, "lineStyle": style, "itemStyle": {"color": style["color"]}})
    if part.band:
        found += _band(line, part.band, part.shade, place)
    if part.dots:
        look = {"color": GROUND, "borderColor": INKED, "borderWidth": 1.6, "opacity": 1}
        spots = [[*dot] for dot in part.dots]
        dots = {"type": "scatter", "name": "recorded", "data": spots, "symbolSize": DOT, "itemStyle": look, "z": 4}
        found.append({**home, **dots})
    return found


def _band(line: Option, ends: tuple[Values, Values], shade: str, place: int) -> list[Option]:
    """Return a band as an invisible line and what lies on top of it."""
    wide = [None if a is None or b is None else b - a for a, b in zip(*ends, strict=True)]
    under = {**line, "stack": f"band{place}", "lineStyle": {"opacity": 0}, "itemStyle": {"opacity": 0}}
    area = {"color": shade, "opacity": 0.25}
    return [
        {**under, "name": "low", "data": ends[0]},
        {**under, "name": "band", "data": rounded(wide, DIGITS), "areaStyle": area},
    ]


def places(heads: Sequence[str], columns: int) -> Option:
    """Return where panels and their names stand, in per cent of what there is."""
    wide, tall = 100.0 / columns, 100.0 / rows(len(heads), columns)
    spots = [divmod(place, columns) for place in range(len(heads))]
    side = 11.0 if columns == 1 else 12.0 if columns == PHONE_COLUMNS else 5.0
    grids = [
        {
            "left": f"{wide * column + side:.1f}%",
            "top": f"{tall * (row + 0.2):.1f}%",
            "width": f"{wide - side - 2:.1f}%",
            "height": f"{0.6 * tall:.1f}%",
        }
        for row, column in spots
    ]
    look = {"fontSize": SMALL, "fontWeight": "bold", "lineHeight": 15}
    titles = [
        {
            "text": head,
            "left": f"{wide * column + 0.8:.1f}%",
            "top": f"{tall * row:.1f}%",
            "padding": 2,
            "textStyle": look,
        }
        for head, (row, column) in zip(heads, spots, strict=True)
    ]
    return {"grid": grids, "title": titles}
