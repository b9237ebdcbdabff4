"""Scenarios that differ in doses alone, put together into one whose runs are lived through side by side."""

import json
from collections.abc import Sequence
from functools import cache

import numpy as np

from abm.policies.cost_overrun import longest_delay
from abm.policies.instrument import Instrument, months_until
from abm.scenario import Scenario


def likeness(scenario: Scenario, months: int = 1) -> str:
    """Return words that are equal for scenarios which differ in no more than doses of what begins later.

    months  after which it begins
    What is in force at the start makes the world that all runs start from, and delays the length of its memory.
    """
    said = scenario.model_dump(mode="json", exclude={"text", "file", "places"}, serialize_as_any=True)
    for measure, told in zip(scenario.measures, (*said["policies"], *said["shocks"]), strict=True):
        over = measure.end is not None and measure.end <= scenario.start
        if over or months_until(scenario.start, measure.start) >= months:
            told.update(dict.fromkeys(_doses(type(measure))))
    return json.dumps([said, longest_delay(scenario.measures)])


def abreast(scenarios: Sequence[Scenario], runs: Sequence[int]) -> Scenario:
    """Return the one scenario of several alike, each with so many runs: doses that differ do so from run to run."""
    first = scenarios[0]
    policies, shocks = (
        tuple(_together(alike, runs) for alike in zip(*measures, strict=True))
        for measures in ([each.policies for each in scenarios], [each.shocks for each in scenarios])
    )
    return first.model_copy(update={"policies": policies, "shocks": shocks})


def _together(alike: Sequence[Instrument], runs: Sequence[int]) -> Instrument:
    """Return one measure of several, doses that differ having an axis (run,)."""
    told = {name: [getattr(each, name) for each in alike] for name in _doses(type(alike[0]))}
    return alike[0].model_copy(
        update={name: np.repeat(values, runs) for name, values in told.items() if len({*values}) > 1}
    )


@cache
def _doses(kind: type[Instrument]) -> tuple[str, ...]:
    """Return the fields of a kind of measure that may differ from run to run."""
    return tuple(name for name, field in kind.model_fields.items() if field.annotation is float)
