"""World: who ships what to whom, who depends on whom, and where chains can be cut."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import polars as pl
import solara

from experiments.app.charts.atlas import atlas
from experiments.app.charts.chart import Case, Chart
from experiments.app.charts.chokepoints import chokepoints
from experiments.app.charts.flows import MAP, sankey, shapes
from experiments.app.components.chart_card import ChartCard
from experiments.app.components.choice import Choice
from experiments.app.components.player import Player
from experiments.app.components.story import Story
from experiments.app.components.toggle import Toggle
from experiments.app.components.words import H2, Box, Paragraph
from experiments.app.frames import case, of_all
from experiments.app.room import Room
from experiments.app.texts import text
from experiments.chart_data import chains
from experiments.chart_words import capital
from experiments.digest import SERIES

# What is looked at first of a series that is no good itself.
FIRST = "chip_leading"


@solara.component
def World(room: Room) -> None:
    """Show the map of one good, the flows of its chain and where chains can be cut, year by year."""
    Story(room)
    if room.shown is None:
        with Box(kind="fs-card fs-wait"):
            Paragraph(text("world", "wait"))
    else:
        Flows(room)


@solara.component
def Flows(room: Room) -> None:
    """Show the charts of the answer on view."""
    shown = room.shown
    assert shown is not None, "charts wait for an answer"
    told = solara.use_memo(lambda: case(shown.answer, shown.question.seed), [shown])
    trade = solara.use_memo(lambda: of_all(shown.answer, "trade"), [shown])
    start = room.state.chain if room.state.chain in told.world.goods.code else FIRST
    good, beside = solara.use_reactive(start), solara.use_reactive(False)
    first, last = told.scenarios[-1].start.year, told.scenarios[-1].until.year
    year = min(max(room.state.year, first), last)
    cases = [told, _alone(told)] if beside.value and len(told.scenarios) > 1 else [told]
    drawn = solara.use_memo(
        lambda: [_drawn(each, trade, good.value, year) for each in cases], [told, good.value, year, beside.value]
    )

    def choose(code: str) -> None:
        """Look at another good; other pages look at its series."""
        good.set(code)
        if any(each.code == code for each in SERIES):
            room.do(replace(room.state, chain=code))

    with Box(kind="fs-card"):
        H2(text("world", "heading"))
        Paragraph(text("world", "intro"), quiet=True)
        with Box(kind="fs-row fs-pick"):
            Choice(text("world", "good"), goods(told), good.value, choose)
            if len(told.scenarios) > 1:
                Toggle(text("world", "beside"), beside.value, beside.set)
        Player(year, (first, last), lambda now: room.do(replace(room.state, year=now), "year"))
    kind = "fs-grid" if len(cases) > 1 else "fs-one"
    for place, heading in enumerate(("map", "chain")):
        H2(text("world", heading))
        with Box(kind=kind):
            for number, charts in enumerate(drawn):
                maps = shaped() if heading == "map" else ""
                ChartCard(charts[place], old=room.updating, level=3, maps=maps).key(f"{heading} {number}")
    H2(text("world", "chokepoints"))
    with Box(kind="fs-one"):
        ChartCard(drawn[0][2], old=room.updating, level=3).key("chokepoints")


@cache
def shaped() -> str:
    """Return the shapes of the regions as the browser is told them."""
    return json.dumps({MAP: shapes()})


def _alone(told: Case) -> Case:
    """Return the baseline as the scenario that is told of."""
    return replace(told, scenarios=told.scenarios[:1], figures=pl.DataFrame(), lead="")


def _drawn(told: Case, trade: pl.DataFrame, good: str, year: int) -> list[Chart]:
    """Return the map, the chain and the chokepoints of a scenario."""
    codes = told.world.goods
    chain = next(name for name, members in chains(codes.code, codes.chain).items() if good in members)
    charts = [atlas(told, trade, good, year), sankey(told, trade, chain, year), chokepoints(told, trade, year)]
    # Two maps on one page need names of their own.
    return [replace(each, code=f"{each.code}_{told.name}") for each in charts]


def goods(told: Case) -> Mapping[str, list[tuple[str, str]]]:
    """Return the goods by chain, for a list to choose from."""
    codes = told.world.goods
    return {
        str(capital(name.replace("_", " "))): [(code, str(capital(told.story.good(code)))) for code in members]
        for name, members in chains(codes.code, codes.chain).items()
    }
