"""Charts of the validation: history beside the model, forecasts side by side, and what is left of the priors."""

from collections.abc import Mapping

import polars as pl
from matplotlib.figure import Figure

from experiments.chart_frame import FOOT_SIZE, KEY_SIZE, sheet
from experiments.palette import FAINT, INK, QUIET, REGIONS, WORLD, colour, lettering
from experiments.sweeping_analysis.charts import axes

MODEL = REGIONS["US"]
MOST_PANELS = 12
_SHADES = (REGIONS["US"], REGIONS["KR"], WORLD, REGIONS["AU"], REGIONS["JP"])
_MARKS = ("o", "D", "|", "x", "+")


def draw_history(title: str, below: str, foot: str, told: pl.DataFrame) -> Figure:
    """Return panels of dated figures beside the model's mean and 90 % band, one for each series of a place.

    told  one row per figure: panel, region, episode, time, value, error, model, least and most
    """
    page = sheet(title, foot, below)
    panels = told.partition_by("panel", maintain_order=True)[:MOST_PANELS]
    columns = min(4, len(panels))
    rows = -(-len(panels) // columns)
    high = (page.top - page.bottom - 0.02) / rows
    for place, mine in enumerate(panels):
        row, column = divmod(place, columns)
        left, bottom = 0.05 + column * 0.945 / columns, page.top - 0.01 - (row + 1) * high + 0.045
        where = axes(page, (left, bottom, 0.945 / columns - 0.045, high - 0.12))
        some = mine.sort("time")
        time = some["time"].to_list()
        shade = colour(some["region"][0]) if some["region"][0] in REGIONS else MODEL
        for part in some.partition_by("episode", maintain_order=True):
            where.fill_between(part["time"], part["least"], part["most"], color=shade, alpha=0.2, linewidth=0.0)
            where.plot(part["time"], part["model"], color=shade, linewidth=2.0, marker="." if len(part) < 4 else "")
        where.errorbar(
            time, some["value"], yerr=1.645 * some["error"], fmt="o", color=INK, markersize=4.5, elinewidth=1.0
        )
        where.set_title(some["panel"][0], loc="left", fontsize=FOOT_SIZE, color=lettering(some["region"][0]))
        if (some["value"].to_numpy() >= 0.0).all() and (some["least"].to_numpy() >= 0.0).all():
            where.set_ylim(bottom=0.0)
        first, last = int(min(time)), int(max(time)) + 1
        where.set_xticks([*range(first, last, max(1, (last - first) // 3))])
    return page.figure


def draw_forecasts(title: str, foot: str, scores: pl.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Return the error of every forecast for every title, that which the model beats most first.

    scores  one row per title: told, and error_NAME for every name of labels
    """
    page = sheet(title, foot, "Mean distance from what was observed in 2019 to 2021, % of its mean size.")
    where = axes(page, (0.27, page.bottom + 0.055, 0.7, page.top - page.bottom - 0.1))
    names, count = [*labels], len(scores)
    for place, (name, tint, mark) in enumerate(zip(names, _SHADES, _MARKS, strict=False)):
        size = 90.0 if place == 0 else 55.0
        where.scatter(
            100.0 * scores[f"error_{name}"],
            range(count),
            s=size,
            color=tint,
            marker=mark,
            label=labels[name],
            zorder=9 - place,
        )
    where.set_yticks(range(count), scores["told"].to_list(), fontsize=KEY_SIZE)
    where.set_ylim(count - 0.4, -0.6)
    where.grid(visible=True, axis="x")
    where.grid(visible=True, axis="y", color=FAINT)
    where.set_xlim(left=0.0)
    where.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    where.legend(loc="lower right", fontsize=KEY_SIZE)
    return page.figure


def draw_posterior(title: str, foot: str, told: pl.DataFrame) -> Figure:
    """Return for every parameter where in its range the data allow it.

    told  one row per parameter: parameter, unit, low, high, value, least, middle, most and narrower
    """
    page = sheet(
        title,
        foot,
        "Bar: 90 % of the posterior; dot: its middle; line: the value used otherwise. Grey: the prior range.",
    )
    where = axes(page, (0.2, page.bottom + 0.03, 0.6, page.top - page.bottom - 0.06))
    for place, row in enumerate(told.iter_rows(named=True)):
        wide = row["high"] - row["low"]
        least, middle, most, value = ((row[name] - row["low"]) / wide for name in ("least", "middle", "most", "value"))
        where.barh(place, 1.0, height=0.72, color=FAINT)
        where.barh(place, most - least, left=least, height=0.46, color=MODEL)
        where.plot([middle], [place], "o", color="white", markersize=5.0)
        where.plot([value, value], [place - 0.4, place + 0.4], color=INK, linewidth=2.0)
        told_range = f"{row['low']:g} to {row['high']:g} {row['unit']}"
        where.text(1.02, place, told_range, va="center", fontsize=FOOT_SIZE, color=QUIET)
    where.set_yticks(range(len(told)), told["parameter"].to_list(), fontsize=KEY_SIZE)
    where.set_ylim(len(told) - 0.4, -0.6)
    where.set_xlim(0.0, 1.0)
    where.set_xticks([])
    where.grid(visible=False)
    return page.figure
