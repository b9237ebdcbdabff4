"""The headline figures, worked out by hand from the months they speak of."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from worlds import busy, measure, question

from abm.axes import Floats
from abm.kpi import BOUGHT, CHAINS, NEEDED, Headlines
from abm.model import Model
from abm.world import World

RUNS = 2
REGIONS = ("US", "CN", "JP")


@pytest.fixture(scope="module")
def model(tiny: World) -> Model:
    outage = measure("outage", "fire", region="CN", goods=["medicine"], depth=0.9, end=date(2020, 9, 1))
    return Model(question(*busy(), outage, months=36), runs=RUNS, world=tiny).run()


@pytest.fixture(scope="module")
def regions(model: Model) -> pl.DataFrame:
    numbers = [name for name, kind in model.regions.schema.items() if kind == pl.Float32]
    return model.regions.with_columns(pl.col(numbers).cast(pl.Float64), pl.col("good", "region").cast(pl.String))


@pytest.fixture(scope="module")
def first(model: Model) -> dict[str, Any]:
    """Return the headline figures of the first run."""
    return model.kpi.row(0, named=True)


def numbers(table: pl.DataFrame, column: str) -> Floats:
    """Return a column of numbers."""
    return table[column].to_numpy().astype(np.float64)


def weighed(table: pl.DataFrame, column: str) -> float:
    """Return the mean of a column weighted by what is ordered."""
    wanted, values = numbers(table, "demand"), numbers(table, column)
    return float(np.nansum(values * wanted) / wanted.sum())


def goods(table: pl.DataFrame, *codes: str) -> pl.DataFrame:
    """Return the first run's rows of some goods."""
    return table.filter(pl.col("good").is_in(codes) & (pl.col("run") == 0))


def test_every_run_has_one_row_of_every_headline_figure(model: Model) -> None:
    table = model.kpi
    assert table.select("scenario", "run").rows() == [("asked", 0), ("asked", 1)]
    shares = {f"share_{chain}_{region}" for chain in CHAINS for region in REGIONS}
    others = {f"hhi_{chain}" for chain in CHAINS} | {f"import_dependence_{region}" for region in REGIONS}
    others |= {f"price_{chain}" for chain in BOUGHT} | {"worst_fill_rate", "worst_good", "worst_month"}
    others |= {"months_to_recover", "cars_not_made", "doses_not_made", "public_spending", "tariff_revenue"}
    assert set(table.columns) == {"scenario", "run"} | shares | others


@pytest.mark.parametrize(("chain", "of"), [("chips", "capacity"), ("magnets", "output"), ("cells", "output")])
def test_shares_are_means_of_the_last_years_months(
    chain: str, of: str, regions: pl.DataFrame, first: dict[str, Any]
) -> None:
    held = []
    for month in range(1, 13):
        rows = goods(regions, *CHAINS[chain]).filter(pl.col("date") == date(2022, month, 1))
        amount = [float(numbers(rows.filter(pl.col("region") == region), of).sum()) for region in REGIONS]
        held.append([each / sum(amount) for each in amount])
    told = [first[f"share_{chain}_{region}"] for region in REGIONS]
    assert told == pytest.approx(np.mean(held, axis=0).tolist(), rel=1e-6)
    assert first[f"hhi_{chain}"] == pytest.approx(sum(share**2 for share in told), rel=1e-9)


def test_the_worst_month_is_the_one_in_which_the_least_of_a_good_was_delivered(
    regions: pl.DataFrame, first: dict[str, Any]
) -> None:
    filled: dict[tuple[date, str], float] = {}
    rows = goods(regions, *[code for code in set(regions["good"]) if not code.startswith("scrap_")])
    for (month, good), part in rows.group_by(["date", "good"]):
        filled[month, good] = weighed(part, "fill_rate")
    worst = min(filled, key=lambda key: filled[key])
    assert first["worst_fill_rate"] == pytest.approx(filled[worst], rel=1e-6)
    assert [first["worst_month"], first["worst_good"]] == [*worst]
    assert filled[worst] < 0.9
    lowest = {month: min(fill for (when, _), fill in filled.items() if when == month) for month, _ in filled}
    healed = [month for month in sorted(lowest) if month > worst[0] and lowest[month] >= 0.98]
    months = (healed[0].year - worst[0].year) * 12 + healed[0].month - worst[0].month if healed else None
    assert first["months_to_recover"] == months


