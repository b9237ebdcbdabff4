"""What the title of a picture of prices says: what became dearest, and who went short of what."""

import polars as pl

from abm.places import called
from experiments.chart_data import Story
from experiments.chart_words import capital

# A price that rises less than this from its start holds still.
STILL = 0.05
# From here on a price is told as so many times its start, and not in per cent above it.
MANIFOLD = 1.5
# From these shares of orders, in %, on all or nearly all are filled.
ALL_FILLED, NEARLY_ALL = 99.5, 95.0


def price_title(story: Story, found: pl.DataFrame) -> str:
    """Return how dear the goods of a chain became abroad, and who went short of what.

    found  prices and orders filled by month and run, of the goods of the chain
    """
    return capital(f"{_dear(story, found)}; {_short(story, found)}")


def peaks(found: pl.DataFrame) -> pl.DataFrame:
    """Return the highest export price, as the mean of the runs, its month, and the last, by scenario and good."""
    keys = ("scenario", "good", "date")
    means = found.group_by(keys, maintain_order=True).agg(pl.col("abroad").mean()).sort(keys)
    high = pl.col("abroad")
    return means.group_by("scenario", "good", maintain_order=True).agg(
        high.max(), month=pl.col("date").get(high.arg_max()), last=high.last()
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
    means = peaks(found).drop_nulls().sort("abroad", descending=True, maintain_order=True)
    mine = means.filter(scenario=story.asked.name)
    theirs = means.filter(scenario=story.names[0])
    if mine.is_empty() or mine["abroad"][0] < 1.0 + STILL:
        rises = f"rises more than {100.0 * STILL:.0f} % above its start"
        words = f"in the chain of {_chain(story, found)} no export price {rises}"
        if story.rival is None or theirs.is_empty() or theirs["abroad"][0] < 1.0 + STILL:
            return words
        good, peak = theirs.select("good", "abroad").row(0)
        return f"{words} ({story.names[0]}: {story.good(good)} {_size(peak, peak)})"
    good, peak, month = mine.select("good", "abroad", "month").row(0)
    words = f"the export price of {story.good(good)} {_rise(peak)} in {month:%B %Y}"
    other = theirs.filter(good=good)
    if story.rival is None or other.is_empty():
        return words
    return f"{words} ({story.names[0]}: {_size(other['abroad'][0], peak)})"


def _chain(story: Story, found: pl.DataFrame) -> str:
    """Return the name of the chain that goods stand in."""
    goods = story.world.goods
    return goods.chain[min(goods.code.index(code) for code in found["good"].unique())].replace("_", " ")


def _rise(peak: float) -> str:
    """Return how far a price rises: per cent where it is little, else how many times."""
    size = _size(peak, peak)
    return f"reaches {size} its start" if peak >= MANIFOLD else f"rises {size} above its start"


def _size(price: float, peak: float) -> str:
    """Return a price beside a peak in the words the peak is told in."""
    return f"{price:.1f} times" if peak >= MANIFOLD else f"{100.0 * (price - 1.0):.0f} %"


def _short(story: Story, found: pl.DataFrame) -> str:
    """Return who got the smallest share of its orders, of what and when."""
    worst = lows(found).drop_nulls().sort("fill", "good")
    mine, theirs = (worst.filter(scenario=name) for name in (story.asked.name, story.names[0]))
    if mine.is_empty() or mine["fill"][0] >= NEARLY_ALL:
        nearly = "" if mine.is_empty() or mine["fill"][0] >= ALL_FILLED else "nearly "
        words = f"{nearly}all orders are filled"
        if story.rival is None or theirs.is_empty() or theirs["fill"][0] >= NEARLY_ALL:
            return words
        return f"{words} ({story.names[0]}: {_served(story, theirs)})"
    other = theirs.filter(good=mine["good"][0])
    if story.rival is None or other.is_empty():
        return _served(story, mine)
    least = other["fill"][0]
    words = "nobody goes short" if least >= ALL_FILLED else f"worst region {least:.0f} %"
    return f"{_served(story, mine)} ({story.names[0]}: {words})"


def _served(story: Story, worst: pl.DataFrame) -> str:
    """Return which share of its orders the region of the first row gets."""
    good, region, month, fill = worst.select("good", "fill_region", "date", "fill").row(0)
    return f"{called(story.title(region))} gets {fill:.0f} % of the {story.good(good)} it orders in {month:%B %Y}"
