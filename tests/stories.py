"""Stories that are drawn: tables of regions in which every region makes as much, but for what a test is about."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from abm.outline import Headline
from abm.scenario import Scenario
from abm.world import World
from experiments.chart_data import Story, names, worst_by_scenario
from experiments.digest import series_of, worst
from experiments.monthly import axes_of, monthly
from experiments.pictures import pictures

START, UNTIL = date(2020, 1, 1), date(2025, 12, 1)
HEADLINE = Headline(chain="chips", region="US")
FILL = Headline(chain="ree_oxide", region="JP", measure="fill")
PRICE = Headline(chain="ree_oxide", region="CN", measure="export_price")


def scenario(name: str, **changed: Any) -> Scenario:
    told = {
        "title": f"The title of {name}",
        "question": "?",
        "story": ".",
        "start": START,
        "until": UNTIL,
        "headline": HEADLINE,
    }
    return Scenario(name=name, baseline="plain", **{**told, **changed})


def regions(world: World, name: str, us: float, runs: int, dear: float, short: float) -> pl.DataFrame:
    """Return a table in which every region makes 10, and the US another amount from 2022 on.

    dear, short  highest export price of Chinese oxide, and least share of its orders that Japan gets, June 2023
    """
    months = pl.date_range(START, UNTIL, "1mo", eager=True).alias("date")
    goods, places = pl.Series("good", world.goods.code), pl.Series("region", world.regions)
    axes = [months, goods, places, pl.Series("run", range(runs))]
    table = axes[0].to_frame()
    for axis in axes[1:]:
        table = table.join(axis.to_frame(), how="cross")
    late = (pl.col("date") >= date(2022, 1, 1)) & (pl.col("region") == "US")
    then = (pl.col("date") == date(2023, 6, 1)) & (pl.col("good") == "ree_oxide")
    return table.with_columns(
        scenario=pl.lit(name),
        capacity=pl.when(late).then(us).otherwise(10.0) + pl.when(late).then(pl.col("run")).otherwise(0.0),
        output=pl.lit(10.0),
        demand=pl.lit(10.0),
        lost_sales=pl.lit(0.0),
        price_index=pl.lit(1.0),
        price_export=pl.when(then & (pl.col("region") == "CN")).then(dear).otherwise(2.0),
        fill_rate=pl.when(then & (pl.col("region") == "JP")).then(short).otherwise(1.0),
    )


def story(world: World, us: Iterable[float] = (10.0, 20.0), runs: int = 3, **changed: Any) -> Story:
    """Return a story of one scenario for each amount that the US makes; the last is called better."""
    amounts = [*us]
    dear, short = changed.pop("dear", 2.0), changed.pop("short", 1.0)
    names = ["plain", *(f"other_{place}" for place in range(len(amounts) - 2)), "better"][-len(amounts) :]
    told = tuple(scenario(name, **changed) for name in names)
    parts = [
        regions(world, name, amount, runs, *((dear, short) if name == "better" else (2.0, 1.0)))
        for name, amount in zip(names, amounts, strict=True)
    ]
    whole = pl.concat(parts)
    asked = told[-1].headline
    ends = {}
    if asked and asked.measure != "share":
        ends = worst_by_scenario(worst(whole, series_of(asked, world.goods), asked.region, asked.measure))
    months = pl.concat(monthly(part, axes_of(part)) for part in parts)
    return Story(told, world, runs, 7, "", whole.lazy(), months, worst=ends)


def drawn(told: Story, until: str = "") -> dict[str, Figure]:
    """Return the pictures of a story, up to one of them."""
    found = {}
    for name, figure in pictures(told, names(told)):
        found[name] = figure
        if name == until:
            break
    return found


def title(figure: Figure) -> str:
    return figure.texts[0].get_text().replace("\n", " ").replace("\u00a0", " ")


def words(figure: Figure) -> str:
    every = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    return " ".join(text.get_text().replace("\n", " ").replace("\u00a0", " ") for text in every)
