"""How sure: every region on its own, mean and band of the runs, policy against baseline under the same luck."""

import polars as pl

from experiments.app.charts.chart import Calendar, Case, Chart, calendar, explained, whole
from experiments.app.charts.finding import described, movements_told, series_named, shares_told, sources
from experiments.app.charts.panels import COLUMNS, DIGITS, PHONE_COLUMNS, ROW, Panel, panels, rows
from experiments.app.charts.record import recorded
from experiments.chart_words import known, spoken_of
from experiments.palette import colour

# A region under this share throughout, in %, is not drawn, nor are more than these.
LEAST, MOST = 1.0, 8


def bands(case: Case, frame: pl.DataFrame, code: str) -> Chart:
    """Return small multiples of the share of every region that matters: mean and band, first scenario dashed.

    frame  share of the world in %: date, good, region, scenario, low, mid, high
    code   of the series
    """
    series, said = series_named(code), shares_told(case, series_named(code))
    found = frame.filter(good=code)
    axis = calendar(found)
    shown = _shown(case, found, spoken_of(case.story, series, said))
    title = movements_told(case, series, said)
    parts = [_panel(case, found.filter(region=region), axis, _head(case, region, said.end)) for region in shown]
    description = described(title, "; ".join(part.head for part in parts))
    option = panels(axis, parts) | whole(description)
    rival = f", dashed and in brackets {case.scenarios[0].name}" if len(case.scenarios) > 1 else ""
    unit = f"% of the world's {series.phrase}, each region on a scale of its own; solid {case.name}{rival}"
    dots = ["Dots: recorded shares up to 2021."] if any(part.dots for part in parts) else []
    band = "Lines: mean of the runs; band: 8 runs in 10." if case.runs > 1 else "Lines: one run."
    table = found.filter(pl.col("region").is_in(shown)).select("date", "region", "scenario", "low", "mid", "high")
    return Chart(
        f"bands_{code}",
        title,
        unit,
        sources(case, *dots, sign=band),
        explained("bands"),
        description,
        option,
        table,
        rows(len(parts), COLUMNS) * ROW,
        rows(len(parts), PHONE_COLUMNS) * ROW,
    )


def _shown(case: Case, found: pl.DataFrame, named: set[str]) -> list[str]:
    """Return the regions that matter, the largest first.

    named  regions that are shown in any case
    """
    high = {str(region): float(top or 0.0) for region, top in found.group_by("region").agg(pl.col("high").max()).rows()}
    order = sorted(case.world.regions, key=lambda region: -high.get(region, 0.0))
    large = [region for region in order if high.get(region, 0.0) >= LEAST or region in named]
    rest = [region for region in large if region not in named][: MOST - len(named)]
    return [region for region in large if region in named or region in rest]


def _head(case: Case, region: str, ends: dict[str, dict[str, float]]) -> str:
    """Return the name of a region and its share at the end, in both scenarios."""
    words = f"{case.title(region)} {known(ends[case.name].get(region)):.1f} %"
    if len(case.scenarios) == 1:
        return words
    return f"{words} ({known(ends[case.scenarios[0].name].get(region)):.1f})"


def _panel(case: Case, found: pl.DataFrame, axis: Calendar, head: str) -> Panel:
    """Return the panel of a region.

    found  its shares
    """
    low, mid, high = axis.along(found.filter(scenario=case.name), "low", "mid", "high", digits=DIGITS)
    region, code = str(found["region"][0]), str(found["good"][0])
    lines = [(case.name, mid)]
    if len(case.scenarios) > 1:
        other = case.scenarios[0].name
        lines.append((other, axis.along(found.filter(scenario=other), "mid", digits=DIGITS)[0]))
    dots = [each for each in recorded(code) if each.region == region and axis.of(each.day) in axis.steps]
    spots = tuple((axis.steps.index(axis.of(each.day)), each.value) for each in dots)
    return Panel(head, tuple(lines), colour(region), (low, high) if case.runs > 1 else None, spots)
