"""How good a forecast is: normalised error, direction, coverage of the 90 % band, and the ranked probability score."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
import scoringrules
from scipy.stats import norm

from experiments.validation.observed import KEY

Array = npt.NDArray[np.float64]
BAND = (0.05, 0.95)
# A figure's own error is part of the forecast of what will be read in a table: every run stands for so many readings.
_READINGS = norm.ppf((np.arange(9) + 0.5) / 9)
_TOLD = ("title", "year", "month", "value", "error", "unit", "role", "given")


def figures(runs: pl.DataFrame) -> pl.DataFrame:
    """Return one row per figure: what was observed, and mean, 90 % band and score of the runs.

    runs  as ``measured`` returns them;  inside  whether the figure lies in the band, its own error allowed for
    crps  in the figure's unit: 0 for a sure and true forecast, the error of a sure one
    """
    rows = []
    for key, mine in runs.group_by([*KEY, *_TOLD], maintain_order=True):
        told = dict(zip([*KEY, *_TOLD], key, strict=True))
        model = mine["model"].to_numpy()
        read = readings(model, float(str(told["error"])))
        low, high = np.quantile(read, BAND)
        value = float(str(told["value"]))
        least, most = np.quantile(model, BAND)
        rows.append(
            told
            | {"model": float(model.mean()), "least": float(least), "most": float(most)}
            | {"inside": bool(low <= value <= high), "crps": crps(read, value)}
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def crps(ensemble: Array, value: float) -> float:
    """Return the continuous ranked probability score of some equally likely values."""
    return float(scoringrules.crps_ensemble(value, ensemble, estimator="qd"))


def readings(model: Array, error: float) -> Array:
    """Return what might be read where the world is as in the runs."""
    spread: Array = np.sort((model[:, None] + error * _READINGS).ravel())
    return spread


def sure(forecast: float, error: float, value: float) -> float:
    """Return the score of a forecast without a band."""
    return crps(readings(np.array([forecast]), error), value)


def by_title(told: pl.DataFrame, forecasts: Sequence[str]) -> pl.DataFrame:
    """Return one row per title and good: how far each forecast is from what was observed.

    told   one row per figure, with a column per forecast, last, the last figure before, and known, whether it is one
    error  mean distance as a share of the mean size of the figures;  right  share of moves whose sign is told
    """
    distance = [
        ((pl.col(name) - pl.col("value")).abs().sum() / pl.col("value").abs().sum()).alias(f"error_{name}")
        for name in forecasts
    ]
    moved = (pl.col("value") - pl.col("last")).abs() > pl.col("error")
    right = [
        ((pl.col(name) - pl.col("last")).sign() == (pl.col("value") - pl.col("last")).sign())
        .filter(moved)
        .mean()
        .alias(f"right_{name}")
        for name in forecasts
    ]
    score = [(pl.col(f"crps_{name}").sum() / pl.col("value").abs().sum()).alias(f"crps_{name}") for name in forecasts]
    inside = pl.col("inside").mean()
    return told.group_by("title", "good", maintain_order=True).agg(
        pl.len().alias("figures"), *distance, *right, *score, inside, pl.col("known").any()
    )
