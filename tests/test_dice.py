"""Luck is keyed by seed, run, purpose and year, and by nothing else."""

from datetime import date
from itertools import product

import numpy as np
import pytest

from abm.axes import Floats
from abm.dice import Dice

ROWS, PLACES, GOODS = 7, 6, 2
JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)
PURPOSES = ("site", "outage", "demand", "drift")


def dice(seed: int = 1, first: int = 0, runs: int = 4) -> Dice:
    return Dice(seed, first, runs, np.arange(ROWS), PLACES, GOODS)


def drawn(luck: Dice, purpose: str, month: date = JUNE) -> Floats:
    values: Floats = getattr(luck, purpose)(month)
    return values.copy()


def test_no_draw_depends_on_the_order_of_calls() -> None:
    first, second = dice(), dice()
    asked = [*product(PURPOSES, (JUNE, JULY, date(2024, 1, 1)))]
    forwards = {key: drawn(first, *key) for key in asked}
    backwards = {key: drawn(second, *key) for key in reversed(asked)}
    for key in asked:
        assert np.array_equal(forwards[key], backwards[key])
        assert np.array_equal(forwards[key], drawn(first, *key))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_run_has_its_luck_wherever_it_stands_in_a_batch(purpose: str) -> None:
    batch, alone = dice(runs=6), dice(first=4, runs=1)
    assert np.array_equal(drawn(batch, purpose)[:, 4:5], drawn(alone, purpose))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_seeds_runs_months_and_years_differ(purpose: str) -> None:
    here = drawn(dice(), purpose)
    assert not np.array_equal(here, drawn(dice(seed=2), purpose))
    assert not np.array_equal(here, drawn(dice(), purpose, JULY))
    assert not np.array_equal(here, drawn(dice(), purpose, date(2022, 6, 1)))
    assert len(np.unique(here)) == here.size


def test_purposes_do_not_share_a_stream() -> None:
    demand, drift = drawn(dice(), "demand"), drawn(dice(), "drift")
    assert not np.isin(drift, demand).any()


def test_luck_follows_a_row_wherever_it_stands() -> None:
    order = np.array([3, 0, 6, 1, 2, 5, 4])
    moved = Dice(1, 0, 4, order, PLACES, GOODS)
    for purpose in ("site", "outage"):
        assert np.array_equal(drawn(moved, purpose), drawn(dice(), purpose)[order])


def test_a_fair_world_has_neither_noise_nor_accidents() -> None:
    luck = Dice(1, 0, 4, np.arange(ROWS), PLACES, GOODS, fair=False)
    assert (luck.outage(JUNE) == 1.0).all()
    for purpose in ("site", "demand", "drift"):
        assert (drawn(luck, purpose) == 0.0).all()


def test_draws_have_the_moments_of_their_laws() -> None:
    many = Dice(3, 0, 64, np.arange(200), 200, 200)
    site, outage, demand = (drawn(many, purpose) for purpose in ("site", "outage", "demand"))
    assert site.mean() == pytest.approx(0.5772, abs=0.05)
    assert (outage.mean(), outage.min() >= 0.0, outage.max() < 1.0) == (pytest.approx(0.5, abs=0.02), True, True)
    assert (demand.mean(), demand.std()) == (pytest.approx(0.0, abs=0.04), pytest.approx(1.0, abs=0.04))
