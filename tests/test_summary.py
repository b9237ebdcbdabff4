"""What the summary says of given tables: shares, paired differences, prices, shortages, money, and the sentence."""

import io
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console
from worlds import measure

from abm.outline import Headline
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from abm.world import World, read
from experiments.digest import SERIES, Spoken, Tally, periods, series_of, worst
from experiments.sentence import band, figure, sentence
from experiments.show import SHOWN, show
from experiments.summary import Summary, aimed, summarise, with_cost
from experiments.verdict import Spread

START = date(2020, 1, 1)
RUNS, BASE, WITH = 4, "plain", "better"
REGIONS, HEADLINE = ("US", "CN", "JP"), Headline(chain="chips", region="US")
GOODS = SHOWN
SPOKEN = {WITH: Spoken(SERIES[0], "US")}


@pytest.fixture(scope="module")
def world() -> World:
    return read(START, Path(__file__).parent / "tiny")


def scenario(name: str, **changed: Any) -> Scenario:
    told = {"title": name, "question": "?", "story": ".", "start": START, "until": date(2030, 12, 1)}
    return Scenario(name=name, **{"headline": HEADLINE, **told, **changed})


def regions(name: str, gain: float = 0.0) -> pl.DataFrame:
    """Return a table in which the US holds 10 % plus the run's number, in %, plus a gain from 2021 on."""
    months = [START, *(date(year, month, 1) for year in (2025, 2030) for month in range(1, 13))]
    rows = []
    for run in range(RUNS):
        for month in months:
            us = 10.0 + run + (gain if month > START else 0.0)
            shares = {"US": us, "CN": 60.0, "JP": 40.0 - us}
            rows += [(name, run, month, good, region, shares[region]) for good in GOODS for region in REGIONS]
    table = pl.DataFrame(rows, ["scenario", "run", "date", "good", "region", "capacity"], orient="row")
    dear = (pl.col("date") == date(2030, 6, 1)) & (pl.col("region") == "CN")
    short = (pl.col("date") == date(2025, 3, 1)) & (pl.col("region") == "JP")
    return table.with_columns(
        pl.col("good").cast(pl.Enum(list(GOODS))),
        pl.col("region").cast(pl.Enum(list(REGIONS))),
        output=pl.col("capacity"),
        demand=pl.lit(10.0),
        lost_sales=pl.when(short).then(5.0).otherwise(0.0),
        price_index=pl.when(pl.col("date") > START).then(1.5).otherwise(1.0),
        price_export=pl.when(dear).then(4.0).otherwise(1.0),
        fill_rate=pl.when(short).then(0.25).otherwise(1.0),
    ).sort("date", "good", "region", "run")


def programmes(name: str, paid: float) -> pl.DataFrame:
    index = {"scenario": [name] * RUNS, "run": list(range(RUNS)), "date": [START] * RUNS}
    named = {"government": ["US"] * RUNS, "programme": ["pot"] * RUNS, "paid": [paid] * RUNS, "left": [5_000.0] * RUNS}
    return pl.DataFrame({**index, **named, "projects": [3.0] * RUNS, "tariff_revenue": [2_000.0] * RUNS})


def runs(name: str, share: float, spent: float) -> pl.DataFrame:
    kpi = {"share_chips_US": [share] * RUNS, "public_spending": [spent] * RUNS}
    return pl.DataFrame({"scenario": [name] * RUNS, "run": list(range(RUNS)), **kpi})


def tally(gain: float, spans: dict[str, tuple[date, date]], **changed: Any) -> Tally:
    kept = Tally(spans, **changed)
    for name, more, spent in ((BASE, 0.0, 0.0), (WITH, gain, 3_000.0)):
        table = {"regions": regions(name, more), "programmes": programmes(name, spent)}
        kept.take({**table, "kpi": runs(name, 0.1 + more / 100.0, spent)})
    return kept


def both(gain: float = 1.0, **changed: Any) -> Summary:
    asked = (scenario(BASE, **changed), scenario(WITH, **changed))
    told = changed.get("headline")
    follow = {"followed": (Spoken(SERIES[0], told.region, told.measure),)} if told else {}
    return summarise(tally(gain, periods(asked[1]), **follow), asked)


