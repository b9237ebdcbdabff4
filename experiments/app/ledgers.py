"""What is kept by year of trade and of firms' books, for all runs together."""

from collections.abc import Sequence

import polars as pl

# What tells rows apart, and what is added up over runs.
_CORRIDOR, _CARRIED = ("date", "good", "buyer", "supplier"), ("units", "value")
_FIRM, _OWNED = ("date", "good", "firm", "hq"), ("capacity", "output", "cash", "debt", "bankrupt")
_MONEY = pl.Float32


def trade(table: pl.DataFrame) -> pl.DataFrame:
    """Return what corridors carried, ready to be added up.

    table  as a model records it
    """
    return table.select(_CORRIDOR + _CARRIED)


def books(table: pl.DataFrame) -> pl.DataFrame:
    """Return the books of firms at every year's end, ready to be added up.

    table  as a model records it
    """
    return table.select(*_FIRM, pl.col(_OWNED).cast(_MONEY))


def added(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the sums of some frames with the same columns over all their runs."""
    together = pl.concat(frames)
    keys = _CORRIDOR if "supplier" in together.columns else _FIRM
    figures = [name for name in together.columns if name not in keys]
    sums = together.group_by(keys, maintain_order=True).agg(pl.col(figures).cast(pl.Float64).sum())
    # Half the bytes, with more digits than anybody reads.
    return sums.with_columns(pl.col(figures).cast(_MONEY))


def averaged(frames: Sequence[pl.DataFrame], runs: int) -> pl.DataFrame:
    """Return means over all runs; where a run has no row there was nothing.

    frames  sums over some of the runs
    """
    found = added(frames) if len(frames) > 1 else frames[0]
    figures = [name for name, kind in found.schema.items() if kind == _MONEY]
    return found.with_columns(pl.col(figures) / runs)


def first_events(table: pl.DataFrame) -> pl.DataFrame:
    """Return the deeds of the first run, without what is the same in all rows."""
    return table.filter(pl.col("run") == pl.col("run").min()).drop("scenario")
