"""A browser, a server and a tab for the tests that look at pages as people do."""

from collections.abc import Iterator

import pytest
from browsing import Server, Tab, browsing, served, visiting
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser; not for longer than a file of tests, because its loop runs meanwhile."""
    with browsing() as made:
        yield made


@pytest.fixture(scope="module")
def server(browser: Browser) -> Iterator[Server]:
    """Return a server whose workers are warm."""
    with served(browser, 2) as made:
        yield made


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Tab]:
    """Return a tab in a browser of its own; nothing may go wrong in it."""
    with visiting(browser, server) as made:
        yield made
