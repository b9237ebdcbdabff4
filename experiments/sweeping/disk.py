"""The disk: files that are there whole or not at all, what dead processes left, and a lock that dies with its owner."""

import os
import re
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time

from abm.errors import InputError

_LEFT = re.compile(r"\..+\.tmp-(?P<host>.+)-(?P<process>\d+)-[0-9a-f]{8}")
# A file that nobody on this machine writes is left for so long: it may be written by another one. Seconds.
_LONG = 86_400.0


def put(path: Path, content: bytes) -> None:
    """Put a file in its place, whole or not at all, and on the disk."""
    writer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    hidden = path.with_name(f".{path.name}.tmp-{writer}")
    try:
        with hidden.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        hidden.replace(path)
        _sync(path.parent)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}."
        raise InputError(str(path.parent), what, "Make room, and start the same line again.") from error
    finally:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """See that what was renamed in a folder is on the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def left_over(folder: Path) -> Iterator[Path]:
    """Yield the hidden files that a process began which lives no more."""
    for path in folder.glob("**/.*.tmp-*"):
        found = _LEFT.fullmatch(path.name)
        if found is None:
            continue
        with suppress(OSError):
            mine = found["host"] == socket.gethostname()
            if (mine and not _lives(int(found["process"]))) or time() - path.stat().st_mtime > _LONG:
                yield path


def clear(folder: Path) -> None:
    """Remove what dead processes left."""
    for path in list(left_over(folder)):
        path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    """Return whether there is such a process; where one cannot ask, it is taken to live."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock of a folder, and hold it; it goes with its process, however that ends."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            what = f"cannot be locked: {error.strerror}."
            raise InputError(str(folder), what, "Mount its file system with locks, or give another folder.") from error
        yield
    finally:
        os.close(handle)
