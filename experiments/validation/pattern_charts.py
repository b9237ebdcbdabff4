"""Charts of the patterns: the spike of 2011, who turned away, orders up the chain, and the shortage of 2021."""

from collections.abc import Mapping
from functools import partial
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from experiments.chart_frame import FIGURES_SIZE, FOOT_SIZE, KEY_SIZE, PANEL_SIZE, sheet
from experiments.palette import DASHED, INK, QUIET, REGIONS, WORLD, Dashes
from experiments.sweeping_analysis.charts import Axes, Chart, axes
from experiments.validation import pattern_decade as decade
from experiments.validation import pattern_minerals as minerals
from experiments.validation.pattern_bands import Check, spread
from experiments.validation.pattern_sums import CARS, Array, Lived, Seen

Checks = Mapping[str, Mapping[str, Check]]
MODEL, OTHER = REGIONS["US"], REGIONS["AU"]
CHINA, JAPAN = REGIONS["CN"], REGIONS["JP"]
BAND = "Band: nine runs in ten."
NAMES = {
    "car_electric": "electric cars",
    "cell": "cells",
    "cell_component": "cell components",
    "battery_chemical": "battery chemicals",
    "battery_ore": "battery ore",
}


def charts(seen: Seen, checks: Checks) -> list[Chart]:
    """Return the charts of the section."""
    return [_spike(seen, checks), _turning(seen, checks), _tiers(seen, checks), _shortage(seen, checks)]


def years(lived: Lived) -> Array:
    """Return the middle of every month as a year and its part."""
    return np.array([month.year + (month.month - 0.5) / 12.0 for month in lived.months])


def band(where: Axes, time: Array, values: Array, tint: str, **line: Dashes | str | float) -> None:
    """Draw mean and range of nine runs in ten (month, run)."""
    low, high = np.quantile(values, (0.05, 0.95), axis=1)
    where.fill_between(time, low, high, color=tint, alpha=0.2, linewidth=0.0)
    where.plot(time, values.mean(1), color=tint, linewidth=2.4, **line)


def _spike(seen: Seen, checks: Checks) -> Chart:
    """Return the price of Nd oxide in the model and in the world."""
    check = checks["P5"]["points"]
    path = minerals.price_path(seen, check)
    off = {when: float(np.exp(abs(np.log(path[when].mean() / told)))) for when, told in check.points.items()}
    near = sum(factor <= check.high for factor in off.values())
    title = f"Rare earths after the quota: {near} of {len(off)} prices lie within a factor {check.high:g}"
    if near < len(off):
        missed = [when for when, factor in off.items() if factor > check.high]
        title += f", {' and '.join(missed)} do not"
    return Chart("patterns-spike", title, partial(draw_spike, seen, check, title))


def draw_spike(seen: Seen, check: Check, title: str) -> Figure:
    """Return the price at home and abroad on a logarithmic scale, and the dated points with their factor."""
    lived = minerals.embargo(seen, check)
    abroad, home = minerals.abroad_price(lived), minerals.home_price(lived)
    (first, told), *_ = check.points.items()
    scale = told / abroad[lived.at(first)].mean(0)
    below = (
        f"Price of NdPr and Dy oxide in China, set to {told:g} USD/kg in {first}; dots: Nd oxide as observed, with a "
        f"factor {check.high:g} to either side."
    )
    page = sheet(title, f"{BAND} {abroad.shape[1]} runs. Observed: {check.source}.", below)
    where = axes(page, (0.06, page.bottom + 0.05, 0.92, page.top - page.bottom - 0.07))
    time = years(lived)
    where.set_yscale("log")
    band(where, time, scale * abroad, CHINA, label="asked for export")
    band(where, time, scale * home, OTHER, label="asked at home", linestyle=DASHED)
    for when, value in check.points.items():
        at = time[lived.at(when)].mean()
        ends = [[value * (1.0 - 1.0 / check.high)], [value * (check.high - 1.0)]]
        where.errorbar([at], [value], yerr=ends, fmt="o", color=INK, markersize=8.0, elinewidth=1.4, capsize=4.0)
        where.annotate(f"{value:g}", (at, value), (9, 6), textcoords="offset points", fontsize=FIGURES_SIZE, color=INK)
    where.legend(loc="upper right", fontsize=KEY_SIZE)
    where.set_yticks([10, 20, 50, 100, 200], ["10", "20", "50", "100", "200"])
    where.minorticks_off()
    where.set_ylabel("USD/kg", fontsize=FOOT_SIZE, color=QUIET)
    where.set_xlim(time[0], time[-1])
    return page.figure


def _turning(seen: Seen, checks: Checks) -> Chart:
    """Return how Japan's purchases, mines and refineries turn away from China."""
    told = {name: float(minerals.from_china(seen, checks["P6"][name]).mean()) for name in ("in_2012", "in_2019")}
    title = (
        f"Japan still buys {told['in_2012']:.0f} % of its rare earths from China in 2012 and {told['in_2019']:.0f} % "
        "in 2019: mines elsewhere take years, and refineries follow them"
    )
    return Chart("patterns-turning-away", title, partial(draw_turning, seen, checks, title))


