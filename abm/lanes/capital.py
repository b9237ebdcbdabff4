"""Loops for where new plants go and who pays."""

import numpy as np
from numba import float64, int64, types

from abm.axes import Floats, Ints
from abm.lanes.network import FILLED, TABLE, inlined, loop, table
from abm.lanes.orders import ROUNDING

CHOICE = types.Array(int64, 2, "C", readonly=True)
RUNS = types.Array(float64, 1, "C", readonly=True)


def best(candidate: Ints, value: Floats) -> tuple[Ints, Floats]:
    """Return the best row of every division and its value; the first of equals wins."""
    shape = (len(candidate), value.shape[1])
    row, most = np.empty(shape, np.int64), np.empty(shape)
    _best(candidate, table(value), row, most)
    return row, most


@loop(types.void(CHOICE, TABLE, int64[:, ::1], FILLED))
def _best(candidate, value, row, most):
    for division in range(len(candidate)):
        row[division] = candidate[division, 0]
        most[division] = value[candidate[division, 0]]
        for at in candidate[division, 1:]:
            # What is padded lies beyond the last row.
            if at == len(value):
                break
            for run in range(value.shape[1]):
                if value[at, run] > most[division, run]:
                    row[division, run], most[division, run] = at, value[at, run]


def award(asked: Floats, merit: Floats, left: Floats) -> Floats:
    """Return grants, best merit first, until the pot is empty."""
    granted = np.zeros(asked.shape)
    _award(table(asked), table(merit), np.ascontiguousarray(left, dtype=np.float64), granted)
    return granted


@inlined
def _queue(asked, merit, run, queue):
    waiting = 0
    for division in range(len(asked)):
        if asked[division, run] > 0.0:
            place = waiting
            while place > 0 and merit[queue[place - 1], run] < merit[division, run]:
                queue[place] = queue[place - 1]
                place -= 1
            queue[place] = division
            waiting += 1
    return waiting


@loop(types.void(TABLE, TABLE, RUNS, FILLED))
def _award(asked, merit, left, granted):
    queue = np.empty(len(asked), np.int64)
    for run in range(asked.shape[1]):
        waiting = _queue(asked, merit, run, queue)
        total = 0.0
        for division in queue[:waiting]:
            total += asked[division, run]
            room = left[run] - (total - asked[division, run])
            room = room if room > ROUNDING * left[run] else 0.0
            granted[division, run] = min(asked[division, run], room)


def at_rows(row: Ints, amount: Floats, rows: int) -> Floats:
    """Return amounts of divisions put on the rows they chose."""
    placed = np.zeros((rows, amount.shape[1]))
    _put(row, table(amount), placed)
    return placed


@loop(types.void(CHOICE, TABLE, FILLED))
def _put(row, amount, placed):
    for division in range(len(row)):
        for run in range(row.shape[1]):
            placed[row[division, run], run] = amount[division, run]


def of_rows(values: Floats, row: Ints) -> Floats:
    """Return each division's value at the row it chose."""
    chosen = np.empty(row.shape)
    _take(table(values), row, chosen)
    return chosen


@loop(types.void(TABLE, CHOICE, FILLED))
def _take(values, row, chosen):
    for division in range(len(row)):
        for run in range(row.shape[1]):
            chosen[division, run] = values[row[division, run], run]
