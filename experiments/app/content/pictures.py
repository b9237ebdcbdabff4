"""The charts that a tour or a lesson can name, and what each of them is drawn of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from abm import world as worlds
from abm.errors import nearest
from abm.outline import FIRST
from experiments.app.charts.bands import bands
from experiments.app.charts.chart import Chart
from experiments.app.charts.losses import lost
from experiments.app.charts.makers import by_year
from experiments.app.charts.money import money
from experiments.app.charts.prices import prices
from experiments.app.charts.shares import shares
from experiments.app.charts.stocks import stocks
from experiments.app.charts.timeline import timeline
from experiments.app.frames import case, lines, of_all
from experiments.app.results import Answer
from experiments.chart_data import chains
from experiments.digest import SERIES

# Final goods that people miss when they are short: how their codes begin.
MISSED = MappingProxyType({"cars": "car_", "medicines": "medicine"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart that a file can name.

    draw   it of an answer, the seed of its luck and an item
    items  that it can be drawn of; none where it wants none
    """

    draw: Callable[[Answer, int, str], Chart]
    items: Callable[[], Sequence[str]] = tuple


def _series() -> Sequence[str]:
    """Return the codes of the series that shares are shown of."""
    return [each.code for each in SERIES]


def _goods() -> Sequence[str]:
    """Return the codes of the goods."""
    return worlds.read(FIRST).goods.code


def _chains() -> Sequence[str]:
    """Return the names of the chains."""
    goods = worlds.read(FIRST).goods
    return [*chains(goods.code, goods.chain)]


def _lost(answer: Answer, seed: int, item: str) -> Chart:
    """Return the chart of what final buyers gave up."""
    told = case(answer, seed)
    goods = [code for code in told.world.goods.code if code.startswith(MISSED[item])]
    return lost(told, of_all(answer, "market"), goods, item)


PICTURES: Mapping[str, Picture] = MappingProxyType(
    {
        "shares": Picture(lambda ans, seed, of: shares(case(ans, seed), lines(ans, "share", [of]), of), _series),
        "bands": Picture(lambda ans, seed, of: bands(case(ans, seed), lines(ans, "share", [of]), of), _series),
        "years": Picture(lambda ans, seed, of: by_year(case(ans, seed), lines(ans, "share", [of]), of), _series),
        "prices": Picture(lambda ans, seed, of: prices(case(ans, seed), of_all(ans, "market"), of), _chains),
        "stocks": Picture(lambda ans, seed, of: stocks(case(ans, seed), lines(ans, "stock_days", [of]), of), _goods),
        "lost": Picture(_lost, lambda: [*MISSED]),
        "money": Picture(lambda ans, seed, _: money(case(ans, seed), of_all(ans, "money"))),
        "timeline": Picture(lambda ans, seed, _: timeline(case(ans, seed))),
    }
)


def refuse(chart: str, item: str) -> None:
    """Refuse an item that a chart cannot be drawn of."""
    known = PICTURES[chart].items()
    if known and item not in known:
        raise ValueError(f"{chart} of {item!r} cannot be drawn. {nearest(item, known)}")
    if item and not known:
        raise ValueError(f"{chart} is drawn of everything. Leave item out.")


def drawn(answer: Answer, seed: int, chart: str, item: str) -> Chart:
    """Return a chart of an answer.

    chart, item  which, and what of
    """
    return PICTURES[chart].draw(answer, seed, item)
