"""What has to be known before findings are believed: what is missing in them, and what is mixed up."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from abm.scenario import Scenario
from experiments.sweeping.dataset import Dataset
from experiments.sweeping_analysis.findings import listed
from experiments.sweeping_analysis.sample import Sample


def unshared(asked: Scenario, rival: Scenario | None, keys: Collection[str]) -> list[str]:
    """Return the shocks of a scenario that its baseline does not meet as it does.

    keys  that a plan varies or sets: baselines keep their own
    """
    if rival is None:
        return []
    moved = {key.partition(".")[0] for key in keys}
    return [each.name for each in asked.shocks if each not in rival.shocks or each.name in moved]


def shared(shocked: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield which scenarios are compared with a baseline that does not meet their shocks.

    shocked  those shocks by scenario
    """
    for name, shocks in shocked.items():
        if shocks:
            lacking = f"The baseline of {name} does not meet {listed(shocks)} as it does"
            yield f"{lacking}: a difference to it is that of policies and shocks together."


def missing(folder: Path, told: pl.DataFrame, sample: Sample) -> Iterator[str]:
    """Yield which points are not in the findings, and how many runs failed.

    told  points of the plan
    """
    wanted, dataset = told.height - told["baseline"].sum(), Dataset(folder)
    if wanted > len(sample.points):
        yield f"{wanted - len(sample.points)} of {wanted} points are not in the findings: not finished yet, or failed."
    if dataset.counted("failures"):
        failed = dataset.scan("failures").select(pl.len()).collect().item()
        yield f"{failed} {'run' if failed == 1 else 'runs'} failed."
    mine = dataset.scan("kpi").filter(pl.col("point").is_in(sample.points["point"].to_list()))
    yield from lacking(mine, list(dict.fromkeys([*sample.outcomes, *(each.column for each in sample.where)])))


def lacking(runs: pl.LazyFrame, columns: Sequence[str]) -> Iterator[str]:
    """Yield how many runs have no figure in some columns."""
    known = runs.select(pl.len().alias("all"), pl.col(columns).fill_nan(None).count()).collect().row(0, named=True)
    for name in columns:
        if known[name] < known["all"]:
            without = f"{known['all'] - known[name]} of {known['all']} runs have no {name}"
            yield f"{without}: they are left out, and meet no condition on it."
