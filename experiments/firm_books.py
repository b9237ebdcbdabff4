"""One month of one firm that adds up: its cash and its goods before, what came in, what went out, and after."""

from collections.abc import Iterator

import numpy as np

from abm.axes import Floats
from experiments.firm_month import AMOUNT, Figure, Month, label_of

CASH = ",.2f"
# What the phases are for, as far as they move cash by one act alone.
ACTS = {"pool": "public stock bought or sold", "invest": "new equity raised", "award": "grants clawed back"}
CLOSING = "dividends to shareholders"
DEFAULTS = "dividends, and plants sold or bought in a default"


def cash_flow(month: Month) -> Iterator[Figure]:
    """Yield a firm's cash before the month, every payment in its order, and its cash after (1, run), M USD."""
    yield _cash("before", month.before.cash[month.owner])
    for phase, moved in _moved(month):
        lines = dict(_lines(month, phase))
        for label, amount in lines.items():
            yield _cash(label, amount)
        rest = moved - sum(lines.values(), np.zeros_like(moved))
        if phase == "finance":
            yield _cash(DEFAULTS if _defaults(month) else CLOSING, rest)
        elif phase != "pay":
            yield _cash(ACTS.get(phase, f"in {phase}"), rest)
    yield _cash("after", month.books.state.cash[month.owner])


def _cash(label: str, amount: Floats) -> Figure:
    """Return an amount of money as a figure."""
    return Figure(label, amount[None, :], CASH)


def _moved(month: Month) -> Iterator[tuple[str, Floats]]:
    """Yield the phases that moved the firm's cash, and by how much."""
    for change in month.changes:
        if (change.table, change.column) == ("state", "cash"):
            moved = (change.after - change.before)[month.owner]
            if moved.any():
                yield change.phase, moved


def _lines(month: Month, phase: str) -> Iterator[tuple[str, Floats]]:
    """Yield the payments of a phase that the books tell apart, M USD (run,)."""
    books, network = month.books, month.frame.network
    flow, owner = books.flow, month.owner
    if phase == "pay":
        yield "sales", network.row_to_owner(flow.revenue)[owner]
        yield "inputs, with tariff and freight", -network.row_to_owner(network.slot_to_row(flow.bill))[owner]
    if phase == "finance":
        yield (
            "wages and other running cost",
            -network.row_to_owner(books.cast.rule("running_cost") * flow.output)[owner],
        )
        yield "capex", -network.row_to_owner(flow.capex)[owner]
        yield from _public_money(month)
        yield "interest", -books.parameters.interest * _before(month, "debt")[owner]
        yield "loans less repayments", _change(month, "debt")[owner] * (1.0 - _change(month, "bankrupt")[owner])


def _public_money(month: Month) -> Iterator[tuple[str, Floats]]:
    """Yield what treasuries pay the firm, by programme where there is one, and what it pays back to them."""
    books, network, owner = month.books, month.frame.network, month.owner
    left = network.row_to_owner(books.flow.public_money)[owner]
    for pot, name in enumerate(books.pots.name):
        paid = _change(month, "granted")[pot, owner]
        # What was clawed back left the firm's cash in an earlier phase.
        left = left - paid - _change(month, "granted", "award")[pot, owner]
        if paid.any():
            yield f"money of {name}", paid
    credit = network.row_to_owner(_before(month, "credit_due") / books.traits.lag)[owner]
    if credit.any():
        yield "tax credits", credit
    if (left := left - credit).any():
        yield "other public money, less what is paid back", left


def _before(month: Month, column: str) -> Floats:
    """Return a column of the state as the phase of finance found it."""
    found = [each.before for each in month.changes if (each.phase, each.column) == ("finance", column)]
    untouched: Floats = getattr(month.books.state, column)
    return found[0] if found else untouched


def _change(month: Month, column: str, phase: str = "finance") -> Floats:
    """Return what a phase added to a column of the state."""
    found = [each.after - each.before for each in month.changes if (each.phase, each.column) == (phase, column)]
    return found[0] if found else np.zeros_like(getattr(month.books.state, column))


def _defaults(month: Month) -> bool:
    """Return whether anybody defaulted, so that plants changed hands."""
    return bool(_change(month, "bankrupt").any())


def goods_flow(month: Month) -> Iterator[Figure]:
    """Yield finished goods and inputs of every plant: before, in, out and after (moment, run), units."""
    before, state, flow = month.before, month.books.state, month.books.flow
    network, plants, goods = month.frame.network, month.frame.world.plants, month.frame.world.goods
    for row in month.rows:
        label = label_of(month, row)
        made = (before.stock[row], flow.finished[row], flow.delivered[row], state.stock[row])
        yield Figure(f"{label}, {goods.unit[plants.good[row]]}", np.stack(made), AMOUNT)
        for slot in month.slots(row):
            used = (before.input_stock[slot], before.transit[slot], flow.used[slot], state.input_stock[slot])
            good = network.slot_good[slot]
            yield Figure(f"{label}: {goods.code[good]}, {goods.unit[good]}", np.stack(used), AMOUNT)
