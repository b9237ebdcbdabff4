"""What treasuries promise makers, buyers and researchers is what they pay, and it does what it is meant to."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from worlds import measure, question

from abm.axes import Floats
from abm.flow import PURPOSES
from abm.model import Model
from abm.policies.instrument import Instrument
from abm.world import World

US, CN, JP = range(3)
UPSTREAM = ("battery_ore", "ree_concentrate", "key_starting_material")
NOISE_ALONE = 12


def lived(world: World, *mix: Instrument, months: int = 13, runs: int = 2) -> Model:
    """Return the model of a mix after some months."""
    return Model(question(*mix, months=months), runs=runs, world=world).run()


def paid(model: Model, purpose: str) -> Floats:
    """Return what treasuries paid for a purpose last month, M USD (region, run)."""
    found: Floats = model.books.flow.outlay[PURPOSES.index(purpose)]
    return found


def rows(world: World, good: str, region: int) -> Any:
    """Return the rows of a good in a region."""
    return np.flatnonzero((world.plants.good == world.goods.code.index(good)) & (world.plants.region == region))


def test_a_production_credit_pays_its_amount_for_every_unit_made(tiny: World) -> None:
    model = lived(tiny, measure("production_credit", government="US", goods=["cell"], amount=0.02))
    made = model.books.flow.output[rows(tiny, "cell", US)].sum(axis=0)
    assert (made > 0.0).all()
    np.testing.assert_allclose(paid(model, "production_credits")[US], 0.02 * made, rtol=1e-12)
    assert not paid(model, "production_credits")[[CN, JP]].any()


def test_a_price_floor_pays_the_gap_to_the_mean_price_and_nothing_above_it(tiny: World) -> None:
    magnets = rows(tiny, "magnet", JP)
    prices = np.exp(lived(tiny).books.state.log_price_home[magnets])
    for floor, pays in ((2.0 * prices.max(), True), (0.1 * prices.min(), False)):
        model = lived(tiny, measure("producer_support", government="JP", goods=["magnet"], price_floor=floor))
        sold, got = (getattr(model.books.flow, name)[magnets] for name in ("delivered", "revenue"))
        gap = np.maximum(floor * sold - got, 0.0).sum(axis=0)
        assert (gap > 0.0).all() == pays
        np.testing.assert_allclose(paid(model, "price_floors")[JP], gap, rtol=1e-12)


@pytest.mark.parametrize("kind", ["production_credit", "producer_support"])
def test_owners_count_on_what_they_are_promised(tiny: World, kind: str) -> None:
    price = float(np.exp(lived(tiny).books.state.log_price_home[rows(tiny, "magnet", US)]).max())
    promised: dict[str, Any] = {"amount": 0.5 * price} if kind == "production_credit" else {"price_floor": 1.5 * price}
    plain, told = (
        lived(tiny, *mix, months=1) for mix in ((), (measure(kind, government="US", goods=["magnet"], **promised),))
    )
    mine = rows(tiny, "magnet", US)
    for rule in ("return_on_capital", "site_worth"):
        before, after = (model.books.cast.rule(rule) for model in (plain, told))
        assert (after[mine] > before[mine]).all(), rule
    others = np.setdiff1d(np.arange(len(tiny.plants.good)), mine)
    assert np.array_equal(*(model.books.cast.rule("return_on_capital")[others] for model in (plain, told)))


def test_a_plant_that_loses_money_runs_on_a_promise(tiny: World) -> None:
    model = lived(tiny, months=1)
    state, levers, mine = model.books.state, model.books.levers, rows(tiny, "magnet", JP)
    state.cost[mine] = 3.0 * np.exp(state.log_price_home[mine])
    state.earning[mine] = -1.0
    assert (model.books.cast.rule("willingness")[mine] == 0.0).all()
    levers.price_floor[mine] = 3.0 * np.exp(state.log_price_home[mine])
    assert (model.books.cast.rule("willingness")[mine] == 1.0).all()


def credit(**told: Any) -> Instrument:
    """Return a consumer credit of the United States on electric cars, for cells from home."""
    fields: dict[str, Any] = {"government": "US", "goods": ["car_electric"], "content": "cell", "allowed": ["US"]}
    return measure("consumer_credit", **fields | {"amount": 3.75, "thresholds": {"2020": 0.4}} | told)


def test_a_credit_pays_in_full_where_content_reaches_the_threshold_and_in_part_below(tiny: World) -> None:
    model = lived(tiny, credit(thresholds={"2020": 0.3}), months=4)
    books, network = model.books, model.books.frame.network
    cars = books.credits.links
    assert set(network.slot_region[network.link_slot[cars]]) == {US}
    earned = books.credits.amount / 3.75
    assert ((earned >= 0.0) & (earned <= 1.0)).all()
    assert ((earned > 0.0) & (earned < 1.0)).any()
    assert (earned == 1.0).any()
    due = (books.credits.amount * books.flow.shipped[cars]).sum(axis=0)
    np.testing.assert_allclose(paid(model, "purchase_credits")[US], due, rtol=1e-12)


def test_no_threshold_asks_nothing_and_a_higher_one_never_pays_more(tiny: World) -> None:
    amounts = [
        lived(tiny, credit(thresholds={"2020": share}), months=1).books.credits.amount for share in (0.0, 0.3, 0.6, 1.0)
    ]
    assert (amounts[0] == 3.75).all()
    for low, high in pairwise(amounts):
        assert (high <= low).all()


def test_a_foreign_entity_spoils_what_it_is_part_of_and_a_makers_place_can_be_asked_for(tiny: World) -> None:
    free = lived(tiny, credit(thresholds={"2020": 0.0}), months=1).books.credits
    barred = lived(tiny, credit(thresholds={"2020": 0.0}, foreign_entities=["CN"]), months=1).books.credits
    assert (barred.amount < free.amount).any()
    assert (barred.amount >= 0.0).all()
    home = lived(tiny, credit(thresholds={"2020": 0.0}, makers=["US"]), months=1).books
    made = tiny.plants.region[home.frame.network.link_row[home.credits.links]]
    assert (home.credits.amount[made == US] == 3.75).all()
    assert not home.credits.amount[made != US].any()


@pytest.mark.parametrize(("entity", "spoils"), [("CN", True), ("JP", True), ("US", False)])
def test_content_is_barred_by_its_site_and_by_the_home_of_its_maker(entity: str, spoils: bool, tiny: World) -> None:
    books = lived(tiny, credit(content="battery_chemical", foreign_entities=[entity]), months=1).books
    mine = rows(tiny, "battery_chemical", CN)
    abroad = mine[tiny.plants.owner[mine] == tiny.owners.name.index("Osaka")]
    assert tiny.owners.region[tiny.plants.owner[abroad]].tolist() == [JP]
    assert (books.state.capacity[abroad] > 0.0).all()
    assert books.levers.content[0].barred[abroad].tolist() == [spoils]


def test_no_credit_exceeds_the_largest_share_of_a_price(tiny: World) -> None:
    books = lived(tiny, credit(amount=100.0, thresholds={"2020": 0.0}), months=6).books
    np.testing.assert_allclose(books.credits.amount, books.parameters.largest_credit * books.credits.price)
    seen = books.state.landed - books.flow.credit
    assert (seen > 0.0).all()


def test_research_lowers_operating_cost_by_what_it_finds_and_an_ally_gets_its_part(tiny: World) -> None:
    told: dict[str, Any] = {
        "government": "US",
        "goods": ["cell"],
        "musd_per_month": 1_000.0,
        "gain": 0.05,
        "delay_months": 2.0,
    }
    centre = measure("research_programme", **told, allies=["JP"], spillover=0.5)
    plain, found = (lived(tiny, *mix, months=3) for mix in ((), (centre,)))
    ratio = found.books.cast.rule("running_cost") / plain.books.cast.rule("running_cost")
    gain = {US: 0.05, JP: 0.025, CN: 0.0}
    for region, fall in gain.items():
        np.testing.assert_allclose(ratio[rows(tiny, "cell", region)], np.exp(-fall), rtol=1e-12)
    assert (paid(found, "research")[US] == 1_000.0).all()


def test_a_mandate_collects_more_and_never_more_than_retires(tiny: World) -> None:
    some, all_of_it, none = (
        lived(tiny, measure("recycling_mandate", government="JP", goods=["scrap_cell"], collection=share))
        for share in (0.2, 1.0, 0.0)
    )
    mine = rows(tiny, "scrap_cell", JP)
    gathered, total, usual = (model.books.state.capacity[mine] for model in (some, all_of_it, none))
    assert (usual < gathered).all()
    assert (gathered < total).all()
    np.testing.assert_allclose(total, all_of_it.books.flow.retired[mine], rtol=1e-12)


def wobble(world: World, *mix: Instrument) -> Floats:
    """Return the variance of the monthly growth of orders for every good over six years of luck (good, run)."""
    months, runs = 84, 8
    model = Model(question(*mix, months=months), runs=runs, world=world)
    orders = []
    for _ in range(months):
        model.step()
        by_place = model.books.frame.network.row_to_good_region(model.books.flow.ordered)
        orders.append(by_place.reshape(-1, len(world.regions), runs).sum(axis=1))
    growth = np.diff(np.log(np.array(orders[NOISE_ALONE:])), axis=0)
    return np.asarray(growth.var(axis=0))


def test_orders_vary_less_upstream_the_more_planners_see_final_demand(tiny: World) -> None:
    alone, half, everyone = (
        wobble(tiny, *mix) for mix in ((), *((measure("information_sharing", share=share),) for share in (0.5, 1.0)))
    )
    for code in UPSTREAM:
        good = tiny.goods.code.index(code)
        assert (half[good] < alone[good]).all(), code
        assert everyone[good].mean() < half[good].mean(), code
        assert everyone[good].mean() < 0.6 * alone[good].mean(), code
    ends = [tiny.goods.code.index(code) for code in ("device", "medicine", "car_combustion")]
    np.testing.assert_allclose(everyone[ends].mean(axis=1), alone[ends].mean(axis=1), rtol=0.05)


def test_planners_who_see_nothing_plan_on_their_own_orders_alone(tiny: World) -> None:
    model = lived(tiny, months=6)
    forecast = model.books.cast.rule("forecast")
    model.books.flow.demand_rise[:] = 9.0
    assert np.array_equal(model.books.cast.rule("forecast"), forecast)


def test_makers_next_to_final_buyers_plan_on_their_own_orders_even_where_all_is_shared(tiny: World) -> None:
    model = lived(tiny, measure("information_sharing", share=1.0), months=6)
    before = model.books.cast.rule("forecast")
    model.books.flow.demand_rise[:] = 9.0
    moved = (model.books.cast.rule("forecast") > before).any(axis=1)
    told = {tiny.goods.code[good] for good in tiny.plants.good[moved]}
    assert told >= {*UPSTREAM}
    assert not told & {"device", "medicine", "car_combustion", "car_electric"}


def test_states_that_own_all_shares_get_all_dividends_by_their_shares(tiny: World) -> None:
    told: dict[str, Any] = {"goods": ["cell"], "amount_musd": 0.0, "cap_share": 0.3, "required_return": 0.05}
    shares = [measure("public_equity", f"of_{code.lower()}", government=code, **told) for code in ("US", "JP")]
    model = Model(question(*shares, months=12), runs=2, world=tiny)
    for _ in range(3):
        model.step()
    books, network = model.books, model.books.frame.network
    state, flow = books.state, books.flow
    state.holding[0], state.holding[1] = 1e12, 3e12
    books.begin()
    for name, phase in model.phases:
        if name == "finance":
            break
        phase(books)
    household, interest = state.household.copy(), books.parameters.interest * state.debt
    phase(books)
    earned = network.row_to_region(flow.wages + flow.capex) + network.owner_to_region(interest)
    np.testing.assert_allclose(state.household - household, earned, rtol=1e-9)
    assert (flow.repaid[0] > 1.0).all()
    np.testing.assert_allclose(flow.repaid[1], 3.0 * flow.repaid[0], rtol=1e-12)
