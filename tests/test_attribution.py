"""Shapley values: they add up, treat equals alike, give nothing to who changes nothing, and match cases by hand."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from math import prod
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from worlds import measure, question

from abm.axes import Floats
from abm.scenario import Scenario
from experiments.attribution import EXACT, Chosen, Part, differences, grouped, mixed, plays, split
from experiments.attribution_told import Account, picture, show
from experiments.cli import main

LUCK = np.array([0.0, 0.5, -0.25, 1.0])
FIVE = {name: frozenset({name}) for name in "abcde"}


def game(taken: Chosen) -> Floats:
    """Return the value of a game in which a and b help each other, c is worth 2 and all else nothing, with luck."""
    together = {"a", "b"} <= taken
    return LUCK + 3.0 * ("a" in taken) + 4.0 * together + 2.0 * ("c" in taken) * (1.0 + LUCK)


def by_name(parts: tuple[Part, ...]) -> dict[str, float]:
    return {part.name: part.mean for part in parts}


def test_a_hand_worked_game_is_split_as_by_hand() -> None:
    groups = {name: frozenset({name}) for name in "abc"}
    found = by_name(split(groups, game, orders=8, seed=1))
    assert found == pytest.approx({"a": 5.0, "b": 2.0, "c": 2.0 * (1.0 + LUCK.mean())}, rel=1e-12)


def test_exact_values_are_the_mean_over_every_order() -> None:
    draw = np.random.default_rng(5)
    worth = {frozenset(chosen): draw.normal(size=3) for size in range(5) for chosen in permutations("abcd", size)}
    groups = {name: frozenset({name}) for name in "abcd"}
    orders = list(permutations("abcd"))
    expected = {
        name: np.mean([worth[frozenset(o[: o.index(name) + 1])] - worth[frozenset(o[: o.index(name)])] for o in orders])
        for name in "abcd"
    }
    assert by_name(split(groups, lambda taken: worth[taken], 8, 1)) == pytest.approx(expected, rel=1e-12)


def test_sampled_values_add_up_to_the_whole_and_come_near_the_exact_ones() -> None:
    parts = split(FIVE, game, orders=400, seed=3)
    whole = game(frozenset("abcde")) - game(frozenset())
    assert sum(part.mean for part in parts) == pytest.approx(whole.mean(), rel=1e-12)
    found = by_name(parts)
    assert found["a"] == pytest.approx(5.0, abs=1e-9), "a pair of opposite orders settles a game of two"
    assert found["d"] == found["e"] == 0.0
    errors = {part.name: part.error for part in parts}
    assert errors["d"] == 0.0 < errors["c"]


def test_an_even_number_of_orders_is_drawn_forwards_and_backwards_so_two_that_need_each_other_share_alike() -> None:
    pair = {name: frozenset({name}) for name in "pqrst"}
    found = by_name(split(pair, lambda taken: LUCK + 6.0 * ({"p", "q"} <= taken), orders=4, seed=9))
    assert found["p"] == found["q"] == 3.0


def test_the_number_of_scenarios_promised_is_never_exceeded() -> None:
    for count, orders in ((1, 8), (EXACT, 8), (5, 8), (5, 400)):
        seen: set[Chosen] = set()

        def watched(taken: Chosen, seen: set[Chosen] = seen) -> Floats:
            seen.add(taken)
            return LUCK

        split({str(number): frozenset({str(number)}) for number in range(count)}, watched, orders, 1)
        assert len(seen) <= plays(count, orders) <= prod([2] * count)


def pair() -> tuple[Scenario, Scenario]:
    duty = measure("tariff", "duty", government="US", goods=["cell"], rate=0.2)
    steeper = measure("tariff", "duty", government="US", goods=["cell"], rate=0.4)
    credit = measure("investment_tax_credit", "credit", government="JP", goods=["cell"], share=0.2)
    fire = measure("outage", "fire", region="JP", goods=["cell"], depth=0.4, start=date(2021, 1, 1))
    first, second = question(duty, fire, name="first"), question(steeper, credit, name="second")
    return first, second.model_copy(update={"parameters": {"interest": 0.002}})


def test_differences_are_what_one_has_and_the_other_has_not_or_otherwise() -> None:
    first, second = pair()
    assert set(differences(first, second)) == {"duty", "fire", "credit", "parameters.interest"}
    assert differences(first, first) == ()
    assert grouped(first, second, "government") == {
        "US": frozenset({"duty"}),
        "JP": frozenset({"credit"}),
        "shocks": frozenset({"fire"}),
        "parameters": frozenset({"parameters.interest"}),
    }
    assert set(grouped(first, second, "kind")) == {"tariff", "outage", "investment_tax_credit", "parameters"}


def test_between_two_scenarios_lies_the_first_with_what_is_taken_of_the_second() -> None:
    first, second = pair()
    assert mixed(first, second, frozenset()) is first
    assert mixed(first, second, frozenset(differences(first, second))) is second
    between = mixed(first, second, frozenset({"duty", "fire"}))
    assert [each.name for each in between.measures] == ["duty"]
    assert between.policies[0] == second.policies[0]
    assert between.parameters == {}
    assert mixed(first, second, frozenset({"parameters.interest"})).parameters == {"interest": 0.002}


def account(*parts: Part) -> Account:
    first, second = pair()
    return Account((first, second), (8.0, 8.0 + sum(part.mean for part in parts)), parts, "share", "points", 8)


def test_the_sentence_names_the_largest_part_and_the_table_adds_up() -> None:
    told = account(Part("small", -0.5, 0.1), Part("large", 3.0, 0.2))
    assert (
        told.sentence()
        == "With second the share is 2.50 points higher than with first; large accounts for 3.00 of them."
    )
    table = told.table()
    assert table["name"].to_list() == ["first", "large", "small", "second"]
    parts = table.filter(what="contribution")["mean"].sum()
    assert table["mean"][0] + parts == pytest.approx(table["mean"][-1])


def test_the_sentence_says_who_works_against_the_change_and_when_it_cannot_be_told() -> None:
    fallen = account(Part("ask", -0.59, 0.1), Part("other", -0.49, 0.1)).sentence()
    assert fallen.endswith("1.08 points lower than with first; ask accounts for 0.59 of them.")
    against = account(Part("most", -3.0, 0.1), Part("one", 2.5, 0.1), Part("two", 1.5, 0.1)).sentence()
    assert against.endswith("1.00 points higher than with first; most works against it by 3.00.")
    doubt = account(Part("large", 3.0, 3.5), Part("small", -0.5, 0.1))
    assert doubt.sentence().endswith("accounts for 3.00 of them, but 8 runs are too few to tell that from none.")
    drawn = replace(doubt, sampled=True).sentence()
    assert drawn.endswith("but 8 runs and the orders drawn are too few to tell that from none.")


def test_the_table_marks_parts_that_cannot_be_told_from_none(capsys: pytest.CaptureFixture[str]) -> None:
    show(account(Part("large", 3.0, 0.2), Part("small", -0.001, 0.3), Part("none", 0.0, 0.0)), 0)
    page = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in page.splitlines() if line.startswith("  ") and line.strip()}
    assert rows["large"] == ["+3.00", "0.20", "100"]
    assert rows["small"] == ["0.00", "0.30?", "0"]
    assert rows["none"] == ["0.00", "0.00", "0"]
    assert "? where that includes 0: too few runs to tell it from none." in " ".join(page.split())
    show(account(Part("large", 3.0, 0.2)), 0)
    assert "too few" not in capsys.readouterr().out


def test_the_picture_of_many_parts_draws_ten_and_the_rest_as_one() -> None:
    figure = picture(account(*(Part(f"policy_{number}", 1.0 + number, 0.2) for number in range(14))), "Source: a test.")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == 13
    assert labels[11] == "4 others"


@pytest.mark.slow
def test_the_command_splits_the_chips_act_and_the_parts_add_up(tmp_path: Path) -> None:
    words = ["explain-change", "baseline", "chips_act", "--runs", "2", "--out", str(tmp_path / "out")]
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 0, answer.output
    assert (tmp_path / "out" / "pictures" / "change.png").is_file()
    assert "they add up exactly" in " ".join(answer.output.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["baseline", "chips_act", "--good", "chip"], "Did you mean 'chips'"),
        (["baseline", "chips_act", "--region", "USA"], "Did you mean 'US'"),
        (["baseline", "chips_act", "--series", "capacty"], "Did you mean 'capacity'"),
        (["baseline", "chips_act", "--date", "2050"], "outside"),
        (["baseline", "chips_act", "--date", "soon"], "Write it like 2030"),
        (["baseline", "chips_act", "--series", "capacity", "--good", "chips"], "Name one good"),
        (["baseline", "baseline"], "twice"),
    ],
)
def test_a_figure_that_cannot_be_explained_is_refused_with_a_remedy(words: list[str], said: str) -> None:
    answer = CliRunner().invoke(main, ["explain-change", *words, "--runs", "1"])
    assert answer.exit_code == 2
    assert said in " ".join(answer.output.split())
