"""What must not matter does not, and more of a grant is never less of a plant."""

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest
from mixes import crowded
from worlds import CHIPS, measure, question, recorded, state_of, without_growth

from abm.model import Model
from abm.policies.instrument import Instrument
from abm.world import World

MONEY = [
    "cost",
    "due",
    "credit_due",
    "landed",
    "landed_year",
    "cash",
    "debt",
    "household",
    "treasury",
    "bank",
    "claims",
    "pot_left",
    "grant_due",
    "granted",
]
# The log of a price shifts; a return on the nominal capital of collectors, who have none, is not one.
SHIFTED, RETURNS = ("log_price_home", "log_price_export"), ("earning", "worth", "worth_start")


def dearer(world: World, factor: float) -> World:
    """Return a world in which everything costs more, by the same factor."""
    goods = world.goods
    return replace(world, goods=replace(goods, price=factor * goods.price, capex=factor * goods.capex))


def funded(mix: tuple[Instrument, ...], factor: float) -> tuple[Instrument, ...]:
    """Return measures whose amounts of money are larger by a factor; what a sum of money finds out shrinks by it."""
    power = {"M USD": 1.0, "1 per billion USD": -1.0}
    return tuple(
        each.model_copy(
            update={
                name: getattr(each, name) * factor ** power.get(unit.split("/")[0].split(" per unit")[0], 0.0)
                for name, unit in units(each)
            }
        )
        for each in mix
    )


def units(measure: Instrument) -> Iterator[tuple[str, str]]:
    """Yield every number of a measure with its unit."""
    for name, field in type(measure).model_fields.items():
        if isinstance(field.json_schema_extra, dict) and "unit" in field.json_schema_extra:
            yield name, str(field.json_schema_extra["unit"])


@pytest.fixture(scope="module")
def pair(tiny: World) -> list[Model]:
    """Return three busy years in money and in money of half the worth."""
    models = []
    for factor in (1.0, 2.0):
        model = Model(question(*funded(crowded(), factor), months=36), runs=2, world=dearer(tiny, factor))
        model.books.state.public_stock[:] = 100.0
        models.append(model.run())
    return models


def test_doubling_all_money_leaves_every_quantity(pair: list[Model]) -> None:
    once, twice = pair
    built = once.books.traits.investable > 0.0
    for (name, now), (_, then) in zip(state_of(once.books), state_of(twice.books), strict=True):
        if name in (*MONEY, *SHIFTED):
            continue
        mine, theirs = (now, then) if name not in RETURNS else (now * built, then * built)
        scale = np.abs(mine).max(initial=1e-3)
        np.testing.assert_allclose(theirs, mine, rtol=1e-9, atol=1e-9 * scale, err_msg=name)


def test_doubling_all_money_doubles_every_price_and_account(pair: list[Model]) -> None:
    once, twice = (dict(state_of(model.books)) for model in pair)
    for name in SHIFTED:
        np.testing.assert_allclose(twice[name], once[name] + np.log(2.0), rtol=1e-9, err_msg=name)
    # Collectors are lent a token sum on a capital that stands at a token price, whatever money is worth.
    for name in MONEY:
        scale = np.abs(once[name]).max(initial=100.0)
        np.testing.assert_allclose(twice[name], 2.0 * once[name], rtol=1e-9, atol=1e-9 * scale, err_msg=name)


def test_doubling_all_money_leaves_every_recorded_share_and_rate(pair: list[Model]) -> None:
    once, twice = (dict(recorded(model)) for model in pair)
    for name in ("capacity_share", "output_share", "price_index", "fill_rate", "utilisation", "import_dependence"):
        np.testing.assert_allclose(twice[name], once[name], rtol=1e-6, atol=1e-9, err_msg=name)


def expected(world: World, amount: float, share: float) -> float:
    """Return the chip capacity the United States can expect to have and build after four years of a programme."""
    pot = measure("capex_grant", government="US", goods=CHIPS, amount_musd=amount, cap_share=share)
    books = Model(question(pot, months=48), runs=32, world=world).run().books
    goods = [world.goods.code.index(good) for good in CHIPS]
    here = (world.plants.region == world.regions.index("US")) & np.isin(world.plants.good, goods)
    return float((books.state.capacity + books.state.building)[here].sum(axis=0).mean())


def test_a_larger_pot_never_lowers_the_capacity_a_region_can_expect(tiny: World) -> None:
    found = [expected(tiny, amount, 0.3) for amount in (0.0, 500.0, 2_000.0, 8_000.0)]
    assert found == sorted(found)
    assert found[-1] > 1.005 * found[0]


def test_a_larger_share_of_every_project_never_lowers_the_capacity_a_region_can_expect(tiny: World) -> None:
    found = [expected(tiny, 20_000.0, share) for share in (0.0, 0.15, 0.4)]
    assert found == sorted(found)


def test_a_pot_of_nothing_is_no_pot_at_all(tiny: World) -> None:
    none = Model(question(months=24), runs=2, world=tiny).run()
    empty = measure("capex_grant", government="US", goods=CHIPS, amount_musd=0.0, cap_share=0.5)
    pot = Model(question(empty, months=24), runs=2, world=tiny).run()
    for (name, mine), (_, theirs) in zip(state_of(none.books), state_of(pot.books), strict=True):
        if name not in {"pot_left", "grant_due", "granted", "holding"}:
            assert np.array_equal(mine, theirs), name


def test_a_world_without_growth_or_luck_needs_no_seed(tiny: World) -> None:
    still = without_growth(tiny)
    first, second = (Model(question(months=6), runs=2, seed=seed, world=still, luck=False).run() for seed in (1, 2))
    for column in fields(first.books.state):
        mine, theirs = (getattr(model.books.state, column.name) for model in (first, second))
        assert np.array_equal(mine, theirs), column.name
