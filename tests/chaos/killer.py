"""A seeded killer: it starts the same sweep again and again and kills drivers and workers at moments of its choice.

python tests/chaos/killer.py --kills 200 --seed 1
"""

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from typing import TYPE_CHECKING

from sweeps import begun, content, friendshore, plan_file

if TYPE_CHECKING:
    import subprocess

# Seconds: a worker that is still starting when its driver is killed notices once it has started.
LONGEST_WAIT = 60.0


@dataclass(slots=True)
class Tally:
    """What was killed."""

    drivers: int = 0
    workers: int = 0
    finished: int = 0
    gone: list[int] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Number of processes killed."""
        return self.drivers + self.workers


def children(process: int) -> list[int]:
    """Return the processes that a process has started, but for the one that looks after its semaphores."""
    found = []
    with suppress(OSError):
        for number in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split():
            with suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes():
                    found.append(int(number))
    return found


def kill(number: int) -> bool:
    """Kill a process at once, and return whether it was there."""
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
        return True
    return False


def rampage(plan: Path, out: Path, kills: int, dice: np.random.Generator) -> Tally:
    """Start drivers, one or two at once, and kill them and their workers, until there have been enough kills."""
    tally = Tally()
    drivers: list[subprocess.Popen[str]] = []
    while tally.kills < kills:
        for each in [each for each in drivers if each.poll() is not None]:
            drivers.remove(each)
            each.communicate()
        while len(drivers) < int(dice.integers(1, 3)):
            drivers.append(begun("sweep", plan, "--out", out, "--workers", 2))
        time.sleep(dice.exponential(0.5))
        victim = drivers[int(dice.integers(len(drivers)))]
        if victim.poll() is not None:
            tally.finished += 1
            continue
        hands = children(victim.pid)
        if hands and dice.random() < 0.6:
            tally.workers += kill(hands[int(dice.integers(len(hands)))])
        elif hands or dice.random() < 0.1:
            tally.drivers += kill(victim.pid)
            tally.gone += hands
    for each in drivers:
        tally.gone += children(each.pid)
        each.kill()
    for each in drivers:
        each.communicate()
    return tally


def alive(numbers: list[int]) -> list[int]:
    """Return which of some processes still run."""
    return [each for each in numbers if b"spawn_main" in _command(each)]


def _command(number: int) -> bytes:
    """Return the command line of a process, nothing if there is none."""
    with suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes()
    return b""


def chaos(folder: Path, kills: int, seed: int) -> Tally:
    """Let a sweep be killed so often, finish it, and see that it is what it would have been."""
    plan = plan_file(folder, runs=64, doses=str([*range(1000, 1000 + 10 * kills, 10)][:190]))
    assert friendshore("sweep", plan, "--out", folder / "calm", "--workers", 2).returncode == 0
    tally = rampage(plan, folder / "chaos", kills, np.random.default_rng(seed))
    deadline = time.monotonic() + LONGEST_WAIT
    while alive(tally.gone) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(tally.gone), "workers outlive their driver"
    last = friendshore("sweep", plan, "--out", folder / "chaos", "--workers", 2)
    assert last.returncode == 0, last.stderr
    calm, after = content(folder / "calm"), content(folder / "chaos")
    assert sorted(after) == sorted(calm), "files are lost or left over"
    assert after == calm, "files differ"
    assert friendshore("verify", folder / "chaos").returncode == 0
    return tally


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    with TemporaryDirectory() as scratch:
        done = chaos(Path(scratch), told.kills, told.seed)
    sys.stdout.write(f"{done.drivers} drivers and {done.workers} workers killed; the dataset is the same.\n")
