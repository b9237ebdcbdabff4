"""What happens when: dated policies and shocks as bars, and what governments that follow rules did as dots."""

import math
from datetime import date
from textwrap import shorten

import polars as pl

from abm.policies.instrument import Instrument
from experiments.app.charts.chart import SMALL, Case, Chart, Option, explained, on_phone, plain, tidy, value_axis, whole
from experiments.app.charts.finding import described, empty, sources
from experiments.app.charts.theme import INKED
from experiments.chart_words import listed
from experiments.palette import WORLD as GREY
from experiments.palette import colour

BAR, LETTERS, LONGEST, MOST_DEEDS = 26, 30, 200, 400
# A measure is never drawn shorter, years.
THINNEST = 0.05
STORED = ("name", "kind", "government", "start", "end", "story")


def timeline(case: Case, events: pl.DataFrame | None = None) -> Chart:
    """Return the dated policies and shocks of the last scenario, and the deeds of governments that follow rules.

    events  date, actor, target, good, instrument, why
    """
    scenario = case.scenarios[-1]
    acts = sorted((*scenario.policies, *scenario.shocks), key=lambda each: (each.start, each.name))
    if not acts:
        return empty("timeline", f"Nothing is dated in {case.name}", explained("timeline"))
    first, last = _year(scenario.start), _year(scenario.until) + 1.0 / 12.0
    title = _title(case, acts)
    rows = [_row(case, each) for each in acts]
    description = described(
        title,
        "; ".join(
            f"{row['name']} of {row['government']} from {row['start']} to {row['end'] or 'the end'}" for row in rows
        ),
    )
    deeds = [] if events is None else _deeds(case, events)
    option = _bars(acts, (first, last), deeds) | whole(description)
    table = pl.DataFrame(rows, schema=dict.fromkeys(STORED, pl.String))
    unit = "bars: when a measure is in force; colour: whose it is, grey a shock or nobody's"
    source = sources(case, sign="Dates: the scenario's own, with their sources in its file.")
    height = 70 + BAR * (len(acts) + bool(deeds))
    return Chart("timeline", title, unit, source, explained("timeline"), description, option, table, height)


def _title(case: Case, acts: list[Instrument]) -> str:
    """Return how many measures there are, and what comes first."""
    shocks = len(case.scenarios[-1].shocks)
    counted = [
        f"{count} {word}{'' if count == 1 else ending}"
        for count, word, ending in ((len(acts) - shocks, "polic", "ies"), (shocks, "shock", "s"))
        if count
    ]
    words = listed([each.replace("1 polic", "1 policy") for each in counted])
    return f"{case.name} has {words}; the first is {acts[0].name.replace('_', ' ')} in {acts[0].start:%B %Y}"


def _row(case: Case, act: Instrument) -> dict[str, str]:
    """Return what the table says of a measure."""
    who = getattr(act, "government", "")
    return {
        "name": act.name.replace("_", " "),
        "kind": act.kind.replace("_", " "),
        "government": case.title(who) if who else "nobody",
        "start": str(act.start),
        "end": str(act.end or ""),
        "story": act.story,
    }


def _year(day: date) -> float:
    """Return a day as a year with a fraction."""
    return day.year + (day.month - 1 + (day.day - 1) / 31.0) / 12.0


def _bars(acts: list[Instrument], ends: tuple[float, float], deeds: list[Option]) -> Option:
    """Return a bar for every measure, the first on top, and dots below them.

    ends  first and last year of the axis, with fractions
    """
    spans = [_span(act, ends) for act in reversed(acts)]
    bars = [_bar(act, end - start) for act, (start, end) in zip(reversed(acts), spans, strict=True)]
    names = [shorten(act.name.replace("_", " "), LETTERS, placeholder="...") for act in reversed(acts)]
    below = [tidy(start - int(ends[0])) for start, _ in spans]
    if deeds:
        names, below, bars = ["governments act", *names], [0.0, *below], [{"value": 0.0}, *bars]
    hidden = {"type": "bar", "stack": "time", "silent": True, "itemStyle": {"color": "transparent"}, "data": below}
    shown = {"type": "bar", "stack": "time", "barMaxWidth": 14, "data": bars}
    dots = {"type": "scatter", "data": deeds, "symbolSize": 8, "itemStyle": {"borderColor": INKED, "borderWidth": 1}}
    label = {"fontSize": SMALL, "width": 190, "overflow": "truncate"}
    box = {"trigger": "item", "confine": True, "extraCssText": "white-space:normal;max-width:320px"}
    return {
        "grid": {"left": 200, "right": 16, "top": 8, "bottom": 30},
        "xAxis": _years(int(ends[0]), math.ceil(ends[1])),
        "yAxis": {"type": "category", "data": names, "axisTick": {"show": False}, "axisLabel": label},
        "tooltip": box,
        "series": [hidden, shown, *([dots] if deeds else [])],
        "media": on_phone(grid={"left": 132}, yAxis={"axisLabel": {**label, "width": 122}}),
    }


def _years(first: int, after: int) -> list[Option]:
    """Return the axis that bars are drawn on, years since the first, and the one that names them."""
    names = [str(year) for year in range(first, after)]
    labels = {"fontSize": SMALL, "hideOverlap": True}
    scale = {**value_axis(), "min": 0, "max": after - first, "interval": 1, "axisLabel": {"show": False}}
    return [scale, {"type": "category", "position": "bottom", "data": names, "axisLabel": labels}]


def _span(act: Instrument, ends: tuple[float, float]) -> tuple[float, float]:
    """Return from when to when a measure is in force, within what is drawn."""
    start = min(max(_year(act.start), ends[0]), ends[1])
    return start, max(start + THINNEST, min(_year(act.end), ends[1]) if act.end else ends[1])


def _bar(act: Instrument, long: float) -> Option:
    """Return the bar of a measure, which tells its dates and its story."""
    government = str(getattr(act, "government", ""))
    until = f"{act.end:%d %B %Y}" if act.end else "the end"
    words = f"<b>{plain(act.name.replace('_', ' '))}</b>, {act.start:%d %B %Y} to {until}"
    story = f"<br>{plain(shorten(act.story, LONGEST, placeholder='...'))}" if act.story else ""
    look = {"color": colour(government) if government else GREY}
    return {"value": tidy(long), "itemStyle": look, "tooltip": {"formatter": f"{words}{story}"}}


def _deeds(case: Case, events: pl.DataFrame) -> list[Option]:
    """Return the deeds of the first run as dots on the lowest line."""
    first, since = events.filter(pl.col("run") == pl.col("run").min()).head(MOST_DEEDS), case.scenarios[-1].start.year
    return [
        {
            "value": [tidy(_year(row["date"]) - since), 0],
            "itemStyle": {"color": colour(row["actor"])},
            "tooltip": {"formatter": f"{row['date']:%B %Y}: {plain(row['why'])}"},
        }
        for row in first.to_dicts()
    ]
