"""A table with a name, row by row and column by column for readers of screens."""

import solara

from experiments.app.sheets import Sheet


@solara.component_vue("sheet.vue")
def _Table(*, title: str, columns: object, rows: object) -> None:
    """Draw the table."""


@solara.component
def Table(sheet: Sheet) -> None:
    """Show a table."""
    _Table(title=sheet.title, columns=[*sheet.columns], rows=[[*row] for row in sheet.rows])
