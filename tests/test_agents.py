"""Agents are Mesa's, they read their own rows, and nobody reads anybody else's mind."""

import importlib
import pkgutil
from inspect import isfunction
from typing import Any

import mesa
import numpy as np
import pytest
from worlds import busy, question

import abm.agents
from abm.agents import KINDS, Firm, Government, Household
from abm.agents.fab import Fab
from abm.axes import Floats
from abm.model import Model
from abm.state import State
from abm.world import World

# Every rule of a firm that answers for its row; input_orders answers for its slots.
NO_RULES = {"suppliers", "customers", "input_orders"}
ROW_RULES = sorted(
    name for name, rule in vars(Firm).items() if isfunction(rule) and not name.startswith("_") and name not in NO_RULES
)


@pytest.fixture(scope="module")
def seen(tiny: World) -> Model:
    model = Model(question(*busy(), months=24), runs=3, world=tiny)
    for _ in range(14):
        model.step()
    return model


@pytest.fixture(scope="module")
def one_run(tiny: World) -> Model:
    return Model(question(months=2), runs=1, world=tiny)


@pytest.mark.parametrize("rule", ROW_RULES)
def test_a_firm_alone_decides_as_in_the_crowd(seen: Model, rule: str) -> None:
    together = seen.books.cast.rule(rule)
    for row, firm in enumerate(seen.books.cast.firms):
        assert np.array_equal(getattr(firm, rule)(), together[row]), firm.name


@pytest.mark.parametrize("rule", ROW_RULES)
def test_a_firm_in_one_run_decides_as_in_the_crowd(one_run: Model, rule: str) -> None:
    together = one_run.books.cast.rule(rule)
    for row, firm in enumerate(one_run.books.cast.firms):
        assert getattr(firm, rule)() == together[row, 0], firm.name


def test_a_firm_alone_orders_as_in_the_crowd(seen: Model) -> None:
    together = seen.books.cast.slot_rule("input_orders")
    for firm in seen.books.cast.firms:
        assert np.array_equal(firm.input_orders(), together[firm.slots]), firm.name


@pytest.mark.parametrize("rule", ["purchases", "electric_choice"])
def test_a_regions_buyers_alone_decide_as_in_the_crowd(seen: Model, rule: str) -> None:
    together = getattr(seen.books.cast.households, rule)()
    first = seen.books.frame.network.inputs
    for buyer in seen.agents.select(agent_type=Household):
        slots: Any = np.arange(first + len(together))[buyer.slots] - first if rule == "purchases" else buyer.rows
        assert np.array_equal(getattr(buyer, rule)(), together[slots])


@pytest.mark.parametrize("rule", ["emergency", "offered_stock"])
def test_a_government_alone_decides_as_in_the_crowd(seen: Model, rule: str) -> None:
    together = getattr(seen.books.cast.governments, rule)()
    for government in seen.agents.select(agent_type=Government):
        assert np.array_equal(getattr(government, rule)(), together[government.rows])


def test_collectors_alone_collect_as_in_the_crowd(seen: Model) -> None:
    cast = seen.books.cast
    for row, scrap in zip(np.arange(len(cast.firms))[cast.collectors.rows], cast.collectors.collection(), strict=True):
        assert np.array_equal(cast.firms[row].collection(), scrap)


def test_every_row_is_a_mesa_agent_of_the_kind_of_its_process(seen: Model) -> None:
    world = seen.books.frame.world
    assert all(isinstance(agent, mesa.Agent) for agent in seen.agents)
    for row, firm in enumerate(seen.books.cast.firms):
        assert type(firm).__name__ == world.recipes.kind[world.plants.process[row]]
    assert len(seen.agents) == len(world.plants.good) + 2 * len(world.regions)


def test_agents_are_found_by_what_they_are(seen: Model) -> None:
    chinese = seen.agents.select(lambda agent: agent.region == "CN")
    assert {type(agent).__name__ for agent in chinese} >= {"Fab", "Miner", "Household", "Government"}
    fabs = seen.agents_by_type[Fab]
    assert {fab.good for fab in fabs} == {"chip_mature", "chip_auto", "chip_leading", "chip_memory"}


