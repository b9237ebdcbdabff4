"""Drawing in several processes: they get ready while the runs are going on, and draw while tables are written."""

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from abm.errors import InputError

if TYPE_CHECKING:
    from experiments.chart_data import Story

    Task = tuple[Path, Story, bool]

# More help than this takes longer to begin than it saves.
MOST = 4
DONE = b"."


class Painters:
    """Other processes that draw the pictures of a story, each the next one as soon as it is done with the last."""

    def __init__(self, *, wanted: bool) -> None:
        """Begin the first of them, if anything is to be drawn and there are processors for several."""
        count = _processors() if wanted else 0
        self._missing = min(MOST, count) if count > 1 else 0
        self.others: list[subprocess.Popen[bytes]] = []
        self._begin(1)

    def complete(self) -> None:
        """Begin the rest of them: not at the very start, when there is too much to do already."""
        self._begin(self._missing)

    def _begin(self, count: int) -> None:
        """Begin some more processes, of those still missing."""
        begun = [_begun() for _ in range(min(count, self._missing))]
        self._missing -= len(begun)
        self.others += begun

    def draw(self, folder: Path, story: "Story", *, vector: bool) -> "Drawing":
        """Begin to draw every picture of a story into a results folder; those of an earlier result there are removed.

        vector  whether each is drawn as SVG too
        """
        from experiments.chart_data import PICTURES, clear, names

        with _telling(folder):
            (folder / PICTURES).mkdir(exist_ok=True)
            clear(folder)
        # Those of prices take longest, and come last.
        drawing = Drawing(folder, (folder / PICTURES, story, vector), deque(reversed(names(story))))
        drawing.share(self.others)
        return drawing

    def close(self) -> None:
        """End the other processes."""
        for other in self.others:
            other.kill()
            other.communicate()


@dataclass(frozen=True, slots=True)
class Drawing:
    """Pictures that are being drawn.

    task     where they go, what they tell of, and whether each is drawn as SVG too
    todo     names of those that nobody has begun
    waiting  for other processes, one thread each
    """

    folder: Path
    task: "Task"
    todo: deque[str]
    waiting: list[Thread] = field(default_factory=list)

    def share(self, others: Iterable[subprocess.Popen[bytes]]) -> None:
        """Let other processes begin."""
        told = pickle.dumps(self.task)
        self.waiting.extend(Thread(target=self._attend, args=(other, told), daemon=True) for other in others)
        for thread in self.waiting:
            thread.start()

    def _attend(self, other: subprocess.Popen[bytes], told: bytes) -> None:
        """Tell another process what to draw, and what next whenever it is done; what it fails to draw is left."""
        assert other.stdin is not None
        assert other.stdout is not None
        name = ""
        try:
            other.stdin.write(told)
            while name := self.todo.popleft() if self.todo else "":
                other.stdin.write(f"{name}\n".encode())
                other.stdin.flush()
                if other.stdout.read(len(DONE)) != DONE:
                    break
        except OSError:
            pass
        self.todo.extend([name] if name else [])

    def finish(self) -> None:
        """Wait until everything is drawn; what the others have not drawn is drawn here."""
        for thread in self.waiting:
            thread.join()
        if self.todo:
            from experiments.pictures import paint

            place, story, vector = self.task
            with _telling(self.folder):
                paint(place, story, self.todo, vector=vector)


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Turn an error of the file system into a message."""
    try:
        yield
    except OSError as error:
        what = f"pictures cannot be written: {error.strerror or error}."
        raise InputError(f"--out {folder}", what, "Make room, or use --no-pictures.") from error


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begun() -> subprocess.Popen[bytes]:
    """Return a process that is getting ready to draw; Ctrl-C is none of its business."""
    return subprocess.Popen(
        [sys.executable, "-m", "experiments.painters"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )


def _obey() -> None:
    """Get ready, wait for a task, and draw every picture whose name is heard."""
    # Nothing here is worth collecting: the process ends with the last picture.
    gc.disable()
    from experiments.pictures import paint, practise

    practise()
    place, story, vector = pickle.load(sys.stdin.buffer)
    for name in sys.stdin.buffer:
        paint(place, story, [name.decode().strip()], vector=vector)
        sys.stdout.buffer.write(DONE)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _obey()
