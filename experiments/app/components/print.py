"""A button that prints the page."""

import solara


@solara.component_vue("print.vue")
def Print(*, label: str) -> None:
    """Let the page be printed."""
