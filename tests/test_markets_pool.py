"""Public stocks: a region helps itself, then allies help each other, nobody gives what it keeps or has not."""

import numpy as np
import pytest
from networks import LINKS, NETWORK, PLACES, REGIONS, RUNS, WORLD, column, draws

from abm.axes import Floats
from abm.markets.pool import Stocks, priority, release, stock_up
from abm.markets.trade import allocate

SEEDS = pytest.mark.parametrize("seed", range(5))
GOODS, ROWS = PLACES // REGIONS, NETWORK.rows
PLACE = WORLD.plants.good * REGIONS + WORLD.plants.region


def shares(seed: int, whole: bool = False) -> Floats:
    """Return the share that each region puts at the disposal of a pool, 0 for strangers (good x region, run).

    whole  all that members have
    """
    luck = np.random.default_rng(seed)
    part = np.ones((PLACES, RUNS)) if whole else luck.uniform(0.1, 0.9, (PLACES, RUNS))
    return part * (luck.random((PLACES, RUNS)) < 0.6)


def drawn(seed: int) -> Stocks:
    """Return what regions lack and hold, some of which they keep for themselves."""
    missing, ready, lendable = draws(seed, PLACES, PLACES, PLACES, idle=0.4)
    return Stocks(missing, ready, lendable)


@SEEDS
def test_what_is_given_was_taken_and_nobody_gives_or_gets_too_much(seed: int) -> None:
    stocks = drawn(seed)
    found = release(stocks, shares(seed), REGIONS)
    given, taken = (amount.reshape(GOODS, REGIONS, RUNS).sum(axis=1) for amount in (found.given, found.taken))
    np.testing.assert_allclose(given, taken, rtol=1e-12, atol=1e-12)
    for amount, limit in ((found.given, stocks.missing), (found.taken, stocks.ready)):
        assert (amount >= 0.0).all()
        assert (amount <= limit * (1.0 + 1e-12)).all()


@SEEDS
def test_a_member_gives_others_at_most_its_share_and_nothing_of_what_it_keeps(seed: int) -> None:
    stocks, pooled = drawn(seed), shares(seed)
    own = np.minimum(stocks.missing, stocks.ready)
    lent = release(stocks, pooled, REGIONS).taken - own
    assert (lent <= (stocks.ready - own) * pooled + 1e-12 * stocks.ready).all()
    assert (lent <= np.maximum(stocks.lendable - own, 0.0) + 1e-12 * stocks.ready).all()
    assert (lent > 0.0).any()


@SEEDS
def test_releases_are_those_of_plain_loops(seed: int) -> None:
    stocks, pooled = drawn(seed), shares(seed)
    missing, ready, lendable = stocks.missing, stocks.ready, stocks.lendable
    found = release(stocks, pooled, REGIONS)
    for good in range(GOODS):
        for run in range(RUNS):
            places = [good * REGIONS + region for region in range(REGIONS)]
            own = [min(missing[k, run], ready[k, run]) for k in places]
            short = [missing[k, run] - own[i] if pooled[k, run] else 0.0 for i, k in enumerate(places)]
            spare = [
                min((ready[k, run] - own[i]) * pooled[k, run], max(lendable[k, run] - own[i], 0.0))
                for i, k in enumerate(places)
            ]
            moved = min(sum(short), sum(spare))
            for i, k in enumerate(places):
                got = own[i] + (moved * short[i] / sum(short) if sum(short) else 0.0)
                gave = own[i] + (moved * spare[i] / sum(spare) if sum(spare) else 0.0)
                assert found.given[k, run] == pytest.approx(got, rel=1e-12, abs=1e-15)
                assert found.taken[k, run] == pytest.approx(gave, rel=1e-12, abs=1e-15)


def test_an_ally_covers_what_a_region_lacks_and_a_stranger_gives_nothing() -> None:
    stocks = Stocks(column(10.0, 0.0, 0.0), column(4.0, 3.0, 50.0), column(9.0, 9.0, 50.0))
    found = release(stocks, column(1.0, 1.0, 0.0), 3)
    assert found.given.ravel().tolist() == [7.0, 0.0, 0.0]
    assert found.taken.ravel().tolist() == [4.0, 3.0, 0.0]


def test_a_member_that_shares_a_third_of_nine_and_keeps_all_but_two_gives_two() -> None:
    stocks = Stocks(column(10.0, 0.0, 0.0), column(0.0, 9.0, 9.0), column(0.0, 2.0, 9.0))
    found = release(stocks, column(0.5, 1.0 / 3.0, 1.0 / 3.0), 3)
    assert found.taken.ravel().tolist() == pytest.approx([0.0, 2.0, 3.0])
    assert found.given.ravel().tolist() == pytest.approx([5.0, 0.0, 0.0])


@SEEDS
def test_more_stock_never_gives_anyone_less(seed: int) -> None:
    less, nobody = drawn(seed), np.zeros((PLACES, RUNS))
    more = Stocks(less.missing, 1.5 * less.ready, 1.5 * less.lendable)
    alone = [release(stocks, nobody, REGIONS).given for stocks in (less, more)]
    assert (alone[1] >= alone[0]).all()
    pooled = [
        release(stocks, shares(seed, whole=True), REGIONS).given.reshape(GOODS, REGIONS, RUNS).sum(axis=1)
        for stocks in (less, more)
    ]
    assert (pooled[1] >= pooled[0] * (1.0 - 1e-12)).all()


