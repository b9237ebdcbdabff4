"""History beside the model: what is measured, how forecasts are scored, and what simple forecasts say."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from abm.errors import InputError
from abm.scenario import Scenario
from abm.world import read
from experiments.sweeping.dataset import Dataset
from experiments.validation.distance import _apart
from experiments.validation.held import ANCHORED, _anchored
from experiments.validation.measured import measured
from experiments.validation.observed import HISTORY, ROWS, history, measure_of, measures, tellable
from experiments.validation.rivals import Armington, forecasts
from experiments.validation.scores import by_title, crps, figures, readings, sure

MONTHS = [date(year, month, 1) for year in (2015, 2016) for month in range(1, 13)]
BATCH = "0123456789abcdef"
HEAD = "series,good,region,date,value,unit,error,role,source,note\n"


def row(series: str, good: str, region: str, when: str, value: float, **changed: object) -> dict[str, object]:
    month = date(int(when[:4]), int(when[5:7]), 1) if len(when) > 4 else None
    told = {"series": series, "good": good, "region": region, "date": when, "year": int(when[:4]), "month": month}
    return told | {"value": value, "error": 1.0, "unit": "%", "role": "held", "source": "x"} | changed


def asked(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=ROWS)


def regions() -> pl.DataFrame:
    """China makes three times as much as the US in 2015 and as much in 2016; prices double in the second year."""
    rows = [
        {
            "point": "p",
            "run": run,
            "date": month,
            "good": good,
            "region": region,
            "output": (30.0 if region == "CN" and month.year == 2015 else 10.0) * (1.0 + run),
            "capacity": 40.0 * (1.0 + run),
            "consumption": 2.0 if good == "car_electric" else 6.0,
            "capex": 5.0,
            "price_export": 1.0 if month.year == 2015 else 2.0,
            "price_domestic": 1.0,
        }
        for run in (0, 1)
        for month in MONTHS
        for good in ("ree_concentrate", "ree_oxide", "cell", "car_electric", "car_combustion")
        for region in ("CN", "US")
    ]
    return pl.DataFrame(rows)


def trade() -> pl.DataFrame:
    rows = [("JP", "CN", 80.0), ("JP", "AU", 20.0), ("JP", "JP", 100.0), ("US", "CN", 30.0), ("US", "US", 10.0)]
    told = [
        {"point": "p", "run": run, "date": date(year, 12, 1), "good": "ree_oxide"}
        | {"buyer": buyer, "supplier": supplier, "units": units}
        for run in (0, 1)
        for year in (2015, 2016)
        for buyer, supplier, units in rows
    ]
    return pl.DataFrame(told)


def firms() -> pl.DataFrame:
    told = [
        {"point": "p", "run": run, "date": date(year, 12, 1), "good": "cell", "firm": firm}
        | {"output": made, "capacity": made}
        for run in (0, 1)
        for year in (2015, 2016)
        for firm, made in (("CATL", 30.0), ("SK On", 10.0))
    ]
    return pl.DataFrame(told)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Dataset(tmp_path).add(BATCH, {"regions": regions(), "trade": trade(), "firms": firms()})
    return tmp_path


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (row("output_share", "ree_concentrate", "US", "2016", 1.0), 50.0),
        (row("output", "ree_concentrate", "WORLD", "2016", 1.0), 12.0 * 20.0),
        (row("import_share_from_CN", "ree_oxide", "JP", "2016", 1.0), 80.0),
        (row("import_dependence", "ree_oxide", "US", "2016", 1.0), 75.0),
        (row("firm_share_CATL", "cell", "WORLD", "2016", 1.0), 75.0),
        (row("firm_share_SK On", "cell", "WORLD", "2016", 1.0), 25.0),
        (row("ev_share", "car_electric", "US", "2016", 1.0), 25.0),
        (row("ev_sales", "car_electric", "WORLD", "2016", 1.0), 48.0),
        (row("car_output", "car", "US", "2016", 1.0), 240.0),
        (row("capacity_share", "cell", "CN", "2016-03", 1.0), 50.0),
    ],
    ids=lambda each: each["series"] if isinstance(each, dict) else "",
)
def test_a_figure_is_measured_in_the_tables_as_by_hand(
    folder: Path, figure: dict[str, object], expected: float
) -> None:
    found = measured(folder, asked(figure)).filter(run=0)
    assert found["model"].to_list() == pytest.approx([expected])
    assert found["given"].to_list() == [False]


def test_an_index_begins_where_history_does_and_moves_as_the_model(folder: Path) -> None:
    observed = (("2015", 50.0), ("2016", 70.0))
    prices = [row("price_nd_oxide", "ree_oxide", "WORLD", when, told) for when, told in observed]
    found = measured(folder, asked(*prices)).filter(run=0)
    assert found["model"].to_list() == pytest.approx([50.0, 100.0])
    assert found["given"].to_list() == [True, False]


def test_figures_of_a_first_year_are_given_and_not_scored(folder: Path) -> None:
    found = measured(folder, asked(row("output_share", "ree_concentrate", "US", "2015", 1.0)))
    assert found["given"].all()


def test_every_measure_stands_for_a_series_of_history() -> None:
    rows = history()
    known = measures()
    of = {(series, good): measure_of(series, good, known) for series, good in rows.select("series", "good").iter_rows()}
    titles = {told[1].title for told in of.values() if told}
    assert titles == {each.title for each in known.values()}


def test_a_series_of_one_date_is_said_to_tell_nothing() -> None:
    rows, untold = tellable(history())
    assert rows.group_by("series", "good").agg(pl.col("year").n_unique())["year"].min() == 2
    why = dict(zip(untold["series"], untold["why"], strict=True))
    assert why["learning_rate"] == "one dated figure only"
    assert why["chip_capacity_share_bcg"] == "no series of the model counts the same"


def test_another_file_of_figures_is_read_and_its_mistakes_are_told(tmp_path: Path) -> None:
    path = tmp_path / "later.csv"
    path.write_text(HEAD + "ev_share,car_electric,US,2023,9.5,%,0.5,held,https://example.org/x,\n", encoding="utf-8")
    both = history(HISTORY, path)
    assert len(both) == len(history()) + 1
    path.write_text(HEAD + "ev_share,car_electric,US,2023,9.5,%,0.5,hold,https://example.org/x,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 2: no role 'hold'\. Did you mean 'held'"):
        history(path)


def test_a_sure_and_true_forecast_scores_nothing_and_a_sure_and_false_one_its_error() -> None:
    assert crps(np.full(5, 3.0), 3.0) == pytest.approx(0.0)
    assert crps(np.full(5, 3.0), 7.0) == pytest.approx(4.0)
    assert sure(3.0, 0.0, 7.0) == pytest.approx(4.0)
    # Somewhat unsure is better than sure and wrong.
    assert sure(3.0, 1.0, 7.0) < 4.0


def test_readings_are_spread_by_the_figures_own_error() -> None:
    assert readings(np.array([5.0, 5.0]), 0.0) == pytest.approx(np.full(18, 5.0))
    spread = readings(np.array([5.0]), 2.0)
    assert spread.mean() == pytest.approx(5.0)
    assert 1.5 < spread.std() < 2.0


def test_a_figure_lies_in_the_band_if_its_own_error_allows() -> None:
    base = {"point": "p", "title": "t", "given": False}
    runs = [{**row("s", "g", "US", "2016", 10.0, error=error), **base, "model": 8.0, "run": 0} for error in (0.1, 2.0)]
    told = [figures(pl.DataFrame([each]))["inside"].item() for each in runs]
    assert told == [False, True]


def test_titles_are_scored_by_their_distance_and_the_sign_of_their_moves() -> None:
    rows = [
        {"title": "t", "good": "g", "value": 10.0, "last": 8.0, "error": 0.1, "a": 9.0, "b": 8.0, "inside": True},
        {"title": "t", "good": "g", "value": 30.0, "last": 35.0, "error": 0.1, "a": 33.0, "b": 36.0, "inside": False},
    ]
    told = pl.DataFrame([each | {"crps_a": 1.0, "crps_b": 2.0, "known": True} for each in rows])
    scores = by_title(told, ("a", "b")).row(0, named=True)
    assert (scores["error_a"], scores["error_b"]) == pytest.approx((4.0 / 40.0, 8.0 / 40.0))
    assert (scores["right_a"], scores["right_b"]) == (1.0, 0.0)
    assert scores["inside"] == 0.5


@pytest.fixture
def told(folder: Path) -> Path:
    cells = [("US", "CN", 50.0), ("US", "US", 50.0), ("CN", "CN", 100.0)]
    rows = [("chip_mature", *each) for each in cells]
    table = pl.DataFrame(rows, schema=["good", "buyer", "supplier", "units"], orient="row")
    (folder / "t").mkdir()
    Dataset(folder / "t").add(BATCH, {"trade": table.with_columns(point=pl.lit("p"), run=0, date=date(2015, 12, 1))})
    return folder / "t"


def test_armington_moves_a_share_by_the_tariff_and_the_elasticity_alone(told: Path) -> None:
    scenario = Scenario.load("baseline").override("start=2015-01", "section_301_chips.rate=0.25")
    world = read(scenario.start)
    sigma = world.goods.substitution[world.goods.code.index("chip_mature")]
    weight = 1.25**-sigma
    moved = (100.0 * weight / (1.0 + weight) + 100.0) / (50.0 + 100.0)
    factor = Armington(told, scenario).factor("output_share", "chip_mature", "CN", date(2020, 7, 1))
    assert factor == pytest.approx(moved)
    assert Armington(told, scenario).factor("output_share", "chip_mature", "CN", date(2016, 7, 1)) == 1.0


def test_simple_forecasts_know_only_what_was_known(told: Path) -> None:
    scenario = Scenario.load("baseline").override("start=2015-01")
    observed = (("2016", 1.0), ("2018", 2.0), ("2021", 9.0))
    rows = asked(*(row("ev_share", "car_electric", "US", when, value) for when, value in observed)).with_columns(
        given=pl.lit(value=False), start=pl.lit(0.5), early=pl.lit(value=False)
    )
    found = forecasts(rows, 2018, told, scenario).row(0, named=True)
    assert (found["no_change"], found["trend"], found["armington"]) == pytest.approx((2.0, 3.5, 2.0))
    unknown = forecasts(rows.filter(pl.col("year") > 2018), 2018, told, scenario).row(0, named=True)
    assert (unknown["no_change"], unknown["trend"]) == pytest.approx((0.5, 0.5))


def test_an_anchored_forecast_keeps_the_models_movement() -> None:
    rows = asked(row("s", "g", "US", "2020", 10.0)).with_columns(
        last=pl.lit(4.0), model_last=pl.lit(6.0), start=pl.lit(1.0), crps=pl.lit(0.0)
    )
    runs = rows.select("series", "good", "region", "date").with_columns(model=pl.lit(9.0))
    assert _anchored(rows, runs)[ANCHORED].item() == pytest.approx(7.0)
    scaled = _anchored(rows.with_columns(unit=pl.lit("t")), runs)
    assert scaled[ANCHORED].item() == pytest.approx(6.0)


def test_a_distance_is_in_standard_deviations_of_error_and_discrepancy(folder: Path) -> None:
    points = pl.DataFrame({"point": ["p"], "number": [0]}, schema_overrides={"number": pl.Int32})
    points.write_parquet(folder / "points.parquet")
    share = row("output_share", "ree_concentrate", "US", "2016", 40.0, error=3.0)
    found = _apart(folder, asked(share), discrepancy=0.1)
    assert found["z"].to_list() == pytest.approx([10.0 / 5.0])
