"""The one figure that the result is about, large: with, without, and how sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import polars as pl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from abm.outline import Headline
from abm.places import called
from abm.policies.instrument import Instrument
from experiments.chart_data import Curve, Story, bands, shares
from experiments.chart_frame import sheet, short
from experiments.chart_panel import Panel, area, frame, line, panel, scale, time, year_of
from experiments.chart_words import capital, level, listed, method, share_title, subject, told
from experiments.digest import ALL_FILLED, SERIES, Series, path, series_of
from experiments.palette import INK, QUIET, WORLD, colour, dashes, lettering

# Room to the right for the names of the lines.
LEFT, RIGHT = 0.065, 0.79
# Labels of two lines stand at least this far apart, as a share of the height.
APART, FLOOR = 0.11, 0.03
# More beginnings than these are not marked.
MOST_EVENTS = 4
# Room above the highest point, as a share of it; names of measures stand above lines that run at 100 %.
ROOM, FULL_ROOM = 1.1, 1.18
# Points for the letters of a scenario's name at a size of 1.
WIDEST = 268.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What is drawn large.

    curves  mean and band by month and scenario
    ends    what stands at the end of each line, by scenario
    top     of the scale, if it has one;  room  above the highest point
    """

    region: str
    goods: tuple[str, ...]
    title: str
    below: str
    curves: dict[str, Curve]
    ends: dict[str, str]
    unit: str
    notes: tuple[str, ...] = ()
    top: float | None = None
    room: float = ROOM


def draw_headline(story: Story) -> Figure:
    """Return the picture of the figure that the leading sentence speaks of."""
    headline = story.asked.headline
    drawn = _DRAWN[headline.measure] if headline else _share
    figures = drawn(story)
    lead, _, more = story.lead.partition(". ")
    title = lead.rstrip(".") if headline and story.lead else figures.title
    below = f"{figures.below} {more if headline else ''}".rstrip()
    page = sheet(title, method(story, *figures.notes), below)
    bottom, top = page.bottom + 0.045, page.top - 0.055
    high = figures.room * (max(curve.top for curve in figures.curves.values()) or 1.0)
    high = min(high, figures.top or high)
    where = panel(page.figure, (LEFT, bottom, RIGHT - LEFT, top - bottom), story, (0.0, high))
    frame(where, time(story, 13), scale(0.0, high, figures.unit, 8), 13.0)
    _lines(where, story, figures)
    _events(where, story, figures)
    _labels(where, story, figures)
    return page.figure


def _share(story: Story) -> Figures:
    """Return the share of the headline, or the one that differs or changes most where there is no headline."""
    headline = story.asked.headline
    series, found = _spoken_of(story)
    said = told(story, found)
    region = headline.region if headline else subject(story, series, said)
    last = [*story.spans][-1]
    ends = {name: level(said.end[name].get(region), f" % in {last}") for name in story.names}
    measure = "output of " if series.measure == "output" else ""
    below = f"Share of {called(story.title(region))} in the world's {measure}{series.phrase}, %."
    curves = _of(bands(found.filter(region=region), "share", "region"))
    notes = ("Chips are counted as wafer capacity, SEMI basis.",) if series.measure == "capacity" else ()
    return Figures(
        region, series.goods, share_title(story, series, said, region), below, curves, ends, " %", notes, 100.0
    )


def _spoken_of(story: Story) -> tuple[Series, pl.DataFrame]:
    """Return the series of the headline and its shares; without a headline, that in which a region moves most."""
    if story.asked.headline:
        series = series_of(story.asked.headline, story.world.goods)
        return series, shares(story.table, series).collect()
    known = [each for each in SERIES if set(each.goods) <= set(story.world.goods.code)]
    found = [(series, shares(story.table, series).collect()) for series in known]
    return max(found, key=lambda pair: told(story, pair[1]).movement(story.asked.name))


def _price(story: Story) -> Figures:
    """Return the export price of the headline."""
    headline = story.asked.headline
    assert headline is not None
    series, region = series_of(headline, story.world.goods), headline.region
    curves = _followed(story, series, headline)
    peaks = {name: story.worst[name] for name in story.names}
    ends = {name: f"peak {mean:.1f}{_when(month)}" for name, (mean, month) in peaks.items() if mean > 0.0}
    since = next(iter(story.spans))
    each = ", ".join(f"{peaks[name][0]:.1f} times with {name}" for name in reversed(story.names) if name in ends)
    abroad = called(story.title(region))
    title = f"Buyers abroad pay {abroad} for {series.wares} at most {each} the price of {since}"
    below = f"Export price of {series.wares} from {abroad}, {since} = 1."
    return Figures(region, series.goods[:1], capital(title), below, curves, ends, "", _worst_notes(story, "Peak"))


