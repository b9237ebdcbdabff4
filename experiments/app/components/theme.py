"""Light or dark, as the browser of this tab has it."""

import solara

# None of its own: what the page provides is the tab's.
_dark = solara.create_context(default_value=False)


def provide_dark(*, dark: bool) -> None:
    """Tell all components below whether the tab is dark."""
    _dark.provide(dark)


def use_dark() -> bool:
    """Return whether the tab is dark."""
    return bool(solara.use_context(_dark))
