"""Where buyers turn: preferred shares, the move of relationships, orders down the links, quotas."""

import numpy as np
import pytest
from networks import CELLS, LINKS, NETWORK, PLACES, REGIONS, RUNS, WORLD, column, draws, link, on, shuffle

from abm.axes import Floats
from abm.markets import orders
from abm.markets.orders import share_of

ROWS, SLOTS = NETWORK.rows, NETWORK.slots
# Rows x regions of the two kinds of list, and the share that no list stops where there is none.
LISTED, EVERY = (ROWS * REGIONS, ROWS * REGIONS), np.ones((1, 1))
SEEDS = pytest.mark.parametrize("seed", range(5))
AUSTIN, WUXI, NAGOYA = (link("chip_leading", 0, region) for region in ("US", "CN", "JP"))


def weights(seed: int) -> Floats:
    """Return relationship weights that sum to 1 per slot."""
    (amounts,) = draws(seed, LINKS, idle=0.0)
    return share_of(amounts, NETWORK.to_slot(amounts)[NETWORK.link_slot])


def test_a_share_of_nothing_is_nothing() -> None:
    assert share_of(column(1.0, 0.0, 3.0), column(0.0, 0.0, 4.0)).ravel().tolist() == [0.0, 0.0, 0.75]
    assert share_of(column(1.0), column(5e-324)) == 0.0
    assert share_of(np.ones(1), np.zeros((2, 3))).shape == (2, 3)


@SEEDS
def test_preferred_shares_are_those_of_plain_loops_and_sum_to_one(seed: int) -> None:
    quality, pull, corridor = draws(seed, LINKS, 2 * ROWS, CELLS)
    found, total = orders.preferred(NETWORK, quality, pull, corridor)
    for run in range(RUNS):
        for slot in range(SLOTS):
            known = np.flatnonzero(NETWORK.link_slot == slot)
            each = [
                quality[k, run] * pull[NETWORK.link_offer[k], run] * corridor[NETWORK.link_cell[k], run] for k in known
            ]
            assert total[slot, run] == pytest.approx(sum(each), rel=1e-12)
            wanted = [one / sum(each) if sum(each) else 0.0 for one in each]
            np.testing.assert_allclose(found[known, run], wanted, rtol=1e-12)
    np.testing.assert_allclose(NETWORK.to_slot(found)[total > 0.0], 1.0, rtol=1e-12)


def test_of_two_makers_one_half_as_far_away_is_preferred_two_to_one() -> None:
    quality = on(LINKS, [AUSTIN, NAGOYA], 1.0, 1.0)
    near = np.ones((CELLS, 1))
    near[NETWORK.link_cell[NAGOYA]] = 0.5
    found, _ = orders.preferred(NETWORK, quality, np.ones((2 * ROWS, 1)), near)
    assert found[[AUSTIN, WUXI, NAGOYA], 0].tolist() == pytest.approx([2 / 3, 0.0, 1 / 3])


@SEEDS
def test_a_maker_that_becomes_more_attractive_gains_share_and_its_rivals_lose(seed: int) -> None:
    quality, pull, corridor = draws(seed, LINKS, 2 * ROWS, CELLS, idle=0.0)
    before, _ = orders.preferred(NETWORK, quality, pull, corridor)
    pull[NETWORK.link_offer[NAGOYA]] *= 1.5
    after, _ = orders.preferred(NETWORK, quality, pull, corridor)
    same_slot = NETWORK.link_slot == NETWORK.link_slot[NAGOYA]
    rivals = same_slot & (NETWORK.link_offer != NETWORK.link_offer[NAGOYA])
    assert (after[NAGOYA] > before[NAGOYA]).all()
    assert (after[rivals] < before[rivals]).all()


@SEEDS
def test_the_order_of_rows_changes_no_preference(seed: int) -> None:
    quality, home, abroad, corridor = draws(seed, LINKS, ROWS, ROWS, CELLS)
    found, total = orders.preferred(NETWORK, quality, np.concatenate([home, abroad]), corridor)
    other = shuffle(seed)
    pull = np.concatenate([home[other.row], abroad[other.row]])
    there, sums = orders.preferred(other.network, quality[other.link], pull, corridor)
    np.testing.assert_allclose(there, found[other.link], rtol=1e-12)
    np.testing.assert_allclose(sums, total[other.slot], rtol=1e-12)


def test_friction_falls_with_every_cost_and_is_one_without() -> None:
    sigma = np.full((4, 1), 2.0)
    wedge, premium = column(1.0, 1.25, 1.5, 1.0), column(0.0, 0.0, 0.0, 0.1)
    found = orders.friction(wedge, premium, sigma).ravel()
    assert found == pytest.approx([1.0, 0.64, 4 / 9, np.exp(-0.2)])


