"""A line of years, to be dragged or played."""

from collections.abc import Callable

import solara

from experiments.app.texts import section


@solara.component_vue("player.vue")
def _Player(
    *, value: int, first: int, last: int, words: object, event_choose: Callable[[int], None] | None = None
) -> None:
    """Draw the line of years."""


@solara.component
def Player(value: int, ends: tuple[int, int], on_value: Callable[[int], None]) -> None:
    """Let a year be chosen, or one after the other be shown.

    ends  first and last year
    """
    first, last = ends
    _Player(
        value=min(max(value, first), last),
        first=first,
        last=last,
        words=section("card"),
        event_choose=lambda year: on_value(int(year)),
    )
