"""Held out: what the model, fitted to figures up to 2018, says of 2019 to 2021, beside what simple forecasts say."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from experiments.sweeping_analysis.charts import Chart
from experiments.validation.episodes import FITTED, LATE, Episode
from experiments.validation.observed import KEY, PLACE
from experiments.validation.panels import draw_forecasts
from experiments.validation.rivals import NAMES, forecasts
from experiments.validation.scores import by_title, crps, readings, sure
from experiments.validation.section import Finding, Section

LABELS = {
    "anchored": "the model, from the last figure known",
    "model": "the model as it is",
    "no_change": "no change",
    "trend": "linear trend",
    "armington": "static Armington",
}
# The model as it is, and moved so that it agrees with the last figure known, as whoever uses a model to forecast does.
MODEL, ANCHORED = "model", "anchored"
FORECASTS = (MODEL, ANCHORED, *NAMES)


def held_out(late: Episode, fitted: int = FITTED) -> pl.DataFrame:
    """Return the figures that nothing was fitted to, with all forecasts and their scores.

    fitted  last year of figures that anybody knows
    last    of a row: the last figure known before, or what the model starts from where there is none
    """
    mine = late.figures
    open_ = mine.filter(pl.col("role") != "fit", pl.col("year") > fitted).select(PLACE).unique()
    rows = mine.join(open_, on=PLACE, how="semi", maintain_order="left").join(
        late.start, on=PLACE, how="left", maintain_order="left"
    )
    known = rows.filter((pl.col("year") <= fitted) | pl.col("given")).sort("year")
    # A growth rate has no start; where no earlier one is known either, nobody could say that it does not change.
    rows = rows.filter(
        pl.col("start").is_not_null() | pl.struct(PLACE).is_in(known.select(pl.struct(PLACE)).to_series())
    )
    before = known.group_by(PLACE, maintain_order=True).agg(pl.col("value", "model").last().name.suffix("_last"))
    # A straight line may go through figures from before the episode too.
    earlier = late.rows.filter(pl.col("year") < late.years[0]).with_columns(given=pl.lit(value=True), early=True)
    parts = [earlier.join(open_, on=PLACE, how="semi", maintain_order="left"), rows.with_columns(early=False)]
    simple = forecasts(pl.concat(parts, how="diagonal_relaxed"), fitted, late.folder, late.scenario)
    told = simple.join(before, on=PLACE, how="left", maintain_order="left").with_columns(
        known=pl.col("value_last").is_not_null(),
        last=pl.col("value_last").fill_null(pl.col("start")),
        model_last=pl.col("model_last").fill_null(pl.col("start")),
    )
    return _scored(_anchored(told, late.runs))


def held(late: Episode, fitted: int = FITTED) -> Section:
    """Return how the model's forecasts compare with simple ones, series by series."""
    figures = held_out(late, fitted)
    scores = by_title(figures, FORECASTS).with_columns(told=pl.concat_str("title", pl.lit(", "), "good"))
    best = pl.min_horizontal(f"error_{name}" for name in NAMES)
    scores = scores.with_columns(beats=pl.col(f"error_{ANCHORED}") < best, ratio=pl.col(f"error_{ANCHORED}") / best)
    scores = scores.sort("ratio", "told")
    won, count = int(scores["beats"].sum()), len(scores)
    years = figures["year"].to_list()
    span = f"{min(years)} to {max(years)}"
    title = f"In {won} of {count} series the model is nearer to {span} than all three simple forecasts"
    earlier = scores.filter("known")
    summary = (
        f"{title}; so in {earlier['beats'].sum()} of the {len(earlier)} series of which an earlier figure is known. "
        f"{100 * figures['inside'].to_numpy().mean():.0f} % of the figures lie in its 90 % band."
    )
    findings = [Finding("benchmarks", summary, won > count / 2)]
    findings += [_finding(row) for row in scores.iter_rows(named=True)]
    named = f"-{late.name}" if late.name != LATE else ""
    foot = f"{len(figures)} figures of abm/data/history.csv that nothing was fitted to. Known: those up to {fitted}."
    return Section(
        f"held-out{named}",
        "Forecasts of what was held out",
        f"Known are figures up to {fitted}, and the first of an index; what came after is told without. The model "
        "is moved so that it agrees with the last figure known, as forecasters do; its own level is "
        "scored beside it. Simple forecasts: no change since that figure; a straight line through those known; and a "
        "static Armington calculation, in which buyers divide the purchases of the first year anew under the tariffs "
        "since. Where no earlier figure is known, all begin from what the model starts from.",
        findings=findings,
        tables={"Scores": _table(scores), "Every forecast": _forecasts(figures)},
        charts=(Chart("held-out", title, partial(draw_forecasts, title, foot, scores, LABELS)),),
    )


