"""Money: every bill is somebody's revenue, loans end at the limit, bankrupts' plants change hands at half price."""

import numpy as np
import pytest
from networks import CELLS, LINKS, NETWORK, REGIONS, RUNS, WORLD, column, draws, link, on, shuffle

from abm.axes import Floats
from abm.markets.finance import Books, bills, by_buyer, close_month, fire_sale, instalment, over_plants, public_part

ROWS, OWNERS = NETWORK.rows, len(WORLD.owners.name)
PLACE = WORLD.plants.good * REGIONS + WORLD.plants.region
SEEDS = pytest.mark.parametrize("seed", range(5))
LIMITS = (0.6, 0.25)


@SEEDS
def test_what_buyers_are_billed_is_revenue_duty_and_carriage(seed: int) -> None:
    shipped, offers, tariff, freight = draws(seed, LINKS, 2 * ROWS, CELLS, CELLS)
    due = bills(NETWORK, shipped, offers, tariff, freight[:, :1])
    billed, earned = due.bill.sum(axis=0), due.revenue.sum(axis=0) + due.duty.sum(axis=0) + due.carriage.sum(axis=0)
    np.testing.assert_allclose(billed, earned, rtol=1e-12)
    np.testing.assert_allclose(due.value.sum(axis=0), due.revenue.sum(axis=0), rtol=1e-12)


@SEEDS
def test_bills_are_those_of_plain_loops(seed: int) -> None:
    shipped, offers, tariff, freight = draws(seed, LINKS, 2 * ROWS, CELLS, CELLS)
    due = bills(NETWORK, shipped, offers, tariff, freight[:, :1])
    billed, revenue = np.zeros((NETWORK.slots, RUNS)), np.zeros((ROWS, RUNS))
    for k in range(LINKS):
        cell, row = NETWORK.link_cell[k], NETWORK.link_row[k]
        abroad = cell % REGIONS != cell // REGIONS % REGIONS
        value = shipped[k] * offers[row + ROWS * abroad]
        revenue[row] += value
        billed[NETWORK.link_slot[k]] += value * (1.0 + tariff[cell] + freight[cell, 0])
    np.testing.assert_allclose(due.bill, billed, rtol=1e-12)
    np.testing.assert_allclose(due.revenue, revenue, rtol=1e-12)


def test_ten_units_at_two_with_a_quarter_duty_and_a_tenth_freight_cost_twenty_seven() -> None:
    abroad = link("chip_leading", 0, "JP")
    cell, row = NETWORK.link_cell[abroad], NETWORK.link_row[abroad]
    offers = np.full((2 * ROWS, 1), 9.0)
    offers[ROWS + row] = 2.0
    due = bills(NETWORK, on(LINKS, [abroad], 10.0), offers, on(CELLS, [cell], 0.25), on(CELLS, [cell], 0.1))
    assert due.revenue[row, 0] == 20.0
    assert due.bill[NETWORK.link_slot[abroad], 0] == pytest.approx(27.0)
    assert by_buyer(NETWORK, due.duty)[:, 0].tolist() == [5.0, 0.0, 0.0]
    assert by_buyer(NETWORK, due.carriage)[:, 0].tolist() == [2.0, 0.0, 0.0]


@SEEDS
def test_a_higher_tariff_raises_bills_and_no_revenue(seed: int) -> None:
    shipped, offers, tariff, freight = draws(seed, LINKS, 2 * ROWS, CELLS, CELLS)
    low, high = (bills(NETWORK, shipped, offers, rate, freight[:, :1]) for rate in (tariff, tariff + 0.1))
    assert (high.bill >= low.bill).all()
    assert np.array_equal(high.revenue, low.revenue)


@SEEDS
def test_the_order_of_rows_changes_no_bill(seed: int) -> None:
    shipped, home, abroad, tariff = draws(seed, LINKS, ROWS, ROWS, CELLS)
    other = shuffle(seed)
    due = bills(NETWORK, shipped, np.concatenate([home, abroad]), tariff, np.zeros((CELLS, 1)))
    offers = np.concatenate([home[other.row], abroad[other.row]])
    there = bills(other.network, shipped[other.link], offers, tariff, np.zeros((CELLS, 1)))
    np.testing.assert_allclose(there.bill, due.bill[other.slot], rtol=1e-12)
    np.testing.assert_allclose(there.revenue, due.revenue[other.row], rtol=1e-12)


def closed(cash: float, debt: float, assets: float, target: float, public: float = 0.0) -> tuple[float, float, float]:
    """Return loan, repayment and dividend of one owner."""
    month = close_month(column(cash), column(debt), column(assets), column(target), LIMITS, column(public))
    return month.loan[0, 0], month.repaid[0, 0], month.dividend[0, 0]


def test_an_owner_borrows_what_it_lacks_up_to_the_limit() -> None:
    assert closed(-10.0, 20.0, 100.0, 5.0) == (10.0, 0.0, 0.0)
    assert closed(-70.0, 20.0, 100.0, 5.0) == (40.0, 0.0, 0.0)
    assert closed(-10.0, 90.0, 100.0, 5.0) == (0.0, 0.0, 0.0)


def test_the_bank_lends_so_much_less_as_programmes_have_lent() -> None:
    assert closed(-70.0, 20.0, 100.0, 5.0, public=15.0) == (25.0, 0.0, 0.0)
    assert closed(-10.0, 20.0, 100.0, 5.0, public=50.0) == (0.0, 0.0, 0.0)


