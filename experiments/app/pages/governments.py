"""One government on the page of agents: its programmes, its measures, and what it did by itself and why."""

import polars as pl
import solara

from abm.places import called
from experiments.app.charts.chart import Case
from experiments.app.components.press import Press
from experiments.app.components.sheet import Table
from experiments.app.components.words import H2, Box, Paragraph
from experiments.app.components.years import Years
from experiments.app.results import Outcome
from experiments.app.room import Room
from experiments.app.sheets import Sheet
from experiments.app.texts import text

REACTIVE = "reactive"
# Months that are listed one by one; more are a flood.
MOST = 60


@solara.component
def Government(room: Room, told: Case, region: str, year: int) -> None:
    """Show a government: its programmes, what it has decided beforehand, and what it did by itself in a year."""
    shown = room.shown
    assert shown is not None, "governments wait for an answer"
    mine, name = shown.answer.mine, called(told.title(region))
    H2(text("agents", "events").format(name=name, year=year))
    with Box(kind="fs-card"):
        if told.scenarios[-1].governments != REACTIVE:
            Paragraph(text("agents", "events_off"))
            Press(text("agents", "react"), lambda: room.put("governments", REACTIVE))
        else:
            rows = events(mine, region, year)
            Years(rows) if rows else Paragraph(text("agents", "events_none"))
    paid, held = programmes(mine, region, name), measures(told, region, name)
    H2(text("agents", "programmes").format(name=name))
    with Box(kind="fs-card"):
        Table(paid) if paid.rows else Paragraph(text("agents", "programmes_none").format(name=name))
    H2(text("agents", "measures").format(name=name))
    with Box(kind="fs-card"):
        Table(held) if held.rows else Paragraph(text("agents", "measures_none").format(name=name))


def events(outcome: Outcome, region: str, year: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a government did by itself in a year, month by month."""
    mine = outcome.events.filter(pl.col("actor") == region, pl.col("date").dt.year() == year).head(MOST)
    months = mine.sort("date", maintain_order=True).group_by("date", maintain_order=True).agg("why")
    return [(f"{day:%B}", tuple(dict.fromkeys(why))) for day, why in months.select("date", "why").rows()]


def programmes(outcome: Outcome, region: str, name: str) -> Sheet:
    """Return what each programme of a government paid, took in and had left, year by year, M USD."""
    mine = outcome.money.filter(government=region).sort("year", "programme")
    rows = [
        (
            f"{row['year']} {str(row['programme']).replace('_', ' ')}",
            *(_million(row[column]) for column in ("paid", "tariff_revenue", "left")),
            f"{row['projects']:,.1f}",
        )
        for row in mine.to_dicts()
        if any((row[column] or 0.0) > 0.0 for column in ("paid", "tariff_revenue", "projects"))
    ]
    title = f"{text('agents', 'programmes').format(name=name)}, million dollars, means over the runs"
    return Sheet(title, ("", "paid", "taken in", "left in the pot", "projects begun"), tuple(rows))


def _million(value: float | None) -> str:
    """Return an amount of money, nothing where there is no pot."""
    return "" if value is None or value != value else f"{value:,.0f}"  # noqa: PLR0124 - not a number


def measures(told: Case, region: str, name: str) -> Sheet:
    """Return the measures of a government that the scenario has, with their dates."""
    mine = [each for each in told.scenarios[-1].policies if getattr(each, "government", "") == region]
    rows = [
        (
            each.name.replace("_", " "),
            each.kind.replace("_", " "),
            f"{each.start:%b %Y}",
            f"{each.end:%b %Y}" if each.end else "",
        )
        for each in sorted(mine, key=lambda each: (each.start, each.name))
    ]
    return Sheet(text("agents", "measures").format(name=name), ("", "kind", "from", "until"), tuple(rows))