def _finding(row: Mapping[str, Any]) -> Finding:
    """Return what a series' scores say."""
    mine, rivals = 100.0 * row[f"error_{ANCHORED}"], {name: 100.0 * row[f"error_{name}"] for name in NAMES}
    near = min(rivals, key=lambda name: rivals[name])
    said = (
        f"{row['told']}: the model is off by {mine:.1f} % of mean size over {row['figures']} figures, "
        f"{LABELS[near]} by {rivals[near]:.1f} %{'' if row['known'] else ', from what the model starts from'}."
    )
    why = (
        "" if row["beats"] else f"{LABELS[near].capitalize()} was at least as near: what moved it is not in the model."
    )
    return Finding(row["told"], said, bool(row["beats"]), why)


def _table(scores: pl.DataFrame) -> pl.DataFrame:
    """Return scores as a table shows them: error, share of moves whose sign is right and ranked score, all in %."""
    columns = [
        (100.0 * pl.col(f"{kind}_{name}")).round(1).alias(f"{kind} {name}, %")
        for kind in ("error", "right", "crps")
        for name in FORECASTS
    ]
    return scores.select(
        "title", "good", "figures", *columns, (100.0 * pl.col("inside")).round(0).alias("in band, %"), "beats"
    )


def _forecasts(figures: pl.DataFrame) -> pl.DataFrame:
    """Return every figure with its forecasts as a table shows them."""
    numbers = [pl.col(name).round_sig_figs(4) for name in ("value", *FORECASTS)]
    return figures.select("title", "good", "region", "date", "unit", *numbers)


def _anchored(told: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return figures with what the runs say once they agree with the last figure known, and its score.

    Shares are shifted, all else is scaled.
    """
    share = pl.col("unit").str.starts_with("%") | (pl.col("model_last") <= 0.0)
    moved = told.with_columns(
        factor=pl.when(share).then(1.0).otherwise(pl.col("last") / pl.col("model_last")),
        shift=pl.when(share).then(pl.col("last") - pl.col("model_last")).otherwise(0.0),
    )
    every = runs.select(*KEY, "model").join(moved.select(*KEY, "factor", "shift"), on=KEY, how="inner")
    of_run = every.with_columns(model=pl.col("model") * pl.col("factor") + pl.col("shift"))
    grouped = of_run.group_by(KEY, maintain_order=True).agg(pl.col("model").alias("ensemble"))
    both = moved.join(grouped, on=KEY, how="left", maintain_order="left")
    scores = [
        crps(readings(np.array(ensemble), error), value)
        for ensemble, error, value in both.select("ensemble", "error", "value").iter_rows()
    ]
    return both.with_columns(
        pl.Series(f"crps_{ANCHORED}", scores), pl.col("ensemble").list.mean().alias(ANCHORED)
    ).drop("ensemble", "factor", "shift")


def _scored(told: pl.DataFrame) -> pl.DataFrame:
    """Return figures with the score of every simple forecast."""
    scores = {
        f"crps_{name}": [
            sure(forecast, error, value) for forecast, error, value in told.select(name, "error", "value").iter_rows()
        ]
        for name in NAMES
    }
    return told.rename({"crps": f"crps_{MODEL}"}).with_columns(
        **{name: pl.Series(each, dtype=pl.Float64) for name, each in scores.items()}
    )
