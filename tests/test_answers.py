"""Governments that follow rules answer blows, with allies; and a scenario says whether they do."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from reactions import answers, duty, reactive
from worlds import START, measure, question, with_parameters

from abm.dice import Dice
from abm.errors import InputError
from abm.model import Model
from abm.scenario import Scenario
from abm.stance import allied
from abm.world import World
from experiments.attribution import differences, mixed
from experiments.run import Batch, ask, play


def test_a_blow_is_answered_after_two_to_six_months_on_the_good_the_striker_depends_on_most(tiny: World) -> None:
    world = with_parameters(tiny, retaliation_chance=1.0, view_error=0.0)
    model = Model(reactive(duty(), months=11), runs=64, world=world).run()
    # Where the struck one answers back within the year there is a second answer.
    found = answers(model).unique("run", keep="first", maintain_order=True)
    assert sorted(found["run"]) == list(range(64))
    assert set(found["date"]) == {date(2020, month, 1) for month in (6, 7, 8, 9, 10)}
    assert set(found["good"]) == {"key_starting_material"}
    assert set(found["size"]) == {0.5}
    assert found["why"][0].startswith("The United States struck China and seems to buy ")


def test_six_in_ten_blows_are_answered(tiny: World) -> None:
    model = Model(reactive(duty(), months=11), runs=400, world=tiny).run()
    assert 0.5 < answers(model).height / 400 < 0.7


def test_what_is_in_force_at_the_start_or_asks_for_nothing_is_no_blow(tiny: World) -> None:
    world = with_parameters(tiny, retaliation_chance=1.0)
    for harmless in (duty(start=START), duty(start=date(2019, 1, 1)), duty(rate=0.0)):
        assert answers(Model(reactive(harmless, months=12), world=world).run()).height == 0


def test_a_blow_in_one_run_is_none_in_another(tiny: World) -> None:
    some = duty().model_copy(update={"rate": np.array([0.5, 0.0, 0.5])})
    world = with_parameters(tiny, retaliation_chance=1.0)
    assert set(answers(Model(reactive(some, months=12), runs=3, world=world).run())["run"]) == {0, 2}


def test_an_answer_blocks_half_and_fades_by_three_in_a_hundred_each_month(tiny: World) -> None:
    world = with_parameters(tiny, retaliation_chance=1.0, retaliation_latest=2.0)
    model = Model(reactive(duty(), months=12), world=world, luck=False)
    us, cn, goods = tiny.regions.index("US"), tiny.regions.index("CN"), tiny.goods.code
    cell = (goods.index("key_starting_material") * len(tiny.regions) + us) * len(tiny.regions) + cn
    blocked = []
    for _ in range(8):
        model.step()
        blocked.append(float(model.books.levers.blocked[cell, 0]))
    assert blocked == pytest.approx([0.0] * 5 + [0.5, 0.5 * 0.97, 0.5 * 0.97**2])


def test_a_government_that_answers_is_answered_in_turn_but_allies_that_go_along_are_not(tiny: World) -> None:
    world = with_parameters(tiny, retaliation_chance=1.0, retaliation_latest=2.0)
    blow = measure("embargo", government="CN", goods=["magnet"], destinations=["JP"], depth=0.5, start=date(2020, 4, 1))
    model = Model(reactive(blow, months=24), world=world, luck=False).run()
    assert answers(model, "JP", "CN")["date"].to_list()[:2] == [date(2020, 6, 1), date(2020, 10, 1)]
    assert answers(model, "CN", "JP")["date"].to_list()[:2] == [date(2020, 8, 1), date(2020, 12, 1)]
    assert answers(model, "US", "CN").height == answers(model, "JP", "CN").height
    assert answers(model, "CN", "US").height == 0


def test_an_ally_goes_along_the_less_the_more_it_depends_on_the_target(tiny: World) -> None:
    model = Model(reactive(months=2), world=tiny, luck=False)
    model.step()
    stance, governments = model.books.stance, model.books.cast.governments
    assert stance is not None
    np.testing.assert_allclose(governments.solidarity(), 0.5 * (1.0 - stance.exposure))
    us, cn = tiny.regions.index("US"), tiny.regions.index("CN")
    exposed = stance.perceived.reshape(-1, 3, 3)[:, us, cn]
    assert stance.exposure[us * 3 + cn, 0] == exposed.max() > 0.7


def test_a_run_keeps_its_events(tiny: World) -> None:
    reacting, dated = (
        play(Batch(asked, 3, 2), 1, tiny, lambda months: None)["events"]
        for asked in (reactive(duty(), months=12), question(duty(), months=12))
    )
    assert set(reacting["run"]) == {3, 4}
    assert dated.height == 0
    assert dated.schema == reacting.schema


def test_allies_are_the_regions_whose_countries_are_mostly_allies(full: World, tiny: World) -> None:
    friends = allied(full)
    together = {code for code, row in zip(full.regions, friends, strict=True) if row.any()}
    assert together == {"US", "TW", "JP", "KR", "EU", "AU"}
    assert not friends.diagonal().any()
    assert (friends == friends.T).all()
    assert allied(tiny)[tiny.regions.index("US")].tolist() == [code == "JP" for code in tiny.regions]


def test_a_scenario_says_whether_governments_follow_rules() -> None:
    plain = Scenario.load("baseline")
    assert plain.governments == "dated"
    assert plain.override("governments=reactive").governments == "reactive"
    with pytest.raises(InputError, match="Did you mean 'reactive'"):
        plain.override("governments=reactiv")
    assert [each.governments for each in ask("chips_act", ["governments=reactive"])] == ["reactive", "reactive"]


FILE = """
title = "{name}"
question = "?"
story = "."
references = []
{more}
"""


def test_a_file_says_it_too_and_passes_it_on_to_what_extends_or_joins_it(tmp_path: Path) -> None:
    told = {
        "plain": "",
        "reacting": 'governments = "reactive"',
        "heir": 'extends = "reacting"',
        "wrong": "governments = 1",
    }
    for name, more in told.items():
        (tmp_path / f"{name}.toml").write_text(FILE.format(name=name, more=more), encoding="utf-8")
    found = {
        what: Scenario.load(what, tmp_path).governments for what in ("plain", "reacting", "heir", "plain+reacting")
    }
    assert found == {"plain": "dated", "reacting": "reactive", "heir": "reactive", "plain+reacting": "reactive"}
    with pytest.raises(InputError, match=r"wrong.toml:6: governments"):
        Scenario.load("wrong", tmp_path)


def test_attribution_tells_apart_what_rules_do_from_what_measures_do() -> None:
    first, second = question(), reactive(duty())
    assert differences(first, second) == ("tariff", "governments")
    assert mixed(first, second, frozenset({"governments"})).governments == "reactive"
    assert mixed(first, second, frozenset({"tariff"})).governments == "dated"


def test_luck_of_governments_is_keyed_and_fair_luck_takes_the_middle() -> None:
    one, other = Dice(1, range(3), np.arange(2), 6, 2), Dice(1, (2,), np.arange(2), 6, 2)
    month = date(2020, 5, 1)
    for draw, size in (("view", 18), ("answer", 9), ("patience", 9)):
        drawn = getattr(one, draw)(month)
        assert drawn.shape == (size, 3)
        assert np.array_equal(drawn[:, 2:], getattr(other, draw)(month))
    fair = Dice(1, range(3), np.arange(2), 6, 2, fair=False)
    assert not fair.view(month).any()
    assert set(fair.answer(month).ravel()) == {0.5}
