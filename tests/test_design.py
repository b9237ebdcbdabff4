"""DESIGN.md says what the code and the data say."""

from dataclasses import fields

import pytest

from abm.flow import Flow
from abm.state import State
from experiments.design import DESIGN, described, refreshed, tables


def test_no_table_of_the_design_is_stale() -> None:
    text = DESIGN.read_text(encoding="utf-8")
    assert refreshed(text) == text, "run: python -m experiments.design"


def test_every_table_has_its_place_in_the_design() -> None:
    text = DESIGN.read_text(encoding="utf-8")
    assert [name for name in tables() if f"<!-- table {name} -->" not in text] == []


def test_every_column_of_the_state_is_described() -> None:
    assert [column.name for column in fields(State) if column.name not in dict(described(State))] == []


@pytest.mark.parametrize("column", [column.name for column in fields(Flow)])
def test_every_flow_is_named_in_the_description_of_flows(column: str) -> None:
    assert column in (Flow.__doc__ or "")
