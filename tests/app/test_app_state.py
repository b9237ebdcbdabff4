"""The state of a page: its link there and back, links that make no sense, and the way back."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.errors import InputError
from experiments.app.state import LONGEST_LINK, MOST_STEPS, PAGES, START, History, State, from_query
from experiments.digest import SERIES
from experiments.library import names
from experiments.palette import REGIONS

LEVER = "chips_act.amount_musd"
STATES = st.builds(
    State,
    scenario=st.sampled_from(["chips_act", "chips_act+japan_tsmc", "chips_act_20b"]),
    assignments=st.lists(
        st.sampled_from(["until=2028-12", "governments=reactive", "parameters.interest=0.002"]), unique=True, max_size=3
    ).map(tuple),
    seed=st.integers(0, 2**63 - 1),
    page=st.sampled_from(PAGES),
    chain=st.sampled_from([each.code for each in SERIES]),
    region=st.sampled_from([*REGIONS]),
    year=st.integers(2020, 2030),
    compare=st.lists(st.sampled_from(["baseline", "history", "free_trade"]), max_size=4).map(tuple),
)


@settings(max_examples=30, deadline=None)
@given(STATES)
def test_a_link_leads_to_the_state_it_was_made_of(state: State) -> None:
    assert from_query(state.to_query()) == (state, ())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_link_is_ever_an_error(query: str) -> None:
    state, _ = from_query(query)
    state.check()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["scenario", "set", "seed", "page", "year", "compare"]),
            st.text(max_size=30).map(lambda text: text.replace("&", "").replace(";", "")),
        ),
        max_size=5,
    )
)
def test_a_link_half_right_keeps_what_is_right(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode

    state, messages = from_query(urlencode([("region", "TW"), *pairs]))
    assert state.region == "TW"
    assert all(message.startswith("The link says") for message in messages)


def test_the_start_has_the_shortest_link() -> None:
    assert START.to_query() == ""
    assert from_query("") == (START, ())


@pytest.mark.parametrize("name", names())
def test_every_bundled_scenario_has_a_link(name: str) -> None:
    assert from_query(State(scenario=name).to_query()) == (State(scenario=name), ())


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("scenario=chips_actt", "Did you mean 'chips_act'?"),
        ("scenario=/etc/passwd", "no name"),
        ("set=chips_act.amount_musd=-5", "amount_musd"),
        ("set=__import__('os').system('x')", "not KEY=VALUE"),
        ("set=until%3D2028-12&set=until%3D2027-12", "said twice"),
        ("page=moon", "Known: about"),
        ("region=XX", "'XX' is not known"),
        ("year=1999", "'1999' is not known"),
        ("seed=minus", "no whole number"),
        ("seed=9223372036854775808", "out of range"),
        ("colour=red", "'colour' is not known"),
        ("compare=a&compare=baseline", "no scenario is called 'a'"),
        ("x" * (LONGEST_LINK + 1), "longer than"),
    ],
)
def test_what_was_not_understood_is_named(query: str, told: str) -> None:
    state, messages = from_query(query)
    assert told in " ".join(messages)
    state.check()


def test_a_value_is_replaced_once_and_can_be_taken_back() -> None:
    state = START.with_set(LEVER, 60_000).with_set(LEVER, 70_000)
    assert state.assignments == (f"{LEVER}=70000",)
    assert state.value(LEVER) == 70_000
    assert state.without(LEVER) == START
    assert state.with_set("until", date(2028, 12, 1).strftime("%Y-%m")).without() == START


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match="amount_musd"):
        START.with_set(LEVER, -1)
    with pytest.raises(InputError, match="no policy or shock called"):
        START.with_set("japan_tsmc.amount_musd", 1)


@pytest.mark.parametrize("value", [["chip_leading"], 'a "quoted" \\ word', True, 1.5])
def test_every_kind_of_value_is_written_as_it_is_read(value: object) -> None:
    from abm.overrides import split
    from experiments.app.state import _written

    assert split(f"chips_act.goods={_written(value)}")[1] == value


def test_undo_leads_back_and_redo_forth() -> None:
    steps = [replace(START, year=year) for year in (2021, 2022, 2023)]
    history = History()
    for step in steps:
        history = history.do(step)
    assert history.undo().undo().now == steps[0]
    assert history.undo().undo().redo().now == steps[1]
    assert history.undo().do(START).redo().now == START
    assert History().undo() == History()
    assert history.do(steps[-1]) is history


def test_a_history_does_not_grow_for_ever() -> None:
    history = History()
    for seed in range(2 * MOST_STEPS):
        history = history.do(replace(START, seed=seed + 2))
    assert len(history.past) == MOST_STEPS


def test_a_link_holds_the_teams_of_a_class() -> None:
    teams = ("Red~chips_act", "Blue~scenario=chips_act&set=chips_act.amount_musd%3D0")
    state = replace(START, page="class", topic="who_makes_the_chips.teams", teams=teams)
    assert from_query(state.to_query()) == (state, ())
