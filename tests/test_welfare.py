"""The account of who pays and who gains: it closes to the last dollar, and small cases agree with sums by hand."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from cases import TOLD, case
from worlds import START, busy, embattled, invested, measure, question, tiny_world, with_parameters

from abm.axes import Floats
from abm.books import Books
from abm.flow import PURPOSES
from abm.model import Model
from abm.policies.instrument import Instrument
from abm.series import SERIES, Seen, Totals
from abm.welfare import PARTS, Account, account, gains
from abm.world import World

READ = {one.name: one.read for one in SERIES}
RESEARCH = PURPOSES.index("research")
MONTHS = 24
Row = tuple[str, int, date, str, str, float, float, float, float]
Side = dict[str, Any]


@cache
def without_freight() -> World:
    """Return the tiny world in which carriage is free."""
    world = tiny_world()
    return replace(world, goods=replace(world.goods, freight=np.zeros_like(world.goods.freight)))


def lived(*measures: Instrument, world: World, months: int = MONTHS) -> Iterator[tuple[Books, Floats]]:
    """Yield the books after every month, and what treasuries hold more than before (region, run)."""
    model = Model(question(*measures, months=months), runs=2, world=world)
    while model.running:
        before = model.books.state.treasury.copy()
        model.step()
        yield model.books, model.books.state.treasury - before


def gap(books: Books, taken: Floats, freight: Floats) -> float:
    """Return how far the month's account is from closing, relative to all that is sold.

    Margins less final spending and what treasuries take in must be minus all that is paid for work and freight.
    """
    margin, spending = (
        READ[name](Totals(books, Seen.of(books))).sum(axis=0) for name in ("producer_margin", "consumer_spending")
    )
    work = books.flow.wages.sum(axis=0) + books.flow.outlay[RESEARCH].sum(axis=0)
    carried = (books.flow.traded_value * freight).sum(axis=0)
    rest = margin - spending + taken.sum(axis=0) + work + carried
    return float(np.abs(rest / books.flow.revenue.sum(axis=0)).max())


@pytest.mark.parametrize("kind", TOLD)
def test_whatever_a_measure_pays_one_side_another_bears(kind: str) -> None:
    nothing = np.zeros((1, 1))
    for books, taken in lived(*busy(), case(kind).made("example"), world=without_freight()):
        assert gap(books, taken, nothing) < 1e-12, books.month


def test_what_is_paid_back_and_what_states_sell_is_counted() -> None:
    nothing, seen = np.zeros((1, 1)), Counter[str]()
    for books, taken in lived(*invested(), *embattled(), world=without_freight(), months=48):
        assert gap(books, taken, nothing) < 1e-12, books.month
        seen["paid back"] += bool(books.flow.repaid.any())
        seen["sold by states"] += bool(books.flow.released.any())
    assert min(seen["paid back"], seen["sold by states"]) > 0, seen


def test_freight_is_borne_too(tiny: World) -> None:
    for books, taken in lived(*busy(), world=tiny):
        assert gap(books, taken, books.frame.freight) < 1e-12, books.month


@pytest.mark.parametrize("kind", TOLD)
def test_the_table_of_programmes_tells_all_that_treasuries_pay_and_take_in(kind: str, tiny: World) -> None:
    model = Model(question(*busy(), case(kind).made("example"), months=MONTHS), runs=2, world=tiny).run()
    net = pl.col("tariff_revenue") + pl.col("repaid") - pl.col("paid")
    told = model.programmes.group_by("government", "run").agg(net.sum())
    found = {(region, run): amount for region, run, amount in told.rows()}
    held = model.books.state.treasury
    for number, region in enumerate(tiny.regions):
        for run in (0, 1):
            assert held[number, run] == pytest.approx(found.get((region, run), 0.0), rel=1e-9, abs=1e-6), region


def month(run: int, day: date, place: tuple[str, str], units: float, spent: float, made: tuple[float, float]) -> Row:
    """Return a row of the table of regions; made is margin and capex."""
    return ("asked", run, day, *place, units, spent, *made)


COLUMNS = ["scenario", "run", "date", "good", "region"]
FIGURES = ["consumption", "consumer_spending", "producer_margin", "capex"]


def told(tiny: World, *rows: Row, paid: float = 0.0, rate: float = 0.0) -> Account:
    """Return the account of some months, in the first of which the US treasury pays an amount."""
    regions = pl.DataFrame(rows, [*COLUMNS, *FIGURES], orient="row")
    money = {
        "run": [0],
        "date": [START],
        "government": ["US"],
        "paid": [paid],
        "repaid": [0.0],
        "tariff_revenue": [0.0],
    }
    tables = {"regions": regions, "programmes": pl.DataFrame(money)}
    return account(tables, tiny, with_parameters(tiny, discount=rate).parameters, START)


def part(found: pl.DataFrame, name: str, region: str = "US") -> float:
    """Return one part of a region's gains, over all goods."""
    return float(found.filter(part=name, region=region)["gain"].sum())


def test_buyers_lose_half_of_both_quantities_times_the_rise_of_the_price(tiny: World) -> None:
    before = told(tiny, month(0, START, ("medicine", "US"), 10.0, 20.0, (0.0, 0.0)))
    after = told(tiny, month(0, START, ("medicine", "US"), 8.0, 24.0, (0.0, 0.0)))
    found = gains(after, before)
    # Ten doses at 2 become eight at 3: nine times 1 is lost, though only 4 more are spent.
    assert part(found, "buyers") == pytest.approx(-9.0)
    assert part(found, "spending") == pytest.approx(-4.0)
    assert part(found, "margin") == part(found, "plants") == part(found, "treasury") == 0.0


