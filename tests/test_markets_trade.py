"""Who gets what is there: allocation by memory, leftovers, and one round to whoever has stock."""

import numpy as np
import pytest
from networks import CELLS, LINKS, NETWORK, PLACES, RUNS, draws, link, on, shuffle

from abm.axes import Floats
from abm.markets.trade import allocate, share_out, spill_over

ROWS, SLOTS = NETWORK.rows, NETWORK.slots
SEEDS = pytest.mark.parametrize("seed", range(5))
FREE, OPEN = np.full((PLACES, 1), np.inf), np.ones((1, 1))
NAGOYA = [link("chip_leading", buyer, "JP") for buyer in (0, 2, 4)]
AUSTIN, WUXI = link("chip_leading", 0, "US"), link("chip_leading", 0, "CN")
CLOSE = 1.0 + 1e-12


def stock_of(links: list[int], *amounts: float) -> Floats:
    """Return stocks of the makers at the far end of some links, one run."""
    return on(ROWS, [int(NETWORK.link_row[each]) for each in links], *amounts)


@SEEDS
def test_nobody_ships_more_than_ordered_or_than_available(seed: int) -> None:
    orders, stock, memory = draws(seed, LINKS, ROWS, LINKS)
    shipped = allocate(NETWORK, orders, stock, memory)
    assert (shipped >= 0.0).all()
    assert (shipped <= orders * CLOSE).all()
    assert (NETWORK.to_row(shipped) <= stock * CLOSE).all()


@SEEDS
def test_an_overbooked_maker_sells_all_it_has_and_others_serve_every_order(seed: int) -> None:
    orders, stock, memory = draws(seed, LINKS, ROWS, LINKS)
    shipped = allocate(NETWORK, orders, stock, memory)
    np.testing.assert_allclose(NETWORK.to_row(shipped), np.minimum(NETWORK.to_row(orders), stock), rtol=1e-12)


@SEEDS
def test_allocation_is_that_of_plain_loops(seed: int) -> None:
    orders, stock, memory = draws(seed, LINKS, ROWS, LINKS)
    shipped = allocate(NETWORK, orders, stock, memory)
    for run in range(RUNS):
        for row in range(ROWS):
            mine = np.flatnonzero(NETWORK.link_row == row)
            known = sum(memory[k, run] for k in mine)
            first = [min(orders[k, run], stock[row, run] * memory[k, run] / known if known else 0.0) for k in mine]
            unmet = [orders[k, run] - one for k, one in zip(mine, first, strict=True)]
            left = max(stock[row, run] - sum(first), 0.0)
            served = min(left / sum(unmet), 1.0) if sum(unmet) > 0.0 else 0.0
            told = [one + served * more for one, more in zip(first, unmet, strict=True)]
            np.testing.assert_allclose(shipped[mine, run], told, rtol=1e-9, atol=1e-12)


def test_usual_buyers_come_first_and_leftovers_go_to_who_still_wants() -> None:
    memory = on(LINKS, NAGOYA, 3.0, 1.0, 0.0)
    shipped = allocate(NETWORK, on(LINKS, NAGOYA, 10.0, 1.0, 4.0), stock_of(NAGOYA[:1], 8.0), memory)
    # 6 and 2 are promised; the second wants only 1, and what it leaves goes 4 : 4 to those who lack something.
    assert shipped[NAGOYA, 0].tolist() == pytest.approx([6.5, 1.0, 0.5])


def test_a_buyer_in_an_emergency_is_served_before_the_others() -> None:
    orders, stock = on(LINKS, NAGOYA, 6.0, 6.0, 0.0), stock_of(NAGOYA[:1], 6.0)
    usual = allocate(NETWORK, orders, stock, on(LINKS, NAGOYA, 1.0, 1.0, 0.0))
    rated = allocate(NETWORK, orders, stock, on(LINKS, NAGOYA, 4.0, 1.0, 0.0))
    assert usual[NAGOYA[:2], 0].tolist() == pytest.approx([3.0, 3.0])
    assert rated[NAGOYA[:2], 0].tolist() == pytest.approx([4.8, 1.2])


@SEEDS
def test_more_stock_never_serves_a_makers_customers_less_in_sum(seed: int) -> None:
    orders, stock, memory = draws(seed, LINKS, ROWS, LINKS)
    less, more = (NETWORK.to_row(allocate(NETWORK, orders, factor * stock, memory)) for factor in (1.0, 1.5))
    assert (more >= less * (1.0 - 1e-12)).all()


