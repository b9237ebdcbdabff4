"""Nobody builds at a loss for a grant too small, money at risk deters, and plants that move leave no gap."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from worlds import CHIPS, START, later, measure, question, with_parameters

from abm.books import Books
from abm.markets.capital import Projects, of_rows
from abm.markets.network import summed
from abm.model import Model
from abm.phases.awarding import award
from abm.policies.instrument import Instrument
from abm.world import World


def loose(world: World) -> World:
    """Return a world whose owners build anywhere."""
    return with_parameters(world, home_site_bias=0.0, brownfield_bias=0.0, cluster_bias=0.0)


def lean_times(**pot: Any) -> tuple[Instrument, ...]:
    """Return dear building in America in a boom, and a programme that pays for some of it."""
    goods = [*CHIPS, "cell", "magnet", "api"]
    return (
        measure("cost_overrun", region="US", goods=goods, factor=1.8),
        measure("capex_grant", government="US", goods=goods, start=date(2020, 6, 1), **pot),
        measure("demand_shift", goods=["cell", "medicine", "device"], factor=1.5, start=date(2020, 3, 1)),
    )


def until(model: Model, last: str) -> Books:
    """Return the books of a model in the midst of its month, before a phase."""
    model.books.begin()
    for name, phase in model.phases:
        if name == last:
            break
        phase(model.books)
    return model.books


def put_forward(books: Books, short: dict[int, float]) -> dict[int, float]:
    """Let nothing but projects at some rows be put forward; return the cost of each, M USD.

    short  share of its cost that a project must be given, by row
    """
    shape, rows = books.projects.size.shape, list(short)
    row, size, lacking = books.projects.row.copy(), np.zeros(shape), np.zeros(shape)
    division = books.frame.network.division_of_row[rows]
    row[division], size[division] = np.array(rows)[:, None], 10.0
    lacking[division] = np.array([*short.values()])[:, None]
    cost = size * of_rows(books.flow.site_capex, row)
    books.projects = Projects(row, row, size, cost, lacking)
    return {each: float(cost[where, 0]) for each, where in zip(rows, division, strict=True)}


def row_of(world: World, good: str, region: str, firm: str) -> int:
    """Return the row of a firm's good in a region."""
    told = world.goods.code.index(good), world.regions.index(region), world.owners.name.index(firm)
    plants = world.plants
    return [*zip(plants.good, plants.region, plants.owner, strict=True)].index(told)


def test_what_is_begun_is_worth_building_with_the_grant_it_got(tiny: World) -> None:
    mix = lean_times(amount_musd=3_000.0, cap_share=0.9, floor_share=0.01)
    model, losing = Model(question(*mix, months=60), runs=8, world=loose(tiny)), 0
    for _ in range(60):
        books = model.books
        books.begin()
        for name, phase in model.phases:
            promised, started = summed(books.state.grant_due), books.flow.started.copy()
            phase(books)
            if name == "award":
                cost = (books.flow.started - started) * books.flow.site_capex
                begun = cost > 1e-9
                grant = (summed(books.state.grant_due) - promised)[begun] / cost[begun]
                assert (books.flow.worth_now[begun] + grant > -1e-9).all()
                losing += int((books.flow.worth_now[begun] < 0.0).sum())
        books.step += 1
        books.month = later(books.step)
    assert losing > 0, "nothing was begun that would have lost money without its grant"


def test_programmes_together_never_promise_more_than_a_project_costs(tiny: World) -> None:
    goods = [*CHIPS, "cell", "magnet", "api"]
    purse: dict[str, Any] = {"government": "US", "goods": goods, "amount_musd": 1e6, "cap_share": 0.8}
    loans = [measure("public_loan", f"loan_{number}", rate=0.0, years=9.0, **purse) for number in range(2)]
    model, full = Model(question(*loans, *lean_times(amount_musd=9.0, cap_share=0.9), months=36), runs=8, world=tiny), 0
    for _ in range(36):
        books = model.books
        books.begin()
        for name, phase in model.phases:
            promised, started = summed(books.state.grant_due), books.flow.started.copy()
            phase(books)
            if name == "award":
                cost = (books.flow.started - started) * books.flow.site_capex
                money = summed(books.state.grant_due) - promised
                assert (money <= cost + 1e-9 * (1.0 + cost)).all()
                full += int((money > 0.99 * np.maximum(cost, 1e-9)).sum())
        books.step += 1
        books.month = later(books.step)
    assert full > 0, "no project was paid for in full"


