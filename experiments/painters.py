"""Drawing in several processes: the others get ready while the runs are going on."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from abm.errors import InputError
from experiments.chart_data import PICTURES, Story, clear

if TYPE_CHECKING:
    from experiments.pictures import Names

# More help than this takes longer to begin than it saves.
MOST = 3


class Painters:
    """Whoever draws: this process and others like it, each some of the pictures of a story."""

    def __init__(self, *, wanted: bool) -> None:
        """Begin the other processes, one for each further processor; none if nothing is to be drawn."""
        count = min(MOST, _processors() - 1) if wanted else 0
        self._others = [_begun() for _ in range(count)]

    def draw(self, folder: Path, story: Story) -> None:
        """Draw every picture of a story into a results folder; those of an earlier result there are removed."""
        from experiments.pictures import names, paint

        place, every = folder / PICTURES, names(story)
        mine, *parts = (every[first :: 1 + len(self._others)] for first in range(1 + len(self._others)))
        try:
            place.mkdir(exist_ok=True)
            clear(folder)
            told = [_told(other, (place, story, part)) for other, part in zip(self._others, parts, strict=True)]
            paint(place, story, mine)
            for other, part, heard in zip(self._others, parts, told, strict=True):
                if other.wait() or not heard:
                    paint(place, story, part)
        except OSError as error:
            what = f"pictures cannot be written: {error.strerror or error}."
            raise InputError(f"--out {folder}", what, "Make room, or use --no-pictures.") from error

    def close(self) -> None:
        """End the other processes."""
        for other in self._others:
            other.kill()
            other.communicate()


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begun() -> subprocess.Popen[bytes]:
    """Return a process that is getting ready to draw; Ctrl-C is none of its business."""
    return subprocess.Popen(
        [sys.executable, "-m", "experiments.painters"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )


def _told(other: subprocess.Popen[bytes], task: "tuple[Path, Story, Names]") -> bool:
    """Tell another process what to draw, and where; return whether it listens."""
    assert other.stdin is not None
    try:
        with other.stdin as ear:
            pickle.dump(task, ear)
    except BrokenPipeError:
        return False
    return True


def _obey() -> None:
    """Get ready, wait for a task, and draw."""
    from experiments.pictures import paint

    paint(*pickle.load(sys.stdin.buffer))


if __name__ == "__main__":
    _obey()