def test_attraction_is_capacity_times_price_to_the_minus_sigma() -> None:
    start = np.log(column(2.0, 2.0))
    found = orders.attraction(column(10.0, 10.0), np.log(column(2.0, 4.0)), start, column(2.0, 2.0))
    assert found.ravel() == pytest.approx([10.0, 2.5])


@SEEDS
def test_relationships_move_towards_the_wanted_shares_and_still_sum_to_one(seed: int) -> None:
    now, wanted = weights(seed), weights(seed + 100)
    speed = np.random.default_rng(seed).random((SLOTS, RUNS))
    moved = orders.move(NETWORK, now, wanted, speed)
    np.testing.assert_allclose(NETWORK.to_slot(moved), 1.0, rtol=1e-12)
    np.testing.assert_allclose(moved, now + speed[NETWORK.link_slot] * (wanted - now), rtol=1e-12)
    assert np.array_equal(orders.move(NETWORK, now, wanted, np.zeros((SLOTS, RUNS))), now)


def test_after_twelve_months_of_039_two_fifths_of_the_way_are_gone() -> None:
    now, wanted = on(LINKS, [AUSTIN], 1.0), on(LINKS, [NAGOYA], 1.0)
    for _ in range(12):
        now = orders.move(NETWORK, now, wanted, np.full((SLOTS, 1), 0.039))
    assert now[NAGOYA, 0] == pytest.approx(1.0 - 0.961**12)
    assert 2.0 * now[NAGOYA, 0] == pytest.approx(0.76, abs=0.01)


@SEEDS
def test_the_order_is_masked_and_never_the_weight(seed: int) -> None:
    weight = weights(seed)
    (blocked,) = draws(seed, CELLS, idle=0.5)
    blocked = np.minimum(blocked, 1.0)
    kept = weight.copy()
    (wanted,) = draws(seed, SLOTS)
    passing = orders.passable(NETWORK, blocked, EVERY)
    asked = orders.place(NETWORK, wanted, weight, passing)
    assert np.array_equal(weight, kept)
    shut = blocked[NETWORK.link_cell] == 1.0
    assert shut.any()
    assert (asked[shut] == 0.0).all()
    partly = (passing > 0.0) & (passing < 1.0)
    expected = weight * passing * wanted[NETWORK.link_slot]
    np.testing.assert_allclose(asked[partly], expected[partly], rtol=1e-12)
    open_to_some = NETWORK.to_slot(np.where(passing >= 1.0, weight, 0.0)) > 0.0
    assert open_to_some.any()
    np.testing.assert_allclose(NETWORK.to_slot(asked)[open_to_some], wanted[open_to_some], rtol=1e-12)
    np.testing.assert_allclose(
        NETWORK.to_slot(asked)[~open_to_some], NETWORK.to_slot(expected)[~open_to_some], rtol=1e-12
    )


@SEEDS
def test_a_link_passes_what_neither_its_corridor_nor_a_list_of_firms_stops(seed: int) -> None:
    blocked, denied, shunned = (np.minimum(each, 1.0) for each in draws(seed, CELLS, *LISTED, idle=0.5))
    free = orders.unlisted(NETWORK, denied, shunned)
    found = orders.passable(NETWORK, blocked, free)
    for k in range(0, LINKS, 3):
        slot, row = NETWORK.link_slot[k], NETWORK.link_row[k]
        buyer, seller = NETWORK.slot_region[slot], WORLD.plants.region[row]
        user = NETWORK.slot_row[slot]
        refused = denied[user * REGIONS + seller] if user >= 0 else np.zeros(RUNS)
        told = (1.0 - shunned[row * REGIONS + buyer]) * (1.0 - refused)
        np.testing.assert_allclose(free[k], told, rtol=1e-14)
        np.testing.assert_allclose(found[k], (1.0 - blocked[NETWORK.link_cell[k]]) * told, rtol=1e-14)
        assert (found[k][(refused == 1.0) | (shunned[row * REGIONS + buyer] == 1.0)] == 0.0).all()
    assert (found == 0.0).any()


def test_nobody_on_a_list_means_one_number_for_all_links() -> None:
    nobody = np.zeros((ROWS * REGIONS, RUNS))
    assert orders.unlisted(NETWORK, nobody, nobody).tolist() == [[1.0]]


@SEEDS
def test_a_run_without_a_list_is_bit_identical_beside_one_with_a_list(seed: int) -> None:
    weight, (blocked,) = weights(seed), draws(seed, CELLS, idle=0.5)
    blocked, denied, shunned = np.minimum(blocked, 1.0), *(np.zeros((size, RUNS)) for size in LISTED)
    alone = orders.passable(NETWORK, blocked, EVERY)
    denied[:, 0], shunned[:, 0] = 0.5, 0.3
    free = orders.unlisted(NETWORK, denied, shunned)
    beside = orders.passable(NETWORK, blocked, free)
    assert np.array_equal(beside[:, 1:], alone[:, 1:])
    assert not np.array_equal(beside[:, 0], alone[:, 0])
    hazards = orders.refused(NETWORK, blocked, free, weight)
    assert np.array_equal(hazards[:, 1:], orders.refused(NETWORK, blocked, EVERY, weight)[:, 1:])


