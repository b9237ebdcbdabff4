"""The words of the app: all there, plain, and none that nobody shows."""

import re
from pathlib import Path

import pytest

from experiments.app.texts import glossary, section, text

CHARTS = Path(__file__).resolve().parents[2] / "experiments/app/charts"


def test_every_chart_is_explained_and_nothing_is_explained_that_is_no_chart() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in CHARTS.glob("*.py"))
    assert set(re.findall(r'explained\("(\w+)"\)', code)) == set(section("charts"))


@pytest.mark.parametrize("code", section("charts"))
def test_an_explanation_says_what_is_shown_and_what_not_to_conclude(code: str) -> None:
    words = text("charts", code, "explain")
    assert 50 < len(words.split()) < 170
    assert re.search(r"\b(not|no|nothing|never|nobody)\b", words.split("\n")[-1])


def test_the_glossary_is_in_order_and_its_words_are_short_sentences() -> None:
    words = glossary()
    assert len(words) >= 30
    assert [*words] == sorted(words, key=str.casefold)
    assert all(meaning.endswith(".") and len(meaning.split()) <= 40 for meaning in words.values())


def test_what_not_to_conclude_begins_with_the_laboratory() -> None:
    points = section("conclude", "points")
    assert points[0].startswith("This is a laboratory, not a forecast.")
    assert any("SEMI basis" in point for point in points)


def test_a_text_that_is_not_there_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError, match=r"texts.toml: nothing at charts.shares.moral"):
        text("charts", "shares", "moral")
