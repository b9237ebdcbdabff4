"""Which policy did it: the part of the page Compare that splits a difference, on request."""

from collections.abc import Sequence

import solara

from abm import world as worlds
from experiments.app.charts.chart import Case
from experiments.app.charts.credits import credited
from experiments.app.components.asking import Waiting, use_asked
from experiments.app.components.chart_card import ChartCard
from experiments.app.components.choice import Choice
from experiments.app.components.press import Press
from experiments.app.components.words import H2, Box, Paragraph
from experiments.app.crediting import Attribution
from experiments.app.questions import Question
from experiments.app.room import Room
from experiments.app.texts import text
from experiments.explain_change import BY
from experiments.rivals import LETTERS


@solara.component
def Credits(room: Room, questions: Sequence[Question]) -> None:
    """Split the difference between the first scenario and another among policies, once a person asks for it."""
    other, by = solara.use_reactive(1), solara.use_reactive(BY[0])
    wanted: solara.Reactive[Attribution | None] = solara.use_reactive(None)
    place = min(other.value, len(questions) - 1)
    state = room.state
    asked = Attribution(questions[0], questions[place], by.value, state.chain, state.region, state.seed)
    # What was asked for is given up when something else is looked at.
    reply = use_asked(asked if wanted.value == asked else None, "credit")
    H2(text("compare", "credit"))
    with Box(kind="fs-card"):
        Paragraph(text("compare", "credit_help"), quiet=True)
        with Box(kind="fs-row fs-pick"):
            named = [
                (str(number), f"{LETTERS[number]} {each.scenarios[-1].title}") for number, each in enumerate(questions)
            ]
            Choice(text("compare", "credit_with"), named[1:], str(place), lambda code: other.set(int(code)))
            ways = [(each, text("compare", f"by_{each}")) for each in BY]
            Choice(text("compare", "credit_by"), ways, by.value, by.set)
            Press(text("compare", "credit_begin"), lambda: wanted.set(asked), disabled=len(questions) < 2)
        Waiting(reply, "credit")
    if reply.answer is not None:
        account = reply.answer
        told = Case(account.ends, worlds.read(account.ends[1].start), account.runs, state.seed)
        with Box(kind="fs-one"):
            ChartCard(credited(told, account), old=reply.old, level=3).key("credits")
