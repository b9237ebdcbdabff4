"""Allies who pool stock and output: over years too nobody's worst month is worse than the pool's promise."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from worlds import later, measure, question, tiny_world

from abm.axes import Floats
from abm.markets.network import summed
from abm.model import Model
from abm.policies.instrument import Instrument

RUNS, MEMBERS = 64, ("US", "JP")
GOODS = ["magnet", "ree_oxide", "api", "chip_auto", "chip_leading", "cell", "medicine"]
WORLD = tiny_world()


def blows() -> tuple[Instrument, ...]:
    """Return an embargo that strikes one member, a fire that strikes the other half a year later, and reserves."""
    reserves = [
        measure("public_stockpile", f"stock_{code.lower()}", government=code, goods=GOODS, days=60.0, basis="use")
        for code in MEMBERS
    ]
    stop: dict[str, Any] = {"goods": ["magnet", "api", "cell"], "destinations": ["JP"], "depth": 1.0}
    fire: dict[str, Any] = {"goods": ["chip_auto", "medicine"], "depth": 0.7}
    return (
        *reserves,
        measure("embargo", government="CN", **stop, start=date(2020, 7, 1), end=date(2021, 7, 1)),
        measure("outage", region="US", **fire, start=date(2021, 1, 1), end=date(2021, 6, 1)),
    )


@cache
def worst_months(share: float) -> Floats:
    """Return the lowest fill rate of every pooled good of every member in three years (good x member, run)."""
    pool = [measure("emergency_pool", allies=MEMBERS, goods=GOODS, share=share)] if share else []
    model = Model(question(*blows(), *pool, months=36), runs=RUNS, world=WORLD).run()
    filled = np.array(model.record.series["fill_rate"], np.float64)
    codes, regions = WORLD.goods.code, WORLD.regions
    places = [codes.index(good) * len(regions) + regions.index(code) for good in GOODS for code in MEMBERS]
    return np.asarray(filled[:, places].min(axis=0))


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_no_members_worst_month_is_worse_than_the_promise_of_the_pool(share: float) -> None:
    assert (worst_months(share) >= (1.0 - share) * worst_months(0.0) - 1e-9).all()


def test_whoever_was_worst_off_is_better_off_in_the_mean_with_a_pool() -> None:
    without, pooled = worst_months(0.0).mean(axis=1), worst_months(0.5).mean(axis=1)
    assert without.min() < 0.8, "someone is in need"
    assert pooled[without.argmin()] > without.min() + 0.01
    assert pooled.mean() > without.mean()


def test_who_gives_from_its_stock_gets_the_money_and_who_is_helped_does_not() -> None:
    stop: dict[str, Any] = {"goods": ["magnet", "api", "cell"], "destinations": ["JP"], "depth": 1.0}
    reserve = measure("public_stockpile", government="US", goods=GOODS, days=60.0, release=1.0)
    pool = measure("emergency_pool", allies=MEMBERS, goods=GOODS, share=0.9)
    embargo = measure("embargo", government="CN", **stop, start=date(2020, 7, 1))
    model, helped = Model(question(reserve, pool, embargo, months=12), runs=2, world=WORLD), 0.0
    for _ in range(6):
        model.step()
    for _ in range(6):
        books = model.books
        books.begin()
        for name, phase in model.phases:
            if name == "pool":
                # With no target nothing is bought in this phase: all money in it is for what is released.
                books.levers.stock_target[:] = 0.0
                treasury, billed = books.state.treasury.copy(), summed(books.flow.bill)
            phase(books)
            if name == "pool":
                earned = books.state.treasury - treasury
                np.testing.assert_allclose(earned[0], summed(books.flow.bill) - billed, rtol=1e-6, atol=1e-6)
                assert not earned[1:].any()
                helped += float(books.flow.released[2::3].sum())
        books.step += 1
        books.month = later(books.step)
    assert helped > 0.0, "nobody was helped"
