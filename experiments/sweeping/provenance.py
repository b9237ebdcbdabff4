"""Where figures come from: model and data by their content, and the machines that worked them out."""

import json
import os
import platform
from functools import cache
from hashlib import sha256
from pathlib import Path

import abm
from abm import backend
from abm.facts import PACKAGE_DATA
from experiments.versions import versions

# Letters of a hash that name a point, a run, a batch or a file: 64 bits.
LETTERS = 16
_CPUINFO = Path("/proc/cpuinfo")


def hashed(*words: str) -> str:
    """Return a short name for some words."""
    return sha256(json.dumps(words).encode()).hexdigest()[:LETTERS]


@cache
def origin() -> dict[str, str]:
    """Return what decides the figures besides the plan: the model and its data, by their content."""
    return {"model": _content(Path(abm.__file__).parent, "*.py"), "data": _content(PACKAGE_DATA, "*.*")}


def _content(folder: Path, pattern: str) -> str:
    """Return a hash of the files of a folder."""
    found = sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file():
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:LETTERS]


def machine() -> bytes:
    """Return what a worker runs on, as JSON."""
    said = {"processor": processor(), "class": processor_class(), "system": platform.platform()}
    return (json.dumps(said | {"back end": backend.name(), **versions()}, indent=2, sort_keys=True) + "\n").encode()


def processor() -> str:
    """Return the model of the processor."""
    return _told("model name") or platform.processor() or platform.machine()


def processor_class() -> str:
    """Return what decides which loops libraries choose: exp and log may differ in the last bit from class to class."""
    flags = {*_told("flags").split()}
    widest = next((flag for flag in ("avx512f", "avx2", "avx") if flag in flags), "")
    return f"{platform.machine()} {widest}".strip()


@cache
def _told(key: str) -> str:
    """Return what Linux says of the first processor, nothing elsewhere."""
    said = _CPUINFO.read_text(encoding="utf-8").splitlines() if _CPUINFO.is_file() else []
    return next((line.partition(":")[2].strip() for line in said if line.startswith(key)), "")


def compiled() -> str:
    """Return the folder for what numba compiles on this model of processor.

    Nodes of a cluster share a home: numba keeps one index of a module for all of them, and nodes of different models
    that write it at once lose each other's entries, so that every worker compiles anew.
    """
    told = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(told) if told else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "friendshore"
    return str(home / f"numba-{hashed(processor(), _told('flags'))}")


def processors(folder: Path) -> dict[str, set[str]]:
    """Return the models of processor that have worked on a dataset, by class."""
    found: dict[str, set[str]] = {}
    for path in sorted((folder / "env").glob("[0-9a-f]*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        found.setdefault(said["class"], set()).add(said["processor"])
    return found
