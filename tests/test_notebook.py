"""The model from a notebook: agents by name, Mesa's own collector, mistakes told, and an end."""

import copy
from datetime import date

import mesa
import numpy as np
import pytest
from worlds import busy, question

from abm.agents import Fab, Firm, Miner
from abm.errors import InputError
from abm.model import Model
from abm.scenario import Scenario
from abm.world import World


def asked(tiny: World, runs: int = 1, months: int = 4) -> Model:
    return Model(question(*busy(), months=months), runs=runs, world=tiny)


def collected(model: Model, column: str) -> mesa.DataCollector:
    collector = mesa.DataCollector(
        model_reporters={"agents": lambda model: len(model.agents)},
        agent_reporters={"name": "name", "owner": "owner", "region": "region"},
        agenttype_reporters={Fab: {column: column}},
    )
    for _ in range(3):
        model.step()
        collector.collect(model)
    return collector


@pytest.mark.parametrize("column", ["capacity", "stock", "desired", "market_price", "price_rise"])
@pytest.mark.parametrize("runs", [1, 3])
def test_a_collector_keeps_what_each_month_was(tiny: World, column: str, runs: int) -> None:
    frame = collected(asked(tiny, runs), column).get_agenttype_vars_dataframe(Fab)
    again = asked(tiny, runs)
    for month in (1, 2, 3):
        again.step()
        for fab in again.agents_by_type[Fab]:
            assert np.array_equal(frame.loc[(month, fab.unique_id), column], getattr(fab, column)), (month, fab)


def test_every_agent_has_a_name_an_owner_and_a_region(tiny: World) -> None:
    model = asked(tiny)
    collector = collected(model, "capacity")
    frame = collector.get_agent_vars_dataframe()
    assert len(frame) == 3 * len(model.agents)
    assert frame.notna().all(axis=None)
    assert [*collector.get_model_vars_dataframe()["agents"]] == 3 * [len(model.agents)]
    for agent in model.agents:
        assert repr(agent) == f"<{type(agent).__name__} {agent.name}>"
    owner = model.books.cast.firms[0].owner
    own = model.agents.select(lambda agent: agent.owner == owner)
    assert len(own) == sum(firm.owner == owner for firm in model.books.cast.firms) > 0


def test_a_model_says_which_it_is_and_stops_after_its_last_month(tiny: World) -> None:
    model = asked(tiny, runs=2, months=3)
    assert repr(model) == "<Model asked, runs=2, month=2020-01>"
    assert model.running
    model.run_model()
    assert (model.steps, model.month, model.running) == (3, date(2020, 4, 1), False)
    assert model.run().steps == 3


def test_what_the_state_holds_can_be_set_and_the_month_goes_by_it(tiny: World) -> None:
    model, other = asked(tiny, runs=2), asked(tiny, runs=2)
    fab = max(model.agents_by_type[Fab], key=lambda fab: float(fab.capacity.mean()))
    fab.capacity = 0.0
    assert (model.books.state.capacity[fab.rows] == 0.0).all()
    model.step()
    other.step()
    # What was being built before opens all the same.
    assert (model.books.flow.output[fab.rows] < 0.1 * other.books.flow.output[fab.rows]).all()
    for name in ("desired", "markup"):
        with pytest.raises(AttributeError, match=f"{name} is worked out anew or fixed"):
            setattr(fab, name, 1.0)


def test_a_value_taken_from_an_agent_is_not_the_books(tiny: World) -> None:
    model = asked(tiny, runs=2)
    fab = model.agents_by_type[Fab][0]
    taken = fab.capacity
    taken[:] = -1.0
    assert (fab.capacity >= 0.0).all()


def test_a_phase_of_ones_own_is_traced_and_stays(tiny: World) -> None:
    model = asked(tiny)

    def burn(books: object) -> None:
        model.books.state.capacity = model.books.state.capacity * 0.5

    model.phases = (*model.phases, ("burn", burn))
    assert model.trace().filter(phase="burn")["column"].to_list() == ["capacity"]
    assert model.phases[-1] == ("burn", burn)


def test_a_change_that_was_seen_stays_as_it_was_seen(tiny: World) -> None:
    model, copied = asked(tiny), asked(tiny)
    table = model.trace()
    assert table.equals(copied.trace())
    assert copy.deepcopy(model).trace().equals(model.trace())


class Digger(Miner):
    """A miner like any other."""


def test_a_mistake_is_told_with_its_remedy(tiny: World) -> None:
    plain = question(*busy(), months=2)
    wrong: list[tuple[dict[str, object], str]] = [
        ({"runs": 0}, r"runs=0 is out of range. Give a whole number from 1"),
        ({"runs": 1.5}, r"runs=1.5 is out of range"),
        ({"seed": -1}, r"seed=-1 is out of range. Give a whole number from 0"),
        ({"scenario": "chips_act"}, r"'chips_act' is no scenario. Load one: Scenario.load"),
        ({"kinds": {"Mimer": Digger}}, r"no kind or firm is called 'Mimer'. Did you mean 'Miner'"),
        ({"kinds": {"Fab": Digger}}, r"'Fab' is given no kind of Fab. Derive its class from Fab"),
        ({"scenario": plain.override("tariff.government=XX")}, r"no region 'XX'. Known: CN, JP, US"),
    ]
    for told, message in wrong:
        with pytest.raises(InputError, match=message):
            Model(**{"scenario": plain, "world": tiny, **told})  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"no month has happened yet. Let one happen with step"):
        _ = asked(tiny).regions


def test_a_kind_of_ones_own_is_found_by_the_kind_it_derives_from(tiny: World) -> None:
    model = Model(question(months=2), world=tiny, kinds={"Miner": Digger})
    assert {type(miner) for miner in model.agents.select(agent_type=Miner)} == {Digger}
    assert len(model.agents.select(agent_type=Firm)) == len(tiny.plants.good)


def test_scenario_is_the_one_the_package_gives() -> None:
    import abm

    assert abm.Scenario is Scenario
    assert abm.Model is Model