def told(summary: Summary, world: World) -> str:
    return sentence(summary, world, [*periods(summary.scenario)])


def test_shares_of_all_regions_sum_to_one_and_weigh_chips_together() -> None:
    shares = pl.concat(tally(1.0, periods(scenario(WITH))).shares)
    sums = shares.group_by("scenario", "run", "series", "period").agg(pl.col("share").sum())["share"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))
    assert shares["series"].unique().len() == len(SERIES)


def test_a_difference_is_taken_run_by_run() -> None:
    summary = both(1.5)
    share = summary.figure("share", "chips", "US", "2030")
    gain = summary.figure("share", "chips", "US", "2030", "gain_")
    assert (share.mean, share.low, share.high) == pytest.approx((13.0, 11.8, 14.2))
    assert (gain.mean, gain.low, gain.high) == pytest.approx((1.5, 1.5, 1.5))
    assert summary.figure("share", "chips", "US", "Jan 2020", "gain_").mean == pytest.approx(0.0)


def test_the_sentence_says_who_holds_how_much_and_how_much_more_it_is(world: World) -> None:
    start = "With better the United States holds 12.5 % (11.3-13.7) of the world's chip capacity in 2030"
    bill = " Governments spend 3.0 billion dollars more, 3.0 for each point."
    assert told(both(1.0), world) == f"{start}, 1.0 points more than without.{bill}"
    less = told(both(-1.0), world)
    assert ", 1.0 points less than without. Governments spend 3.0 billion dollars more." in less
    assert ", as much as without." in told(both(0.0), world)


def test_alone_the_sentence_compares_with_the_start(world: World) -> None:
    alone = summarise(tally(1.0, periods(scenario(WITH))), [scenario(WITH)])
    assert alone.runs == RUNS
    assert told(alone, world).endswith("chip capacity in 2030, after 11.5 % in Jan 2020.")


def test_a_headline_on_prices_tells_the_peak_and_its_month(world: World) -> None:
    asked = Headline(chain="chips", region="CN", measure="export_price")
    expected = "With better buyers abroad pay China for chips up to 4.0 times the price of Jan 2020, "
    assert told(both(1.0, headline=asked), world) == expected + "most often in June 2030, as much as without."


def test_a_peak_that_differs_is_told_beside_that_without(world: World) -> None:
    summary = both(1.0, headline=Headline(chain="chips", region="CN", measure="export_price"))
    other = pl.when(pl.col("measure") == "export_peak").then(3.0).otherwise("other_mean").alias("other_mean")
    said = told(replace(summary, figures=summary.figures.with_columns(other)), world)
    assert "most often in June 2030; without, up to 3.0 times" in said


def test_the_month_of_a_headline_on_prices_is_that_of_its_region(world: World) -> None:
    asked = Headline(chain="chips", region="US", measure="export_price")
    assert "the price of Jan 2020, most often in January 2020, as much as without." in told(
        both(1.0, headline=asked), world
    )


def test_a_headline_on_orders_filled_tells_the_worst_month_of_its_region(world: World) -> None:
    asked = Headline(chain="chips", region="JP", measure="fill")
    start = (
        "With better buyers in Japan get 25.0 % of the chips they order in the worst month, most often in March 2025"
    )
    summary = both(1.0, headline=asked)
    assert told(summary, world) == f"{start}, as much as without."
    assert summary.figure("worst_fill", "chips", "JP", "2030", "gain_").mean == pytest.approx(0.0)
    plain = asked.model_copy(update={"region": "US"})
    full = "buyers in the United States get 100.0 % of the chips they order in the worst month, as much as without."
    assert told(both(1.0, headline=plain), world) == f"With better {full}"


def test_orders_of_a_chain_are_filled_as_its_goods_weigh_in_them() -> None:
    table = regions(WITH).filter(pl.col("run") == 0)
    short = (pl.col("good") == "chip_auto") & (pl.col("date") == date(2030, 2, 1)) & (pl.col("region") == "JP")
    table = table.with_columns(
        demand=pl.when(short).then(30.0).otherwise(10.0), fill_rate=pl.when(short).then(0.1).otherwise(1.0)
    )
    found = worst(table, SERIES[0], "JP", "fill")
    # Three goods of 10 in full and a tenth of 30, of 60 ordered.
    assert found["value"].to_list() == pytest.approx([100.0 * 33.0 / 60.0])
    assert found["month"].to_list() == [date(2030, 2, 1)]
    assert worst(table, SERIES[0], "US", "fill").select("value", "month").row(0) == (100.0, None)


