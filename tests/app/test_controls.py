"""Levers come out of what instruments say of themselves."""

from datetime import date
from typing import ClassVar

import pytest
from cases import case

from abm import Scenario
from abm import world as worlds
from abm.policies.instrument import Goods, Instrument, Region, dose
from experiments.app.components.controls import (
    CHOICE,
    DATE,
    SLIDER,
    SWITCH,
    TABLE,
    WORDS,
    assumptions,
    groups,
    measure,
    moved,
    silenced,
    silent,
    vocabularies,
)
from experiments.app.components.scales import scale
from experiments.app.texts import section
from experiments.catalogue import COMMON, KINDS, Catalogue, doses

USUAL = Scenario.load("baseline")


class Subsidy(Instrument):
    """Money for those who ask.

    generous  whether anyone who asks is paid
    """

    government: Region
    goods: Goods
    generous: bool = False
    rate: float = dose(0.1, unit="share of cost", low=0.0, high=1.0, sentence="What is paid.", source="assumed")
    looks_at: ClassVar[tuple[str, ...]] = ()

    def act(self, *_: object) -> None:
        """Do nothing."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_instrument_has_a_lever_that_fits_it(kind: str) -> None:
    instrument = case(kind).made()
    made = measure(instrument)
    levers = {lever.key.partition(".")[2]: lever for lever in (*made.levers, *made.more)}
    assert set(levers) == set(KINDS[kind].model_fields) - set(COMMON) | {"start", "end"}
    words = vocabularies(USUAL)
    for name, lever in levers.items():
        value = getattr(instrument, name)
        if name in doses(KINDS[kind]):
            assert lever.kind == SLIDER
            assert lever.scale is not None
            assert lever.scale.low <= value <= lever.scale.top <= lever.scale.high
            assert lever.source
        elif name in {"start", "end"}:
            assert lever.kind == DATE
        else:
            assert lever.kind == {tuple: WORDS, dict: TABLE, bool: SWITCH}.get(type(value), CHOICE)
            if lever.vocabulary in {"region", "good", "input"} or lever.options:
                known = {code for code, _ in lever.options or words[lever.vocabulary]}
                assert set(value if lever.kind in {WORDS, TABLE} else [value]) <= known
            assert lever.options or lever.vocabulary in {*words, ""}
        assert lever.label[:1].isupper() or not lever.label[:1].isalpha()


def test_a_new_instrument_has_its_levers_without_being_named_anywhere() -> None:
    made = measure(
        Subsidy(kind="subsidy", name="mine", start=date(2025, 1, 1), source="x", government="US", goods=("cell",))
    )
    assert {lever.key: lever.kind for lever in (*made.levers, *made.more)} == {
        "mine.government": CHOICE,
        "mine.goods": WORDS,
        "mine.generous": SWITCH,
        "mine.rate": SLIDER,
        "mine.start": DATE,
        "mine.end": DATE,
    }
    assert next(each.label for each in made.levers if each.kind == SWITCH) == "Whether anyone who asks is paid"


def test_what_is_asked_about_comes_before_what_holds_in_the_baseline_and_shocks_come_last() -> None:
    first, *_ = groups(Scenario.load("chips_act"))
    assert [each.name for each in first.measures][:2] == ["chips_act", "chips_credit"]
    assert groups(Scenario.load("history"))[-1].code == "shocks"


def test_values_that_differ_are_told_as_the_browser_holds_them() -> None:
    base = Scenario.load("chips_act")
    now = base.override("chips_act.start=2023-01-01", "chips_act.weights.chip_leading=3", "chips_act.regions=['US']")
    assert moved(base, base) == {}
    assert moved(base, now) == {
        "chips_act.start": "2023-01-01",
        "chips_act.weights": {"chip_leading": 3.0},
        "chips_act.regions": ["US"],
    }


@pytest.mark.parametrize("name", ["chips_act", "section_301_chips"])
def test_a_measure_that_is_left_out_begins_after_the_last_month(name: str) -> None:
    scenario = Scenario.load("chips_act")
    for key, day in silenced(scenario, name).items():
        scenario = scenario.override(f"{key}={day}")
    assert [each for each, off in silent(scenario).items() if off] == [name]
    found = next(each for each in scenario.measures if each.name == name)
    assert not found.holds(scenario.until)


def test_every_assumption_has_a_slider_over_its_range() -> None:
    assert len(assumptions()) == len(Catalogue().parameters)
    for lever in assumptions():
        assert lever.scale is not None
        assert lever.scale.low <= lever.initial <= lever.scale.top <= lever.scale.high
        Scenario.load("baseline").override(f"{lever.key}={lever.scale.top}")


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        (("M USD", 0.0, 1_000_000.0, 39_000.0), ("billion USD", 0.001, 200_000.0, 1000.0)),
        (("share of capex", 0.0, 0.8, 0.25), ("% of capex", 100.0, 0.8, 0.002)),
        (("months", 0.0, 24.0, 0.0), ("months", 1.0, 0.1, 0.0005)),
    ],
)
def test_a_slider_reaches_some_way_beyond_its_value_in_a_unit_people_read(
    asked: tuple[str, float, float, float], read: tuple[str, float, float, float]
) -> None:
    made = scale(*asked)
    assert (made.unit, made.factor, made.top, made.step) == pytest.approx(read)


def test_every_word_that_the_levers_need_is_there() -> None:
    assert {"undo", "redo", "reset", "reset_all", "on", "off", "range"} <= set(section("levers"))
    assert dict(vocabularies(Scenario.load("baseline"))["region"]) == dict(
        zip(worlds.read(date(2020, 1, 1)).regions, worlds.read(date(2020, 1, 1)).region_titles, strict=True)
    )
