"""The pictures of a result, as PNG and if asked as SVG in its folder ``pictures``."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from experiments.chart_data import HEADLINE, PRICES, SHARES, WHO, Story, chains, markets, shares
from experiments.chart_frame import sheet
from experiments.chart_headline import draw_headline
from experiments.chart_prices import draw_prices
from experiments.chart_shares import draw_shares
from experiments.chart_who import draw_who
from experiments.digest import SERIES
from experiments.palette import STYLE
from experiments.pixels import png


def paint(place: Path, story: Story, wanted: Iterable[str], *, vector: bool) -> None:
    """Draw the wanted pictures of a story into their folder.

    vector  whether each is drawn as SVG too
    """
    for name, figure in pictures(story, wanted):
        save(figure, place, name, vector=vector)


def practise() -> None:
    """Draw an empty sheet, so that fonts and all else that drawing needs are there."""
    with matplotlib.rc_context(STYLE):
        png(sheet("Title", "Foot", "Below").figure)


def pictures(story: Story, wanted: Iterable[str]) -> Iterator[tuple[str, Figure]]:
    """Yield name and picture of the wanted ones."""
    for name in wanted:
        with matplotlib.rc_context(STYLE):
            yield name, _drawn(story, name)


def _drawn(story: Story, name: str) -> Figure:
    """Return the picture of a name."""
    if name == HEADLINE:
        return draw_headline(story)
    if name == WHO:
        return draw_who(story)
    if name.startswith(SHARES):
        series = next(each for each in SERIES if name == f"{SHARES}{each.code}")
        return draw_shares(story, series, shares(story.table, series).collect())
    goods = story.world.goods
    members = chains(goods.code, goods.chain)[name.removeprefix(PRICES)]
    return draw_prices(story, markets(story, members))


def save(figure: Figure, folder: Path, name: str, *, vector: bool) -> None:
    """Write a picture as PNG, with the same bytes whenever it is drawn from the same figures.

    vector  whether it is written as SVG too
    """
    with matplotlib.rc_context(STYLE):
        (folder / f"{name}.png").write_bytes(png(figure))
        if vector:
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": "friendshore"})
