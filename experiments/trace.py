"""What ``friendshore trace`` prints: what a firm saw, decided and got in one month, plant by plant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import get_args, get_type_hints

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from abm import world as worlds
from abm.axes import Floats, Ints
from abm.errors import InputError, nearest
from abm.flow import Flow
from abm.model import Model
from abm.month import PHASES
from abm.outline import month as read_month
from abm.policies.levers import Levers
from abm.scenario import Scenario
from abm.state import State
from abm.trace import Change
from experiments.firm_books import cash_flow, goods_flow
from experiments.firm_month import Figure, Month, accounts, decided, got, label_of, partners, saw, watch
from experiments.layout import WIDEST, ruled, worded

# Plants side by side in 80 columns.
ABREAST = 2
BOOKS = {"state": State, "flow": Flow, "levers": Levers}


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked: the options of ``friendshore trace``."""

    scenario: str
    month: str
    firm: str
    runs: int = 1
    seed: int = 1
    assignments: tuple[str, ...] = ()


def trace(inquiry: Inquiry) -> None:
    """Live through the months before, watch one closely and print what the firm saw, decided and got."""
    scenario = Scenario.load(inquiry.scenario).override(*inquiry.assignments)
    when = _month(inquiry.month, scenario)
    world = worlds.read(scenario.start)
    scenario.check(world)
    owner = _owner(inquiry.firm, world.owners.name)
    model = Model(scenario, runs=inquiry.runs, seed=inquiry.seed, world=world)
    while model.month < when:
        model.step()
    show_month(Console(width=WIDEST, markup=False, highlight=False), watch(model, owner))


def _month(text: str, scenario: Scenario) -> date:
    """Return a month that a scenario lives through."""
    try:
        when = read_month(text)
    except ValueError as error:
        raise InputError("--month", f"{error}") from error
    assert isinstance(when, date), "a text that is a month is read as its first day"
    if not scenario.start <= when <= scenario.until:
        told = f"{scenario.name} runs from {scenario.start:%Y-%m} to {scenario.until:%Y-%m}."
        raise InputError("--month", f"{text} is not lived through.", told)
    return when


def _owner(name: str, known: Sequence[str]) -> int:
    """Return the index of a firm; capitals do not matter."""
    for index, word in enumerate(known):
        if word.casefold() == name.casefold():
            return index
    raise InputError("--firm", f"no firm is called {name!r}.", nearest(name, known, "Try friendshore list firms."))


def show_month(console: Console, month: Month) -> None:
    """Print a firm's month: its plants side by side, its partners, its money and what the phases changed."""
    runs, world = month.books.runs, month.frame.world
    luck = "one run" if runs == 1 else f"{runs} runs, in brackets the range of 8 in 10"
    told = f"{world.owners.name[month.owner]}, {month.month:%B %Y}, {month.model.plan.name}: {luck}."
    console.print(Text(told, style="bold"))
    if not len(month.rows):
        console.print("It has no plant, builds none and began none this month.")
        return
    for table in tables(month):
        console.print(table)


def tables(month: Month) -> Iterator[Table]:
    """Yield the tables of a firm's month: its plants side by side, its partners, its money, what phases changed."""
    for rows in month.groups(ABREAST):
        for title, figures in (
            ("It saw", saw(month, rows)),
            ("It decided", decided(month, rows)),
            ("It got", got(month, rows)),
        ):
            yield _figures(title, [_headed(month, row) for row in rows], figures)
    yield _partners(month)
    yield _figures("Its goods", ["before", "+ in", "- out", "= after"], _means(goods_flow(month)))
    yield _figures("Its cash", ["M USD"], cash_flow(month))
    yield _figures("Its money, M USD", ["before", "after"], accounts(month))
    yield _phases(month)


def _headed(month: Month, row: int) -> str:
    """Return the heading of a plant: region and good, and below it the unit."""
    world = month.frame.world
    return f"{label_of(month, row)}\n{world.goods.unit[world.plants.good[row]]}"


def _figures(title: str, columns: Sequence[str], figures: Iterator[Figure]) -> Table:
    """Return a table of figures, one column for each plant or moment."""
    table = ruled(title, [""], columns)
    table.columns[0].no_wrap = False
    for each in figures:
        table.add_row(each.label, *(_written(value, each.form) for value in each.values))
    return table


def _means(figures: Iterator[Figure]) -> Iterator[Figure]:
    """Yield figures as means of the runs, where ranges would leave no room."""
    for each in figures:
        yield Figure(each.label, each.values.mean(axis=1, keepdims=True), each.form)


def _written(value: Floats, form: str) -> str:
    """Return a number, the mean of the runs with their range where they differ; a dash where there is no limit."""
    if not np.isfinite(value).all():
        return "-"
    mean, low, high = (
        f"{number:{form}}" for number in (value.mean(), np.quantile(value, 0.1), np.quantile(value, 0.9))
    )
    joint = " to " if value.min() < 0.0 else "-"
    return mean if low == high else f"{mean} ({low}{joint}{high})"


def _partners(month: Month) -> Table:
    """Return the table of where plants ship to and where their inputs come from."""
    table = worded("Partners, % of what was shipped", ["plant", "regions"])
    for label, amounts in partners(month, month.rows):
        total = sum(amounts.values())
        order = sorted(amounts.items(), key=lambda amount: -amount[1])
        told = ", ".join(f"{region} {100.0 * part / total:.0f}" for region, part in order if part > 0.005 * total)
        table.add_row(label, told if total else "nobody")
    return table


def _phases(month: Month) -> Table:
    """Return the table of what every phase changed in the rows of the firm."""
    table = worded("What each phase changed in its books", ["phase", "columns"])
    own = _own(month)
    for phase, _ in PHASES:
        columns = [each.column for each in month.changes if each.phase == phase and _touches(each, own)]
        table.add_row(phase, ", ".join(dict.fromkeys(columns)) or "-")
    return table


def _own(month: Month) -> dict[str, Ints]:
    """Return the firm's places on every axis that has some of its own."""
    network = month.frame.network
    buys, sells = np.isin(network.slot_row[network.link_slot], month.rows), np.isin(network.link_row, month.rows)
    return {
        "row": month.rows,
        "slot": np.flatnonzero(np.isin(network.slot_row, month.rows)),
        "link": np.flatnonzero(buys | sells),
        "owner": np.array([month.owner]),
        "division": np.unique(network.division_of_row[month.rows]),
    }


def _touches(change: Change, own: dict[str, Ints]) -> bool:
    """Return whether a change reaches the firm's own places."""
    axes = _axes(BOOKS[change.table])[change.column]
    for place, axis in enumerate(axes):
        if axis in own:
            before, after = (np.take(values, own[axis], axis=place) for values in (change.before, change.after))
            return not np.array_equal(before, after)
    return False


@cache
def _axes(table: type) -> dict[str, tuple[str, ...]]:
    """Return the axes of every column of a table of the books, as its type names them."""
    hints = get_type_hints(table, include_extras=True)
    return {name: tuple(map(str, get_args(hint)[1:])) for name, hint in hints.items()}
