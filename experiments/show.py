"""The result on a terminal of 80 columns, or in a pipe."""

from math import fsum

from rich.console import Console
from rich.table import Table
from rich.text import Text

from abm.world import World
from experiments.digest import SERIES, Series
from experiments.layout import WIDEST, ruled
from experiments.sentence import band, counted, figure, sentence
from experiments.summary import Summary
from experiments.verdict import Spread

# Regions that never reach this share, in %, are shown together.
SMALL = 1.0
# Fewer projects than these are shown with a decimal: the mean of runs in which one was built or none is not none.
FEW = 10.0
ALSO = ("car_combustion", "device")
SHOWN = tuple(dict.fromkeys([*(good for series in SERIES for good in series.goods), *ALSO]))


def show(console: Console, summary: Summary, world: World, spans: list[str]) -> None:
    """Print the leading sentence, then shares, prices, shortages and money.

    spans  names of the periods shown
    """
    scenario = summary.scenario
    console.print(Text(sentence(summary, world, spans), style="bold"), width=WIDEST)
    company = f" and of {summary.other.name} under the same luck" if summary.other else ""
    told = f"{counted(summary.runs)} of {scenario.name}{company}, {scenario.start:%B %Y} to {scenario.until:%B %Y}."
    if summary.runs > 1:
        told += " In brackets: the range of 8 runs in 10."
    console.print(Text(told, style="dim"), width=WIDEST)
    for series in sorted(SERIES, key=lambda series: _chain(series) != _spoken_of(summary)):
        if set(series.goods) <= set(world.goods.code):
            console.print(_shares(summary, series, world, spans))
    goods = {code: title.split(" (")[0] for code, title in zip(world.goods.code, world.goods.title, strict=True)}
    shown = {code: goods[code] for code in SHOWN if code in goods}
    console.print(_prices(summary, shown, spans))
    console.print(_shortages(summary, shown, spans))
    console.print(_money(summary, spans))


def _chain(series: Series) -> str:
    """Return the first word of a series' title, which names its chain."""
    return series.title.partition(":")[0]


def _spoken_of(summary: Summary) -> str:
    """Return the chain that the headline speaks of; the tables begin with it."""
    code = summary.headline.chain if summary.headline else ""
    return next((_chain(series) for series in SERIES if series.code == code), "")


def _shares(summary: Summary, series: Series, world: World, spans: list[str]) -> Table:
    """Return the table of one series: every region's share, the largest first."""
    means = {code: [summary.figure("share", series.code, code, span).mean for span in spans] for code in world.regions}
    order = sorted(world.regions, key=lambda code: -means[code][-1])
    large = [code for code in order if max(means[code]) >= SMALL]
    versus = ["difference"] if summary.other else []
    table = ruled(f"{series.title}, % of the world", [""], ["start", *spans[1:], *versus])
    for code in large:
        figures = [_banded(summary.figure("share", series.code, code, span)) for span in spans]
        figures[0] = f"{means[code][0]:.1f}"
        if summary.other:
            figures.append(_banded(summary.figure("share", series.code, code, spans[-1], "gain_"), "+"))
        table.add_row(world.region_titles[world.regions.index(code)], *figures)
    rest = [fsum(means[code][place] for code in order if code not in large) for place in range(len(spans))]
    if max(rest) >= 0.05:
        table.add_row("others", *(f"{mean:.1f}" for mean in rest))
    return table


def _prices(summary: Summary, goods: dict[str, str], spans: list[str]) -> Table:
    """Return the table of prices: what buyers pay at the end, and the highest export price on the way."""
    versus = ["difference"] if summary.other else []
    table = ruled("Prices, start = 1", [""], [f"paid in {spans[-1]}", *versus, "peak abroad", "in"])
    for code, title in goods.items():
        figures = [_banded(summary.figure("price", code, "", spans[-1]), "", 2)]
        if summary.other:
            figures.append(figure(summary.figure("price", code, "", spans[-1], "gain_").mean, "+", 2))
        peak = summary.figure("peak", code, "", spans[-1])
        table.add_row(title, *figures, figure(peak.mean, digits=2), _month(summary, code, "peak_month"))
    return table


def _shortages(summary: Summary, goods: dict[str, str], spans: list[str]) -> Table:
    """Return the table of shortages: the worst month of any region, and what was never sold."""
    versus = ["diff."] if summary.other else []
    columns = ["orders filled", "mostly in", "lost", *versus]
    table = ruled("Shortages: the worst month of any region, and final demand lost, %", [""], columns)
    for code, title in goods.items():
        fill, lost = (_scaled(100.0, summary.figure(column, code, "", spans[-1])) for column in ("fill", "lost"))
        place = summary.months.filter(scenario=summary.scenario.name, good=code)["fill_region"]
        when = f"{place[0]} {_month(summary, code, 'fill_month')}" if place[0] else ""
        figures = [_banded(fill), when, figure(lost.mean, digits=2)]
        if summary.other:
            gain = summary.figure("lost", code, "", spans[-1], "gain_")
            figures.append(figure(100.0 * gain.mean, "+", 2))
        table.add_row(title, *figures)
    return table


def _money(summary: Summary, spans: list[str]) -> Table:
    """Return the table of programmes: what each government paid, has left and took in."""
    versus = ["baseline"] if summary.other else []
    columns = ["paid", *versus, "left", "projects", "tariffs"]
    table = ruled("Public money over the whole run, billion dollars", [""], columns)
    rows = summary.figures.filter(measure="paid").sort("region", "item")
    for programme, government in rows.select("item", "region").rows():
        paid, left, revenue = (
            _scaled(0.001, summary.figure(measure, programme, government, spans[-1]))
            for measure in ("paid", "left", "tariff_revenue")
        )
        projects = summary.figure("projects", programme, government, spans[-1])
        figures = [_banded(paid)]
        if summary.other:
            figures.append(figure(summary.figure("paid", programme, government, spans[-1], "other_").mean / 1000.0))
        figures += [figure(left.mean), figure(projects.mean, digits=int(projects.mean < FEW)), figure(revenue.mean)]
        table.add_row(f"{government} {programme}", *figures)
    return table


def _banded(spread: Spread, sign: str = "", digits: int = 1) -> str:
    """Return a mean with its range in brackets; a dash where nothing is known."""
    return f"{figure(spread.mean, sign, digits)} {band(spread, sign, digits)}".rstrip()


def _scaled(factor: float, spread: Spread) -> Spread:
    """Return a spread in another unit."""
    return Spread(spread.mean * factor, spread.low * factor, spread.high * factor)


def _month(summary: Summary, good: str, column: str) -> str:
    """Return the month in which something usually happens to a good, as Mar 2022."""
    found = summary.months.filter(scenario=summary.scenario.name, good=good)[column]
    return f"{found[0]:%b %Y}" if len(found) and found[0] else ""
