"""Shares of the world in the periods that a summary shows, by run: what is left of a batch's table of regions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from abm.axes import Floats

if TYPE_CHECKING:
    from experiments.digest import Series


def shares(
    regions: pl.DataFrame, axes: Sequence[pl.Series], series: "Series", spans: Mapping[str, tuple[date, date]]
) -> pl.DataFrame:
    """Return every region's share of the world, by scenario, run, series, region and period.

    axes   of the table, as in ``axes_of``
    spans  first and last month of every period, by name
    """
    months, goods, places, runs = axes
    made = regions[series.measure].to_numpy().reshape([*map(len, axes)])
    of_series = goods.cast(pl.String).is_in(series.goods).to_numpy()
    found = [_shares(made[months.is_between(*span).to_numpy()][:, of_series]) for span in spans.values()]
    period, place, run = (index.ravel() for index in np.indices((len(spans), len(places), len(runs)), dtype=np.uint32))
    return pl.DataFrame(
        {
            "scenario": regions["scenario"].head(1).new_from_index(0, len(run)),
            "run": runs.gather(run),
            "series": pl.repeat(series.code, len(run), eager=True),
            "region": places.cast(pl.String).gather(place),
            "period": pl.Series([*spans]).gather(period),
            "share": np.concatenate(found).ravel(),
        }
    )


def _shares(made: Floats) -> Floats:
    """Return every region's share (region, run) of what was made (month, good, region, run); no number of nothing."""
    total = made.astype(np.float64).sum(axis=0).sum(axis=0)
    everyone = np.broadcast_to(total.sum(axis=0), total.shape)
    found: Floats = np.divide(total, everyone, out=np.full(total.shape, np.nan), where=everyone > 0.0)
    return found
