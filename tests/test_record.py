"""The tables of a run: their columns are an interface, their sums add up, and the headline figures are theirs."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from worlds import busy, question, recorded

from abm.axes import Floats
from abm.errors import InputError
from abm.flow import PURPOSES
from abm.kpi import BY_CAPACITY, CHAINS, NEEDED
from abm.model import Model
from abm.record import FIRM_UNITS, PROGRAMME_UNITS
from abm.series import SERIES, Series, Totals
from abm.world import World
from experiments.run import TABLES, Batch, play

RUNS, FIRST, MONTHS = 3, 5, 30
INDEX = ["scenario", "run", "date"]
# The columns of the results folder, as others read them.
REGIONS = [
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
    "consumption",
    "consumer_spending",
    "producer_margin",
]
FIRMS = ["capacity", "output", "firm_share", "cash", "debt", "plants", "bankrupt"]
PROGRAMMES = ["paid", "left", "projects", "capacity_supported", "tariff_revenue", "repaid"]
ONE_RUN = ["scenario", "run"]


@pytest.fixture(scope="module")
def model(tiny: World) -> Model:
    return Model(question(*busy(), months=MONTHS), runs=RUNS, first_run=FIRST, world=tiny).run()


@pytest.fixture(scope="module")
def regions(model: Model) -> pl.DataFrame:
    return model.regions


def total(table: pl.DataFrame, column: str, by: list[str]) -> pl.Series:
    """Return sums of a column."""
    return table.group_by(by).agg(pl.col(column).cast(pl.Float64).sum())[column]


def test_regions_has_a_row_per_scenario_run_month_good_and_region(regions: pl.DataFrame, tiny: World) -> None:
    assert regions.columns == [*INDEX, "good", "region", *REGIONS]
    keys = [*INDEX, "good", "region"]
    assert regions.height == RUNS * MONTHS * len(tiny.goods.code) * len(tiny.regions)
    assert not regions.select(keys).is_duplicated().any()
    assert set(regions["run"]) == {FIRST, FIRST + 1, FIRST + 2}
    assert (regions["date"].min(), regions["date"].max()) == (date(2020, 1, 1), date(2022, 6, 1))
    assert regions.schema["good"] == pl.Enum(list(tiny.goods.code))
    assert regions.schema["region"] == pl.Enum(list(tiny.regions))


def test_firms_has_a_row_per_business_at_each_years_end(model: Model, tiny: World) -> None:
    firms = model.firms
    assert firms.columns == [*INDEX, "good", "firm", "hq", *FIRMS]
    assert sorted(set(firms["date"])) == [date(2020, 12, 1), date(2021, 12, 1)]
    pairs = set(zip(tiny.plants.owner.tolist(), tiny.plants.good.tolist(), strict=True))
    assert firms.height == 2 * RUNS * len(pairs)
    homes = dict(zip(firms["firm"].cast(pl.String), firms["hq"].cast(pl.String), strict=True))
    assert homes == {
        name: tiny.regions[region] for name, region in zip(tiny.owners.name, tiny.owners.region, strict=True)
    }


def test_programmes_has_a_row_per_month_of_every_programme_that_moved_money(model: Model) -> None:
    programmes = model.programmes
    assert programmes.columns == [*INDEX, "government", "programme", *PROGRAMMES]
    purposes = {purpose for purpose in PURPOSES if purpose not in {"procurement", "stockpile"}}
    assert set(programmes["programme"]) == {"capex_grant", "producer_support", "tariffs", *purposes}
    payers = programmes.select("government", "programme").unique()
    assert programmes.height == payers.height * RUNS * MONTHS
    pot = programmes.filter(pl.col("programme") == "capex_grant")
    assert pot["left"].null_count() == 0
    assert (pot["left"] <= 4_000.0).all()
    assert (total(pot, "paid", ["run"]) <= 4_000.0).all()
    assert programmes.filter(pl.col("programme") == "tariffs")["left"].null_count() == RUNS * MONTHS


def test_a_world_without_programmes_has_an_empty_table_of_them(tiny: World) -> None:
    programmes = Model(question(months=1), world=tiny).run().programmes
    assert programmes.columns == [*INDEX, "government", "programme", *PROGRAMMES]
    assert programmes.height == 0


def test_every_column_has_a_unit() -> None:
    assert [one.name for one in SERIES] == REGIONS
    assert all(one.unit and one.sentence.endswith(".") for one in SERIES)
    assert list(FIRM_UNITS) == FIRMS
    assert list(PROGRAMME_UNITS) == PROGRAMMES


def test_shares_of_a_good_add_up_to_one(regions: pl.DataFrame, model: Model) -> None:
    for column, of in (("capacity_share", "capacity"), ("output_share", "output")):
        by_good = regions.group_by([*INDEX, "good"]).agg(pl.col(column, of).cast(pl.Float64).sum())
        made = by_good.filter(pl.col(of) > 0.0)
        assert made.height > 0.9 * by_good.height
        np.testing.assert_allclose(made[column], 1.0, atol=1e-6)
    firms = total(model.firms, "firm_share", [*INDEX, "good"])
    np.testing.assert_allclose(firms, 1.0, atol=1e-6)


def test_a_years_output_of_firms_is_that_of_regions(regions: pl.DataFrame, model: Model) -> None:
    by = [*ONE_RUN, pl.col("date").dt.year().alias("year"), "good"]
    made = regions.group_by(by).agg(pl.col("output").cast(pl.Float64).sum())
    sold = model.firms.group_by(by).agg(pl.col("output").cast(pl.Float64).sum())
    both = sold.join(made, on=[*ONE_RUN, "year", "good"])
    assert both.height == sold.height
    np.testing.assert_allclose(both["output"], both["output_right"], rtol=1e-5)


def test_shares_and_rates_lie_between_nought_and_one(regions: pl.DataFrame) -> None:
    for column in ("capacity_share", "output_share", "fill_rate", "import_dependence"):
        assert regions[column].is_between(-1e-6, 1.0 + 1e-6).all(), column
    assert regions["utilisation"].drop_nulls().is_between(0.0, 1.05).all()


def test_no_recorded_number_is_infinite_and_gaps_are_null(regions: pl.DataFrame) -> None:
    for column in REGIONS:
        assert regions[column].drop_nulls().is_finite().all(), column
    for column in ("capacity", "output", "fill_rate", "demand", "lost_sales", "capex", "new_plants"):
        assert regions[column].null_count() == 0, column


def test_recorded_series_are_the_books_of_the_month(model: Model) -> None:
    books, network = model.books, model.books.frame.network
    last = {name: values[-1] for name, values in recorded(model)}
    np.testing.assert_allclose(last["capacity"], network.row_to_good_region(books.state.capacity), rtol=1e-6)
    np.testing.assert_allclose(last["output"], network.row_to_good_region(books.flow.output), rtol=1e-6)
    np.testing.assert_allclose(last["fill_rate"], books.flow.fill_rate, rtol=1e-6)


def test_the_first_month_is_at_start_prices(regions: pl.DataFrame) -> None:
    first = regions.filter(pl.col("date") == date(2020, 1, 1))["price_index"].drop_nulls()
    np.testing.assert_allclose(first, 1.0, atol=0.02)


def test_chains_are_shared_by_capacity_where_the_basis_says_so() -> None:
    assert set(BY_CAPACITY) <= set(CHAINS)


def test_only_the_series_that_are_asked_for_are_worked_out_and_kept(
    tiny: World, regions: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[str]()

    def noting(one: Series) -> Series:
        def noted(totals: Totals) -> Floats:
            read.append(one.name)
            return one.read(totals)

        return replace(one, read=noted)

    monkeypatch.setattr("abm.record.SERIES", tuple(noting(one) for one in SERIES))
    wanted = ["stock_days", "capacity"]
    few = Model(question(*busy(), months=MONTHS), runs=RUNS, first_run=FIRST, world=tiny, series=wanted).run()
    assert few.regions.columns == [*INDEX, "good", "region", "capacity", "stock_days"]
    assert few.regions.equals(regions.select(few.regions.columns))
    assert {*read} == {*wanted, *NEEDED}
    assert len(read) <= MONTHS * len({*wanted, *NEEDED})


@pytest.mark.parametrize("wanted", [(), ("capex",)])
def test_firms_programmes_and_headline_figures_ask_for_no_series(
    tiny: World, model: Model, wanted: tuple[str, ...]
) -> None:
    few = Model(question(*busy(), months=MONTHS), runs=RUNS, first_run=FIRST, world=tiny, series=wanted).run()
    for table in ("firms", "programmes", "events", "kpi"):
        assert getattr(few, table).equals(getattr(model, table)), table
    assert few.regions.columns == [*INDEX, "good", "region", *wanted]
    assert few.regions.height == model.regions.height


def test_trade_adds_up_to_what_goes_through_every_corridor_in_a_year(tiny: World) -> None:
    model = Model(question(*busy(), months=18), runs=RUNS, first_run=FIRST, world=tiny, series=["trade"])
    units = value = np.zeros(())
    for _ in range(12):
        model.step()
        units, value = units + model.books.flow.traded, value + model.books.flow.traded_value
    model.run()
    trade, regions = model.trade, len(tiny.regions)
    assert trade.columns == [*INDEX, "good", "buyer", "supplier", "units", "value"]
    assert trade["date"].unique().to_list() == [date(2020, 12, 1)]
    good, buyer, supplier = (trade[column].to_physical().to_numpy() for column in ("good", "buyer", "supplier"))
    found = np.zeros((2, *units.shape))
    cell, run = (good.astype(np.int64) * regions + buyer) * regions + supplier, trade["run"].to_numpy() - FIRST
    found[:, cell, run] = trade.select("units", "value").to_numpy().T
    np.testing.assert_array_equal(found, np.stack([units, value]).astype(np.float32))
    assert (trade["units"] > 0.0).all()


def test_trade_is_refused_where_it_was_not_asked_for_and_kept_where_all_is(tiny: World, model: Model) -> None:
    few = Model(question(months=2), world=tiny, series=["output"]).run()
    with pytest.raises(InputError, match=r"not kept\. Ask for it: series=\[\"trade\"\]"):
        _ = few.trade
    assert set(model.trade["run"]) == {5, 6, 7}
    assert set(play(Batch(question(months=2), 0, 1), 1, tiny, lambda _: None, ["output"])) == set(TABLES) - {"trade"}


def test_a_series_that_there_is_not_is_refused(tiny: World) -> None:
    with pytest.raises(InputError, match=r"no series 'capacty'\. Did you mean 'capacity'\?"):
        Model(question(months=1), world=tiny, series=["output", "capacty"])


def test_months_after_the_last_are_kept_like_the_others(tiny: World) -> None:
    short, long = (Model(question(*busy(), months=months), runs=2, world=tiny).run() for months in (2, 9))
    while short.month <= long.plan.until:
        short.step()
    for table in ("regions", "programmes", "kpi"):
        assert getattr(short, table).equals(getattr(long, table)), table


@pytest.mark.parametrize("runs", [1, 2, 7])
def test_a_table_looked_at_between_months_changes_nothing_that_follows(tiny: World, runs: int) -> None:
    asked = question(*busy(), months=18)
    looked, left = Model(asked, runs=runs, world=tiny), Model(asked, runs=runs, world=tiny).run()
    for month in range(1, 19):
        looked.step()
        if month % 5 == 0:
            assert len(looked.record.series["output"]) == month
    for table in ("regions", "firms", "programmes", "kpi"):
        assert getattr(looked, table).equals(getattr(left, table)), table


@pytest.mark.parametrize("numbers", [1, 2**13, 2**30])
def test_how_many_months_are_worked_out_at_a_time_shows_in_no_bit(
    tiny: World, monkeypatch: pytest.MonkeyPatch, numbers: int
) -> None:
    asked = question(*busy(), months=18)
    usual = Model(asked, runs=2, world=tiny).run()
    monkeypatch.setattr("abm.record._AT_A_TIME", numbers)
    model = Model(asked, runs=2, world=tiny).run()
    for table in ("regions", "firms", "programmes", "kpi"):
        assert getattr(model, table).equals(getattr(usual, table)), table


@pytest.mark.parametrize("months", [1, 5, 12, 13])
def test_tables_hold_the_months_so_far(tiny: World, months: int) -> None:
    model = Model(question(*busy(), months=MONTHS), runs=2, world=tiny)
    for _ in range(months):
        model.step()
    short = Model(question(*busy(), months=months), runs=2, world=tiny).run()
    for table in ("regions", "firms", "programmes", "kpi"):
        assert getattr(model, table).equals(getattr(short, table)), table


def test_a_batch_is_played_for_the_series_asked_for(tiny: World) -> None:
    batch, told = Batch(question(*busy(), months=3), 3, 2), list[int]()
    tables = play(batch, 1, tiny, told.append, ["fill_rate"])
    assert tables["regions"].columns == [*INDEX, "good", "region", "fill_rate"]
    assert tables["kpi"].equals(play(batch, 1, tiny, told.append)["kpi"])
    assert told == [2] * 6
