"""In which order the plants are listed changes nothing.

Ties do not get in the way: luck follows a row wherever it stands, so no two sites of a division are ever worth the
same, and programmes rank projects by division, which rows do not number. Without luck the first of equal rows wins.
"""

from collections.abc import Iterator

import numpy as np
import pytest
from mixes import crowded
from networks import NETWORK, Shuffle, shuffle
from worlds import question, recorded, state_of

from abm.axes import Floats, Ints
from abm.model import Model
from abm.world import World

MONTHS, RUNS = 36, 2
SEEDS = (0, 1)


def lived(world: World, identity: Ints | None = None) -> Model:
    """Return the model after a busy three years; identity names the stream of luck of every row."""
    model = Model(question(*crowded(), months=MONTHS), runs=RUNS, world=world)
    model.books.state.public_stock[:] = 100.0
    if identity is not None:
        model.books.dice.identity = identity
    return model.run()


@pytest.fixture(scope="module")
def plain(tiny: World) -> Model:
    return lived(tiny)


@pytest.fixture(scope="module", params=SEEDS)
def mixed(request: pytest.FixtureRequest) -> tuple[Model, Shuffle]:
    other = shuffle(request.param)
    return lived(other.world, other.row), other


def pairs(plain: Model, mixed: Model, other: Shuffle) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield every column of the state, the second one put in the order of the first."""
    pipeline = plain.books.frame.pipeline
    place = np.concatenate([pipeline.first[row] + np.arange(pipeline.length[row]) for row in other.row])
    order = {NETWORK.rows: other.row, NETWORK.slots: other.slot, len(NETWORK.link_slot): other.link, len(place): place}
    for (name, mine), (_, theirs) in zip(state_of(plain.books), state_of(mixed.books), strict=True):
        axis = 1 if name in {"making", "grant_due"} else 0
        moved = mine.shape[axis] in order if mine.ndim > 1 else False
        yield name, mine.take(order[mine.shape[axis]], axis) if moved else mine, theirs


def test_the_order_of_rows_changes_no_column_of_the_state(plain: Model, mixed: tuple[Model, Shuffle]) -> None:
    for name, mine, theirs in pairs(plain, *mixed):
        scale = np.abs(mine).max(initial=1e-3)
        np.testing.assert_allclose(theirs, mine, rtol=1e-9, atol=1e-9 * scale, err_msg=name)


def test_the_order_of_rows_changes_no_recorded_series(plain: Model, mixed: tuple[Model, Shuffle]) -> None:
    for (name, mine), (_, theirs) in zip(recorded(plain), recorded(mixed[0]), strict=True):
        np.testing.assert_allclose(theirs, mine, rtol=1e-6, atol=1e-6, err_msg=name)


def test_a_row_that_loses_its_luck_lives_another_life(plain: Model) -> None:
    swapped = np.arange(NETWORK.rows)[::-1].copy()
    other = lived(plain.books.frame.world, swapped)
    assert not np.array_equal(other.books.state.stock, plain.books.state.stock)


def test_axes_of_the_tiny_world_cannot_be_mistaken_for_each_other() -> None:
    sizes = {NETWORK.rows, NETWORK.slots, len(NETWORK.link_slot)}
    assert len(sizes) == 3
