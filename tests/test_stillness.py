"""Without growth, luck, shocks and new policies nothing moves; with growth alone everything grows in step."""

from datetime import date

import numpy as np
import pytest
from worlds import STARTS, question, state_of, without_growth

from abm.axes import Floats
from abm.markets.pipeline import Pipeline
from abm.model import Model
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from abm.world import World

# Households earn what owners pay out and spend what they buy, governments take what tariffs bring: nobody has told
# them to end a month with the account they began it with. Nothing in the model reads their accounts.
DRIFTING = ("household", "treasury")
# Smallest amount that a move is measured against; a collector's books are closed to the dollar, not to its fraction.
SMALL, SMALL_CASH = 0.1, 1_000.0
# Chains that grow so fast that their start is only roughly in step.
HASTY = ("battery_ore", "battery_chemical", "cell_component", "cell", "scrap_cell")


def lived(world: World, months: int, *measures: Instrument) -> tuple[dict[str, Floats], Model]:
    """Return the first state of a world and the model after some months without luck."""
    model = Model(question(*measures, months=months, start=world.start), world=world, luck=False)
    first = {name: values.copy() for name, values in state_of(model.books)}
    return first, model.run()


def turned(pipeline: Pipeline, ring: Floats, months: int) -> Floats:
    """Return capacity under construction as it would stand some months later if as much were begun as opens."""
    row, start = pipeline.row, pipeline.first[pipeline.row]
    return ring[start + (np.arange(pipeline.places) - start - months) % pipeline.length[row]]


def moved(first: dict[str, Floats], model: Model) -> dict[str, float]:
    """Return how far each column has moved, relative, or absolute where it is next to nothing."""
    books = model.books
    found = {}
    for name, now in state_of(books):
        then = first[name]
        # What is under way turns with the months.
        if name == "making":
            then = np.roll(then, books.step % len(then), axis=0)
        if name == "ring":
            then = turned(books.frame.pipeline, then, books.step)
        gap = np.abs(now - then) / np.maximum(np.abs(then), SMALL_CASH if name == "cash" else SMALL)
        if name not in (*DRIFTING, "age") and gap.size:
            found[name] = float(gap.max())
    return found


def refuse_moves(first: dict[str, Floats], model: Model) -> None:
    moves = {name: far for name, far in moved(first, model).items() if far > 1e-9}
    assert moves == {}
    assert set(first) - set(moved(first, model)) <= {*DRIFTING, "age", "pot_left", "grant_due", "granted", "holding"}


def test_the_tiny_world_stands_still_for_eleven_years(tiny: World) -> None:
    refuse_moves(*lived(without_growth(tiny), 132))


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_the_full_world_stands_still_for_eleven_years(start: date, full_worlds: dict[date, World]) -> None:
    refuse_moves(*lived(without_growth(full_worlds[start]), 132))


def test_policies_in_force_at_the_start_move_nothing(full: World) -> None:
    refuse_moves(*lived(without_growth(full), 132, *Scenario.load("baseline").policies))


def test_every_order_of_the_first_month_is_filled_and_nobody_defaults(full_worlds: dict[date, World]) -> None:
    for world in full_worlds.values():
        _, model = lived(world, 1)
        assert model.books.flow.fill_rate.min() > 1.0 - 1e-9
        assert model.books.state.bankrupt.max() == 0.0
        np.testing.assert_allclose(model.books.flow.received, model.books.flow.wanted, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_growth_alone_moves_no_price_by_more_than_a_few_per_cent_in_a_year(
    start: date, full_worlds: dict[date, World]
) -> None:
    world = full_worlds[start]
    _, model = lived(world, 12)
    books = model.books
    calm = ~np.isin(world.plants.good, [world.goods.code.index(good) for good in HASTY])
    making = (books.frame.balance.capacity > 0.0) & calm
    for column in (books.state.log_price_home, books.state.log_price_export):
        assert np.abs(column - books.traits.log_price_start)[making].max() < 0.03


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_growth_alone_leaves_every_order_filled_for_a_year(start: date, full_worlds: dict[date, World]) -> None:
    model = Model(question(months=12, start=start), world=full_worlds[start], luck=False)
    for _ in range(12):
        model.step()
        assert model.books.flow.fill_rate.min() > 0.95


def test_stillness_is_not_blindness(tiny: World) -> None:
    first, model = lived(tiny, 24)
    assert max(moved(first, model).values()) > 0.01
