"""Where a chain can be cut: for every good the region that most of what the others buy comes from."""

import polars as pl

from abm.places import called
from experiments.app.charts.chart import SMALL, Case, Chart, Option, explained, on_phone, tidy, value_axis, whole
from experiments.app.charts.finding import described, empty, sources
from experiments.app.charts.theme import INKED
from experiments.chart_words import capital
from experiments.palette import colour

# From this part of its purchases on a region is said to hang on one other, in %.
HALF = 50.0
BAR = 26


def chokepoints(case: Case, trade: pl.DataFrame, year: int) -> Chart:
    """Return for every good which region the others get most of it from, largest on top.

    trade  units: scenario, date (a year's end), good, buyer, supplier, units; the first scenario as a hollow mark
    """
    mine = grips(trade.filter(scenario=case.name), year)
    if mine.is_empty():
        return empty("chokepoints", f"Nothing is traded in {year}", explained("chokepoints"))
    shown = mine.group_by("good", maintain_order=True).first().sort("share", "good", descending=[True, False])
    other = case.scenarios[0].name if len(case.scenarios) > 1 else ""
    if other:
        theirs = grips(trade.filter(scenario=other), year).select("good", "supplier", without="share")
        shown = shown.join(theirs, on=["good", "supplier"], how="left", maintain_order="left")
    rows = shown.to_dicts()
    top = rows[0]
    where = called(case.title(top["supplier"]))
    title = f"In {year} the others get {top['share']:.0f} % of the {case.story.good(top['good'])} they buy from {where}"
    said = (f"{case.story.good(row['good'])} {case.title(row['supplier'])} {row['share']:.0f} %" for row in rows)
    description = described(title, "; ".join(said))
    table = shown.with_columns(
        pl.col("supplier").replace_strict(dict(zip(case.world.regions, case.world.region_titles, strict=True)))
    )
    beside = f"; hollow: {other}" if other else ""
    unit = f"% of what all other regions buy of each good, {case.name}, {year}{beside}"
    option = _bars(case, rows[::-1]) | whole(description)
    source = sources(case, "Colour: the region that supplies most.", sign=f"Mean of the runs, {year}.")
    return Chart(
        "chokepoints", title, unit, source, explained("chokepoints"), description, option, table, 60 + BAR * len(rows)
    )


def grips(trade: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return by good and supplier: share of what all others buy, %, and how many of them get over half there.

    trade  of one scenario; the largest share of a good comes first
    """
    names = pl.col("good", "buyer", "supplier").cast(pl.String)
    found = trade.filter(pl.col("date").dt.year() == year).select(names, pl.col("units").cast(pl.Float64))
    world = found.group_by("good", maintain_order=True).agg(world=pl.col("units").sum())
    bought = found.group_by("good", "buyer", maintain_order=True).agg(bought=pl.col("units").sum())
    abroad = found.filter(pl.col("buyer") != pl.col("supplier")).join(
        bought, on=["good", "buyer"], maintain_order="left"
    )
    own = bought.select("good", supplier="buyer", own="bought")
    over = 100.0 * pl.col("units") / pl.col("bought") > HALF
    sums = abroad.group_by("good", "supplier", maintain_order=True).agg(pl.col("units").sum(), dependent=over.sum())
    told = sums.join(world, on="good", maintain_order="left").join(
        own, on=["good", "supplier"], how="left", maintain_order="left"
    )
    share = 100.0 * pl.col("units") / (pl.col("world") - pl.col("own").fill_null(0.0))
    return told.select("good", "supplier", "dependent", share=share).sort(
        "share", "good", "supplier", descending=[True, False, False]
    )


def _bars(case: Case, rows: list[dict[str, object]]) -> Option:
    """Return bars on their side, the last on top."""
    known = [(place, row["without"]) for place, row in enumerate(rows) if row.get("without") is not None]
    marks = [{"value": [tidy(float(str(without)), 3), place]} for place, without in known]
    words = {"fontSize": SMALL, "width": 210, "overflow": "truncate"}
    look = {"color": "transparent", "borderColor": INKED, "borderWidth": 1.8}
    label = {"show": True, "position": "right", "color": INKED, "fontSize": SMALL, "distance": 10}
    return {
        "grid": {"left": 220, "right": 130, "top": 8, "bottom": 28},
        "xAxis": value_axis(" %", min=0, max=100),
        "yAxis": {
            "type": "category",
            "data": [_ware(case, row) for row in rows],
            "axisTick": {"show": False},
            "axisLabel": {**words, "interval": 0},
        },
        "tooltip": {"trigger": "item", "confine": True},
        "series": [
            {"type": "bar", "data": [_bar(case, row) for row in rows], "label": label, "barMaxWidth": 16},
            {
                "type": "scatter",
                "data": marks,
                "symbol": "diamond",
                "symbolSize": 10,
                "itemStyle": look,
                "silent": True,
            },
        ],
        "media": on_phone(
            grid={"left": 116, "right": 92}, yAxis={"axisLabel": {**words, "interval": 0, "width": 108, "fontSize": 11}}
        ),
    }


def _bar(case: Case, row: dict[str, object]) -> Option:
    """Return the bar of a good in the colour of who supplies most of it."""
    share, supplier = float(str(row["share"])), str(row["supplier"])
    hanging = f"<br>{row['dependent']} regions get over half of theirs there"
    return {
        "value": tidy(share, 3),
        "itemStyle": {"color": colour(supplier)},
        "label": {"formatter": f"{case.title(supplier)} {share:.0f} %"},
        "tooltip": {"formatter": f"{_ware(case, row)}: {share:.1f} % from {case.title(supplier)}{hanging}"},
    }


def _ware(case: Case, row: dict[str, object]) -> str:
    """Return the name of the good of a row."""
    return str(capital(case.story.good(str(row["good"]))))
