"""Random numbers by counter: Philox4x64-10 words, and laws made of them by own arithmetic.

A word depends on key and counter alone, so no stream has to be kept, split or fast-forwarded. NumPy promises its
Philox words for ever, but not its laws. Source: salmon2011.
"""

from collections.abc import Sequence

import numpy as np

from abm import coefficients as c
from abm.arithmetic import log
from abm.axes import Floats, Words
from abm.backend import twin

_DROPPED, _ONE = np.uint64(c.DROPPED), np.uint64(c.ONE)


@twin("abm.lanes.draws")
def words(seed: int, runs: Sequence[int], counter: tuple[int, int], size: int) -> Words:
    """Return random words (word, run), four of each block: of counter (block, month, purpose, 0), blocks from 1 on.

    seed and a run's number are the key;  runs  their numbers
    counter  month and purpose;  size  words of a run
    """
    found = np.empty((size, len(runs)), np.uint64)
    stream = np.random.Philox(0)
    state = stream.state
    # Nothing of an earlier block is left to hand out.
    state["buffer_pos"] = 4
    for place, run in enumerate(runs):
        state["state"]["key"] = np.array([seed, run], np.uint64)
        state["state"]["counter"] = np.array([0, *counter, 0], np.uint64)
        stream.state = state
        found[:, place] = stream.random_raw(size)
    return found


@twin("abm.lanes.draws")
def uniform(words: Words) -> Floats:
    """Return draws that are uniform in [0, 1), multiples of 2 ** -52."""
    return _from_one_to_two(words) - 1.0


@twin("abm.lanes.draws")
def gumbel(words: Words) -> Floats:
    """Return standard Gumbel draws."""
    return -log(-log(_open(words)))


@twin("abm.lanes.draws")
def normal(words: Words) -> Floats:
    """Return standard normal draws, by the inverse of the distribution function. Source: wichura1988, PPND16."""
    share = _open(words)
    middle = share - 0.5
    found = middle * _ratio(c.NEAR_SQUARE - middle * middle, c.NEAR)
    outer = np.abs(middle) > c.NEAR_EDGE
    found[outer] = _tail(share[outer], middle[outer])
    return found


def _tail(share: Floats, middle: Floats) -> Floats:
    """Return normal draws more than 1.44 from 0."""
    depth = np.sqrt(-log(np.where(middle < 0.0, share, 1.0 - share)))
    far = depth > c.FAR_EDGE
    size = np.where(far, _ratio(depth - c.FAR_EDGE, c.FARTHEST), _ratio(depth - c.FAR_START, c.FAR))
    return np.where(middle < 0.0, -size, size)


def _ratio(x: Floats, parts: tuple[tuple[float, ...], tuple[float, ...]]) -> Floats:
    """Return the ratio of two polynomials, coefficients from the highest power down."""
    over, under = (np.full_like(x, part[0]) for part in parts)
    for upper, lower in zip(parts[0][1:], parts[1][1:], strict=True):
        over = over * x + upper
        under = under * x + lower
    return over / under


def _from_one_to_two(words: Words) -> Floats:
    """Return numbers in [1, 2) whose digits are a word's first 52 bits."""
    return ((words >> _DROPPED) | _ONE).view(np.float64)


def _open(words: Words) -> Floats:
    """Return the middles of 2 ** 52 equal parts of (0, 1): neither 0 nor 1 is one."""
    return _from_one_to_two(words) - c.BELOW_ONE