def test_cars_and_doses_not_made_are_final_sales_lost(regions: pl.DataFrame, first: dict[str, Any]) -> None:
    assert first["doses_not_made"] == pytest.approx(goods(regions, "medicine")["lost_sales"].sum(), rel=1e-6)
    cars = goods(regions, "car_electric", "car_combustion")["lost_sales"].sum()
    assert first["cars_not_made"] == pytest.approx(cars, rel=1e-6)
    assert first["doses_not_made"] > 0.0


def test_prices_are_weighted_by_what_is_ordered(regions: pl.DataFrame, first: dict[str, Any]) -> None:
    for chain, bought in BOUGHT.items():
        assert first[f"price_{chain}"] == pytest.approx(weighed(goods(regions, *bought), "price_index"), rel=1e-6)


def test_spending_is_what_programmes_paid(model: Model, first: dict[str, Any]) -> None:
    mine = model.programmes.filter(pl.col("run") == 0)
    assert first["public_spending"] == pytest.approx(mine["paid"].sum())
    assert first["tariff_revenue"] == pytest.approx(mine["tariff_revenue"].sum())
    assert first["public_spending"] > 0.0
    assert first["tariff_revenue"] > 0.0


def test_import_dependence_is_the_mean_over_the_goods_a_region_buys(
    regions: pl.DataFrame, first: dict[str, Any]
) -> None:
    last = regions.filter((pl.col("run") == 0) & (pl.col("date") >= date(2022, 1, 1)))
    for region in REGIONS:
        told = last.filter(pl.col("region") == region)["import_dependence"].mean()
        assert first[f"import_dependence_{region}"] == pytest.approx(told, rel=1e-5)


def test_a_good_nobody_wants_any_more_has_no_worst_month(tiny: World) -> None:
    shut = measure("demand_shift", goods=["device"], factor=0.0)
    table = Model(question(shut, months=24), world=tiny).run().kpi
    assert table["worst_fill_rate"].is_finite().all()
    assert table["worst_good"][0] != "device"
    assert table["price_devices"].null_count() + table["price_devices"].is_finite().sum() == 1


@pytest.mark.parametrize("runs", [1, 16])
def test_headline_figures_are_the_same_in_a_batch_of_any_width(tiny: World, runs: int) -> None:
    asked = question(*busy(), months=30)
    wide = Model(asked, runs=64, seed=3, world=tiny, series=()).run().kpi
    assert Model(asked, runs=runs, seed=3, world=tiny).run().kpi.equals(wide.head(runs))


def test_columns_of_numbers_names_and_dates_have_their_types(model: Model) -> None:
    schema = model.kpi.schema
    singles = {name for name, kind in schema.items() if kind == pl.Float32}
    assert singles == {f"import_dependence_{region}" for region in REGIONS}
    told = {name: kind for name, kind in schema.items() if not kind.is_float()}
    assert told == {"scenario": pl.String, "run": pl.Int32, "worst_good": pl.String, "worst_month": pl.Date}


def test_a_world_that_wants_nothing_has_no_worst_month_and_no_prices(tiny: World) -> None:
    headlines = Headlines(tiny, RUNS)
    shape = (1, len(tiny.goods.code) * len(tiny.regions), RUNS)
    nothing = {name: np.zeros(shape, np.float32) for name in NEEDED}
    headlines.take([date(2020, 1, 1)], nothing | {"price_index": np.full(shape, np.nan, np.float32)})
    table = headlines.table("asked", 0, {})
    unknown = ["worst_fill_rate", "worst_good", "worst_month", "months_to_recover", "price_chips"]
    assert table.select(unknown).null_count().row(0) == (RUNS,) * len(unknown)
    assert table["share_chips_US"].to_list() == [0.0] * RUNS


def test_only_a_month_after_the_worst_one_is_a_recovery_and_the_first_of_equals_is_the_worst(tiny: World) -> None:
    headlines, shape = Headlines(tiny, 1), (6, len(tiny.goods.code) * len(tiny.regions), 1)
    fill = np.array([1.0, 0.5, 0.7, 0.5, 0.99, 1.0], np.float32)[:, None, None]
    values = {name: np.ones(shape, np.float32) for name in NEEDED} | {"fill_rate": np.broadcast_to(fill, shape)}
    headlines.take([date(2020, month, 1) for month in range(1, 7)], values)
    told = headlines.table("asked", 0, {}).row(0, named=True)
    assert (told["worst_fill_rate"], told["worst_month"]) == (0.5, date(2020, 2, 1))
    assert told["months_to_recover"] == 3.0
