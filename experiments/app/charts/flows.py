"""Who buys from whom: a chain stage by stage, and one good on the map of the world."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from abm.places import called
from abm.world import World
from experiments.app.charts.chart import SMALL, Case, Chart, Option, explained, on_phone, tidy, whole
from experiments.app.charts.finding import described, empty, sources
from experiments.app.charts.theme import EDGE, GROUND, INKED
from experiments.chart_data import chains
from experiments.chart_words import capital
from experiments.palette import colour

MAP = "world"
# Flows under these shares of what is traded in a stage, or on the map, in %, are left out, and more than so many.
THIN, FAINT, MOST = 1.0, 0.4, 24
# A region that buys less than this share of the world's purchases of a good is not spoken of, in %.
SMALL_BUYER = 2.0
# Where lines begin and end: in the middle of where the factories are, degrees east and north.
PLACES: Mapping[str, tuple[float, float]] = {
    "US": (-98.0, 39.0), "EU": (10.0, 49.5), "CN": (108.0, 33.0), "TW": (121.0, 23.7), "JP": (138.5, 36.5),
    "KR": (127.8, 36.4), "AU": (134.0, -25.0), "IN": (78.5, 21.5), "SEA": (106.0, 5.0), "ROW": (45.0, -5.0),
}  # fmt: skip


RIVER: Option = {
    "id": "flows",
    "type": "sankey",
    "animation": False,
    "top": 34,
    "bottom": 12,
    "left": 8,
    "right": 8,
    "nodeWidth": 14,
    "nodeGap": 9,
    "draggable": False,
    "emphasis": {"focus": "adjacency"},
    "lineStyle": {"color": "source", "opacity": 0.4, "curveness": 0.5},
    "label": {"color": INKED, "fontSize": SMALL, "textBorderColor": GROUND, "textBorderWidth": 2},
}


@cache
def shapes() -> Mapping[str, Any]:
    """Return the shapes of the regions, which a page registers as the map ``world``."""
    text = files("experiments.app").joinpath("data/regions.geojson").read_text(encoding="utf-8")
    return dict(json.loads(text))


def stages(world: World, chain: str) -> list[tuple[str, ...]]:
    """Return the goods of a chain stage by stage, as the recipes make one of another."""
    members, codes = chains(world.goods.code, world.goods.chain)[chain], world.goods.code
    recipes = world.recipes
    uses = {(codes[recipes.good[user]], codes[given]) for user, given in zip(recipes.user, recipes.input, strict=True)}
    depth = dict.fromkeys(members, 0)
    for _ in members:
        for good, given in uses:
            if good in depth and given in depth:
                depth[good] = max(depth[good], depth[given] + 1)
    return [tuple(good for good in members if depth[good] == stage) for stage in range(max(depth.values()) + 1)]


def purchases(trade: pl.DataFrame, scenario: str, year: int, goods: Sequence[str]) -> pl.DataFrame:
    """Return what buyers bought of some goods in a year, mean of the runs, in % of what the world bought.

    trade  units: scenario, run, date (a year's end), good, buyer, supplier, units
    """
    wanted = trade.filter(
        pl.col("scenario") == scenario,
        pl.col("date").dt.year() == year,
        pl.col("good").cast(pl.String).is_in(list(goods)),
    )
    ends = [pl.col(name).cast(pl.String) for name in ("buyer", "supplier")]
    sums = wanted.group_by(*ends, maintain_order=True).agg(pl.col("units").cast(pl.Float64).sum())
    part = 100.0 * pl.col("units") / pl.col("units").sum()
    return sums.select("buyer", "supplier", share=part).sort(
        "share", "buyer", "supplier", descending=[True, False, False]
    )


def largest(found: pl.DataFrame) -> tuple[str, str, float] | None:
    """Return the buyer that depends most on one foreign supplier, that supplier, and the share of its purchases, %.

    found  as ``purchases`` returns it
    """
    bought = pl.col("share").sum().over("buyer")
    of = found.with_columns(part=100.0 * pl.col("share") / bought, bought=bought)
    abroad = of.filter(pl.col("buyer") != pl.col("supplier"), pl.col("bought") >= SMALL_BUYER).sort(
        "part", descending=True, maintain_order=True
    )
    return None if abroad.is_empty() else abroad.select("buyer", "supplier", "part").row(0)


def dependence(found: pl.DataFrame) -> dict[str, tuple[float, str, float]]:
    """Return by buyer: share of its purchases from abroad, its largest foreign supplier and that one's share, %."""
    told = {}
    for buyer in dict.fromkeys(found["buyer"]):
        rows = found.filter(buyer=buyer).select("supplier", "share").rows()
        bought = sum(share for _, share in rows)
        foreign = [(supplier, 100.0 * share / bought) for supplier, share in rows if supplier != buyer and bought > 0.0]
        first = max(foreign, key=lambda pair: pair[1], default=("", 0.0))
        told[buyer] = (sum(part for _, part in foreign), *first)
    return told


def finding(case: Case, found: pl.DataFrame, year: int, ware: str) -> str:
    """Return which buyer depends most on whom."""
    most = largest(found)
    if most is None:
        return f"In {year} nobody buys {ware} abroad"
    buyer, supplier, part = most
    here, there = (called(case.title(region)) for region in (buyer, supplier))
    return f"In {year} {here} gets {part:.0f} % of the {ware} it buys from {there}"


def sankey(case: Case, trade: pl.DataFrame, chain: str, year: int) -> Chart:
    """Return who sells to whom along a chain in a year: each stage is as wide as all that is traded in it.

    trade  units: scenario, run, date (a year's end), good, buyer, supplier, units;  chain  name of the chain
    """
    steps = stages(case.world, chain)
    found = [purchases(trade, case.name, year, goods) for goods in steps]
    wares = [_ware(case, goods) for goods in steps]
    if all(each.is_empty() for each in found):
        return empty(f"sankey_{chain}", f"Nothing of this chain is traded in {year}", explained("sankey"))
    tops = {ware: finding(case, each, year, ware) for ware, each in zip(wares, found, strict=True) if each.height}
    most = max((largest(each) or ("", "", 0.0))[2] for each in found if each.height)
    title = next(
        (
            words
            for (ware, words), each in zip(tops.items(), found, strict=False)
            if (largest(each) or ("", "", 0.0))[2] == most
        ),
        "",
    )
    links = [
        {"source": f"{stage}|{supplier}", "target": f"{stage + 1}|{buyer}", "value": tidy(share, 3)}
        for stage, each in enumerate(found)
        for buyer, supplier, share in each.filter(pl.col("share") >= THIN).rows()
    ]
    nodes = [_node(case, name) for name in sorted({str(link[end]) for link in links for end in ("source", "target")})]
    heads = [*(f"{capital(ware)} from" for ware in wares), "bought by"]
    description = described(title, *(_told(case, each, ware) for each, ware in zip(found, wares, strict=True)))
    option = _river(nodes, links, heads) | whole(description)
    columns = [
        each.with_columns(good=pl.lit(ware)).select("good", "supplier", "buyer", "share")
        for ware, each in zip(wares, found, strict=True)
    ]
    source = sources(case, f"Flows under {THIN:g} % are left out.", sign=f"Mean of the runs, {year}.")
    unit = f"% of all that is bought in each stage, {case.name}, {year}"
    return Chart(
        f"sankey_{chain}", title, unit, source, explained("sankey"), description, option, pl.concat(columns), 480, 560
    )


def _ware(case: Case, goods: Sequence[str]) -> str:
    """Return the name of some goods."""
    return (
        case.story.good(goods[0])
        if len(goods) == 1
        else " and ".join(case.story.good(good) for good in goods)
        if len(goods) < 3
        else "chips"
    )


def _told(case: Case, found: pl.DataFrame, ware: str) -> str:
    """Return the largest flows of a stage in words."""
    rows = found.filter(pl.col("buyer") != pl.col("supplier")).head(3).rows()
    flows = ", ".join(f"{case.title(supplier)} to {case.title(buyer)} {share:.0f} %" for buyer, supplier, share in rows)
    return f"largest flows of {ware}: {flows}"


def _node(case: Case, name: str) -> Option:
    """Return a region in a stage."""
    stage, region = name.split("|")
    look = {"color": colour(region), "borderColor": EDGE, "borderWidth": 1}
    return {"name": name, "depth": int(stage), "itemStyle": look, "label": {"formatter": case.title(region)}}


def _river(nodes: list[Option], links: list[Option], heads: Sequence[str]) -> Option:
    """Return stages from left to right, with their names on top."""
    last, look = len(heads) - 1, {"fontSize": SMALL, "fontWeight": "bold"}
    titles: list[Option] = [
        {"text": head, "top": 0, "left": f"{1 + place * 88 / last:.0f}%", "textStyle": look}
        for place, head in enumerate(heads[:-1])
    ]
    titles.append({"text": heads[-1], "top": 0, "right": 8, "textStyle": look})
    for node in nodes:
        if node["depth"] == last:
            node["label"] = {**node["label"], "position": "left"}
    narrow = {**look, "fontSize": 10, "lineHeight": 12, "width": 84, "overflow": "break"}
    return {
        "title": titles,
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{c} % of the stage"},
        "series": [{**RIVER, "data": nodes, "links": links}],
        "media": on_phone(title=[{"textStyle": narrow} for _ in heads], series=[{"id": "flows", "top": 48}]),
    }
