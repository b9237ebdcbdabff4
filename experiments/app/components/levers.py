"""The panel of levers of the scenario that is asked."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

import solara

from abm.overrides import split
from abm.scenario import Scenario
from experiments.app.components.controls import DATES, assumptions, groups, moved, silenced, silent, vocabularies
from experiments.app.questions import Question
from experiments.app.room import Room
from experiments.app.texts import section
from experiments.palette import REGIONS


@solara.component_vue("levers.vue")
def _Levers(
    *,
    told: str,
    scenario: str,
    values: object,
    changed: object,
    off: object,
    colours: object,
    can_undo: bool,
    can_redo: bool,
    words: object,
    event_shift: Callable[[dict[str, Any]], None] | None = None,
    event_turn: Callable[[dict[str, Any]], None] | None = None,
    event_reset: Callable[[str | None], None] | None = None,
    event_undo: Callable[[Any], None] | None = None,
    event_redo: Callable[[Any], None] | None = None,
) -> None:
    """Draw the panel."""


def as_written(name: str, text: str) -> Scenario:
    """Return a scenario without anything replaced.

    text  what it says if it was uploaded
    """
    return Question(name, text=text, alone=True).scenarios[-1]


@solara.component
def Levers(room: Room) -> None:
    """Show the levers of the scenario that is asked, by government."""
    state = room.state
    first, told = _told(state.scenario, state.text)
    now = room.question.scenarios[-1]
    _Levers(
        told=told,
        scenario=state.scenario,
        values=moved(first, now),
        changed=_keys(state.assignments),
        off={name: off for name, off in silent(now).items() if off},
        colours=REGIONS,
        can_undo=room.can_undo,
        can_redo=room.can_redo,
        words=section("levers"),
        event_shift=lambda move: room.put(str(move["key"]), said(str(move["key"]), move["value"])),
        event_turn=lambda told: turn(room, str(told["name"]), on=bool(told["on"])),
        event_reset=lambda key: reset(room, key),
        event_undo=lambda _: room.undo(),
        event_redo=lambda _: room.redo(),
    )


@lru_cache(maxsize=32)
def _told(name: str, text: str) -> tuple[Scenario, str]:
    """Return a scenario as it is written, and as JSON what does not change while its levers are moved.

    text  of an uploaded one
    """
    scenario = as_written(name, text)
    told = {
        "groups": [asdict(each) for each in groups(scenario)],
        "assumptions": [asdict(each) for each in assumptions()],
        "vocabularies": vocabularies(scenario),
    }
    return scenario, json.dumps(told)


def _keys(assignments: tuple[str, ...]) -> list[str]:
    """Return the dotted keys that are replaced."""
    return [".".join(split(each)[0]) for each in assignments]


def reset(room: Room, key: str | None) -> None:
    """Give a value back what the scenario has, its parts included; all values if none is named."""
    keys = _keys(room.state.assignments)
    wanted = [each for each in keys if key is None or each == key or each.startswith(f"{key}.")]
    if wanted:
        room.do(room.state.without(*wanted))


def said(key: str, value: object) -> object:
    """Return what a browser says of a value as a scenario takes it: a day as a day."""
    return date.fromisoformat(str(value)) if key.rpartition(".")[2] in DATES else value


def turn(room: Room, name: str, *, on: bool) -> None:
    """Let a measure hold as dated, or not at all within the run.

    name  of the measure
    """
    state = room.state.without(*(f"{name}.{each}" for each in DATES))
    if on:
        room.do(state)
        return
    for key, day in silenced(state.question().scenarios[-1], name).items():
        state = state.with_set(key, day)
    room.do(state)
