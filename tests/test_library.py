"""The scenarios that come with friendshore: one truth with events.csv and with each other."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from abm.composition import terms
from abm.facts import PACKAGE_DATA
from abm.policies.instrument import Instrument
from abm.scenario import Scenario
from experiments.cli import main
from experiments.library import names

DESIGN = Path(__file__).parents[1] / "abm" / "DESIGN.md"
STORIES = (
    "biden_supply_chain_order|chips_act|chips_act_20b|chips_act_50b|tsmc_arizona|japan_tsmc|lynas_texas|"
    "nolans_to_colorado|allied_stockpile|information_sharing|ask_allies|china_100b|rare_earth_embargo_2010|"
    "rare_earth_licences_2025|chip_shortage_2021|huawei_smic|tool_controls_2022|taiwan_blockade|ira_batteries|"
    "battery_recycling|medicine_reserve|friend_shoring_all_in|decoupling_tit_for_tat|china_goes_out|free_trade|"
    "history|baseline"
)
# "events.csv 2021-01 (HST): 30.4, and 2023-08 (MAGM23): 258": the first date with or without a key, others with one.
FIRST_DATED = re.compile(r"events\.csv (\d{4}(?:-\d\d){0,2})(?![\d-]| \()")
DATED = re.compile(r"(\d{4}(?:-\d\d){0,2}) \(([\w, ]+)\)")
UNSOURCED = {"assumed": "", "derived": ""}
# What stands after 2019, or holds until then, is history of the world that starts in 2020.
FIRST = "2019-12"


def events() -> list[dict[str, str]]:
    with (PACKAGE_DATA / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key(row: dict[str, str]) -> str:
    return UNSOURCED.get(row["source"], row["source"])


def cited(measure: Instrument) -> Iterator[tuple[str, str]]:
    """Yield date and source key of every event that a measure names; an empty key where the event has no source."""
    first = FIRST_DATED.search(measure.source)
    if first:
        yield first[1], ""
    for date, keys in DATED.findall(measure.source):
        yield from ((date, UNSOURCED.get(key, key)) for key in keys.split(", ") if "events.csv" in measure.source)


def everything() -> Iterator[tuple[str, Instrument]]:
    for name in names():
        for measure in Scenario.load(name).measures:
            yield name, measure


def left_out() -> set[tuple[str, str]]:
    """Return kind and date of the events that DESIGN says no instrument tells; no date means all of the kind."""
    page = DESIGN.read_text(encoding="utf-8").partition("### Measures that history leaves out")[2].partition("\n#")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([\d, -]*?) ?\|", page, re.MULTILINE)
    return {(kind, date.strip()) for kind, dates in rows for date in (dates or "").split(",")}


@pytest.mark.parametrize("name", STORIES.split("|"))
def test_every_story_of_the_news_is_a_scenario(name: str) -> None:
    scenario = Scenario.load(name)
    assert scenario.headline
    assert scenario.title
    assert scenario.question.endswith("?")
    assert any(word.startswith(("articles/", "facts/", "abm/data/")) for word in scenario.references)


def test_a_name_means_one_measure_in_the_whole_library() -> None:
    told: dict[str, tuple[str, Instrument]] = {}
    for scenario, measure in everything():
        first, same = told.setdefault(measure.name, (scenario, measure))
        assert same == measure, f"{measure.name} of {first} and of {scenario} differ"


def test_every_event_that_a_measure_cites_is_in_the_table() -> None:
    known = {(row["date"], key(row)) for row in events()}
    wrong = {f"{measure.name}: {each}" for _, measure in everything() for each in cited(measure) if each not in known}
    assert not wrong, "\n".join(sorted(wrong))


def test_every_dated_measure_is_in_history_or_told_to_be_left_out() -> None:
    history = {citation for measure in Scenario.load("history").measures for citation in cited(measure)}
    history |= {citation for measure in Scenario.load("baseline").measures for citation in cited(measure)}
    without = left_out()
    missing = [
        f"{row['date']} {row['actor']} {row['kind']} {row['good']} ({row['source']})"
        for row in events()
        if row["date"] > FIRST or row["end"] > FIRST
        if (row["date"], key(row)) not in history
        if not {(row["kind"], ""), (row["kind"], row["date"])} & without
    ]
    assert not missing, "\n".join(missing)


def test_history_is_listed_by_date_with_its_sources() -> None:
    done = CliRunner().invoke(main, ["list", "policies"], prog_name="friendshore")
    assert done.exit_code == 0, done.output
    page = " ".join(done.stdout.partition("What happened")[2].split())
    measures = sorted(Scenario.load("history").measures, key=lambda each: (each.start, each.name))
    places = [page.find(f" {each.name}, {each.kind} {each.source}") for each in measures]
    assert -1 not in places
    assert places == sorted(places)


def test_history_is_put_together_from_the_stories_that_became_law() -> None:
    said = re.search(r'^extends = "(.+)"$', Scenario.load("history").text, re.MULTILINE)
    assert said
    first, further = terms(said[1])
    parts = [first, *(word for sign, word in further if sign == "+")]
    assert "chips_act_whole" in parts
    assert {*parts} <= {*names()}
