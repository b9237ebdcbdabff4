"""The steps of a tour in a row, with the one that is open."""

from collections.abc import Callable, Sequence

import solara


@solara.component_vue("steps.vue")
def _Steps(*, label: str, titles: object, now: int, event_go: Callable[[int], None] | None = None) -> None:
    """Draw the row."""


@solara.component
def Steps(label: str, titles: Sequence[str], now: int, on_step: Callable[[int], None]) -> None:
    """Let a step be opened.

    label  of the row;  titles  of the steps;  now  number of the one that is open, from 0
    """
    _Steps(label=label, titles=[*titles], now=now, event_go=on_step)
