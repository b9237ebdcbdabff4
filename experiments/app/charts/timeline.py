"""What happens when: dated policies and shocks as bars, and what governments that follow rules did as dots."""

from datetime import date
from textwrap import shorten

import polars as pl

from abm.policies.instrument import Instrument
from experiments.app.charts.chart import SMALL, Case, Chart, Option, explained, on_phone, tidy, value_axis, whole
from experiments.app.charts.finding import described, empty, sources
from experiments.app.charts.theme import INKED
from experiments.chart_words import listed
from experiments.palette import WORLD as GREY
from experiments.palette import colour

BAR, LETTERS, MOST_DEEDS = 26, 30, 400
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
    """Return a bar for every measure, the first on top."""
    below, bars = [], []
    for act in reversed(acts):
        start = min(max(_year(act.start), ends[0]), ends[1])
        until = min(_year(act.end), ends[1]) if act.end else ends[1]
        shade = colour(str(who)) if (who := getattr(act, "government", "")) else GREY
        words = (
            f"{act.name.replace('_', ' ')}, {act.start:%d %B %Y} to {f'{act.end:%d %B %Y}' if act.end else 'the end'}"
        )
        told = f"<b>{words}</b><br>{shorten(act.story, 200, placeholder='...')}" if act.story else words
        below.append(tidy(start, 6))
        bars.append(
            {"value": tidy(max(until - start, 0.04), 4), "itemStyle": {"color": shade}, "tooltip": {"formatter": told}}
        )
    names = [shorten(act.name.replace("_", " "), LETTERS, placeholder="...") for act in reversed(acts)]
    hidden = {"type": "bar", "stack": "time", "silent": True, "itemStyle": {"color": "transparent"}}
    shown = {"type": "bar", "stack": "time", "barMaxWidth": 14}
    years = {**value_axis(), "min": int(ends[0]), "max": tidy(ends[1], 6), "interval": 1}
    if deeds:
        names, below, bars = ["governments act", *names], [0.0, *below], [{"value": 0.0}, *bars]
    label = {"fontSize": SMALL, "width": 190, "overflow": "truncate"}
    dots = {
        "type": "scatter",
        "data": deeds,
        "symbolSize": 8,
        "itemStyle": {"opacity": 0.8, "borderColor": INKED, "borderWidth": 1},
    }
    return {
        "grid": {"left": 200, "right": 16, "top": 8, "bottom": 30},
        "xAxis": {**years, "axisLabel": {"formatter": "{value}", "fontSize": SMALL, "hideOverlap": True}},
        "yAxis": {"type": "category", "data": names, "axisTick": {"show": False}, "axisLabel": label},
        "tooltip": {
            "trigger": "item",
            "confine": True,
            "textStyle": {"width": 320, "overflow": "break"},
            "extraCssText": "white-space:normal;max-width:320px",
        },
        "series": [{**hidden, "data": below}, {**shown, "data": bars}, *([dots] if deeds else [])],
        "media": on_phone(grid={"left": 132}, yAxis={"axisLabel": {**label, "width": 122}}),
    }


def _deeds(case: Case, events: pl.DataFrame) -> list[Option]:
    """Return the deeds of the first run as dots on the lowest line."""
    first = events.filter(pl.col("run") == pl.col("run").min()).head(MOST_DEEDS)
    return [
        {
            "value": [tidy(_year(row["date"]), 6), 0],
            "itemStyle": {"color": colour(row["actor"])},
            "tooltip": {"formatter": f"{row['date']:%B %Y}: {row['why']}"},
        }
        for row in first.to_dicts()
        if row["actor"] in case.world.regions
    ]
