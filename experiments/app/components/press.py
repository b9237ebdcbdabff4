"""A button."""

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("press.vue")
def _Press(*, label: str, told: str, disabled: bool, event_press: Callable[[Any], None] | None = None) -> None:
    """Draw the button."""


@solara.component
def Press(label: str, on_press: Callable[[], object], *, told: str = "", disabled: bool = False) -> None:
    """Let something be done.

    label  on the button;  told  what readers of screens say instead, where the label alone does not
    """
    _Press(label=label, told=told, disabled=disabled, event_press=lambda _: on_press())
