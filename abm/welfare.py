"""Who pays and who gains: what final buyers, makers and treasuries of each region get more in one run than in another.

Money is in M USD of the start and valued at the start: later months count less, at the rate ``discount``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from abm.parameters import Parameters
from abm.world import World

PARTS = ("buyers", "margin", "plants", "treasury")
_KEYS = ("run", "region")
_PLACES = (*_KEYS, "good")


@dataclass(frozen=True, slots=True)
class Account:
    """The account of some runs of one scenario, M USD valued at the start.

    bought    by run, region, good and year: units, as many as the money is valued, and what was spent on them
    made      by run, region and good: margin of makers, what they paid for building, and what of it is left at the end
    treasury  by run and region: taken in less paid
    """

    bought: pl.DataFrame
    made: pl.DataFrame
    treasury: pl.DataFrame


def account(tables: Mapping[str, pl.DataFrame], world: World, parameters: Parameters, start: date) -> Account:
    """Return the account of the runs of a batch.

    tables  regions and programmes of one scenario;  start  its first month
    """
    wear = pl.DataFrame({"good": world.goods.code, "wear": world.goods.depreciation})
    regions, programmes = tables["regions"], tables["programmes"]
    month = 12 * (pl.col("date").dt.year() - start.year) + pl.col("date").dt.month() - start.month
    names = pl.col("good", "region").cast(pl.String)
    money = pl.col("consumption", "consumer_spending", "producer_margin", "capex").cast(pl.Float64)
    months = regions.select("run", "date", names, money, month=month, value=_value(month, parameters))
    last = months["month"].max()
    bought = (
        months.filter(pl.col("consumption") > 0.0)
        .group_by(*_PLACES, pl.col("date").dt.year().alias("year"), maintain_order=True)
        .agg(units=_worth("consumption"), spent=_worth("consumer_spending"))
    )
    kept = (1.0 - pl.col("wear")) ** (last - pl.col("month"))
    left = (pl.col("capex") * kept).sum() * pl.col("value").last()
    made = (
        months.join(wear, on="good", maintain_order="left")
        .sort("month", maintain_order=True)
        .group_by(*_PLACES, maintain_order=True)
        .agg(margin=_worth("producer_margin"), built=_worth("capex"), left=left)
    )
    net = (pl.col("tariff_revenue") + pl.col("repaid") - pl.col("paid")) * _value(month, parameters)
    treasury = programmes.group_by("run", region=pl.col("government").cast(pl.String), maintain_order=True).agg(
        net.sum().alias("net")
    )
    return Account(bought, made, treasury)


def _value(month: pl.Expr, parameters: Parameters) -> pl.Expr:
    """Return what a dollar of a month is worth at the start."""
    return (1.0 + parameters.discount) ** (-month.cast(pl.Float64) / 12.0)


def _worth(column: str) -> pl.Expr:
    """Return a sum over months, each as it is valued."""
    return (pl.col(column) * pl.col("value")).sum()


def gains(mine: Account, theirs: Account) -> pl.DataFrame:
    """Return what each side gets more in one scenario than in another, run by run: run, region, good, part and gain.

    buyers    the goods they get in both cost them less: half of the units of both times the fall of the mean price
              of a year, the surplus under a straight demand curve (the rule of half)
    margin    sales and public money of makers less inputs and operating cost
    plants    what is left of plants built, at cost less wear, less what was paid for building
    treasury  taken in less paid, good ""
    spending  spent less by final buyers: no part of the sum, since they may also get less for it
    All parts but ``spending`` add up, over the world, to what more goods are worth to their buyers less the work,
    freight and building that they take.
    """
    parts = [_of_buyers(mine.bought, theirs.bought), _of_makers(mine.made, theirs.made)]
    everyone = mine.made.select(_KEYS).unique(maintain_order=True)
    both = everyone.join(mine.treasury, on=_KEYS, how="left", maintain_order="left")
    both = both.join(theirs.treasury, on=_KEYS, how="left", suffix="_then", maintain_order="left")
    net = pl.col("net").fill_null(0.0) - pl.col("net_then").fill_null(0.0)
    parts.append(both.select(*_KEYS, good=pl.lit(""), part=pl.lit("treasury"), gain=net))
    runs = set(mine.made["run"].unique()) & set(theirs.made["run"].unique())
    return pl.concat(parts).filter(pl.col("run").is_in(sorted(runs)))


def _of_buyers(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Return what final buyers gain by prices, and what they spend less."""
    both = mine.join(theirs, on=[*_PLACES, "year"], how="full", coalesce=True, suffix="_then")
    units, then = pl.col("units").fill_null(0.0), pl.col("units_then").fill_null(0.0)
    fall = pl.col("spent_then") / pl.col("units_then") - pl.col("spent") / pl.col("units")
    cheaper = (0.5 * (units + then) * fall).fill_null(0.0).sum()
    saved = (pl.col("spent_then").fill_null(0.0) - pl.col("spent").fill_null(0.0)).sum()
    found = both.group_by(_PLACES, maintain_order=True).agg(buyers=cheaper, spending=saved)
    return _long(found, "buyers", "spending")


def _of_makers(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Return what makers gain by their margins, and by plants."""
    both = mine.join(theirs, on=_PLACES, suffix="_then", maintain_order="left")
    kept = pl.col("left") - pl.col("built")
    then = pl.col("left_then") - pl.col("built_then")
    found = both.select(*_PLACES, margin=pl.col("margin") - pl.col("margin_then"), plants=kept - then)
    return _long(found, "margin", "plants")


def _long(frame: pl.DataFrame, *parts: str) -> pl.DataFrame:
    """Return some columns of a frame one below the other."""
    return frame.unpivot(on=parts, index=_PLACES, variable_name="part", value_name="gain")
