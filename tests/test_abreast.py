"""Scenarios that differ in doses alone are lived through side by side, each as it would be alone."""

import polars as pl
import pytest

from abm import world as worlds
from abm.abreast import abreast, likeness
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from experiments.run import Batch, Tables, play, play_abreast

# A dose moves towards its ends by so much.
STEPS = (0.0, 0.5, -0.4)


def moved(measure: Instrument, step: float) -> Instrument:
    """Return a measure with all doses moved up or down within their ranges."""
    told = {}
    for name, field in type(measure).model_fields.items():
        if field.annotation is float:
            about = field.json_schema_extra
            assert isinstance(about, dict)
            value, low = float(getattr(measure, name)), float(str(about["low"]))
            # A range's upper end may be absurd, such as a trillion for a grant.
            high = min(float(str(about["high"])), max(2.0 * value, low))
            told[name] = value + step * ((high - value) if step > 0.0 else (value - low))
    return measure.model_copy(update=told)


def variants(scenario: Scenario) -> list[Scenario]:
    """Return a scenario as it is, with larger and with smaller doses of all that is not in force at the start."""
    start = scenario.start
    return [
        scenario.model_copy(
            update={
                kind: tuple(
                    each if each.holds(start) or each.kind == "cost_overrun" else moved(each, step)
                    for each in getattr(scenario, kind)
                )
                for kind in ("policies", "shocks")
            }
        )
        for step in STEPS
    ]


def same(found: Tables, alone: Tables) -> None:
    """Hold tables against each other."""
    assert found.keys() == alone.keys()
    for name, table in found.items():
        assert table.equals(alone[name]), name
        assert table.schema == alone[name].schema


@pytest.mark.parametrize(("name", "changes"), [("history", ()), ("history", ("governments=reactive",))])
def test_every_dose_may_differ_side_by_side(name: str, changes: tuple[str, ...]) -> None:
    scenario = Scenario.load(name).override("until=2023-06", *changes)
    several, world = variants(scenario), worlds.read(scenario.start)
    assert len({likeness(each) for each in several}) == 1
    batches = [Batch(each, 0, 1) for each in several]
    for found, batch in zip(play_abreast(batches, 1, world, lambda _: None), batches, strict=True):
        same(found, play(batch, 1, world, lambda _: None))


def test_batches_side_by_side_keep_their_runs_and_their_luck() -> None:
    scenario = Scenario.load("chips_act").override("until=2026-06")
    world, told = worlds.read(scenario.start), list[int]()
    batches = [Batch(each, first, 2) for each, first in zip(variants(scenario), (3, 0, 4), strict=True)]
    parts = play_abreast(batches, 7, world, told.append)
    for found, batch in zip(parts, batches, strict=True):
        same(found, play(batch, 7, world, lambda _: None))
        assert found["kpi"]["run"].to_list() == [batch.first, batch.first + 1]
    assert sum(told) == sum(batch.months for batch in batches)
    capacity = [found["regions"].filter(pl.col("run") == 4)["capacity"] for found in parts]
    assert not capacity[0].equals(capacity[2])


UNLIKE = {
    "another measure": "chips_act+tool_controls_2022",
    "another start": "chips_act start=2021-01",
    "another end": "chips_act until=2029-12",
    "another parameter": "chips_act parameters.gap_months=20",
    "another date": "chips_act chips_act.start=2023-08-01",
    "other governments": "chips_act governments=reactive",
}


@pytest.mark.parametrize("what", UNLIKE)
def test_what_differs_in_more_than_doses_is_not_alike(what: str) -> None:
    name, *changes = UNLIKE[what].split()
    assert likeness(Scenario.load(name).override(*changes)) != likeness(Scenario.load("chips_act"))


def test_what_shapes_the_start_is_not_alike() -> None:
    scenario = Scenario.load("history")
    shaping = [each for each in scenario.policies if each.holds(scenario.start) and moved(each, 0.5) != each]
    assert shaping
    for measure in shaping:
        changed = tuple(moved(each, 0.5) if each is measure else each for each in scenario.policies)
        assert likeness(scenario.model_copy(update={"policies": changed})) != likeness(scenario)


def test_doses_that_are_equal_stay_numbers() -> None:
    scenario = Scenario.load("chips_act")
    less = scenario.override("chips_act.amount_musd=1000")
    (place,) = (place for place, each in enumerate(scenario.policies) if each.name == "chips_act")
    whole, told = (dict(each.policies[place]) for each in (scenario, abreast([less, scenario], (1, 2))))
    assert told.pop("amount_musd").tolist() == [1000.0, *[whole.pop("amount_musd")] * 2]
    assert told == whole
