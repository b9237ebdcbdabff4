"""A chart as a card: the finding, what is drawn, its source, an explanation, the figures, and both to take away."""

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
import solara

from experiments.app.charts.chart import Chart
from experiments.app.charts.theme import themed
from experiments.app.components.theme import use_dark
from experiments.app.texts import section, text

# Rows that a browser is sent as a table; a file holds all of them.
MOST_ROWS = 200
DIGITS = 5
# What a card takes over from a chart as it is.
SAID = ("code", "title", "unit", "source", "explain", "description", "height")


@solara.component_vue("chart_card.vue")
def _Card(
    *,
    code: str,
    name: str,
    title: str,
    unit: str,
    source: str,
    explain: str,
    description: str,
    option: str,
    height: int,
    words: object,
    height_narrow: int = 0,
    level: int = 2,
    old: bool = False,
    maps: str = "",
    table: str = "",
    file: object = None,
    event_want: Callable[[str], None] | None = None,
    event_clicked: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Draw a card in the browser; what is large comes as JSON, which the server need not search for components."""


@solara.component
def ChartCard(
    chart: Chart,
    old: bool = False,
    level: int = 2,
    maps: str = "",
    on_click: Callable[[dict[str, Any]], None] = lambda _: None,
) -> None:
    """Show a chart.

    old       whether a newer one is being worked out
    level     of its heading: 2 or 3
    maps      shapes that its option names, as JSON by name
    on_click  told what of it is clicked: name, series and data
    """
    wanted, set_wanted = solara.use_state("")
    option = _themed(chart)
    table = solara.use_memo(lambda: json.dumps(_sheet(chart.table)) if wanted == "table" else "", [chart, wanted])
    file: solara.Reactive[Any] = solara.use_reactive(None)

    def want(what: str) -> None:
        """Send what the browser asks for."""
        if what == "csv":
            file.set(_file(chart, file.value))
        else:
            set_wanted(what)

    _Card(
        **{name: getattr(chart, name) for name in SAID},
        name=chart.code,
        option=option,
        height_narrow=chart.tall,
        words=section("card"),
        level=level,
        old=old,
        maps=maps,
        table=table,
        file=file.value,
        event_want=want,
        event_clicked=on_click,
    )


def _sheet(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the figures of a chart as rows of text."""
    rows = [[_cell(value) for value in row] for row in frame.head(MOST_ROWS).rows()]
    left = text("card", "left").format(count=frame.height - MOST_ROWS) if frame.height > MOST_ROWS else ""
    return {"columns": frame.columns, "rows": rows, "left": left}


def _themed(chart: Chart) -> str:
    """Return the option of a chart in the colours of the tab, as JSON."""
    dark = use_dark()
    found: str = solara.use_memo(lambda: _written(Same(chart), dark), [chart, dark])
    return found


class Same:
    """A chart that equals itself alone, so that what is made of it can be kept."""

    def __init__(self, chart: Chart) -> None:
        """Hold it."""
        self.chart = chart

    def __eq__(self, other: object) -> bool:
        """Return whether it is the very same."""
        return isinstance(other, Same) and other.chart is self.chart

    def __hash__(self) -> int:
        """Return a number of its own."""
        return id(self.chart)


@lru_cache(maxsize=512)
def _written(same: Same, dark: bool) -> str:
    """Return the option of a chart as JSON, written once for all who look at it."""
    return json.dumps(themed(same.chart.option, dark=dark))


def _file(chart: Chart, last: dict[str, Any] | None) -> dict[str, Any]:
    """Return the figures of a chart as a file; one that is asked for again is another one.

    last  file that was sent before
    """
    number = last["number"] + 1 if last else 0
    return {"name": f"{chart.code}.csv", "text": chart.table.write_csv(), "number": number}


def _cell(value: object) -> str:
    """Return a figure as people read it."""
    if isinstance(value, date):
        return f"{value:%b %Y}"
    if isinstance(value, float):
        return f"{value:,.{DIGITS}g}"
    return "" if value is None else str(value)
