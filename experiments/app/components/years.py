"""A year month by month, in sentences."""

from collections.abc import Sequence

import solara


@solara.component_vue("years.vue")
def _Years(*, rows: object, old: bool) -> None:
    """Draw the list."""


@solara.component
def Years(rows: Sequence[tuple[str, Sequence[str]]], *, old: bool = False) -> None:
    """Show what happened in each month.

    rows  month and sentences;  old  whether a newer answer is worked on
    """
    _Years(rows=[[month, [*said]] for month, said in rows], old=old)
