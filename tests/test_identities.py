"""Whatever is asked of the world, no gram and no cent is lost, in any month."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mixes import Mix, anything, crowded, parameters, policies
from watching import watch
from worlds import CHIPS, later, measure, question, tiny_world, with_parameters

from abm.model import Model
from abm.scenario import Scenario
from abm.world import World

TINY = tiny_world()
# A failing mix is told as it was found: making it small takes minutes and seldom explains more.
TOLD = (Phase.explicit, Phase.reuse, Phase.generate)
often = settings(deadline=None, max_examples=30, phases=TOLD, suppress_health_check=[HealthCheck.too_slow])
months = st.integers(24, 36)


def asked(world: World, mix: tuple[Any, ...], length: int, seed: int, stock: float = 0.0) -> Model:
    """Return the model of a mix with public stocks of some months of the world's output in every region."""
    model = Model(question(*mix, months=length), runs=2, seed=seed, world=world)
    stored = np.repeat(stock * world.world_output, len(world.regions))
    model.books.state.public_stock[:] = stored[:, None]
    return model


@often
@given(parameters(), st.integers(0, 99), months)
def test_identities_hold_under_any_parameters(values: dict[str, float], seed: int, length: int) -> None:
    watch(asked(with_parameters(TINY, **values), crowded(), length, seed, stock=0.5))


@often
@given(policies(TINY), st.integers(0, 99), months)
def test_identities_hold_under_any_mix_of_policies(mix: Mix, seed: int, length: int) -> None:
    watch(asked(TINY, mix, length, seed))


@often
@given(anything(TINY), st.floats(0.0, 3.0), months)
def test_identities_hold_under_any_policies_shocks_and_stocks(mix: Mix, stock: float, length: int) -> None:
    watch(asked(TINY, mix, length, 1, stock))


@often
@given(parameters(), anything(TINY), st.floats(0.0, 3.0))
def test_identities_hold_under_anything_at_once(values: dict[str, float], mix: Mix, stock: float) -> None:
    watch(asked(with_parameters(TINY, **values), mix, 24, 1, stock))


def test_identities_hold_while_owners_default_in_rows() -> None:
    fragile = with_parameters(
        TINY, default_ratio=1.0, default_months=3.0, start_leverage=0.5, borrow_limit=0.8, interest=0.01, ramp_months=24
    )
    goods = ["cell", "magnet", "device", "medicine"]
    turn = later(24)
    boom = measure("demand_shift", "boom", goods=goods, factor=2.0, end=turn)
    bust = measure("demand_shift", "bust", goods=goods, factor=0.1, start=turn)
    grant = measure("capex_grant", government="US", goods=[*CHIPS, "cell"], amount_musd=9_000.0, cap_share=0.5)
    model = asked(fragile, (boom, bust, grant), 72, 1)
    watch(model)
    assert model.books.state.bankrupt.sum() > 5.0


@pytest.mark.parametrize("name", ["baseline", "chips_act", "rare_earth_embargo_2010"])
def test_identities_hold_in_every_month_of_a_shipped_scenario(name: str, full_worlds: dict[Any, World]) -> None:
    scenario = Scenario.load(name)
    watch(Model(scenario, runs=2, world=full_worlds[scenario.start]))


def test_identities_hold_in_the_full_world_when_much_happens_at_once(full: World) -> None:
    watch(asked(full, crowded(), 48, 1, stock=0.5))
