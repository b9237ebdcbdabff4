"""What a chart is, and what all charts share: months, axes, hover boxes, sizes for a phone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from abm.scenario import Scenario
from abm.world import World
from experiments.app.texts import text
from experiments.chart_data import Story
from experiments.palette import WORLD as GREY

Option = dict[str, Any]
# Wide enough for names beside the lines; below it they stand in a legend.
PHONE = 620
# Letters smaller than this cannot be read from the back of a room.
SMALL, USUAL = 12, 13
QUARTER, YEAR = 3, 12
# From which NumPy counts months.
EPOCH = 1970


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as a card shows it.

    code         stable name, for files and the page
    title        the finding
    unit         of what is drawn
    source       one line: which runs, and where dots and marks come from
    explain      what it shows, how it is worked out, what not to conclude
    description  for those who cannot see it
    option       ECharts option; letters and lines that belong to no region have no colour yet (see theme.themed)
    table        the same figures
    height       pixels it wants;  tall  on a phone, where that is another
    """

    code: str
    title: str
    unit: str
    source: str
    explain: str
    description: str
    option: Option
    table: pl.DataFrame
    height: int = 420
    tall: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """What charts tell of.

    scenarios  the first is what the others are compared with, if there are more; the last is what was asked
    runs       of each
    figures    of the summary of the last scenario, with its difference to the first if there are two
    lead       what came out, in a sentence or two
    """

    scenarios: tuple[Scenario, ...]
    world: World
    runs: int
    seed: int
    figures: pl.DataFrame = field(default_factory=pl.DataFrame)
    lead: str = ""

    @property
    def story(self) -> Story:
        """The same as the words of pictures want it."""
        nothing = pl.DataFrame()
        return Story(self.scenarios, self.world, self.runs, self.seed, self.lead, nothing.lazy(), nothing)

    @property
    def name(self) -> str:
        """Name of the scenario that was asked."""
        return self.scenarios[-1].name

    def title(self, region: str) -> str:
        """Return the name of a region."""
        return self.world.region_titles[self.world.regions.index(region)]


def explained(code: str) -> str:
    """Return the paragraph that explains a chart."""
    return text("charts", code, "explain")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The steps of a chart's axis, in whole years.

    first, last  years;  step  months between two points
    """

    first: int
    last: int
    step: int = QUARTER

    @property
    def steps(self) -> list[date]:
        """First month of every step."""
        months = range(1, 13, self.step)
        return [date(year, month, 1) for year in range(self.first, self.last + 1) for month in months]

    @property
    def words(self) -> list[str]:
        """Every step as hover boxes name it."""
        if self.step == QUARTER:
            return [f"Q{day.month // QUARTER + 1} {day.year}" for day in self.steps]
        if self.step == YEAR:
            return [str(day.year) for day in self.steps]
        return [f"{day:%b %Y}" for day in self.steps]

    def of(self, day: date) -> date:
        """Return the step that a day lies in."""
        return date(day.year, (day.month - 1) // self.step * self.step + 1, 1)

    def along(self, frame: pl.DataFrame, *columns: str, digits: int = 4) -> list[list[float | None]]:
        """Return the means of some columns step by step, none where nothing is known.

        frame  date and the columns;  digits  that are kept
        """
        # A chart has dozens of short columns: arrays take a tenth of the time that queries would.
        months = frame["date"].to_numpy().astype("datetime64[M]").astype(np.int64) - 12 * (self.first - EPOCH)
        step, many = months // self.step, len(self.steps)
        return [rounded(_means(frame[column].to_numpy().astype(np.float64), step, many), digits) for column in columns]


def _means(values: npt.NDArray[np.float64], step: npt.NDArray[np.int64], many: int) -> list[float | None]:
    """Return the mean of what is known of every step, none where nothing is."""
    there = ~np.isnan(values) & (step >= 0) & (step < many)
    counts = np.bincount(step[there], minlength=many)
    sums = np.bincount(step[there], values[there], minlength=many)
    return [float(total / count) if count else None for total, count in zip(sums, counts, strict=True)]


def calendar(frame: pl.DataFrame, step: int = QUARTER, since: date | None = None) -> Calendar:
    """Return the calendar of a frame's dates; ``since`` is an earlier day that is to be on it."""
    days = frame["date"]
    first, last = days.min(), days.max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    return Calendar(min(first, since or first).year, last.year, step)


