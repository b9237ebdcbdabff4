"""Emergencies: a region helps itself, then allies help each other, and nobody gives what it has not."""

import numpy as np
import pytest
from networks import PLACES, REGIONS, RUNS, column, draws

from abm.axes import Floats
from abm.markets.pool import priority, release

SEEDS = pytest.mark.parametrize("seed", range(5))
GOODS = PLACES // REGIONS


def members(seed: int) -> Floats:
    """Return who is in the pool (region, run)."""
    return (np.random.default_rng(seed).random((REGIONS, RUNS)) < 0.6).astype(np.float64)


@SEEDS
def test_what_is_given_was_taken_and_nobody_gives_or_gets_too_much(seed: int) -> None:
    missing, ready = draws(seed, PLACES, PLACES, idle=0.4)
    found = release(missing, ready, members(seed), REGIONS)
    given, taken = (amount.reshape(GOODS, REGIONS, RUNS).sum(axis=1) for amount in (found.given, found.taken))
    np.testing.assert_allclose(given, taken, rtol=1e-12, atol=1e-12)
    for amount, limit in ((found.given, missing), (found.taken, ready)):
        assert (amount >= 0.0).all()
        assert (amount <= limit * (1.0 + 1e-12)).all()


@SEEDS
def test_releases_are_those_of_plain_loops(seed: int) -> None:
    missing, ready = draws(seed, PLACES, PLACES, idle=0.4)
    pooled = members(seed)
    found = release(missing, ready, pooled, REGIONS)
    for good in range(GOODS):
        for run in range(RUNS):
            places = [good * REGIONS + region for region in range(REGIONS)]
            own = [min(missing[k, run], ready[k, run]) for k in places]
            short = [(missing[k, run] - own[i]) * pooled[i, run] for i, k in enumerate(places)]
            spare = [(ready[k, run] - own[i]) * pooled[i, run] for i, k in enumerate(places)]
            moved = min(sum(short), sum(spare))
            for i, k in enumerate(places):
                got = own[i] + (moved * short[i] / sum(short) if sum(short) else 0.0)
                gave = own[i] + (moved * spare[i] / sum(spare) if sum(spare) else 0.0)
                assert found.given[k, run] == pytest.approx(got, rel=1e-12, abs=1e-15)
                assert found.taken[k, run] == pytest.approx(gave, rel=1e-12, abs=1e-15)


def test_an_ally_covers_what_a_region_lacks_and_a_stranger_gives_nothing() -> None:
    missing, ready = column(10.0, 0.0, 0.0), column(4.0, 3.0, 50.0)
    found = release(missing, ready, column(1.0, 1.0, 0.0), 3)
    assert found.given.ravel().tolist() == [7.0, 0.0, 0.0]
    assert found.taken.ravel().tolist() == [4.0, 3.0, 0.0]


@SEEDS
def test_more_stock_never_gives_anyone_less(seed: int) -> None:
    missing, ready = draws(seed, PLACES, PLACES, idle=0.4)
    nobody = np.zeros((REGIONS, RUNS))
    less, more = (release(missing, stock, nobody, REGIONS).given for stock in (ready, 1.5 * ready))
    assert (more >= less).all()
    pooled = [
        release(missing, stock, members(seed), REGIONS).given.reshape(GOODS, REGIONS, RUNS).sum(axis=1)
        for stock in (ready, 1.5 * ready)
    ]
    assert (pooled[1] >= pooled[0] * (1.0 - 1e-12)).all()


@SEEDS
def test_the_order_of_regions_changes_no_release(seed: int) -> None:
    missing, ready = draws(seed, PLACES, PLACES, idle=0.4)
    pooled = members(seed)
    order = np.random.default_rng(seed).permutation(REGIONS)
    place = (np.arange(GOODS)[:, None] * REGIONS + order).ravel()
    here, there = (
        release(missing, ready, pooled, REGIONS),
        release(missing[place], ready[place], pooled[order], REGIONS),
    )
    np.testing.assert_allclose(there.given, here.given[place], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(there.taken, here.taken[place], rtol=1e-12, atol=1e-15)


def test_members_favour_members_in_need_and_nobody_else() -> None:
    emergency, pooled = column(1.0, 0.0, 1.0), column(1.0, 1.0, 0.0)
    factor = priority(emergency, pooled, 3.0, 3).reshape(3, 3)
    assert factor.tolist() == [[4.0, 4.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    assert (priority(emergency, pooled, 0.0, 3) == 1.0).all()
