"""Share and keep: the link, files of figures and of the scenario, how to do it without the app, files to open."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import polars as pl
import solara

from experiments.app.frames import lines
from experiments.app.questions import LARGEST_TEXT
from experiments.app.room import Room
from experiments.app.snippets import at_command_line, in_python
from experiments.app.texts import section, text
from experiments.app.written import written
from experiments.digest import SERIES
from experiments.library import names

KINDS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "toml": "application/toml"}


@solara.component_vue("keep.vue")
def _Keep(
    *,
    query: str,
    files: object,
    snippets: object,
    largest: int,
    words: object,
    file: object = None,
    event_want: Callable[[str], None] | None = None,
    event_upload: Callable[[dict[str, str]], None] | None = None,
) -> None:
    """Draw the card."""


@solara.component
def Keep(room: Room) -> None:
    """Let a person take the scenario and its figures away, or bring a scenario along."""
    file: solara.Reactive[Any] = solara.use_reactive(None)
    count = solara.use_ref(0)
    state = room.state

    def want(kind: str) -> None:
        """Send a file."""
        count.current += 1
        data = base64.b64encode(contents(room, kind)).decode()
        file.set({"name": f"{stem(room)}.{kind}", "type": KINDS[kind], "data": data, "number": count.current})

    ready = [kind for kind in KINDS if kind == "toml" or room.shown is not None]
    _Keep(
        query=state.to_query(),
        files=[{"code": kind, "title": text("keep", kind)} for kind in ready],
        snippets=[
            {"title": text("keep", "python"), "text": in_python(state)},
            {"title": text("keep", "shell"), "text": at_command_line(state)},
        ],
        largest=LARGEST_TEXT,
        words=section("keep"),
        file=file.value,
        event_want=want,
        event_upload=lambda told: upload(room, str(told.get("name", "")), str(told.get("text", ""))),
    )


def stem(room: Room) -> str:
    """Return the name of files of a room."""
    changed = "_changed" if room.state.assignments else ""
    return f"{room.state.scenario}{changed}"


def contents(room: Room, kind: str) -> bytes:
    """Return a file: the figures of the summary, the months, or the scenario.

    kind  csv, parquet or toml
    """
    if kind == "toml":
        return written(room.question.scenarios[-1]).encode()
    answer = room.answer
    assert answer is not None, "figures are offered once they are there"
    if kind == "csv":
        return answer.figures.write_csv().encode()
    sheet = io.BytesIO()
    share = lines(answer, "share", [each.code for each in SERIES]).with_columns(series=pl.lit("share"))
    pl.concat([share, *_curves(room)]).write_parquet(sheet)
    return sheet.getvalue()


def _curves(room: Room) -> list[pl.DataFrame]:
    """Return the other curves of the answer on view."""
    answer = room.answer
    assert answer is not None, "figures are offered once they are there"
    return [
        lines(answer, name, curves.items).with_columns(series=pl.lit(name))
        for name, curves in answer.mine.curves.items()
        if name != "share"
    ]


def upload(room: Room, name: str, said: str) -> None:
    """Open what a person brings along, as data, if it is not too large.

    name  of the file;  said  in it
    """
    if len(said.encode()) > LARGEST_TEXT:
        room.tell(text("keep", "large"))
        return
    room.open(named(name), said)


def named(file: str) -> str:
    """Return a name for the scenario of a file; never that of a bundled one."""
    plain = re.sub(r"[^a-z0-9_]+", "_", PurePath(file).stem.casefold()).strip("_")[:40]
    name = plain if plain[:1].isalpha() else f"my_{plain}".rstrip("_")
    return f"my_{name}" if name in names() else name
