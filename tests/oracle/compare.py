"""The oracle's numbers and the fast model's, column by column."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from abm.axes import Floats
from abm.books import Books
from oracle.stage import FLOW, RENAMED, STATE, Stage

# What is left of subtracting two like amounts is measured against the amounts.
LEFT_OF = {
    "state.backlog": "flow.wanted",
    "state.claims": "state.bank",
    "flow.lost": "flow.wanted",
    "flow.missing": "flow.wanted",
}
# Scale of a column that is next to nothing: residue of subtractions is no difference.
SMALL = 1e-3


def columns(oracle: Stage, books: Books) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield name, the oracle's values and the fast model's of every column of state and flow."""
    for table, axes_of in (("state", STATE), ("flow", FLOW)):
        for name, axes in axes_of.items():
            fast: Floats = getattr(getattr(books, table), name)[..., 0]
            own = RENAMED.get((table, name), name)
            slow = np.array(_column(oracle, own, axes[:-1]), np.float64).reshape(fast.shape)
            yield f"{table}.{name}", slow, fast


def remembered(oracle: Stage, books: Books) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield name and both values of every column of what governments that follow rules remember."""
    if oracle.reaction is not None and books.stance is not None:
        for name, fast in books.stance.columns().items():
            yield f"stance.{name}", np.array(oracle.reaction.column(name)), fast[:, 0]


def _column(oracle: Stage, name: str, axes: tuple[str, ...]) -> list[Any]:
    """Return the oracle's values of a column as lists nested by its axes."""
    if not axes:
        return [getattr(oracle, name)]
    if axes == ("good",):
        return list(getattr(oracle, name))
    if axes[0] == "purpose":
        return list(zip(*(government.outlay for government in oracle.governments), strict=True))
    if axes[0] == "opening":
        return [value for plant in oracle.plants for value in getattr(plant, name)]
    if axes[0] in {"notice", "stage"}:
        return list(zip(*(getattr(plant, name) for plant in oracle.plants), strict=True))
    return [getattr(who, name) for who in oracle.holders(axes[0], name)]


def gaps(oracle: Stage, books: Books) -> dict[str, float]:
    """Return how far apart the two are in every column: the largest difference of two numbers over themselves.

    Numbers under a thousandth of their column's scale are measured against that.
    """
    both = {name: (slow, fast) for name, slow, fast in (*columns(oracle, books), *remembered(oracle, books))}
    return {name: _gap(*pair, _scale(*both[LEFT_OF.get(name, name)])) for name, pair in both.items()}


def _scale(slow: Floats, fast: Floats) -> float:
    """Return the largest number of two columns."""
    numbers = np.abs(np.concatenate([slow.ravel(), fast.ravel()]))
    return float(numbers[np.isfinite(numbers)].max(initial=SMALL))


def _gap(slow: Floats, fast: Floats, scale: float) -> float:
    """Return the largest relative difference of two columns, infinite where only one of two is finite."""
    known = np.isfinite(fast)
    if not np.array_equal(np.isfinite(slow), known):
        return float(np.inf)
    size = np.maximum(np.maximum(np.abs(slow[known]), np.abs(fast[known])), 1e-3 * scale)
    return float((np.abs(slow[known] - fast[known]) / size).max(initial=0.0))
