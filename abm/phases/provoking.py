"""Whom a government's new measure strikes."""

from datetime import date

import numpy as np

from abm.axes import Bools, Floats, Ints, PairRun
from abm.books import Books
from abm.policies.instrument import Instrument
from abm.policies.levers import Levers, idle
from abm.stance import Stance


def struck(books: Books, stance: Stance) -> PairRun:
    """Return 1 where a measure of another government that begins this month strikes a region (struck x striker, run).

    A tariff strikes who sells, a stop of exports who buys, a list the homes of its firms, a tool control the sites.
    What is in force at the start belongs to the world as it is.
    """
    regions = books.frame.world.regions
    hits = np.zeros((len(regions), len(regions), books.runs))
    for policy in books.policies:
        government = getattr(policy, "government", None)
        if government is None or not _begins(policy, books.month, books.step):
            continue
        striker = regions.index(government)
        levers = idle(books.frame.world, books.runs)
        policy.act(books.frame.world, levers, books.month, books.signals)
        hits[:, striker] = np.maximum(hits[:, striker], _victims(books, stance, levers))
        hits[striker, striker] = 0.0
    return hits.reshape(stance.hit.shape)


def _begins(policy: Instrument, month: date, step: int) -> bool:
    """Return whether this is the first month of a measure, and not the first of all."""
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return step > 0 and policy.holds(month) and not policy.holds(before)


def _victims(books: Books, stance: Stance, levers: Levers) -> Floats:
    """Return 1 for regions that one measure's levers strike, else 0 (region, run)."""
    plants, owners = books.frame.world.plants, books.frame.world.owners
    shape, rows = (-1, books.regions, books.regions, books.runs), len(plants.good)
    trades = stance.traded.reshape(shape) > 0.0
    stands = books.state.capacity > 0.0
    refused = (levers.denied + levers.shunned).reshape(rows, books.regions, books.runs).any(axis=1)
    hit = (
        np.any((levers.tariff.reshape(shape) > 0.0) & trades, axis=(0, 1))
        | np.any((levers.blocked.reshape(shape) > 0.0) & trades, axis=(0, 2))
        | np.any(levers.input_stop.reshape(shape) > 0.0, axis=(0, 2))
        | _at(owners.region[plants.owner], refused & stands, books.regions)
        | _at(plants.region, (levers.unequipped > 0.0) & stands, books.regions)
    )
    return np.where(hit, 1.0, 0.0)


def _at(region: Ints, rows: Bools, regions: int) -> Bools:
    """Return whether any row of a region is meant (region, run); ``region`` is that of every row."""
    return np.stack([rows[region == number].any(axis=0) for number in range(regions)])
