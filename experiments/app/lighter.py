"""What makes a page cheaper than Solara does alone: forty that open at once wait for one another's processor time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from threading import Lock
from types import SimpleNamespace
from typing import Any

# Seconds that a message waits for others to go with it.
WAIT = 0.01


def lighten() -> None:
    """Let messages go to browsers in bundles, and no session carry the commands of a notebook.

    Solara hands every message to the server's loop by itself and waits until it is gone, which costs more than making
    it. Every session has a shell of IPython besides, and half the making of that is parsers of %%bash and the like; and
    for every click it makes another with a MagicMock, whom nobody asks anything, for the events of a notebook.
    """
    from IPython.core.magics.script import ScriptMagics
    from solara.server import patch, starlette, websocket

    class Line(starlette.WebsocketWrapper):
        """The line to a browser."""

        def __init__(self, *args: Any) -> None:  # noqa: ANN401 - Solara's own
            """Begin with nothing to send."""
            super().__init__(*args)
            self._bundles = Bundles(self._deliver, websocket.WebSocketDisconnect)

        def send_text(self, data: str) -> None:
            """Send a message."""
            self._bundles.put(data)

        def send_bytes(self, data: bytes) -> None:
            """Send a message in bytes."""
            self._bundles.put(data)

        async def _deliver(self, data: str | bytes) -> None:
            """Send a message at once."""
            await (self._send_text_exc(data) if isinstance(data, str) else self._send_bytes_exc(data))

    starlette.WebsocketWrapper = Line
    ScriptMagics._generate_script_magics = lambda _: {}  # type: ignore[method-assign]
    events = SimpleNamespace(trigger=_ignore, register=_ignore, unregister=_ignore)
    patch.mock = SimpleNamespace(MagicMock=lambda: events)


def _ignore(*_: object) -> None:
    """Do nothing at an event of a notebook."""


class Bundles:
    """Messages of any thread to one browser, in the order they come, which the loop that made this sends together."""

    def __init__(self, deliver: Callable[[str | bytes], Awaitable[None]], gone: type[Exception]) -> None:
        """Begin with nothing to send.

        deliver  sends a message, on the loop;  gone  what it raises once the browser is not there any more
        """
        self._deliver, self._gone, self._loop = deliver, gone, asyncio.get_running_loop()
        self._waiting = deque[str | bytes]()
        self._lock, self._busy, self._left = Lock(), False, False
        self._task: asyncio.Task[None] | None = None

    def put(self, data: str | bytes) -> None:
        """Let a message go with the next ones; raises ``gone`` once the browser is known to be."""
        with self._lock:
            if self._left:
                raise self._gone
            self._waiting.append(data)
            asleep, self._busy = not self._busy, True
        if asleep:
            try:
                self._loop.call_soon_threadsafe(self._loop.call_later, WAIT, self._wake)
            except RuntimeError:
                # The server has stopped.
                raise self._gone from None

    def _wake(self) -> None:
        """Begin to send, on the loop."""
        self._task = self._loop.create_task(self._send())

    async def _send(self) -> None:
        """Send all that waits; a line that breaks, however that is, is not used again."""
        whole = False
        try:
            while (data := self._next()) is not None:
                await self._deliver(data)
            whole = True
        except self._gone:
            return
        finally:
            if not whole:
                with self._lock:
                    self._left = True
                    self._waiting.clear()

    def _next(self) -> str | bytes | None:
        """Return the next message, None where there is none and the loop may rest."""
        with self._lock:
            self._busy = bool(self._waiting)
            return self._waiting.popleft() if self._waiting else None
