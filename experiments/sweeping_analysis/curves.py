"""Response curves: an outcome along one key, over all runs and all values of the other keys."""

import polars as pl

from experiments.sweeping_analysis.sample import Sample, numeric

# A key with more values than these is cut into bins of equally many points, each with some of them.
MOST_VALUES, BINS, PER_BIN = 12, 10, 5
LOW, HIGH = 0.1, 0.9


def curves(sample: Sample) -> pl.DataFrame:
    """Return median and 80 % band by key and its value, scenario and outcome.

    value is the middle of a bin where there are many values; word is what is no number
    """
    found = [
        _curve(sample, scenario, key, kind)
        for key in sample.keys
        for scenario in sample.scenarios
        for kind in sample.kinds
    ]
    return pl.concat([each for each in found if not each.is_empty()])


def _curve(sample: Sample, scenario: str, key: str, kind: str) -> pl.DataFrame:
    """Return the curve of every outcome along one key."""
    mine = sample.points.filter(pl.col("scenario") == scenario, pl.col(key).is_not_null()).select("point", key)
    places = binned(mine, key)
    runs = places.join(sample.runs, on="point", maintain_order="left_right").filter(pl.col(kind).is_not_null())
    band = [pl.col(kind).quantile(at, "linear").alias(name) for at, name in ((LOW, "low"), (HIGH, "high"))]
    size = [pl.col("point").n_unique().alias("points"), pl.len().alias("runs")]
    groups = runs.group_by("outcome", "place", maintain_order=True)
    told = groups.agg(
        pl.col("value").first(), pl.col("word").first(), *size, pl.col(kind).median().alias("median"), *band
    )
    head = [pl.lit(word).alias(name) for word, name in ((scenario, "scenario"), (key, "key"), (kind, "of"))]
    return told.sort("outcome", "place").select(*head, pl.all().exclude("place"))


def binned(points: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return for every point the place of its value along a key, and value or word of that place."""
    if not numeric(points, key):
        words = pl.col(key).cast(pl.String)
        place = pl.col(key).rank("dense").cast(pl.Int64)
        return points.select(
            "point", place.alias("place"), pl.lit(None, pl.Float64).alias("value"), words.alias("word")
        )
    place = pl.col(key).rank("dense").cast(pl.Int64)
    if points[key].n_unique() > MOST_VALUES:
        bins = max(2, min(BINS, len(points) // PER_BIN))
        place = (pl.col(key).rank("ordinal").cast(pl.Int64) - 1) * bins // len(points)
    placed = points.select("point", place.alias("place"), pl.col(key).cast(pl.Float64).alias("value"))
    middle = pl.col("value").median().over("place")
    return placed.with_columns(middle, pl.lit(None, pl.String).alias("word"))


def movement(table: pl.DataFrame) -> pl.DataFrame:
    """Return by scenario, key, kind and outcome how far the median goes, from lowest to highest, largest first."""
    groups = table.group_by("scenario", "key", "of", "outcome", maintain_order=True)
    ends = groups.agg(pl.col("median").min().alias("least"), pl.col("median").max().alias("most"))
    return ends.with_columns((pl.col("most") - pl.col("least")).alias("movement")).sort("movement", descending=True)
