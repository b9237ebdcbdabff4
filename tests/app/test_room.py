"""What a browser tab shows and does, without a browser."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from abm import Scenario
from experiments.app.components.keep import named, upload
from experiments.app.components.levers import reset, turn
from experiments.app.components.story import titles
from experiments.app.page import PAGES, component
from experiments.app.room import Room
from experiments.app.snippets import at_command_line, in_python
from experiments.app.state import PAGES as PATHS
from experiments.app.state import START
from experiments.app.written import written
from experiments.library import names

AMOUNT = "chips_act.amount_musd"


def test_a_move_changes_question_and_address_and_can_be_undone_and_redone() -> None:
    room = Room("")
    room.put(AMOUNT, 60_000)
    assert room.question.assignments == (f"{AMOUNT}=60000",)
    assert (room.link.value.query, room.link.value.push) == (room.state.to_query(), True)
    assert room.can_undo
    room.undo()
    assert room.state == START
    assert room.link.value.query == ""
    room.redo()
    assert room.state.value(AMOUNT) == 60_000


def test_a_slider_that_is_dragged_is_one_step_and_one_place_in_the_browsers_history() -> None:
    room = Room("")
    for amount in range(40_000, 50_000, 1000):
        room.put(AMOUNT, amount)
    assert room.state.value(AMOUNT) == 49_000
    assert not room.link.value.push
    room.undo()
    assert room.state == START


def test_going_back_in_the_browser_is_a_step_back_that_can_be_redone() -> None:
    room = Room("")
    room.put(AMOUNT, 60_000)
    there = room.link.value.query
    room.found("")
    assert room.state == START
    assert room.can_redo
    room.found(there)
    assert room.state.value(AMOUNT) == 60_000
    assert not room.can_redo


def test_a_mistake_is_told_and_changes_nothing() -> None:
    room = Room("scenario=nonsense")
    assert room.state == START
    assert "nonsense" in room.messages.value[0]
    room.put("chips_act.cap_share", 7)
    assert room.state == START
    assert "cap_share" in room.messages.value[0]
    room.go("world")
    assert room.messages.value == ()


def test_a_measure_can_be_left_out_and_taken_in_again_and_all_can_be_reset() -> None:
    room = Room("")
    turn(room, "chips_credit", on=False)
    assert room.question.scenarios[-1].override().measures != START.question().scenarios[-1].measures
    turn(room, "chips_credit", on=True)
    assert not room.state.assignments
    room.put(AMOUNT, 1)
    room.put("chips_act.weights.chip_leading", 3)
    reset(room, "chips_act.weights")
    assert room.state.assignments == (f"{AMOUNT}=1",)
    reset(room, None)
    assert not room.state.assignments


def test_a_scenario_brought_along_is_played_and_found_again_by_going_back() -> None:
    room, text = Room(""), written(Scenario.load("tsmc_arizona"))
    upload(room, "My plan (2).toml", text)
    assert room.state.scenario == "my_plan_2"
    assert room.question.scenarios[-1].measures == Scenario.load("tsmc_arizona").measures
    there = room.link.value.query
    room.found("")
    room.found(there)
    assert room.state.text == text
    assert room.messages.value == ()


@pytest.mark.parametrize("text", ["title = 3", "import os", "x" * 200_000, '[[policy]]\nkind = "nope"', "\x00"])
def test_a_bad_file_is_refused_with_a_message(text: str) -> None:
    room = Room("")
    upload(room, "bad.toml", text)
    assert room.state == START
    assert room.messages.value
    assert "/tmp" not in room.messages.value[0]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("chips_act.toml", "my_chips_act"),
        ("../../etc/passwd", "passwd"),
        ("Öl 3.toml", "l_3"),
        ("3.toml", "my_3"),
        ("", "my"),
    ],
)
def test_a_file_has_a_plain_name_that_is_not_a_bundled_ones(file: str, name: str) -> None:
    assert named(file) == name


@pytest.mark.parametrize("name", names())
def test_a_scenario_that_is_written_can_be_read_again_as_it_was(name: str, tmp_path: Path) -> None:
    said = Scenario.load(name)
    path = tmp_path / f"{name}.toml"
    path.write_text(written(said), encoding="utf-8")
    tomllib.loads(path.read_text(encoding="utf-8"))
    again = Scenario.load(path)
    untold = {"text", "file", "places"}
    assert again.model_dump(exclude=untold, serialize_as_any=True) == said.model_dump(
        exclude=untold, serialize_as_any=True
    )


def test_what_is_changed_is_written_too(tmp_path: Path) -> None:
    changed = Scenario.load("chips_act").override(f"{AMOUNT}=1234", "governments=reactive", "until=2025-12")
    path = tmp_path / "chips_act.toml"
    path.write_text(written(changed), encoding="utf-8")
    again = Scenario.load(path)
    assert (again.measures, again.governments, again.until) == (changed.measures, changed.governments, changed.until)


def test_the_program_and_the_command_ask_what_the_page_asks() -> None:
    state = START.with_set(AMOUNT, 60_000).with_set("chips_act.regions", ["US"])
    program = in_python(replace(state, seed=4))
    found: dict[str, object] = {}
    exec(program.partition("model = ")[0], found)
    assert found["scenario"] == replace(state, seed=4).question().scenarios[-1]
    assert "seed=4" in program
    assert at_command_line(state) == (
        f"friendshore run chips_act --set {AMOUNT}=60000 --set 'chips_act.regions=[\"US\"]' --runs 64"
    )


def test_every_page_of_a_link_has_a_component_and_every_scenario_a_title() -> None:
    assert tuple(each.path for each in PAGES) == PATHS
    assert all(callable(component(path)) for path in PATHS)
    assert set(titles()) == set(names())
