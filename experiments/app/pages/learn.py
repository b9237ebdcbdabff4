"""Learn: the story of each news article in five steps, the glossary, and what not to conclude."""

from dataclasses import replace
from pathlib import Path

import solara

from experiments.app.components import steps
from experiments.app.components.asking import Reply, Waiting, use_asked
from experiments.app.components.chart_card import ChartCard
from experiments.app.components.fold import Fold
from experiments.app.components.press import Press
from experiments.app.components.words import H1, H2, H3, Box, Items, Notice, Paragraph
from experiments.app.content.pictures import drawn
from experiments.app.content.reader import source, tours
from experiments.app.content.said import live
from experiments.app.content.shapes import RUNS, Ask, Step, Telling, Tour
from experiments.app.results import Answer
from experiments.app.room import Room
from experiments.app.state import State
from experiments.app.texts import glossary, section, text
from experiments.digest import SERIES

STYLE = Path(steps.__file__).parent / "lesson.css"


@solara.component
def Learn(room: Room) -> None:
    """Show all tours, or the one that is open."""
    solara.Style(STYLE)
    name, _, number = room.state.topic.partition(".")
    known = tours()
    if name in known:
        last = len(known[name].step)
        place = min(int(number), last) - 1 if number.isdecimal() and int(number) else 0
        OneTour(room, name, place)
    else:
        AllTours(room, unknown=bool(name))


@solara.component
def AllTours(room: Room, *, unknown: bool) -> None:
    """Let a tour be chosen; below them the glossary and what not to conclude.

    unknown  whether a link has named a tour that is not there
    """
    H1(text("learn", "heading"))
    if unknown:
        Notice(text("learn", "unknown"))
    Box(Paragraph(text("learn", "intro")), kind="fs-read")
    with Box(kind="fs-tours"):
        for name, tour in tours().items():
            Entry(room, name, tour).key(name)
    with Box(kind="fs-two"):
        with Box(kind="fs-card"):
            H2(section("conclude", "title"))
            Items(section("conclude", "points"))
        with Box(kind="fs-card"):
            H2(text("learn", "glossary"))
            Paragraph(text("learn", "glossary_intro"), quiet=True)
            Fold(text("learn", "glossary"), Words())


def Words() -> solara.Element:
    """Show the glossary."""
    pairs = [Box(Box(word, tag="dt"), Box(meaning, tag="dd")) for word, meaning in glossary().items()]
    return Box(*pairs, tag="dl", kind="fs-words-list")


@solara.component
def Entry(room: Room, name: str, tour: Tour) -> None:
    """Offer a tour."""
    with Box(kind="fs-card"):
        H2(tour.title)
        Paragraph(tour.article, quiet=True)
        Paragraph(tour.story)
        told = text("learn", "open").format(title=tour.title)
        Press(text("learn", "begin"), lambda: go(room, f"{name}.1"), told=told)


@solara.component
def OneTour(room: Room, name: str, place: int) -> None:
    """Show a step of a tour.

    place  of the step, from 0
    """
    tour = tours()[name]
    with Box(kind="fs-row"):
        Press(text("learn", "all"), lambda: go(room, ""))
    H1(tour.title)
    Box(Paragraph(tour.story), kind="fs-read")
    titles = [each.title for each in tour.step]
    steps.Steps(text("learn", "steps"), titles, place, lambda at: go(room, f"{name}.{at + 1}"))
    OneStep(room, tour.step[place], place, len(titles))
    with Box(kind="fs-row"):
        Press(text("learn", "back"), lambda: go(room, f"{name}.{place}"), disabled=place == 0)
        last = place == len(titles) - 1
        Press(text("learn", "next"), lambda: go(room, f"{name}.{place + 2}"), disabled=last)
    with Box(kind="fs-card"):
        H2(text("learn", "conclude"))
        Box(Paragraph(tour.conclude), kind="fs-read")


@solara.component
def OneStep(room: Room, step: Step, place: int, count: int) -> None:
    """Show what a step tells, what the model shows to it, and what to think about.

    place, count  of the step and of all
    """
    reply = use_asked(step.show.question, "tour")
    answer = None if reply.old else reply.answer
    with Box(kind="fs-step"):
        with Box(kind="fs-text"):
            Paragraph(text("learn", "step").format(number=place + 1, count=count), quiet=True)
            H2(step.title)
            Paragraph(live(step, step.text, answer))
            Box(
                H3(text("learn", "think")),
                Paragraph(live(step, step.think, answer)),
                Fold(text("learn", "answer"), Paragraph(live(step, step.answer, answer))).key(f"answer {place}"),
                kind="fs-think",
            )
            Sources(step, alone=step.show.alone or not compared(step.show))
        with Box():
            Shown(reply, step.show.chart, step.show.item)
            with Box(kind="fs-row"):
                Press(text("learn", "explore"), lambda: room.do(opened(room.state, step.show, step.show.item)))


@solara.component
def Shown(reply: Reply[Answer], chart: str, item: str, *, level: int = 3) -> None:
    """Show a chart of an answer, and until then how far it is.

    chart, item  which, and what of;  level  of its heading
    """
    Waiting(reply, "tour")
    answer = None if reply.old else reply.answer
    made = solara.use_memo(lambda: drawn(answer, 1, chart, item) if answer else None, [answer, chart, item])
    if made is None:
        Box(kind="fs-card fs-wait")
    else:
        ChartCard(made, level=level).key(f"{chart} {item}")


def Sources(telling: Telling, *, alone: bool) -> solara.Element:
    """Show where the figures of a text come from.

    alone  whether what is told is compared with nothing
    """
    facts = {fact.source: fact.note for fact in telling.facts.values()}
    told = [f"[{key}] {source(key)}{f' ({note})' if note else ''}" for key, note in facts.items()]
    head = [Paragraph(text("learn", "sources") + ":"), Items(told)] if told else []
    model = [Paragraph(text("learn", "alone" if alone else "model").format(runs=RUNS))] if telling.figures else []
    return Box(*head, *model, kind="fs-sources")


def compared(show: Ask) -> bool:
    """Return whether a question compares a scenario with another one."""
    return len(show.question.scenarios) > 1


def go(room: Room, topic: str) -> None:
    """Open a tour, a step or all tours."""
    room.do(replace(room.state, topic=topic))


def opened(state: State, asked: Ask, item: str = "") -> State:
    """Return the state in which the page Explore shows a question.

    item  that is looked at, if Explore shows shares of it
    """
    chain = item if item in [each.code for each in SERIES] else state.chain
    return replace(
        state, page="explore", scenario=asked.scenario, assignments=asked.set, chain=chain, text="", topic=""
    )
