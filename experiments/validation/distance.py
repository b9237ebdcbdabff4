"""How far runs are from the figures that parameters are fitted to."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from experiments.sweeping.dataset import POINTS, Dataset
from experiments.validation.measured import measured
from experiments.validation.observed import KEY, history, tellable

# Degrees of freedom of Student's distribution, as usual where outliers must not decide.
FREEDOM = 4.0


def targets(first: int, last: int) -> pl.DataFrame:
    """Return the figures of some years that a model may be fitted to."""
    rows, _ = tellable(history())
    return rows.filter(pl.col("role") == "fit", pl.col("year").is_between(first, last))


def distances(sweeps: Mapping[Path, tuple[int, int]], discrepancy: float) -> pl.DataFrame:
    """Return one row per point, in their order: its mean square distance from every title's figures, and its loss.

    sweeps       first and last year by folder; each holds the same points in the same order
    discrepancy  what a model may be off even with the best parameters, share of a title's mean size

    A figure's distance is that of the mean over runs, in standard deviations: of its own error, of the runs' mean and
    of the discrepancy. The loss is minus the logarithm of a likelihood in which every title is one observation with
    Student's distribution: titles count alike however many figures they have, and one that no point comes near says
    little.
    """
    parts = [_apart(folder, targets(*years), discrepancy) for folder, years in sweeps.items()]
    squares = pl.concat(parts).group_by("number", "title", maintain_order=True).agg((pl.col("z") ** 2).mean())
    by_title = squares.pivot("title", index="number", values="z").sort("number")
    titles = sorted(name for name in by_title.columns if name != "number")
    return by_title.select(
        "number", *titles, loss=pl.sum_horizontal((FREEDOM + 1.0) / 2.0 * (pl.col(titles) / FREEDOM).log1p())
    )


def _apart(folder: Path, rows: pl.DataFrame, discrepancy: float) -> pl.DataFrame:
    """Return number of the point, title and distance of every figure."""
    runs = measured(folder, rows).filter(~pl.col("given"))
    means = runs.group_by("point", "title", *KEY, "value", "error", maintain_order=True).agg(
        pl.col("model").mean(), (pl.col("model").std() / pl.len().sqrt()).fill_null(0.0).alias("luck")
    )
    size = pl.col("value").abs().mean().over("title") * discrepancy
    spread = (pl.col("error") ** 2 + size**2 + pl.col("luck") ** 2).sqrt()
    apart = means.with_columns(z=(pl.col("model") - pl.col("value")) / spread)
    points = Dataset(folder).about(POINTS)
    assert points is not None
    return (
        apart.join(points.select("point", "number"), on="point").select("number", "title", "z").sort("number", "title")
    )
