"""Backcasts: 2009 to 2015 and 2015 to 2021 told again, every figure of history beside the runs, fit and check apart."""

from collections.abc import Iterator
from functools import partial

import polars as pl

from experiments.sweeping_analysis.charts import Chart
from experiments.validation.episodes import Episode, told
from experiments.validation.observed import history, tellable
from experiments.validation.panels import draw_history
from experiments.validation.section import Finding, Section

# A series is told if it is off by less than this share of its mean size.
TOLERANCE = 0.15
ROLES = {"fit": "parameters are fitted to it", "check": "never fitted to", "held": "2019 on, never fitted to"}
# Which panels a picture has: titles, goods and regions in their order, by its name.
PICTURES = {
    "rare-earths": (
        ("prices of rare-earth oxides", ("WORLD",)),
        ("share of imports from China", ("JP",)),
        ("China's exports", ("CN",)),
        ("mine output (BGS)", ("CN", "US", "AU")),
        ("import dependence", ("US",)),
    ),
    "chips": (
        ("shares of chip capacity (SEMI)", ("US", "CN", "TW", "KR", "EU")),
        ("chip makers' investment", ("WORLD",)),
        ("fab tools bought", ("CN", "TW", "KR", "US", "JP", "EU")),
    ),
    "batteries-and-cars": (
        ("price of packs", ("WORLD",)),
        ("electric share of sales", ("WORLD", "CN", "EU", "US", "JP", "KR")),
        ("shares of cell capacity", ("CN", "US", "EU")),
        ("cars built", ("CN", "US")),
    ),
}
WORDS = {
    "rare-earths": "Rare earths, 2009 to 2021",
    "chips": "Chips, 2015 to 2021",
    "batteries-and-cars": "Cells and cars, 2010 to 2021",
}


def backcasts(early: Episode, late: Episode) -> Section:
    """Return what two episodes say of every figure in them.

    early, late  from 2009 and from 2015 on, with the same parameters
    """
    figures = told(early, late)
    scores = _scores(figures)
    _, untold = tellable(history(*early.files))
    tables = {
        "How well each series is told": _shown(scores),
        "Every figure": _every(figures),
        "Series that nothing can be said of": untold,
    }
    named = "posterior" if early.draws else "central"
    return Section(
        f"backcasts-{named}",
        f"Backcasts with {'parameters drawn from the posterior' if early.draws else 'the central parameters'}",
        "Two episodes are played again from what was known at their start: January 2009 with the quota of 2010, and "
        "January 2015 with every dated measure and shock until 2021. Figures of a first year, and those that set the "
        "level of an index, are left out: the model was told them. A series counts as told where the mean of the runs "
        f"is off by at most {100 * TOLERANCE:.0f} % of its mean size.",
        findings=tuple(_findings(scores)),
        tables=tables,
        charts=tuple(
            _charts(pl.concat(each.figures.with_columns(episode=pl.lit(each.name)) for each in (early, late)))
        ),
    )


def _scores(figures: pl.DataFrame) -> pl.DataFrame:
    """Return one row per title, good and role: figures, error, coverage and score."""
    off = (pl.col("model") - pl.col("value")).abs()
    size = pl.col("value").abs().mean()
    grouped = figures.group_by("role", "title", "good", maintain_order=True).agg(
        pl.len().alias("figures"),
        (off.mean() / size).alias("error"),
        pl.col("inside").mean().alias("in_band"),
        (pl.col("crps").mean() / size).alias("crps"),
    )
    return grouped.sort("role", "error", descending=[False, True], maintain_order=True)


def _findings(scores: pl.DataFrame) -> Iterator[Finding]:
    """Yield a finding for every title and role, the worst first."""
    for row in scores.sort("error", descending=True, maintain_order=True).iter_rows(named=True):
        words = (
            f"{row['title']} ({row['good']}): off by {100 * row['error']:.0f} % of mean size over {row['figures']} "
            f"figures, {100 * row['in_band']:.0f} % of them in the 90 % band; {ROLES[row['role']]}."
        )
        yield Finding(f"{row['title']}, {row['good']}, {row['role']}", words, bool(row["error"] <= TOLERANCE))


def _shown(scores: pl.DataFrame) -> pl.DataFrame:
    """Return scores as a table shows them."""
    share = [(100.0 * pl.col(name)).round(1).alias(f"{name}, %") for name in ("error", "in_band", "crps")]
    return scores.select("role", "title", "good", "figures", *share)


def _every(figures: pl.DataFrame) -> pl.DataFrame:
    """Return every figure as a table shows it."""
    numbers = [pl.col(name).round_sig_figs(4) for name in ("value", "model", "least", "most")]
    return figures.select("title", "good", "region", "date", "unit", "role", *numbers, "inside")


def _charts(figures: pl.DataFrame) -> Iterator[Chart]:
    """Yield the pictures."""
    time = pl.col("year") + pl.coalesce((pl.col("month").dt.month() - 0.5) / 12.0, 0.5)
    timed = figures.with_columns(time=time)
    for name, asked in PICTURES.items():
        parts = [
            timed.filter(pl.col("title") == title, pl.col("region") == region)
            for title, regions in asked
            for region in regions
        ]
        some = pl.concat(parts).with_columns(panel=_panel())
        some = some.filter(pl.len().over("panel") > 1)
        if some.is_empty():
            continue
        open_ = some.filter(~pl.col("given"))
        inside = int(open_["inside"].sum())
        title = f"{WORDS[name]}: {inside} of {len(open_)} figures lie in the model's 90 % band"
        below = "Dots: observed, with 90 % of their own error. Line and band: mean and 90 % of the runs."
        foot = "Observed: abm/data/history.csv. Lines begin anew in 2015; an index begins where history does."
        yield Chart(name, title, partial(draw_history, title, below, foot, some))


def _panel() -> pl.Expr:
    """Return the heading of a panel: what, where and in which unit."""
    metal = pl.col("series").str.extract(r"^price_(nd|dy|tb)_", 1).str.to_titlecase()
    what = pl.when(metal.is_not_null()).then(pl.concat_str(metal, pl.lit(" oxide"))).otherwise(pl.col("title"))
    return pl.concat_str(what, pl.lit(", "), pl.col("region"), pl.lit("\n"), pl.col("unit"))
