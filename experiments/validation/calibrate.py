"""Calibration: which behavioural parameters the figures up to 2018 allow, by approximate Bayesian computation.

Population Monte Carlo in waves (Beaumont, Cornuet, Marin and Robert 2009): the first fills the ranges with a Sobol
sequence, every later one is drawn from a Gaussian kernel density over the points so far (scipy), each weighted by
prior over proposal and by how near it came. Weights are tempered until enough points count. All points are played as
sweeps, so that whatever ended a calibration, the same line goes on with it.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import BaseModel, Field, model_validator
from scipy.optimize import brentq
from scipy.stats import gaussian_kde, qmc

from abm.facts import PACKAGE_DATA
from abm.outline import STRICT
from abm.tables import tables
from experiments.posterior import Draws
from experiments.sweeping import provenance
from experiments.sweeping.disk import put
from experiments.sweeping.plan import Value
from experiments.validation.distance import distances
from experiments.validation.episodes import window
from experiments.validation.plays import Plays

Array = npt.NDArray[np.float64]
SETTINGS = Path(__file__).parent / "calibration.toml"
EPISODES = ("calibrate_2009", "calibrate_2015")
_DIGITS = 6
# A wave's points are drawn so many times over, until enough lie within the ranges.
_SPARE = 8
# Points per free parameter, at least, of a wave from which the next is drawn: of fewer no density can be told.
_POINTS = 4


class Settings(BaseModel):
    """What calibration.toml says."""

    model_config = STRICT

    seed: int
    waves: Annotated[tuple[int, ...], Field(strict=False, min_length=1)]
    runs: Annotated[int, Field(ge=1)]
    effective: Annotated[float, Field(gt=0.0, le=1.0)]
    draws: Annotated[int, Field(ge=1)]
    discrepancy: Annotated[float, Field(ge=0.0)]
    free: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _enough(self) -> Self:
        """Refuse waves too small to draw the next one from."""
        least = _POINTS * len(self.free)
        if min(self.waves[:-1], default=least) < least:
            raise ValueError(f"every wave but the last needs at least {least} points for {len(self.free)} parameters")
        return self

    @property
    def ranges(self) -> tuple[Array, Array]:
        """Lowest and highest values of the free parameters (parameter,), as parameters.toml has them."""
        told = tables(PACKAGE_DATA / "parameters.toml")
        low, high = (np.array([float(told[name][end]) for name in self.free]) for end in ("low", "high"))
        return low, high


@dataclass(frozen=True, slots=True)
class Wave:
    """Points that were tried together.

    unit       where they lie within the ranges, 0 to 1 (point, parameter)
    weight     prior over proposal (point,)
    distances  one row per point, as ``distances`` returns them
    """

    unit: Array
    weight: Array
    distances: pl.DataFrame

    @property
    def loss(self) -> Array:
        """How far points are from all figures (point,)."""
        return self.distances["loss"].to_numpy()


def settings() -> Settings:
    """Return what calibration.toml says."""
    return Settings.model_validate(tomllib.loads(SETTINGS.read_text(encoding="utf-8")))


def calibrate(plays: Plays, asked: Settings) -> tuple[Draws, tuple[Wave, ...]]:
    """Play all waves, keep posterior.csv, waves.parquet and what they rest on in the folder, and return both."""
    waves: tuple[Wave, ...] = ()
    for number, size in enumerate(asked.waves, start=1):
        unit, weight = proposed(waves, size, asked)
        lists = values(unit, asked)
        folders = {plays.of(name, lists, f"-{number}"): window(plays, name) for name in EPISODES}
        waves = (*waves, Wave(unit, weight, distances(folders, asked.discrepancy)))
    draws = drawn(waves, asked)
    _write(plays.folder, draws, waves, asked)
    return draws, waves


def proposed(waves: tuple[Wave, ...], size: int, asked: Settings) -> tuple[Array, Array]:
    """Return the points of the next wave (point, parameter), 0 to 1, and prior over proposal (point,)."""
    rng = np.random.default_rng([asked.seed, len(waves)])
    if not waves:
        filled: Array = qmc.Sobol(len(asked.free), rng=rng).random_base2(size.bit_length() - 1)
        return filled, np.ones(size)
    last = waves[-1]
    density = gaussian_kde(last.unit.T, weights=tempered(last, asked.effective)[0])
    inside = np.empty((0, len(asked.free)))
    while len(inside) < size:
        tried: Array = density.resample(_SPARE * size, seed=rng).T
        inside = np.concatenate([inside, tried[((tried >= 0.0) & (tried <= 1.0)).all(1)]])[:size]
    weight: Array = 1.0 / density(inside.T)
    return inside, weight


def tempered(wave: Wave, effective: float) -> tuple[Array, float]:
    """Return the weights of a wave's points, whose sum is 1, and the power of the likelihood they are made with.

    effective  share of the points that must count, as 1 / the sum of squared weights says; the power is 1 where it does
    """

    def weights(power: float) -> Array:
        """Return the weights for a power."""
        raw = wave.weight * np.exp(-power * (wave.loss - wave.loss.min()))
        whole: Array = raw / raw.sum()
        return whole

    def more(power: float) -> float:
        """Return how many more points count than are wanted."""
        return float(1.0 / np.sum(weights(power) ** 2) - effective * len(wave.loss))

    power = 1.0 if more(1.0) >= 0.0 else 0.0 if more(0.0) <= 0.0 else float(brentq(more, 0.0, 1.0))
    return weights(power), power


def drawn(waves: tuple[Wave, ...], asked: Settings) -> Draws:
    """Return equally likely draws: points of the last wave, as often as their weight says."""
    weight, _ = tempered(waves[-1], asked.effective)
    # Systematic resampling: with as little luck as possible.
    rng = np.random.default_rng([asked.seed, len(waves)])
    marks = (rng.random() + np.arange(asked.draws)) / asked.draws
    chosen = np.searchsorted(np.cumsum(weight), marks, side="right").clip(max=len(weight) - 1)
    lists = values(waves[-1].unit[rng.permutation(chosen)], asked)
    return Draws(pl.DataFrame({name.removeprefix("parameters."): each for name, each in lists.items()}))


def values(unit: Array, asked: Settings) -> Mapping[str, list[Value]]:
    """Return points as values by key, rounded as they are written."""
    low, high = asked.ranges
    table = low + unit * (high - low)
    return {
        f"parameters.{name}": [float(f"{value:.{_DIGITS}g}") for value in table[:, place]]
        for place, name in enumerate(asked.free)
    }


def _write(folder: Path, draws: Draws, waves: tuple[Wave, ...], asked: Settings) -> None:
    """Keep the posterior, every point with its distances, and what they rest on."""
    put(folder / "posterior.csv", draws.table.write_csv().encode())
    points = [
        wave.distances.hstack(
            pl.DataFrame({key: list(each) for key, each in values(wave.unit, asked).items()})
        ).with_columns(wave=pl.lit(number), weight=pl.Series(wave.weight))
        for number, wave in enumerate(waves, start=1)
    ]
    pl.concat(points).write_parquet(folder / "waves.parquet")
    told = {"settings": asked.model_dump(), "origin": dict(provenance.origin())}
    put(folder / "calibration.json", (json.dumps(told, indent=2, sort_keys=True) + "\n").encode())
