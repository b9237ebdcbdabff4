"""The charts of the app, on figures of a real run: what they hold, how large they are and what they say."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from charting import CHIPS, RUNS, YEAR, Played, played_once, series

from experiments.app.charts.agents import books, suppliers
from experiments.app.charts.atlas import atlas
from experiments.app.charts.bands import bands
from experiments.app.charts.chart import Calendar, Case, Chart, plain
from experiments.app.charts.flows import sankey
from experiments.app.charts.losses import lost
from experiments.app.charts.makers import by_year, firm_shares, firms
from experiments.app.charts.money import money, who_pays
from experiments.app.charts.panels import even
from experiments.app.charts.prices import prices
from experiments.app.charts.record import LAST, claimed, recorded
from experiments.app.charts.shares import shares
from experiments.app.charts.stocks import stocks
from experiments.app.charts.theme import themed
from experiments.app.charts.timeline import timeline
from experiments.digest import SERIES
from experiments.palette import REGIONS


@pytest.fixture(scope="module")
def played() -> Played:
    return played_once()


@pytest.fixture(scope="module")
def charts(played: Played) -> list[Chart]:
    bought = pl.DataFrame(
        {"input": ["ree_oxide"] * 2, "supplier": ["Lynas", "Others"], "region": ["AU", "CN"], "share": [0.7, 0.3]}
    )
    case = played.case
    return [
        shares(case, played.share, "chips"),
        bands(case, played.share, "chips"),
        by_year(case, played.share, "chips"),
        firms(case, played.firms, "chips"),
        prices(case, played.market, "rare_earths"),
        stocks(case, played.stocks, "medicine"),
        lost(case, played.market, ["car_electric", "car_combustion"], "cars"),
        money(case, played.money),
        who_pays(case),
        sankey(case, played.trade, "medicines", YEAR),
        atlas(case, played.trade, "chip_leading", YEAR),
        books(case, played.joined("firms"), "Intel"),
        suppliers(case, bought, "Shin-Etsu"),
        timeline(case),
    ]


def numbers(part: Any) -> Iterator[float]:
    if isinstance(part, dict):
        for value in part.values():
            yield from numbers(value)
    elif isinstance(part, list):
        for value in part:
            yield from numbers(value)
    elif isinstance(part, float | int) and not isinstance(part, bool):
        yield part


def test_every_chart_has_its_words_its_figures_and_a_description(charts: list[Chart]) -> None:
    for chart in charts:
        assert chart.title.strip(), chart.code
        assert chart.source.startswith("Source: friendshore, a simulation: chips_act"), chart.code
        assert len(chart.explain) > 150, chart.code
        assert chart.table.height, chart.code
        shown = chart.option.get("baseOption", chart.option)
        assert shown["aria"]["label"]["description"] == chart.description != "", chart.code
    assert len({chart.code for chart in charts}) == len(charts)


def test_every_option_is_plain_small_json_without_what_json_cannot_say(charts: list[Chart]) -> None:
    for chart in charts:
        text = json.dumps(chart.option, allow_nan=False)
        assert len(text) < 30_000, chart.code


def test_a_theme_leaves_no_colour_unnamed_and_changes_no_figure(charts: list[Chart]) -> None:
    for chart in charts:
        for dark in (False, True):
            made = themed(chart.option, dark=dark)
            assert '"$' not in json.dumps(made), chart.code
            assert "inherit" not in json.dumps(made), "a canvas knows no letters of that name"
            before = [value for each in _series(chart.option) for value in numbers(each["data"])]
            assert before == [value for each in _series(made) for value in numbers(each["data"])], chart.code


def _series(option: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = option.get("baseOption", option)["series"]
    return found


def test_the_areas_fill_the_world_and_the_titles_region_lies_at_the_bottom(played: Played) -> None:
    chart = shares(played.case, played.share, "chips")
    areas = [each for each in chart.option["series"] if each.get("stack")]
    assert next(each["id"] for each in areas) == "US"
    assert "United States" in chart.title
    assert {each["id"] for each in areas} == set(played.case.world.regions)
    for step in zip(*(each["data"] for each in areas), strict=True):
        assert None in step or sum(step) == pytest.approx(100.0, abs=0.5)


def test_an_area_is_the_mean_of_its_quarter_in_the_colour_of_its_region(played: Played) -> None:
    area = series(shares(played.case, played.share, "chips"), "CN")
    rows = played.share.filter(pl.col("date") < date(2020, 4, 1), good="chips", scenario="chips_act", region="CN")
    assert area["data"][0] == pytest.approx(rows["mid"].mean(), rel=1e-3)
    assert area["areaStyle"]["color"] == REGIONS["CN"]


def test_dots_are_what_was_recorded_and_none_is_later_than_2021(played: Played) -> None:
    chart = shares(played.case, played.share, "chips")
    (dot,) = series(chart, "recorded")["data"]
    assert dot["value"][1] == 10.6
    assert "(S23)" in chart.source
    for each in SERIES:
        assert all(known.day <= LAST for known in recorded(each.code))
    assert {known.region for known in recorded("chips")} >= {"US", "CN", "TW"}


def test_a_claim_stands_apart_from_what_was_recorded_and_names_a_known_source() -> None:
    from abm.facts import PACKAGE_DATA, read_sources

    claims = claimed("chips")
    assert {(each.region, each.value) for each in claims} == {("US", 12.0), ("TW", 22.0), ("CN", 24.0)}
    assert all("another basis" in each.words for each in claims)
    assert {each.source for each in claims} <= set(read_sources(PACKAGE_DATA))
    assert claimed("cell") == ()


def test_bars_of_a_year_are_the_means_of_its_months(played: Played) -> None:
    chart = by_year(played.case, played.share, "chips")
    years = [each["title"]["text"] for each in chart.option["options"]]
    assert years == ["2020", "2021", "2022", "2023", "2024"] == chart.option["baseOption"]["timeline"]["data"]
    rows = played.share.filter(good="chips", scenario="chips_act", region="US")
    mean = rows.filter(pl.col("date").dt.year() == YEAR)["mid"].mean()
    place = chart.option["baseOption"]["yAxis"]["data"].index("United States")
    assert chart.option["options"][-1]["series"][-1]["data"][place] == pytest.approx(mean, abs=0.051)


def test_shares_of_firms_add_up_to_the_world(played: Played) -> None:
    found = firm_shares(played.firms, CHIPS.goods, CHIPS.measure).group_by("date").agg(pl.col("share").sum())
    assert found["share"].to_list() == pytest.approx([100.0] * found.height)
    chart = firms(played.case, played.firms, "chips")
    last = [each["data"][-1] for each in chart.option["series"] if each.get("stack")]
    assert sum(last) == pytest.approx(100.0, abs=0.1)


def test_a_band_lies_between_its_ends_and_the_dashed_line_is_the_first_scenario(played: Played) -> None:
    chart = bands(played.case, played.share, "chips")
    lines = [each for each in chart.option["series"] if each["xAxisIndex"] == 0]
    middle, dashed, low, wide = lines[:4]
    assert (middle["name"], dashed["name"], dashed["lineStyle"]["type"]) == ("chips_act", "baseline", "dashed")
    for value, start, extent in zip(middle["data"], low["data"], wide["data"], strict=True):
        assert start - 0.06 <= value <= start + extent + 0.06
    one = Case(played.case.scenarios, played.case.world, 1, 1, played.case.figures)
    assert not any(each["name"] == "band" for each in bands(one, played.share, "chips").option["series"])


def test_money_adds_up_to_what_was_paid_less_tariffs(played: Played) -> None:
    chart = money(played.case, played.money)
    mine = played.money.filter(scenario="chips_act")
    drawn = sum(sum(filter(None, each["data"])) for each in chart.option["series"] if each["type"] == "bar")
    moved = float(mine.select(pl.col("paid").sum() - pl.col("tariff_revenue").sum()).item())
    assert drawn == pytest.approx(moved / 1000.0, rel=1e-2)


def test_who_pays_says_what_the_picture_says(played: Played) -> None:
    chart = who_pays(played.case)
    rows = played.case.figures.filter(measure="who_pays", region="US", item="treasury")
    treasury = chart.option["series"][0]["data"][1]["value"]
    assert treasury == pytest.approx(rows["gain_mean"][0] / 1000.0, rel=1e-2)
    assert "US" in chart.table["region"]
    nobody = Case(played.case.scenarios[:1], played.case.world, RUNS, 1, played.case.figures.head(0))
    assert who_pays(nobody).option["series"] == []


def test_books_are_told_against_the_first_year(played: Played) -> None:
    chart = books(played.case, played.joined("firms"), "Intel")
    capacity = next(each for each in chart.option["series"] if each["xAxisIndex"] == 0)["data"]
    assert capacity[0] == 100
    assert 50.0 < capacity[-1] < 400.0
    assert books(played.case, played.joined("firms"), "Nobody").option["series"] == []


def test_a_bar_of_the_timeline_begins_and_ends_with_its_measure(played: Played) -> None:
    chart = timeline(played.case)
    place = chart.option["yAxis"]["data"].index("chips act")
    below, bars = (each["data"] for each in chart.option["series"])
    assert below[place] == pytest.approx(2.0 + (7.0 + 8.0 / 31.0) / 12.0, rel=1e-3), "9 August 2022"
    assert bars[place]["value"] == pytest.approx(5.0 - below[place], rel=1e-2), "the run ends before the act does"
    assert "09 August 2022" in bars[place]["tooltip"]["formatter"]


def test_words_of_an_uploaded_scenario_are_never_read_as_markup(played: Played) -> None:
    assert plain('<img src=x onerror="alert(1)">{a}') == ("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#123;a&#125;")
    first, asked = played.case.scenarios
    policies = (asked.policies[0].model_copy(update={"story": "<script>x</script>"}), *asked.policies[1:])
    case = Case((first, asked.model_copy(update={"policies": policies})), played.case.world, 1, 1)
    assert "<script>" not in json.dumps(timeline(case).option)


def test_lost_sales_are_those_of_all_goods_together(played: Played) -> None:
    cars = ["car_electric", "car_combustion"]
    market = played.market.with_columns(lost=pl.col("demand") / 10.0)
    chart = lost(played.case, market, cars, "cars")
    mine = market.filter(pl.col("good").is_in(cars), scenario="chips_act")
    assert sum(filter(None, series(chart, "chips_act")["data"])) == pytest.approx(mine["lost"].sum(), rel=1e-2)


def test_what_arithmetic_leaves_of_nothing_is_not_drawn(played: Played) -> None:
    hardly = played.market.with_columns(lost=pl.lit(1e-13))
    chart = lost(played.case, hardly, ["car_electric", "car_combustion"], "cars")
    assert not any(series(chart, "chips_act")["data"])
    assert "Every order" in chart.title


def test_a_calendar_gives_means_of_whole_steps_and_nothing_where_nothing_is_known() -> None:
    frame = pl.DataFrame({"date": [date(2020, month, 1) for month in (1, 2, 3, 7)], "mid": [1.0, 2.0, 6.0, 4.0]})
    assert Calendar(2020, 2020).along(frame, "mid") == [[3, None, 4, None]]
    assert Calendar(2020, 2020).words == ["Q1 2020", "Q2 2020", "Q3 2020", "Q4 2020"]


@pytest.mark.parametrize(("value", "step"), [(97.0, 25.0), (9.2, 2.5), (1.2, 0.5), (0.0, 1.0), (4.0, 1.0)])
def test_a_scale_has_few_even_steps(value: float, step: float) -> None:
    assert even(value) == step
