"""The pictures of a result, as SVG and PNG in its folder ``pictures``."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib
import polars as pl
from matplotlib.figure import Figure

from abm.errors import InputError
from experiments.chart_data import HEADLINE, PICTURES, PRICES, SHARES, WHO, Story, clear, markets, shares
from experiments.chart_headline import draw_headline
from experiments.chart_prices import chains, draw_prices
from experiments.chart_shares import draw_shares
from experiments.chart_who import draw_who
from experiments.digest import SERIES
from experiments.palette import STYLE

DOTS_PER_INCH = 125


def draw(folder: Path, story: Story) -> list[Path]:
    """Draw every picture of a story into a results folder; return the files.

    Pictures of an earlier result in the same folder are removed.
    """
    place = folder / PICTURES
    try:
        place.mkdir(exist_ok=True)
        clear(folder)
        return [path for name, figure in pictures(story) for path in save(figure, place, name)]
    except OSError as error:
        what = f"pictures cannot be written: {error.strerror or error}."
        raise InputError(f"--out {folder}", what, "Make room, or use --no-pictures.") from error


def pictures(story: Story) -> Iterator[tuple[str, Figure]]:
    """Yield name and picture: the headline, who pays, then shares, prices and orders filled of every chain."""
    goods = story.world.goods
    with matplotlib.rc_context(STYLE):
        yield HEADLINE, draw_headline(story)
        if story.effects.height:
            yield WHO, draw_who(story)
        known = [series for series in SERIES if set(series.goods) <= set(goods.code)]
        found = pl.collect_all([shares(story.table, series) for series in known])
        for series, share in zip(known, found, strict=True):
            yield f"{SHARES}{series.code}", draw_shares(story, series, share)
        market = markets(story)
        for chain, members in chains(goods.code, goods.chain).items():
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
