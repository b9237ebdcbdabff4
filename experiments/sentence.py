"""The one plain sentence that leads a result."""

import math
from collections.abc import Sequence
from datetime import date

from abm.outline import Headline
from abm.places import called
from abm.world import World
from experiments.digest import Series, place, series_of
from experiments.summary import Summary, aimed
from experiments.verdict import MOST_RUNS, Gain, Spread

# Differences below this many percentage points are called none.
NOTHING = 0.05


def sentence(summary: Summary, world: World, spans: list[str]) -> str:
    """Return what the scenario's headline asks for, compared with the baseline.

    spans  names of the periods shown, the last being the one spoken of
    """
    told = summary.headline
    if told is None:
        return f"{summary.scenario.title}: {counted(summary.runs)}."
    series = series_of(told, world.goods)
    region = called(world.region_titles[world.regions.index(told.region)])
    value = summary.figure(*place(series, told.region, told.measure), spans[-1])
    lead = f"With {summary.scenario.name} {clause(told, series, region, value, spans)}"
    said = _share if told.measure == "share" else _worst
    return said(summary, series, told, lead, spans)


def clause(told: Headline, series: Series, region: str, value: Spread, spans: Sequence[str]) -> str:
    """Return a clause on what the headline asks for: who holds or makes, pays or gets how much.

    region  its name;  value  of the figure;  spans  names of the periods shown
    """
    if told.measure == "export_price":
        price = f"up to {value.mean:.1f} times {band(value)}the price of {spans[0]}"
        return f"buyers abroad pay {region} for {series.wares} {price}"
    if told.measure == "fill":
        part = f"{value.mean:.1f} % {band(value)}of the {series.wares}"
        return f"buyers in {region} get {part} they order in the worst month"
    return f"{region} {series.verb} {value.mean:.1f} % {band(value)}of the world's {series.phrase} in {spans[-1]}"


def _share(summary: Summary, series: Series, told: Headline, lead: str, spans: list[str]) -> str:
    """Return the sentence on a share of the world in the last period."""
    code = told.region
    start = summary.figure("share", series.code, code, spans[0])
    if summary.other is None:
        return f"{lead}, after {start.mean:.1f} % in {spans[0]}."
    gain = summary.figure("share", series.code, code, spans[-1], "gain_")
    if abs(gain.mean) < NOTHING:
        return f"{lead}, as much as without."
    word, sign = ("more", 1.0) if gain.mean > 0 else ("less", -1.0)
    ends = sorted((sign * gain.low, sign * gain.high))
    size = Spread(sign * gain.mean, ends[0], ends[1])
    return (
        f"{lead}, {size.mean:.1f} points {band(size)}{word} than without.{_bill(summary, series, gain.mean, spans[-1])}"
    )


def _bill(summary: Summary, series: Series, points: float, period: str) -> str:
    """Return a sentence on what governments spent more than in the baseline, in all and for each point of share.

    What is spent on other goods too has no price per point.
    """
    spent = summary.figure("public_spending", "all", "", period, "gain_")
    if spent.mean < 1.0:
        return ""
    factor, unit = scaled(spent.mean)
    each = (
        f", {spent.mean / factor / points:.1f} for each point"
        if points > 0 and summary.other and aimed(summary.scenario, summary.other, series)
        else ""
    )
    return f" Governments spend {spent.mean / factor:.1f} {unit} dollars more{each}."


def scaled(amount: float) -> tuple[float, str]:
    """Return by what an amount in M USD is divided to be read, and the word for that."""
    return (1.0, "million") if abs(amount) < 1000.0 else (1000.0, "billion")


def _worst(summary: Summary, series: Series, told: Headline, lead: str, spans: list[str]) -> str:
    """Return the sentence on the worst month of the whole run: the dearest, or that in which least was delivered."""
    month = summary.months.filter(scenario=summary.scenario.name)["headline_month"][0]
    often = f", most often in {month:%B %Y}" if month else ""
    if summary.other is None:
        return f"{lead}{often}."
    where = (*place(series, told.region, told.measure), spans[-1])
    value, without = summary.figure(*where), summary.figure(*where, "other_")
    if (figure(value.mean), band(value)) == (figure(without.mean), band(without)):
        return f"{lead}{often}, as much as without."
    up_to, unit = ("up to ", "times") if told.measure == "export_price" else ("", "%")
    return f"{lead}{often}; without, {up_to}{without.mean:.1f} {unit} {band(without)}".rstrip() + "."


def verdict(summary: Summary, gain: Gain) -> str:
    """Return from when on the difference of the headline is there for good, or that the runs are too few to tell it."""
    if gain.mean != 0.0 and math.isnan(gain.error):
        return "; a single run cannot tell that from chance"
    if gain.open:
        needed = _said(summary, "runs_needed")
        enough = f"about {needed:,.0f} would do" if needed else f"even {MOST_RUNS:,} would be"
        return f"; {counted(summary.runs)} are too few to tell that from none, {enough}"
    months = _said(summary, "months_to_effect")
    if months is None or gain.mean == 0.0:
        return ""
    first = summary.scenario.start.year * 12 + summary.scenario.start.month - 1 + round(months)
    return f", for good from {date(first // 12, first % 12 + 1, 1):%B %Y} on"


def bill(summary: Summary, series: Series, period: str) -> str:
    """Return sentences on what governments spend more, and what a point of share costs, with its interval."""
    spent = summary.gain("public_spending", "all", "", period)
    if abs(spent.mean) < 1.0 or summary.other is None:
        return ""
    factor, unit = scaled(spent.mean)
    error = "" if math.isnan(spent.error) else f" ± {figure(spent.error / factor)}"
    word = "more" if spent.mean > 0 else "less"
    lead = f" Governments spend {figure(abs(spent.mean) / factor)}{error} {unit} dollars {word}"
    if not aimed(summary.scenario, summary.other, series):
        return f"{lead}, for other goods too: no price of a point can be told."
    cost = summary.figures.filter(measure="cost_per_point")
    if not cost.height:
        return f"{lead}."
    mean, low, high = (
        math.nan if end is None else end / factor for end in cost.select("gain_mean", "gain_low", "gain_high").row(0)
    )
    return f"{lead}, {figure(mean)} {band(Spread(mean, low, high))}for each point."


def _said(summary: Summary, measure: str) -> float | None:
    """Return the one figure of a measure; none where nothing is known."""
    found = summary.figures.filter(measure=measure)
    return found["gain_mean"][0] if found.height else None


def band(spread: Spread, sign: str = "", digits: int = 1) -> str:
    """Return the range in brackets with a blank behind, or nothing where all runs agree.

    sign  ``+`` where every figure shows its sign
    """
    low, high = (figure(end, sign, digits) for end in (spread.low, spread.high))
    if low == high:
        return ""
    joint = " " if sign else " to " if spread.low < 0.0 else "-"
    return f"({low}{joint}{high}) "


def counted(runs: int) -> str:
    """Return a number of runs in words."""
    return "1 run" if runs == 1 else f"{runs} runs"


def figure(value: float, sign: str = "", digits: int = 1) -> str:
    """Return a number as text, zero without a sign and a dash where nothing is known."""
    if math.isnan(value):
        return "-"
    text = f"{value:{sign}.{digits}f}"
    return text.lstrip("+-") if float(text) == 0.0 else text
