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
