"""What nobody delivered: cars that were not built, doses that no patient got."""

from collections.abc import Sequence

import polars as pl

from experiments.app.charts.chart import (
    SMALL,
    Case,
    Chart,
    Option,
    explained,
    hover,
    legend,
    rounded,
    value_axis,
    whole,
)
from experiments.app.charts.finding import described, sources
from experiments.app.charts.theme import INKED
from experiments.chart_words import capital, known, listed
from experiments.palette import WORLD as GREY

# A smaller part of what was ordered, in %, is nothing.
NOTHING = 0.005
# Of an amount, after the point.
DIGITS = 6
LOOKS: tuple[Option, ...] = ({"color": GREY}, {"color": "transparent", "borderColor": INKED, "borderWidth": 1})


def lost(case: Case, frame: pl.DataFrame, goods: Sequence[str], code: str) -> Chart:
    """Return what final buyers gave up year by year, because nobody delivered.

    frame  as ``market`` returns it;  goods  counted in one unit, added up;  code  of the chart behind ``lost_``
    """
    found = frame.filter(pl.col("good").is_in(list(goods))).with_columns(year=pl.col("date").dt.year())
    sums = found.group_by("scenario", "year", maintain_order=True).agg(pl.col("lost", "demand").sum()).sort("year")
    names = [each.name for each in case.scenarios][::-1]
    # What arithmetic leaves of nothing would have an axis of its own.
    drawn = {name: rounded(sums.filter(scenario=name)["lost"].round(DIGITS)) for name in names}
    years = [str(year) for year in sums["year"].unique().sort()]
    unit = case.world.goods.unit[case.world.goods.code.index(goods[0])]
    title = _title(case, sums, listed([case.story.good(good) for good in goods]), unit)
    told = zip(years, drawn[case.name], strict=True)
    description = described(title, "; ".join(f"{year}: {known(value):,.0f}" for year, value in told))
    bars = [
        {"name": name, "type": "bar", "data": drawn[name], "itemStyle": look, "barMaxWidth": 30}
        for name, look in zip(names, LOOKS, strict=False)
    ]
    boxes = [(place, str(bar["name"]), "transparent") for place, bar in enumerate(bars)]
    label = {"fontSize": SMALL, "hideOverlap": True}
    option = {
        "grid": {"left": 72, "right": 12, "top": 34, "bottom": 30},
        "xAxis": {"type": "category", "data": years, "axisTick": {"show": False}, "axisLabel": label},
        "yAxis": value_axis(),
        "legend": legend([str(bar["name"]) for bar in bars]),
        "tooltip": hover(boxes, f" {unit}"),
        "series": bars,
    }
    source = sources(case, sign="Bars: mean of the runs." if case.runs > 1 else "Bars: one run.")
    whole_option = {**option, **whole(description)}
    return Chart(
        f"lost_{code}", title, f"{unit} a year", source, explained("lost"), description, whole_option, sums, 340
    )


def _title(case: Case, sums: pl.DataFrame, ware: str, unit: str) -> str:
    """Return how much is lost over the whole run.

    sums  lost and demand by scenario and year
    """
    lost, asked = (_sum(sums, case.name, column) for column in ("lost", "demand"))
    part = 100.0 * lost / asked if asked else 0.0
    if part < NOTHING:
        return f"Every order for {ware} is delivered with {case.name}, at once or later"
    other = case.scenarios[0].name
    beside = f" ({other}: {_sum(sums, other, 'lost'):,.0f})" if other != case.name else ""
    never = f"{capital(ware)}: {lost:,.0f} {unit} are never delivered with {case.name}{beside}"
    return f"{never}, {part:.2g} % of what is ordered"


def _sum(sums: pl.DataFrame, name: str, column: str) -> float:
    """Return the sum of a column over all years of a scenario."""
    return float(sums.filter(scenario=name)[column].sum())
