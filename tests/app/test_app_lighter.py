"""Messages to a browser go in bundles: none is lost, none overtakes another, and none waits for a browser that left."""

import asyncio
from threading import Thread

import pytest

from experiments.app.lighter import Bundles


class GoneError(Exception):
    """The browser is not there any more."""


class Browser:
    """A browser's end of a line, which closes after so many messages."""

    def __init__(self, patience: int = 1_000_000) -> None:
        self.got: list[str | bytes] = []
        self._patience = patience

    async def take(self, data: str | bytes) -> None:
        await asyncio.sleep(0)
        if len(self.got) >= self._patience:
            raise GoneError
        self.got.append(data)

    async def quiet(self) -> None:
        count = -1
        while count < len(self.got):
            count = len(self.got)
            await asyncio.sleep(0.1)


def test_messages_of_many_threads_all_arrive_and_those_of_each_in_its_order() -> None:
    browser = Browser()

    async def talk() -> None:
        bundles = Bundles(browser.take, GoneError)

        def speak(who: str) -> None:
            for number in range(200):
                bundles.put(f"{who} {number}")

        speakers = [Thread(target=speak, args=(who,)) for who in "abcd"]
        for each in speakers:
            each.start()
        await browser.quiet()
        for each in speakers:
            each.join()
        bundles.put(b"last")
        await browser.quiet()

    asyncio.run(talk())
    assert len(browser.got) == 4 * 200 + 1
    assert browser.got[-1] == b"last"
    for who in "abcd":
        of_one = [said for said in browser.got[:-1] if str(said).startswith(who)]
        assert of_one == [f"{who} {number}" for number in range(200)]


def test_a_browser_that_left_is_told_nothing_more() -> None:
    browser = Browser(patience=3)

    async def talk() -> None:
        bundles = Bundles(browser.take, GoneError)
        for number in range(10):
            bundles.put(str(number))
        await browser.quiet()
        with pytest.raises(GoneError):
            bundles.put("late")

    asyncio.run(talk())
    assert browser.got == ["0", "1", "2"]


def test_a_server_that_has_stopped_takes_no_more_messages() -> None:
    async def opened() -> Bundles:
        return Bundles(Browser().take, GoneError)

    bundles = asyncio.run(opened())
    with pytest.raises(GoneError):
        bundles.put("late")
