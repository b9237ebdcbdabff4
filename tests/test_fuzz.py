"""2,000 random mixes of measures and shocks over eleven years of the tiny world, and 100 of the full one.

A batch draws some measures, whatever their kind, fields and dates; each of its runs has a random part of them at doses
of its own, the others' doses asking for nothing, which is bit-identical to not having them (tests/test_sentences.py).
"""

import gc
import weakref

import numpy as np
import pytest
from cases import TOLD, case
from mixes import Mix, can_speak, in_company, number, one, words_of
from watching import watch
from worlds import question

from abm.model import Model
from abm.world import World

MONTHS, LATEST, MOST = 132, 100, 14


def mixes(world: World, seed: int, runs: int) -> Mix:
    """Return measures of which each run of a batch has some, at doses of its own."""
    luck = np.random.default_rng(seed)
    kinds = luck.choice(TOLD, luck.integers(4, MOST + 1)).tolist()
    words = words_of(world, {f"m{place}": kind for place, kind in enumerate(kinds)})
    measures = tuple(
        one(words, kind, luck, f"m{place}", LATEST).model_copy(update=doses(kind, luck, runs))
        for place, kind in enumerate(kinds)
        if can_speak(kind, words)
    )
    return in_company(measures, luck.random((len(measures), runs)) < luck.choice([0.3, 0.6, 0.9]))


def doses(kind: str, luck: np.random.Generator, runs: int) -> dict[str, np.ndarray]:
    """Return a main dose of a kind for every run."""
    dose, about = case(kind).dose, case(kind).range
    return {dose: np.array([number(*about, luck) for _ in range(runs)])}


@pytest.mark.parametrize("seed", range(2))
def test_a_few_mixes_over_eleven_years_break_no_identity(seed: int, tiny: World) -> None:
    watch(Model(question(*mixes(tiny, seed, 8), months=MONTHS), runs=8, seed=seed, world=tiny))


@pytest.mark.slow
@pytest.mark.parametrize("group", range(25))
def test_two_thousand_mixes_over_eleven_years_break_no_identity(group: int, tiny: World) -> None:
    for seed in range(100 + 10 * group, 110 + 10 * group):
        watch(Model(question(*mixes(tiny, seed, 8), months=MONTHS), runs=8, seed=seed, world=tiny))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_mixes_of_the_full_world_break_no_identity(seed: int, full: World) -> None:
    watch(Model(question(*mixes(full, seed, 10), months=MONTHS), runs=10, seed=seed, world=full))


def test_a_model_that_nobody_refers_to_is_forgotten(tiny: World) -> None:
    model = Model(question(months=2), world=tiny).run()
    kept = weakref.ref(model)
    del model
    gc.collect()
    assert kept() is None
