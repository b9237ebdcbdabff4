"""Prices, shortages and sales lost by good and month, all runs of a scenario in one row: what price charts draw."""

import polars as pl

KEYS = ("scenario", "good", "date")
LOW, HIGH = 0.1, 0.9


def market(months: pl.DataFrame) -> pl.DataFrame:
    """Return one row by scenario, good and month of the digest's months by run.

    abroad, abroad_low, abroad_high  export price, start = 1: mean and 10 and 90 in 100 runs
    price                            what buyers pay, start = 1, mean
    fill, fill_low, fill_high        orders filled in the region served worst, %;  fill_region  which that most often is
    filled                           of all orders, %, mean
    lost, demand                     units given up and ordered by final buyers, means
    """
    first = pl.col("abroad").first().over("scenario", "run", "good")
    known = months.sort("date", maintain_order=True).with_columns(
        pl.col("good", "fill_region").cast(pl.String),
        abroad=pl.col("abroad") / first,
        fill=100.0 * pl.col("fill"),
        filled=100.0 * pl.col("filled"),
    )
    return (
        known.group_by(KEYS, maintain_order=True)
        .agg(
            pl.col("abroad", "price", "fill", "filled").mean(),
            *_ends("abroad"),
            *_ends("fill"),
            fill_region=pl.col("fill_region").sort_by("fill").mode(maintain_order=True).first(),
            lost=pl.col("lost_sales").mean(),
            demand=pl.col("demand").mean(),
        )
        .sort(KEYS)
    )


def _ends(column: str) -> list[pl.Expr]:
    """Return the ends of the band of a column."""
    return [
        pl.col(column).quantile(level, "linear").alias(f"{column}_{name}")
        for level, name in ((LOW, "low"), (HIGH, "high"))
    ]
