"""A choice of one out of a few that are all seen."""

from collections.abc import Callable, Sequence

import solara


@solara.component_vue("pills.vue")
def _Pills(*, label: str, options: object, value: str, event_choose: Callable[[str], None] | None = None) -> None:
    """Draw the choice."""


@solara.component
def Pills(label: str, options: Sequence[tuple[str, str]], value: str, on_value: Callable[[str], None]) -> None:
    """Let one of a few be chosen.

    label  what is chosen;  options  code and name of each;  value  code of the one chosen
    """
    _Pills(label=label, options=[*options], value=value, event_choose=on_value)
