"""The sentences of the case files come true, and a dose that asks for nothing changes no bit of a run."""

from dataclasses import fields
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from acting import RUNS, acted, plants, values
from cases import START, TOLD, Check, Outcome, Story, case
from worlds import busy, question, recorded, tiny_world

from abm.model import Model
from abm.policies.instrument import Instrument
from abm.policies.levers import Pots
from abm.policies.programme import pots
from abm.world import World

MONTHS = 24


def told(world: World, story: Story, *measures: Instrument) -> Model:
    """Return a run of the tiny world to the end of a sentence, without luck, in the sentence's setting."""
    until = story.until or START
    months = (until.year - START.year) * 12 + until.month - START.month + 1
    asked = question(*story.setting, *measures, months=months)
    held = {"parameters": story.parameters, "governments": story.governments}
    return Model(asked.model_copy(update=held), world=world, luck=False).run()


def of_pot(world: World, opened: Pots, check: Check) -> np.ndarray:
    """Return what a check of a case file speaks of in a pot."""
    pot = opened.name.index(check.pot) if check.pot else 0
    found = np.asarray(getattr(opened, check.lever.removeprefix("pots.")), np.float64)[pot]
    return np.asarray(found[plants(world, check)] if check.good or check.firm else found)


@pytest.mark.parametrize("kind", TOLD)
def test_the_levers_hold_what_a_sentence_says(kind: str, tiny: World) -> None:
    for story in case(kind).sentence:
        opened = pots(story.measures, tiny, START, RUNS)
        for check in story.check:
            if check.lever.startswith("pots."):
                found = of_pot(tiny, opened, check)
                np.testing.assert_allclose(found, check.value, rtol=1e-12, err_msg=f"{story.text} {check}")
            for month in check.months:
                found = values(tiny, acted(tiny, *story.measures, at=month), check)
                np.testing.assert_allclose(found, check.value, rtol=1e-12, err_msg=f"{story.text} {month} {check}")


@pytest.mark.parametrize("kind", TOLD)
def test_a_run_comes_to_what_a_sentence_says(kind: str, tiny: World) -> None:
    for story in case(kind).sentence:
        if story.until is None:
            continue
        model, without = told(tiny, story, *story.measures), told(tiny, story)
        for outcome in story.outcome:
            found, rest = figure(model, outcome), figure(without, outcome)
            claim = f"{story.text} {outcome.model_dump(exclude_defaults=True)}: with {found}, without {rest}"
            assert np.isfinite(found), claim
            assert outcome.at_most is None or found <= outcome.at_most, claim
            assert outcome.at_least is None or found >= outcome.at_least, claim
            assert outcome.equals is None or found == pytest.approx(outcome.equals, rel=1e-9), claim
            assert outcome.compared in {None, way(found, rest)}, claim


def way(found: float, rest: float) -> str:
    """Return how a figure compares with that of the run without measures."""
    return "more" if found > rest else "less" if found < rest else "same"


def figure(model: Model, outcome: Outcome) -> float:
    """Return the figure of a run that an outcome speaks of."""
    if outcome.state:
        return at_the_end(model, outcome)
    if outcome.programme:
        table, column = model.programmes.filter(pl.col("programme") == outcome.programme), outcome.column
        named = {"government": outcome.government}
    else:
        table, column = model.firms if outcome.firm else model.regions, outcome.series
        named = {"good": outcome.good, "region": outcome.region, "firm": outcome.firm}
    for axis, word in named.items():
        assert not word or axis in table.columns, outcome
        table = table.filter(pl.col(axis).cast(pl.String) == word) if word else table
    if outcome.month is not None:
        table = table.filter(pl.col("date") == outcome.month)
    assert table.height or outcome.programme, f"nothing is recorded of {outcome}"
    return float(table[column].cast(pl.Float64).sum())


def at_the_end(model: Model, outcome: Outcome) -> float:
    """Return a column of the state after the last month."""
    world, found = model.books.frame.world, getattr(model.books.state, outcome.state)
    place = world.goods.code.index(outcome.good) if outcome.good else 0
    by_region = found.reshape(-1, len(world.regions), found.shape[-1])[place]
    return float(by_region[world.regions.index(outcome.region)].sum() if outcome.region else by_region.sum())


@cache
def rest() -> Model:
    """Return two years of the tiny world in which much happens at once."""
    return Model(question(*busy(), months=MONTHS), runs=2, world=tiny_world()).run()


@pytest.mark.parametrize("kind", TOLD)
def test_a_run_with_a_dose_that_asks_for_nothing_is_bit_identical_to_one_without(kind: str, tiny: World) -> None:
    nothing = case(kind).made("nothing", start=date(2020, 2, 1), **{case(kind).dose: case(kind).nothing})
    model = Model(question(*busy(), nothing, months=MONTHS), runs=2, world=tiny).run()
    assert moved(rest(), model) == []


def moved(first: Model, second: Model) -> list[str]:
    """Return the columns of state, flows and record in which two models differ, a further empty pot aside."""
    columns = [
        (f"{table}.{column.name}", getattr(one, column.name), getattr(other, column.name))
        for table, one, other in (
            ("state", first.books.state, second.books.state),
            ("flow", first.books.flow, second.books.flow),
        )
        for column in fields(one)
    ]
    columns += [(name, one, other) for (name, one), (_, other) in zip(recorded(first), recorded(second), strict=True)]
    return [name for name, one, other in columns if not alike(one, other)]


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two columns agree to the bit, where the other may hold nothing for one programme more."""
    if len(other) == len(one) + 1:
        return other[: len(one)].tobytes() == one.tobytes() and not other[len(one) :].any()
    return one.tobytes() == other.tobytes()
