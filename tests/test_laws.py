"""Which way every kind of measure moves the world: exactly within one month, and in the mean of many paired runs."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from acting import entries
from cases import TOLD, Exact, Law, Setting, case
from worlds import START, later, question, tiny_world

from abm.axes import Floats
from abm.model import Model
from abm.policies.instrument import Instrument
from abm.world import World, read

RUNS, FEW, BEGINS = 64, 16, 3
STEPS = (0.0, 0.25, 0.5, 1.0)
WORLDS: dict[str, Callable[[], World]] = {"tiny": cache(tiny_world), "full": cache(lambda: read(START))}
WITH_EXACT = [kind for kind in TOLD if case(kind).exact]


def tried_in(name: str) -> list[str]:
    """Return the kinds whose law is tried in a world."""
    return [kind for kind in TOLD if (law := case(kind).law) and name in law.worlds]


def law_of(kind: str, name: str) -> Law:
    """Return the law of a kind as it is told of a world."""
    law = case(kind).law
    assert law is not None
    return law.told_of(name)


def living(world: World, law: Setting, months: int, runs: int, *measures: Instrument) -> Model:
    """Return a model of a law's setting and some measures, not yet run."""
    asked = question(*law.setting, *measures, months=months)
    held = {"parameters": law.parameters, "governments": law.governments}
    return Model(asked.model_copy(update=held), runs=runs, world=world)


def test_every_kind_has_a_law_exact_in_a_month_and_one_of_many_runs() -> None:
    assert [kind for kind in TOLD if not case(kind).exact] == []
    assert [kind for kind in TOLD if not case(kind).law] == []


@pytest.mark.parametrize("kind", WITH_EXACT)
def test_within_a_month_more_of_a_dose_moves_its_column_one_way_only(kind: str, tiny: World) -> None:
    law = case(kind).exact
    assert law is not None
    found = [in_one_month(tiny, kind, law, step) for step in STEPS]
    for less, more in pairwise(found):
        room = 1e-12 * np.abs(less)
        wrong = more < less - room if law.direction == "up" else more > less + room
        assert not wrong.any(), f"{law.text} {found}"
    assert (found[-1] != found[0]).any(), f"{law.text} Nothing moved: {found[0]}"


def in_one_month(world: World, kind: str, law: Exact, step: float) -> Floats:
    """Return the column of a law after the phases of the first month in which a part of the example's dose holds."""
    told = case(kind)
    full = told.made("measure", start=later(law.months), **law.change)
    dose = told.nothing + step * (getattr(full, told.dose) - told.nothing)
    model = living(world, law, law.months + 1, FEW, full.model_copy(update={told.dose: dose}))
    for _ in range(law.months):
        model.step()
    model.books.begin()
    for name, phase in model.phases:
        phase(model.books)
        if name == law.after:
            break
    else:
        message = f"no phase is called {law.after!r}"
        raise AssertionError(message)
    return column_of(model, law)


def column_of(model: Model, law: Exact) -> Floats:
    """Return a column of the books at the place that a law names (run,)."""
    table, name = law.column.split(".")
    found: Any = getattr(getattr(model.books, table), name)
    network, world = model.books.frame.network, model.books.frame.world
    if len(found) == network.slots:
        found = network.slot_to_good_region(found)
    chosen = entries(world, found, law)
    return chosen if chosen.ndim == 1 else chosen.sum(axis=0)


def tried(kind: str, name: str) -> None:
    """Hold the law of a kind against 64 paired runs of a world.

    The mean must go the way of the law; runs that go the other way are no more than the law explains.
    """
    law = law_of(kind, name)
    measure = case(kind).made("measure", start=later(BEGINS), **law.change)
    without = (
        undisturbed(kind, name) if law.amid or law.parameters or law.governments != "dated" else plain(name, law.months)
    )
    found = statistic(living(WORLDS[name](), law, law.months, RUNS, measure).run(), law)
    moved = (found - statistic(without, law)) * (1.0 if law.direction == "up" else -1.0)
    against = int((moved < 0.0).sum())
    told = f"{law.text} Mean {moved.mean():.3g}, {against} of {RUNS} runs against it. {law.why}"
    assert moved.mean() > 0.0, told
    assert against <= law.exceptions, told


@pytest.mark.parametrize("kind", tried_in("tiny"))
def test_over_years_a_measure_moves_its_series_one_way_in_the_mean_of_64_paired_runs(kind: str) -> None:
    tried(kind, "tiny")


@pytest.mark.slow
@pytest.mark.parametrize("kind", tried_in("full"))
def test_so_it_does_in_the_full_world(kind: str) -> None:
    tried(kind, "full")


@cache
def plain(name: str, months: int) -> Model:
    """Return 64 runs of a world in which nothing is done."""
    return Model(question(months=months), runs=RUNS, world=WORLDS[name]()).run()


def undisturbed(kind: str, name: str) -> Model:
    """Return 64 runs of the setting of a law alone."""
    law = law_of(kind, name)
    return living(WORLDS[name](), law, law.months, RUNS).run()


def statistic(model: Model, law: Law) -> Floats:
    """Return the statistic of a law's series from the measure's start on (run,)."""
    world = model.books.frame.world
    place = world.goods.code.index(law.good) * len(world.regions) + world.regions.index(law.region)
    months = np.array([month[place] for month in model.record.series[law.series][BEGINS:]], np.float64)
    assert np.isfinite(months).all(), f"{law.series} of {law.good} in {law.region} is not always a number"
    of: dict[str, Callable[[Floats], Floats]] = {
        "sum": lambda values: values.sum(axis=0),
        "last": lambda values: values[-1],
        "swing": lambda values: np.diff(np.log(values), axis=0).var(axis=0),
        "lowest": lambda values: values.min(axis=0),
    }
    return of[law.statistic](months)