def rounded(values: Iterable[float | None], digits: int = 4) -> list[float | None]:
    """Return numbers with so many digits, as plain as they can be written."""
    return [None if value is None else tidy(value, digits) for value in values]


def tidy(value: float, digits: int = 4) -> float:
    """Return a number with so many digits, whole where it is."""
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() else short


def years_axis(calendar: Calendar, place: int = 0) -> list[Option]:
    """Return two axes on one line: the steps, which hover boxes name, and below them the years.

    place  of the grid
    """
    years = [str(year) for year in range(calendar.first, calendar.last + 1)]
    shared = {"type": "category", "gridIndex": place, "axisTick": {"show": False}, "position": "bottom"}
    hidden = {"axisLabel": {"show": False}, "axisLine": {"show": False}}
    shown = {"axisLabel": {"hideOverlap": True, "fontSize": SMALL, "margin": 10}, "axisPointer": {"show": False}}
    return [{**shared, **hidden, "data": calendar.words}, {**shared, **shown, "data": years}]


def value_axis(unit: str = "", place: int = 0, **more: object) -> Option:
    """Return an upright axis.

    unit  written behind the numbers, with its blank in front
    """
    label = {"formatter": f"{{value}}{unit}", "fontSize": SMALL}
    return {"type": "value", "gridIndex": place, "splitNumber": 4, "axisLabel": label, **more}


def hover(lines: Sequence[tuple[int, str, str]], unit: str) -> Option:
    """Return the box that appears over a step, with a line for some of the series in it.

    lines  number of a series in the box, what it is called, and its colour
    unit   behind each number, with its blank in front
    """
    told = "<br>".join(f"{dot(shade)}{plain(name)}: <b>{{c{place}}}</b>{unit}" for place, name, shade in lines)
    return {"trigger": "axis", "confine": True, "formatter": f"{{b0}}<br>{told}", "textStyle": {"fontSize": USUAL}}


def plain(words: str) -> str:
    """Return words as a hover box may show them: no markup, and nothing that is filled in."""
    return escape(words).replace("{", "&#123;").replace("}", "&#125;")


def dot(shade: str) -> str:
    """Return a dot of a colour for hover boxes."""
    style = "display:inline-block;width:10px;height:10px;border-radius:5px;margin-right:6px;border:1px solid #8a8a8a"
    return f'<span style="{style};background:{shade}"></span>'


def whole(description: str, **parts: object) -> Option:
    """Return an option with what every chart has: a description for screen readers, and no delay."""
    aria = {"enabled": True, "label": {"enabled": True, "description": description}}
    return {"aria": aria, "animationDuration": 300, "animationDurationUpdate": 300, **parts}


def on_phone(**parts: object) -> list[Option]:
    """Return what is otherwise where there is little room."""
    return [{"query": {"maxWidth": PHONE}, "option": parts}]


def legend(names: Sequence[str] | Sequence[Mapping[str, Any]], **more: object) -> Option:
    """Return a legend that cannot be clicked: what is drawn is always what the table holds."""
    box = {"itemWidth": 16, "itemHeight": 10, "itemGap": 12, "textStyle": {"fontSize": SMALL}}
    return {"show": True, "selectedMode": False, "data": [*names], "top": 0, "left": 0, **box, **more}


def mark(day: date, calendar: Calendar, words: str) -> Option:
    """Return an upright line with its words at a step of the axis."""
    label = {"formatter": words, "position": "insideEndTop", "fontSize": SMALL}
    return {"xAxis": calendar.steps.index(calendar.of(day)), "label": label, "lineStyle": {"color": GREY, "width": 1}}