@SEEDS
def test_the_order_of_regions_changes_no_release(seed: int) -> None:
    stocks, pooled = drawn(seed), shares(seed)
    order = np.random.default_rng(seed).permutation(REGIONS)
    place = (np.arange(GOODS)[:, None] * REGIONS + order).ravel()
    moved = Stocks(stocks.missing[place], stocks.ready[place], stocks.lendable[place])
    here, there = release(stocks, pooled, REGIONS), release(moved, pooled[place], REGIONS)
    np.testing.assert_allclose(there.given, here.given[place], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(there.taken, here.taken[place], rtol=1e-12, atol=1e-15)


def test_members_favour_members_in_need_by_what_they_share_and_nobody_else() -> None:
    emergency, pooled = column(1.0, 0.0, 1.0), column(0.5, 0.75, 0.0)
    factor = priority(emergency, pooled, 3).reshape(3, 3)
    assert factor.tolist() == [[2.0, 4.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    assert (priority(np.ones((3, 1)), column(0.0, 0.0, 0.0), 3) == 1.0).all()


@SEEDS
def test_a_pool_keeps_its_promise_whoever_is_in_need(seed: int) -> None:
    """Nobody gets less than it orders, or than what the pool leaves of its usual claim on a maker's stock."""
    orders, stock, memory = draws(seed, LINKS, ROWS, LINKS)
    pooled = shares(seed)
    emergency = (np.random.default_rng(seed + 50).random((PLACES, RUNS)) < 0.5).astype(np.float64)
    factor = priority(emergency, pooled, REGIONS)[NETWORK.link_cell]
    row = NETWORK.link_row
    known = NETWORK.to_row(memory)
    claim = memory * np.divide(stock, known, out=np.zeros_like(stock), where=known > 0.0)[row]
    promised = np.minimum(orders, (1.0 - pooled[PLACE[row]]) * claim)
    shipped = allocate(NETWORK, orders, stock, memory * factor)
    assert (shipped >= promised * (1.0 - 1e-12)).all()
    usual = allocate(NETWORK, orders, stock, memory)
    in_need = (factor > 1.0) & (shipped > usual)
    assert in_need.any()
    assert (shipped < usual * (1.0 - 1e-9)).any(), "someone gives way"


def asks(seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what states would buy, what makers have left, the part each state may buy, and room under quotas."""
    wanted, left, room = draws(seed, PLACES, ROWS, PLACES, idle=0.3)
    part = np.random.default_rng(seed).random((REGIONS, ROWS, RUNS))
    return wanted, left, left * np.where(part < 0.2, 0.0, part), np.where(room > 1.0, np.inf, room)


@SEEDS
def test_states_buy_no_more_than_they_want_than_is_left_than_they_may_and_than_may_leave(seed: int) -> None:
    wanted, left, pull, room = asks(seed)
    bought = stock_up(NETWORK, PLACE, wanted, left, pull, room)
    more = 1.0 + 1e-12
    assert (bought >= 0.0).all()
    assert bought.any()
    assert (bought.sum(axis=0) <= left * more).all()
    assert (bought <= pull * more).all()
    for buyer, amount in enumerate(bought):
        of_good = NETWORK.row_to_good_region(amount).reshape(GOODS, REGIONS, RUNS).sum(axis=1)
        assert (of_good <= wanted[buyer::REGIONS] * more).all()
    abroad = bought * (np.arange(REGIONS)[:, None] != WORLD.plants.region)[:, :, None]
    assert (NETWORK.row_to_good_region(abroad.sum(axis=0)) <= room * more).all()


def test_two_states_share_what_a_maker_has_left_and_turn_first_to_whoever_has_more() -> None:
    code = WORLD.goods.code.index("magnet")
    ningbo, kyoto = (
        int(np.flatnonzero((WORLD.plants.good == code) & (WORLD.plants.region == region) & ~WORLD.plants.fringe)[0])
        for region in (WORLD.regions.index("CN"), WORLD.regions.index("JP"))
    )
    us, jp = WORLD.regions.index("US"), WORLD.regions.index("JP")
    wanted, left = np.zeros((PLACES, 1)), np.zeros((ROWS, 1))
    wanted[[code * REGIONS + us, code * REGIONS + jp], 0] = 6.0, 8.0
    left[[ningbo, kyoto], 0] = 6.0, 3.0
    free = np.full((PLACES, 1), np.inf)
    found = stock_up(NETWORK, PLACE, wanted, left, np.broadcast_to(left, (REGIONS, ROWS, 1)), free)[..., 0]
    # They ask for 6 and 8 of 9: two thirds and eight ninths of what each maker has, which is shared 3 : 4.
    assert found[us, [ningbo, kyoto]].tolist() == pytest.approx([18.0 / 7.0, 9.0 / 7.0])
    assert found[jp, [ningbo, kyoto]].tolist() == pytest.approx([24.0 / 7.0, 12.0 / 7.0])
    quota = free.copy()
    quota[PLACE[ningbo]] = 2.0
    kept = stock_up(NETWORK, PLACE, wanted, left, np.broadcast_to(left, (REGIONS, ROWS, 1)), quota)[..., 0]
    assert kept[:, ningbo].sum() == pytest.approx(2.0)
