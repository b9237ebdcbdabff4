"""What the tests of the month share: worlds, questions put to them, and two books compared column by column."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from abm.axes import Floats
from abm.books import Books
from abm.model import Model
from abm.policies import INSTRUMENTS, SHOCKS
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from abm.series import SERIES
from abm.world import World, read

START = date(2020, 1, 1)
STARTS = (START, date(2015, 1, 1), date(2009, 1, 1))
TINY = Path(__file__).parent / "tiny"
CHIPS = ("chip_mature", "chip_auto", "chip_leading", "chip_memory")


def tiny_world() -> World:
    """Return the tiny world."""
    return read(START, TINY)


def without_growth(world: World) -> World:
    """Return a world whose final demand stays what it is."""
    demand = world.demand
    still = {name: np.zeros_like(getattr(demand, name)) for name in ("growth", "car_growth", "ev_policy")}
    return replace(world, demand=replace(demand, **still))


def with_parameters(world: World, **values: float) -> World:
    """Return a world with some behavioural parameters replaced."""
    return replace(world, parameters=replace(world.parameters, **values))


def later(months: int, start: date = START) -> date:
    """Return the first day of the month so many months after a start."""
    return date(start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1, 1)


def measure(kind: str, name: str = "", *, start: date = START, **told: Any) -> Instrument:
    """Return an instrument of a kind, in force from the start unless it says otherwise."""
    made = {**INSTRUMENTS, **SHOCKS}[kind]
    return made.model_validate({"kind": kind, "name": name or kind, "start": start, "source": "a test", **told})


def question(*measures: Instrument, months: int = 36, start: date = START, name: str = "asked") -> Scenario:
    """Return a scenario of some measures over a number of months."""
    return Scenario(
        name=name,
        title=name,
        question="?",
        story=".",
        start=start,
        until=later(months - 1, start),
        policies=tuple(each for each in measures if each.kind not in SHOCKS),
        shocks=tuple(each for each in measures if each.kind in SHOCKS),
    )


def busy() -> tuple[Instrument, ...]:
    """Return measures of every kind that move the tiny world within three years."""
    return (
        measure(
            "capex_grant",
            government="US",
            goods=[*CHIPS, "cell"],
            amount_musd=4_000.0,
            cap_share=0.3,
            floor_share=0.05,
            weights={"chip_leading": 2.0},
            barred_regions=["CN"],
            start=date(2020, 3, 1),
        ),
        measure("investment_tax_credit", government="US", goods=[*CHIPS], share=0.25, start=date(2020, 4, 1)),
        measure("tariff", government="US", goods=["cell", "chip_mature"], origins=["CN"], rate=0.25),
        measure("export_quota", government="CN", goods=["ree_oxide"], cut=0.4, start=date(2020, 6, 1)),
        measure(
            "embargo",
            government="CN",
            goods=["ree_oxide"],
            inputs=["gallium"],
            destinations=["JP"],
            depth=1.0,
            start=date(2020, 9, 1),
            end=date(2021, 2, 1),
        ),
        measure("outage", region="JP", goods=["chip_auto"], depth=0.7, start=date(2021, 2, 1), end=date(2021, 6, 1)),
        measure("demand_shift", goods=["device"], factor=1.3, start=date(2020, 5, 1), end=date(2021, 1, 1)),
        *generous(),
    )


def generous() -> tuple[Instrument, ...]:
    """Return all that treasuries pay for besides plants, shared information, dear energy and scrap that must come."""
    car: dict[str, Any] = {"government": "US", "goods": ["car_electric"], "makers": ["US", "JP"], "amount": 3.75}
    parts: dict[str, Any] = {"content": "cell_component", "allowed": ["US"], "thresholds": {"2020": 0.2, "2021": 0.5}}
    minerals: dict[str, Any] = {"content": "battery_chemical", "allowed": ["US", "JP"], "thresholds": {"2021": 0.4}}
    research: dict[str, Any] = {"government": "US", "goods": ["cell", "chip_leading"], "allies": ["JP"]}
    credit: dict[str, Any] = {"government": "US", "goods": ["cell", "magnet"], "amount": 0.01}
    dear: dict[str, Any] = {"region": "CN", "factor": 1.6, "recovery_months": 5.0}
    late = date(2020, 6, 1)
    return (
        measure("research_programme", **research, spillover=0.5, musd_per_month=400.0, gain=0.02, delay_months=3.0),
        measure("production_credit", **credit, phase_out_months=24.0, end=date(2022, 1, 1)),
        measure("producer_support", government="JP", goods=["magnet"], price_floor=0.08, start=date(2020, 3, 1)),
        measure("consumer_credit", "parts", **car, **parts),
        measure("consumer_credit", "minerals", **car, **minerals, foreign_entities=["CN"], start=late),
        measure("information_sharing", regions=["US", "JP"], share=0.7, start=date(2020, 4, 1)),
        measure("recycling_mandate", government="JP", goods=["scrap_magnet", "scrap_cell"], collection=0.3),
        measure("energy_price", **dear, start=date(2020, 9, 1), end=date(2021, 6, 1)),
    )


def invested() -> tuple[Instrument, ...]:
    """Return a boom with loans, shares, deals, moves out of a country, and what delays, equips or bars a plant."""
    minerals = ["ree_oxide", "battery_chemical", "magnet", "cell_component", "cell", "api", "medicine"]
    goods = [*CHIPS, *minerals]
    purse: dict[str, Any] = {"amount_musd": 2_000.0, "cap_share": 0.4, "floor_share": 0.1}
    abroad: dict[str, Any] = {"regions": ["US"], "form": "loan", "rate": 0.02, "offtake": 0.2}
    deal: dict[str, Any] = {
        "firm": "Nagoya",
        "good": "chip_mature",
        "region": "US",
        "capacity": 6.0,
        "grant_musd": 90.0,
    }
    move: dict[str, Any] = {"origin": "CN", "amount_musd": 20.0, "cap_share": 0.5, "pace": 0.05}
    return (
        measure("public_loan", government="US", goods=goods, rate=0.01, years=3.0, **purse),
        measure("public_equity", government="CN", goods=goods, required_return=0.02, **purse),
        measure("overseas_investment", government="JP", goods=minerals, start=date(2020, 4, 1), **abroad, **purse),
        measure("firm_deal", government="US", start=date(2020, 6, 1), **deal),
        measure("reshoring_subsidy", government="JP", goods=["battery_chemical"], start=date(2020, 3, 1), **move),
        measure("producer_support", government="US", goods=["magnet"], price_floor=0.07, start=date(2020, 5, 1)),
        measure("permit_fast_track", government="US", goods=minerals, months=7.0, start=date(2020, 2, 1)),
        measure("cost_overrun", region="US", goods=[*CHIPS], factor=1.3, delay_months=9.0, cluster=0.5),
        measure("tool_control", government="CN", goods=["chip_auto"], inputs=["gallium"], depth=0.6),
        measure("investment_guardrail", government="US", regions=["CN"], goods=minerals, programmes=["public_loan"]),
        measure("demand_shift", goods=["cell", "medicine", "device"], factor=1.4, start=date(2020, 3, 1)),
    )


def embattled() -> tuple[Instrument, ...]:
    """Return a list of firms, a licence, a request, stockpiles, a pool and public purchases, amid many blows."""
    goods = ["magnet", "cell", "chip_leading", "chip_auto", "api", "medicine", "device"]
    stocked: dict[str, Any] = {"goods": goods, "pace": 0.2, "release": 0.5}
    return (
        measure(
            "entity_list",
            government="US",
            suppliers=["US", "JP"],
            firms=["Shenzhen", "Ningbo"],
            purchase_ban=1.0,
            over_compliance=0.2,
            tools=0.5,
            inputs=["gallium"],
            start=date(2020, 3, 1),
        ),
        measure(
            "export_licence", government="CN", goods=["magnet"], delay_months=3.0, refused=0.2, end=date(2022, 1, 1)
        ),
        measure(
            "ally_request", government="US", allies=["JP"], origins=["CN"], goods=goods, premium=0.5, compliance=0.8
        ),
        measure("public_stockpile", "us_stock", government="US", days=90.0, **stocked),
        measure("public_stockpile", "jp_stock", government="JP", days=60.0, basis="use", **stocked),
        measure("emergency_pool", allies=["US", "JP"], goods=goods, share=0.9),
        measure(
            "public_procurement",
            government="US",
            goods=["medicine", "device"],
            share=0.3,
            extra_demand=0.2,
            preference=0.3,
            priority=3.0,
        ),
        *braced(),
    )


def braced() -> tuple[Instrument, ...]:
    """Return a standard, a duty, a quota, and the blows of a blockade, a lost input and a disaster."""
    goods = ["magnet", "cell", "chip_leading", "chip_auto", "api", "medicine", "device"]
    return (
        measure("production_standard", government="JP", goods=["magnet"], cost_rise=0.2, import_premium=0.1),
        measure("anti_dumping", government="US", goods=goods, origins=["CN"], subsidy_margin=0.1),
        measure("export_quota", government="CN", goods=["cell", "api"], cut=0.3, start=date(2020, 8, 1)),
        measure(
            "blockade",
            region="CN",
            partners=["US"],
            depth=0.7,
            start=date(2021, 1, 1),
            end=date(2021, 6, 1),
            recovery_months=6.0,
            recovery="late",
        ),
        measure(
            "input_loss",
            region="CN",
            inputs=["gallium"],
            depth=0.9,
            start=date(2022, 1, 1),
            end=date(2022, 6, 1),
            recovery_months=6.0,
            recovery="fast",
        ),
        measure("outage", region="JP", depth=0.8, start=date(2022, 9, 1), end=date(2022, 12, 1), recovery_months=3.0),
    )


def state_of(books: Books) -> Iterator[tuple[str, Floats]]:
    """Yield name and values of every column of the state."""
    for column in fields(books.state):
        yield column.name, getattr(books.state, column.name)


def flows_of(books: Books) -> Iterator[tuple[str, Floats]]:
    """Yield name and values of every flow of the last month."""
    for column in fields(books.flow):
        yield column.name, getattr(books.flow, column.name)


def recorded(model: Model) -> Iterator[tuple[str, Floats]]:
    """Yield name and values (month, place, run) of every recorded series."""
    for series in SERIES:
        yield series.name, np.array(model.record.series[series.name])
