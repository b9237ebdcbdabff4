"""One firm: its books year by year, and whom it buys from."""

from collections.abc import Mapping, Sequence

import polars as pl

from abm.places import called
from experiments.app.charts.chart import (
    SMALL,
    YEAR,
    Calendar,
    Case,
    Chart,
    Option,
    explained,
    on_phone,
    tidy,
    value_axis,
    whole,
)
from experiments.app.charts.finding import described, empty, sources
from experiments.app.charts.panels import DIGITS, PHONE_COLUMNS, ROW, Panel, panels, rows
from experiments.app.charts.prices import dashed
from experiments.app.charts.theme import INKED
from experiments.chart_words import capital
from experiments.palette import colour

# What is drawn of a firm, what it is called, and from the unit of the table to that of the drawing.
BOOKS: Mapping[str, tuple[str, float]] = {
    "capacity": ("capacity, % of its start", 1.0),
    "output": ("output, % of its first year", 1.0),
    "cash": ("cash, billion dollars", 0.001),
    "debt": ("debt, billion dollars", 0.001),
}
MOST = 12


def books(case: Case, frame: pl.DataFrame, firm: str) -> Chart:
    """Return capacity, output, cash and debt of a firm at every year's end.

    frame  table of firms: scenario, run, date, good, firm, hq, capacity, output, cash, debt, bankrupt
    """
    own = frame.filter(pl.col("firm").cast(pl.String) == firm)
    if own.is_empty():
        return empty("books", f"{firm} has no books in this run", explained("books"))
    found = _mean_run(own)
    days = found["date"]
    axis = Calendar(days.min().year, days.max().year, YEAR)  # type: ignore[union-attr]
    names = [each.name for each in case.scenarios if each.name in found["scenario"]][::-1]
    shade = colour(str(own["hq"][0]))
    parts = []
    for column, (words, factor) in BOOKS.items():
        lines = [
            (name, axis.along(_scaled(found.filter(scenario=name), column, factor), column, digits=DIGITS)[0])
            for name in names
        ]
        low = min((value for _, line in lines for value in line if value is not None), default=0.0)
        parts.append(Panel(capital(words), tuple(lines), shade, unit="", ends=(min(0.0, low), None)))
    last = found.filter(scenario=case.name).sort("date").row(-1, named=True)
    grown = parts[0].lines[0][1][-1] or 0.0
    lost = f", and is bankrupt in {100.0 * last['bankrupt']:.0f} % of the runs" if last["bankrupt"] else ""
    title = f"{firm} ends {axis.last} with {grown:.0f} % of the capacity it began with{lost}"
    description = described(
        title, f"cash {last['cash'] / 1000.0:.1f} and debt {last['debt'] / 1000.0:.1f} billion dollars"
    )
    unit = f"at each year's end; solid {case.name}{dashed(case)}"
    heights = (rows(len(parts), 4) * ROW + 20, rows(len(parts), PHONE_COLUMNS) * ROW)
    option = panels(axis, parts) | whole(description)
    source = sources(case, sign="Lines: mean of the runs.")
    return Chart("books", title, unit, source, explained("books"), description, option, found, *heights)


