"""What the tests of analyses share: sweeps that came out as a function says."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl

from experiments.sweeping.designs import rows
from experiments.sweeping.plan import Plan
from experiments.sweeping_analysis.sample import Sample, paired

SPAN = {"low": -np.pi, "high": np.pi}


def ishigami(x: tuple[float, ...]) -> float:
    """Return Ishigami's function."""
    return float(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def plan(design: str, points: int, *keys: str, **span: float) -> Plan:
    """Return a plan over some keys, within a range."""
    vary = {f"parameters.{key}": span or SPAN for key in keys}
    said = {"title": "A", "scenario": ["chips_act"], "runs": 2, "design": design, "points": points, "vary": vary}
    return Plan.model_validate(said)


def played(asked: Plan, outcome: Callable[[tuple[float, ...]], float], runs: int = 1) -> Sample:
    """Return a sample in which every point came out as a function of its values says."""
    told = [tuple(float(str(value)) for value in row) for row in dict.fromkeys(rows(asked))]
    names = [f"p{place}" for place in range(len(told))]
    points = pl.DataFrame({"scenario": ["s"] * len(told), "point": names, "against": [None] * len(told)})
    points = points.with_columns(pl.Series(key, [row[at] for row in told]) for at, key in enumerate(asked.vary))
    points = points.with_columns(pl.col("against").cast(pl.String))
    each = list(product(range(len(told)), range(runs)))
    figures = {"point": [names[at] for at, _ in each], "run": [run for _, run in each]}
    table = pl.DataFrame({**figures, "y": [float(outcome(told[at])) for at, _ in each]})
    return Sample(Path(), asked, points, paired(table, points, ["y"]), tuple(asked.vary), ("y",))


def gained(gains: dict[str, list[float]]) -> Sample:
    """Return a sample of points whose runs differ so from their baseline."""
    lines = [(point, run, value) for point, values in gains.items() for run, value in enumerate(values)]
    lines += [("base", run, 0.0) for run in range(max(map(len, gains.values())))]
    table = pl.DataFrame(lines, schema=["point", "run", "y"], orient="row")
    points = pl.DataFrame({"scenario": "s", "point": [*gains], "against": "base"})
    return Sample(Path(), plan("sobol", 2, "a"), points, paired(table, points, ["y"]), (), ("y",))
