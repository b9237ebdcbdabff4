"""Luck is a matter of seed, run, purpose, month and row, and of nothing else."""

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from itertools import product

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from abm import backend
from abm.axes import Floats, Words
from abm.dice import Dice
from abm.draws import gumbel, normal, uniform, words

ROWS, PLACES, GOODS = 7, 6, 2
JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)
PURPOSES = ("site", "outage", "demand", "drift")
ALL_PURPOSES = (*PURPOSES, "view", "answer", "patience")
WORD = 2**64
BACK_ENDS = backend.NAMES if find_spec("numba") else ("numpy",)
# Counter, key and words of Philox4x64-10 as its authors publish them (Random123, kat_vectors).
KNOWN = [
    ("0 0 0 0", "0 0", "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b"),
    (
        " ".join(["ffffffffffffffff"] * 4),
        " ".join(["ffffffffffffffff"] * 2),
        "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
    ),
    (
        "243f6a8885a308d3 13198a2e03707344 a4093822299f31d0 082efa98ec4e6c89",
        "452821e638d01377 be5466cf34e90c6c",
        "a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6",
    ),
]


def dice(seed: int = 1, first: int = 0, runs: int = 4) -> Dice:
    return Dice(seed, range(first, first + runs), np.arange(ROWS), PLACES, GOODS)