def test_a_grant_still_due_deters_as_much_as_one_paid(tiny: World) -> None:
    pot = measure("capex_grant", government="US", goods=["cell"], amount_musd=0.0, cap_share=0.3, barred_regions=["CN"])
    begun = {}
    for column in ("nothing", "granted", "grant_due"):
        model = Model(question(pot, months=36), runs=1, world=loose(tiny), luck=False)
        plants = model.books.frame.world.plants
        makers = plants.owner[plants.good == tiny.goods.code.index("cell")]
        if column == "granted":
            model.books.state.granted[0, makers] = 1e6
        elif column == "grant_due":
            rows = [int(np.flatnonzero(plants.owner == owner)[0]) for owner in set(makers.tolist())]
            model.books.state.grant_due[0, rows] = 1e6
        model.books.state.wish[:] = 1e6
        until(model, "award")
        chosen = model.books.projects.row[:, 0][model.books.projects.size[:, 0] > 0.0]
        cells = chosen[plants.good[chosen] == tiny.goods.code.index("cell")]
        begun[column] = set(plants.region[cells].tolist())
    china = tiny.regions.index("CN")
    assert china in begun["nothing"]
    assert china not in begun["granted"] | begun["grant_due"]


def test_no_account_of_a_bankrupt_is_overdrawn(tiny: World) -> None:
    world = with_parameters(tiny, start_leverage=0.5, borrow_limit=0.5, default_ratio=0.7, default_months=3.0)
    shock = measure("outage", region="CN", goods=["api", "cell", "device"], depth=0.9, end=date(2021, 1, 1))
    model = Model(question(shock, months=48), runs=4, world=world).run()
    state = model.books.state
    assert (state.bankrupt > 0.0).any()
    assert (state.cash[state.bankrupt > 0.0] >= 0.0).all()


def test_what_states_lent_to_or_own_of_a_bankrupt_is_gone(tiny: World) -> None:
    world = with_parameters(tiny, start_leverage=0.5, borrow_limit=0.5, default_ratio=0.7, default_months=3.0)
    told: dict[str, Any] = {"government": "US", "goods": ["cell"], "amount_musd": 0.0, "cap_share": 0.3}
    loan = measure("public_loan", rate=0.0, years=30.0, **told)
    shares = measure("public_equity", required_return=0.05, **told)
    shock = measure("outage", region="CN", goods=["api", "cell", "device"], depth=0.9, end=date(2021, 1, 1))
    model = Model(question(loan, shares, shock, months=36), runs=4, world=world)
    state = model.books.state
    state.holding[:] = state.granted[:] = 1e-3
    model.run()
    gone = state.bankrupt > 0.0
    assert gone.any()
    assert not state.holding[:, gone].any()
    assert (state.holding[:, ~gone] > 0.0).all()


def test_a_site_is_worth_more_the_more_of_the_industry_is_there(tiny: World) -> None:
    model = Model(question(months=2), world=tiny)
    model.step()
    before = model.books.cast.rule("site_value")
    model.books.flow.presence = model.books.flow.presence + 0.1
    assert (model.books.cast.rule("site_value") > before).all()


def test_plants_that_move_close_as_fast_as_their_successors_open(tiny: World) -> None:
    move = measure(
        "reshoring_subsidy",
        government="JP",
        origin="CN",
        goods=["battery_chemical"],
        amount_musd=1_000.0,
        cap_share=1.0,
        pace=0.05,
        start=date(2020, 2, 1),
        end=date(2020, 3, 1),
    )
    books, plants = (model := Model(question(move, months=60), world=tiny, luck=False)).books, tiny.plants
    rows = plants.good == tiny.goods.code.index("battery_chemical")
    old = np.flatnonzero(rows & (plants.owner == tiny.owners.name.index("Osaka")) & (plants.region == 1))
    standing = float(books.state.capacity[old, 0].sum())
    closed = opened = 0.0
    closing, replaced = [], []
    while model.running:
        due = float(books.state.leaving[books.step % len(books.state.leaving)].sum())
        closing += [books.step] if due else []
        model.step()
        begun = np.flatnonzero(books.flow.started[:, 0] * books.pots.eligible[0] * summed(books.flow.supported)[0])
        replaced += [books.step - 1 + int(books.flow.site_lag[row, 0]) for row in begun]
        closed += due / books.parameters.ramp_months
        opened += float(summed(books.flow.supported)[0])
    assert closing[:1] == replaced[:1], "they begin to close in the month in which the first successor opens"
    assert opened == pytest.approx(0.05 * standing, rel=0.02)
    assert closed == pytest.approx(opened, rel=0.01)


