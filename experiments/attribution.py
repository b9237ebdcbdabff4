"""Who moved a figure: the difference between two scenarios split among what differs between them.

Every difference gets its Shapley value: the change it makes when it is added to those already there, the mean over
all orders of adding them. The parts always add up to the whole difference, run by run.
Source: shapley1953; sampling of orders: castro2009.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, sqrt

import numpy as np
from scipy.special import stdtrit

from abm.axes import Floats
from abm.policies.instrument import Instrument
from abm.scenario import Scenario

# Up to so many differences every combination is played.
EXACT = 4
Chosen = frozenset[str]
# The figure of every run of the scenario in which some differences are made (run,).
Value = Callable[[Chosen], Floats]


@dataclass(frozen=True, slots=True)
class Part:
    """What one difference contributes.

    name    of the difference;  mean  over runs
    error   half of the 90 % interval of the mean, for luck and for sampled orders; not a number where unknown
    """

    name: str
    mean: float
    error: float


def differences(first: Scenario, second: Scenario) -> tuple[str, ...]:
    """Return the names of measures that one scenario has and the other has not or has otherwise, and of parameters."""
    here, there = ({each.name: each for each in scenario.measures} for scenario in (first, second))
    names = [*here, *(name for name in there if name not in here)]
    moved = [name for name in names if here.get(name) != there.get(name)]
    keys = sorted({*first.parameters, *second.parameters})
    moved += [f"parameters.{key}" for key in keys if first.parameters.get(key) != second.parameters.get(key)]
    moved += ["governments"] if first.governments != second.governments else []
    return tuple(moved)


def grouped(first: Scenario, second: Scenario, by: str) -> dict[str, Chosen]:
    """Return the differences by what they share.

    by  policy (each for itself), kind or government
    """
    known = {each.name: each for scenario in (first, second) for each in scenario.measures}
    groups: dict[str, set[str]] = {}
    for name in differences(first, second):
        groups.setdefault(_group(name, known.get(name), by), set()).add(name)
    return {name: frozenset(members) for name, members in groups.items()}


def _group(name: str, measure: Instrument | None, by: str) -> str:
    """Return the group of a difference."""
    if by == "policy":
        return name
    if measure is None:
        return "parameters"
    return measure.kind if by == "kind" else str(getattr(measure, "government", "shocks"))


def mixed(first: Scenario, second: Scenario, taken: Chosen) -> Scenario:
    """Return the first scenario with some of its differences made as in the second."""
    if taken >= set(differences(first, second)):
        return second
    if not taken:
        return first
    keys = {name.removeprefix("parameters.") for name in taken if name.startswith("parameters.")}
    kept = {key: value for key, value in first.parameters.items() if key not in keys}
    new = {key: value for key, value in second.parameters.items() if key in keys}
    return first.model_copy(
        update={
            "policies": _merged(first.policies, second.policies, taken),
            "shocks": _merged(first.shocks, second.shocks, taken),
            "parameters": kept | new,
            "governments": second.governments if "governments" in taken else first.governments,
        }
    )


def _merged(old: Iterable[Instrument], new: Iterable[Instrument], taken: Chosen) -> tuple[Instrument, ...]:
    """Return the old measures with the taken ones as the new say; what only the new have comes last."""
    changed = {each.name: each for each in new}
    before = {each.name: each for each in old}
    result = [changed.get(name) if name in taken else each for name, each in before.items()]
    result += [each for name, each in changed.items() if name in taken and name not in before]
    return tuple(each for each in result if each is not None)


def plays(count: int, orders: int) -> int:
    """Return how many scenarios must be played at most to split a difference among so many."""
    every: int = 2**count
    return every if count <= EXACT else min(every, orders * (count - 1) + 2)


def split(groups: Mapping[str, Chosen], value: Value, orders: int, seed: int) -> tuple[Part, ...]:
    """Return what every group of differences contributes; the parts add up to the whole.

    value   of every run of the scenario in which some differences are made; asked for the same ones again and again
    orders  sampled where there are more than EXACT groups; each is used forwards and backwards, so it is even
    """
    names = list(groups)

    def worth(coalition: Chosen) -> Floats:
        """Return the value of a coalition of groups."""
        return value(frozenset().union(*(groups[name] for name in coalition)))

    if len(names) <= EXACT:
        return tuple(_part(name, _exact(name, names, worth)) for name in names)
    by_order = [_marginals(order, worth) for order in _orders(names, orders, seed)]
    pairs = np.array([[(one[name] + two[name]) / 2.0 for name in names] for one, two in _pairs(by_order)])
    return tuple(_part(name, pairs[:, at]) for at, name in enumerate(names))


def _exact(name: str, names: Sequence[str], worth: Value) -> Floats:
    """Return the Shapley value of one among few, run by run (1, run)."""
    others = [other for other in names if other != name]
    total = np.zeros(1)
    for size in range(len(names)):
        weight = factorial(size) * factorial(len(names) - size - 1) / factorial(len(names))
        for chosen in combinations(others, size):
            coalition = frozenset(chosen)
            total = total + weight * (worth(coalition | {name}) - worth(coalition))
    return total[None, :]


def _orders(names: Sequence[str], count: int, seed: int) -> list[list[str]]:
    """Return orders drawn at random, each followed by its reverse."""
    draw = np.random.Generator(np.random.Philox(seed))
    found: list[list[str]] = []
    for _ in range(count // 2):
        order = [names[at] for at in draw.permutation(len(names))]
        found += [order, order[::-1]]
    return found


def _marginals(order: Sequence[str], worth: Value) -> dict[str, Floats]:
    """Return what each adds to those before it in an order, run by run."""
    found, sofar = {}, frozenset[str]()
    for name in order:
        found[name] = worth(sofar | {name}) - worth(sofar)
        sofar |= {name}
    return found


def _pairs(items: list[dict[str, Floats]]) -> list[tuple[dict[str, Floats], dict[str, Floats]]]:
    """Return neighbours two by two."""
    return list(zip(items[::2], items[1::2], strict=True))


def _part(name: str, values: Floats) -> Part:
    """Return mean and error of a contribution (order, run): luck over runs, and what the orders drawn leave open."""
    orders, runs = values.shape
    luck, drawn = values.mean(axis=0), values.mean(axis=1)
    spread = _error(luck) ** 2 + (_error(drawn) ** 2 if orders > 1 else 0.0)
    return Part(name, float(values.mean()), sqrt(spread) if runs > 1 else float("nan"))


def _error(values: Floats) -> float:
    """Return half of the 90 % interval of a mean, not a number for a single value."""
    count = len(values)
    return float(stdtrit(count - 1, 0.95) * values.std(ddof=1) / sqrt(count)) if count > 1 else float("nan")
