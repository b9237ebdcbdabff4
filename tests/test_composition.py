"""Scenarios put together: what + joins, what - takes away, what is refused, and that every command understands them."""

import json
import re
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from abm.composition import name_of, terms
from abm.drafts import LONGEST
from abm.errors import InputError
from abm.scenario import Scenario
from experiments.cli import main

PLAIN = 'title = "{title}"\nquestion = "What?"\nstory = "One. Two. Three."\nreferences = ["{title}"]\n'
DUTY = """
[[policy]]
kind = "tariff"
name = "{name}"
government = "US"
goods = ["cell"]
origins = ["CN"]
rate = {rate}
start = {start}
source = "a test"
story = "{story}"
"""
FIRE = '[[shock]]\nkind = "outage"\nname = "fire"\nregion = "JP"\ndepth = 0.5\nstart = 2020-03-01\nsource = "a test"\n'


def duty(name: str, rate: float = 0.1, start: str = "2020-01-01", story: str = "Told.") -> str:
    return DUTY.format(name=name, rate=rate, start=start, story=story)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a library of scenarios that agree, disagree and overlap."""
    first = 'extends = "ground"\nbaseline = "ground"\n'
    files = {
        "ground": 'start = "2020-01"\nuntil = "2030-12"\n' + duty("old"),
        "left": first + "[parameters]\ninterest = 0.003\n" + duty("shared") + duty("mine"),
        "right": first + duty("shared", story="Told otherwise.") + duty("theirs") + FIRE,
        "other_rate": first + duty("shared", rate=0.2),
        "other_kind": first + FIRE.replace('"fire"', '"mine"'),
        "other_interest": first + "[parameters]\ninterest = 0.002\n" + duty("more"),
        "early": 'start = "2009-01"\nuntil = "2015-12"\nbaseline = "ground"\n' + duty("first", start="2010-01-01"),
        "long_past": 'start = "2009-01"\nbaseline = "ground"\n' + duty("first", start="2010-01-01"),
        "later": 'start = "2015-01"\nbaseline = "ground"\n' + duty("second", start="2016-01-01"),
        "elsewhere": 'baseline = "left"\n' + duty("third"),
    }
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(PLAIN.format(title=name) + text, encoding="utf-8")
    return tmp_path


def names(scenario: Scenario) -> list[str]:
    return [measure.name for measure in scenario.measures]


def test_both_have_the_measures_of_both_and_what_they_share_once(folder: Path) -> None:
    both = Scenario.load("left+right", folder)
    assert names(both) == ["old", "shared", "mine", "theirs", "fire"]
    assert (both.name, both.title, both.baseline) == ("left+right", "left + right", "ground")
    assert both.references == ("left", "right")
    assert both.parameters == {"interest": 0.003}
    assert (both.start, both.until) == (date(2020, 1, 1), date(2030, 12, 1))
    assert both.places["theirs.rate"].startswith(f"{folder}/right.toml:")
    rival = both.rival(folder)
    assert rival is not None
    assert names(rival) == ["old"]


def test_what_a_scenario_adds_to_its_own_baseline_is_taken_away_and_nothing_else(folder: Path) -> None:
    assert names(Scenario.load("left+right-right", folder)) == ["old", "mine"]
    assert names(Scenario.load("left-right", folder)) == ["old", "mine"]
    assert names(Scenario.load("left-ground", folder)) == ["shared", "mine"]


def test_a_single_measure_is_taken_away_by_its_name(folder: Path) -> None:
    less = Scenario.load("right-fire", folder)
    assert names(less) == ["old", "shared", "theirs"]
    assert less.title == "Without fire: right"


def test_terms_count_from_left_to_right(folder: Path) -> None:
    assert names(Scenario.load("left-mine+right", folder)) == ["old", "shared", "theirs", "fire"]
    assert names(Scenario.load("left-shared+other_rate", folder)) == ["old", "mine", "shared"]
    assert terms("a+b-c") == ("a", (("+", "b"), ("-", "c")))
    assert terms("some-where/my-file.toml+b") == ("some-where/my-file.toml", (("+", "b"),))
    assert [name_of(each) for each in ("a+b-c", "x/y.toml", "x-z/y.toml+b")] == ["a+b-c", "y", "y+b"]


def test_less_of_a_baseline_is_compared_with_the_whole_of_it(folder: Path) -> None:
    less = Scenario.load("ground-old", folder)
    rival = less.rival(folder)
    assert rival is not None
    assert (names(less), names(rival)) == ([], ["old"])
    nothing = Scenario.load("ground+later-second", folder)
    assert nothing.baseline == "ground"


def test_months_that_only_one_names_hold_for_both(folder: Path) -> None:
    both = Scenario.load("left+later", folder)
    assert (both.start, both.until) == (date(2015, 1, 1), date(2030, 12, 1))


def test_a_file_by_its_path_is_joined_with_those_next_to_it(folder: Path) -> None:
    both = Scenario.load(f"{folder}/left.toml+right", folder / "nowhere")
    assert names(both) == ["old", "shared", "mine", "theirs", "fire"]
    assert both.name == "left+right"


def test_a_file_extends_several_at_once(folder: Path) -> None:
    text = PLAIN.format(title="child") + 'extends = "left+right-fire"\n' + duty("own")
    (folder / "child.toml").write_text(text, encoding="utf-8")
    child = Scenario.load("child", folder)
    assert names(child) == ["old", "shared", "mine", "theirs", "own"]
    assert (child.name, child.title) == ("child", "child")


@pytest.mark.parametrize(
    ("what", "message"),
    {
        "left+other_rate": "left+other_rate: shared.rate is 0.1 in left and 0.2 in other_rate. Take what clashes",
        "left+other_kind": "mine is a tariff in left, a outage in other_kind.",
        "left+other_interest": "parameters.interest is 0.003 in left and 0.002 in other_interest.",
        "later+long_past": "start is 2015-01-01 in later and 2009-01-01 in long_past.",
        "left+elsewhere": "baseline is ground in left and left in elsewhere.",
        "left+early": "left+early: shared never acts from 2009-01 until 2015-12. mine never acts",
        "left+rigt": "left+rigt: no scenario is called 'rigt'. Did you mean 'right'?",
        "left-rigt": "left-rigt: 'rigt' is neither a scenario nor a measure of left. Did you mean 'right'?",
        "left-mine-mine": "left-mine-mine: 'mine' is neither a scenario nor a measure of left-mine.",
        "left-early": "left has no measure that early adds, so nothing would be removed. It adds first;",
        "lef+right": "no scenario is called 'lef'. Did you mean 'left'?",
        "left+": "no scenario is called 'left+'.",
        "left++right": "no scenario is called 'left++right'.",
        "left+../right": "is no file",
        "left" + "+right" * LONGEST: f"has over {LONGEST} characters. Write a file that extends them.",
    }.items(),
)
def test_what_does_not_go_together_is_refused_by_name(folder: Path, what: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        Scenario.load(what, folder)


@pytest.mark.parametrize(
    ("extends", "message"),
    {
        "left+other_rate": "wrong.toml:5: extends: left+other_rate: shared.rate is 0.1 in left and 0.2 in other_rate.",
        "lef+right": "wrong.toml:5: extends: no scenario is called 'lef'. Did you mean 'left'?",
        "left-nothing": "wrong.toml:5: extends: left-nothing: 'nothing' is neither a scenario nor a measure of left.",
        "left+wrong": "wrong.toml:5: extends: 'wrong' extends this one in turn. Break the circle.",
        "left + right": "wrong.toml:5: extends: 'left + right' is not a name.",
    }.items(),
)
def test_a_file_that_extends_what_does_not_go_together_is_refused_with_its_line(
    folder: Path, extends: str, message: str
) -> None:
    text = PLAIN.format(title="wrong") + f'extends = "{extends}"\n'
    (folder / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        Scenario.load("wrong", folder)


def test_history_without_the_chips_act_keeps_all_else() -> None:
    whole, less = Scenario.load("history"), Scenario.load("history-chips_act")
    assert [*{*names(whole)} - {*names(less)}] != []
    assert {*names(whole)} - {*names(less)} == {"chips_act", "chips_credit"}
    assert [name for name in names(whole) if name in names(less)] == names(less)
    without_all = names(Scenario.load("history-chips_act_whole"))
    assert {*names(less)} - {*without_all} == {"chips_loans", "chips_research", "chips_credit_raise"}


def test_a_measure_of_the_baseline_that_one_scenario_lifts_is_lifted_in_both() -> None:
    duties = {each.name for each in Scenario.load("baseline").measures if each.kind == "tariff"}
    for both in ("chips_act+free_trade", "free_trade+chips_act"):
        found = Scenario.load(both)
        assert duties & {*names(found)} == set()
        assert {each.name for each in found.measures if each.kind == "tariff"} == {f"{name}_ended" for name in duties}
        assert "chips_act" in names(found)


def test_run_writes_a_composition_to_a_folder_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("run", "chips_act+japan_tsmc", "--runs", "1", "--until", "2020-02", "--no-pictures")
    done = CliRunner().invoke(main, words, prog_name="friendshore")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "results" / "chips_act+japan_tsmc"
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in told["scenarios"]] == ["baseline", "chips_act+japan_tsmc"]
    assert "# + japan_tsmc" in told["scenarios"][1]["text"]


def test_the_tab_key_completes_the_last_term() -> None:
    command = main.commands["run"]
    context = click.Context(command)
    for begun, found in {"chips_act+japan": ["chips_act+japan_tsmc"], "history-lyn": ["history-lynas_texas"]}.items():
        told = command.params[0].shell_complete(context, begun)
        assert [each.value for each in told] == found


def test_explain_and_trace_understand_a_composition() -> None:
    page = CliRunner().invoke(main, ["explain", "history-chips_act"], prog_name="friendshore")
    assert page.exit_code == 0, page.output
    assert "history-chips_act, a scenario" in page.stdout
    assert "chips_credit_raise" in page.stdout
    assert "chips_credit " not in page.stdout
    words = ["trace", "chips_act-chips_credit", "--month", "2020-01", "--firm", "TSMC"]
    assert CliRunner().invoke(main, words, prog_name="friendshore").exit_code == 0
