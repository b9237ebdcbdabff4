"""A year of one firm as a page shows it: what it did in every month and why, whom it bought from and sold to."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from abm import world as worlds
from abm.axes import Floats
from abm.frame import Frame
from abm.model import Model
from experiments.app.firm_deeds import deeds
from experiments.app.sheets import Sheet, plain
from experiments.firm_month import watch
from experiments.trace import tables

if TYPE_CHECKING:
    from experiments.app.watching import Year

FINAL = "final buyers"
# How the many small makers of a region are called in the data.
FRINGE = re.compile(r"^Other (.*?)(?: \(.*\))? makers, .*$")


@dataclass(frozen=True, slots=True)
class MonthTold:
    """What a firm did in a month.

    deeds   sentences: what it did out of the ordinary, and why
    sheets  the tables of ``friendshore trace``
    """

    month: date
    deeds: tuple[str, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FirmYear:
    """What a firm did in a year.

    suppliers  by input, supplier and region of its plant: share of what was bought of the input
    customers  by good, customer and region: share of what was sold of the good
    """

    firm: str
    year: int
    months: tuple[MonthTold, ...]
    suppliers: pl.DataFrame
    customers: pl.DataFrame


def watched(asked: "Year", progress: Callable[[int], None]) -> FirmYear:
    """Live through the months before, watch every month of the year and return what the firm did.

    progress  told how many months have just been lived through
    """
    scenario = asked.play.scenario
    world = worlds.read(scenario.start)
    owner = world.owners.name.index(asked.firm)
    model = Model(scenario, runs=1, seed=asked.play.seed, world=world, series=[])
    while model.month < date(asked.year, 1, 1):
        model.step()
        progress(1)
    months, carried = [], np.zeros(len(model.books.frame.network.link_row))
    while model.month.year == asked.year and model.month <= scenario.until:
        month = watch(model, owner)
        months.append(MonthTold(month.month, tuple(deeds(month)), tuple(map(plain, tables(month)))))
        carried += month.books.flow.shipped[:, 0]
        progress(1)
    frame = model.books.frame
    found = FirmYear(
        asked.firm, asked.year, tuple(months), suppliers(frame, owner, carried), customers(frame, owner, carried)
    )
    # A model is freed only when the collector comes by: what is large in it goes now.
    del model.books, model.record
    return found


def suppliers(frame: Frame, owner: int, carried: Floats) -> pl.DataFrame:
    """Return whom a firm bought from: input, supplier, region, share.

    carried  by every relationship over the year, units (link,)
    """
    network, world = frame.network, frame.world
    slot = network.link_slot
    row = network.slot_row[slot.clip(max=network.inputs - 1)]
    mine = (slot < network.inputs) & (world.plants.owner[row] == owner) & (carried > 0.0)
    seller = network.link_row[mine]
    return _shares(
        pl.DataFrame(
            {
                "input": [world.goods.code[good] for good in network.slot_good[slot[mine]]],
                "supplier": [_called(world.owners.name[who]) for who in world.plants.owner[seller]],
                "region": [world.regions[where] for where in world.plants.region[seller]],
                "units": carried[mine],
            },
            schema_overrides={"input": pl.String, "supplier": pl.String, "region": pl.String},
        )
    )


def customers(frame: Frame, owner: int, carried: Floats) -> pl.DataFrame:
    """Return whom a firm sold to: good, customer, region, share.

    carried  by every relationship over the year, units (link,)
    """
    network, world = frame.network, frame.world
    mine = (world.plants.owner[network.link_row] == owner) & (carried > 0.0)
    slots = network.link_slot[mine]
    return _shares(
        pl.DataFrame(
            {
                "good": [world.goods.code[good] for good in network.slot_good[slots]],
                "customer": [*_buyers(frame, slots.tolist())],
                "region": [world.regions[where] for where in network.slot_region[slots]],
                "units": carried[mine],
            },
            schema_overrides={"good": pl.String, "customer": pl.String, "region": pl.String},
        )
    )


def _buyers(frame: Frame, slots: list[int]) -> Iterator[str]:
    """Yield who buys for each slot: a firm, or final buyers."""
    network, world = frame.network, frame.world
    for slot in slots:
        maker = slot < network.inputs
        yield _called(world.owners.name[world.plants.owner[network.slot_row[slot]]]) if maker else FINAL


def _called(name: str) -> str:
    """Return the name of a firm; makers without one are told by what they make, their region stands beside them."""
    return FRINGE.sub(r"other makers of \1", name)


def _shares(found: pl.DataFrame) -> pl.DataFrame:
    """Return units added up by all other columns, as shares of the first; the largest come first."""
    ware, who, where, _ = found.columns
    sums = found.group_by(ware, who, where, maintain_order=True).agg(pl.col("units").sum())
    share = pl.col("units") / pl.col("units").sum().over(ware)
    return sums.select(ware, who, where, share=share).sort(ware, "share", who, descending=[False, True, False])
