"""Where content comes from is traced through every tier, and money off draws buyers as a lower price would."""

import numpy as np
import pytest
from networks import CELLS, LINKS, NETWORK, WORLD, link

from abm.axes import Floats, PerRow
from abm.frame import frame
from abm.markets.content import Credits, shares
from abm.markets.requirements import tiers
from abm.policies.levers import idle

GOOD = WORLD.goods.code.index
MADE = WORLD.plants.good
REQUIRED = frame(WORLD, idle(WORLD, 1)).required
RUNS = 3
CODES = ("battery_chemical", "cell_component", "cell", "car_electric")
SEEDS = pytest.mark.parametrize("seed", range(4))
CHEMICALS = tiers(WORLD, REQUIRED, GOOD("battery_chemical"), GOOD("car_electric"))


def used(seed: int) -> Floats:
    """Return random use of inputs down every link, some of it 0 (link, run)."""
    luck = np.random.default_rng(seed)
    return luck.random((LINKS, RUNS)) * (luck.random((LINKS, RUNS)) > 0.3)


def origin(*regions: str) -> PerRow:
    """Return 1 for rows in some regions, else 0."""
    return np.isin(WORLD.plants.region, [WORLD.regions.index(code) for code in regions]).astype(np.float64)


def traced(row: int, use: Floats, run: int, origins: PerRow) -> tuple[float, float]:
    """Return units of battery chemicals in a unit of a row's output and how many of them count, by recursion."""
    if MADE[row] == CHEMICALS[0]:
        return 1.0, float(origins[row])
    if MADE[row] not in CHEMICALS:
        return 0.0, 0.0
    found = [0.0, 0.0]
    for each in np.flatnonzero(NETWORK.slot_row[NETWORK.link_slot] == row):
        for kind, part in enumerate(traced(int(NETWORK.link_row[each]), use, run, origins)):
            found[kind] += use[each, run] * part
    return found[0], found[1]


def test_tiers_lead_from_chemicals_through_components_and_cells_to_cars() -> None:
    assert tuple(WORLD.goods.code[good] for good in CHEMICALS) == CODES
    assert tiers(WORLD, REQUIRED, GOOD("api"), GOOD("car_electric")) == []


def test_what_goes_into_a_unit_multiplies_along_the_chain() -> None:
    recipes = WORLD.recipes
    into = {
        (int(part), int(recipes.good[user])): amount
        for part, user, amount in zip(recipes.input, recipes.user, recipes.coefficient, strict=True)
    }
    car, cell, component, chemical = (GOOD(code) for code in reversed(CODES))
    assert REQUIRED[cell, car] == into[cell, car]
    chain = into[cell, car] * into[component, cell] * into[chemical, component]
    assert REQUIRED[chemical, car] == pytest.approx(chain, rel=1e-12)
    assert (np.diag(REQUIRED) == 1.0).all()


@SEEDS
def test_shares_are_those_of_recursion(seed: int) -> None:
    use, origins = used(seed), origin("US", "JP")
    found = shares(NETWORK, MADE, use, CHEMICALS, origins)
    for run in range(RUNS):
        for row in range(NETWORK.rows):
            whole, part = traced(row, use, run, origins)
            expected = part / whole if whole > 0.0 else 0.0
            assert found[row, run] == pytest.approx(expected, rel=1e-12), WORLD.goods.code[MADE[row]]


@SEEDS
def test_shares_of_all_regions_add_up_to_all_there_is(seed: int) -> None:
    use = used(seed)
    parts = sum(shares(NETWORK, MADE, use, CHEMICALS, origin(code)) for code in WORLD.regions)
    whole = shares(NETWORK, MADE, use, CHEMICALS, np.ones(NETWORK.rows))
    np.testing.assert_allclose(parts, whole, rtol=1e-12)
    assert set(np.unique(whole)) == {0.0, 1.0}


def test_a_quarter_of_a_price_off_draws_as_much_as_a_price_a_quarter_lower() -> None:
    mine = np.array([link("car_electric", 0, "US")])
    quality, sigma = np.linspace(0.5, 1.5, LINKS)[:, None], np.full((CELLS, 1), 2.0)
    lured = Credits(mine, np.full((1, 2), 32.0), np.array([[8.0, 0.0]])).lure(NETWORK, quality, sigma)
    assert lured[mine[0], 0] == pytest.approx(quality[mine[0], 0] * 0.75**-2.0, rel=1e-12)
    assert lured[mine[0], 1] == quality[mine[0], 0]
    others = np.delete(np.arange(LINKS), mine)
    assert np.array_equal(lured[others], np.repeat(quality[others], 2, axis=1))


def test_no_credit_leaves_qualities_untouched_and_costs_nothing() -> None:
    quality, none = np.ones((LINKS, 1)), Credits.none(2)
    assert none.lure(NETWORK, quality, np.ones((CELLS, 1))) is quality
    assert not none.by_region(NETWORK, np.ones((LINKS, 2))).any()


def test_buyers_get_their_money_for_what_they_received_in_the_region_they_live_in() -> None:
    mine = np.array([link("car_electric", 0, "US"), link("car_electric", 1, "CN")])
    shipped = np.zeros((LINKS, 1))
    shipped[mine, 0] = 10.0, 20.0
    paid = Credits(mine, np.full((2, 1), 32.0), np.array([[3.0], [2.0]])).by_region(NETWORK, shipped)
    home = NETWORK.slot_region[NETWORK.link_slot[mine]]
    expected = np.zeros((len(WORLD.regions), 1))
    np.add.at(expected[:, 0], home, [30.0, 40.0])
    assert np.array_equal(paid, expected)
