"""Refresh the exact versions known to work: ``uv run --no-project --with packaging python .ci/refresh_constraints.py``.

It resolves the project anew without the old constraints, for every supported Python at once, and writes what comes out
into ``constraint-dependencies`` and ``build-constraint-dependencies`` of ``pyproject.toml``. Names, versions and Python
markers only: where the packages were found stays in the lock file, which is not kept. Run the tests on every Python
before you commit it. ``[tool.uv]`` must stay the last table of that file.
"""

import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.version import Version

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
OLDEST = "3.11"
PLATFORMS = ("linux", "darwin", "win32")
# An older one can be installed there and does not run: pythran, which Mesa wants on macOS, would let it in.
FLOORS = ("setuptools>=70; python_version >= '3.12'",)
# What hatchling stands on, and not hatchling itself: solara-assets is built with a version of its own choice.
BUILD = ("packaging", "pathspec", "pluggy", "trove-classifiers")


def main() -> None:
    """Write the versions of a fresh resolution into the project file."""
    bare = without(PROJECT.read_text(encoding="utf-8"), "constraint-dependencies", "build-constraint-dependencies")
    packages = resolved(bare + array("constraint-dependencies", FLOORS))
    known = list(constraints(packages))
    build = [line for line in known if re.split("[=;]", line)[0] in BUILD]
    text = f"{bare.rstrip()}\n{array('constraint-dependencies', known)}{array('build-constraint-dependencies', build)}"
    PROJECT.write_text(text, encoding="utf-8")


def without(text: str, *keys: str) -> str:
    """Return a TOML text less the named arrays, each of which ends at a closing bracket on a line of its own."""
    for key in keys:
        text = re.sub(rf"^{key} = \[\n(?:.*\n)*?\]\n", "", text, flags=re.MULTILINE)
    return text


def array(key: str, lines: Iterable[str]) -> str:
    """Return a TOML array with one string a line."""
    return f"{key} = [\n" + "".join(f'    "{line}",\n' for line in lines) + "]\n"


def resolved(project: str) -> list[Mapping[str, Any]]:
    """Return the packages that uv chooses for a project file, as its lock file lists them."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is not at hand. Run this by `uv run`.")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pyproject.toml").write_text(project, encoding="utf-8")
        # One version for every Python where there is one: the same sums and the same types everywhere.
        subprocess.run([uv, "lock", "--quiet", "--fork-strategy", "fewest", "--directory", folder], check=True)
        locked = tomllib.loads((Path(folder) / "uv.lock").read_text(encoding="utf-8"))
    return [package for package in locked["package"] if "version" in package and "registry" in package["source"]]


def constraints(packages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a constraint per package, or one per stretch of Pythons where its version differs."""
    starts = stretches(packages)
    for name, chosen in sorted(versions(packages, starts).items()):
        for version in sorted(set(chosen.values()), key=Version):
            inside = [start for start in starts if chosen.get(start) == version]
            bounds = [] if len(set(chosen.values())) == 1 else span(inside, starts)
            yield f"{name}=={version}" + "; ".join(["", " and ".join(bounds)] if bounds else [])


def stretches(packages: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the Pythons at which some package's version changes, the oldest supported one first."""
    markers = " ".join(text for package in packages for text in package.get("resolution-markers", ()))
    turns = re.findall(r"python_full_version (?:>=|<) '([\d.]+)'", markers)
    return sorted({OLDEST, *turns}, key=Version)


def versions(packages: Iterable[Mapping[str, Any]], starts: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the version of each package by the Python its stretch starts at; it must be the same on every platform."""
    chosen: dict[str, dict[str, str]] = {}
    for package in packages:
        markers = [Marker(text) for text in package.get("resolution-markers", ())]
        for start in starts:
            if not markers or any(holds(marker, start) for marker in markers):
                by_python = chosen.setdefault(package["name"], {})
                if by_python.setdefault(start, package["version"]) != package["version"]:
                    raise SystemExit(f"{package['name']} differs by platform on Python {start}: write it by hand.")
    return chosen


def holds(marker: Marker, python: str) -> bool:
    """Return whether a marker is true of a Python on some platform."""
    of_python = {"python_full_version": python, "python_version": ".".join(python.split(".")[:2])}
    return any(marker.evaluate({**of_python, "sys_platform": platform}) for platform in PLATFORMS)


def span(inside: Sequence[str], starts: Sequence[str]) -> list[str]:
    """Return the bounds of neighbouring stretches of Pythons as markers."""
    after = starts.index(inside[-1]) + 1
    floor = [f"python_full_version >= '{inside[0]}'"] if inside[0] != starts[0] else []
    ceiling = [f"python_full_version < '{starts[after]}'"] if after < len(starts) else []
    return floor + ceiling


if __name__ == "__main__":
    main()