def _fill(story: Story) -> Figures:
    """Return how much of its orders the region of the headline gets."""
    headline = story.asked.headline
    assert headline is not None
    series, region = series_of(headline, story.world.goods), headline.region
    curves = _followed(story, series, headline)
    lows = {name: story.worst[name] for name in story.names}
    ends = {
        name: f"low {least:.1f} %{_when(month)}" if least < 100.0 * ALL_FILLED else "all orders filled"
        for name, (least, month) in lows.items()
    }
    each = listed([f"{lows[name][0]:.1f} % with {name}" for name in reversed(story.names)])
    title = f"Of the {series.wares} they order buyers in {called(story.title(region))} get in the worst month {each}"
    below = f"Share of the {series.wares} ordered in {called(story.title(region))} that is delivered, %."
    notes = _worst_notes(story, "Low")
    return Figures(region, series.goods, title, below, curves, ends, " %", notes, room=FULL_ROOM)


def _when(month: date | None) -> str:
    """Return a month behind a figure, as , Mar 2022."""
    return f", {month:%b %Y}" if month else ""


def _worst_notes(story: Story, what: str) -> tuple[str, ...]:
    """Return what is to be known of a worst figure at the end of a line: the line itself need not reach it.

    what  the figure is called there
    """
    return (f"{what}: mean of every run's own, in the month that most have it.",) if story.runs > 1 else ()


def _followed(story: Story, series: Series, headline: Headline) -> dict[str, Curve]:
    """Return the curves of what the headline follows by scenario."""
    found = path(story.table, series, headline.region, headline.measure).with_columns(region=pl.lit(headline.region))
    return _of(bands(found.collect(), "value", "region"))


_DRAWN = {"share": _share, "export_price": _price, "fill": _fill}


def _of(curves: dict[tuple[str, str], Curve]) -> dict[str, Curve]:
    """Return the curves of one region by scenario."""
    return {name: curve for (name, _), curve in curves.items()}


def _lines(where: Panel, story: Story, figures: Figures) -> None:
    """Draw every scenario with its band."""
    count = len(story.names)
    for place, name in enumerate(story.names):
        curve, last = figures.curves[name], place == count - 1
        shade = colour(figures.region) if last else INK
        if story.runs > 1 and (last or count == 2):
            area(where, curve, shade, 0.2 if last else 0.1)
        line(where, curve, shade, dashes(place, count), width=4.0 if last else 2.4)


def _labels(where: Panel, story: Story, figures: Figures) -> None:
    """Write at the end of each line which scenario it is and where it ends, without overlap."""
    ends = {name: figures.curves[name].last / where.top for name in story.names}
    names = sorted(ends, key=lambda name: ends[name])
    for name, height in zip(names, apart([ends[name] for name in names]), strict=True):
        asked = name == story.asked.name
        shade = lettering(figures.region) if asked else INK
        label, weight = short(name), "bold" if asked else "normal"
        size = min(14.0, WIDEST / len(label))
        where.write(label, (1.0, height), (12.0, 2.0), size=size, weight=weight, color=shade)
        where.write(figures.ends.get(name, ""), (1.0, height), (12.0, -15.0), size=13.0, color=shade)


def apart(heights: Sequence[float]) -> list[float]:
    """Return rising heights moved no further than it takes to stand apart, and off the floor."""
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _stack(groups[-1])[0] < _stack(groups[-2])[-1] + APART:
            last = groups.pop()
            groups[-1] += last
    return [height for group in groups for height in _stack(group)]


def _stack(heights: Sequence[float]) -> list[float]:
    """Return heights one above the other, around the same middle."""
    lowest = max(FLOOR, sum(heights) / len(heights) - 0.5 * APART * (len(heights) - 1))
    return [lowest + APART * place for place in range(len(heights))]


def _touched(measure: Instrument) -> set[str]:
    """Return the goods a measure names."""
    return set(getattr(measure, "goods", ()))


def _events(where: Panel, story: Story, figures: Figures) -> None:
    """Mark when measures on these goods begin that the first scenario does not have, unless they are many."""
    known = {each.name for each in story.rival.measures} if story.rival else set()
    until = year_of(story.asked.until)
    mine = [each for each in story.asked.measures if each.name not in known and {*figures.goods} & _touched(each)]
    fresh = sorted((year_of(each.start), each.name) for each in mine)
    inside = [pair for pair in fresh if year_of(story.asked.start) <= pair[0] <= until]
    if len({year for year, _ in inside}) > MOST_EVENTS:
        return
    for place, (year, pairs) in enumerate(groupby(inside, key=lambda pair: pair[0])):
        names = [name for _, name in pairs]
        mark = Line2D(
            [year, year],
            [where.low, where.top],
            color=WORLD,
            linewidth=1.2,
            linestyle=(0, (1.0, 2.0)),
            zorder=1.0,
            transform=where.place,
        )
        where.figure.add_artist(mark)
        late = year > until - 0.3 * (until - year_of(story.asked.start))
        where.write(
            f"{listed(names)} begin{'s' if len(names) == 1 else ''}",
            ((year - where.span[0]) / (where.span[1] - where.span[0]), 1.0),
            (-4.0 if late else 4.0, -4.0 - 15.0 * (place % 3)),
            ha="right" if late else "left",
            va="top",
            size=11.0,
            color=QUIET,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