def test_lags_that_differ_from_run_to_run_open_plants_in_months_that_differ(tiny: World) -> None:
    deal = measure("firm_deal", government="US", firm="Nagoya", good="chip_mature", region="US", capacity=5.0)
    fast = measure("permit_fast_track", government="US", goods=["chip_mature"], months=0.0)
    fast = fast.model_copy(update={"months": np.array([0.0, 10.0, 60.0])})
    model = Model(question(deal, fast, months=30), runs=3, world=tiny, luck=False)
    row = np.flatnonzero(model.books.pots.eligible[0])[0]
    first = np.full(3, -1)
    while model.running:
        model.step()
        first = np.where((first < 0) & (model.books.state.capacity[row] > 0.0), model.books.step - 1, first)
    assert first.tolist() == [24, 14, 1]
    assert model.books.month > START


def test_a_project_asks_each_programme_only_for_what_the_others_left_open(tiny: World) -> None:
    told: dict[str, Any] = {"government": "US", "goods": ["cell", "chip_mature"], "amount_musd": 1e6}
    loan = measure("public_loan", rate=0.0, years=9.0, cap_share=0.9, **told)
    grants = [measure("capex_grant", f"grant_{number}", cap_share=0.2, floor_share=0.05, **told) for number in (1, 2)]
    books = until(Model(question(loan, *grants, months=12), world=tiny, luck=False), "award")
    lacks, comes = row_of(tiny, "cell", "US", "Detroit"), row_of(tiny, "chip_mature", "US", "Austin")
    cost = put_forward(books, {lacks: 0.3, comes: 0.0})
    award(books)
    for row, shares in ((lacks, [0.7, 0.2, 0.1]), (comes, [0.9, 0.05, 0.0])):
        np.testing.assert_allclose(books.state.grant_due[:, row, 0] / cost[row], shares, atol=1e-12)


def test_whoever_builds_where_its_grant_forbids_pays_that_treasury_back_and_gets_no_more(tiny: World) -> None:
    told: dict[str, Any] = {"goods": ["cell"], "amount_musd": 0.0, "cap_share": 0.3}
    free = measure("capex_grant", "free", government="US", **told)
    strict = measure("capex_grant", "strict", government="JP", barred_regions=["CN"], **told)
    books = until(Model(question(free, strict, months=12), world=tiny, luck=False), "award")
    state, here = books.state, row_of(tiny, "cell", "CN", "Fuzhou")
    firm = np.arange(len(tiny.owners.name)) == tiny.plants.owner[here]
    state.granted[:], state.grant_due[:] = 7.0, 5.0
    treasury, cash = state.treasury.copy(), state.cash.copy()
    put_forward(books, {here: 0.0})
    award(books)
    np.testing.assert_allclose((state.treasury - treasury)[:, 0], [0.0, 0.0, 7.0], atol=1e-6)
    np.testing.assert_allclose((state.cash - cash)[:, 0], -7.0 * firm)
    assert np.array_equal(state.granted[:, :, 0], 7.0 - 7.0 * np.array([0.0 * firm, firm]))
    assert np.array_equal(state.grant_due[:, :, 0], 5.0 - 5.0 * np.array([0.0 * firm, firm])[:, tiny.plants.owner])


def test_a_guardrail_binds_whoever_has_or_awaits_money_of_its_programmes_and_nobody_else(tiny: World) -> None:
    told: dict[str, Any] = {"government": "US", "goods": ["cell"], "amount_musd": 0.0, "cap_share": 0.3}
    pots = [measure("capex_grant", name, **told) for name in ("named", "other")]
    bars: dict[str, Any] = {"government": "US", "regions": ["CN"], "goods": [*CHIPS, "cell", "battery_chemical"]}
    rule = measure("investment_guardrail", programmes=["named"], **bars)
    model = Model(question(*pots, rule, months=12), world=tiny, luck=False)
    state, plants = model.books.state, tiny.plants
    has, awaits, holds_other = (tiny.owners.name.index(firm) for firm in ("Osaka", "Fuzhou", "Wuxi"))
    state.granted[0, has] = 1.0
    state.grant_due[0, np.flatnonzero(plants.owner == awaits)[0]] = 1.0
    state.granted[1, holds_other] = 1.0
    barred = until(model, "open").levers.barred[:, 0]
    aimed = (plants.region == 1) & np.isin(plants.good, [tiny.goods.code.index(code) for code in bars["goods"]])
    assert {has, awaits, holds_other} < set(plants.owner[aimed].tolist())
    assert np.array_equal(barred, aimed & np.isin(plants.owner, [has, awaits]))
