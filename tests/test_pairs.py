"""No two measures together break what no measure alone breaks: every pair of kinds, in the tiny world.

A batch holds one kind in every run and another kind in each: doses that ask for nothing are bit-identical to no measure
(tests/test_sentences.py), so a run of the batch is the run of its pair alone.
"""

import numpy as np
import pytest
from cases import FILES, TOLD, case
from mixes import Mix, in_company, one, words_of
from watching import watch
from worlds import question

from abm.model import Model
from abm.policies.instrument import Instrument
from abm.world import World

MONTHS, LATEST = 18, 6


def felt(world: World, kind: str, seed: int, name: str) -> Instrument:
    """Return a fixed draw of a kind whose main dose asks for something, in force within half a year."""
    words = words_of(world, {f"other_{other}": other for other in TOLD})
    drawn = one(words, kind, np.random.default_rng([seed, FILES.index(kind)]), name, LATEST)
    dose = case(kind).dose
    asks = getattr(drawn, dose) != case(kind).nothing
    return drawn if asks else drawn.model_copy(update={dose: getattr(case(kind).made(), dose)})


def pairs(world: World, kind: str, seed: int) -> Mix:
    """Return a kind in all runs of a batch, and in each run one other kind, or a second measure of the same."""
    others = tuple(felt(world, other, seed + 1, f"other_{other}") for other in TOLD)
    present = np.vstack([np.ones((1, len(others)), np.bool_), np.eye(len(others), dtype=np.bool_)])
    return in_company((felt(world, kind, seed, "one"), *others), present)


@pytest.mark.parametrize("kind", TOLD)
def test_identities_hold_under_a_kind_with_every_other(kind: str, tiny: World) -> None:
    watch(Model(question(*pairs(tiny, kind, 1), months=MONTHS), runs=len(TOLD), world=tiny))


def test_a_run_of_such_a_batch_is_that_of_its_pair_alone(tiny: World) -> None:
    kind, run = TOLD[0], len(TOLD) - 1
    batch = Model(question(*pairs(tiny, kind, 1), months=MONTHS), runs=len(TOLD), world=tiny).run()
    pair = (felt(tiny, kind, 1, "one"), felt(tiny, TOLD[run], 2, f"other_{TOLD[run]}"))
    alone = Model(question(*pair, months=MONTHS), first_run=run, world=tiny).run()
    for name, months in alone.record.series.items():
        for month, ours in enumerate(months):
            np.testing.assert_array_equal(batch.record.series[name][month][:, run], ours[:, 0], name)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [10, 20, 30, 40])
@pytest.mark.parametrize("kind", TOLD)
def test_identities_hold_under_a_kind_with_every_other_in_any_draw(kind: str, seed: int, tiny: World) -> None:
    watch(Model(question(*pairs(tiny, kind, seed), months=MONTHS), seed=seed, runs=len(TOLD), world=tiny))
