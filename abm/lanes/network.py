"""Loops for sums over links, slots and rows.

The Python function of each pair makes the arrays that the loop fills: what numba itself returns takes longer to hand
over than a small sum takes to add. A loop of one run is compiled apart, without the innermost loop.
"""

import math
from typing import Any, Protocol

import numpy as np
from numba import float64, int64, njit, types

from abm.axes import Floats, Ints

# What a loop reads may be read-only.
TABLE = types.Array(float64, 2, "C", readonly=True)
LINE = types.Array(float64, 1, "C", readonly=True)
BLOCKS = types.Array(float64, 3, "C", readonly=True)
INDEX = types.Array(int64, 1, "C", readonly=True)
FILLED = float64[:, ::1]
FILLED_LINE = float64[::1]


def loop(signature: Any) -> Any:  # noqa: ANN401 - numba has no types
    """Return a decorator that compiles a loop for a signature, once and for all on this machine.

    Division by 0 is NumPy's: numba's own check of every divisor keeps several numbers from being worked out at a time.
    """
    return njit(signature, error_model="numpy", cache=True)


def inlined(steps: Any) -> Any:  # noqa: ANN401 - numba has no types
    """Compile steps into each loop that asks for them, apart for one run."""
    return njit(steps, error_model="numpy", inline="always")


class Links(Protocol):
    """What loops need to know of a network; as in ``abm.markets.network.Network``."""

    @property
    def slots(self) -> int:
        """Number of slots."""

    @property
    def rows(self) -> int:
        """Number of rows."""

    @property
    def cells(self) -> int:
        """Number of corridors."""

    @property
    def link_slot(self) -> Ints:
        """Buying slot (link)."""

    @property
    def link_row(self) -> Ints:
        """Supplying row (link)."""

    @property
    def link_cell(self) -> Ints:
        """Corridor (link)."""

    @property
    def link_offer(self) -> Ints:
        """Index into domestic prices stacked on export prices (link)."""


class Groups(Protocol):
    """What loops need to know of a sum; as in ``abm.markets.network.Sums``."""

    @property
    def group(self) -> Ints:
        """Group that every row is added to (row,)."""

    @property
    def groups(self) -> int:
        """Number of groups."""


def table(values: Floats) -> Floats:
    """Return an array (x, run) as loops read it, without a copy where it stands like that already."""
    return np.ascontiguousarray(values, dtype=np.float64)


def alike(one: Floats | float, other: Floats | float) -> tuple[Floats, Floats]:
    """Return two arrays spread to the same shape."""
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if first.shape == second.shape:
        return first, second
    wide = np.broadcast_arrays(first, second)
    return wide[0], wide[1]


def added(sums: Groups, values: Floats) -> Floats:
    """Return sums of rows into groups (group, run)."""
    total = np.zeros((sums.groups, values.shape[1]))
    _add(sums.group, table(values), total)
    return total


@inlined
def _add_runs(group, values, total, runs):
    for row in range(len(group)):
        # Read once, or it might have changed with every number written.
        at = group[row]
        if at >= 0:
            for run in range(runs):
                total[at, run] += values[row, run]


@loop(types.void(INDEX, TABLE, FILLED))
def _add(group, values, total):
    if values.shape[1] == 1:
        _add_runs(group, values, total, 1)
    else:
        _add_runs(group, values, total, values.shape[1])


def tally(network: Links, values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return sums by corridor, by row and by slot."""
    runs = values.shape[1]
    totals = (np.zeros((network.cells, runs)), np.zeros((network.rows, runs)), np.zeros((network.slots, runs)))
    groups = (network.link_cell, network.link_row, network.link_slot)
    if runs == 1:
        by_cell, by_row, by_slot = totals
        _tally_alone(groups, values.ravel(), (by_cell.reshape(-1), by_row.reshape(-1), by_slot.reshape(-1)))
    else:
        _tally(groups, table(values), totals)
    return totals


@loop(types.void(types.UniTuple(INDEX, 3), LINE, types.UniTuple(FILLED_LINE, 3)))
def _tally_alone(groups, values, totals):
    (cell, row, slot), (by_cell, by_row, by_slot) = groups, totals
    at, total = 0, 0.0
    for link in range(len(values)):
        value = values[link]
        by_cell[cell[link]] += value
        by_row[row[link]] += value
        # Links come slot by slot: what is kept at hand need not wait for the memory.
        if slot[link] != at:
            by_slot[at] = total
            at, total = slot[link], 0.0
        total += value
    by_slot[at] = total


@loop(types.void(types.UniTuple(INDEX, 3), TABLE, types.UniTuple(FILLED, 3)))
def _tally(groups, values, totals):
    (cell, row, slot), (by_cell, by_row, by_slot) = groups, totals
    for link in range(len(row)):
        at_cell, at_row, at_slot = cell[link], row[link], slot[link]
        for run in range(values.shape[1]):
            value = values[link, run]
            by_cell[at_cell, run] += value
            by_row[at_row, run] += value
            by_slot[at_slot, run] += value


def booked(network: Links, orders: Floats) -> tuple[Floats, Floats, Floats]:
    """Return sums of orders by corridor, by supplier and, of those from abroad, by supplier."""
    runs = orders.shape[1]
    totals = (np.zeros((network.cells, runs)), np.zeros((network.rows, runs)), np.zeros((network.rows, runs)))
    _book((network.link_cell, network.link_row, network.link_offer), table(orders), totals)
    return totals


@inlined
def _book_runs(index, orders, totals, runs):
    (cell, row, offer), (by_cell, by_row, abroad) = index, totals
    for link in range(len(row)):
        at_cell, at_row = cell[link], row[link]
        for run in range(runs):
            by_cell[at_cell, run] += orders[link, run]
            by_row[at_row, run] += orders[link, run]
        # Offers to other regions stand behind those at home.
        if offer[link] >= len(by_row):
            for run in range(runs):
                abroad[at_row, run] += orders[link, run]


@loop(types.void(types.UniTuple(INDEX, 3), TABLE, types.UniTuple(FILLED, 3)))
def _book(index, orders, totals):
    if orders.shape[1] == 1:
        _book_runs(index, orders, totals, 1)
    else:
        _book_runs(index, orders, totals, orders.shape[1])


def summed(values: Floats, axis: int = 0) -> Floats:
    """Return sums over an axis before the last."""
    shape = values.shape
    outer, inner = math.prod(shape[:axis]), math.prod(shape[axis + 1 :])
    total = np.zeros((outer, inner))
    _sum(table(values).reshape(outer, shape[axis], inner), total)
    return total.reshape(shape[:axis] + shape[axis + 1 :])


@loop(types.void(BLOCKS, FILLED))
def _sum(values, total):
    for group in range(values.shape[0]):
        for member in range(values.shape[1]):
            for run in range(values.shape[2]):
                total[group, run] += values[group, member, run]