def test_what_is_not_sold_at_all_in_one_of_two_runs_has_no_price_to_compare(tiny: World) -> None:
    none = told(tiny, month(0, START, ("medicine", "US"), 0.0, 0.0, (0.0, 0.0)))
    some = told(tiny, month(0, START, ("medicine", "US"), 8.0, 24.0, (0.0, 0.0)))
    assert part(gains(some, none), "buyers") == 0.0
    assert part(gains(some, none), "spending") == pytest.approx(-24.0)


def test_later_money_counts_less(tiny: World) -> None:
    nothing = [month(0, day, ("cell", "US"), 0.0, 0.0, (0.0, 0.0)) for day in (START, date(2021, 1, 1))]
    late = month(0, date(2021, 1, 1), ("cell", "US"), 0.0, 0.0, (110.0, 0.0))
    found = gains(told(tiny, nothing[0], late, rate=0.1, paid=7.0), told(tiny, *nothing, rate=0.1))
    assert part(found, "margin") == pytest.approx(100.0)
    assert part(found, "treasury") == pytest.approx(-7.0)


def test_plants_are_left_at_cost_less_wear(tiny: World) -> None:
    days = (START, date(2020, 3, 1))
    nothing = [month(0, day, ("cell", "US"), 0.0, 0.0, (0.0, 0.0)) for day in days]
    built = month(0, START, ("cell", "US"), 0.0, 0.0, (0.0, 100.0))
    found = gains(told(tiny, built, nothing[1], rate=0.05), told(tiny, *nothing, rate=0.05))
    wear = float(tiny.goods.depreciation[tiny.goods.code.index("cell")])
    assert 0.0 < wear < 0.1
    # Two months of wear, and what is left is worth less for being held two months later.
    assert part(found, "plants") == pytest.approx(100.0 * (1.0 - wear) ** 2 / 1.05 ** (2.0 / 12.0) - 100.0)


def test_only_runs_that_both_have_are_compared(tiny: World) -> None:
    rows = [month(run, START, ("cell", "US"), 0.0, 0.0, (float(run), 0.0)) for run in (0, 1)]
    assert gains(told(tiny, *rows), told(tiny, rows[0]))["run"].unique().to_list() == [0]


def test_a_tariff_on_the_tiny_world_agrees_with_plain_loops_over_its_tables(tiny: World) -> None:
    duty = measure("tariff", government="US", goods=["medicine"], origins=["CN"], rate=0.5)
    models = [Model(question(*mix, months=30), runs=2, world=tiny).run() for mix in ((duty,), ())]
    sides = [account({"regions": m.regions, "programmes": m.programmes}, tiny, tiny.parameters, START) for m in models]
    found = gains(*sides)
    mine, theirs = (looped(model, tiny) for model in models)
    for region in tiny.regions:
        for run in (0, 1):
            here = found.filter(region=region, run=run)
            expected = by_hand(mine[region, run], theirs[region, run])
            for name in PARTS:
                scale = 1e-7 * max(abs(side["volume"]) for side in (mine[region, run], theirs[region, run]))
                assert here.filter(part=name)["gain"].sum() == pytest.approx(expected[name], rel=1e-6, abs=scale), name
    assert part(found.filter(run=0), "treasury") > 0.0
    assert part(found.filter(run=0), "buyers") < 0.0


def looped(model: Model, world: World) -> dict[tuple[str, int], Side]:
    """Return discounted sums of a run by region and run, added up one by one."""
    wear = dict(zip(world.goods.code, world.goods.depreciation, strict=True))
    sums: dict[tuple[str, int], Side] = {}
    rate, last = 1.0 + world.parameters.discount, 29
    for row in model.regions.rows(named=True):
        side = sums.setdefault(
            (row["region"], row["run"]),
            {"bought": defaultdict(lambda: [0.0, 0.0]), "margin": 0.0, "plants": 0.0, "treasury": 0.0, "volume": 0.0},
        )
        age = 12 * (row["date"].year - 2020) + row["date"].month - 1
        worth = rate ** (-age / 12.0)
        basket = side["bought"][row["good"], row["date"].year]
        basket[0] += worth * row["consumption"]
        basket[1] += worth * row["consumer_spending"]
        side["volume"] += worth * row["consumer_spending"]
        side["margin"] += worth * row["producer_margin"]
        left = (1.0 - wear[row["good"]]) ** (last - age) * rate ** (-last / 12.0)
        side["plants"] += row["capex"] * (left - worth)
    for row in model.programmes.rows(named=True):
        age = 12 * (row["date"].year - 2020) + row["date"].month - 1
        net = row["tariff_revenue"] + row["repaid"] - row["paid"]
        sums[row["government"], row["run"]]["treasury"] += net * rate ** (-age / 12.0)
    return sums


def by_hand(mine: Side, theirs: Side) -> dict[str, float]:
    """Return the parts of one region's gains."""
    buyers = 0.0
    for key, (units, spent) in mine["bought"].items():
        units_then, spent_then = theirs["bought"][key]
        if units > 0.0 and units_then > 0.0:
            buyers -= 0.5 * (units + units_then) * (spent / units - spent_then / units_then)
    return {"buyers": buyers, **{name: mine[name] - theirs[name] for name in PARTS if name != "buyers"}}
