"""Patterns measured in worlds whose answer is known."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
import pytest

from experiments.validation import pattern_decade as decade
from experiments.validation import pattern_minerals as minerals
from experiments.validation.pattern_bands import Check, patterns_told
from experiments.validation.pattern_sums import CARS, CHIPS, Array, Seen, first_over, swing

Cells = Mapping[tuple[str, str], Mapping[str, Sequence[float]]]
TOLD = patterns_told()
WAVE = np.array([0.0, 1.0, 0.0, -1.0] * 6)


def regions(cells: Cells, first: date = date(2020, 1, 1)) -> pl.DataFrame:
    """Return a table of regions with one run: columns by good and region, month by month."""
    rows = []
    for (good, region), columns in cells.items():
        many = len(next(iter(columns.values())))
        months = [date(first.year + at // 12, at % 12 + 1, 1) for at in range(many)]
        head = pl.DataFrame({"run": 0, "date": months, "good": good, "region": region}, strict=False)
        rows.append(head.with_columns(pl.Series(name, values, dtype=pl.Float32) for name, values in columns.items()))
    return pl.concat(rows, how="diagonal")


def trade(*rows: tuple[str, str, str, int, float]) -> pl.DataFrame:
    """Return a table of trade: good, buyer, supplier, year and units."""
    columns = ("good", "buyer", "supplier", "year", "units")
    table = pl.DataFrame(rows, schema=columns, orient="row")
    return table.select("good", "buyer", "supplier", "units", run=pl.lit(0), date=pl.date(pl.col("year"), 12, 1))


def seen(**tables: Mapping[str, pl.DataFrame]) -> Seen:
    """Return scenarios with their tables."""
    return Seen(lambda _, scenario, table: tables[scenario][table].lazy())


def asked(code: str, name: str, **replaced: object) -> Check:
    """Return a check of the file, with something replaced."""
    return TOLD[code].checks[name].model_copy(update=replaced)


def test_steady_growth_does_not_swing_and_a_wave_twice_as_high_swings_twice_as_much() -> None:
    time = np.arange(24.0)[:, None]
    assert swing(np.exp(0.02 * time)) == pytest.approx([0.0], abs=1e-12)
    waves = [swing(np.exp(height * WAVE[:, None])) for height in (0.1, 0.2)]
    assert waves[1] == pytest.approx(2.0 * waves[0])


def test_the_first_month_over_a_level_is_the_end_where_there_is_none() -> None:
    assert first_over(np.array([[0.0, 0.0], [0.2, 0.1], [0.1, 0.1]]), 0.2).tolist() == [1.0, 3.0]


def of_orders(heights: Mapping[str, float]) -> Mapping[str, pl.DataFrame]:
    """Return orders that swing so high, by good."""
    return {
        "regions": regions(
            {(good, "US"): {"demand": np.exp(height * WAVE).tolist()} for good, height in heights.items()}
        )
    }


def test_the_bullwhip_is_the_smallest_ratio_of_all_tiers() -> None:
    check = asked("P1", "upstream", window="2020-01 to 2021-12")
    growing = dict(zip(decade.TIERS, (0.1, 0.2, 0.4, 0.6, 1.2), strict=True))
    assert decade.upstream(seen(baseline=of_orders(growing)), check) == pytest.approx([1.5], rel=1e-5)
    calmed = growing | {"cell": 0.05}
    assert decade.upstream(seen(baseline=of_orders(calmed)), check) == pytest.approx([0.5], rel=1e-5)


def test_shared_information_is_measured_against_none() -> None:
    both = seen(baseline=of_orders({"chip_auto": 0.2}), information_sharing=of_orders({"chip_auto": 0.1}))
    assert decade.shared(both, asked("P1", "shared", window="2020 to 2021")) == pytest.approx([0.5], rel=1e-5)


@pytest.mark.parametrize(("good", "before", "after"), [("cell", 1.075, 1.175), ("magnet", 1.0, 1.1)])
def test_an_elasticity_is_found_again_on_top_of_the_duty_already_in_force(
    good: str, before: float, after: float
) -> None:
    kept = (good, "US", "JP", 2022, 50.0)
    # What Americans make at home is no import.
    home = (good, "US", "US", 2022, 1000.0)
    turned = 100.0 * (after / before) ** -0.76
    both = seen(
        baseline={"trade": trade((good, "US", "CN", 2022, 100.0), kept, home)},
        probe_tariff={"trade": trade((good, "US", "CN", 2022, turned), kept, (*home[:-1], 1.0))},
    )
    assert decade.elasticity(both, asked("P2", "year_rivals"), good, "2022") == pytest.approx([0.76])


def of_prices(abroad: Sequence[float], home: Sequence[float] = ()) -> Seen:
    """Return what refineries ask from 2009 on."""
    columns = {"price_export": abroad, "price_domestic": home or [1.0] * len(abroad)}
    calm = {"price_domestic": np.exp(0.001 * np.resize(WAVE, len(abroad))).tolist()}
    cells = {("ree_oxide", "CN"): columns, ("car_combustion", "CN"): calm, ("medicine", "CN"): calm}
    return seen(rare_earth_embargo_2010={"regions": regions(cells, date(2009, 1, 1))})


def test_a_price_that_jumps_up_and_creeps_down_is_skewed_with_fat_tails_and_cars_are_calm_beside_it() -> None:
    jumps = np.exp(np.concatenate([np.zeros(12), np.linspace(2.0, 0.0, 48)])).tolist()
    window = {"window": "2009-02 to 2013-12"}
    assert minerals.skewness(of_prices(jumps), asked("P3", "skew", **window))[0] > 3.0
    assert minerals.tails(of_prices(jumps), asked("P3", "kurtosis", **window))[0] > 10.0
    assert minerals.flatness(of_prices(jumps), asked("P3", "flat", **window))[0] < 0.01
    falls = (1.0 / np.array(jumps)).tolist()
    assert minerals.skewness(of_prices(falls), asked("P3", "skew", **window))[0] < -3.0


def test_the_two_tiers_are_those_of_the_month() -> None:
    abroad = [1.0] * 48
    abroad[30], home = 3.0, [0.5] * 48
    assert minerals.tiers(of_prices(abroad, home), asked("P4", "two_tier")) == pytest.approx([6.0])


def path(**replaced: float) -> list[float]:
    """Return a price that meets every dated point, but those replaced."""
    prices = [19.0] * 72
    for month, value in ((18, 42.0), (35, 195.0), (47, 77.5), (59, 67.5), (71, 58.0)):
        prices[month] = replaced.get(f"m{month}", value)
    return prices


@pytest.mark.parametrize(("off", "factor"), [({}, 1.0), ({"m35": 65.0}, 3.0), ({"m71": 116.0, "m47": 78.0}, 2.0)])
def test_the_spike_is_as_far_off_as_its_worst_point_either_way(off: dict[str, float], factor: float) -> None:
    found = minerals.farthest(of_prices([price / 1000.0 for price in path(**off)]), asked("P5", "points"))
    assert found == pytest.approx([factor], rel=1e-4)


def test_japan_s_share_counts_imports_alone_and_its_least_is_that_of_any_year() -> None:
    bought = {2012: 49.0, 2013: 30.0, 2014: 58.0}
    rows = [("ree_oxide", "JP", "CN", year, share) for year, share in bought.items()]
    rows += [("ree_oxide", "JP", "AU", year, 100.0 - share) for year, share in bought.items()]
    rows += [("ree_oxide", "JP", "JP", year, 500.0) for year in bought]
    found = seen(rare_earth_embargo_2010={"trade": trade(*rows)})
    assert minerals.from_china(found, asked("P6", "in_2012")) == pytest.approx([49.0])
    assert minerals.least(found, asked("P6", "least", window="2012 to 2014")) == pytest.approx([30.0])


def of_output(mines: Array, refineries: Array, capacity: Array | None = None, price: Array | None = None) -> Seen:
    """Return output in the US, month by month, beside a hundred in China."""
    china = np.full(len(mines), 100.0)
    capacity, price = mines if capacity is None else capacity, china if price is None else price
    cells = {
        ("ree_concentrate", "CN"): {"output": china, "capacity": china},
        ("ree_concentrate", "US"): {"output": mines, "capacity": capacity},
        ("ree_oxide", "CN"): {"output": china, "price_export": price},
        ("ree_oxide", "US"): {"output": refineries},
    }
    lists = {cell: {name: values.tolist() for name, values in told.items()} for cell, told in cells.items()}
    return seen(rare_earth_embargo_2010={"regions": regions(lists, date(2009, 1, 1))})


def test_refineries_follow_mines_by_the_months_between_and_at_the_end_where_they_never_do() -> None:
    mines, refineries = np.zeros(60), np.zeros(60)
    mines[20:], refineries[50:] = 25.0, 25.0
    check = asked("P7", "lag", window="2009-01 to 2013-12")
    assert minerals.head_start(of_output(mines, refineries), check).tolist() == [30.0]
    assert minerals.head_start(of_output(mines, np.zeros(60)), check).tolist() == [40.0]
    share = minerals.mine_share(of_output(mines, refineries), asked("P7", "mine_share", window="2013"))
    assert share == pytest.approx([20.0])


def test_idle_mines_abroad_peak_so_long_after_the_price() -> None:
    mines, capacity, price = np.full(60, 10.0), np.full(60, 12.0), np.full(60, 1.0)
    price[10], capacity[45] = 5.0, 40.0
    found = of_output(mines, mines, capacity, price)
    assert minerals.overshoot(found, asked("P12", "overshoot", window="2009-01 to 2013-12")).tolist() == [35.0]


@pytest.mark.parametrize(
    ("hq", "good", "year", "share"),
    [
        ("US", "ree_concentrate", 2015, 100.0),
        ("CN", "ree_concentrate", 2015, 0.0),
        ("US", "cell", 2015, 0.0),
        ("US", "ree_oxide", 2010, 0.0),
    ],
)
def test_an_exit_is_that_of_a_miner_or_refiner_from_abroad_in_the_window(
    hq: str, good: str, year: int, share: float
) -> None:
    rows = [
        (
            0,
            date(at, 12, 31),
            firm,
            hq if firm == "a" else "US",
            good if firm == "a" else "ree_oxide",
            float(firm == "a" and at >= year),
        )
        for at in range(2009, 2021)
        for firm in "ab"
    ]
    table = pl.DataFrame(rows, schema=["run", "date", "firm", "hq", "good", "bankrupt"], orient="row")
    found = seen(rare_earth_embargo_2010={"firms": table})
    assert minerals.exits(found, asked("P12", "exit")).tolist() == [share]


def of_chips(**columns: Sequence[float]) -> Mapping[str, pl.DataFrame]:
    """Return columns of all four chips alike in the US, and of a Korea with nine times as much capacity."""
    here = {(good, "US"): columns for good in CHIPS}
    capacity = [9.0] * len(next(iter(columns.values())))
    return {"regions": regions({**here, **{(good, "KR"): {"capacity": capacity} for good in CHIPS}})}


def test_the_fullest_month_is_looked_for_in_the_window_alone() -> None:
    output, capacity = [0.95] * 6 + [0.8] * 12 + [0.92] + [0.8] * 5, [1.0] * 24
    full = regions({(good, "US"): {"output": output, "capacity": capacity} for good in CHIPS})
    found = seen(chip_shortage_2021={"regions": full})
    assert decade.fullest(found, asked("P8", "utilisation")) == pytest.approx([92.0])


def test_carmakers_stock_is_weighted_by_what_they_order() -> None:
    large = {"stock_days": [40.0] * 12 + [4.0] * 12, "demand": [3.0] * 24}
    small = {"stock_days": [40.0] * 24, "demand": [1.0] * 24}
    table = regions({("chip_auto", "US"): large, ("chip_auto", "JP"): small})
    found = seen(chip_shortage_2021={"regions": table})
    assert decade.emptiest(found, asked("P8", "stock")) == pytest.approx([13.0])


def test_cars_lost_are_those_of_both_kinds_and_one_year_in_millions() -> None:
    def bought(each: float) -> Mapping[str, pl.DataFrame]:
        return {"regions": regions({(car, "US"): {"consumption": [1000.0] * 12 + [each] * 12} for car in CARS})}

    found = seen(baseline=bought(1000.0), chip_shortage_2021=bought(750.0))
    assert decade.cars_lost(found, asked("P8", "lost")) == pytest.approx([6.0])


def test_the_us_share_is_compared_in_the_last_month_of_the_window() -> None:
    found = seen(baseline=of_chips(capacity=[1.0] * 24), chips_act=of_chips(capacity=[1.0] * 23 + [3.0]))
    assert decade.moved(found, asked("P9", "before", window="2021-11")) == pytest.approx([0.0])
    assert decade.moved(found, asked("P9", "before", window="2021-12")) == pytest.approx([15.0])


@pytest.mark.parametrize(
    ("fabs", "ratio"),
    [((9.0, 14.0, 19.0), 2 / 3), ((10.0, 20.0, 35.0), 1.0), ((0.0, 1.0, 10.0), 6.0), ((2.0, 1.0, 10.0), np.inf)],
)
def test_the_next_billions_are_set_against_the_first(fabs: tuple[float, ...], ratio: float) -> None:
    worlds = {
        scenario: of_chips(new_plants=[fab / 4.0] + [0.0] * 11)
        for scenario, fab in zip(decade.POTS.values(), fabs, strict=True)
    }
    found = decade.marginal(seen(**worlds), asked("P10", "concave", window="2020"))
    assert found == pytest.approx([ratio])


def test_a_learning_rate_is_found_again() -> None:
    output = 10.0 * np.exp(0.01 * np.arange(120.0))
    price = decade.ever_made(output[:, None])[:, 0] ** np.log2(1.0 - 0.16)
    cells = regions({("cell", "CN"): {"price_domestic": price.tolist(), "output": output.tolist()}})
    check = asked("P11", "learning", window="2020-01 to 2029-12")
    assert decade.learnt(seen(baseline={"regions": cells}), check) == pytest.approx([16.0], abs=1e-3)


def test_what_was_made_before_is_what_steady_growth_has_made() -> None:
    output = np.exp(0.01 * np.arange(60.0))[:, None]
    made = decade.ever_made(output)[:, 0]
    assert np.diff(np.log(made))[-12:] == pytest.approx(0.01)


def test_years_are_compared_by_their_means() -> None:
    price = [2.0] * 12 + [1.0] * 12
    cells = regions({("cell", "CN"): {"price_domestic": price}}, date(2009, 1, 1))
    found = minerals.cells_cheaper(
        seen(rare_earth_embargo_2010={"regions": cells}), asked("P11", "decade", window="2009 and 2010")
    )
    assert found == pytest.approx([0.5])
    bought = {
        ("car_electric", "US"): {"consumption": [1.0] * 12 + [4.0] * 12},
        ("car_combustion", "US"): {"consumption": [9.0] * 12 + [6.0] * 12},
    }
    grown = decade.electrified(
        seen(baseline={"regions": regions(bought)}), asked("decade", "electric", window="2020 and 2021")
    )
    assert grown == pytest.approx([4.0])


def test_a_decade_of_five_percent_grows_five_percent_a_year_and_a_jump_is_one_of_shares() -> None:
    capacity = (1.05 ** (np.arange(61.0) / 12.0)).tolist()
    table = regions({(good, "US"): {"capacity": capacity} for good in CHIPS})
    grown = decade.growth(seen(baseline={"regions": table}), asked("decade", "growth", window="2020-01 to 2025-01"))
    assert grown == pytest.approx([5.0], abs=1e-3)
    jumped = seen(baseline=of_chips(capacity=[1.0] * 12 + [3.0] * 12))
    assert decade.largest_jump(jumped, asked("decade", "jump", window="2020 to 2021")) == pytest.approx([15.0])


def test_plants_are_counted_in_the_chain_with_the_fewest() -> None:
    begun = {
        ("chip_mature", "US"): 9.0,
        ("cell", "CN"): 7.0,
        ("battery_ore", "AU"): 1.0,
        ("magnet", "CN"): 6.0,
        ("medicine", "IN"): 30.0,
    }
    cells = {cell: {"new_plants": [many, *[0.0] * 11]} for cell, many in begun.items()}
    found = decade.fewest_plants(seen(baseline={"regions": regions(cells)}), asked("decade", "plants", window="2020"))
    assert found.tolist() == [6.0]