def _mean_run(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the books of a firm by scenario and date; goods are added up as shares of what the firm began with."""
    keys = ("scenario", "date")
    first = frame["date"].min()
    started = frame.filter(pl.col("date") == first, pl.col("capacity") > 0.0)["good"].cast(pl.String).unique()
    made = frame.filter(pl.col("good").cast(pl.String).is_in(started.implode()))
    sums = made.group_by(keys, maintain_order=True).agg(pl.col("capacity", "output").cast(pl.Float64).sum())
    own = pl.col("cash", "debt", "bankrupt").cast(pl.Float64).mean()
    return sums.join(frame.group_by(keys, maintain_order=True).agg(own), on=keys, maintain_order="left").sort(keys)


def _scaled(found: pl.DataFrame, column: str, factor: float) -> pl.DataFrame:
    """Return a column in the unit of the drawing."""
    value = pl.col(column)
    scaled = 100.0 * value / value.first() if factor == 1.0 else factor * value
    return found.sort("date").with_columns(scaled.alias(column))


def suppliers(case: Case, frame: pl.DataFrame, firm: str) -> Chart:
    """Return whom a firm buys from, as bars coloured by where the supplier stands.

    frame  input, supplier, region (code of its plant), share (0 to 1 of the purchases of the input)
    """
    told = _largest(frame)
    if not told:
        return empty("suppliers", f"{firm} buys nothing that is traded here", explained("suppliers"))
    ware, name, region, share = told[0]
    title = f"{firm} buys {share:.0f} % of its {case.story.good(ware)} from {name} in {called(case.title(region))}"
    return _partners(case, "suppliers", title, told, "the firm's purchases of each input")


def customers(case: Case, frame: pl.DataFrame, firm: str) -> Chart:
    """Return whom a firm sells to, as bars coloured by where the customer stands.

    frame  good, customer, region (code of where it buys), share (0 to 1 of what is sold of the good)
    """
    told = _largest(frame)
    if not told:
        return empty("customers", f"{firm} sells nothing", explained("customers"))
    ware, name, region, share = told[0]
    title = f"{firm} sells {share:.0f} % of its {case.story.good(ware)} to {name} in {called(case.title(region))}"
    return _partners(case, "customers", title, told, "what the firm sells of each good")


def _largest(frame: pl.DataFrame) -> list[tuple[str, str, str, float]]:
    """Return ware, partner, region and share in % of the largest partners."""
    ware, who, where, share = frame.columns
    ordered = frame.sort(share, who, where, ware, descending=[True, False, False, False]).head(MOST)
    return [(str(a), str(b), str(c), 100.0 * float(part)) for a, b, c, part in ordered.rows()]


def _partners(case: Case, code: str, title: str, told: Sequence[tuple[str, str, str, float]], of: str) -> Chart:
    """Return the chart of a firm's partners.

    told  ware, partner, region and share in %;  of  what shares are shares of
    """
    described_as = "; ".join(f"{who}, {case.title(where)}, {part:.0f} % of {ware}" for ware, who, where, part in told)
    description = described(title, described_as)
    option = _lying(case, [(who, where, part, ware) for ware, who, where, part in told[::-1]]) | whole(description)
    source = sources(case, "Colour: where the partner's plant or buyer is.", sign="One run.")
    table = pl.DataFrame(
        [(case.story.good(ware), who, case.title(where), part) for ware, who, where, part in told],
        schema=["good", "partner", "region", "share"],
        orient="row",
    )
    height = 60 + 38 * len(told)
    return Chart(code, title, f"% of {of}, {case.name}", source, explained(code), description, option, table, height)


def _lying(case: Case, told: Sequence[tuple[str, str, float, str]]) -> Option:
    """Return bars on their side, the last on top.

    told  partner, region, share in % and ware
    """
    names = [f"{who}, {case.title(where)}" for who, where, *_ in told]
    bars = [
        {"value": tidy(part, 3), "itemStyle": {"color": colour(where)}, "name": f"{name}: {case.story.good(ware)}"}
        for name, (_, where, part, ware) in zip(names, told, strict=True)
    ]
    label = {"show": True, "position": "right", "formatter": "{c} %", "color": INKED, "fontSize": SMALL}
    words = {"fontSize": SMALL, "width": 240, "overflow": "truncate", "lineHeight": 14, "interval": 0}
    return {
        "grid": {"left": 254, "right": 56, "top": 8, "bottom": 28},
        "xAxis": value_axis(" %", min=0),
        "yAxis": {
            "type": "category",
            # A name may come twice, with another ware.
            "data": [f"{name}\n{case.story.good(ware)}" for name, (*_, ware) in zip(names, told, strict=True)],
            "axisTick": {"show": False},
            "axisLabel": words,
        },
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{b}: <b>{c} %</b>"},
        "series": [{"type": "bar", "data": bars, "label": label, "barMaxWidth": 18}],
        "media": on_phone(grid={"left": 158}, yAxis={"axisLabel": {**words, "width": 148, "fontSize": 11}}),
    }
