"""What the title of a picture of prices says: what became dearest, and who went short of what."""

import polars as pl

from experiments.chart_data import Story
from experiments.chart_words import capital
from experiments.sentence import called

# A price that rises less than this from its start holds still.
STILL = 0.05
# From here on a price is told as so many times its start, and not in per cent above it.
MANIFOLD = 1.5
# From these shares of orders, in %, on all or nearly all are filled.
ALL_FILLED, NEARLY_ALL = 99.5, 97.0


def price_title(story: Story, found: pl.DataFrame) -> str:
    """Return how dear the goods of a chain became abroad, and who went short of what.

    found  prices and orders filled by month and run, of the goods of the chain
    """
    return capital(f"{_dear(story, found)}; {_short(story, found)}")


def peaks(found: pl.DataFrame) -> pl.DataFrame:
    """Return the highest export price, taken as the mean of the runs, and its month, by scenario and good."""
    keys = ("scenario", "good", "date")
    means = found.group_by(keys, maintain_order=True).agg(pl.col("abroad").mean()).sort(keys)
    high = pl.col("abroad")
    return means.group_by("scenario", "good", maintain_order=True).agg(
        high.max(), month=pl.col("date").get(high.arg_max())
    )


def lows(found: pl.DataFrame) -> pl.DataFrame:
    """Return the smallest share of its orders a region got, as the mean of the runs, where and when, by scenario, good.

    fill_region  that is most often served worst in that month
    """
    place = pl.col("fill_region").sort_by("fill").mode(maintain_order=True).first()
    keys = ("scenario", "good", "date")
    means = found.group_by(keys, maintain_order=True).agg(pl.col("fill").mean(), place).sort(keys)
    worst = pl.col("fill", "fill_region", "date").get(pl.col("fill").arg_min())
    return means.group_by("scenario", "good", maintain_order=True).agg(worst)


def _dear(story: Story, found: pl.DataFrame) -> str:
    """Return the good whose export price rose most, in how many times its start."""
    means = peaks(found)
    mine = means.filter(scenario=story.asked.name).drop_nulls().sort("abroad", descending=True, maintain_order=True)
    if mine.is_empty() or mine["abroad"][0] < 1.0 + STILL:
        return "no export price in this chain rises 5 % above its start"
    good, peak, month = mine.select("good", "abroad", "month").row(0)
    words = f"the export price of {story.good(good)} {_rise(peak)} in {month:%B %Y}"
    if story.rival is None:
        return words
    theirs = means.filter(scenario=story.names[0], good=good)["abroad"].item()
    same = theirs is None or f"{theirs:.1f}" == f"{peak:.1f}"
    return f"{words}, {'as' if same else f'at most {_size(theirs, peak)}'} with {story.names[0]}"


def _rise(peak: float) -> str:
    """Return how far a price rises: per cent where it is little, else how many times."""
    return (
        f"reaches {_size(peak, peak)} its start" if peak >= MANIFOLD else f"rises {_size(peak, peak)} above its start"
    )


def _size(price: float, peak: float) -> str:
    """Return a price beside a peak in the words the peak is told in."""
    return f"{price:.1f} times" if peak >= MANIFOLD else f"{100.0 * (price - 1.0):.0f} %"


def _short(story: Story, found: pl.DataFrame) -> str:
    """Return who got the smallest share of its orders, of what and when."""
    mine = lows(found).filter(scenario=story.asked.name).drop_nulls().sort("fill", "good")
    if mine.is_empty() or mine["fill"][0] >= ALL_FILLED:
        return "orders are filled"
    if mine["fill"][0] >= NEARLY_ALL:
        return "nearly all orders are filled"
    good, region, month, fill = mine.select("good", "fill_region", "date", "fill").row(0)
    return f"{called(story.title(region))} gets {fill:.0f} % of the {story.good(good)} it orders in {month:%B %Y}"
