"""The headline figures of a run, worked out from its tables."""

import polars as pl

CHAINS: dict[str, tuple[str, ...]] = {
    "chips": ("chip_mature", "chip_auto", "chip_leading", "chip_memory"),
    "chip_leading": ("chip_leading",),
    "chip_mature": ("chip_mature", "chip_auto"),
    "rare_earth_mines": ("ree_concentrate",),
    "rare_earth_oxides": ("ree_oxide",),
    "magnets": ("magnet",),
    "battery_chemicals": ("battery_chemical",),
    "cells": ("cell",),
    "electric_cars": ("car_electric",),
    "ingredients": ("api",),
    "medicines": ("medicine",),
}
BY_CAPACITY = ("chips", "chip_leading", "chip_mature")
BOUGHT: dict[str, tuple[str, ...]] = {
    "chips": CHAINS["chips"],
    "magnets": ("magnet",),
    "cells": ("cell",),
    "devices": ("device",),
    "cars": ("car_electric", "car_combustion"),
    "medicines": ("medicine",),
}
_RUN = ["scenario", "run"]


def kpi(regions: pl.DataFrame, programmes: pl.DataFrame) -> pl.DataFrame:
    """Return one row per scenario and run: shares and concentration in the last year, shortages, prices, spending."""
    last = regions.filter(pl.col("date").dt.year() == regions["date"].dt.year().max())
    table = regions.select(_RUN).unique(maintain_order=True)
    for part in (_shares(last), _dependence(last), _shortage(regions), _prices(regions), _spending(programmes)):
        table = table.join(part, on=_RUN, how="left")
    return table.with_columns(pl.col("public_spending").fill_null(0.0), pl.col("tariff_revenue").fill_null(0.0))


def chain_shares(regions: pl.DataFrame, chain: str) -> pl.DataFrame:
    """Return a chain's regional shares by scenario, run, date and region.

    Chips are shares of capacity (SEMI basis), other chains shares of output.
    """
    measure = "capacity" if chain in BY_CAPACITY else "output"
    keys = [*_RUN, "date", "region"]
    kept = regions.lazy().filter(pl.col("good").cast(pl.String).is_in(CHAINS[chain]))
    summed = kept.group_by(keys, maintain_order=True).agg(pl.col(measure).cast(pl.Float64).sum().alias("amount"))
    total = pl.col("amount").sum().over([*_RUN, "date"])
    share = pl.when(total > 0).then(pl.col("amount") / total).otherwise(0.0).alias("share")
    return summed.with_columns(share).collect()


def _shares(last: pl.DataFrame) -> pl.DataFrame:
    """Return last-year shares per chain and region, and their Herfindahl index, one row per run."""
    parts = []
    for chain in CHAINS:
        mean = chain_shares(last, chain).group_by([*_RUN, "region"], maintain_order=True).agg(pl.col("share").mean())
        wide = mean.pivot(on="region", index=_RUN, values="share")
        names = [name for name in wide.columns if name not in _RUN]
        hhi = pl.sum_horizontal([pl.col(name) ** 2 for name in names]).alias(f"hhi_{chain}")
        wide = wide.with_columns(hhi)
        parts.append(wide.rename({name: f"share_{chain}_{name}" for name in names}))
    table = parts[0]
    for part in parts[1:]:
        table = table.join(part, on=_RUN, how="left")
    return table


def _dependence(last: pl.DataFrame) -> pl.DataFrame:
    """Return last-year import dependence per region, the mean over the goods it buys, one row per run."""
    mean = last.group_by([*_RUN, "region"], maintain_order=True).agg(pl.col("import_dependence").mean())
    wide = mean.pivot(on="region", index=_RUN, values="import_dependence")
    return wide.rename({name: f"import_dependence_{name}" for name in wide.columns if name not in _RUN})


def _shortage(regions: pl.DataFrame) -> pl.DataFrame:
    """Return the worst month of the worst supplied good, months until it recovered, and final sales lost."""
    wanted = pl.col("demand").cast(pl.Float64)
    lazy = regions.lazy().filter(~pl.col("good").cast(pl.String).str.starts_with("scrap_"))
    world = (
        lazy.group_by([*_RUN, "date", "good"], maintain_order=True)
        .agg(((wanted * pl.col("fill_rate")).sum() / wanted.sum()).alias("fill"))
        .group_by([*_RUN, "date"], maintain_order=True)
        .agg(pl.col("fill").min(), pl.col("good").sort_by("fill").first().cast(pl.String).alias("worst_good"))
        .sort([*_RUN, "date"])
    )
    worst = world.group_by(_RUN, maintain_order=True).agg(
        pl.col("fill").min().alias("worst_fill_rate"),
        pl.col("worst_good").sort_by("fill").first(),
        pl.col("date").sort_by("fill").first().alias("worst_month"),
    )
    recovered = (
        world.join(worst, on=_RUN)
        .filter((pl.col("date") > pl.col("worst_month")) & (pl.col("fill") >= 0.98))
        .group_by(_RUN, maintain_order=True)
        .agg(pl.col("date").min().alias("recovered"))
    )
    lost = lazy.group_by(_RUN, maintain_order=True).agg(
        _lost("car_electric", "car_combustion").alias("cars_not_made"), _lost("medicine").alias("doses_not_made")
    )
    months = (pl.col("recovered") - pl.col("worst_month")).dt.total_days() / 30.4375
    joined = worst.join(recovered, on=_RUN, how="left").join(lost, on=_RUN, how="left")
    return joined.with_columns(months.round(0).alias("months_to_recover")).drop("recovered").collect()


def _lost(*goods: str) -> pl.Expr:
    """Return the final sales of some goods that were lost."""
    return pl.col("lost_sales").cast(pl.Float64).filter(pl.col("good").cast(pl.String).is_in(goods)).sum()


def _prices(regions: pl.DataFrame) -> pl.DataFrame:
    """Return mean price indices of what buyers pay (start = 1), weighted by what is ordered, one row per run."""
    spent = pl.col("price_index").cast(pl.Float64) * pl.col("demand")
    columns = [
        (spent.filter(_is(goods)).sum() / pl.col("demand").cast(pl.Float64).filter(_is(goods)).sum())
        .fill_nan(None)
        .alias(f"price_{name}")
        for name, goods in BOUGHT.items()
    ]
    return regions.lazy().group_by(_RUN, maintain_order=True).agg(columns).collect()


def _is(goods: tuple[str, ...]) -> pl.Expr:
    """Return whether a row is of one of some goods."""
    return pl.col("good").cast(pl.String).is_in(goods)


def _spending(programmes: pl.DataFrame) -> pl.DataFrame:
    """Return grants and credits paid and tariffs collected over the run, M USD, one row per run."""
    return programmes.group_by(_RUN, maintain_order=True).agg(
        pl.col("paid").sum().alias("public_spending"), pl.col("tariff_revenue").sum()
    )