@SEEDS
def test_a_corridor_refuses_the_share_of_orders_that_cannot_be_placed(seed: int) -> None:
    (sought,) = draws(seed, LINKS)
    blocked, denied, shunned = (np.minimum(each, 1.0) for each in draws(seed, CELLS, *LISTED, idle=0.5))
    free = orders.unlisted(NETWORK, denied, shunned)
    found = orders.refused(NETWORK, blocked, free, sought)
    left = NETWORK.to_cell(sought * orders.passable(NETWORK, blocked, free))
    whole = NETWORK.to_cell(sought)
    np.testing.assert_allclose(whole - left, whole * found, rtol=1e-9, atol=1e-9)
    assert np.array_equal(found[whole == 0.0], blocked[whole == 0.0])


@SEEDS
def test_orders_add_up_to_what_is_wanted_where_anyone_may_be_asked(seed: int) -> None:
    (wanted,) = draws(seed, SLOTS)
    placed = orders.place(NETWORK, wanted, weights(seed), EVERY)
    np.testing.assert_allclose(NETWORK.to_slot(placed), wanted, rtol=1e-12)
    shut = orders.passable(NETWORK, np.ones((CELLS, RUNS)), EVERY)
    assert (orders.place(NETWORK, wanted, weights(seed), shut) == 0.0).all()


@SEEDS
def test_a_run_in_which_nothing_is_stopped_orders_the_same_beside_one_in_which_all_is(seed: int) -> None:
    (wanted,) = draws(seed, SLOTS)
    weight, blocked = weights(seed), np.zeros((CELLS, RUNS))
    alone = orders.place(NETWORK, wanted, weight, orders.passable(NETWORK, blocked, EVERY))
    blocked[:, 0] = 0.7
    beside = orders.place(NETWORK, wanted, weight, orders.passable(NETWORK, blocked, EVERY))
    assert np.array_equal(beside[:, 1:], alone[:, 1:])
    assert not np.array_equal(beside[:, 0], alone[:, 0])


@SEEDS
def test_a_quota_cuts_all_exports_of_a_region_alike_and_no_sale_at_home(seed: int) -> None:
    asked, quota = draws(seed, LINKS, PLACES, idle=0.3)
    quota[::4] = np.inf
    allowed = orders.within_quota(NETWORK, asked, quota)
    home = NETWORK.link_origin < 0
    assert np.array_equal(allowed[home], asked[home])
    assert (NETWORK.to_origin(allowed) <= quota * (1.0 + 1e-12)).all()
    for place in range(PLACES):
        leaving = np.flatnonzero(NETWORK.link_origin == place)
        total = asked[leaving].sum(axis=0)
        cut = np.minimum(np.divide(quota[place], total, out=np.ones(RUNS), where=total > 0.0), 1.0)
        np.testing.assert_allclose(allowed[leaving], asked[leaving] * cut, rtol=1e-12)


def test_a_quota_of_six_for_orders_of_eight_and_four_lets_four_and_two_leave() -> None:
    first, second = link("chip_leading", 0, "JP"), link("chip_leading", 2, "JP")
    quota = np.full((PLACES, 1), np.inf)
    quota[NETWORK.link_origin[first]] = 6.0
    allowed = orders.within_quota(NETWORK, on(LINKS, [first, second], 8.0, 4.0), quota)
    assert allowed[[first, second], 0].tolist() == pytest.approx([4.0, 2.0])
    assert NETWORK.link_origin[first] % REGIONS == 2


@SEEDS
def test_a_wider_quota_never_lets_less_through(seed: int) -> None:
    asked, quota = draws(seed, LINKS, PLACES)
    assert (orders.within_quota(NETWORK, asked, 1.3 * quota) >= orders.within_quota(NETWORK, asked, quota)).all()


@SEEDS
def test_the_order_of_rows_changes_no_order(seed: int) -> None:
    wanted, weight, quota = draws(seed, SLOTS, LINKS, PLACES)
    passing = np.minimum(draws(seed, LINKS)[0], 1.0)
    found = orders.within_quota(NETWORK, orders.place(NETWORK, wanted, weight, passing), quota)
    other = shuffle(seed)
    placed = orders.place(other.network, wanted[other.slot], weight[other.link], passing[other.link])
    np.testing.assert_allclose(orders.within_quota(other.network, placed, quota), found[other.link], rtol=1e-12)