def test_without_a_headline_the_title_leads(world: World) -> None:
    assert (
        told(summarise(tally(1.0, periods(scenario(WITH))), [scenario(WITH, headline=None)]), world)
        == "better: 4 runs."
    )


def test_prices_and_shortages_are_found_with_month_and_place() -> None:
    summary = both()
    assert summary.figure("price", "cell", "", "2030").mean == pytest.approx(1.5)
    assert summary.figure("fill", "cell", "", "2030").mean == pytest.approx(0.25)
    assert summary.figure("lost", "cell", "", "2030").mean == pytest.approx(5.0 / (25 * 30.0))
    row = summary.months.filter(scenario=WITH, good="cell").row(0, named=True)
    assert (row["fill_region"], row["fill_month"], row["peak_month"]) == ("JP", date(2025, 3, 1), date(2030, 6, 1))


def test_only_runs_that_both_have_finished_are_compared() -> None:
    kept = tally(1.0, periods(scenario(WITH)))
    kept.goods[1] = kept.goods[1].filter(pl.col("run") < 2)
    summary = summarise(kept, (scenario(BASE), scenario(WITH)))
    assert summary.runs == 2
    assert summary.figure("share", "chips", "US", "2030").mean == pytest.approx(11.5)


def test_a_scenario_without_a_finished_run_is_left_out(world: World) -> None:
    kept = Tally(periods(scenario(WITH)))
    kept.take({"regions": regions(BASE), "programmes": programmes(BASE, 0.0), "kpi": runs(BASE, 0.1, 0.0)})
    summary = summarise(kept, (scenario(BASE), scenario(WITH)))
    assert (summary.scenario.name, summary.other) == (BASE, None)
    assert told(summary, world).startswith("With plain the United States holds 11.5 %")


def grant(name: str, *goods: str, amount: float = 1.0) -> Instrument:
    """Return a programme for some goods."""
    told = {"government": "US", "goods": [*goods], "amount_musd": amount, "cap_share": 0.5}
    return measure("capex_grant", name, start=START, **told)


def test_the_cost_of_a_point_is_known_where_the_share_rises() -> None:
    kpi = pl.concat([runs(BASE, 0.10, 500.0), runs(WITH, 0.12, 3_500.0)])
    asked = (scenario(BASE), scenario(WITH, policies=(grant("act", "chip_mature"),)))
    cost = with_cost(kpi, asked, SPOKEN)
    assert cost.filter(scenario=WITH)["cost_per_point"].to_list() == pytest.approx([1_500.0] * RUNS)
    assert cost.filter(scenario=BASE)["cost_per_point"].null_count() == RUNS
    assert cost.columns == [*kpi.columns, "cost_per_point"]
    assert with_cost(kpi, asked[:1], SPOKEN)["cost_per_point"].null_count() == 2 * RUNS
    fallen = pl.concat([runs(BASE, 0.12, 500.0), runs(WITH, 0.10, 3_500.0)])
    assert with_cost(fallen, asked, SPOKEN)["cost_per_point"].null_count() == 2 * RUNS


def test_the_cost_of_a_point_is_that_of_each_scenarios_own_headline() -> None:
    kpi = pl.concat([runs(BASE, 0.10, 500.0), runs(WITH, 0.12, 3_500.0), runs("third", 0.10, 1_500.0)])
    japan = pl.when(pl.col("scenario") == "third").then(0.31).otherwise(0.30)
    act = (grant("act", "chip_mature"),)
    asked = (scenario(BASE), scenario(WITH, policies=act), scenario("third", policies=act))
    spoken = {**SPOKEN, "third": Spoken(SERIES[0], "JP")}
    cost = with_cost(kpi.with_columns(share_chips_JP=japan), asked, spoken)
    for name, each in ((WITH, 1_500.0), ("third", 1_000.0)):
        assert cost.filter(scenario=name)["cost_per_point"].to_list() == pytest.approx([each] * RUNS)


