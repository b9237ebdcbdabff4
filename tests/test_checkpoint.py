"""A batch that goes on from where another stood, alike until then, ends as if it had begun at the start."""

import pytest
from test_abreast import moved, same

from abm import world as worlds
from abm.abreast import likeness
from abm.checkpoint import checkpoint, milestones, restore
from abm.model import Model
from abm.policies.instrument import months_until
from abm.scenario import Scenario
from experiments.app.checkpoints import Checkpoints
from experiments.run import Batch, Tables, play, play_abreast


def with_later_doses(scenario: Scenario, months: int, step: float) -> Scenario:
    """Return a scenario with all doses moved of measures that begin after so many months."""
    told = {
        kind: tuple(
            each
            if months_until(scenario.start, each.start) < months or each.kind == "cost_overrun"
            else moved(each, step)
            for each in getattr(scenario, kind)
        )
        for kind in ("policies", "shocks")
    }
    return scenario.model_copy(update=told)


def told_by(model: Model) -> Tables:
    """Return all tables of a model that has ended."""
    return {name: getattr(model, name) for name in ("regions", "firms", "trade", "programmes", "events", "kpi")}


@pytest.mark.parametrize("governments", ["dated", "reactive"])
def test_every_dose_of_what_begins_later_may_differ(governments: str) -> None:
    first = Scenario.load("history").override("until=2023-06", f"governments={governments}")
    model = Model(first, runs=2, seed=3)
    kept = {}
    for months in milestones(first):
        while model.books.step < months:
            model.step()
        kept[months] = checkpoint(model)
    assert len(kept) == 3
    for (months, stood), step in zip(kept.items(), (0.5, -0.4, 0.5), strict=True):
        other = with_later_doses(first, months, step)
        assert other != first
        assert likeness(other, months) == likeness(first, months)
        going_on = Model(other, runs=2, seed=3)
        restore(going_on, stood)
        assert going_on.books.step == months
        same(told_by(going_on.run()), told_by(Model(other, runs=2, seed=3).run()))
    same(told_by(model.run()), told_by(Model(first, runs=2, seed=3).run()))


def test_milestones_are_a_year_apart_and_within_the_run() -> None:
    assert milestones(Scenario.load("baseline")) == []
    assert milestones(Scenario.load("chips_act")) == [32]
    found = milestones(Scenario.load("history"))
    assert [*found] == [12, 24, 36, 48, 60, 72]


LEVERS = {
    "a later dose": ("chips_act.amount_musd=20000", 32),
    "a later end": ("chips_act.end=2026-01-01", 0),
    "another parameter": ("parameters.gap_months=20", 0),
    "an earlier start": ("chips_act.start=2022-02-01", 0),
}


@pytest.mark.parametrize("lever", LEVERS)
def test_a_worker_goes_on_from_where_it_may_and_else_begins_anew(lever: str) -> None:
    change, months = LEVERS[lever]
    first = Scenario.load("chips_act").override("until=2023-12")
    world, worker = worlds.read(first.start), Checkpoints()
    changed = first.override(change)
    for scenario, begun in ((first, 0), (changed, months)):
        batch, told = Batch(scenario, 0, 2), list[int]()
        (found,) = play_abreast([batch], 1, world, told.append, None, worker.live)
        same(found, play(batch, 1, world, lambda _: None))
        assert told[0] == begun * batch.runs
        assert sum(told) == batch.months


def test_other_runs_and_other_luck_begin_anew() -> None:
    scenario = Scenario.load("chips_act").override("until=2022-12")
    world, worker = worlds.read(scenario.start), Checkpoints()
    for batch, seed, begun in (
        (Batch(scenario, 0, 1), 1, 0),
        (Batch(scenario, 1, 1), 1, 0),
        (Batch(scenario, 0, 2), 1, 0),
        (Batch(scenario, 0, 1), 2, 0),
        (Batch(scenario, 0, 1), 1, 32),
    ):
        told = list[int]()
        play_abreast([batch], seed, world, told.append, None, worker.live)
        assert told[0] == begun * batch.runs
