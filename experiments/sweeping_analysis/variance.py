"""Which keys move an outcome, over whole ranges at once: Sobol indices, Morris screening and PAWN."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from experiments.sweeping.designs import rows
from experiments.sweeping.plan import Span
from experiments.sweeping_analysis.sample import Sample, spans

Array = npt.NDArray[np.float64]
RESAMPLED = 1000
NINE_OF_TEN = (0.05, 0.95)
# PAWN compares the distribution in slices of a key with the whole: fewer points than these tell nothing.
FEWEST, SLICES = 40, 8
# So many keys that move nothing are made up; what PAWN finds for the highest tenth, all keys together, is chance.
MADE_UP, LUCK = 400, 0.1
MISSING = "Morris screening needs SALib: install friendshore[analysis]."


@dataclass(frozen=True, slots=True)
class Drawn:
    """A design with what came out of it.

    keys  that this scenario has
    unit  where its points lie within their ranges, 0 to 1 (row, key)
    out   the outcome, the mean over its runs; not a number where there is none (row,)
    """

    keys: tuple[str, ...]
    unit: Array
    out: Array


def drawn(sample: Sample) -> Iterator[tuple[tuple[str, str, str], Drawn]]:
    """Yield scenario, outcome and kind with the design as it was drawn, row by row."""
    ranges = spans(sample.plan)
    told = list(rows(sample.plan))
    means = sample.means()
    for scenario in sample.scenarios:
        points = sample.points.filter(scenario=scenario)
        keys = [key for key in sample.plan.vary if key in points.columns and points[key].null_count() == 0]
        places = [list(sample.plan.vary).index(key) for key in keys]
        names = {row[0]: row[1] for row in zip(points.select(keys).iter_rows(), points["point"], strict=True)}
        listed = [names.get(tuple(float(str(row[place])) for place in places)) for row in told]
        unit = np.column_stack(
            [
                _unit(np.array([row[at] for row in told], float), ranges[key])
                for key, at in zip(keys, places, strict=True)
            ]
        )
        for outcome in sample.outcomes:
            of = means.filter(scenario=scenario, outcome=outcome)
            for kind in sample.kinds:
                known = dict(zip(of["point"], of[kind].to_list(), strict=True))
                out = np.array([known.get(name) for name in listed], float)
                yield (scenario, outcome, kind), Drawn((*keys,), unit, out)


def _unit(values: Array, span: Span) -> Array:
    """Return where values lie within a range."""
    low, high = (np.log(span.low), np.log(span.high)) if span.log else (span.low, span.high)
    unit: Array = ((np.log(values) if span.log else values) - low) / (high - low)
    return unit


def indices(first: Array, second: Array, mixed: Array) -> tuple[Array, Array]:
    """Return first-order and total Sobol indices (key, ...) by the formulas of Saltelli (2010) and Jansen (1999).

    first, second  outcomes of the two samples (..., row)
    mixed          of the first with one key of the second (key, ..., row)
    Both are 0 where nothing varies.
    """
    both = np.concatenate([first, second], axis=-1)
    middle, variance = both.mean(axis=-1, keepdims=True), both.var(axis=-1)
    scale = np.where(variance > 0.0, variance, np.inf)
    own = ((second - middle) * (mixed - first)).mean(axis=-1) / scale
    return own, 0.5 * ((first - mixed) ** 2).mean(axis=-1) / scale


def sobol(sample: Sample) -> pl.DataFrame:
    """Return first-order and total Sobol indices by scenario, outcome and key, with bootstrapped 90 % intervals."""
    found: list[dict[str, Any]] = []
    for (scenario, outcome, kind), each in drawn(sample):
        count = len(each.out) // (len(sample.plan.vary) + 2)
        blocks = each.out.reshape(-1, count)
        at = [2 + list(sample.plan.vary).index(key) for key in each.keys]
        whole = blocks[:, ~np.isnan(blocks).any(axis=0)]
        if whole.shape[1] < 2:
            continue
        rows_of = sobol_rows(each.keys, whole[0], whole[1], whole[at], sample.plan.seed)
        found += [
            {"scenario": scenario, "outcome": outcome, "of": kind, **row, "rows": whole.shape[1]} for row in rows_of
        ]
    return pl.DataFrame(found)


def sobol_rows(keys: Sequence[str], first: Array, second: Array, mixed: Array, seed: int) -> list[dict[str, Any]]:
    """Return one row per key: both indices, each with the 90 % interval of drawing rows anew."""
    again = np.random.default_rng(seed).integers(0, len(first), (RESAMPLED, len(first)))
    own, total = indices(first, second, mixed)
    told = []
    for place, key in enumerate(keys):
        some = indices(first[again], second[again], mixed[place][again][None])
        ends = [np.quantile(each[0], NINE_OF_TEN).tolist() for each in some]
        told.append(
            {"key": key}
            | {"first": float(own[place]), "first_least": ends[0][0], "first_most": ends[0][1]}
            | {"total": float(total[place]), "total_least": ends[1][0], "total_most": ends[1][1]}
        )
    return told


def morris(sample: Sample) -> pl.DataFrame:
    """Return mu* with its 90 % interval, mu and sigma by scenario, outcome and key, for the whole range of the key."""
    from SALib.analyze.morris import analyze

    found: list[dict[str, Any]] = []
    for (scenario, outcome, kind), each in drawn(sample):
        steps = len(sample.plan.vary) + 1
        if len(each.keys) + 1 != steps:
            continue
        whole = ~np.isnan(each.out).reshape(-1, steps).any(axis=1)
        unit, out = each.unit.reshape(-1, steps, len(each.keys))[whole], each.out.reshape(-1, steps)[whole]
        if len(out) < 2:
            continue
        told = analyze(
            _problem(each.keys), unit.reshape(-1, len(each.keys)), out.ravel(), conf_level=0.9, seed=_seed(sample)
        )
        head = {"scenario": scenario, "outcome": outcome, "of": kind}
        for place, key in enumerate(each.keys):
            values = {
                "mu_star": told["mu_star"],
                "error": told["mu_star_conf"],
                "mu": told["mu"],
                "sigma": told["sigma"],
            }
            figures = {name: float(value[place]) for name, value in values.items()}
            found.append({**head, "key": key, **figures, "trajectories": len(out)})
    return pl.DataFrame(found)


def pawn(sample: Sample) -> pl.DataFrame:
    """Return the PAWN index of Pianosi and Wagener (2018) by scenario, outcome and key.

    index   the median over slices of a key of how far the distribution there is from the whole, 0 to 1
    chance  what as many keys that move nothing have at most, nine times in ten
    """
    found: list[dict[str, Any]] = []
    for (scenario, outcome, kind), each in drawn(sample):
        whole = ~np.isnan(each.out)
        if whole.sum() < FEWEST or np.ptp(each.out[whole]) == 0.0:
            continue
        unit, out = each.unit[whole], each.out[whole]
        draw = np.random.default_rng(sample.plan.seed)
        luck = [np.median(distances(draw.permutation(len(out)), out)) for _ in range(MADE_UP)]
        chance = float(np.quantile(luck, (1.0 - LUCK) ** (1.0 / len(each.keys))))
        head = {"scenario": scenario, "outcome": outcome, "of": kind}
        for place, key in enumerate(each.keys):
            told = distances(unit[:, place], out)
            figures = {"index": float(np.median(told)), "most": float(told.max()), "chance": chance}
            found.append({**head, "key": key, **figures, "points": len(out)})
    return pl.DataFrame(found)


def distances(values: Array | npt.NDArray[np.int64], out: Array) -> Array:
    """Return the Kolmogorov-Smirnov distance between the outcomes in every slice of a key and all outcomes (slice,)."""
    place = np.argsort(np.argsort(values, kind="stable"), kind="stable") * SLICES // len(values)
    order = np.argsort(out, kind="stable")
    inside = place[order] == np.arange(SLICES)[:, None]
    shares = inside.cumsum(axis=1) / inside.sum(axis=1, keepdims=True)
    every = np.arange(1, len(out) + 1) / len(out)
    # Distributions are compared behind the last of equal outcomes.
    last = np.append(np.diff(out[order]) > 0.0, True)
    found: Array = np.abs(shares - every)[:, last].max(axis=1)
    return found


def _problem(keys: Sequence[str]) -> Mapping[str, Any]:
    """Return keys whose ranges are 0 to 1, as SALib wants to be told."""
    return {"num_vars": len(keys), "names": [*keys], "bounds": [[0.0, 1.0]] * len(keys)}


def _seed(sample: Sample) -> int:
    """Return the seed as SALib takes it."""
    return sample.plan.seed % 2**32


OF_DESIGN: Mapping[str, tuple[tuple[str, Callable[[Sample], pl.DataFrame]], ...]] = {
    "saltelli": (("sobol", sobol),),
    "morris": (("morris", morris),),
    "latin_hypercube": (("pawn", pawn),),
    "sobol": (("pawn", pawn),),
}