@SEEDS
def test_equal_instalments_repay_a_loan_in_its_term_and_no_cent_more(seed: int) -> None:
    lent = draws(seed, OWNERS)[0] + 1.0
    left, paid = lent.copy(), np.zeros_like(lent)
    for month in range(1, 15):
        part = instalment(left, lent, np.full(RUNS, 12.0))
        left, paid = left - part, paid + part
        np.testing.assert_allclose(paid, lent * min(month / 12.0, 1.0), rtol=1e-12)
    assert (left >= 0.0).all()


def test_shares_earn_by_what_they_are_of_the_net_assets_and_together_at_most_all() -> None:
    assert public_part(column(10.0), column(30.0), column(100.0)).item() == 0.1
    assert public_part(column(10.0), column(30.0), column(20.0)).item() == pytest.approx(1.0 / 3.0)
    assert public_part(column(10.0), column(30.0), column(-5.0)).item() == pytest.approx(1.0 / 3.0)
    assert public_part(column(0.0), column(0.0), column(-5.0)).item() == 0.0


def test_spare_cash_first_brings_debt_to_its_usual_level_and_the_rest_is_paid_out() -> None:
    assert closed(4.0, 50.0, 100.0, 5.0) == (0.0, 0.0, 0.0)
    assert closed(15.0, 50.0, 100.0, 5.0) == (0.0, 10.0, 0.0)
    assert closed(45.0, 50.0, 100.0, 5.0) == (0.0, 25.0, 15.0)


@SEEDS
def test_closing_a_month_never_leaves_an_owner_below_its_target_by_paying(seed: int) -> None:
    cash, debt, assets, target = draws(seed, OWNERS, OWNERS, OWNERS, OWNERS)
    cash = cash - 1.0
    month = close_month(cash, debt, assets, target, LIMITS, np.zeros_like(debt))
    after = cash + month.loan - month.repaid - month.dividend
    assert (after[month.repaid + month.dividend > 0.0] >= target[month.repaid + month.dividend > 0.0] - 1e-9).all()
    assert (debt + month.loan <= np.maximum(debt, LIMITS[0] * assets) + 1e-9).all()
    for amount in (month.loan, month.repaid, month.dividend):
        assert (amount >= 0.0).all()
    assert isinstance(month, Books)


def sale(seed: int, share: float = 0.4) -> tuple[Floats, Floats, Floats]:
    """Return capacity, price of its unit by place, and who is gone (row, run)."""
    capacity, price = draws(seed, ROWS, NETWORK.rows)
    gone = (np.random.default_rng(seed).random((ROWS, RUNS)) < share).astype(np.float64)
    return capacity, price[PLACE], gone


@SEEDS
def test_plants_on_sale_are_bought_or_scrapped_and_money_changes_hands_only(seed: int) -> None:
    capacity, value, gone = sale(seed)
    found = fire_sale(NETWORK, PLACE, capacity, value, gone)
    after = capacity + found.capacity - found.scrapped
    np.testing.assert_allclose(after.sum(axis=0), (capacity - found.scrapped).sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.price.sum(axis=0), 0.0, atol=1e-9 * np.abs(found.price).max())
    np.testing.assert_allclose(after * gone, 0.0, atol=1e-12)
    assert (after >= -1e-12).all()


@SEEDS
def test_a_sale_is_that_of_plain_loops(seed: int) -> None:
    capacity, value, gone = sale(seed)
    found = fire_sale(NETWORK, PLACE, capacity, value, gone)
    for place in range(PLACE.max() + 1):
        rows = np.flatnonzero(place == PLACE)
        for run in range(RUNS):
            kept = sum(capacity[k, run] for k in rows if not gone[k, run])
            offered = sum(capacity[k, run] for k in rows if gone[k, run])
            for k in rows:
                share = capacity[k, run] / kept if kept and not gone[k, run] else 0.0
                lost = capacity[k, run] if gone[k, run] else 0.0
                assert found.capacity[k, run] == pytest.approx(share * offered - (lost if kept else 0.0), abs=1e-9)
                assert found.scrapped[k, run] == pytest.approx(0.0 if kept else lost, abs=1e-9)


def test_half_the_price_of_a_bankrupts_forty_goes_to_it_from_its_rivals_by_size() -> None:
    place = np.bincount(PLACE).argmax()
    rows = np.flatnonzero(place == PLACE)[:3]
    assert len(rows) >= 2
    capacity = on(ROWS, rows.tolist(), *[40.0, 30.0, 10.0][: len(rows)])
    found = fire_sale(NETWORK, PLACE, capacity, np.full((ROWS, 1), 0.5), on(ROWS, [int(rows[0])], 1.0))
    rivals = capacity[rows[1:], 0] / capacity[rows[1:], 0].sum()
    assert found.capacity[rows, 0].tolist() == pytest.approx([-40.0, *(40.0 * rivals)])
    assert found.price[rows, 0].tolist() == pytest.approx([-20.0, *(20.0 * rivals)])
    assert found.scrapped.sum() == 0.0


@SEEDS
def test_what_is_spread_over_plants_goes_to_all_by_their_weight_and_adds_up(seed: int) -> None:
    weight, amount = draws(seed, ROWS, OWNERS)
    owner = WORLD.plants.owner
    weight[owner == owner[0]] = 0.0
    spread = over_plants(NETWORK, owner, amount, weight)
    np.testing.assert_allclose(NETWORK.row_to_owner(spread), amount, rtol=1e-12)
    mine = np.flatnonzero(owner == owner[0])
    np.testing.assert_allclose(spread[mine], np.repeat(amount[owner[:1]] / len(mine), len(mine), axis=0), rtol=1e-12)
    others = np.flatnonzero(owner == owner[-1])
    np.testing.assert_allclose(spread[others] * weight[others[:1]], spread[others[:1]] * weight[others], rtol=1e-12)
