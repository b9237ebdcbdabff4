"""Where workers leave what they have played: in files, so that megabytes need not go through the server twice."""

import pickle
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from weakref import finalize

from abm.errors import InputError


class Kept:
    """What is kept of a play: a file that is gone when nobody may want it any more.

    path  of the file;  size  bytes
    """

    def __init__(self, path: str, size: int) -> None:
        """Hold a file that is there."""
        self.path, self.size = path, size
        finalize(self, _remove, path).atexit = False


def _remove(path: str) -> None:
    """Remove a file that may have gone with its folder."""
    with suppress(OSError):
        Path(path).unlink()


class Spool:
    """A folder of this server alone, gone when the server ends."""

    def __init__(self) -> None:
        """Make the folder."""
        self._folder = TemporaryDirectory(prefix="friendshore-", ignore_cleanup_errors=True)

    def path(self, job: int) -> str:
        """Return where what is kept of a job belongs."""
        return str(Path(self._folder.name) / str(job))

    def close(self) -> None:
        """Remove everything."""
        self._folder.cleanup()


def keep(thing: object, path: str) -> int:
    """Write a thing to a file and return its size, bytes."""
    written = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    try:
        Path(path).write_bytes(written)
    except OSError as error:
        what = f"what is played cannot be kept in {Path(path).parent}: {error.strerror}."
        raise InputError("", what, "Free some room, or start the app with another folder as TMPDIR.") from error
    return len(written)


def kept(path: str) -> object:
    """Return a thing that this server's own workers have kept."""
    return pickle.loads(Path(path).read_bytes())
