"""Small multiples: the share of every region that matters, scenario against the first one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from matplotlib.figure import Figure

from abm.places import called
from experiments.chart_data import Curve, Story, bands
from experiments.chart_frame import LEFT, RIGHT, Sheet, key, sheet
from experiments.chart_panel import Box, Panel, area, bare, frame, line, panel, panel_title, scale, time
from experiments.chart_words import Shares, headlined, known, method, share_title, spoken_of, told
from experiments.digest import Series
from experiments.palette import INK, colour, dashes, lettering

# A region with a smaller share, in %, throughout is not drawn, nor are more regions than these; fewer beside a giant.
SMALL = 1.0
MOST, MOST_BESIDE = 8, 7
# One region is drawn on a scale of its own if it has so many times the share of the next.
GIANT = 2.2
# Letters of a scenario's name that fit into a panel.
LONGEST = 10
# Between panels of different and of the same scale, above a panel for its name, and between rows.
GAP, NEAR, HEAD, BETWEEN = 0.05, 0.025, 0.085, 0.115

Curves = dict[tuple[str, str], Curve]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a region is drawn.

    box             left, bottom, width and height
    top             of the scale
    labelled, dated  whether the scale, and the years, are written
    """

    region: str
    box: Box
    top: float
    labelled: bool = True
    dated: bool = True


def draw_shares(story: Story, series: Series, shares: pl.DataFrame) -> Figure:
    """Return the picture of the shares of a series, by month and run."""
    said = told(story, shares)
    curves = bands(shares, "share", "region")
    shown = _shown(story, said, curves, spoken_of(story, series, said) | {headlined(story, series)})
    foot = method(story, *_notes(story, series, said, shown))
    below = _below(story, series, shown[:1] if _giant(curves, shown) else [])
    page = key(sheet(share_title(story, series, said), foot, below), story)
    for spot in _panels(page, curves, shown):
        where = panel(page.figure, spot.box, story, (0.0, spot.top))
        months, values = time(story, max(2, round(spot.box[2] * 20))), scale(0.0, spot.top)
        frame(where, months if spot.dated else bare(months), values if spot.labelled else bare(values))
        _lines(where, story, spot.region, curves)
        panel_title(where, story.title(spot.region), lettering(spot.region), _figures(story, said, spot.region))
    return page.figure


def _below(story: Story, series: Series, giant: Sequence[str]) -> str:
    """Return what is drawn, in which unit, and which region has a scale of its own."""
    made = "" if series.measure == "capacity" else "output of "
    apart = "".join(f"; {called(story.title(region))} on a scale of its own" for region in giant)
    return f"Share of the world's {made}{series.phrase}, %{apart}"


def _shown(story: Story, said: Shares, curves: Curves, named: set[str]) -> list[str]:
    """Return the regions that matter, the largest first.

    named  regions that are shown in any case, if they have anything
    """
    end, start = said.end[story.asked.name], said.start[story.asked.name]
    high = {region: max(curves[name, region].peak[0] for name in story.names) for region in end}
    order = sorted(end, key=lambda region: (-max(known(end[region]), known(start.get(region))), region))
    large = [each for each in order if high[each] >= SMALL or (each in named and high[each] > 0.0)]
    most = MOST_BESIDE if _giant(curves, large) else MOST
    named &= {*large}
    rest = [region for region in large if region not in named][: most - len(named)]
    return [region for region in large if region in named or region in rest] or order[:1]


def _highest(curves: Curves, region: str) -> float:
    """Return the highest point of a region's lines and bands."""
    return max(curve.top for (_, of), curve in curves.items() if of == region)


def _giant(curves: Curves, regions: Sequence[str]) -> bool:
    """Return whether the first of some regions is far above the others."""
    tops = [_highest(curves, region) for region in regions]
    return len(tops) > 1 and tops[0] > GIANT * max(tops[1:])


def _notes(story: Story, series: Series, said: Shares, shown: Sequence[str]) -> list[str]:
    """Return what the foot says of this picture: the basis of the figures, and who is not drawn."""
    end = said.end[story.asked.name]
    rest = sum(known(share) for region, share in end.items() if region not in shown)
    notes = ["Chips are counted as wafer capacity, SEMI basis."] if series.measure == "capacity" else []
    if rest >= 0.05:
        notes.append(f"Regions not drawn: {rest:.1f} % together in {[*story.spans][-1]}.")
    return notes


def _panels(page: Sheet, curves: Curves, shown: Sequence[str]) -> list[Spot]:
    """Return the panels; a region far above the others has a scale of its own."""
    tops = [_highest(curves, region) for region in shown]
    bottom, top = page.bottom + 0.045, page.top - HEAD
    if _giant(curves, shown):
        wide = 0.36 if len(shown) > 2 else 0.5
        first = Spot(shown[0], (LEFT, bottom, wide - LEFT, top - bottom), _top(tops[0]))
        return [first, *_grid((wide + GAP, bottom, RIGHT, top), shown[1:], max(tops[1:]))]
    return _grid((LEFT, bottom, RIGHT, top), shown, max(tops))


def _grid(room: Box, regions: Sequence[str], high: float) -> list[Spot]:
    """Return panels of one scale side by side, in two rows where there are more than three.

    room  left, bottom, right and top
    """
    left, bottom, right, top = room
    rows = 1 if len(regions) <= 3 else 2
    columns = math.ceil(len(regions) / rows)
    wide = (right - left - (columns - 1) * NEAR) / columns
    tall = (top - bottom - (rows - 1) * BETWEEN) / rows
    panels = []
    for place, region in enumerate(regions):
        row, column = divmod(place, columns)
        box = (left + column * (wide + NEAR), top - tall - row * (tall + BETWEEN), wide, tall)
        panels.append(Spot(region, box, _top(high), column == 0, place + columns >= len(regions)))
    return panels


def _lines(where: Panel, story: Story, region: str, curves: Curves) -> None:
    """Draw a region's share in every scenario."""
    count = len(story.names)
    for place, name in enumerate(story.names):
        curve, last = curves[name, region], place == count - 1
        if story.runs > 1 and last:
            area(where, curve, colour(region))
        line(where, curve, colour(region) if last else INK, dashes(place, count), width=2.6 if last else 1.5)


def _figures(story: Story, said: Shares, region: str) -> str:
    """Return a region's share at the end, beside that of the first scenario or of the start."""
    last = [*story.spans][-1]
    end = said.end[story.asked.name].get(region, math.nan)
    if story.rival:
        other = said.end[story.names[0]].get(region, math.nan)
        rival = story.names[0] if len(story.names[0]) <= LONGEST else "dashed"
        return f"{last}: {end:.1f} %, {rival} {other:.1f} %"
    return f"{last}: {end:.1f} %, start {said.start[story.asked.name].get(region, math.nan):.1f} %"


def _top(value: float) -> float:
    """Return the top of a scale that holds a value."""
    return min(100.0, 1.08 * value) if value > 0.0 else 1.0
