"""The fast month and the oracle's plain loops cannot be told apart by their numbers."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from oracle import Oracle, gaps
from worlds import busy, embattled, generous, invested, measure, question, tiny_world, with_parameters

from abm.flow import PURPOSES
from abm.model import Model
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from abm.world import World

CLOSE = 1e-9
GOODS = tiny_world().goods.code
PAID = [*enumerate(PURPOSES)][1:]


def alliance() -> tuple[Instrument, ...]:
    """Return a pool of allies that share half of all they have and release half of their stocks."""
    pool = measure("emergency_pool", allies=["US", "JP"], goods=[*GOODS], share=0.5, release=0.5)
    request: dict[str, Any] = {"government": "US", "allies": ["JP"], "origins": ["CN"], "goods": ["api"]}
    return pool, measure("ally_request", **request, premium=0.1, compliance=1.0)


def hard_times() -> tuple[Instrument, ...]:
    """Return measures under which owners default, public stocks are opened and makers make do."""
    return (
        measure("tariff", government="US", goods=["magnet", "medicine"], rate=0.4),
        measure("export_quota", government="CN", goods=["cell", "api"], cut=0.7, start=date(2021, 1, 1)),
        measure("embargo", government="CN", goods=["magnet"], depth=1.0, start=date(2020, 7, 1), end=date(2021, 7, 1)),
        measure("outage", region="CN", goods=["api"], depth=0.9, start=date(2020, 5, 1), end=date(2020, 8, 1)),
        measure("demand_shift", goods=["medicine", "device"], factor=1.5, start=date(2021, 1, 1), end=date(2022, 1, 1)),
    )


def rush() -> tuple[Instrument, ...]:
    """Return a boom in which two governments outbid each other with programmes too small for all who ask."""
    goods = ["magnet", "cell", "cell_component", "chip_mature", "chip_auto", "chip_memory", "api", "medicine"]
    grants = [
        measure(
            "capex_grant",
            f"grants_of_{code.lower()}",
            government=code,
            goods=goods,
            amount_musd=300.0,
            cap_share=0.6,
            floor_share=0.02,
            barred_regions=[barred],
            start=date(2020, 6, 1),
        )
        for code, barred in (("US", "CN"), ("JP", "US"))
    ]
    boom = measure(
        "demand_shift", goods=["cell", "medicine", "device"], factor=1.4, start=date(2020, 3, 1), end=date(2021, 9, 1)
    )
    return (*grants, boom)


def live(fast: Model, months: int) -> Counter[str]:
    """Let both live for some months and compare every column after each; return how often what came to pass."""
    oracle, seen = Oracle(fast), Counter[str]()
    newcomers = {plant.row for plant in oracle.plants if plant.capacity == 0.0}
    for month in range(months):
        debts = [owner.debt for owner in oracle.owners]
        fast.step()
        oracle.step()
        far = {name: gap for name, gap in gaps(oracle, fast.books).items() if not gap < CLOSE}
        assert far == {}, f"month {month}"
        seen.update(happened(oracle, newcomers))
        seen["debt was taken"] += sum(owner.debt > debt for owner, debt in zip(oracle.owners, debts, strict=True))
    seen.update(
        {what: oracle.diary[what] for what in ("spilled over", "moved", "shrank", "dropped", *INVESTED, *BOUGHT)}
    )
    return seen


def happened(oracle: Oracle, newcomers: set[int]) -> dict[str, int]:
    """Return what came to pass this month, as counts."""
    young = [plant for plant in oracle.plants if plant.row in newcomers]
    return {
        "grants were paid": sum(pot.grants_paid > 0.0 for pot in oracle.pots),
        "grants were clawed back": sum(pot.clawed_back > 0.0 for pot in oracle.pots),
        "a pot ran dry": sum(pot.pot_left == 0.0 for pot in oracle.pots),
        "tariffs were levied": sum(state.tariff_revenue > 0.0 for state in oracle.governments),
        "tax credits were paid": sum(state.outlay[PURPOSES.index("tax_credits")] > 0.0 for state in oracle.governments),
        **{
            f"treasuries paid {purpose}": sum(each.outlay[n] > 0.0 for each in oracle.governments)
            for n, purpose in PAID
        },
        "part of a content rule was met": sum(0.0 < link.off < 7.0 for link in oracle.links),
        "research bore fruit": sum(place.know_how > 0.0 for place in oracle.places),
        "planners saw final demand": sum(plant.informed > 0.0 for plant in oracle.plants),
        "scrap was collected by mandate": sum(plant.mandated > 0.0 for plant in oracle.plants),
        "operating cost rose": sum(plant.cost_factor > 1.0 for plant in oracle.plants),
        "a quota bound": sum(plant.asked_abroad > plant.allowed_abroad * (1.0 + CLOSE) for plant in oracle.plants),
        "an embargo blocked": sum(each.blocked > 0.0 == each.traded and each.hazard > 0.1 for each in oracle.corridors),
        "critical inputs ran short": sum(supply.short > 0.0 for supply in oracle.supplies),
        "an accident struck": sum(plant.outage > 0.1 for plant in oracle.plants),
        "a new plant was begun": sum(plant.started > 0.0 for plant in young),
        "a new plant opened": sum(plant.opened > 0.0 for plant in young),
        "inputs were saved": sum(need.thrift < 1.0 for need in oracle.needs),
        "buyers hoarded": sum(need.price_rise > need.parameters.hoard_threshold for need in oracle.needs),
        "buyers gave up": sum(need.lost > 0.0 for need in oracle.needs),
        "makers made do": sum(plant.makeshift > 0.0 for plant in oracle.plants),
        "owners defaulted": sum(owner.bankrupt > 0.0 for owner in oracle.owners),
        "public stock was released": sum(place.released > 0.0 for place in oracle.places),
        "a list of firms stopped orders": sum(
            each.shipped <= 0.0 < each.weight and max(each.plant.shunned) >= 1.0 for each in oracle.links
        ),
        "suppliers refused listed buyers": sum(max(plant.denied) > 0.0 for plant in oracle.plants),
        "rated orders came first": sum(corridor.rated > 1.0 for corridor in oracle.corridors),
        "dumping was punished": sum(each.tariff > 0.1 for each in oracle.corridors),
        "allies came first": sum(corridor.priority > 1.0 for corridor in oracle.corridors),
    }


GENEROUS = {"production_credits", "price_floors", "purchase_credits", "research"}
MAKERS = {
    "part of a content rule was met",
    "research bore fruit",
    "planners saw final demand",
    "scrap was collected by mandate",
    "operating cost rose",
}
# A project shrinks or is dropped when its grant fails and no other site is worth building at: tiny sites always are.
NEVER_IN_TINY = {"dropped", "shrank"}
INVESTED = {"deals kept", "loans repaid", "plants moved", "public dividends", "the bank bore a loss"}
# What the oracle notes of public stocks, and what else only they, lists of firms and public purchases bring about.
BOUGHT = ("stock was bought", "a quota cut what states bought", "allies gave of their stock")
OF_STATES = {*BOUGHT, "a list of firms stopped orders", "suppliers refused listed buyers", "rated orders came first"}
RARE_WHEN_BUSY = {
    *OF_STATES,
    *INVESTED,
    *NEVER_IN_TINY,
    *MAKERS,
    *(f"treasuries paid {purpose}" for _, purpose in PAID),
    "a pot ran dry",
    "allies came first",
    "debt was taken",
    "grants were clawed back",
    "makers made do",
    "moved",
    "owners defaulted",
    "public stock was released",
}


def never(seen: Counter[str]) -> set[str]:
    """Return what was watched for and never came to pass."""
    return {what for what, times in seen.items() if not times}


def test_five_years_of_every_policy_and_shock_are_those_of_plain_loops(tiny: World) -> None:
    seen = live(Model(question(*busy(), months=60), seed=1, world=tiny), 60)
    assert never(seen) <= RARE_WHEN_BUSY


def test_five_years_of_defaults_and_emergencies_are_those_of_plain_loops(tiny: World) -> None:
    world = with_parameters(tiny, start_leverage=0.5, borrow_limit=0.5, default_ratio=0.7, default_months=3.0)
    fast = Model(question(*hard_times(), *alliance(), months=60), seed=1, world=world)
    fast.books.state.public_stock[:] = 50.0
    expected = {
        "allies came first",
        "allies gave of their stock",
        "debt was taken",
        "makers made do",
        "owners defaulted",
        "public stock was released",
    }
    assert never(live(fast, 60)) & expected == set()


def test_five_years_of_lists_stockpiles_pools_and_blockades_are_those_of_plain_loops(tiny: World) -> None:
    fast = Model(question(*embattled(), months=60), seed=1, world=tiny)
    fast.books.state.public_stock[:] = 50.0
    paid = {"treasuries paid procurement", "treasuries paid stockpile", "dumping was punished", "a quota bound"}
    rare = {"allies came first", "public stock was released", "critical inputs ran short"}
    assert never(live(fast, 60)) & (OF_STATES | paid | rare) == set()


def test_five_years_of_a_rush_for_grants_are_those_of_plain_loops(tiny: World) -> None:
    world = with_parameters(tiny, home_site_bias=0.0, brownfield_bias=0.0, cluster_bias=0.0)
    seen = live(Model(question(*rush(), months=60), seed=1, world=world), 60)
    assert never(seen) & {"grants were paid", "grants were clawed back", "a pot ran dry", "moved"} == set()


def test_five_years_of_generous_treasuries_are_those_of_plain_loops(tiny: World) -> None:
    expected = {f"treasuries paid {purpose}" for purpose in GENEROUS} | MAKERS
    assert never(live(Model(question(*generous(), months=60), seed=1, world=tiny), 60)) & expected == set()


def test_five_years_of_loans_shares_deals_and_moves_are_those_of_plain_loops(tiny: World) -> None:
    expected = {*INVESTED, "grants were paid", "a new plant opened"} - {"the bank bore a loss"}
    assert never(live(Model(question(*invested(), months=60), seed=1, world=tiny), 60)) & expected == set()


def test_three_years_under_other_rules_of_rationing_growth_and_payback_are_those_of_plain_loops(tiny: World) -> None:
    world = with_parameters(tiny, memory_share=0.3, extrapolation=0.4, payback_months=50.0)
    live(Model(question(*busy(), months=36), seed=1, world=world), 36)
    live(Model(question(*hard_times(), *alliance(), months=36), seed=1, world=world), 36)


def test_the_comparison_notices_a_hundredth_of_one_number(tiny: World) -> None:
    fast = Model(question(*busy(), months=2), seed=1, world=tiny)
    oracle = Oracle(fast)
    oracle.plants[0].stock_cover *= 1.01
    fast.step()
    oracle.step()
    assert max(gaps(oracle, fast.books).values()) > CLOSE


@pytest.mark.slow
def test_three_months_of_the_full_world_are_those_of_plain_loops(full: World) -> None:
    live(Model(Scenario.load("chips_act"), seed=1, world=full), 3)
    live(Model(question(*busy(), months=3), seed=2, world=full), 3)
