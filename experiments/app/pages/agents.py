"""Agents: one firm or one government, its books, its partners, and what it decided in a year and why."""

from dataclasses import replace

import polars as pl
import solara

from experiments.app.charts.agents import books, customers, suppliers
from experiments.app.charts.chart import Case
from experiments.app.components.asking import Waiting, use_asked
from experiments.app.components.chart_card import ChartCard
from experiments.app.components.choice import Choice
from experiments.app.components.pills import Pills
from experiments.app.components.player import Player
from experiments.app.components.press import Press
from experiments.app.components.sheet import Table
from experiments.app.components.story import Story
from experiments.app.components.words import H2, Box, Paragraph
from experiments.app.components.years import Years
from experiments.app.firm_year import FirmYear
from experiments.app.frames import case, of_all
from experiments.app.pages.governments import Government
from experiments.app.pages.world import FIRST, goods
from experiments.app.room import Room
from experiments.app.texts import text
from experiments.app.watching import Watch

FIRM, GOVERNMENT = "firm", "government"
# How the names of the many small makers of a region begin: they come last in the list.
UNNAMED = ("Other ", "Collectors ")


@solara.component
def Agents(room: Room) -> None:
    """Let a firm or a government be chosen, and show what it has and does."""
    Story(room)
    if room.shown is None:
        with Box(kind="fs-card fs-wait"):
            Paragraph(text("agents", "wait"))
    else:
        Chosen(room)


@solara.component
def Chosen(room: Room) -> None:
    """Show what is chosen of the answer on view."""
    shown, agent = room.shown, room.state.agent
    assert shown is not None, "agents wait for an answer"
    told = solara.use_memo(lambda: case(shown.answer, shown.question.seed), [shown])
    table = solara.use_memo(lambda: of_all(shown.answer, "firms"), [shown])
    kind = solara.use_reactive(GOVERNMENT if agent in told.world.regions else FIRM)
    good = solara.use_reactive(_made(table, agent, room.state.chain))
    makers = solara.use_memo(lambda: firms(table, told, good.value), [table, good.value])
    firm = agent if any(agent == name for name, _ in makers) else makers[0][0]
    region = agent if agent in told.world.regions else "US"
    first, last = told.scenarios[-1].start.year, told.scenarios[-1].until.year
    year = min(max(room.state.year, first), last)
    with Box(kind="fs-card"):
        H2(text("agents", "heading"))
        Paragraph(text("agents", "intro"), quiet=True)
        kinds = [(code, text("agents", code)) for code in (FIRM, GOVERNMENT)]
        Pills(text("agents", "kind"), kinds, kind.value, kind.set)
        with Box(kind="fs-row fs-pick"):
            if kind.value == FIRM:
                Choice(text("agents", "good"), goods(told), good.value, good.set)
                Choice(text("agents", "name"), makers, firm, lambda name: look(room, name))
            else:
                named = [*zip(told.world.regions, told.world.region_titles, strict=True)]
                Choice(text("agents", "government_name"), named, region, lambda code: look(room, code))
        Player(year, (first, last), lambda now: room.do(replace(room.state, year=now), "year"))
    if kind.value == FIRM:
        Firm(room, told, table, firm, year)
    else:
        Government(room, told, region, year)


def look(room: Room, agent: str) -> None:
    """Look at another agent."""
    room.do(replace(room.state, agent=agent))


def _made(table: pl.DataFrame, agent: str, chain: str) -> str:
    """Return the good to begin with: that a firm makes most of, else that the series is of."""
    known = table["good"].cast(pl.String).unique().to_list()
    mine = table.filter(pl.col("firm").cast(pl.String) == agent).sort("output", descending=True)
    if mine.height:
        return str(mine["good"][0])
    return chain if chain in known else FIRST


def firms(table: pl.DataFrame, told: Case, good: str) -> list[tuple[str, str]]:
    """Return the makers of a good and what a list says of them: the largest first, those without a name last.

    table  of firms
    """
    last = table.filter(pl.col("scenario") == told.name, pl.col("good").cast(pl.String) == good)
    sums = last.group_by(pl.col("firm", "hq").cast(pl.String), maintain_order=True).agg(pl.col("output").sum())
    parts = sums.filter(pl.col("output") > 0.0).with_columns(part=100.0 * pl.col("output") / pl.col("output").sum())
    ordered = sorted(parts.rows(), key=lambda row: (row[0].startswith(UNNAMED), -row[3], row[0]))
    return [(firm, f"{firm} ({told.title(hq)}), {part:.1f} %") for firm, hq, _, part in ordered]


@solara.component
def Firm(room: Room, told: Case, table: pl.DataFrame, firm: str, year: int) -> None:
    """Show a firm: what it did and why, its books, and its partners."""
    asked = Watch(replace(room.question, runs=1), firm, year)
    reply = use_asked(asked, "watch")
    H2(text("agents", "did").format(year=year))
    with Box(kind="fs-card"):
        Waiting(reply, "watch")
        Paragraph(text("agents", "did_help"), quiet=True)
        if reply.answer is not None:
            Years(deeds(reply.answer), old=reply.old)
    H2(text("agents", "books"))
    drawn = solara.use_memo(lambda: books(told, table, firm), [told, table, firm])
    with Box(kind="fs-one"):
        ChartCard(drawn, old=room.updating, level=3).key("books")
    if reply.answer is not None:
        Watched(told, reply.answer, reply.old)


def deeds(found: FirmYear) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a firm did, month by month; months in which it did nothing out of the ordinary are one."""
    rows: list[tuple[str, tuple[str, ...]]] = []
    quiet: list[str] = []
    for each in found.months:
        if each.deeds:
            rows += _quiet(quiet)
            quiet = []
            rows.append((f"{each.month:%B}", each.deeds))
        else:
            quiet.append(f"{each.month:%B}")
    return rows + _quiet(quiet)


def _quiet(months: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the row of some months in which nothing out of the ordinary was done."""
    if not months:
        return []
    span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
    return [(span, (text("agents", "ordinary"),))]


@solara.component
def Watched(told: Case, found: FirmYear, old: bool) -> None:
    """Show a firm's partners in a year, and one month in full where that is wanted."""
    drawn = solara.use_memo(
        lambda: (suppliers(told, found.suppliers, found.firm), customers(told, found.customers, found.firm)),
        [told, found],
    )
    drawn = [each for each in drawn if each.table.height]
    H2(text("agents", "partners").format(year=found.year))
    with Box(kind="fs-grid"):
        for each in drawn:
            ChartCard(each, old=old, level=3).key(each.code)
    Full(found)


@solara.component
def Full(found: FirmYear) -> None:
    """Show one month of a firm in full, where that is wanted."""
    opened, place = solara.use_reactive(False), solara.use_reactive(0)
    month = found.months[min(place.value, len(found.months) - 1)]
    H2(text("agents", "month"))
    with Box(kind="fs-card"):
        Paragraph(text("agents", "month_help"), quiet=True)
        with Box(kind="fs-row fs-pick"):
            if opened.value:
                names = [(str(number), f"{each.month:%B %Y}") for number, each in enumerate(found.months)]
                Choice(text("agents", "month_name"), names, str(place.value), lambda code: place.set(int(code)))
            Press(text("agents", "close" if opened.value else "open"), lambda: opened.set(not opened.value))
        if opened.value:
            with Box(kind="fs-two"):
                for number, sheet in enumerate(month.sheets):
                    Table(sheet).key(f"sheet {number}")
