"""What pulls prices: tension at home and for export, and what a newcomer may expect."""

import numpy as np
import pytest
from networks import NETWORK, REGIONS, RUNS, WORLD, column, draws, shuffle

from abm.markets.prices import export_tension, market_price, tension

ROWS, SLOTS = NETWORK.rows, NETWORK.slots
SEEDS = pytest.mark.parametrize("seed", range(5))
ONE = column(1.0)


def test_orders_that_the_stock_just_covers_pull_at_no_price() -> None:
    assert tension(column(10.0), column(15.0), column(1.5), column(20.0), ONE) == pytest.approx(0.0)
    assert tension(column(0.0), column(0.0), column(1.5), column(0.0), ONE) == 0.0


def test_orders_of_twice_what_the_stock_covers_pull_by_the_log_of_two() -> None:
    assert tension(column(20.0), column(15.0), column(1.5), column(1e-9), ONE) == pytest.approx(np.log(2.0))


def test_tension_is_bounded_however_wild_the_market() -> None:
    assert tension(column(1e9), column(1e-9), ONE, ONE, ONE) == 1.0
    assert tension(column(1e-9), column(1e9), ONE, ONE, ONE) == -1.0
    assert export_tension(ONE, column(1e9), column(0.0), ONE) == 1.0


@SEEDS
def test_tension_rises_with_orders_and_falls_with_stock(seed: int) -> None:
    orders, stock, capacity = draws(seed, ROWS, ROWS, ROWS)
    cover = np.full((ROWS, 1), 1.5)
    busy = np.full_like(orders, 0.7)
    now = tension(orders, stock, cover, capacity, busy)
    assert (tension(1.2 * orders, stock, cover, capacity, busy) >= now).all()
    assert (tension(orders, 1.2 * stock, cover, capacity, busy) <= now).all()
    assert (np.abs(now) <= 1.0).all()


def test_a_plant_that_runs_at_a_tenth_raises_its_price_by_a_tenth_and_cuts_it_in_full() -> None:
    idle = column(0.1)
    assert tension(column(20.0), column(15.0), column(1.5), column(1e-9), idle) == pytest.approx(0.1 * np.log(2.0))
    assert tension(column(5.0), column(15.0), column(1.5), column(1e-9), idle) == pytest.approx(-np.log(2.0))


@SEEDS
def test_without_a_quota_the_export_channel_is_as_tight_as_home(seed: int) -> None:
    home, asked, capacity = draws(seed, ROWS, ROWS, ROWS)
    home = np.clip(home - 0.5, -1.0, 1.0)
    np.testing.assert_allclose(export_tension(home, asked, asked, capacity), home, rtol=1e-12, atol=1e-12)


def test_a_quota_that_turns_half_away_makes_exports_dearer_by_the_log_of_two() -> None:
    found = export_tension(column(0.1, 0.1), column(8.0, 8.0), column(4.0, 8.0), column(1e-9, 1e-9))
    assert found.ravel() == pytest.approx([0.1 + np.log(2.0), 0.1])


@SEEDS
def test_a_tighter_quota_never_makes_exports_cheaper(seed: int) -> None:
    asked, capacity = draws(seed, ROWS, ROWS)
    home = np.zeros((ROWS, RUNS))
    wide, tight = (export_tension(home, asked, share * asked, capacity) for share in (0.9, 0.5))
    assert (tight >= wide).all()


@SEEDS
def test_the_price_a_newcomer_expects_is_that_of_plain_loops(seed: int) -> None:
    export, output, landed, bought = draws(seed, ROWS, ROWS, SLOTS, SLOTS)
    found = market_price(NETWORK, export, output, (landed, bought), REGIONS)
    for good in range(len(WORLD.goods.code)):
        rows = np.flatnonzero(WORLD.plants.good == good)
        sold = output[rows].sum(axis=0)
        world = np.divide((export * output)[rows].sum(axis=0), sold, out=np.zeros(RUNS), where=sold > 0.0)
        for region in range(REGIONS):
            slots = np.flatnonzero((NETWORK.slot_good == good) & (NETWORK.slot_region == region))
            total = bought[slots].sum(axis=0)
            paid = np.divide((landed * bought)[slots].sum(axis=0), total, out=np.zeros(RUNS), where=total > 0.0)
            np.testing.assert_allclose(found[good * REGIONS + region], np.maximum(paid, world), rtol=1e-9)


@SEEDS
def test_dearer_exports_never_lower_what_a_newcomer_expects(seed: int) -> None:
    export, output, landed, bought = draws(seed, ROWS, ROWS, SLOTS, SLOTS)
    before, after = (market_price(NETWORK, each, output, (landed, bought), REGIONS) for each in (export, 1.1 * export))
    assert (after >= before * (1.0 - 1e-12)).all()


@SEEDS
def test_the_order_of_rows_changes_no_price(seed: int) -> None:
    export, output, landed, bought = draws(seed, ROWS, ROWS, SLOTS, SLOTS)
    other = shuffle(seed)
    slots = landed[other.slot], bought[other.slot]
    np.testing.assert_allclose(
        market_price(other.network, export[other.row], output[other.row], slots, REGIONS),
        market_price(NETWORK, export, output, (landed, bought), REGIONS),
        rtol=1e-9,
    )
