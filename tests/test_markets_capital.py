"""Where plants go and who pays: the best site of a division, what a project asks, who is granted it."""

import numpy as np
import pytest
from networks import NETWORK, RUNS, column, draws, shuffle

from abm.markets.capital import Sites, asked_share, at_rows, award, obligations, of_rows, taken_share

ROWS, DIVISIONS = NETWORK.rows, NETWORK.divisions
SEEDS = pytest.mark.parametrize("seed", range(8))
SITES = Sites.of(NETWORK)


@SEEDS
def test_the_best_site_of_a_division_is_that_of_plain_loops(seed: int) -> None:
    value = draws(seed, ROWS)[0] - 1.0
    row, best = SITES.best(value)
    for division in range(DIVISIONS):
        own = np.flatnonzero(NETWORK.division_of_row == division)
        for run in range(RUNS):
            wanted = max(own, key=lambda each: value[each, run])
            assert row[division, run] == wanted
            assert best[division, run] == value[wanted, run]


def test_every_row_is_a_candidate_of_one_division() -> None:
    listed = SITES.candidate[SITES.candidate < ROWS]
    assert sorted(listed.tolist()) == [*range(ROWS)]


def test_of_equal_sites_the_first_is_taken() -> None:
    row, _ = SITES.best(np.zeros((ROWS, 1)))
    first = [np.flatnonzero(NETWORK.division_of_row == division)[0] for division in range(DIVISIONS)]
    assert row[:, 0].tolist() == first


@SEEDS
def test_the_order_of_rows_moves_no_plant(seed: int) -> None:
    value = np.random.default_rng(seed).normal(size=(ROWS, RUNS))
    other = shuffle(seed)
    row, best = SITES.best(value)
    there, value_there = Sites.of(other.network).best(value[other.row])
    assert np.array_equal(other.row[there], row)
    assert np.array_equal(value_there, best)


@SEEDS
def test_amounts_put_on_chosen_rows_are_found_there_and_nowhere_else(seed: int) -> None:
    value, amount = draws(seed, ROWS, DIVISIONS)
    row, _ = SITES.best(value)
    placed = at_rows(row, amount, ROWS)
    assert np.array_equal(of_rows(placed, row), amount)
    assert (placed > 0.0).sum() == (amount > 0.0).sum()


def test_a_project_asks_what_it_lacks_at_least_the_floor_at_most_the_cap() -> None:
    share = asked_share(column(0.0, 0.2, 0.9), np.ones((3, 1)), np.array([0.3]), np.array([0.05]))
    assert share.ravel().tolist() == [0.05, 0.2, 0.3]


def test_a_project_asks_twice_the_money_where_half_of_it_is_a_gift_and_the_floor_where_none_is() -> None:
    share = asked_share(column(0.2, 0.2, 0.2), column(1.0, 0.5, 0.0), np.array([0.9]), np.array([0.05]))
    assert share.ravel().tolist() == [0.2, 0.4, 0.05]


def test_a_project_takes_all_that_is_offered_of_cheaper_money_and_the_floor_of_money_at_the_markets_terms() -> None:
    share = taken_share(column(0.3, 1e-6, 0.0), np.array([0.4]), np.array([0.05]))
    assert share.ravel().tolist() == [0.4, 0.4, 0.05]
    assert taken_share(column(0.0), np.array([0.04]), np.array([0.05])).item() == 0.04


@SEEDS
def test_grants_never_exceed_what_is_asked_nor_what_is_left(seed: int) -> None:
    asked, merit, left = draws(seed, DIVISIONS, DIVISIONS, 1)
    granted = award(asked, merit, left[0])
    assert (granted >= 0.0).all()
    assert (granted <= asked).all()
    assert (granted.sum(axis=0) <= left[0] * (1.0 + 1e-12)).all()
    np.testing.assert_allclose(granted.sum(axis=0), np.minimum(asked.sum(axis=0), left[0]), rtol=1e-12)


@SEEDS
def test_grants_are_those_of_a_queue_served_one_by_one(seed: int) -> None:
    asked, merit, left = draws(seed, DIVISIONS, DIVISIONS, 1)
    granted = award(asked, merit, left[0])
    for run in range(RUNS):
        pot = left[0, run]
        for division in sorted(range(DIVISIONS), key=lambda each: (-merit[each, run], each)):
            paid = min(asked[division, run], max(pot, 0.0))
            assert granted[division, run] == pytest.approx(paid, rel=1e-9, abs=1e-9)
            pot -= paid


def test_a_pot_of_ten_pays_the_best_in_full_the_second_in_part_the_third_nothing() -> None:
    granted = award(column(6.0, 3.0, 7.0), column(2.0, 1.0, 3.0), np.array([10.0]))
    assert granted.ravel().tolist() == [3.0, 0.0, 7.0]


def test_equal_merits_are_served_in_division_order() -> None:
    granted = award(column(4.0, 4.0, 4.0), column(1.0, 1.0, 1.0), np.array([6.0]))
    assert granted.ravel().tolist() == [4.0, 2.0, 0.0]


@SEEDS
def test_a_larger_pot_never_grants_anyone_less(seed: int) -> None:
    asked, merit, left = draws(seed, DIVISIONS, DIVISIONS, 1)
    assert (award(asked, merit, 1.5 * left[0]) >= award(asked, merit, left[0]) * (1.0 - 1e-12)).all()


@SEEDS
def test_a_project_of_higher_merit_never_gets_less(seed: int) -> None:
    asked, merit, left = draws(seed, DIVISIONS, DIVISIONS, 1)
    better = merit.copy()
    better[3] *= 2.0
    assert (award(asked, better, left[0])[3] >= award(asked, merit, left[0])[3] - 1e-9).all()


def test_promises_leave_one_pot_and_never_less_than_nothing() -> None:
    pots = np.array([[10.0], [20.0]])
    assert obligations(pots, column(4.0, 1.0), 1).ravel().tolist() == [10.0, 15.0]
    assert obligations(pots, column(10.0, 1e-9), 0).ravel().tolist() == [0.0, 20.0]
    assert pots.ravel().tolist() == [10.0, 20.0]
