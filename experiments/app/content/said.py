"""How the figures of texts are told: out of an answer, or by the range that they are expected in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from experiments.app.content.shapes import Figure, Guess, Telling, filled
from experiments.app.results import Answer
from experiments.digest import periods
from experiments.summary import GOOD, MONEY, WORST

UNITS: Mapping[str, str] = MappingProxyType({"share": "%", "public_spending": "M USD", **GOOD, **WORST, **MONEY})
KINDS = MappingProxyType({"mine": "mean", "other": "other_mean", "gain": "gain_mean"})
PERIODS = MappingProxyType({"first": 0, "middle": 1, "last": -1})
# What stands where an answer is still being worked out.
WAIT = "…"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a unit is told.

    word    behind the number;  factor  from the unit of the summary;  digits  that are kept
    differ  word behind a difference, where it is another
    """

    word: str
    factor: float = 1.0
    digits: int = 1
    differ: str = ""


POINTS = " percentage points"
MANNERS: Mapping[str, Manner] = MappingProxyType(
    {
        "%": Manner(" %", differ=POINTS),
        "% of orders": Manner(" %", digits=0, differ=POINTS),
        "share of orders": Manner(" %", factor=100.0, digits=0, differ=POINTS),
        "share of final demand": Manner(" %", factor=100.0, differ=POINTS),
        "start = 1": Manner(" times"),
        "M USD": Manner(" billion dollars", factor=0.001),
        "count": Manner("", digits=0),
    }
)


def manner(figure: Figure) -> Manner:
    """Return how a figure is told."""
    return MANNERS[UNITS[figure.measure]]


def value(figure: Figure, answer: Answer) -> float:
    """Return a figure of an answer, in the unit in which it is told."""
    period = [*periods(answer.mine.scenario)][PERIODS[figure.period]]
    row = answer.figures.filter(measure=figure.measure, item=figure.item, region=figure.region, period=period)
    assert row.height == 1, f"{figure.measure} of {figure.item!r} in {figure.region!r} is one figure of the summary"
    found = row[KINDS[figure.kind]][0]
    number = math.nan if found is None else float(found) * manner(figure).factor
    return abs(number) if figure.size else number


def said(figure: Figure, number: float) -> str:
    """Return a figure as texts tell it.

    number  in the unit in which it is told
    """
    return f"{number:.{manner(figure).digits}f}{_word(figure)}"


def expected(figure: Figure) -> str:
    """Return the range in which a figure is expected."""
    low, high = (f"{end:.{0 if float(end).is_integer() else 1}f}" for end in figure.between)
    return f"{low} to {high}{_word(figure)}"


def _word(figure: Figure) -> str:
    """Return the unit behind a figure."""
    told = manner(figure)
    return told.differ if figure.kind == "gain" and told.differ else told.word


def live(telling: Telling, text: str, answer: Answer | None) -> str:
    """Return a text with the figures of an answer; dots stand for them until there is one."""
    values = {name: said(each, value(each, answer)) if answer else WAIT for name, each in telling.figures.items()}
    return filled(text, values | _facts(telling))


def foreseen(telling: Telling, text: str) -> str:
    """Return a text with the ranges that its figures are expected in."""
    return filled(text, {name: expected(each) for name, each in telling.figures.items()} | _facts(telling))


def _facts(telling: Telling) -> dict[str, str]:
    """Return the figures of the world, with their sources."""
    return {name: f"{fact.value} [{fact.source}]" for name, fact in telling.facts.items()}


def choices(guess: Guess) -> tuple[str, ...]:
    """Return what can be predicted, the lowest first."""
    word, ends = _word(guess.figure), [f"{bound:g}" for bound in guess.bounds]
    between = [f"{low} to {high}{word}" for low, high in pairwise(ends)]
    return (f"less than {ends[0]}{word}", *between, f"{ends[-1]}{word} or more")
