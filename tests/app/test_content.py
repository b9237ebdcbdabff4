"""Tours and lessons: strict files, and texts that say what the model says."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from abm.errors import InputError
from experiments.app.content.pictures import PICTURES, drawn
from experiments.app.content.reader import CONTENT, lesson, lessons, source, tour, tours
from experiments.app.content.said import WAIT, choices, expected, foreseen, live, said, value
from experiments.app.content.shapes import STEPS, Figure, Show, Telling
from experiments.app.playing import told
from experiments.app.questions import Question
from experiments.app.results import Answer, Part

TOURS, LESSONS = sorted((CONTENT / "tours").glob("*.toml")), sorted((CONTENT / "lessons").glob("*.toml"))
PARTS: dict[str, Part] = {}


@cache
def answered(question: Question) -> Answer:
    parts = [[PARTS.setdefault(play.key, play.played(lambda _: None)) for play in plays] for plays in question.plays]
    return told(question, parts[-1], parts[0] if len(parts) > 1 else (), both=True)


def tellings() -> Iterator[tuple[str, Show, dict[str, Figure]]]:
    for name, page in tours().items():
        yield from ((f"{name} {place}", step.show, step.figures) for place, step in enumerate(page.step, 1))
    for name, plan in lessons().items():
        for place, each in enumerate(plan.guess, 1):
            yield f"{name} guess {place}", each.show, {**each.figures, "figure": each.figure}
        yield from ((f"{name} finding {place}", one.show, one.figures) for place, one in enumerate(plan.finding, 1))
        first = plan.finding[0].show
        yield from ((f"{name} belief {place}", first, one.figures) for place, one in enumerate(plan.belief, 1))


@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.stem)
def test_every_tour_loads(path: Path) -> None:
    page = tour(path)
    assert len(page.step) == STEPS
    assert len({step.title for step in page.step}) == STEPS


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_loads_and_has_at_most_eight_teams(path: Path) -> None:
    plan = lesson(path)
    assert 2 <= len(plan.team) <= 8
    assert len({team.name for team in plan.team}) == len(plan.team)


def test_there_is_a_tour_for_each_of_the_five_articles_and_a_lesson_of_45_minutes() -> None:
    assert [page.order for page in tours().values()] == [1, 2, 3, 4, 5]
    assert 45 in [plan.minutes for plan in lessons().values()]


@pytest.mark.parametrize("plan", lessons().values(), ids=list(lessons()))
def test_the_expected_answer_to_a_prediction_is_one_choice_whatever_the_luck(plan: object) -> None:
    for guess in plan.guess:  # type: ignore[attr-defined]
        low, high = guess.figure.between
        assert guess.choice(low) == guess.choice(high), guess.ask
        assert len(choices(guess)) == len(guess.bounds) + 1


@pytest.mark.slow
@pytest.mark.parametrize(("show", "figures"), [each[1:] for each in tellings()], ids=[each[0] for each in tellings()])
def test_the_model_says_what_the_text_says(show: Show, figures: dict[str, Figure]) -> None:
    answer = answered(show.question)
    found = {name: (value(each, answer), each.between) for name, each in figures.items()}
    assert {name: told for name, told in found.items() if not told[1][0] <= told[0] <= told[1][1]} == {}


@pytest.mark.slow
@pytest.mark.parametrize("show", [each[1] for each in tellings()], ids=[each[0] for each in tellings()])
def test_every_chart_of_a_text_is_drawn_and_has_a_finding(show: Show) -> None:
    chart = drawn(answered(show.question), 1, show.chart, show.item)
    assert chart.title
    assert chart.table.height


def first_step() -> Telling:
    return next(iter(tours().values())).step[0]


def test_a_figure_waits_as_dots_until_there_is_an_answer_and_facts_carry_their_source() -> None:
    step = first_step()
    told = live(step, step.words()[1], None)  # type: ignore[index]
    assert WAIT in told
    assert "17 billion dollars [SEED]" in told
    assert source("SEED")


def test_the_range_of_a_figure_is_told_in_its_unit() -> None:
    share = Figure(measure="share", item="chips", region="US", between=(7, 8.5))
    assert expected(share) == "7 to 8.5 %"
    assert said(share, 7.96) == "8.0 %"
    gain = share.model_copy(update={"kind": "gain"})
    assert said(gain, 7.96) == "8.0 percentage points"
    assert "4.5 to 7.5 %" in foreseen(first_step(), first_step().words()[1])  # type: ignore[index]


def test_figures_of_an_answer_stand_in_the_text() -> None:
    answer = answered(Question("chips_act", ("until=2021-12",), runs=2))
    gain = Figure(measure="share", item="chips", region="US", kind="gain", between=(-1, 1))
    start = Figure(measure="share", item="chips", region="US", period="first", between=(10, 11))
    assert abs(value(gain, answer)) < 1.0
    assert said(start, value(start, answer)) == "10.6 %"
    for name, picture in PICTURES.items():
        assert drawn(answer, 1, name, next(iter(picture.items()), "")).code


MISTAKES = {
    "no such key": ("title =", 'colour = "red"\ntitle =', "colour: no such key"),
    "no such scenario": ('scenario = "tsmc_arizona"', 'scenario = "tsmc_arizonna"', "tsmc_arizona"),
    "no such lever": ("arizona_overrun.factor=3.0", "arizona_overrun.faktor=3.0", "factor"),
    "a lever out of range": ("arizona_overrun.factor=3.0", "arizona_overrun.factor=-3.0", "range"),
    "no such source": ('source = "S61" }\ncost', 'source = "S6x1" }\ncost', "no source 'S6x1'"),
    "no such measure": ('measure = "fill"', 'measure = "filling"', "no measure 'filling'"),
    "a bare number": ("are some insurance", "are 3 per cent and some insurance", "'3' stands in a text"),
    "a figure nobody names": ("Taiwan keeps {tw}.", "Taiwan keeps most.", "nothing names {tw}"),
    "a name nothing stands behind": ("Taiwan keeps {tw}.", "Taiwan keeps {tw} {kr}.", "{kr}"),
    "no such chart": ('chart = "prices"', 'chart = "price"', "'price' is not known"),
    "a chart of nothing": ('item = "rare_earths"', 'item = "rare_earth"', "rare_earths"),
    "ends in the wrong order": ("between = [85, 93]", "between = [93, 85]", "Write the lower first"),
    "a step too few": ("", "", "names too few"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_tour_is_told_with_file_and_line(mistake: str, tmp_path: Path) -> None:
    right, wrong, message = MISTAKES[mistake]
    text = (CONTENT / "tours/a_chain_without_china.toml").read_text(encoding="utf-8")
    assert right in text
    changed = text.replace(right, wrong, 1) if right else "[[step]]".join(text.split("[[step]]")[:-1])
    path = tmp_path / "mine.toml"
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)) as error:
        tour(path)
    assert re.search(r"mine\.toml:\d+", str(error.value))


def test_a_lesson_whose_phases_do_not_fit_is_refused(tmp_path: Path) -> None:
    text = LESSONS[0].read_text(encoding="utf-8")
    path = tmp_path / "short.toml"
    path.write_text(text.replace("minutes = 45", "minutes = 40"), encoding="utf-8")
    with pytest.raises(InputError, match="the phases take 45 minutes of 40"):
        lesson(path)


def test_no_sentence_of_a_text_is_longer_than_forty_words() -> None:
    def words(part: object) -> Iterator[str]:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            yield from (word for each in part.values() for word in words(each))
        elif isinstance(part, list):
            yield from (word for each in part for word in words(each))

    for path in (*TOURS, *LESSONS):
        for text in words(tomllib.loads(path.read_text(encoding="utf-8"))):
            for sentence in re.split(r"(?<=[.?!:])\s", text):
                assert len(sentence.split()) <= 40, f"{path.name}: {sentence}"
