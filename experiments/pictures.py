"""The pictures of a result, as SVG and PNG in its folder ``pictures``."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib
import polars as pl
from matplotlib.figure import Figure

from experiments.chart_data import HEADLINE, PRICES, SHARES, WHO, Story, markets, shares
from experiments.chart_headline import draw_headline
from experiments.chart_prices import chains, draw_prices
from experiments.chart_shares import draw_shares
from experiments.chart_who import draw_who
from experiments.digest import SERIES
from experiments.palette import STYLE

DOTS_PER_INCH = 125
Names = Sequence[str]


def names(story: Story) -> Names:
    """Return the names of a story's pictures: the headline, who pays, then shares, and prices by chain."""
    goods = story.world.goods
    who = [WHO] if story.effects.height else []
    of_shares = [f"{SHARES}{series.code}" for series in SERIES if set(series.goods) <= set(goods.code)]
    return [HEADLINE, *who, *of_shares, *(f"{PRICES}{chain}" for chain in chains(goods.code, goods.chain))]


def paint(place: Path, story: Story, wanted: Names) -> None:
    """Draw the wanted pictures of a story into their folder."""
    for name, figure in pictures(story, wanted):
        save(figure, place, name)


def pictures(story: Story, wanted: Names) -> Iterator[tuple[str, Figure]]:
    """Yield name and picture of the wanted ones."""
    goods = story.world.goods
    with matplotlib.rc_context(STYLE):
        if HEADLINE in wanted:
            yield HEADLINE, draw_headline(story)
        if WHO in wanted:
            yield WHO, draw_who(story)
        drawn = [series for series in SERIES if f"{SHARES}{series.code}" in wanted]
        found = pl.collect_all([shares(story.table, series) for series in drawn])
        for series, share in zip(drawn, found, strict=True):
            yield f"{SHARES}{series.code}", draw_shares(story, series, share)
        market = markets(story)
        for chain, members in chains(goods.code, goods.chain).items():
            if f"{PRICES}{chain}" in wanted:
                yield f"{PRICES}{chain}", draw_prices(story, market.filter(pl.col("good").is_in(members)))


def save(figure: Figure, folder: Path, name: str) -> tuple[Path, Path]:
    """Write a picture as SVG and PNG, with the same bytes whenever it is drawn from the same figures."""
    vector, pixels = folder / f"{name}.svg", folder / f"{name}.png"
    with matplotlib.rc_context(STYLE):
        figure.savefig(vector, metadata={"Date": None, "Creator": "friendshore"})
        figure.savefig(
            pixels, dpi=DOTS_PER_INCH, metadata={"Software": "friendshore"}, pil_kwargs={"compress_level": 3}
        )
    return vector, pixels
