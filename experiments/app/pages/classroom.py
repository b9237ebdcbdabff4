"""Class: a lesson that predicts, runs and explains, its handout, its teacher's notes, and teams side by side."""

from dataclasses import replace

import solara

from experiments.app.components.asking import use_asked
from experiments.app.components.pills import Pills
from experiments.app.components.press import Press
from experiments.app.components.sheet import Table
from experiments.app.components.words import H1, H2, H3, Box, Items, Notice, Paragraph
from experiments.app.content.reader import lessons
from experiments.app.content.said import choices, foreseen, live, said, value
from experiments.app.content.shapes import Guess, Lesson
from experiments.app.pages.learn import STYLE, Shown, Sources, compared, opened
from experiments.app.pages.paper import Handout, Notes
from experiments.app.pages.teams import Teams
from experiments.app.results import Answer
from experiments.app.room import Room
from experiments.app.sheets import Sheet
from experiments.app.texts import section, text

PARTS = ("lesson", "handout", "notes", "teams")
# No prediction yet.
NONE = ""


@solara.component
def Classroom(room: Room) -> None:
    """Show a part of a lesson."""
    solara.Style(STYLE)
    asked, _, part = room.state.topic.partition(".")
    known = lessons()
    name = asked if asked in known else next(iter(known))
    part = part if part in PARTS else PARTS[0]
    H1(known[name].title)
    if asked and asked not in known:
        Notice(text("class", "unknown"))
    if len(known) > 1:
        named = [(each, lesson.title) for each, lesson in known.items()]
        Pills(text("class", "heading"), named, name, lambda code: go(room, code, part))
    Pills(
        text("class", "part"), [(each, text("class", each)) for each in PARTS], part, lambda code: go(room, name, code)
    )
    if part == "teams":
        Teams(room, known[name])
    elif part == "lesson":
        OneLesson(room, known[name])
    else:
        (Handout if part == "handout" else Notes)(known[name])


def go(room: Room, name: str, part: str) -> None:
    """Open a part of a lesson."""
    room.do(replace(room.state, topic=f"{name}.{part}"))


@solara.component
def OneLesson(room: Room, lesson: Lesson) -> None:
    """Show what students do: predict, run, explain."""
    with Box(kind="fs-read"):
        Paragraph(text("class", "minutes").format(minutes=lesson.minutes), quiet=True)
        Paragraph(lesson.about)
    H2(text("class", "predict"))
    Box(Paragraph(text("class", "predict_help"), quiet=True), kind="fs-read")
    for number, guess in enumerate(lesson.guess):
        OneGuess(guess, number).key(f"guess {number}")
    H2(text("class", "run"))
    Box(Paragraph(text("class", "run_help"), quiet=True), kind="fs-read")
    with Box(kind="fs-tours"):
        for team in lesson.team:
            with Box(kind="fs-card").key(team.name):
                H3(team.name)
                Paragraph(team.task)
                Paragraph(team.question.scenarios[-1].title, quiet=True)
                told = f"{text('class', 'open')}: {team.name}"
                Press(text("class", "open"), lambda team=team: room.do(opened(room.state, team)), told=told)
    H2(text("class", "explain"))
    with Box(kind="fs-two"):
        with Box(kind="fs-card"):
            H3(text("class", "debrief"))
            Items(lesson.debrief)
        with Box(kind="fs-card"):
            H3(section("conclude", "title"))
            Items(section("conclude", "points"))
    H2(text("class", "plan"))
    rows = tuple((each.title, f"{each.minutes}", each.students) for each in lesson.phase)
    columns = tuple(section("class", "timing_columns")[:3])
    Box(Table(Sheet(text("class", "timing"), columns, rows)), kind="fs-prose")


@solara.component
def OneGuess(guess: Guess, number: int) -> None:
    """Let a question be answered before the model is asked it.

    number  of the question, from 0
    """
    chosen, choose = solara.use_state(NONE)
    asked, ask = solara.use_state(False)
    reply = use_asked(guess.show.question if asked else None, f"guess {number}")
    answer = reply.answer if asked and not reply.old else None
    offered = choices(guess)
    with Box(kind="fs-card fs-guess"):
        with Box():
            H3(text("class", "question").format(number=number + 1))
            Paragraph(live(guess, guess.ask, answer) if answer else foreseen(guess, guess.ask))
            named = [(NONE, text("class", "none")), *((f"{place}", words) for place, words in enumerate(offered))]
            Pills(f"{text('class', 'guess')} {number + 1}", named, chosen, choose)
            if answer is None:
                Press(text("class", "ask"), lambda: ask(True), disabled=chosen == NONE or asked)
                if chosen == NONE:
                    Paragraph(text("class", "first"), quiet=True)
            else:
                Box(Paragraph(verdict(guess, answer, chosen)), kind="fs-said", role="status")
                Paragraph(live(guess, guess.because, answer))
                Sources(guess, alone=not compared(guess.show))
        with Box():
            if asked:
                Shown(reply, guess.show.chart, guess.show.item, level=3)


def verdict(guess: Guess, answer: Answer, chosen: str) -> str:
    """Return what the model says beside what was predicted.

    chosen  number of the choice, as text; empty if none
    """
    number = value(guess.figure, answer)
    offered = choices(guess)
    told = offered[int(chosen)] if chosen else text("class", "none")
    right = chosen == f"{guess.choice(number)}"
    return text("class", "right" if right else "wrong").format(value=said(guess.figure, number), guess=told)
