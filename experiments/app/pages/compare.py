"""Compare: up to four scenarios side by side under the same luck, how sure they differ, and which policy did it."""

from dataclasses import replace

import polars as pl
import solara

from abm import world as worlds
from experiments.app.charts.chart import Case, Chart
from experiments.app.charts.rivals import beside, worlds_beside
from experiments.app.compared import Compared
from experiments.app.comparing import Comparison
from experiments.app.components.asking import Waiting, use_asked
from experiments.app.components.chart_card import ChartCard
from experiments.app.components.choice import Choice
from experiments.app.components.rivals import Rival, Rivals
from experiments.app.components.sheet import Table
from experiments.app.components.story import titles
from experiments.app.components.words import H1, H2, Box, Notice, Paragraph
from experiments.app.frames import lines_of
from experiments.app.pages.crediting import Credits
from experiments.app.room import BAND, Room
from experiments.app.state import MOST_COMPARED, State, link_of, linked
from experiments.app.texts import text
from experiments.digest import SERIES

# What is compared where nothing else is chosen and the scenario has no baseline.
USUAL = ("baseline", "chips_act")


@solara.component
def Compare(room: Room) -> None:
    """Let scenarios be chosen and show them side by side."""
    chosen, seed = entries(room.state), room.state.seed
    questions = tuple(replace(linked(each), alone=True) for each in chosen)
    quick = use_asked(Comparison(questions, seed), "compare")
    ready = quick.answer is not None and not quick.old
    sure = use_asked(Comparison(questions, seed, BAND) if ready else None, "sure")
    found = sure.answer if ready and sure.answer is not None and not sure.old else quick.answer
    H1(text("compare", "heading"))
    Paragraph(text("compare", "intro"), quiet=True)
    if room.state.text:
        Notice(text("compare", "uploaded"))
    said = found.sentences if found is not None and ready else ()
    offered = [*titles().items()]
    if not room.state.text and room.state.assignments:
        offered.insert(0, (link_of(room.state), text("compare", "mine")))

    def choose(now: tuple[str, ...]) -> None:
        """Compare others."""
        room.do(replace(room.state, compare=now))

    Rivals(rivals(chosen, said), offered, MOST_COMPARED, choose, old=not ready)
    Waiting(quick, "compare")
    Waiting(sure, "sure")
    if found is not None:
        Shown(room, found, old=not ready)
        Credits(room, questions)


def entries(state: State) -> tuple[str, ...]:
    """Return what is compared: what is chosen, else the scenario of the other pages beside its baseline."""
    if state.compare:
        return state.compare
    if state.text:
        return USUAL
    rival = state.question().scenarios
    return (rival[0].name, link_of(state)) if len(rival) > 1 else USUAL


def rivals(chosen: tuple[str, ...], said: tuple[str, ...]) -> list[Rival]:
    """Return the scenarios that are compared, as cards show them.

    said  a sentence on each, once they are known
    """
    found = []
    for place, entry in enumerate(chosen):
        question = linked(entry)
        moved = ", ".join(each.replace("_", " ") for each in question.assignments)
        sentence = said[place] if len(said) == len(chosen) else ""
        found.append(Rival(entry, question.scenarios[-1].title, moved, sentence))
    return found


@solara.component
def Shown(room: Room, found: Compared, *, old: bool) -> None:
    """Show a comparison: charts on the same axes, and the tables of differences."""
    state = room.state
    chain, region = state.chain, state.region
    drawn = solara.use_memo(lambda: charts(found, state.seed, chain, region), [found, state.seed, chain, region])
    regions = worlds.read(found.scenarios[0].start)
    H2(text("compare", "charts"))
    with Box(kind="fs-card"):
        series = [(each.code, each.title) for each in SERIES]
        named = [*zip(regions.regions, regions.region_titles, strict=True)]
        with Box(kind="fs-row fs-pick"):
            Choice(text("compare", "chain"), series, chain, lambda code: room.do(replace(state, chain=code)))
            Choice(text("compare", "region"), named, region, lambda code: room.do(replace(state, region=code)))
    with Box(kind="fs-grid"):
        for place, each in enumerate(drawn):
            ChartCard(each, old=old, level=3).key(f"compared {place}")
    H2(text("compare", "table"))
    with Box(kind="fs-card"):
        told = "table_one" if found.runs == 1 else "table_many"
        Paragraph(text("compare", told).format(runs=found.runs), quiet=True)
        with Box(kind="fs-two"):
            for number, sheet in enumerate(found.sheets):
                Table(sheet).key(f"differences {number}")
        if found.same:
            Paragraph(text("compare", "same").format(titles="; ".join(found.same)), quiet=True)


def charts(found: Compared, seed: int, chain: str, region: str) -> tuple[Chart, Chart]:
    """Return the charts of a comparison."""
    told = Case(found.scenarios, worlds.read(found.scenarios[0].start), found.runs, seed, found.figures[-1])
    frame = pl.concat(
        lines_of(curves, found.months, scenario.name, [chain])
        for scenario, curves in zip(found.scenarios, found.shares, strict=True)
    )
    return beside(told, frame, chain, region), worlds_beside(told, frame, chain)
