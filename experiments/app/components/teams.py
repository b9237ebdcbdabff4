"""The teams of a class: who there is, and a form to add one."""

from collections.abc import Callable, Sequence
from typing import Any

import solara

from experiments.app.texts import section


@solara.component_vue("teams.vue")
def _Teams(
    *,
    members: object,
    scenarios: object,
    query: str,
    full: bool,
    words: object,
    event_add: Callable[[dict[str, str]], None] | None = None,
    event_part: Callable[[int], None] | None = None,
    event_lesson: Callable[[Any], None] | None = None,
    event_clear: Callable[[Any], None] | None = None,
) -> None:
    """Draw list and form."""


@solara.component
def TeamForm(
    members: Sequence[str],
    scenarios: Sequence[tuple[str, str]],
    query: str,
    deeds: tuple[Callable[[str, str], None], Callable[[int], None], Callable[[], None], Callable[[], None]],
    *,
    full: bool,
) -> None:
    """Let teams be added and removed.

    members    what each is called;  scenarios  name and title of those that can be chosen
    query      of the link that holds all teams;  full  whether no further team fits
    deeds      add (name, scenario or link), remove (its number), take the teams of the lesson, remove all
    """
    add, part, lesson, clear = deeds
    _Teams(
        members=[*members],
        scenarios=[*scenarios],
        query=query,
        full=full,
        words=section("class"),
        event_add=lambda told: add(str(told.get("name", "")), str(told.get("asked", ""))),
        event_part=lambda number: part(int(number)),
        event_lesson=lambda _: lesson(),
        event_clear=lambda _: clear(),
    )
