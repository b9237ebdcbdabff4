"""Runs added until the difference between a point and its baseline is known well enough."""

from collections.abc import Callable

import polars as pl

from abm.errors import InputError, nearest
from experiments.run import CHUNK
from experiments.sweeping.batches import Batch, Pair
from experiments.sweeping.dataset import Dataset
from experiments.sweeping.plan import Until

# Of the normal law: nine intervals of ten hold the mean, where there are as many runs as this asks for.
_NINE_OF_TEN = 1.6448536269514722


def settle(until: Until, pair: Pair, dataset: Dataset, play: Callable[[Batch], None]) -> None:
    """Play batches of a pair that are not done, chunk by chunk, until their difference is known well enough.

    play  plays a batch and writes it

    How many runs it takes follows from the plan alone, whoever has played some of them before.
    """
    for wanted in range(CHUNK, until.most + CHUNK, CHUNK):
        needed = [each for each in pair.batches if _first(each, pair) < wanted]
        done = dataset.done()
        for batch in needed:
            if batch.name not in done:
                play(batch)
        names = {each.name for each in needed}
        files = [each.path for each in dataset.counted("kpi") if each.kind == "whole" or each.batch in names]
        if not files or half_width(pl.scan_parquet(files), pair, until.series, wanted) <= until.half_width:
            return


def _first(batch: Batch, pair: Pair) -> int:
    """Return the number of the first run in a batch that is the pair's."""
    return min(part.first for part in batch.parts if part.point.name in {pair.baseline, pair.point})


def half_width(kpi: pl.LazyFrame, pair: Pair, series: str, runs: int) -> float:
    """Return half the 90 % interval of the difference between point and baseline; 0 where a failure hides it."""
    columns = kpi.collect_schema()
    if series not in columns or not columns[series].is_numeric():
        raise InputError("runs.series", f"the table kpi has no figures {series!r}.", nearest(series, columns))
    told = kpi.filter(pl.col("point").is_in([pair.baseline, pair.point]), pl.col("run") < runs)
    mine, theirs = (told.filter(point=name).select("run", series) for name in (pair.point, pair.baseline))
    both = mine.join(theirs, on="run").select(pl.col(series) - pl.col(f"{series}_right")).collect().to_series()
    # No difference at all in any run is known exactly; runs without the figure tell nothing, however many.
    spread = both.drop_nulls().std()
    return 0.0 if not isinstance(spread, float) else _NINE_OF_TEN * spread / both.count() ** 0.5
