"""What the calibration found: which parameters the figures up to 2018 narrow down, and which they leave open."""

from functools import partial

import numpy as np
import polars as pl
from scipy.stats import ks_1samp

from abm.facts import PACKAGE_DATA
from abm.tables import tables
from experiments.posterior import Draws
from experiments.sweeping_analysis.charts import Chart
from experiments.validation.panels import draw_posterior
from experiments.validation.section import Finding, Section

# A parameter is narrowed down if its draws are unlikely to come from the whole range evenly, at this level over all.
LEVEL = 0.05


def identified(draws: Draws) -> Section:
    """Return which parameters the posterior narrows down."""
    told = spans(draws)
    narrowed = told.filter("narrowed")
    names = ", ".join(narrowed["parameter"]) or "none"
    title = f"The figures up to 2018 narrow down {len(narrowed)} of {len(told)} parameters"
    open_ = ", ".join(told.filter(~pl.col("narrowed"))["parameter"]) or "none"
    different = draws.table.unique().height
    foot = f"{len(draws.table)} equally likely draws, {different} of them different: abm/data/posterior.csv."
    findings = [
        Finding("narrowed down", f"{title}: {names}."),
        Finding("left open", f"The data do not identify: {open_}. Over their ranges the model fits as well anywhere."),
    ]
    shown = told.select(
        "parameter",
        "unit",
        pl.col("low", "high", "value"),
        pl.col("least", "middle", "most").round_sig_figs(3),
        (100.0 * pl.col("narrower")).round(0).alias("narrower than the prior, %"),
        pl.col("chance").round(3),
        "narrowed",
    )
    return Section(
        "calibration",
        "Calibration: what the data say of behaviour",
        "Free behavioural parameters are fitted to the figures of history that have the role fit, up to 2018 (the "
        "electric share of sales up to 2021, as its trend was taken from that), by approximate Bayesian computation in "
        "waves, which friendshore calibrate plays again. Nothing else is fitted: other figures of 2019 on, prices of "
        "rare earths, Japan's imports and the car shortage of 2021 are only scored.",
        findings=findings,
        tables={"Prior and posterior": shown},
        charts=(Chart("posterior", title, partial(draw_posterior, title, foot, told)),),
    )


def spans(draws: Draws) -> pl.DataFrame:
    """Return one row per parameter: its range, the value used otherwise, 90 % of the posterior, whether it is narrowed.

    narrower  by how much the draws' spread is less than that of the range, share
    chance    that so many different draws from the whole range lie so unevenly (Kolmogorov-Smirnov)
    """
    about = tables(PACKAGE_DATA / "parameters.toml")
    rows = []
    for name in draws.table.columns:
        low, high = float(about[name]["low"]), float(about[name]["high"])
        mine = draws.table[name].to_numpy()
        least, middle, most = (float(each) for each in np.quantile(mine, (0.05, 0.5, 0.95)))
        # Draws that are there several times are one observation.
        chance = float(ks_1samp((np.unique(mine) - low) / (high - low), _even).pvalue)
        rows.append(
            {"parameter": name, "unit": str(about[name]["unit"]), "low": low, "high": high}
            | {"value": float(about[name]["value"]), "least": least, "middle": middle, "most": most}
            | {"narrower": 1.0 - float(mine.std()) * 12.0**0.5 / (high - low), "chance": chance}
        )
    told = pl.DataFrame(rows)
    return told.with_columns(narrowed=pl.col("chance") < LEVEL / len(rows)).sort("chance")


def _even(share: float) -> float:
    """Return the even distribution's share below."""
    return share
