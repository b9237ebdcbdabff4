"""Loops for random numbers by counter."""

from collections.abc import Sequence

import numpy as np
from numba import float64, int64, njit, types, uint64

from abm import coefficients as c
from abm.axes import Floats, Words
from abm.lanes.arithmetic import log_of

LINE = types.Array(uint64, 1, "C", readonly=True)
FRESH = float64[::1]

_FIRST, _SECOND = (np.uint64(each) for each in c.MULTIPLIERS)
_STEP, _OTHER_STEP = (np.uint64(each) for each in c.STEPS)
_ROUNDS = c.ROUNDS
_NOTHING, _HALF, _LOWER_HALF = np.uint64(0), np.uint64(32), np.uint64(0xFFFFFFFF)
_DROPPED, _ONE = np.uint64(c.DROPPED), np.uint64(c.ONE)


def words(seed: int, runs: Sequence[int], counter: tuple[int, int], size: int) -> Words:
    """Return random words (word, run)."""
    return _words(seed, np.array(runs, np.int64), *counter, size)


def uniform(words: Words) -> Floats:
    """Return draws that are uniform in [0, 1)."""
    return _uniform(words.ravel()).reshape(words.shape)


def gumbel(words: Words) -> Floats:
    """Return standard Gumbel draws."""
    return _gumbel(words.ravel()).reshape(words.shape)


def normal(words: Words) -> Floats:
    """Return standard normal draws."""
    return _normal(words.ravel()).reshape(words.shape)


@njit(error_model="numpy")
def _high(one, other):
    """Return the upper half of a product of 128 bits."""
    low, up, low_other, up_other = one & _LOWER_HALF, one >> _HALF, other & _LOWER_HALF, other >> _HALF
    left, right = up * low_other, low * up_other
    carried = ((low * low_other) >> _HALF) + (left & _LOWER_HALF) + (right & _LOWER_HALF)
    return up * up_other + (left >> _HALF) + (right >> _HALF) + (carried >> _HALF)


@njit(uint64[:, ::1](int64, int64[::1], int64, int64, int64), error_model="numpy", cache=True)
def _words(seed, runs, month, purpose, size):
    blocks = (size + 3) // 4
    found = np.empty((4 * blocks, len(runs)), np.uint64)
    for block in range(blocks):
        for run in range(len(runs)):
            one, two, three, four = np.uint64(block + 1), np.uint64(month), np.uint64(purpose), _NOTHING
            left, right = np.uint64(seed), np.uint64(runs[run])
            for _ in range(_ROUNDS):
                upper, lower = _high(_FIRST, one), _FIRST * one
                upper_other, lower_other = _high(_SECOND, three), _SECOND * three
                one, two, three, four = upper_other ^ two ^ left, lower_other, upper ^ four ^ right, lower
                left, right = left + _STEP, right + _OTHER_STEP
            found[4 * block, run] = one
            found[4 * block + 1, run] = two
            found[4 * block + 2, run] = three
            found[4 * block + 3, run] = four
    return found[:size]


@njit(error_model="numpy")
def _from_one_to_two(word):
    return np.uint64((word >> _DROPPED) | _ONE).view(np.float64)


@njit(error_model="numpy")
def _ratio(x, parts):
    over, under = parts
    above, below = over[0], under[0]
    for power in range(1, len(over)):
        above = above * x + over[power]
        below = below * x + under[power]
    return above / below


@njit(error_model="numpy")
def _tail(share, middle):
    depth = np.sqrt(-log_of(share if middle < 0.0 else 1.0 - share))
    size = _ratio(depth - c.FAR_START, c.FAR) if depth <= c.FAR_EDGE else _ratio(depth - c.FAR_EDGE, c.FARTHEST)
    return -size if middle < 0.0 else size


@njit(FRESH(LINE), error_model="numpy", cache=True)
def _uniform(words):
    found = np.empty(len(words))
    for at in range(len(words)):
        found[at] = _from_one_to_two(words[at]) - 1.0
    return found


@njit(FRESH(LINE), error_model="numpy", cache=True)
def _gumbel(words):
    found = np.empty(len(words))
    for at in range(len(words)):
        found[at] = -log_of(-log_of(_from_one_to_two(words[at]) - c.BELOW_ONE))
    return found


@njit(FRESH(LINE), error_model="numpy", cache=True)
def _normal(words):
    found = np.empty(len(words))
    for at in range(len(words)):
        share = _from_one_to_two(words[at]) - c.BELOW_ONE
        middle = share - 0.5
        if abs(middle) > c.NEAR_EDGE:
            found[at] = _tail(share, middle)
        else:
            found[at] = middle * _ratio(c.NEAR_SQUARE - middle * middle, c.NEAR)
    return found
