"""Designs: how points are made of the values or ranges that a plan varies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from abm.errors import InputError
from experiments.sweeping.plan import Plan, Span, Value

Unit = npt.NDArray[np.float64]
_LEVELS = 4


def rows(plan: Plan) -> Iterator[tuple[Value, ...]]:
    """Yield the values of every point, in the order of the plan's keys."""
    if not plan.vary:
        yield ()
    elif plan.design == "grid":
        yield from product(*_lists(plan).values())
    elif plan.design == "list":
        yield from zip(*_lists(plan).values(), strict=True)
    elif plan.design == "one_at_a_time":
        yield from _one_at_a_time(list(_lists(plan).values()))
    else:
        spans = [each for each in plan.vary.values() if isinstance(each, Span)]
        assert plan.points is not None
        for row in _DRAWN[plan.design](len(spans), plan.points, plan.seed):
            yield tuple(_within(span, share) for span, share in zip(spans, row.tolist(), strict=True))


def _lists(plan: Plan) -> Mapping[str, Sequence[Value]]:
    """Return the lists of values by key."""
    return {key: values for key, values in plan.vary.items() if isinstance(values, list)}


def _one_at_a_time(lists: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Yield the point of all first values, then every other value of one key with the first of the others."""
    first = tuple(values[0] for values in lists)
    yield first
    for place, values in enumerate(lists):
        for value in values[1:]:
            yield (*first[:place], value, *first[place + 1 :])


def _within(span: Span, share: float) -> float:
    """Return the value that lies a share of the way from low to high."""
    if span.log:
        return float(span.low * (span.high / span.low) ** share)
    return span.low + share * (span.high - span.low)


def _latin(keys: int, points: int, seed: int) -> Unit:
    """Return points of a Latin hypercube (point, key), 0 to 1."""
    from scipy.stats import qmc

    drawn: Unit = qmc.LatinHypercube(keys, rng=np.random.default_rng(seed)).random(points)
    return drawn


def _sobol(keys: int, points: int, seed: int) -> Unit:
    """Return points of a scrambled Sobol sequence (point, key), 0 to 1; their number is a power of 2."""
    from scipy.stats import qmc

    drawn: Unit = qmc.Sobol(keys, rng=np.random.default_rng(seed)).random_base2(points.bit_length() - 1)
    return drawn


def _saltelli(keys: int, points: int, seed: int) -> Unit:
    """Return two samples and those with one column of the second, for Sobol indices ((keys + 2) points, key)."""
    both = _sobol(2 * keys, points, seed)
    first, second = both[:, :keys], both[:, keys:]
    mixed = [np.where(np.arange(keys) == key, second, first) for key in range(keys)]
    return np.concatenate([first, second, *mixed])


def _morris(keys: int, points: int, seed: int) -> Unit:
    """Return trajectories that move one key at a time over four levels (points x (keys + 1), key)."""
    try:
        from SALib.sample.morris import sample
    except ImportError as error:
        raise InputError("design", "morris needs SALib.", "Install friendshore[analysis].") from error
    problem: dict[str, Any] = {"num_vars": keys, "names": [f"x{key}" for key in range(keys)], "bounds": [[0, 1]] * keys}
    drawn: Unit = sample(problem, points, num_levels=_LEVELS, seed=seed % 2**32)
    return drawn


_DRAWN: Mapping[str, Callable[[int, int, int], Unit]] = {
    "latin_hypercube": _latin,
    "sobol": _sobol,
    "saltelli": _saltelli,
    "morris": _morris,
}
