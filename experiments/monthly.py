"""Prices and shortages by run, good and month: what is left of a batch's table of regions, regions summed up."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from abm.axes import Floats

FIGURES = ("demand", "output", "fill_rate", "price_index", "price_export", "lost_sales")
# A region that wants a smaller share of a good does not decide where its worst shortage was.
SMALL_BUYER = 0.005


def monthly(regions: pl.DataFrame, axes: Sequence[pl.Series]) -> pl.DataFrame:
    """Return by scenario, run, good and month what buyers pay and are asked abroad, and the region served worst.

    axes  of the table, as in ``axes_of``

    price   what buyers pay, start = 1
    abroad  what makers ask for export, M USD per unit
    fill    smallest share of its orders a region got, and place fill_region
    filled  share of all orders that was delivered
    """
    shape = tuple(map(len, axes))
    of = {name: regions[name].to_numpy().astype(np.float64).reshape(shape) for name in FIGURES}
    demand = np.nansum(of["demand"], axis=2)
    served = np.where(of["demand"] > SMALL_BUYER * demand[:, :, None], of["fill_rate"], np.nan)
    worst = np.where(np.isnan(served), np.inf, served).argmin(axis=2)
    fill = np.take_along_axis(served, worst[:, :, None], axis=2)[:, :, 0]
    date, good, run = (each.ravel() for each in np.indices(demand.shape, dtype=np.uint32))
    found = pl.DataFrame(
        {
            "scenario": regions["scenario"].head(1).new_from_index(0, len(run)),
            "run": axes[3].gather(run),
            "good": axes[1].gather(good),
            "date": axes[0].gather(date),
            "price": _weighted(of["price_index"], of["demand"]).ravel(),
            "abroad": _weighted(of["price_export"], of["output"]).ravel(),
            "fill": fill.ravel(),
            "fill_region": axes[2].gather(worst.ravel()),
            "filled": _weighted(of["fill_rate"], of["demand"]).ravel(),
            "lost_sales": np.nansum(of["lost_sales"], axis=2).ravel(),
            "demand": demand.ravel(),
        },
        nan_to_null=True,
    )
    return found.with_columns(pl.when(pl.col("fill").is_not_null()).then(pl.col("fill_region")).alias("fill_region"))


def axes_of(regions: pl.DataFrame) -> list[pl.Series]:
    """Return months, goods, regions and runs of a scenario's table with all rows in the order of ``Model.regions``."""
    names = ("date", "good", "region", "run")
    axes = [regions[name].unique(maintain_order=True) for name in names]
    shape = tuple(map(len, axes))
    for place, (name, axis) in enumerate(zip(names, axes, strict=True)):
        codes = regions[name].to_physical().to_numpy().reshape(shape)
        told = axis.to_physical().to_numpy().reshape([-1 if at == place else 1 for at in range(len(shape))])
        assert (codes == told).all(), f"rows are not in the order of {names}"
    return axes


def _weighted(values: Floats, weight: Floats) -> Floats:
    """Return means over regions (month, good, run) weighted with another figure, plain where all weights are 0."""
    counts, weights = ~np.isnan(values), np.where(np.isnan(weight), 0.0, weight)
    known = np.where(counts, values, 0.0)
    total, number = (weights * counts).sum(axis=2), counts.sum(axis=2)
    mean: Floats = np.divide(known.sum(axis=2), number, out=np.full(total.shape, np.nan), where=number > 0)
    np.divide((known * weights).sum(axis=2), total, out=mean, where=total > 0.0)
    return mean
