"""The story line: which scenario, what it asks, what came out, and how sure that is by now."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import solara

from experiments.app.components.status import underway
from experiments.app.room import BAND, Room, Work
from experiments.app.texts import section, text
from experiments.catalogue import Catalogue


@solara.component_vue("story.vue")
def _Story(
    *,
    scenarios: object,
    scenario: str,
    joined: object,
    question: str,
    story: str,
    sentence: str,
    runs: str,
    updating: bool,
    works: object,
    offers: object,
    words: object,
    event_choose: Callable[[str], None] | None = None,
    event_add: Callable[[str], None] | None = None,
    event_part: Callable[[str], None] | None = None,
    event_stop: Callable[[str], None] | None = None,
    event_offer: Callable[[str], None] | None = None,
) -> None:
    """Draw the story line."""


@cache
def titles() -> dict[str, str]:
    """Return the titles of the bundled scenarios by name."""
    return {name: scenario.title for name, scenario in Catalogue().scenarios.items()}


@solara.component
def Story(room: Room) -> None:
    """Show question and answer of the scenario that is asked, and let another be chosen."""
    state, shown = room.state, room.shown
    first, *more = state.scenario.split("+")
    asked = room.question.scenarios[-1]
    # The band is nobody's concern before the one run is there.
    works = [underway("lever", room.lever.value), None if room.updating else underway("band", room.band.value)]
    runs = shown.answer.mine.runs if shown else 1
    _Story(
        scenarios=[*titles().items(), *([(first, asked.title)] if first not in titles() else [])],
        scenario=first,
        joined=[(name, titles().get(name, name)) for name in more],
        question=asked.question,
        story=asked.story.strip(),
        sentence=shown.answer.sentence if shown else "",
        runs=text("story", "one") if runs == 1 else text("story", "many").format(runs=runs),
        updating=room.updating,
        works=[each for each in works if each],
        offers=_offers(room),
        words=section("story"),
        event_choose=lambda name: room.do(replace(state, scenario=name, assignments=(), text="")),
        event_add=lambda name: room.do(replace(state, scenario=f"{state.scenario}+{name}")),
        event_part=lambda name: room.do(replace(state, scenario="+".join(_without(first, more, name)), assignments=())),
        event_stop=lambda code: _stop(room, code),
        event_offer=lambda code: _take(room, code),
    )


def _without(first: str, more: list[str], name: str) -> list[str]:
    """Return the parts of a composition but one."""
    return [first, *(each for each in more if each != name)]


def _offers(room: Room) -> list[dict[str, str]]:
    """Return what can be asked for: to play again what was stopped, or a range."""
    if room.lever.value.stopped == room.question:
        return [{"code": "lever", "title": text("story", "again")}]
    several, many = room.several.value, room.state.question(BAND)
    ready = several is not None and several.question == many
    begun = room.banding.value and room.band.value.stopped != many
    if ready or room.band.value.progress or room.updating or begun:
        return []
    return [{"code": "band", "title": text("story", "range")}]


def _stop(room: Room, code: str) -> None:
    """Stop some work, as a person wants."""
    work = room.lever if code == "lever" else room.band
    work.value.stop()
    if code == "band":
        room.band.set(Work())
        room.banding.set(False)


def _take(room: Room, code: str) -> None:
    """Do what was offered."""
    room.band.set(Work())
    if code == "band":
        room.banding.set(True)
    else:
        room.lever.set(replace(room.lever.value, stopped=None))