def test_few_projects_are_shown_with_a_decimal(world: World) -> None:
    def shown(projects: float) -> str:
        few = pl.when(pl.col("measure") == "projects").then(projects).otherwise("mean").alias("mean")
        summary = both(1.0)
        page = io.StringIO()
        spans = [*periods(summary.scenario)]
        show(Console(file=page, width=80), replace(summary, figures=summary.figures.with_columns(few)), world, spans)
        return next(" ".join(line.split()) for line in page.getvalue().splitlines() if "US pot" in line)

    assert shown(0.5) == "US pot 3.0 0.0 5.0 0.5 2.0"
    assert shown(11.6) == "US pot 3.0 0.0 5.0 12 2.0"


def test_money_for_other_goods_is_no_price_of_a_point() -> None:
    kpi = pl.concat([runs(BASE, 0.10, 500.0), runs(WITH, 0.12, 3_500.0)])
    asked = (scenario(BASE), scenario(WITH, policies=(grant("act", "chip_mature"), grant("more", "cell"))))
    assert with_cost(kpi, asked, SPOKEN)["cost_per_point"].null_count() == 2 * RUNS


def test_a_difference_is_aimed_where_all_that_is_new_gone_or_otherwise_is_about_the_goods() -> None:
    chips, cells = grant("act", "chip_mature"), grant("more", "cell")
    plain = scenario(BASE, policies=(cells,))
    assert aimed(scenario(WITH, policies=(cells, chips)), plain, SERIES[0])
    assert not aimed(scenario(WITH, policies=(chips,)), plain, SERIES[0])
    assert not aimed(scenario(WITH, policies=(grant("more", "cell", amount=2.0),)), plain, SERIES[0])
    shared = measure("information_sharing", regions=["US"], share=0.5)
    assert not aimed(scenario(WITH, policies=(cells, shared)), plain, SERIES[0])


def test_periods_are_the_first_month_a_year_midway_and_the_last_year() -> None:
    def names(start: date, until: date) -> list[str]:
        return [*periods(scenario(WITH, start=start, until=until))]

    assert names(START, date(2030, 12, 1)) == ["Jan 2020", "2025", "2030"]
    assert names(date(2009, 1, 1), date(2015, 12, 1)) == ["Jan 2009", "2012", "2015"]
    assert names(START, date(2021, 3, 1)) == ["Jan 2020", "2021"]
    assert names(START, date(2020, 3, 1)) == ["Jan 2020", "Mar 2020"]
    assert names(START, START) == ["Jan 2020"]


def test_a_headline_may_speak_of_any_good_or_chain(world: World) -> None:
    assert series_of(HEADLINE, world.goods) is SERIES[0]
    cars = series_of(Headline(chain="cars", region="US"), world.goods)
    assert (cars.goods, cars.phrase, cars.verb) == (("car_electric", "car_combustion"), "cars", "makes")
    assert series_of(Headline(chain="device", region="US"), world.goods).goods == ("device",)


def test_ranges_are_left_out_where_all_runs_agree() -> None:
    assert band(Spread(1.0, 1.0, 1.0)) == ""
    assert band(Spread(1.0, 0.96, 1.04)) == ""
    assert band(Spread(1.0, 0.5, 1.5)) == "(0.5-1.5) "
    assert band(Spread(1.0, -0.5, 1.5)) == "(-0.5 to 1.5) "
    assert band(Spread(1.0, -0.5, 1.5), "+") == "(-0.5 +1.5) "
    assert (figure(-0.04, "+"), figure(0.26, "+"), figure(math.nan)) == ("0.0", "+0.3", "-")


def test_the_page_fits_eighty_columns_and_names_every_chain(world: World) -> None:
    page = io.StringIO()
    summary = both()
    show(Console(file=page, width=200), summary, world, [*periods(summary.scenario)])
    lines = page.getvalue().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert lines[0].startswith("With better the United States holds")
    assert [line.partition(",")[0].rstrip() for line in lines if ", % of the world" in line] == [
        s.title for s in SERIES
    ]
    assert "US pot" in page.getvalue()
    assert "…" not in page.getvalue()
