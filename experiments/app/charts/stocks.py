"""For how long what buyers have in store would last."""

import polars as pl

from abm.places import called
from abm.world import World
from experiments.app.charts.chart import Calendar, Case, Chart, calendar, explained, whole
from experiments.app.charts.finding import described, sources
from experiments.app.charts.panels import DIGITS, PHONE_COLUMNS, ROW, Panel, panels, rows
from experiments.app.charts.prices import dashed
from experiments.chart_words import capital
from experiments.palette import colour

# Regions that are drawn, and panels beside each other.
BUYERS, COLUMNS = 6, 3


def stocks(case: Case, frame: pl.DataFrame, good: str) -> Chart:
    """Return days of use that buyers have in stock, in the regions that buy most at the start.

    frame  days of use: date, good, region, scenario, low, mid, high;  good  its code
    """
    shown = buyers(case.world, good)
    found = frame.filter(pl.col("region").is_in(shown), good=good).drop_nulls("mid")
    axis, ware = calendar(found), case.story.good(good)
    shown = [region for region in shown if region in found["region"].unique()]
    least = found.filter(scenario=case.name).sort("mid", "date", "region").row(0, named=True)
    where = capital(called(case.title(least["region"])))
    title = f"{where} has the smallest stock of {ware}: {least['mid']:.0f} days of use in {least['date']:%B %Y}"
    parts = [_panel(case, found.filter(region=region), axis, region) for region in shown]
    description = described(title)
    sign = "Lines: mean of the runs; band: 8 runs in 10." if case.runs > 1 else "Lines: one run."
    return Chart(
        f"stocks_{good}",
        title,
        f"Stock of {ware} in buyers' hands, days of use; solid {case.name}{dashed(case)}",
        sources(case, sign=sign),
        explained("stocks"),
        description,
        panels(axis, parts, COLUMNS) | whole(description),
        found.select("date", "region", "scenario", "low", "mid", "high"),
        rows(len(parts), COLUMNS) * ROW,
        rows(len(parts), PHONE_COLUMNS) * ROW,
    )


def _panel(case: Case, found: pl.DataFrame, axis: Calendar, region: str) -> Panel:
    """Return the panel of a region.

    found  its stocks
    """
    low, mid, high = axis.along(found.filter(scenario=case.name), "low", "mid", "high", digits=DIGITS)
    lines = [(case.name, mid)]
    if len(case.scenarios) > 1:
        other = case.scenarios[0].name
        lines.append((other, axis.along(found.filter(scenario=other), "mid", digits=DIGITS)[0]))
    return Panel(case.title(region), tuple(lines), colour(region), (low, high) if case.runs > 1 else None, unit="")


def buyers(world: World, good: str) -> list[str]:
    """Return the regions that want most of a good: final buyers, else those that make most of what it goes into."""
    place = world.goods.code.index(good)
    users = {int(world.recipes.good[user]) for user in world.recipes.user[world.recipes.input == place]}
    wants = {
        region: float(world.demand.final[place, at]) or sum(float(world.share[user, at]) for user in sorted(users))
        for at, region in enumerate(world.regions)
    }
    return sorted(world.regions, key=lambda region: -wants[region])[:BUYERS]
