"""What markets keep: nothing is made from nothing, and more of a cause never gives less of its effect."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import tiny_world

from abm.axes import Floats
from abm.markets import capital, finance, orders, pool, prices, trade
from abm.markets.network import connect, summed

NETWORK = connect(tiny_world())
LINKS, ROWS, SLOTS = len(NETWORK.link_slot), NETWORK.rows, NETWORK.slots
REGIONS = 3
FREE = np.full((19 * REGIONS, 1), np.inf)
OPEN = np.zeros((19 * REGIONS * REGIONS, 1))
often = settings(deadline=None, max_examples=40)
seeds = st.integers(0, 10_000)


def drawn(seed: int, size: int, *, empty: float = 0.3) -> Floats:
    """Return positive numbers of which a share is 0 (size, 1)."""
    dice = np.random.default_rng(seed)
    return (dice.random((size, 1)) * (dice.random((size, 1)) > empty)) * 10.0


@often
@given(seeds)
def test_nobody_ships_more_than_ordered_or_than_available(seed: int) -> None:
    asked, stock, memory = drawn(seed, LINKS), drawn(seed + 1, ROWS), drawn(seed + 2, LINKS)
    shipped = trade.allocate(NETWORK, asked, stock, memory)
    assert (shipped <= asked * (1.0 + 1e-12)).all()
    assert (NETWORK.to_row(shipped) <= stock * (1.0 + 1e-12) + 1e-12).all()
    left = np.maximum(stock - NETWORK.to_row(shipped), 0.0)[NETWORK.link_row]
    unmet = asked - shipped
    assert (np.minimum(left, unmet) < 1e-9).all(), "a maker with stock left its buyer short"


@often
@given(seeds)
def test_allocation_agrees_with_a_plain_loop(seed: int) -> None:
    asked, stock, memory = drawn(seed, LINKS), drawn(seed + 1, ROWS), drawn(seed + 2, LINKS)
    shipped = trade.allocate(NETWORK, asked, stock, memory)
    for row in range(ROWS):
        links = np.flatnonzero(NETWORK.link_row == row)
        total = sum(memory[link, 0] for link in links)
        first = [min(asked[link, 0], memory[link, 0] * (stock[row, 0] / total if total else 0.0)) for link in links]
        left = max(stock[row, 0] - sum(first), 0.0)
        unmet = sum(asked[link, 0] - got for link, got in zip(links, first, strict=True))
        served = min(left / unmet, 1.0) if unmet else 0.0
        for link, got in zip(links, first, strict=True):
            assert shipped[link, 0] == pytest.approx(got + (asked[link, 0] - got) * served, rel=1e-12, abs=1e-12)


@often
@given(seeds, st.floats(1.0, 3.0))
def test_more_stock_never_ships_less(seed: int, more: float) -> None:
    asked, stock, memory = drawn(seed, LINKS), drawn(seed + 1, ROWS), drawn(seed + 2, LINKS)
    little, much = (summed(trade.allocate(NETWORK, asked, amount, memory)) for amount in (stock, stock * more))
    assert (much >= little * (1.0 - 1e-12)).all()


@often
@given(seeds)
def test_spill_over_fills_what_it_can_and_takes_no_more_than_is_spare(seed: int) -> None:
    wanted, spare = drawn(seed, SLOTS), drawn(seed + 1, ROWS)
    nothing = np.zeros((LINKS, 1))
    shipped = trade.spill_over(NETWORK, wanted, nothing, spare, OPEN, FREE)
    assert (NETWORK.to_slot(shipped) <= wanted * (1.0 + 1e-12) + 1e-12).all()
    assert (NETWORK.to_row(shipped) <= spare * (1.0 + 1e-12) + 1e-12).all()
    closed = trade.spill_over(NETWORK, wanted, nothing, spare, OPEN + 1.0, FREE)
    assert not closed.any()


@often
@given(seeds, st.floats(0.0, 5.0))
def test_exports_stay_within_a_quota_and_home_sales_are_untouched(seed: int, limit: float) -> None:
    asked, quota = drawn(seed, LINKS), np.full((19 * REGIONS, 1), limit)
    kept = orders.within_quota(NETWORK, asked, quota)
    assert (NETWORK.to_origin(kept) <= quota * (1.0 + 1e-12)).all()
    home = NETWORK.link_origin < 0
    assert np.array_equal(kept[home], asked[home])
    assert orders.within_quota(NETWORK, asked, FREE) is asked


@often
@given(seeds)
def test_orders_add_up_to_what_is_wanted_and_weights_to_one(seed: int) -> None:
    weight = drawn(seed, LINKS, empty=0.0) + 0.1
    weight = weight / NETWORK.to_slot(weight)[NETWORK.link_slot]
    wanted = drawn(seed + 1, SLOTS)
    assert np.allclose(NETWORK.to_slot(orders.place(NETWORK, wanted, weight)), wanted, rtol=1e-12)
    preferred, _ = orders.preferred(
        NETWORK, drawn(seed + 2, LINKS, empty=0.0), drawn(seed, 2 * ROWS, empty=0.0), OPEN + 1
    )
    moved = orders.move(NETWORK, weight, preferred, np.full((SLOTS, 1), 0.3))
    assert np.allclose(NETWORK.to_slot(moved), 1.0, rtol=1e-12)


def test_an_order_is_masked_and_the_weight_is_not() -> None:
    weight = np.ones((LINKS, 1))
    usable = orders.unblocked(NETWORK, weight, OPEN + 1.0)
    assert not usable.any()
    assert weight.all()


def test_tension_is_the_log_of_orders_over_what_stock_can_serve() -> None:
    one = np.ones((1, 1))
    assert prices.tension(10.0 * one, 15.0 * one, 1.5 * one, 0.0 * one)[0, 0] == pytest.approx(0.0)
    assert prices.tension(20.0 * one, 15.0 * one, 1.5 * one, 0.0 * one)[0, 0] == pytest.approx(np.log(2.0))
    assert prices.tension(99.0 * one, 1.0 * one, 1.5 * one, 0.0 * one)[0, 0] == 1.0
    assert prices.tension(0.0 * one, 0.0 * one, one, 0.0 * one)[0, 0] == 0.0
    assert prices.export_tension(0.1 * one, 8.0 * one, 4.0 * one, 0.0 * one)[0, 0] == pytest.approx(0.1 + np.log(2.0))


def test_grants_go_by_merit_until_the_pot_is_empty() -> None:
    asked = np.array([[5.0], [4.0], [3.0], [0.0]])
    merit = np.array([[1.0], [3.0], [2.0], [9.0]])
    granted = capital.award(asked, merit, np.array([8.0]))
    assert granted[:, 0].tolist() == [1.0, 4.0, 3.0, 0.0]
    tied = capital.award(asked, np.ones((4, 1)), np.array([8.0]))
    assert tied[:, 0].tolist() == [5.0, 3.0, 0.0, 0.0]


@often
@given(seeds, st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_grants_never_exceed_the_pot_and_grow_with_it(seed: int, pot: float, more: float) -> None:
    asked, merit = drawn(seed, 12), drawn(seed + 1, 12)
    small, large = (summed(capital.award(asked, merit, np.array([left])))[0] for left in (pot, pot + more))
    assert small <= pot * (1.0 + 1e-12)
    assert large >= small - 1e-9


def test_a_project_asks_what_makes_it_indifferent_between_floor_and_cap() -> None:
    row, cost = np.zeros((3, 1), np.int64), np.full((3, 1), 100.0)
    projects = capital.Projects(row, row, cost, cost, np.array([[0.0], [0.12], [0.9]]))
    asked = capital.ask(projects, np.array([0.25]), np.array([0.05]), np.ones((3, 1)))
    assert asked[:, 0].tolist() == pytest.approx([5.0, 12.0, 25.0])


def test_owners_choose_the_best_of_their_own_sites() -> None:
    sites = capital.Sites.of(NETWORK)
    value = np.random.default_rng(1).normal(size=(ROWS, 2))
    row, best = sites.best(value)
    for division in range(NETWORK.divisions):
        own = value[NETWORK.division_of_row == division]
        assert np.array_equal(best[division], own.max(axis=0))
        assert (NETWORK.division_of_row[row[division]] == division).all()


@often
@given(seeds)
def test_a_fire_sale_moves_capacity_and_money_without_making_any(seed: int) -> None:
    place = tiny_world().plants.good * REGIONS + tiny_world().plants.region
    capacity, value = drawn(seed, ROWS), drawn(seed + 1, ROWS, empty=0.0)
    gone = (np.random.default_rng(seed).random((ROWS, 1)) < 0.3).astype(np.float64)
    sale = finance.fire_sale(NETWORK, place, capacity, value, gone)
    assert summed(sale.capacity)[0] == pytest.approx(0.0, abs=1e-9)
    assert summed(sale.price)[0] == pytest.approx(0.0, abs=1e-9)
    assert (capacity + sale.capacity - sale.scrapped >= -1e-9).all()
    assert np.allclose((capacity + sale.capacity - sale.scrapped) * gone, 0.0, atol=1e-9)


@often
@given(st.floats(-50, 50), st.floats(0, 80), st.floats(0, 100), st.floats(0, 30))
def test_an_owner_borrows_only_what_lacks_and_pays_dividends_only_from_what_is_spare(
    cash: float, debt: float, assets: float, target: float
) -> None:
    cash_, debt_, assets_, target_ = (np.array([[each]]) for each in (cash, debt, assets, target))
    closed = finance.close_month(cash_, debt_, assets_, target_, (0.6, 0.25))
    loan, repaid, dividend = (each[0, 0] for each in (closed.loan, closed.repaid, closed.dividend))
    assert min(loan, repaid, dividend) >= 0.0
    assert loan <= max(-cash, 0.0)
    assert debt + loan <= max(0.6 * assets, debt) * (1.0 + 1e-12)
    assert loan == 0.0 or repaid + dividend == 0.0
    assert cash - repaid - dividend >= min(cash, target) - 1e-9


@often
@given(seeds, st.floats(0.0, 1.0))
def test_bills_are_revenue_and_duty_and_carriage(seed: int, rate: float) -> None:
    shipped, offers = drawn(seed, LINKS), drawn(seed + 1, 2 * ROWS)
    cells = 19 * REGIONS * REGIONS
    due = finance.bills(NETWORK, shipped, offers, np.full((cells, 1), rate), np.full((cells, 1), 0.03))
    paid = summed(due.revenue) + summed(due.duty) + summed(due.carriage)
    assert summed(due.bill)[0] == pytest.approx(paid[0], rel=1e-12)
    assert np.allclose(due.duty, rate * due.value, rtol=1e-12)


@often
@given(seeds)
def test_released_stock_is_given_to_the_short_and_never_beyond_need_or_stock(seed: int) -> None:
    missing, ready = drawn(seed, 19 * REGIONS), drawn(seed + 1, 19 * REGIONS)
    members = np.array([[1.0], [1.0], [0.0]])
    freed = pool.release(missing, ready, members, REGIONS)
    assert (freed.given <= missing * (1.0 + 1e-12)).all()
    assert (freed.taken <= ready * (1.0 + 1e-12)).all()
    assert np.allclose(freed.given.reshape(-1, REGIONS).sum(axis=1), freed.taken.reshape(-1, REGIONS).sum(axis=1))
    outsider = freed.given.reshape(-1, REGIONS)[:, 2]
    assert np.allclose(outsider, np.minimum(missing, ready).reshape(-1, REGIONS)[:, 2])


def test_priority_is_for_members_in_need_from_members() -> None:
    need, members = np.zeros((19 * REGIONS, 1)), np.array([[1.0], [1.0], [0.0]])
    need[0] = need[2] = 1.0
    factor = pool.priority(need, members, 3.0, REGIONS).reshape(19, REGIONS, REGIONS)
    assert factor[0].tolist() == [[4.0, 4.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    assert (factor[1:] == 1.0).all()
