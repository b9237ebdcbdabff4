"""Response curves: an outcome along one key, over all runs and all values of the other keys."""

import numpy as np
import numpy.typing as npt
import polars as pl

from experiments.sweeping.designs import rows
from experiments.sweeping.plan import DRAWN
from experiments.sweeping_analysis.sample import Sample, numeric

Array = npt.NDArray[np.float64]

# A key with more values than these is cut into bins of equally many points, each with some of them.
MOST_VALUES, BINS, PER_BIN = 12, 10, 5
LOW, HIGH = 0.1, 0.9
# A key is said to move an outcome if luck alone moved it so with less than this chance, all keys together.
LUCK = 0.1


def curves(sample: Sample) -> pl.DataFrame:
    """Return median and 80 % band by key and its value, scenario and outcome.

    value   is the middle of a bin where there are many values;  word is what is no number
    chance  how likely luck alone would move the outcome along the key like this; none where nobody can tell
    """
    found = [
        _curve(sample, scenario, key, kind)
        for key in sample.keys
        for scenario in sample.scenarios
        for kind in sample.kinds
    ]
    return pl.concat(found)


def _curve(sample: Sample, scenario: str, key: str, kind: str) -> pl.DataFrame:
    """Return the curve of every outcome along one key."""
    mine = _comparable(sample, sample.points.filter(pl.col("scenario") == scenario, pl.col(key).is_not_null()), key)
    places = binned(mine, key)
    runs = places.join(sample.runs, on="point", maintain_order="left_right").filter(pl.col(kind).is_not_null())
    chances = pl.DataFrame(
        [(name, _chance(sample, group, kind)) for (name,), group in runs.group_by("outcome", maintain_order=True)],
        schema={"outcome": pl.String, "chance": pl.Float64},
        orient="row",
    )
    band = [pl.col(kind).quantile(at, "linear").alias(name) for at, name in ((LOW, "low"), (HIGH, "high"))]
    size = [pl.col("point").n_unique().alias("points"), pl.len().alias("runs")]
    groups = runs.group_by("outcome", "place", maintain_order=True)
    told = groups.agg(
        pl.col("value").first(), pl.col("word").first(), *size, pl.col(kind).median().alias("median"), *band
    ).join(chances, on="outcome", maintain_order="left")
    head = [pl.lit(word).alias(name) for word, name in ((scenario, "scenario"), (key, "key"), (kind, "of"))]
    return told.sort("outcome", "place").select(*head, pl.all().exclude("place"))


def _comparable(sample: Sample, points: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the points that tell what a key alone does: where lists are crossed, those with all else equal."""
    others = [each for each in sample.keys if each != key]
    if sample.plan.design == "one_at_a_time":
        first = dict(zip(sample.plan.vary, next(iter(rows(sample.plan))), strict=True))
        base = [float(str(first[each])) if numeric(points, each) else str(first[each]) for each in others]
        alike = [
            all(value in (None, start) or str(value) == start for value, start in zip(row, base, strict=True))
            for row in points.select(others).iter_rows()
        ]
        return points.filter(alike)
    if sample.plan.design == "grid" and others:
        return points.filter(pl.len().over(others) == points[key].n_unique())
    return points


def _chance(sample: Sample, runs: pl.DataFrame, kind: str) -> float | None:
    """Return how likely an outcome would differ from place to place as it does if it were all luck.

    Points that are drawn are compared as they are, by Kruskal and Wallis (1952). Points with the same luck are
    compared run by run: analysis of variance, with the degrees of freedom of Box (1954), which hold whatever
    the runs of two places have in common.
    """
    if sample.plan.design in DRAWN - {"morris"}:
        from scipy.stats import kruskal

        each = runs.group_by("place", "exact", maintain_order=True).agg(pl.col(kind).mean())
        groups = [group[kind].to_numpy() for _, group in each.group_by("place", maintain_order=True)]
        alike = each[kind].n_unique() < 2
        return None if len(groups) < 2 else 1.0 if alike else float(kruskal(*groups).pvalue)
    if sample.plan.design == "morris" or (sample.plan.design == "list" and len(sample.keys) > 1):
        return None
    table = runs.pivot("point", index="run", values=kind, maintain_order=True).drop("run").drop_nulls()
    places = np.array([place for _, place in runs.select("point", "place").unique(maintain_order=True).iter_rows()])
    return by_run(np.column_stack([table.to_numpy()[:, places == place].mean(axis=1) for place in np.unique(places)]))


def by_run(values: Array) -> float | None:
    """Return how likely the means of places would differ so by luck (run, place), none with a single run or place."""
    from scipy.stats import f

    count, places = values.shape
    if min(count, places) < 2:
        return None
    middle, own, luck = values.mean(), values.mean(axis=0), values.mean(axis=1)
    between = count * float(((own - middle) ** 2).sum())
    rest = float(((values - own - luck[:, None] + middle) ** 2).sum())
    whole = float(((values - middle) ** 2).sum())
    if rest <= 1e-20 * whole:
        return 0.0 if between > 1e-20 * whole else 1.0
    return float(f.sf(between * (count - 1) / rest, 1, count - 1))


def binned(points: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return for every point the place of its value along a key, and value or word of that place."""
    if not numeric(points, key):
        words = pl.col(key).cast(pl.String)
        place = pl.col(key).rank("dense").cast(pl.Int64)
        return points.select(
            "point",
            place.alias("place"),
            pl.lit(None, pl.Float64).alias("exact"),
            pl.lit(None, pl.Float64).alias("value"),
            words.alias("word"),
        )
    place = pl.col(key).rank("dense").cast(pl.Int64)
    if points[key].n_unique() > MOST_VALUES:
        bins = max(2, min(BINS, len(points) // PER_BIN))
        place = (pl.col(key).rank("ordinal").cast(pl.Int64) - 1) * bins // len(points)
    exact = pl.col(key).cast(pl.Float64).alias("exact")
    placed = points.select("point", place.alias("place"), exact)
    middle = pl.col("exact").median().over("place").alias("value")
    return placed.with_columns(middle, pl.lit(None, pl.String).alias("word"))


def movement(table: pl.DataFrame) -> pl.DataFrame:
    """Return by scenario, key, kind and outcome how far the median goes, from lowest to highest, largest first.

    sure  whether luck alone hardly does so, for all keys of a scenario together; none where nobody can tell
    """
    groups = table.group_by("scenario", "key", "of", "outcome", maintain_order=True)
    ends = groups.agg(
        pl.col("median").min().alias("least"), pl.col("median").max().alias("most"), pl.col("chance").first()
    )
    keys = pl.col("chance").count().over("scenario", "of", "outcome")
    found = ends.with_columns(
        (pl.col("most") - pl.col("least")).alias("movement"), (pl.col("chance") * keys < LUCK).alias("sure")
    )
    return found.sort("movement", descending=True, maintain_order=True)