def drawn(luck: Dice, purpose: str, month: date = JUNE) -> Floats:
    values: Floats = getattr(luck, purpose)(month)
    return values.copy()


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Return a block of Philox4x64-10, in whole numbers of any length."""
    (one, two, three, four), (left, right) = counter, key
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * one, 0xCA5A826395121157 * three
        one, two = (second // WORD) ^ two ^ left, second % WORD
        three, four = (first // WORD) ^ four ^ right, first % WORD
        left, right = (left + 0x9E3779B97F4A7C15) % WORD, (right + 0xBB67AE8584CAA73B) % WORD
    return [one, two, three, four]


def numbers(line: str) -> list[int]:
    return [int(each, 16) for each in line.split()]


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN)
def test_the_plain_generator_gives_the_words_its_authors_publish(counter: str, key: str, block: str) -> None:
    assert philox(numbers(counter), numbers(key)) == numbers(block)


@pytest.mark.parametrize("name", BACK_ENDS)
@pytest.mark.parametrize(("seed", "first", "counter"), [(1, 0, (24252, 0)), (2**63 - 1, 99_999, (24300, 6))])
def test_words_are_those_of_the_plain_generator(name: str, seed: int, first: int, counter: tuple[int, int]) -> None:
    with backend.using(name):
        drawn = words(seed, range(first, first + 3), counter, 10)
    for run in range(3):
        blocks = [philox([block, *counter, 0], [seed, first + run]) for block in (1, 2, 3)]
        assert drawn[:, run].tolist() == [word for block in blocks for word in block][:10]


def test_both_back_ends_have_the_same_luck() -> None:
    with backend.using("numpy"):
        plain = {purpose: drawn(dice(runs=3), purpose) for purpose in ALL_PURPOSES}
    with backend.using(BACK_ENDS[0]):
        for purpose in ALL_PURPOSES:
            assert np.array_equal(drawn(dice(runs=3), purpose).view(np.uint64), plain[purpose].view(np.uint64))


def test_both_back_ends_turn_the_same_words_into_the_same_draws() -> None:
    rare = [0, 1, 4095, 4096, 2**30, WORD - 2**30, WORD - 4096, WORD - 1, WORD // 2 - 1, WORD // 2]
    any_words = np.random.Philox(3).random_raw(50_000)
    for asked in (np.array(rare, np.uint64)[:, None], any_words.reshape(-1, 1), any_words.reshape(-1, 50)):
        for law in (uniform, gumbel, normal):
            with backend.using("numpy"):
                plain = law(asked)
            with backend.using(BACK_ENDS[0]):
                assert np.array_equal(law(asked).view(np.uint64), plain.view(np.uint64))
            assert np.isfinite(plain).all()


def test_no_draw_depends_on_the_order_of_calls() -> None:
    first, second = dice(), dice()
    asked = [*product(PURPOSES, (JUNE, JULY, date(2024, 1, 1)))]
    forwards = {key: drawn(first, *key) for key in asked}
    backwards = {key: drawn(second, *key) for key in reversed(asked)}
    for key in asked:
        assert np.array_equal(forwards[key], backwards[key])
        assert np.array_equal(forwards[key], drawn(first, *key))


@pytest.mark.parametrize("name", BACK_ENDS)
@pytest.mark.parametrize("purpose", ALL_PURPOSES)
def test_a_run_has_its_luck_wherever_it_stands_in_a_batch(name: str, purpose: str) -> None:
    with backend.using(name):
        batch, alone, pair = dice(runs=6), dice(first=4, runs=1), dice(first=3, runs=2)
        assert np.array_equal(drawn(batch, purpose)[:, 4:5], drawn(alone, purpose))
        assert np.array_equal(drawn(batch, purpose)[:, 3:5], drawn(pair, purpose))
        twice = Dice(1, (4, 0, 4), np.arange(ROWS), PLACES, GOODS)
        assert np.array_equal(drawn(twice, purpose), drawn(batch, purpose)[:, [4, 0, 4]])


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
    moved = Dice(1, range(4), order, PLACES, GOODS)
    for purpose in ("site", "outage"):
        assert np.array_equal(drawn(moved, purpose), drawn(dice(), purpose)[order])


def test_a_row_more_leaves_the_luck_of_the_others_alone() -> None:
    more = Dice(1, range(4), np.arange(ROWS + 1), PLACES, GOODS)
    for purpose in ("site", "outage"):
        assert np.array_equal(drawn(more, purpose)[:ROWS], drawn(dice(), purpose))


def test_a_fair_world_has_neither_noise_nor_accidents() -> None:
    luck = Dice(1, range(4), np.arange(ROWS), PLACES, GOODS, fair=False)
    assert (luck.outage(JUNE) == 1.0).all()
    for purpose in ("site", "demand", "drift"):
        assert (drawn(luck, purpose) == 0.0).all()


@pytest.mark.parametrize(
    ("law", "below"),
    [
        (uniform, lambda draws: draws),
        (gumbel, lambda draws: np.exp(-np.exp(-draws))),
        (normal, ndtr),
    ],
)
def test_draws_have_the_quantiles_of_their_laws(
    law: Callable[[Words], Floats], below: Callable[[Floats], Floats]
) -> None:
    draws = np.sort(law(words(11, range(64), (24252, 0), 2000)).ravel())
    # Kolmogorov and Smirnov: 1.95 is passed by chance once in a thousand seeds.
    steps = np.arange(len(draws)) / len(draws)
    assert np.abs(below(draws) - steps).max() * np.sqrt(len(draws)) < 1.95


def test_neighbours_in_any_direction_are_not_alike() -> None:
    draws = np.stack([normal(words(11, range(64), (month, 0), 500)) for month in range(24252, 24276)])
    for axis in range(3):
        here, there = np.delete(draws, -1, axis), np.delete(draws, 0, axis)
        assert abs(float((here * there).mean())) * np.sqrt(here.size) < 4.0


def test_normal_draws_invert_the_distribution_function() -> None:
    asked = np.concatenate([np.random.Philox(3).random_raw(50_000), np.arange(0, 2**24, 4096, dtype=np.uint64)])
    shares = (asked >> np.uint64(12)).astype(float) * 2.0**-52 + 2.0**-53
    assert normal(asked[:, None])[:, 0] == pytest.approx(ndtri(shares), rel=1e-14, abs=0.0)


def test_draws_have_the_moments_of_their_laws() -> None:
    many = Dice(3, range(64), np.arange(200), 200, 200)
    site, outage, demand = (drawn(many, purpose) for purpose in ("site", "outage", "demand"))
    assert site.mean() == pytest.approx(0.5772, abs=0.05)
    assert (outage.mean(), outage.min() >= 0.0, outage.max() < 1.0) == (pytest.approx(0.5, abs=0.02), True, True)
    assert (demand.mean(), demand.std()) == (pytest.approx(0.0, abs=0.04), pytest.approx(1.0, abs=0.04))
