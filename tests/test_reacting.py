"""Governments that follow rules: what they see, ask, pay and keep; and that without them nothing changes."""

from collections import Counter
from dataclasses import fields
from datetime import date

import numpy as np
import polars as pl
import pytest
from oracle import Oracle, gaps
from reactions import duty, quarrel, reactive
from worlds import busy, measure, question, recorded, state_of, with_parameters

from abm.agents import Government
from abm.books import Books
from abm.events import SENTENCES
from abm.ledger import breaches, holdings
from abm.model import Model
from abm.stance import Stance
from abm.world import World
from experiments.units import units

RULES = (
    "look",
    "fear",
    "ambition",
    "asked_premium",
    "joined_share",
    "wanted_budget",
    "wanted_stock",
    "answer",
    "solidarity",
)
START = date(2020, 1, 1)
QUIET = {
    "premium_response": 0.0,
    "budget_response": 0.0,
    "reserve_response": 0.0,
    "reserve_pace": 0.0,
    "reserve_release": 0.0,
    "retaliation_chance": 0.0,
}


def test_who_does_what_is_dated_is_no_different_for_the_rules_of_others(
    tiny: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(books: Books, stance: Stance) -> None:
        raise AssertionError

    monkeypatch.setattr("abm.phases.governing.react", fails)
    dated = Model(question(*busy(), months=12), runs=2, world=tiny).run()
    assert dated.books.stance is None
    assert not [name for name in dated.books.pots.name if name.startswith("reactive_")]
    assert dated.events.height == 0
    with pytest.raises(AssertionError):
        Model(reactive(*busy(), months=12), runs=2, world=tiny).run()


def test_governments_whose_rules_ask_for_nothing_are_bit_identical_to_those_without_rules(tiny: World) -> None:
    world = with_parameters(tiny, **QUIET)
    dated, quiet = (
        Model(asked, runs=3, seed=4, world=world).run()
        for asked in (question(*quarrel(), *busy()[:2], months=30), reactive(*quarrel(), *busy()[:2], months=30))
    )
    for (name, mine), (_, theirs) in zip(state_of(dated.books), state_of(quiet.books), strict=True):
        own = theirs[: len(mine)] if len(theirs) != len(mine) else theirs
        assert mine.tobytes() == own.tobytes(), name
        assert not theirs[len(mine) :].any(), name
    for (name, mine), (_, theirs) in zip(recorded(dated), recorded(quiet), strict=True):
        assert mine.tobytes() == theirs.tobytes(), name
    assert set(quiet.events["instrument"]) <= {"public_stockpile"}
    assert set(quiet.events["size"]) <= {0.0}


@pytest.fixture(scope="module")
def sixteen(tiny: World) -> Model:
    return Model(reactive(*quarrel(), *busy()), runs=16, seed=3, world=tiny).run()


@pytest.mark.parametrize(("first", "runs"), [(0, 1), (5, 1), (8, 4)])
def test_a_run_is_the_same_in_a_batch_of_any_width(tiny: World, sixteen: Model, first: int, runs: int) -> None:
    few = Model(reactive(*quarrel(), *busy()), runs=runs, seed=3, first_run=first, world=tiny).run()
    wide = slice(first, first + runs)
    for (name, mine), (_, theirs) in zip(state_of(few.books), state_of(sixteen.books), strict=True):
        assert np.array_equal(mine, theirs[..., wide]), name
    assert few.books.stance is not None
    assert sixteen.books.stance is not None
    company = sixteen.books.stance.columns()
    for name, own in few.books.stance.columns().items():
        assert own.shape == (*company[name].shape[:-1], runs), name
        assert np.array_equal(own, company[name][:, wide]), name
    assert np.array_equal(few.books.pots.amount, sixteen.books.pots.amount[:, wide])
    assert few.events.equals(sixteen.events.filter(pl.col("run").is_between(first, first + runs - 1)))


def test_runs_differ_because_governments_see_differently(sixteen: Model) -> None:
    stance = sixteen.books.stance
    assert stance is not None
    trading = stance.observed.min(axis=1) > 0.1
    assert (np.ptp(stance.perceived[trading], axis=1) > 0.01).all()
    done = sixteen.events.group_by("run").len()["len"]
    assert done.len() == 16
    assert done.n_unique() > 4


def test_the_books_balance_in_every_month(tiny: World) -> None:
    world = with_parameters(tiny, retaliation_chance=1.0, home_site_bias=0.0, brownfield_bias=0.0, budget_response=5.0)
    model = Model(reactive(*quarrel(), *busy(), months=48), runs=3, world=world)
    while model.running:
        before = holdings(model.books)
        model.step()
        assert breaches(before, model.books) == []
    own = [name for name in model.books.pots.name if name.startswith("reactive_")]
    assert model.programmes.filter(pl.col("programme").is_in(own))["paid"].sum() > 0.0


def test_five_years_of_governments_that_follow_rules_are_those_of_plain_loops(tiny: World) -> None:
    world = with_parameters(tiny, retaliation_chance=0.9, home_site_bias=0.0, brownfield_bias=0.0, cluster_bias=0.0)
    fast = Model(reactive(*quarrel(), *busy(), months=60), seed=2, world=world)
    oracle, seen = Oracle(fast), Counter[str]()
    assert oracle.reaction is not None
    own = oracle.pots[oracle.reaction.first_pot :]
    for month in range(60):
        fast.step()
        oracle.step()
        far = {name: gap for name, gap in gaps(oracle, fast.books).items() if not gap < 1e-9}
        assert far == {}, f"month {month}"
        seen["own programmes paid"] += sum(pot.grants_paid > 0.0 for pot in own)
        seen["stocks were wanted"] += sum(concern.alarm > 0.0 for concern in oracle.reaction.concerns)
        seen["allies joined"] += sum(sight.premium > sight.asked for sight in oracle.reaction.sights)
        seen["reviews told"] += sum(sight.reviewed > 0.0 for sight in oracle.reaction.sights)
    seen.update({what: oracle.diary[what] for what in ("answered", "allies went along")})
    assert min(seen.values()) > 0, seen
    assert set(fast.events["instrument"]) == {"capex_grant", "embargo", "friend_premium", "public_stockpile"}


def test_the_comparison_notices_a_grudge_that_is_held_a_month_longer(tiny: World) -> None:
    fast = Model(reactive(duty(start=date(2020, 2, 1)), months=12), world=with_parameters(tiny, retaliation_chance=1.0))
    oracle = Oracle(fast)
    for month in range(3):
        fast.step()
        oracle.step()
        assert max(gaps(oracle, fast.books).values()) < 1e-9, month
    assert oracle.reaction is not None
    held = [grudge for grudge in oracle.reaction.grudges if grudge.due > 0.0]
    assert len(held) == 1
    held[0].due += 1.0
    assert max(gaps(oracle, fast.books).values()) > 1e-9


@pytest.mark.parametrize("rule", RULES)
def test_a_government_alone_decides_as_in_the_crowd(sixteen: Model, rule: str) -> None:
    together = getattr(sixteen.books.cast.governments, rule)()
    axis = {"answer": "others", "solidarity": "others", "wanted_budget": "rows", "wanted_stock": "rows"}
    for government in sixteen.agents.select(agent_type=Government):
        own = getattr(government, axis.get(rule, "corridors"))
        assert np.array_equal(getattr(government, rule)(), together[own]), government.name


def test_budgets_go_to_goods_that_come_from_one_place_and_are_what_the_programme_has(tiny: World) -> None:
    model = Model(reactive(months=24), runs=4, world=tiny).run()
    promised = model.events.filter(pl.col("instrument") == "capex_grant")
    for region, code in enumerate(tiny.regions):
        for run in range(4):
            told = promised.filter((pl.col("actor") == code) & (pl.col("run") == run))["size"].sum()
            assert told == pytest.approx(float(model.books.pots.amount[region, run]), rel=1e-12)
    assert {"device", "key_starting_material"} <= set(promised.filter(pl.col("actor") == "US")["good"])
    assert "car_electric" not in set(promised["good"])


def test_a_review_lessens_the_error_and_lowers_the_threshold(tiny: World) -> None:
    review = measure("supply_review", government="US", goods=["magnet"], start=date(2020, 2, 1))
    plain, asked = (Model(reactive(*what, months=10), runs=200, world=tiny).run() for what in ((), (review,)))
    us, cn = tiny.regions.index("US"), tiny.regions.index("CN")
    cell = (tiny.goods.code.index("magnet") * 3 + us) * 3 + cn
    place = tiny.goods.code.index("magnet") * 3 + us
    errors = []
    for model in (plain, asked):
        stance = model.books.stance
        assert stance is not None
        errors.append(float(np.std(stance.perceived[cell] / stance.observed[cell])))
        errors.append(float((stance.alarm[place] > 0.0).mean()))
    assert errors[0] == pytest.approx(0.12, rel=0.2)
    assert errors[2] == pytest.approx(0.04, rel=0.2)
    assert errors[1] < 0.5
    assert errors[3] > 0.95


def test_programmes_wait_for_the_second_report(tiny: World) -> None:
    world = with_parameters(tiny, view_error=0.0, reviewed_error=0.0)
    review = measure("supply_review", government="US", goods=["magnet"], start=date(2020, 2, 1))
    deeds = Model(reactive(review, months=16), world=world).run().events
    about = deeds.filter((pl.col("actor") == "US") & (pl.col("good") == "magnet"))
    first = dict(about.group_by("instrument").agg(pl.col("date").min()).iter_rows())
    assert first["friend_premium"] == first["public_stockpile"] == date(2020, 7, 1)
    assert first["capex_grant"] == date(2021, 4, 1)


def test_events_are_told_in_plain_sentences_in_the_order_of_months(sixteen: Model) -> None:
    told = sixteen.events
    assert told["date"].is_sorted()
    assert not told["why"].str.contains(r"[{}]|\bthe the\b|  ").any()
    assert told["why"].str.contains(r"^[A-Z0-9].*\.$").all()
    assert set(told["unit"]) == {unit for unit, _ in SENTENCES.values()}
    assert set(units("events", told.columns)) == set(told.columns)
    assert "" not in units("events", told.columns).values()


def test_an_allys_sentence_tells_the_dependence_that_decides_how_far_it_goes_along(tiny: World) -> None:
    world = with_parameters(tiny, retaliation_chance=1.0)
    p = world.parameters
    told = Model(reactive(*quarrel()), runs=8, seed=3, world=world).run().events
    joined = told.filter(pl.col("why").str.contains("goes along in part with"))
    assert joined.height > 0
    figures = joined["why"].str.extract(r"up to (\d+) %").cast(pl.Float64)
    depends = 100.0 * (1.0 - joined["size"] / (p.retaliation_depth * p.ally_compliance))
    assert (figures - depends).abs().max() <= 0.5 + 1e-6  # type: ignore[operator]


def test_stocks_and_budgets_name_the_region_they_fear(sixteen: Model) -> None:
    feared = sixteen.events.filter(pl.col("instrument").is_in(["public_stockpile", "capex_grant"]))
    assert "" not in set(feared["target"])
    assert (feared["target"] != feared["actor"]).all()
    assert not feared["why"].str.contains("one place").any()


def test_a_stock_is_noted_when_it_grows_and_when_a_year_went_by_without_a_wish(tiny: World) -> None:
    told = Model(reactive(months=132), runs=4, seed=5, world=tiny).run().events
    stocks = told.filter(pl.col("instrument") == "public_stockpile")
    given_up = 0
    for _, rows in stocks.group_by("run", "actor", "good"):
        largest, since = 0.0, START
        for size, day in rows.sort("date").select("size", "date").rows():
            if size > 0.0:
                assert size > 1.1 * largest
            else:
                assert largest > 0.0
                assert (day - since).days >= 365
                given_up += 1
            largest, since = size, day
    assert given_up > 0


def test_every_column_of_the_stance_is_moved(sixteen: Model) -> None:
    assert sixteen.books.stance is not None
    columns = sixteen.books.stance.columns()
    assert set(columns) <= {field.name for field in fields(Stance)}
    assert {name for name, values in columns.items() if not values.any()} <= {"hit", "due"}