@SEEDS
def test_leftovers_are_shared_pro_rata(seed: int) -> None:
    shipped, unmet, left = draws(seed, LINKS, LINKS, ROWS)
    found = share_out(NETWORK, shipped, unmet, left)
    for row in range(ROWS):
        mine = np.flatnonzero(NETWORK.link_row == row)
        wanted = unmet[mine].sum(axis=0)
        served = np.minimum(np.divide(left[row], wanted, out=np.zeros(RUNS), where=wanted > 0.0), 1.0)
        np.testing.assert_allclose(found[mine] - shipped[mine], served * unmet[mine], rtol=1e-9, atol=1e-9)


def test_a_buyer_left_short_turns_to_makers_with_stock_by_their_stock() -> None:
    missing = on(SLOTS, [int(NETWORK.link_slot[AUSTIN])], 6.0)
    shipped = on(LINKS, [AUSTIN], 4.0)
    found = spill_over(NETWORK, missing, shipped, stock_of([WUXI, NAGOYA[0]], 2.0, 6.0), OPEN, FREE)
    # It asks for 1.5 and 4.5, and both can serve that.
    assert found[[AUSTIN, WUXI, NAGOYA[0]], 0].tolist() == pytest.approx([4.0, 1.5, 4.5])


def test_spill_over_respects_blocks_and_quotas() -> None:
    wanted = on(SLOTS, [int(NETWORK.link_slot[AUSTIN])], 10.0)
    spare = stock_of([WUXI, NAGOYA[0]], 2.0, 6.0)
    shut = np.ones((LINKS, 1))
    shut[NETWORK.link_cell == NETWORK.link_cell[WUXI]] = 0.0
    found = spill_over(NETWORK, wanted, np.zeros((LINKS, 1)), spare, shut, FREE)
    assert found[[WUXI, NAGOYA[0]], 0].tolist() == pytest.approx([0.0, 6.0])
    quota = FREE.copy()
    quota[NETWORK.link_origin[NAGOYA[0]]] = 1.0
    found = spill_over(NETWORK, wanted, np.zeros((LINKS, 1)), spare, shut, quota)
    assert found[[WUXI, NAGOYA[0]], 0].tolist() == pytest.approx([0.0, 1.0])


@SEEDS
def test_spill_over_ships_no_more_than_wanted_spare_or_allowed(seed: int) -> None:
    orders, stock, memory, blocked, quota = draws(seed, LINKS, ROWS, LINKS, CELLS, PLACES, idle=0.4)
    blocked = np.minimum(blocked, 1.0)
    orders *= 1.0 - blocked[NETWORK.link_cell]
    quota += NETWORK.to_origin(orders)
    wanted = 1.5 * NETWORK.to_slot(orders)
    shipped = allocate(NETWORK, orders, stock, memory)
    spare = np.maximum(stock - NETWORK.to_row(shipped), 0.0)
    missing = np.maximum(wanted - NETWORK.to_slot(shipped), 0.0)
    found = spill_over(NETWORK, missing, shipped, spare, (1.0 - blocked)[NETWORK.link_cell], quota)
    assert (found >= shipped).all()
    assert (found > shipped).any()
    assert (NETWORK.to_slot(found) <= wanted * (1.0 + 1e-9)).all()
    assert (NETWORK.to_row(found) <= stock * (1.0 + 1e-9)).all()
    assert (NETWORK.to_origin(found) <= quota * (1.0 + 1e-9)).all()
    assert (found[blocked[NETWORK.link_cell] == 1.0] == 0.0).all()


def test_nobody_turns_elsewhere_when_every_order_is_filled() -> None:
    (shipped,) = draws(1, LINKS)
    spare = np.ones((ROWS, RUNS))
    assert spill_over(NETWORK, np.zeros((SLOTS, RUNS)), shipped, spare, OPEN, FREE) is shipped


@SEEDS
def test_the_order_of_rows_changes_no_shipment(seed: int) -> None:
    orders, stock, memory, quota = draws(seed, LINKS, ROWS, LINKS, PLACES)
    wanted = 1.3 * NETWORK.to_slot(orders)
    other = shuffle(seed)
    found = []
    for network, row, slot, deal in (
        (NETWORK, np.arange(ROWS), np.arange(SLOTS), np.arange(LINKS)),
        (other.network, other.row, other.slot, other.link),
    ):
        shipped = allocate(network, orders[deal], stock[row], memory[deal])
        spare = np.maximum(stock[row] - network.to_row(shipped), 0.0)
        missing = np.maximum(wanted[slot] - network.to_slot(shipped), 0.0)
        found.append(spill_over(network, missing, shipped, spare, OPEN, quota))
    np.testing.assert_allclose(found[1], found[0][other.link], rtol=1e-9, atol=1e-12)
