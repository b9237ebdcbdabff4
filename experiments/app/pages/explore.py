"""Explore: a scenario, its levers and what came out, to 2030."""

from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import solara

from experiments.app.charts.bands import bands
from experiments.app.charts.chart import Chart
from experiments.app.charts.losses import lost
from experiments.app.charts.makers import by_year
from experiments.app.charts.money import money
from experiments.app.charts.prices import prices
from experiments.app.charts.shares import shares
from experiments.app.components.chart_card import ChartCard
from experiments.app.components.choice import Choice
from experiments.app.components.keep import Keep
from experiments.app.components.levers import Levers
from experiments.app.components.story import Story
from experiments.app.components.words import H2, Box
from experiments.app.frames import case, lines, of_all
from experiments.app.results import Answer
from experiments.app.room import Room
from experiments.app.texts import text
from experiments.chart_data import chains
from experiments.digest import SERIES

if TYPE_CHECKING:
    from collections.abc import Callable

# What people miss when a chain is short: how the codes of its goods begin, and the code of the chart.
MISSED = {"medicines": ("medicine", "medicines")}
CARS = ("car_", "cars")


@solara.component
def Explore(room: Room) -> None:
    """Show levers, the story and the charts of the scenario that is asked."""
    with Box(kind="fs-explore"):
        Story(room)
        Levers(room)
        with Box(kind="fs-came"):
            with Box(kind="fs-row fs-beside"):
                Choice(
                    text("explore", "chain"),
                    [(each.code, each.title) for each in SERIES],
                    room.state.chain,
                    lambda code: room.do(replace(room.state, chain=code)),
                )
            if room.shown is not None:
                Charts(room)
            else:
                Box(kind="fs-card fs-wait")
            Keep(room)


@solara.component
def Charts(room: Room) -> None:
    """Show the charts of the answer on view."""
    shown, chain = room.shown, room.state.chain
    assert shown is not None, "charts wait for an answer"
    made = solara.use_memo(lambda: drawn(shown.answer, shown.question.seed, chain), [shown, chain])
    Box(H2(text("explore", "charts")), kind="fs-hide")
    with Box(kind="fs-grid"):
        for place, each in enumerate(made):
            ChartCard(each, old=room.updating, level=3).key(f"chart {place}")


_DRAWING = Lock()


def drawn(answer: Answer, seed: int, code: str) -> tuple[Chart, ...]:
    """Return the charts of an answer; a class that looks at the same has them drawn once.

    code  of the series that shares are shown of
    """
    with _DRAWING:
        return _drawn(answer, seed, code)


@lru_cache(maxsize=64)
def _drawn(answer: Answer, seed: int, code: str) -> tuple[Chart, ...]:
    """Draw the charts of an answer."""
    told = case(answer, seed)
    series = next(each for each in SERIES if each.code == code)
    share, markets = lines(answer, "share", [code]), of_all(answer, "market")
    goods = told.world.goods
    chain = next(name for name, members in chains(goods.code, goods.chain).items() if series.goods[0] in members)
    begins, name = MISSED.get(chain, CARS)
    makers: list[Callable[[], Chart]] = [
        lambda: shares(told, share, code),
        lambda: bands(told, share, code),
        lambda: by_year(told, share, code),
        lambda: prices(told, markets, chain),
        lambda: lost(told, markets, [each for each in goods.code if each.startswith(begins)], name),
        lambda: money(told, of_all(answer, "money")),
    ]
    return tuple(make() for make in makers)
