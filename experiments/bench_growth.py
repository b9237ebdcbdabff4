"""How the cost of a run grows with the world and with the number of runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from abm.model import Model
from abm.scale import scale
from abm.scenario import Scenario
from abm.world import World
from experiments.bench_timing import Pass
from experiments.run import CHUNK

MILLI = 1000.0
# Between so many links the exponent is fitted.
LINKS = (5_000, 240_000)


@dataclass(frozen=True, slots=True)
class Size:
    """How long one run takes in a world of some size; medians.

    known    suppliers that a slot knows, besides the best of every region
    plants   rows of the books, of which slots are what is bought by, and links who buys from whom
    batch    runs side by side
    per_run  ms of CPU time for the months of one run, without setting up
    setting_up  the same for the whole batch until the first month
    """

    known: int
    plants: int
    slots: int
    links: int
    batch: int
    per_run: float
    setting_up: float


@dataclass(frozen=True, slots=True)
class Growth:
    """How cost grows.

    sizes   of worlds
    links   exponent of a run's cost in the number of links, over worlds of 5,000 to 240,000
    runs    exponent of the cost of all runs in their number, from a chunk on: 1 where a run always costs the same
    """

    sizes: tuple[Size, ...]
    links: float | None
    runs: float | None


def resized(world: World, plants: int, known: int) -> World:
    """Return a world of about so many plants whose slots know so many suppliers."""
    parameters = replace(world.parameters, known_suppliers=float(known))
    return scale(replace(world, parameters=parameters), plants)


def size_of(scenario: Scenario, world: World, batch: int, passes: Sequence[Pass]) -> Size:
    """Return what was measured of a world of some size."""
    network = Model(scenario, world=world).books.frame.network
    return Size(
        known=int(world.parameters.known_suppliers),
        plants=network.rows,
        slots=network.slots,
        links=len(network.link_slot),
        batch=batch,
        per_run=median(one.months for one in passes) * MILLI / batch,
        setting_up=median(one.setting_up for one in passes) * MILLI,
    )


def exponent(amounts: Sequence[float], costs: Sequence[float]) -> float | None:
    """Return the power of an amount that a cost grows with, by least squares of logs; none of fewer than two."""
    if len(set(amounts)) < 2:
        return None
    return float(np.polyfit(np.log(amounts), np.log(costs), 1)[0])


def growth(sizes: Sequence[Size], batches: Sequence[tuple[int, float]]) -> Growth:
    """Return exponents fitted to worlds of some sizes and to batches.

    batches  runs, and cost of all of them
    """
    fitted = [size for size in sizes if LINKS[0] <= size.links <= LINKS[1]]
    wide = [(runs, cost) for runs, cost in batches if runs >= CHUNK]
    return Growth(
        tuple(sizes),
        exponent([size.links for size in fitted], [size.per_run for size in fitted]),
        exponent([runs for runs, _ in wide], [cost for _, cost in wide]),
    )
