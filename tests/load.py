"""A classroom of websocket clients on this computer: how long pages and levers take, and what a session weighs.

Run by hand: ``python tests/load.py [CLIENTS ...]``; it starts a server of its own and ends it.
"""

import asyncio
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import Any
from uuid import uuid4

import click
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

ROOT = Path(__file__).resolve().parents[1]
LEVER = "chips_act.amount_musd"
LOWEST, STEP = 500, 70
MOST = 100
# Seconds that clients take to arrive, that levers are spread over, and that anything may take at most.
ARRIVING, SPREAD, LONGEST = 4.0, 5.0, 120.0
# Seconds after which the bands are played that everybody's first page asks for.
WARM = 15.0
# Rounds of page changes without a model.
ROUNDS = 3


class Client:
    """One student: a browser tab without a browser."""

    def __init__(self, port: int) -> None:
        """Know the server's port."""
        self._host, self._widgets = f"127.0.0.1:{port}", dict[str, dict[str, Any]]()
        self._line: ClientConnection
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> float:
        """Open the page; return the seconds until its first answer is there."""
        begun = monotonic()
        cookie = await asyncio.to_thread(self._fetch)
        session = cookie.partition("solara-session-id=")[2].partition(";")[0]
        self._line = await connect(
            f"ws://{self._host}/jupyter/api/kernels/{uuid4()}/channels?session_id={session}",
            origin=Origin(f"http://{self._host}"),
            additional_headers={"Cookie": f"solara-session-id={session}"},
            max_size=None,
            open_timeout=LONGEST,
        )
        self._tasks.append(asyncio.create_task(self._listen()))
        control = str(uuid4())
        await self._say("comm_open", control, {}, target_name="solara.control")
        await self._say("comm_msg", control, {"method": "run", "args": {"path": "", "appName": "__default__"}})
        await self.until(lambda: bool(self.part("sentence") and self.part("sentence")["sentence"]))
        return monotonic() - begun

    async def turn(self, page: str) -> float:
        """Go to a page; return the seconds until it is there."""
        begun = monotonic()
        await self.event("aria", "go", page)
        await self.until(lambda: self.part("aria")["page"] == page)
        return monotonic() - begun

    async def move(self, amount: int) -> float:
        """Move a lever; return the seconds until its answer of one run is there."""
        begun = monotonic()
        await self.event("can_undo", "shift", {"key": LEVER, "value": amount})
        await self.until(
            lambda: self.part("can_undo")["values"].get(LEVER) == amount and not self.part("sentence")["updating"]
        )
        return monotonic() - begun

    async def stop(self) -> None:
        """Close the tab."""
        for task in self._tasks:
            task.cancel()
        await self._line.close()

    def part(self, field: str) -> dict[str, Any]:
        """Return what the newest part of the page that has such a field shows."""
        found = [state for state in self._widgets.values() if MARKS[field] <= state.keys()]
        return found[-1] if found else {}

    async def event(self, field: str, name: str, told: object) -> None:
        """Do in a part what a click does."""
        wanted = self.part(field)
        comm = next(comm for comm, state in self._widgets.items() if state is wanted)
        await self._say("comm_msg", comm, {"method": "custom", "content": {"event": name, "data": told}})

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until the page is as wanted."""
        async with asyncio.timeout(LONGEST):
            while not true():
                self._news.clear()
                await self._news.wait()

    def _fetch(self) -> str:
        """Fetch the page itself; return its cookie."""
        line = http.client.HTTPConnection(self._host, timeout=LONGEST)
        line.request("GET", "/")
        reply = line.getresponse()
        reply.read()
        line.close()
        return reply.getheader("set-cookie", "")

    async def _say(self, kind: str, comm: str, data: object, **more: str) -> None:
        """Send a message of a widget."""
        header = {"msg_id": str(uuid4()), "msg_type": kind, "username": "", "session": "load", "version": "5.2"}
        content = {"comm_id": comm, "data": data, **more}
        told = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await self._line.send(json.dumps(told | {"channel": "shell", "buffers": []}))

    async def _listen(self) -> None:
        """Keep what the server says of the page's parts."""
        async for said in self._line:
            if isinstance(said, str):
                self._heed(json.loads(said))

    def _heed(self, message: dict[str, Any]) -> None:
        """Heed one message."""
        kind, content = message["header"]["msg_type"], message["content"]
        data = content.get("data", {})
        if kind == "comm_open":
            self._widgets[content["comm_id"]] = data.get("state", {})
        elif kind == "comm_msg" and data.get("method") == "update":
            self._widgets.setdefault(content["comm_id"], {}).update(data["state"])
        elif kind == "comm_close":
            self._widgets.pop(content["comm_id"], None)
        else:
            return
        self._news.set()


# Parts of the page, by the fields that no other part has.
MARKS = {
    "sentence": {"sentence", "updating", "works"},
    "can_undo": {"can_undo", "can_redo"},
    "aria": {"pages", "page"},
}


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """Run a server; give its process number and its port."""
    command = [sys.executable, "-m", "experiments.cli", "app", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.pid, int(process.stdout.readline().split("http://127.0.0.1:")[1].split(".")[0])
        finally:
            process.terminate()
            process.wait(timeout=30)


def weight(pid: int) -> float:
    """Return the memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def tell(what: str, seconds: Sequence[float]) -> None:
    """Print the middle and the slow end of some times."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    click.echo(f"  {what:<42} p50 {cuts[49]:6.2f} s   p95 {cuts[94]:6.2f} s")


async def at(delay: float, deed: Callable[[], Awaitable[float]]) -> float:
    """Do something after a while; return how long it took."""
    await asyncio.sleep(delay)
    return await deed()


async def lesson(pid: int, port: int, count: int) -> None:
    """Let a class come in, look around, and move a lever each."""
    first = Client(port)
    await first.start()
    await asyncio.sleep(WARM)
    before, students = weight(pid), [Client(port) for _ in range(count)]
    try:
        click.echo(f"{count} clients:")
        gaps = [ARRIVING * place / count for place in range(count)]
        tell(
            "page start", await asyncio.gather(*(at(gap, each.start) for gap, each in zip(gaps, students, strict=True)))
        )
        click.echo(f"  {'memory of a session':<42} {(weight(pid) - before) / count:10.2f} MB")
        for page in ["timeline", "explore"] * ROUNDS:
            tell(f"page change to {page}", await asyncio.gather(*(each.turn(page) for each in students)))
        amounts = [LOWEST + STEP * place for place in range(count)]
        gaps = [SPREAD * place / count for place in range(count)]
        deeds = [
            lambda each=each, amount=amount: each.move(amount) for each, amount in zip(students, amounts, strict=True)
        ]
        tell("a lever each, all different", await asyncio.gather(*map(at, gaps, deeds)))
        click.echo(f"  {'memory of a session, levers moved':<42} {(weight(pid) - before) / count:10.2f} MB")
    finally:
        with suppress(OSError):
            await asyncio.gather(*(each.stop() for each in (first, *students)), return_exceptions=True)


@click.command()
@click.argument("clients", nargs=-1, type=click.IntRange(2, MOST))
def main(clients: tuple[int, ...]) -> None:
    """Measure with so many CLIENTS, 40 and 100 if none are named."""
    for count in clients or (40, 100):
        with serving() as (pid, port):
            asyncio.run(asyncio.wait_for(lesson(pid, port, count), 4 * LONGEST))


if __name__ == "__main__":
    main()
