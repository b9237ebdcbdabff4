"""One good on the map of the world: who ships to whom, and who depends on others."""

import math

import polars as pl

from experiments.app.charts.chart import SMALL, Case, Chart, Option, explained, on_phone, plain, tidy, whole
from experiments.app.charts.finding import described, empty, sources
from experiments.app.charts.flows import FAINT, MAP, MOST, PLACES, dependence, finding, purchases
from experiments.app.charts.theme import INKED
from experiments.palette import colour

# From a region that buys nothing abroad to one that buys all: one hue, light to dark, readable in grey.
SHADES = ("#f3efe3", "#e3cf9c", "#d3a75a", "#b97a2b", "#8a4d12")
WIDEST, THINNEST = 14.0, 1.2
GEO: Option = {
    "map": MAP,
    "aspectScale": 0.8,
    "left": 4,
    "right": 4,
    "top": 4,
    "bottom": 40,
    "boundingCoords": [[-168, 76], [192, -52]],
    "itemStyle": {"areaColor": SHADES[0], "borderColor": "#7a7a7a", "borderWidth": 0.6},
    "emphasis": {"label": {"show": False}, "itemStyle": {"areaColor": None, "borderWidth": 1.5}},
    "select": {"disabled": True},
}
SCALE: Option = {
    "min": 0,
    "max": 100,
    "seriesIndex": 0,
    "inRange": {"color": [*SHADES]},
    "orient": "horizontal",
    "left": "center",
    "bottom": 0,
    "itemWidth": 12,
    "itemHeight": 180,
    "text": ["100 % from abroad", "0 %"],
    "textStyle": {"color": INKED, "fontSize": SMALL},
}


def atlas(case: Case, trade: pl.DataFrame, good: str, year: int) -> Chart:
    """Return a good's flows between regions in a year on the map; the darker a region, the more it buys abroad.

    trade  units: scenario, run, date (a year's end), good, buyer, supplier, units
    """
    found, ware = purchases(trade, case.name, year, [good]), case.story.good(good)
    if found.is_empty():
        return empty(f"map_{good}", f"No {ware} is traded in {year}", explained("map"))
    needs, title = dependence(found), finding(case, found, year, ware)
    abroad = found.filter(pl.col("buyer") != pl.col("supplier"), pl.col("share") >= FAINT).head(MOST)
    areas = [
        {
            "name": region,
            "value": tidy(part, 3),
            "tooltip": {"formatter": plain(_told(case, region, ware, needs[region]))},
        }
        for region, (part, _, _) in needs.items()
    ]
    widest = abroad["share"].max()
    scale = widest if isinstance(widest, float) else 1.0
    lines = [_line(case, (buyer, supplier), share, scale) for buyer, supplier, share in abroad.rows()]
    said = "; ".join(_told(case, region, ware, need) for region, need in needs.items())
    description = described(title, said)
    option = _world(areas, lines) | whole(description)
    source = sources(
        case,
        f"Lines: the {len(lines)} largest flows, as wide as they are large, coloured by supplier.",
        "Shapes: Natural Earth.",
        sign=f"Mean of the runs, {year}.",
    )
    unit = f"colour: % of a region's {ware} bought abroad, {case.name}, {year}"
    return Chart(f"map_{good}", title, unit, source, explained("map"), description, option, found, 520, 340)


def _told(case: Case, region: str, ware: str, need: tuple[float, str, float]) -> str:
    """Return what a region buys abroad, and from whom most."""
    part, first, share = need
    most = f", {share:.0f} % from {case.title(first)}" if first else ""
    return f"{case.title(region)} buys {part:.0f} % of its {ware} abroad{most}"


def _line(case: Case, ends: tuple[str, str], share: float, widest: float) -> Option:
    """Return a flow from supplier to buyer.

    ends  buyer and supplier;  widest  share of the largest flow
    """
    buyer, supplier = ends
    wide = THINNEST + (WIDEST - THINNEST) * math.sqrt(share / widest)
    return {
        "name": f"{case.title(supplier)} to {case.title(buyer)}: {share:.1f} % of what the world buys",
        "coords": [[*PLACES[supplier]], [*PLACES[buyer]]],
        "lineStyle": {"color": colour(supplier), "width": tidy(wide, 3)},
    }


def _world(areas: list[Option], lines: list[Option]) -> Option:
    """Return the map with its lines and its scale."""
    return {
        "geo": GEO,
        "visualMap": SCALE,
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{b}"},
        "series": [
            {"type": "map", "map": MAP, "geoIndex": 0, "data": areas},
            {
                "type": "lines",
                "coordinateSystem": "geo",
                "data": lines,
                "symbol": ["none", "arrow"],
                "symbolSize": 9,
                "lineStyle": {"curveness": 0.22, "opacity": 0.8},
                "emphasis": {"lineStyle": {"opacity": 1}},
                "z": 3,
            },
        ],
        "media": on_phone(visualMap={"itemHeight": 110}),
    }
