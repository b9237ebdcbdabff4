"""Worlds that the tests share; nothing in a world can be changed, so one of each is enough."""

from datetime import date

import pytest
from worlds import START, STARTS, tiny_world

from abm.world import World, read


@pytest.fixture(scope="session")
def tiny() -> World:
    """Return the tiny world: three regions, every good, round numbers."""
    return tiny_world()


@pytest.fixture(scope="session")
def full_worlds() -> dict[date, World]:
    """Return the full world at every start."""
    return {start: read(start) for start in STARTS}


@pytest.fixture(scope="session")
def full(full_worlds: dict[date, World]) -> World:
    """Return the full world of January 2020."""
    return full_worlds[START]
