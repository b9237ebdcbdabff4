"""Every phase of the month changes something, and only what is its business."""

from collections import defaultdict
from typing import get_args, get_type_hints

import numpy as np
import pytest
from mixes import crowded
from worlds import later, measure, question

from abm.flow import Flow
from abm.model import Model
from abm.month import PHASES
from abm.start import sizes
from abm.state import State
from abm.trace import Change, watching
from abm.world import World

# What the phases are called in the specification; its last one, record, is the model's own.
SPECIFIED = [
    "govern",
    "open",
    "plan",
    "order",
    "choose",
    "trade",
    "pay",
    "pool",
    "produce",
    "cost",
    "price",
    "thrift",
    "invest",
    "award",
    "finance",
    "recycle",
]
# A column of the state that each phase alone must move within three busy years.
BUSINESS = {
    "govern": {"outage", "demand_shock", "demand_trend", "reserve"},
    "open": {"capacity", "ring", "ramping", "building", "age", "input_stock", "transit"},
    "plan": set(),
    "order": {"base_demand", "electric_share", "end_demand", "usual_end_demand"},
    "choose": {"weight"},
    "trade": {"stock", "memory", "expected", "usual", "trend", "fill", "hazard", "transit", "backlog"},
    "pay": {"cash", "household", "treasury"},
    "pool": {"priority", "public_stock", "stock", "transit", "backlog", "cash", "household", "treasury"},
    "produce": {"input_stock", "making", "stock", "experience"},
    "cost": {"landed", "landed_year", "price_rise", "cost", "know_how"},
    "price": {"log_price_home", "log_price_export"},
    "thrift": {"thrift"},
    "invest": {"worth", "earning", "ring", "building", "due", "wish"},
    "award": {"pot_left", "grant_due", "ring", "building", "due", "credit_due", "wish"},
    "finance": {"cash", "household", "treasury", "due", "credit_due", "grant_due", "granted", "debt", "bank", "claims"},
    "recycle": {"in_use", "capacity"},
}
# What a phase moves only when owners default, need new equity, borrow from or sell shares to the state, are paid to
# move, or take grants and build where they may not.
RARE = {
    "open": {"leaving"},
    "finance": {"distress", "bankrupt", "capacity", "ring", "ramping", "building", "holding", "leaving"},
    "invest": {"cash", "household"},
    "award": {"granted", "cash", "treasury", "household", "leaving"},
}


@pytest.fixture(scope="module")
def changes(tiny: World) -> dict[str, set[tuple[str, str]]]:
    """Return table and column of all that each phase changed in three busy years."""
    model = Model(question(*crowded(), months=36), runs=2, world=tiny)
    model.books.state.public_stock[:] = 100.0
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def note(change: Change) -> None:
        seen[change.phase].add((change.table, change.column))

    with watching(model, note):
        model.run()
    return dict(seen)


def test_the_month_has_the_phases_of_the_specification() -> None:
    assert [name for name, _ in PHASES] == SPECIFIED
    assert set(BUSINESS) == set(SPECIFIED)


def test_every_phase_changes_something(changes: dict[str, set[tuple[str, str]]]) -> None:
    assert set(changes) == set(SPECIFIED)


@pytest.mark.parametrize("phase", SPECIFIED)
def test_a_phase_changes_the_state_where_it_should_and_nowhere_else(
    phase: str, changes: dict[str, set[tuple[str, str]]]
) -> None:
    moved = {column for table, column in changes[phase] if table == "state"}
    assert moved >= BUSINESS[phase]
    assert moved <= BUSINESS[phase] | RARE.get(phase, set())


def test_only_governing_moves_levers(changes: dict[str, set[tuple[str, str]]]) -> None:
    moved = {phase: {column for table, column in seen if table == "levers"} for phase, seen in changes.items()}
    assert {phase for phase, columns in moved.items() if columns} == {"govern"}
    assert moved["govern"] >= {"tariff", "blocked", "quota", "tax_credit", "demand", "outage", "input_stop"}


def test_every_column_of_the_state_is_somebodys_business(changes: dict[str, set[tuple[str, str]]]) -> None:
    moved = {column for seen in changes.values() for table, column in seen if table == "state"}
    assert set(State.__slots__) - moved <= {"worth_start", *RARE["finance"]}
    written = {column for seen in changes.values() for table, column in seen if table == "flow"}
    assert set(Flow.__slots__) - written <= {"clawed_back", "makeshift", "repaid", "unfinished"}


def test_without_packagers_wafers_start_and_what_is_due_waits_for_their_return(full: World) -> None:
    lost = measure("input_loss", region="SEA", inputs=["packaging"], depth=1.0, end=later(1))
    calm, hit = (Model(question(*asked, start=full.start), runs=1, world=full) for asked in ((), (lost,)))
    chips = full.plants.good == full.goods.code.index("chip_mature")
    for model in (calm, hit):
        model.step()
    assert (hit.books.flow.output[chips] == calm.books.flow.output[chips]).all()
    waiting = calm.books.flow.finished[chips] - hit.books.flow.finished[chips]
    assert waiting.sum() > 0.05 * calm.books.flow.finished[chips].sum()
    for model in (calm, hit):
        model.step()
    now = hit.books.flow.finished[chips], calm.books.flow.finished[chips]
    np.testing.assert_allclose(now[0], now[1] + waiting, rtol=1e-12, atol=1e-12)


def test_a_month_begins_with_nothing_but_prices(tiny: World) -> None:
    model = Model(question(*crowded(), months=4), runs=2, world=tiny).run()
    model.books.begin()
    for name in Flow.__slots__:
        assert getattr(model.books.flow, name).any() == (name in {"price_home", "price_export"}), name
    with pytest.raises(ValueError, match="read-only"):
        model.books.flow.output[:] = 1.0


@pytest.mark.parametrize("table", [State, Flow])
def test_every_column_keeps_the_shape_its_axes_name(table: type, tiny: World) -> None:
    model = Model(question(*crowded(), months=3), runs=2, world=tiny).run()
    books = model.books
    length = sizes(books.frame, books.pots, 2)
    held = books.state if table is State else books.flow
    for name, hint in get_type_hints(table, include_extras=True).items():
        axes = [*get_args(hint)[1:]]
        axes = ["place", *axes[2:]] if axes[:2] == ["good", "region"] else axes
        values = getattr(held, name)
        assert values.shape == tuple(length[axis] for axis in axes), name
        assert values.dtype == np.float64, name
