"""What the tests of sweeps share: a small plan, how to ask for it, and synthetic folders."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# NumPy needs no compiling; its figures are those of numba, bit for bit.
ENVIRONMENT = {**os.environ, "FRIENDSHORE_KERNELS": "numpy", "PYTHONPATH": str(ROOT)}
SMALL = """
title = "Small"
scenario = "chips_act"
runs = {runs}
seed = 1

[set]
until = "2020-03"

[vary]
chips_act.amount_musd = {doses}
"""


def plan_file(folder: Path, runs: int = 64, doses: str = "[10_000, 20_000, 39_000]", more: str = "") -> Path:
    """Write a small plan, and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "small.toml"
    path.write_text(SMALL.format(runs=runs, doses=doses) + more, encoding="utf-8")
    return path


def words(*told: object, before: str = "") -> list[str]:
    """Return the command line of friendshore.

    before  Python that is run first
    """
    return [sys.executable, "-c", f"{before}\nfrom experiments.cli import main; main()", *map(str, told)]


def friendshore(*told: object, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = words(*told, before=before)
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=300)


def begun(*told: object, before: str = "") -> subprocess.Popen[str]:
    """Begin a command."""
    pipe = subprocess.PIPE
    return subprocess.Popen(words(*told, before=before), cwd=ROOT, env=ENVIRONMENT, stdout=pipe, stderr=pipe, text=True)


def content(folder: Path) -> Mapping[str, bytes]:
    """Return every file of a sweep by its path in the folder, hidden ones too; not which machine it was."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "env"
    }
