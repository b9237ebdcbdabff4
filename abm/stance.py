"""What governments that follow rules remember of each other: what they saw, fear, ask for and answer."""

from dataclasses import dataclass, field, fields

import numpy as np

from abm.axes import Bools, CellRun, Floats, GoodRegionRun, Ints, PairRun
from abm.flow import zeros
from abm.world import World

Why = str


@dataclass(frozen=True, slots=True, eq=False)
class Deeds:
    """What governments did by one rule in a month, one entry per deed.

    instrument           kind of measure;  why  rule it follows, a key of the sentences of the table of events
    actor, target, good  who, against whom (-1 if nobody), about what;  party  third region the sentence names
    run                  place in the batch
    size                 in the unit of the rule;  figure  number the sentence names
    """

    instrument: str
    why: Why
    actor: Ints
    target: Ints
    good: Ints
    party: Ints
    run: Ints
    size: Floats
    figure: Floats


@dataclass(slots=True, eq=False)
class Memory:
    """The columns of a stance.

    Corridors, the buyer's government looking at the supplier (cell, run)
    traded    shipped last month, units
    observed  share of the region's purchases, 0 at home
    error     error of this look, in standard deviations
    reviewed  how far a review has told the government what it buys, 0 to 1
    unlocked  how far a review has opened the way to programmes, 0 to 1
    perceived share of the region's purchases as its government last saw it
    asked     extra log cost that it asks its buyers to see
    premium   the same with what allies talked it into
    stopped   share of the corridor's orders that the supplier's government stops in answer to a hit

    Goods and regions (good x region, run)
    alarm     how far the largest perceived dependence lies above the threshold
    drive     the same, above the threshold for programmes
    bill      purchases of the start, M USD/year;  daily  imports of what plants use up, units/day

    Governments, towards another (region x region, run)
    exposure  largest perceived dependence on the other, over goods
    hit       1 where the other struck it this month
    chance    decides whether a hit is answered, uniform;  patience  and when, uniform
    due       months until it answers, 0 if it will not
    """

    traded: CellRun
    observed: CellRun
    error: CellRun
    reviewed: CellRun
    unlocked: CellRun
    perceived: CellRun
    asked: CellRun
    premium: CellRun
    stopped: CellRun
    alarm: GoodRegionRun
    drive: GoodRegionRun
    bill: GoodRegionRun
    daily: GoodRegionRun
    exposure: PairRun
    hit: PairRun
    chance: PairRun
    patience: PairRun
    due: PairRun


@dataclass(slots=True, eq=False)
class Stance(Memory):
    """The memory of governments that follow rules, whom they are allied with, and what they did this month.

    friends    whether two regions are allied (region, region)
    first_pot  number of the first of their programmes, one per government in the order of regions
    deeds      of this month
    noted      largest public stock wanted since it was last given up, as noted, days of imports (good x region, run)
    unwanted   looks in a row at which none was wanted (good x region, run)
    """

    friends: Bools = field(default_factory=lambda: np.empty((0, 0), np.bool_))
    first_pot: int = 0
    deeds: list[Deeds] = field(default_factory=list)
    noted: Floats = field(default_factory=lambda: np.empty((0, 0)))
    unwanted: Floats = field(default_factory=lambda: np.empty((0, 0)))

    @classmethod
    def of(cls, world: World, sizes: dict[str, int], first_pot: int) -> "Stance":
        """Return the stance of governments that have seen nothing yet.

        sizes  length of every axis of the books
        """
        blank = zeros(Memory, {**sizes, "pair": len(world.regions) ** 2})
        columns = {column.name: getattr(blank, column.name) for column in fields(Memory)}
        noted, unwanted = np.zeros_like(blank.alarm), np.zeros_like(blank.alarm)
        return cls(**columns, friends=allied(world), first_pot=first_pot, noted=noted, unwanted=unwanted)

    def columns(self) -> dict[str, Floats]:
        """Return every column by name."""
        return {column.name: getattr(self, column.name) for column in fields(Memory)}


def allied(world: World) -> Bools:
    """Return which regions are allied: different ones whose countries mostly have the stance of allies."""
    ally = np.array([stance == "ally" for stance in world.stances])
    friends: Bools = ally[:, None] & ally[None, :] & ~np.eye(len(ally), dtype=np.bool_)
    return friends
