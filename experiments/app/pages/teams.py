"""Teams of a class side by side: each team's sentence and chart, and one table that measures all by the same share."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl
import solara

from abm import world as worlds
from abm.errors import InputError
from abm.outline import FIRST
from experiments.app.components.asking import Waiting, use_asked
from experiments.app.components.chart_card import ChartCard
from experiments.app.components.choice import Choice
from experiments.app.components.sheet import Table
from experiments.app.components.story import titles
from experiments.app.components.teams import TeamForm
from experiments.app.components.words import H2, H3, Box, Paragraph
from experiments.app.content.pictures import drawn
from experiments.app.content.shapes import RUNS, Lesson
from experiments.app.questions import Question
from experiments.app.results import Answer
from experiments.app.room import Room
from experiments.app.sheets import Sheet
from experiments.app.state import State, link_of, linked
from experiments.app.teams import MOST_TEAMS, Team, read, team
from experiments.app.texts import section, text
from experiments.chart_data import chains
from experiments.digest import SERIES, periods, series_of

BILLION = 0.001


@solara.component
def Teams(room: Room, lesson: Lesson) -> None:
    """Let teams be added, and show them side by side.

    lesson  whose teams can be taken
    """
    found: solara.Reactive[Mapping[str, Answer]] = solara.use_reactive({})
    state = room.state
    members = [read(each) for each in state.teams]
    with Box(kind="fs-read"):
        H2(text("class", "teams_heading"))
        Paragraph(text("class", "teams_help"))
    called = [f"{each.name}: {asked(each).scenarios[-1].title}" for each in members]
    take = (
        lambda name, what: room.attempt(lambda: join(room, name, what)),
        lambda number: put(room, [each for place, each in enumerate(members) if place != number]),
        lambda: put(room, [Team(each.name, link_of(State(each.scenario, each.set))) for each in lesson.team]),
        lambda: put(room, []),
    )
    full = len(members) >= MOST_TEAMS
    with Box(kind="fs-card"):
        TeamForm(called, [*titles().items()], state.to_query(), take, full=full)
    if members:
        Board(room, {each.name: found.value[each.entry] for each in members if each.entry in found.value})
    with Box(kind="fs-side"):
        for number, each in enumerate(members):
            OneTeam(each, number, lambda answer, each=each: found.set({**found.value, each.entry: answer})).key(
                each.entry
            )


def asked(each: Team) -> Question:
    """Return what is asked of the engine for a team."""
    return replace(linked(each.asked), runs=RUNS)


def put(room: Room, members: list[Team]) -> None:
    """Have these teams."""
    room.do(replace(room.state, teams=tuple(each.entry for each in members)))


def join(room: Room, name: str, what: str) -> None:
    """Add a team, or tell why it cannot be.

    name, what  as a person has written it: what a scenario or a link is
    """
    new = team(name, "")
    if new.name in [read(each).name for each in room.state.teams]:
        raise InputError("team", f"there is a team {new.name!r} already.", "Choose another name.")
    try:
        question = linked(what)
        _ = question.scenarios
    except InputError as error:
        raise InputError("", text("class", "team_bad").format(name=new.name, why=error)) from None
    link = link_of(State(question.scenario, question.assignments))
    put(room, [*(read(each) for each in room.state.teams), Team(new.name, link)])


@solara.component
def OneTeam(member: Team, number: int, on_answer: Callable[[Answer], None]) -> None:
    """Show what came out for a team.

    number  of the team;  on_answer  told what came out
    """
    question = asked(member)
    reply = use_asked(question, f"team {number}")
    answer = None if reply.old else reply.answer
    solara.use_effect(lambda: on_answer(answer) if answer else None, [answer])
    made = solara.use_memo(lambda: drawn(answer, 1, *headline(answer)) if answer else None, [answer])
    with Box(kind="fs-card"):
        H3(f"{member.name}: {question.scenarios[-1].title}")
        if question.assignments:
            Paragraph(", ".join(question.assignments), quiet=True)
        Box(Paragraph(answer.sentence if answer else text("class", "wait")), kind="fs-said")
        Waiting(reply, "tour")
        if made is not None:
            ChartCard(replace(made, code=f"{made.code}_{number}"), level=4)


def headline(answer: Answer) -> tuple[str, str]:
    """Return chart and item that show what a scenario is about."""
    scenario = answer.mine.scenario
    goods = worlds.read(scenario.start).goods
    told = scenario.headline or (answer.theirs and answer.theirs.scenario.headline)
    if not told:
        return "bands", SERIES[0].code
    series = series_of(told, goods)
    if told.measure == "share" and series in SERIES:
        return "bands", series.code
    return "prices", next(
        name for name, members in chains(goods.code, goods.chain).items() if series.goods[0] in members
    )


@solara.component
def Board(room: Room, answers: Mapping[str, Answer]) -> None:
    """Measure all teams by the same share.

    answers  by team, of those that are there
    """
    state = room.state
    world = worlds.read(FIRST)
    named = [*zip(world.regions, world.region_titles, strict=True)]
    series = [(each.code, each.title) for each in SERIES]
    with Box(kind="fs-card"):
        with Box(kind="fs-row fs-pick fs-print-not"):
            Choice(text("class", "board"), series, state.chain, lambda code: room.do(replace(state, chain=code)))
            Choice(
                text("class", "board_region"), named, state.region, lambda code: room.do(replace(state, region=code))
            )
        rows = [(name, *measured(answer, state.chain, state.region)) for name, answer in answers.items()]
        if rows:
            year = max(answer.mine.months[-1].year for answer in answers.values())
            words = text("class", "board_table")
            title = words.format(series=dict(series)[state.chain], region=dict(named)[state.region], year=year)
            Table(Sheet(title, tuple(section("class", "board_columns")), tuple(rows)))


def measured(answer: Answer, chain: str, region: str) -> tuple[str, str, str]:
    """Return share, points more than without and public money of an answer, as text."""
    last = [*periods(answer.mine.scenario)][-1]
    figures = answer.figures.filter(period=last)
    share = figures.filter(measure="share", item=chain, region=region)
    money = figures.filter(pl.col("measure") == "public_spending")
    return (_number(share, "mean"), _number(share, "gain_mean", sign="+"), _number(money, "gain_mean", BILLION, "+"))


def _number(rows: pl.DataFrame, column: str, factor: float = 1.0, sign: str = "") -> str:
    """Return a figure as text; nothing where there is none."""
    known = rows[column].drop_nulls()
    return f"{factor * float(known[0]):{sign}.1f}" if known.len() else ""
