"""A run is the same, bit for bit, alone and in company, and luck follows seed and run alone."""

from collections.abc import Iterator

import numpy as np
import pytest
from worlds import busy, measure, question, recorded, state_of, with_parameters

from abm.axes import Floats
from abm.model import Model
from abm.scenario import Scenario
from abm.world import World


def all_of(model: Model) -> Iterator[tuple[str, Floats]]:
    """Yield every column of the state and every recorded series, run last."""
    yield from state_of(model.books)
    yield from recorded(model)


def differing(model: Model, other: Model, runs: slice, others: slice) -> list[str]:
    """Return the columns in which some runs of two models differ in any bit."""
    pairs = zip(all_of(model), all_of(other), strict=True)
    return [
        name
        for (name, mine), (_, theirs) in pairs
        if not np.array_equal(mine[..., runs], theirs[..., others], equal_nan=True)
    ]


@pytest.fixture(scope="module")
def sixty_four(tiny: World) -> Model:
    return Model(question(*busy(), months=30), runs=64, seed=3, world=tiny).run()


@pytest.mark.parametrize("runs", [1, 2, 16])
def test_a_run_is_the_same_in_a_batch_of_any_width(tiny: World, sixty_four: Model, runs: int) -> None:
    narrow = Model(question(*busy(), months=30), runs=runs, seed=3, world=tiny).run()
    assert differing(narrow, sixty_four, slice(0, runs), slice(0, runs)) == []


def test_a_run_keeps_its_luck_wherever_its_batch_begins(tiny: World, sixty_four: Model) -> None:
    later = Model(question(*busy(), months=30), runs=4, seed=3, first_run=37, world=tiny).run()
    assert differing(later, sixty_four, slice(0, 4), slice(37, 41)) == []


def test_the_full_world_is_the_same_alone_and_in_company(full: World) -> None:
    asked = question(*busy(), months=14)
    alone = Model(asked, runs=1, first_run=5, world=full).run()
    company = Model(asked, runs=16, world=full).run()
    assert differing(alone, company, slice(0, 1), slice(5, 6)) == []


@pytest.mark.slow
def test_ten_busy_years_of_the_full_world_are_the_same_alone_and_in_company(full: World) -> None:
    asked = question(*busy(), months=120)
    company = Model(asked, runs=64, world=full).run()
    for first, runs in ((5, 1), (16, 16)):
        some = Model(asked, runs=runs, first_run=first, world=full).run()
        assert differing(some, company, slice(0, runs), slice(first, first + runs)) == []


def test_runs_of_owners_in_default_are_the_same_in_any_company(tiny: World) -> None:
    fragile = with_parameters(tiny, default_ratio=1.0, default_months=3.0, start_leverage=0.5, ramp_months=24.0)
    bust = measure("demand_shift", goods=["cell", "magnet", "device", "medicine"], factor=0.1)
    company = Model(question(bust, months=40), runs=16, world=fragile).run()
    alone = Model(question(bust, months=40), runs=1, first_run=7, world=fragile).run()
    assert company.books.state.bankrupt.any()
    assert differing(alone, company, slice(0, 1), slice(7, 8)) == []


def test_runs_and_seeds_differ(tiny: World, sixty_four: Model) -> None:
    other = Model(question(*busy(), months=30), runs=1, seed=4, world=tiny).run()
    assert "stock" in differing(other, sixty_four, slice(0, 1), slice(0, 1))
    assert "stock" in differing(sixty_four, sixty_four, slice(0, 1), slice(1, 2))


def test_scenarios_meet_the_same_luck_until_they_part(tiny: World) -> None:
    late = measure("tariff", government="US", goods=["cell"], origins=["CN"], rate=0.5, start=busy()[0].start)
    plain, taxed = (Model(question(*mix, months=6), runs=2, world=tiny) for mix in ((), (late,)))
    for _ in range(2):
        plain.step()
        taxed.step()
    assert differing(plain, taxed, slice(None), slice(None)) == []
    plain.step()
    taxed.step()
    assert "weight" in differing(plain, taxed, slice(None), slice(None))
    for draw in ("site", "outage", "demand", "drift"):
        mine, theirs = (getattr(model.books.dice, draw)(model.month) for model in (plain, taxed))
        assert np.array_equal(mine, theirs)


def test_shares_prices_and_plants_move_in_the_baseline(full: World) -> None:
    series = dict(recorded(Model(Scenario.load("baseline"), runs=2, world=full).run()))
    for good, code in enumerate(full.goods.code):
        here = slice(good * len(full.regions), (good + 1) * len(full.regions))
        share, price = series["capacity_share"][:, here], np.log(series["price_export"][:, here])
        assert np.abs(share - share[0]).max() > 0.005, code
        assert np.nanmax(np.abs(price - price[0])) > 0.01, code
        assert series["new_plants"][:, here].sum() > 0.0 or code.startswith("scrap_"), code
