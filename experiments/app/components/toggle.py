"""Something that is on or off."""

from collections.abc import Callable

import solara


@solara.component_vue("toggle.vue")
def _Toggle(*, label: str, value: bool, event_turn: Callable[[bool], None] | None = None) -> None:
    """Draw the switch."""


@solara.component
def Toggle(label: str, value: bool, on_value: Callable[[bool], None]) -> None:
    """Let something be turned on or off."""
    _Toggle(label=label, value=value, event_turn=on_value)
