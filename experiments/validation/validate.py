"""All of it from one command: backcasts, patterns, counterfactuals, forecasts and sensitivity, in one report."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import polars as pl
from rich.console import Console

from abm.errors import InputError
from experiments.posterior import POSTERIOR, Draws
from experiments.sweeping import provenance
from experiments.sweeping.progress import lasting
from experiments.validation.backcasts import backcasts
from experiments.validation.counterfactuals import counterfactuals
from experiments.validation.episodes import EARLY, LATE, OUTLOOK, Episode
from experiments.validation.held import held
from experiments.validation.identified import identified
from experiments.validation.observed import HISTORY, KEY, history, tellable
from experiments.validation.patterns import patterns
from experiments.validation.plays import PLANS, Plays
from experiments.validation.report import write
from experiments.validation.section import Section
from experiments.validation.sensitivity import sensitivity
from experiments.validation.structure import structure
from experiments.versions import versions

# Last year of figures that were known when the model was made.
KNOWN = 2021


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked.

    against  a file like history.csv with later figures, which alone are scored then
    """

    out: Path
    workers: int
    quick: bool = False
    against: Path | None = None


def validate(wanted: Wanted) -> tuple[Path, list[Section]]:
    """Play, measure and write all sections, telling how it goes; return the report and the sections."""
    if find_spec("SALib") is None:
        raise InputError("validate", "needs SALib.", "Install friendshore[analysis].")
    plays = Plays(wanted.out, wanted.quick, wanted.workers)
    made = list(_told(plays, wanted))
    manifest = {
        "command": "friendshore validate" + " --quick" * wanted.quick,
        "origin": dict(provenance.origin()),
        "versions": versions(),
        "files": _hashes([*PLANS.parent.rglob("*.toml"), HISTORY, POSTERIOR, *filter(None, [wanted.against])]),
    }
    return write(wanted.out, made, manifest, quick=wanted.quick), made


def _told(plays: Plays, wanted: Wanted) -> Iterator[Section]:
    """Yield the sections, saying before each what it is and after each how long it took."""
    console, parts = Console(stderr=True), _parts(plays, wanted)
    for number, (name, make) in enumerate(parts, start=1):
        console.print(f"{number} of {len(parts)}: {name}", soft_wrap=True)
        began = monotonic()
        section = make()
        held_, missed = (sum(each.holds is holds for each in section.findings) for holds in (True, False))
        console.print(f"  {held_} hold, {missed} do not; {lasting(monotonic() - began)}", soft_wrap=True)
        yield section


def _parts(plays: Plays, wanted: Wanted) -> list[tuple[str, Callable[[], Section]]]:
    """Return names and makers of the sections."""
    if wanted.against is not None:
        _refuse_nothing(wanted.against)
        later = Episode(plays, OUTLOOK, (HISTORY, wanted.against))
        return [(f"forecasts against {wanted.against.name}", lambda: held(later, KNOWN))]
    draws = Draws.read()
    central = [Episode(plays, name) for name in (EARLY, LATE)]
    drawn = [Episode(plays, name, draws=draws) for name in (EARLY, LATE)]
    return [
        ("patterns", lambda: patterns(plays)),
        ("forecasts of what was held out", lambda: held(central[1])),
        ("backcasts, central parameters", lambda: backcasts(*central)),
        ("backcasts, posterior", lambda: backcasts(*drawn)),
        ("published counterfactuals", lambda: counterfactuals(plays)),
        ("calibration", lambda: identified(draws)),
        ("sensitivity", lambda: sensitivity(plays)),
        ("rules that could be others", lambda: structure(plays)),
    ]


def _refuse_nothing(against: Path) -> None:
    """Refuse a file of which nothing can be scored, before anything is played."""
    rows, untold = tellable(history(HISTORY, against))
    mine = history(against)
    later = rows.filter(pl.col("year") > KNOWN, pl.col("role") != "fit")
    if mine.join(later, on=KEY, how="semi").is_empty():
        reasons = untold.join(mine, on="series", how="semi").select("series", "why").iter_rows()
        why = "; ".join(f"{name}: {reason}" for name, reason in reasons)
        what = f"has no figure after {KNOWN} that can be scored{f' ({why})' if why else ''}."
        remedy = "Name series of abm/data/history.csv, with the role held or check."
        raise InputError(f"--against {against}", what, remedy)


def _hashes(paths: list[Path]) -> dict[str, str]:
    """Return the SHA-256 of files by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}
