"""The tables others read: their names, their rows, their sums."""

import numpy as np
import polars as pl
import pytest
from worlds import busy, question

from abm.kpi import CHAINS, chain_shares
from abm.model import Model
from abm.world import World

REGIONS = [
    "scenario",
    "run",
    "date",
    "good",
    "region",
    "capacity",
    "output",
    "capacity_share",
    "output_share",
    "price_domestic",
    "price_export",
    "price_index",
    "fill_rate",
    "utilisation",
    "stock_days",
    "lead_time",
    "import_dependence",
    "demand",
    "lost_sales",
    "capex",
    "new_plants",
]
FIRMS = [
    "scenario",
    "run",
    "date",
    "good",
    "firm",
    "hq",
    "capacity",
    "output",
    "firm_share",
    "cash",
    "debt",
    "plants",
    "bankrupt",
]
PROGRAMMES = [
    "scenario",
    "run",
    "date",
    "government",
    "programme",
    "paid",
    "left",
    "projects",
    "capacity_supported",
    "tariff_revenue",
]


@pytest.fixture(scope="module")
def played(tiny: World) -> Model:
    return Model(question(*busy(), months=30), runs=3, first_run=4, world=tiny).run()


def test_regions_have_a_row_per_run_month_good_and_region(played: Model) -> None:
    table = played.regions
    assert set(table.columns) == set(REGIONS)
    assert table.height == 3 * 30 * 19 * 3
    assert table.select("run", "date", "good", "region").is_duplicated().sum() == 0
    assert table["run"].unique().sort().to_list() == [4, 5, 6]


def test_firms_have_a_row_per_run_year_good_and_firm(played: Model) -> None:
    table = played.firms
    assert set(table.columns) == set(FIRMS)
    assert table["date"].dt.year().unique().to_list() == [2020, 2021]
    assert table.select("run", "date", "good", "firm").is_duplicated().sum() == 0


def test_programmes_have_a_row_per_run_month_and_programme(played: Model) -> None:
    table = played.programmes
    assert table.columns == PROGRAMMES
    assert table.filter(programme="capex_grant").height == 3 * 30
    grants = table.filter(programme="capex_grant")
    assert (grants["left"] + grants["paid"] <= 4_000.0 * (1 + 1e-12)).all()


def test_shares_of_every_good_sum_to_one(played: Model) -> None:
    keys = ["run", "date", "good"]
    sums = played.regions.group_by(keys).agg(pl.col("capacity_share").cast(pl.Float64).sum())
    assert sums["capacity_share"].is_between(1 - 1e-6, 1 + 1e-6).all()


def test_firms_add_up_to_their_regions(played: Model) -> None:
    last = played.firms.filter(pl.col("date") == pl.col("date").max())
    by_good = last.group_by("run", "good").agg(pl.col("capacity").cast(pl.Float64).sum().alias("of_firms"))
    month = played.regions.filter(pl.col("date") == last["date"][0])
    regional = month.group_by("run", "good").agg(pl.col("capacity").cast(pl.Float64).sum())
    both = by_good.join(regional, on=["run", "good"])
    assert np.allclose(both["of_firms"], both["capacity"], rtol=1e-5)


def test_headlines_are_what_the_tables_say(played: Model) -> None:
    table = played.kpi
    assert table.height == 3
    last = played.regions.filter(pl.col("date").dt.year() == 2022)
    for chain in CHAINS:
        names = [f"share_{chain}_{region}" for region in ("US", "CN", "JP")]
        assert np.allclose(table.select(pl.sum_horizontal(names)).to_series(), 1.0, rtol=1e-6), chain
    mean = chain_shares(last, "cells").filter(pl.col("region") == "US").group_by("run").agg(pl.col("share").mean())
    assert np.allclose(mean.sort("run")["share"], table.sort("run")["share_cells_US"])
    paid = played.programmes.group_by("run").agg(pl.col("paid").sum()).sort("run")
    assert np.allclose(paid["paid"], table.sort("run")["public_spending"])
    expected = {"worst_fill_rate", "worst_month", "cars_not_made", "doses_not_made", "months_to_recover"}
    assert expected <= set(table.columns)
    assert {"hhi_chips", "import_dependence_US", "price_cars", "price_chips"} <= set(table.columns)


def test_the_start_shows_the_shares_of_the_data(full: World) -> None:
    model = Model(question(months=1), world=full)
    network, capacity = model.books.frame.network, model.books.state.capacity
    by_region = network.row_to_good_region(capacity).reshape(len(full.goods.code), len(full.regions))
    share = by_region / by_region.sum(axis=1, keepdims=True)
    made = full.share.sum(axis=1) > 0
    assert np.abs(share - full.share)[made].max() < 1e-3
