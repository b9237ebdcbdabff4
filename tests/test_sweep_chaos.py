"""Sweeps under attack, killed, starved, started twice and tampered with, end as if nothing had happened."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from chaos.killer import alive, chaos, children
from sweeps import begun, content, friendshore, plan_file

FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a small plan and the folder of its sweep, undisturbed."""
    folder = tmp_path_factory.mktemp("calm")
    plan = plan_file(folder)
    done = friendshore("sweep", plan, "--out", folder / "out", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert "All 4 batches are done." in done.stdout
    return plan, folder / "out"


def test_shards_and_one_worker_write_the_same_bytes(calm: tuple[Path, Path], tmp_path: Path) -> None:
    plan, out = calm
    for shard in ("2/3", "1/3", "3/3"):
        done = friendshore("sweep", plan, "--out", tmp_path / "shards", "--shard", shard, "--workers", 1)
        assert done.returncode == 0, done.stderr
    assert content(tmp_path / "shards") == content(out)


def test_two_drivers_at_once_write_what_one_does(calm: tuple[Path, Path], tmp_path: Path) -> None:
    plan, out = calm
    both = [begun("sweep", plan, "--out", tmp_path / "two", "--workers", 1) for _ in range(2)]
    for each in both:
        _, err = each.communicate(timeout=120)
        assert each.returncode == 0, err
    assert content(tmp_path / "two") == content(out)


def stopped(plan: Path, out: Path, number: int) -> tuple[int, str, list[int]]:
    """Begin a long sweep, send its driver a signal when two batches are done, and return how it ended."""
    driver = begun("sweep", plan, "--out", out, "--workers", 2)
    deadline = time.monotonic() + 120.0
    while len(list(out.glob("done/part-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    hands = children(driver.pid)
    driver.send_signal(number)
    _, err = driver.communicate(timeout=60)
    return driver.returncode, err, hands


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1], ids=lambda number: number.name)
def test_a_signal_stops_a_sweep_and_the_same_line_finishes_it(number: signal.Signals, tmp_path: Path) -> None:
    plan = plan_file(tmp_path, doses=str([*range(1000, 1300, 10)]))
    code, err, hands = stopped(plan, tmp_path / "out", number)
    assert code == 130, err
    assert "Start the same line again to go on." in err
    assert "Traceback" not in err
    assert len(hands) == 2
    assert alive(hands) == []
    assert not list((tmp_path / "out").rglob(".*"))
    begun_with = len(list((tmp_path / "out").glob("done/part-*")))
    assert 2 <= begun_with < 31
    assert friendshore("sweep", plan, "--out", tmp_path / "out").returncode == 0
    kpi = pl.read_parquet(tmp_path / "out" / "kpi" / "*.parquet")
    assert len(kpi) == 31 * 64 == kpi.select("point", "run").n_unique()


@pytest.mark.slow
def test_workers_end_by_themselves_when_their_driver_is_killed(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, doses=str([*range(1000, 1300, 10)]))
    code, _, hands = stopped(plan, tmp_path / "out", signal.SIGKILL)
    assert code == -signal.SIGKILL
    deadline = time.monotonic() + 10.0
    while alive(hands) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(hands) == 2
    assert alive(hands) == []


def test_a_full_disk_ends_a_sweep_with_a_message_and_the_same_line_finishes_it(
    calm: tuple[Path, Path], tmp_path: Path
) -> None:
    plan, out = calm
    largest = max(path.stat().st_size for path in (out / "kpi").iterdir())
    full = friendshore("sweep", plan, "--out", tmp_path / "out", before=FULL.format(largest - 1))
    assert full.returncode == 2, full.stderr
    assert "cannot be written: File too large." in full.stderr
    assert "Traceback" not in full.stderr
    assert not list((tmp_path / "out").rglob(".*.tmp-*"))
    assert friendshore("sweep", plan, "--out", tmp_path / "out").returncode == 0
    assert content(tmp_path / "out") == content(out)


def test_what_a_killed_process_left_is_cleared_and_what_a_living_one_writes_is_not(
    calm: tuple[Path, Path], tmp_path: Path
) -> None:
    plan, out = calm
    shutil.copytree(out, tmp_path / "out")
    gone = subprocess.Popen(["true"])
    gone.wait()
    host = os.uname().nodename
    dead, living = (tmp_path / "out" / "kpi" / f".x.tmp-{host}-{number}-00000000" for number in (gone.pid, os.getpid()))
    for path in (dead, living):
        path.write_bytes(b"torn")
    assert friendshore("sweep", plan, "--out", tmp_path / "out").returncode == 0
    assert (dead.exists(), living.exists()) == (False, True)


def test_every_flipped_bit_is_found_and_what_it_hit_is_played_again(calm: tuple[Path, Path], tmp_path: Path) -> None:
    from experiments.sweeping.dataset import Dataset
    from experiments.sweeping.upkeep import drop, health

    plan, out = calm
    shutil.copytree(out, tmp_path / "out")
    dataset, dice = Dataset(tmp_path / "out"), np.random.default_rng(1)
    files = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    for path in [*files, *(files[place] for place in dice.integers(len(files), size=100))]:
        before = path.read_bytes()
        place = int(dice.integers(8 * len(before)))
        torn = bytearray(before)
        torn[place // 8] ^= 1 << place % 8
        path.write_bytes(torn)
        assert health(dataset).damaged, (path, place)
        path.write_bytes(before)
    hit = next((tmp_path / "out" / "kpi").iterdir())
    hit.write_bytes(hit.read_bytes()[:-1])
    assert friendshore("verify", tmp_path / "out").returncode == 1
    drop(dataset, health(dataset))
    assert friendshore("sweep", plan, "--out", tmp_path / "out").returncode == 0
    assert content(tmp_path / "out") == content(out)


@pytest.mark.slow
def test_thirty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    tally = chaos(tmp_path, kills=30, seed=1)
    assert tally.kills >= 30
    assert tally.drivers
    assert tally.workers
