"""One month watched: what each phase changed, and what a firm saw, decided and got."""

import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner, Result
from worlds import busy, flows_of, question, state_of

from abm.model import Model
from abm.month import PHASES
from abm.world import World
from experiments.cli import main
from experiments.firm_books import cash_flow, goods_flow
from experiments.firm_month import Month, accounts, decided, got, partners, saw, watch


def asked(tiny: World, runs: int = 2) -> Model:
    return Model(question(*busy()), runs=runs, world=tiny)


def months_of_every_firm(tiny: World) -> Iterator[Month]:
    """Yield the thirteenth month of every firm, in which nobody defaults."""
    model = asked(tiny)
    for _ in range(12):
        model.step()
    for owner in np.unique(tiny.plants.owner):
        yield watch(deepcopy(model), int(owner))


def called(*words: str) -> Result:
    return CliRunner().invoke(main, ["trace", *words], prog_name="friendshore")


def test_a_watched_month_is_the_month_that_would_have_been(tiny: World) -> None:
    plain, watched = asked(tiny), asked(tiny)
    for _ in range(14):
        plain.step()
        watched.trace()
    for (name, mine), (_, other) in zip(state_of(plain.books), state_of(watched.books), strict=True):
        assert np.array_equal(mine, other), name
    for (name, mine), (_, other) in zip(flows_of(plain.books), flows_of(watched.books), strict=True):
        assert np.array_equal(mine, other), name
    assert plain.month == watched.month
    assert watched.phases == PHASES


def test_a_trace_has_a_row_for_every_column_a_phase_changed(tiny: World) -> None:
    table = asked(tiny).trace()
    assert table.columns == ["phase", "table", "column", "changed", "values", "sum", "largest"]
    assert set(table["phase"]) <= {name for name, _ in PHASES}
    assert set(table["table"]) <= {"state", "flow", "levers"}
    places = set(zip(table["phase"], table["column"], strict=True))
    assert {("produce", "output"), ("trade", "shipped"), ("price", "log_price_home"), ("pay", "cash")} <= places
    assert ("price", "shipped") not in places
    assert (table["changed"] > 0).all()
    assert (table["changed"] <= table["values"]).all()


def test_a_firm_sees_decides_and_gets_what_the_books_say(tiny: World) -> None:
    model = asked(tiny)
    for _ in range(6):
        model.step()
    capacity = model.books.state.capacity.copy()
    owner = int(tiny.plants.owner[np.flatnonzero(tiny.plants.capacity)[0]])
    month = watch(model, owner)
    assert month.month == date(2020, 7, 1)
    assert (tiny.plants.owner[month.rows] == owner).all()
    rows = month.rows
    seen = {figure.label: figure.values for figure in saw(month, rows[:1])}
    assert np.array_equal(seen["capacity, a month"], capacity[rows[:1]])
    done = {figure.label: figure.values for figure in decided(month, rows[:1])}
    assert np.array_equal(done["output started"], model.books.flow.output[rows[:1]])
    gained = {figure.label: figure.values for figure in got(month, rows[:1])}
    assert np.array_equal(gained["revenue, M USD"], model.books.flow.revenue[rows[:1]])
    money = {figure.label: figure.values for figure in accounts(month)}
    assert np.array_equal(money["debt (a rise is a loan)"][1], model.books.state.debt[owner])
    sold = dict(partners(month, rows[:1]))
    shipped = model.books.flow.delivered[rows[0]].mean()
    assert sum(next(iter(sold.values())).values()) == pytest.approx(shipped)


def test_a_firms_goods_add_up(tiny: World) -> None:
    for month in months_of_every_firm(tiny):
        for figure in goods_flow(month):
            before, came, went, after = figure.values
            assert before + came - went == pytest.approx(after, rel=1e-9, abs=1e-9), figure.label


def test_a_firms_cash_adds_up_and_shareholders_get_what_the_rules_leave(tiny: World) -> None:
    paid = 0.0
    for month in months_of_every_firm(tiny):
        lines = {figure.label: figure.values[0] for figure in cash_flow(month)}
        assert not {label for label in lines if label.startswith("in ")}
        dividend = lines.pop("dividends to shareholders", np.zeros(2))
        after, loan = lines.pop("after"), lines.pop("loans less repayments", np.zeros(2))
        spare = sum(lines.values(), np.zeros(2))
        state, network, p = month.books.state, month.frame.network, month.books.parameters
        prices = np.exp(state.log_price_home)
        target = p.cash_months * network.row_to_owner(state.expected * prices)[month.owner]
        assert -dividend == pytest.approx(np.maximum(spare - target, 0.0) - np.maximum(-loan, 0.0), rel=1e-9, abs=1e-6)
        assert spare + loan + dividend == pytest.approx(after, rel=1e-9, abs=1e-6)
        paid -= float(dividend.sum())
    assert paid > 0.0


def test_the_command_tells_a_firms_month_in_80_columns() -> None:
    done = called("chips_act", "--month", "2020-03", "--firm", "samsung", "--runs", "2")
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert done.stdout.startswith("Samsung, March 2020, chips_act: 2 runs")
    for words in (
        "It saw",
        "It decided",
        "It got",
        "KR chip_memory",
        "Its goods",
        "Its cash",
        "Its money, M USD",
        "grants of chips_act",
    ):
        assert words in done.stdout
    for phase, _ in PHASES:
        assert f"\n{phase} " in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    assert "…" not in done.stdout


def test_a_firm_without_plants_is_told_so() -> None:
    done = called("baseline", "--month", "2020-01", "--firm", "Rapidus")
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert "It has no plant" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--month", "2020-13", "--firm", "Lynas"), "'2020-13' is not a month. Write it like 2020-01."),
        (("--month", "2019-12", "--firm", "Lynas"), "chips_act runs from 2020-01 to 2030-12."),
        (("--month", "2020-02", "--firm", "Lymas"), "Did you mean 'Lynas'?"),
        (("--firm", "Lynas"), "Missing option '--month'"),
    ],
)
def test_a_mistake_ends_with_code_2_and_one_message_that_helps(words: tuple[str, ...], message: str) -> None:
    done = called("chips_act", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr.replace("\n", " ")


def test_the_package_gives_model_and_scenario_and_is_quick_until_then() -> None:
    code = "import sys, abm; assert not {'mesa', 'polars', 'numpy'} & set(sys.modules); from abm import Model, Scenario"
    subprocess.run([sys.executable, "-c", code], check=True)
