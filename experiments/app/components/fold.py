"""What is folded away until somebody opens it: an answer, or a long table that is sent only then."""

import json
from collections.abc import Callable
from typing import Any

import solara

from experiments.app.components.words import Box
from experiments.app.sheets import Sheet
from experiments.app.texts import text


def Fold(title: str, *children: solara.Element) -> solara.Element:
    """Fold something away behind its title."""
    return Box(Box(_words(title), tag="summary"), *children, tag="details", kind="fs-fold")


def _words(title: str) -> solara.Element:
    """Return the words of a summary."""
    return Box(title, tag="span")


@solara.component_vue("fold.vue")
def _Folded(*, title: str, wait: str, sheet: str, event_open: Callable[[Any], None] | None = None) -> None:
    """Draw a table that is folded away."""


@solara.component
def FoldedTable(title: str, make: Callable[[], Sheet]) -> None:
    """Fold a table away below a heading of its own; it is made and sent once it is opened.

    make  the table
    """
    opened, open_it = solara.use_state(False)
    sheet = solara.use_memo(lambda: _json(make()) if opened else "", [opened])
    _Folded(title=title, wait=text("card", "wait"), sheet=sheet, event_open=lambda _: open_it(True))


def _json(sheet: Sheet) -> str:
    """Return a table as one text, through which the server need not look for components."""
    return json.dumps({"columns": sheet.columns, "rows": sheet.rows})
