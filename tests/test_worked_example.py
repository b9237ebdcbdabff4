"""The new instrument that DESIGN adds as an example does what it says there, in under 40 lines."""

import re
import tomllib
from pathlib import Path
from typing import Any

import cases
import numpy as np
import pytest
from acting import acted, values
from worlds import question

import abm.outline
from abm.model import Model
from abm.policies import INSTRUMENTS
from abm.policies.instrument import Instrument
from abm.policies.levers import idle
from abm.scenario import Scenario
from abm.world import World

DESIGN = Path(__file__).parents[1] / "abm" / "DESIGN.md"
KIND = "buy_home"


def blocks() -> tuple[str, str]:
    """Return the Python file and the case file of the example."""
    page = DESIGN.read_text(encoding="utf-8").partition("## 11 A new instrument")[2]
    file, case = (re.findall(rf"```{tongue}\n(.*?)```", page, re.DOTALL)[0] for tongue in ("python", "toml"))
    return file, case


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> type[Instrument]:
    """Return the class of the example, listed where its entry would list it."""
    found: dict[str, Any] = {"__name__": KIND}
    exec(compile(blocks()[0], f"{KIND}.py", "exec"), found)
    kind: type[Instrument] = found["BuyHome"]
    listed = {**INSTRUMENTS, KIND: kind}
    monkeypatch.setattr(cases, "INSTRUMENTS", listed)
    monkeypatch.setattr(cases, "KINDS", {**cases.KINDS, KIND: kind})
    monkeypatch.setattr(abm.outline, "LISTS", {**abm.outline.LISTS, "policy": listed})
    return kind


@pytest.fixture
def case(made: type[Instrument]) -> cases.Case:
    assert made.__doc__
    return cases.Case.model_validate(tomllib.loads(blocks()[1]))


def test_the_example_takes_under_forty_lines() -> None:
    lines = [line for block in blocks() for line in block.splitlines() if line.strip()]
    assert 30 < len(lines) + 1 < 40


def test_the_sentences_of_the_example_are_true(case: cases.Case, tiny: World) -> None:
    checks = [(story, check, month) for story in case.sentence for check in story.check for month in check.months]
    assert len(checks) == 5
    for story, check, month in checks:
        levers = acted(tiny, *story.measures, at=month)
        np.testing.assert_allclose(values(tiny, levers, check), check.value)


def test_the_example_asks_nothing_with_a_dose_of_nothing(case: cases.Case, tiny: World) -> None:
    asked = acted(tiny, case.made(appeal=case.nothing))
    np.testing.assert_array_equal(asked.friend_premium, idle(tiny, 3).friend_premium)


def test_the_law_of_the_example_holds(case: cases.Case, tiny: World) -> None:
    law = case.law
    assert law is not None
    without, with_it = (
        Model(question(*measures), runs=4, world=tiny).run().regions.filter(good=law.good, region=law.region)
        for measures in ((), (case.made(),))
    )
    assert with_it[law.series].sum() < without[law.series].sum()


def test_a_scenario_may_name_the_example_as_soon_as_it_is_listed(made: type[Instrument], tmp_path: Path) -> None:
    text = 'title = "T"\nquestion = "Q?"\nstory = "S."\nreferences = []\n[[policy]]\nkind = "buy_home"\nname = "one"\n'
    text += 'government = "US"\ngoods = ["cell"]\nappeal = 0.2\nstart = 2020-03-01\nsource = "a test"\n'
    (tmp_path / "home.toml").write_text(text, encoding="utf-8")
    scenario = Scenario.load("home", tmp_path).override("one.appeal=0.4")
    assert isinstance(scenario.policies[0], made)
    assert scenario.policies[0].model_dump()["appeal"] == 0.4