def draw_turning(seen: Seen, checks: Checks, title: str) -> Figure:
    """Return Japan's share by year with the bands of the checks, and shares outside China by month."""
    check = checks["P6"]["least"]
    lived = minerals.embargo(seen, check)
    page = sheet(title, f"{BAND} Boxes: bands of the checks. Patterns P6 and P7.")
    high = page.top - page.bottom - 0.13
    left, right = (axes(page, (corner, page.bottom + 0.05, 0.43, high)) for corner in (0.05, 0.55))
    first, _, last = check.window.partition(" to ")
    every = range(int(first), int(last) + 1)
    shares = np.array([minerals.from_china(seen, check, str(year)) for year in every])
    band(left, np.array(every) + 0.5, shares, JAPAN, marker="o")
    for name in ("in_2012", "in_2019"):
        asked = checks["P6"][name]
        low, at = asked.low, int(asked.window)
        left.fill_between([at, at + 1.0], low, asked.high, color=INK, alpha=0.18, linewidth=0.0)
    left.axhline(check.low, color=INK, linestyle=DASHED, linewidth=1.2)
    left.text(every[0], check.low + 1.5, "never less", fontsize=FOOT_SIZE, color=QUIET)
    left.set_ylim(0.0, 100.0)
    left.set_title("Japan's imports of oxide from China, %", loc="left", fontsize=PANEL_SIZE, weight="bold")
    time = years(lived)
    for good, words, tint in ((minerals.MINE, "mining", OTHER), (minerals.REFINERY, "separation", CHINA)):
        share = 100.0 * minerals.outside(lived, "output", good)
        band(right, time, share, tint, label=words)
    right.set_ylim(bottom=0.0)
    right.legend(loc="upper left", fontsize=KEY_SIZE)
    right.set_title("Outside China, % of the world's output", loc="left", fontsize=PANEL_SIZE, weight="bold")
    return page.figure


def _tiers(seen: Seen, checks: Checks) -> Chart:
    """Return how orders swing up the chain."""
    check = checks["P1"]["upstream"]
    told = [float(decade.swings(seen, check, decade.BASE, good).mean()) for good in decade.TIERS]
    steps = sum(up >= down for down, up in pairwise(told))
    title = (
        f"Orders swing more at {steps} of {len(told) - 1} steps up the battery chain, "
        f"{told[-1] / told[1]:.1f} times as much for ore as for cells"
    )
    return Chart("patterns-bullwhip", title, partial(draw_tiers, seen, check, title))


def draw_tiers(seen: Seen, check: Check, title: str) -> Figure:
    """Return the swing of orders at every tier, with and without shared information."""
    page = sheet(
        title,
        f"Lines: nine runs in ten. {check.window}. Pattern P1.",
        "Standard deviation of monthly changes of the world's orders, %.",
    )
    where = axes(page, (0.2, page.bottom + 0.05, 0.76, page.top - page.bottom - 0.09))
    for scenario, tint, words, shift in (
        (decade.BASE, WORLD, "baseline", -0.19),
        (decade.SHARED, MODEL, "allies share what final buyers want", 0.19),
    ):
        for place, good in enumerate(decade.TIERS):
            swings = 100.0 * decade.swings(seen, check, scenario, good)
            mean, (low, high) = float(swings.mean()), spread(swings)
            where.barh(place + shift, mean, height=0.34, color=tint, label=words if place == 0 else None)
            where.plot([low, high], [place + shift] * 2, color=INK, linewidth=1.6)
            where.text(high, place + shift, f"  {mean:.2f}", va="center", fontsize=FIGURES_SIZE, color=QUIET)
    where.set_yticks(range(len(decade.TIERS)), [NAMES[good] for good in decade.TIERS], fontsize=KEY_SIZE)
    where.invert_yaxis()
    where.grid(visible=False, axis="y")
    where.legend(loc="center right", fontsize=KEY_SIZE)
    return page.figure


def _shortage(seen: Seen, checks: Checks) -> Chart:
    """Return the shortage of 2021 in fabs, at carmakers and at dealers."""
    told = {name: float(measure(seen, checks["P8"][name]).mean()) for name, measure in _OF_SHORTAGE.items()}
    title = (
        f"The shortage of 2021: fabs reach {told['utilisation']:.0f} % utilisation, carmakers' stock of chips falls to "
        f"{told['stock']:.0f} days, and {told['lost']:.1f} million cars are not bought that year"
    )
    return Chart("patterns-shortage", title, partial(draw_shortage, seen, checks["P8"], title))


_OF_SHORTAGE = {"utilisation": decade.fullest, "stock": decade.emptiest, "lost": decade.cars_lost}


def draw_shortage(seen: Seen, checks: Mapping[str, Check], title: str) -> Figure:
    """Return utilisation, carmakers' stock and cars bought, month by month, beside what the checks ask for."""
    plan = checks["stock"].plan
    short, base = (seen.lived(plan, scenario) for scenario in (decade.SHORT, decade.BASE))
    page = sheet(title, f"{BAND} Dashed: baseline. Dotted: what the check asks for. Pattern P8.")
    span = slice(0, 36)
    time, high = years(short)[span], page.top - page.bottom - 0.13
    told = (
        (
            "Utilisation of all fabs, %",
            [100.0 * decade.used(each) for each in (short, base)],
            checks["utilisation"].low,
        ),
        (
            "Carmakers' stock of chips, days",
            [each.mean("stock_days", "demand", "chip_auto") for each in (short, base)],
            checks["stock"].high,
        ),
        ("Cars bought, million a month", [each.series("consumption", CARS) / 1000.0 for each in (short, base)], None),
    )
    for place, (words, (with_, without), level) in enumerate(told):
        where = axes(page, (0.05 + place * 0.323, page.bottom + 0.05, 0.275, high))
        band(where, time, with_[span], MODEL)
        where.plot(time, without[span].mean(1), color=WORLD, linestyle=DASHED, linewidth=1.8)
        if level is not None:
            where.axhline(level, color=INK, linestyle="dotted", linewidth=1.4)
        where.set_title(words, loc="left", fontsize=KEY_SIZE, weight="bold")
        where.set_xticks([2020, 2021, 2022, 2023])
        if level == checks["stock"].high:
            where.set_ylim(bottom=0.0)
    return page.figure