def test_an_agent_reads_a_number_in_one_run_and_an_array_in_many(seen: Model, one_run: Model) -> None:
    assert float(one_run.books.cast.firms[0].capacity) == one_run.books.state.capacity[0, 0]
    assert np.ndim(one_run.books.cast.firms[0].capacity) == 0
    assert np.array_equal(seen.books.cast.firms[0].capacity, seen.books.state.capacity[0])


def test_suppliers_and_customers_mirror_each_other(one_run: Model) -> None:
    for firm in one_run.books.cast.firms:
        for supplier, share in firm.suppliers().items():
            assert firm in supplier.customers()
            assert 0.0 < share <= 1.0


class Bold(Fab):
    """A fab that wants twice the capacity."""

    def expansion(self) -> Floats:
        return 2.0 * super().expansion()


def test_a_kind_of_ones_own_changes_only_its_rows_of_that_phase(tiny: World) -> None:
    owner = tiny.owners.name[tiny.plants.owner[_first_fab(tiny)]]
    plain, bold = (Model(question(months=2), world=tiny, kinds=kinds) for kinds in (None, {owner: Bold}))
    mine = np.array([type(firm) is Bold for firm in bold.books.cast.firms])
    assert 0 < mine.sum() < len(mine)
    for model in (plain, bold):
        until(model, "thrift")
    asked, wanted = (model.books.cast.rule("expansion") for model in (plain, bold))
    assert np.array_equal(asked[~mine], wanted[~mine])
    assert np.array_equal(2.0 * asked[mine], wanted[mine])


class Rosy(Fab):
    """A fab that sees every site in a better light."""

    def site_worth(self) -> Floats:
        return super().site_worth() + 0.5


def until(model: Model, last: str) -> State:
    """Return the state after the phases of a month up to a last one."""
    model.books.begin()
    for name, phase in model.phases:
        phase(model.books)
        if name == last:
            break
    return model.books.state


def test_a_view_of_ones_own_changes_ones_own_books_when_it_is_asked_and_nobody_elses(tiny: World) -> None:
    models = [Model(question(months=2), world=tiny, kinds=kinds) for kinds in (None, {"Fab": Rosy})]
    network, pipeline = models[0].books.frame.network, models[0].books.frame.pipeline
    fabs = np.isin(tiny.plants.process, [way for way, kind in enumerate(tiny.recipes.kind) if kind == "Fab"])
    mine = {
        network.rows: fabs,
        pipeline.places: fabs[pipeline.row],
        network.divisions: np.isin(np.arange(network.divisions), network.division_of_row[fabs]),
        len(tiny.owners.name): np.isin(np.arange(len(tiny.owners.name)), tiny.plants.owner[fabs]),
    }
    plain, rosy = (until(model, "invest") for model in models)
    assert (rosy.worth[fabs] > plain.worth[fabs]).all()
    for name in State.__slots__:
        if name in {"household", "worth_start"}:
            continue
        seen, told = getattr(plain, name), getattr(rosy, name)
        axis = 1 if name == "making" else 0
        others = ~mine.get(seen.shape[axis] if seen.size else 0, np.zeros(seen.shape[axis], np.bool_))
        assert np.array_equal(np.compress(others, seen, axis), np.compress(others, told, axis)), name


def _first_fab(world: World) -> int:
    """Return the first row whose process is a fab's."""
    return next(row for row, process in enumerate(world.plants.process) if world.recipes.kind[process] == "Fab")


def test_kinds_are_complete(full: World) -> None:
    assert set(full.recipes.kind) == set(KINDS)
    found = set()
    for module in pkgutil.iter_modules(abm.agents.__path__):
        for value in vars(importlib.import_module(f"abm.agents.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Firm) and value is not Firm:
                found.add(value.__name__)
    assert found == set(KINDS)
