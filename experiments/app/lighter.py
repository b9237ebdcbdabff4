"""What makes a page cheaper than Solara does alone: forty that open at once wait for one another's processor time."""

from collections import deque
from collections.abc import Mapping
from threading import Lock
from typing import Any

from IPython.core.magics.script import ScriptMagics
from solara.server import starlette, websocket


def lighten() -> None:
    """Let messages go to browsers in bundles, and no session carry the commands of a notebook."""
    starlette.WebsocketWrapper = Bundling
    # Every session has a shell of IPython, which nobody types into; half its making is parsers of %%bash and the like.
    ScriptMagics._generate_script_magics = _none


class Bundling(starlette.WebsocketWrapper):  # type: ignore[misc]
    """A browser's line: what is sent waits in a queue that the server's loop empties in one go.

    Solara hands every message to the loop by itself and waits until it is gone, which costs more than making it.
    """

    def __init__(self, *args: Any) -> None:  # noqa: ANN401 - Solara's own
        """Begin with nothing to send."""
        super().__init__(*args)
        self._waiting = deque[str | bytes]()
        self._lock, self._busy, self._gone = Lock(), False, False

    def send_text(self, data: str) -> None:
        """Send a message, in the order of the calls; raises WebSocketDisconnect once the browser is known to be gone."""
        self._queue(data)

    def send_bytes(self, data: bytes) -> None:
        """Send a message in bytes, likewise."""
        self._queue(data)

    def _queue(self, data: str | bytes) -> None:
        """Let a message wait, and wake the loop if it does not see to the queue already."""
        with self._lock:
            if self._gone:
                raise websocket.WebSocketDisconnect
            self._waiting.append(data)
            asleep, self._busy = not self._busy, True
        if asleep:
            try:
                self.event_loop.call_soon_threadsafe(self._wake)
            except RuntimeError:
                # The server has stopped.
                raise websocket.WebSocketDisconnect from None

    def _wake(self) -> None:
        """Begin to empty the queue, on the loop."""
        task = self.event_loop.create_task(self._empty())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _empty(self) -> None:
        """Send all that waits."""
        try:
            while (data := self._next()) is not None:
                await (self._send_text_exc(data) if isinstance(data, str) else self._send_bytes_exc(data))
        except websocket.WebSocketDisconnect:
            with self._lock:
                self._gone = True
                self._waiting.clear()

    def _next(self) -> str | bytes | None:
        """Return the next message, None where there is none and the loop may rest."""
        with self._lock:
            self._busy = bool(self._waiting)
            return self._waiting.popleft() if self._waiting else None


def _none(_: ScriptMagics) -> Mapping[str, Any]:
    """Return no commands."""
    return {}
