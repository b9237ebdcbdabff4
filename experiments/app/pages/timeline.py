"""Timeline: what governments do and what befalls the world, by date, to be moved by hand."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import solara

from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from experiments.app.components.controls import SLIDER, Measure, groups, silent
from experiments.app.components.levers import as_written, said, turn
from experiments.app.components.story import Story
from experiments.app.components.words import H2, Box, Paragraph
from experiments.app.room import Room
from experiments.app.texts import section, text
from experiments.palette import REGIONS


@solara.component_vue("timeline.vue")
def _Timeline(
    *,
    told: str,
    values: object,
    words: object,
    colours: object,
    event_shift: Callable[[dict[str, Any]], None] | None = None,
    event_turn: Callable[[dict[str, Any]], None] | None = None,
    event_reset: Callable[[str], None] | None = None,
) -> None:
    """Draw bars and, for the one that is opened, its dates and its amount."""


@solara.component
def Timeline(room: Room) -> None:
    """Show what is dated in the scenario as bars; each can be moved, made stronger, or left out."""
    state = room.state
    told = _told(state.scenario, state.text)
    now = room.question.scenarios[-1]
    Story(room)
    with Box(kind="fs-card"):
        H2(text("timeline", "heading"))
        Paragraph(text("timeline", "intro"), quiet=True)
        _Timeline(
            told=told,
            values=values(now),
            words=section("levers") | section("timeline"),
            colours=REGIONS,
            event_shift=lambda move: room.put(str(move["key"]), said(str(move["key"]), move["value"])),
            event_turn=lambda move: turn(room, str(move["name"]), on=bool(move["on"])),
            event_reset=lambda name: _back(room, name),
        )


@lru_cache(maxsize=32)
def _told(name: str, text: str) -> str:
    """Return as JSON what does not change while bars are moved: the span, and every measure by government.

    name, text  of the scenario, and what it says if it was uploaded
    """
    scenario = as_written(name, text)
    rows = [
        {"name": one.name, "title": one.title, "kind": one.kind, "about": one.about, "source": one.source}
        | {"group": group.title, "code": group.code, "levers": _amounts(one)}
        for group in groups(scenario)
        for one in group.measures
    ]
    return json.dumps({"first": scenario.start.isoformat(), "last": scenario.until.isoformat(), "rows": rows})


def _amounts(measure: Measure) -> list[dict[str, Any]]:
    """Return the levers of a measure that say how much."""
    return [asdict(each) for each in measure.levers if each.kind == SLIDER]


def values(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Return dates and amounts of every measure as they are now, by its name."""
    off = silent(scenario)
    return {each.name: _now(each) | {"off": off[each.name]} for each in scenario.measures}


def _now(measure: Instrument) -> dict[str, Any]:
    """Return dates and numbers of a measure."""
    numbers = {key: value for key, value in measure.model_dump().items() if isinstance(value, int | float)}
    ends = {"start": measure.start.isoformat(), "end": measure.end.isoformat() if measure.end else ""}
    return {**numbers, **ends}


def _back(room: Room, name: str) -> None:
    """Give a measure all back that was moved of it."""
    keys = [each.split("=")[0].strip() for each in room.state.assignments]
    mine = [key for key in keys if key.startswith(f"{name}.")]
    if mine:
        room.do(room.state.without(*mine))
