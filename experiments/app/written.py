"""A scenario as the text of a file that says all of it, so that it can be read again and given away."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from abm.policies.instrument import Instrument
from abm.scenario import Scenario


def written(scenario: Scenario) -> str:
    """Return a scenario file in TOML, every value in it as the scenario has it now."""
    return "\n".join(_lines(scenario)) + "\n"


def _lines(scenario: Scenario) -> Iterator[str]:
    """Yield the lines of the file."""
    said: dict[str, Any] = {name: getattr(scenario, name) for name in ("title", "question", "story", "references")}
    said |= {"start": f"{scenario.start:%Y-%m}", "until": f"{scenario.until:%Y-%m}", "baseline": scenario.baseline}
    said["governments"] = scenario.governments
    if scenario.headline:
        said["headline"] = scenario.headline.model_dump()
    yield from _pairs(said)
    if scenario.parameters:
        yield from ("", "[parameters]", *_pairs(scenario.parameters))
    for name, measures in (("policy", scenario.policies), ("shock", scenario.shocks)):
        for measure in measures:
            yield from ("", f"[[{name}]]", *_pairs(_said(measure)))


def _said(measure: Instrument) -> dict[str, Any]:
    """Return what a policy or shock says, what it leaves out left out."""
    return {name: value for name, value in measure.model_dump().items() if value not in (None, "", (), {})}


def _pairs(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each key that has a value."""
    for key, value in said.items():
        if value is not None:
            yield f"{key} = {_value(value)}"


def _value(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)
