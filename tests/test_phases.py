"""Every phase does something, more money never builds less, and doubling all money changes no quantity."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import CHIPS, busy, flows_of, measure, question, state_of

from abm.axes import Floats, Ints
from abm.markets.network import summed
from abm.model import Model
from abm.month import PHASES
from abm.world import World


@pytest.fixture(scope="module")
def touched(tiny: World) -> dict[str, set[str]]:
    """Return which columns each phase changed in any of thirty months."""
    model = Model(question(*busy(), months=30), runs=2, world=tiny)
    model.books.levers.pooled[:] = 1.0
    changed: dict[str, set[str]] = {name: set() for name, _ in PHASES}
    for _ in range(30):
        model.books.begin()
        for name, phase in PHASES:
            before = {key: value.copy() for key, value in (*state_of(model.books), *flows_of(model.books))}
            phase(model.books)
            after = dict((*state_of(model.books), *flows_of(model.books)))
            changed[name] |= {key for key in after if not np.array_equal(before[key], after[key])}
        model.books.step += 1
        model.books.month = model.books.month.replace(
            year=model.books.month.year + model.books.month.month // 12, month=model.books.month.month % 12 + 1
        )
    return changed


@pytest.mark.parametrize(
    ("phase", "column"),
    [
        ("govern", "demand_shock"),
        ("open", "capacity"),
        ("plan", "desired"),
        ("order", "wanted"),
        ("choose", "weight"),
        ("trade", "stock"),
        ("pay", "cash"),
        ("pool", "fill_rate"),
        ("produce", "output"),
        ("cost", "landed"),
        ("price", "log_price_export"),
        ("thrift", "thrift"),
        ("invest", "building"),
        ("award", "grant_due"),
        ("finance", "household"),
        ("recycle", "in_use"),
    ],
)
def test_every_phase_changes_something(touched: dict[str, set[str]], phase: str, column: str) -> None:
    assert column in touched[phase]


def test_no_phase_is_left_out(touched: dict[str, set[str]]) -> None:
    assert [name for name, columns in touched.items() if not columns] == []


def capacity_of(model: Model, region: str) -> Floats:
    """Return chip capacity in use and under construction in a region, thousand wafers a month (run,)."""
    world = model.books.frame.world
    chips = [world.goods.code.index(code) for code in CHIPS]
    here = np.isin(world.plants.good, chips) & (world.plants.region == world.regions.index(region))
    return summed((model.books.state.capacity + model.books.state.building)[here])


def test_more_grant_never_lowers_the_expected_new_capacity(tiny: World) -> None:
    built = []
    for amount in (0.0, 500.0, 2_000.0, 8_000.0):
        pot = measure(
            "capex_grant", government="US", goods=[*CHIPS], amount_musd=amount, cap_share=0.4, floor_share=0.05
        )
        model = Model(question(pot, months=48), runs=64, world=tiny).run()
        built.append(float(capacity_of(model, "US").mean()))
    assert built == sorted(built)
    assert built[-1] > built[0] * 1.01


def test_doubling_all_money_leaves_quantities(tiny: World) -> None:
    goods = tiny.goods
    rich = replace(tiny, goods=replace(goods, price=2.0 * goods.price, capex=2.0 * goods.capex))
    mix = busy()
    richer = tuple(
        each.model_copy(update={"amount_musd": 2.0 * each.amount_musd}) if each.kind == "capex_grant" else each  # type: ignore[attr-defined]
        for each in mix
    )
    plain = Model(question(*mix, months=24), runs=2, world=tiny).run()
    double = Model(question(*richer, months=24), runs=2, world=rich).run()
    for name in ("capacity", "stock", "weight", "input_stock", "wish", "in_use"):
        mine, theirs = getattr(plain.books.state, name), getattr(double.books.state, name)
        assert np.allclose(mine, theirs, rtol=1e-9, atol=1e-9 * np.abs(mine).max()), name
    assert np.allclose(2.0 * plain.books.state.cash, double.books.state.cash, rtol=1e-7, atol=1e-6)


def permuted(world: World, order: Ints) -> World:
    """Return a world whose rows stand in another order."""
    plants = world.plants
    names = ("owner", "region", "good", "process", "capacity", "fringe")
    return replace(world, plants=replace(plants, **{name: getattr(plants, name)[order] for name in names}))


def test_the_order_of_rows_changes_nothing(tiny: World) -> None:
    order = np.random.default_rng(5).permutation(len(tiny.plants.good))
    plain = Model(question(*busy(), months=24), runs=2, world=tiny)
    mixed = Model(question(*busy(), months=24), runs=2, world=permuted(tiny, order))
    mixed.books.dice.identity = order
    plain.run()
    mixed.run()
    for name in ("capacity", "stock", "log_price_home", "log_price_export", "expected", "cost", "building"):
        mine, theirs = getattr(plain.books.state, name)[order], getattr(mixed.books.state, name)
        assert np.allclose(mine, theirs, rtol=1e-9, atol=1e-9 * np.abs(mine).max()), name
    for name in ("cash", "debt", "household", "treasury", "in_use"):
        mine, theirs = getattr(plain.books.state, name), getattr(mixed.books.state, name)
        assert np.allclose(mine, theirs, rtol=1e-9, atol=1e-9 * np.abs(mine).max()), name
