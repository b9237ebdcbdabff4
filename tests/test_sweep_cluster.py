"""Sweeps on clusters: Dask and Slurm write what one computer writes, whoever is killed, and never in the clear."""

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import slurm
from sweeps import ENVIRONMENT, ROOT, content, friendshore, plan_file, words

from abm.errors import InputError
from experiments.sweeping.cluster import Slurm, players, refuse_in_the_clear

DOSES = str([*range(1000, 1200, 10)])
NO_SLURM = slurm.missing()
on_slurm = pytest.mark.skipif(bool(NO_SLURM), reason=NO_SLURM or "there is one")
SETTINGS = """
jobs = 2
workers = 1
memory = "1500MB"
walltime = "00:20:00"
shared = "{folder}/shared"
log = "{folder}/log"
prologue = ["export FRIENDSHORE_KERNELS=numpy PYTHONPATH={root}"]
"""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a plan of twenty-one batches and the folder of its sweep, played on this computer undisturbed."""
    folder = tmp_path_factory.mktemp("calm")
    plan = plan_file(folder, doses=DOSES)
    done = friendshore("sweep", plan, "--out", folder / "out", "--workers", 2)
    assert done.returncode == 0, done.stderr
    return plan, folder / "out"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Return the environment of a Slurm of two nodes."""
    folder = tmp_path_factory.mktemp("slurm")
    with slurm.slurm(folder / "slurm") as environment:
        (folder / "bin").mkdir()
        command = folder / "bin" / "friendshore"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m experiments.cli "$@"\n')
        command.chmod(0o755)
        ours = {key: ENVIRONMENT[key] for key in ("FRIENDSHORE_KERNELS", "PYTHONPATH")}
        yield {**environment, **ours, "PATH": f"{command.parent}:{environment['PATH']}"}


def asked(environment: Mapping[str, str], *command: object) -> str:
    """Return what a command says."""
    told = subprocess.run([*map(str, command)], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout


def until(true: Callable[[], bool], seconds: float = 90.0) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def parts(out: Path) -> int:
    """Return how many batches are done."""
    return len(list(out.glob("done/part-*")))


@contextmanager
def driving(
    plan: Path, out: Path, where: object, environment: Mapping[str, str] = ENVIRONMENT
) -> Iterator["subprocess.Popen[str]"]:
    """Run a driver that lets a cluster play; it is ended with the test."""
    command, pipe = words("sweep", plan, "--out", out, "--cluster", where), subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True) as driver:
        try:
            yield driver
        finally:
            driver.kill()


def finished(driver: "subprocess.Popen[str]") -> None:
    """Wait for a driver, which has done everything and complains of nothing."""
    out, err = driver.communicate(timeout=240)
    assert driver.returncode == 0, err
    assert "All 21 batches are done." in out
    assert "Traceback" not in err


def listening(processes: Sequence[psutil.Process]) -> set[tuple[str, int]]:
    """Return where processes and those they have started listen beyond this computer."""
    every = [each for one in processes for each in (one, *one.children(recursive=True))]
    found = {each.laddr for one in every for each in one.net_connections("inet") if each.status == "LISTEN"}
    return {(here.ip, here.port) for here in found if not here.ip.startswith("127.") and here.ip != "::1"}


def secured(address: tuple[str, int]) -> bool:
    """Return whether what listens speaks TLS."""
    anyone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    host = "127.0.0.1" if address[0] == "0.0.0.0" else address[0]
    with socket.create_connection((host, address[1]), timeout=10) as line, anyone.wrap_socket(line) as safe:
        return str(safe.version()).startswith("TLS")


@on_slurm
@pytest.mark.slow
def test_dask_on_slurm_writes_the_same_bytes_behind_tls_though_a_job_is_cancelled(
    calm: tuple[Path, Path], cluster: Mapping[str, str], tmp_path: Path
) -> None:
    plan, out = calm
    (tmp_path / "log").mkdir()
    settings = tmp_path / "cluster.toml"
    settings.write_text(SETTINGS.format(folder=tmp_path, root=ROOT))
    with driving(plan, tmp_path / "out", f"slurm:{settings}", cluster) as driver:
        until(lambda: parts(tmp_path / "out") >= 2)
        # Workers are children of Slurm's nodes, not of the driver.
        workers = [each for each in psutil.process_iter() if "distributed.cli.dask_worker" in " ".join(each.cmdline())]
        open_doors = listening([psutil.Process(driver.pid), *workers])
        assert open_doors
        assert all(map(secured, open_doors))
        keys = next((tmp_path / "shared").iterdir())
        assert (keys.stat().st_mode & 0o777, (keys / "key.pem").stat().st_mode & 0o777) == (0o700, 0o600)
        first, *_ = asked(cluster, "squeue", "-h", "-t", "R", "-o", "%i").split()
        asked(cluster, "scancel", first)
        finished(driver)
    assert content(tmp_path / "out") == content(out)
    assert not list((tmp_path / "shared").iterdir())
    until(lambda: not asked(cluster, "squeue", "-h"))


@on_slurm
@pytest.mark.slow
def test_an_array_of_shards_writes_the_same_bytes_though_a_job_is_cancelled(
    calm: tuple[Path, Path], cluster: Mapping[str, str], tmp_path: Path
) -> None:
    plan, out = calm
    script = ROOT / "experiments/cluster/shards.sbatch"
    line = ["sbatch", "--parsable", "--array=1-3", "--cpus-per-task=1", "--mem=1G", "--time=10", "-o", "/dev/null"]
    job = asked(cluster, *line, script, plan, tmp_path / "out").strip()
    until(lambda: parts(tmp_path / "out") >= 2)
    asked(cluster, "scancel", f"{job}_2")
    until(lambda: not asked(cluster, "squeue", "-h"))
    begun_with = parts(tmp_path / "out")
    assert begun_with < 21
    asked(cluster, *line, "--wait", script, plan, tmp_path / "out")
    assert content(tmp_path / "out") == content(out)


@contextmanager
def dask(folder: Path) -> Iterator[tuple[Path, list["subprocess.Popen[bytes]"]]]:
    """Run a scheduler and two workers of this computer alone, and yield the scheduler's file and the processes."""
    file, begun = folder / "scheduler.json", list["subprocess.Popen[bytes]"]()

    def begin(*told: object) -> None:
        """Begin one of them."""
        command = [sys.executable, "-m", "distributed.cli.dask_" + str(told[0]), *map(str, told[1:])]
        quiet = subprocess.DEVNULL
        begun.append(subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=quiet, stderr=quiet))

    here = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--scheduler-file", file)
    begin("scheduler", "--port", "0", *here)
    until(file.exists)
    for _ in range(2):
        begin("worker", "--nthreads", "1", *here)
    try:
        yield file, begun
    finally:
        for each in reversed(begun):
            each.kill()
        for each in begun:
            each.wait()


@pytest.mark.slow
def test_a_cluster_that_runs_writes_the_same_bytes_though_a_worker_is_killed(
    calm: tuple[Path, Path], tmp_path: Path
) -> None:
    plan, out = calm
    with dask(tmp_path) as (file, (_, first, _)), driving(plan, tmp_path / "out", file) as driver:
        until(lambda: parts(tmp_path / "out") >= 2)
        worker = next(
            each
            for each in psutil.Process(first.pid).children(recursive=True)
            if "spawn_main" in " ".join(each.cmdline())
        )
        worker.kill()
        finished(driver)
    assert content(tmp_path / "out") == content(out)


@pytest.mark.slow
def test_a_scheduler_that_dies_is_told_of_and_the_same_line_finishes_the_rest(
    calm: tuple[Path, Path], tmp_path: Path
) -> None:
    plan, out = calm
    with dask(tmp_path) as (file, (scheduler, *_)), driving(plan, tmp_path / "out", file) as driver:
        until(lambda: parts(tmp_path / "out") >= 2)
        scheduler.send_signal(signal.SIGKILL)
        _, err = driver.communicate(timeout=120)
        assert driver.returncode == 2
        assert "its scheduler is gone. Start the same line again when there is one." in err
        assert "Traceback" not in err
    (tmp_path / "again").mkdir()
    with dask(tmp_path / "again") as (file, _), driving(plan, tmp_path / "out", file) as driver:
        finished(driver)
    assert content(tmp_path / "out") == content(out)


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.7:8786", "tcp://cluster.example:8786", "ucx://10.0.0.7:1", "ws://10.0.0.7:1", "tcp://"]
)
def test_a_scheduler_elsewhere_without_tls_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without TLS"):
        refuse_in_the_clear(address)
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": address}))
    for where in (address, str(file)):
        with pytest.raises(InputError, match="Start it with TLS"):
            next(players(where)(None, tmp_path, (), 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["tls://10.0.0.7:8786", "tcp://127.0.0.1:1", "tcp://localhost:1", "tcp://[::1]:1"])
def test_a_scheduler_with_tls_or_of_this_computer_is_not(address: str) -> None:
    refuse_in_the_clear(address)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("nowhere.json", "cannot be read"),
        ("tls://127.0.0.1:1", "has been given no certificates"),
        ("tcp://127.0.0.1:1", "does not answer"),
        ("slurm:nowhere.toml", "nowhere.toml: "),
    ],
)
def test_a_cluster_that_is_not_there_ends_a_sweep_with_a_message(where: str, why: str, tmp_path: Path) -> None:
    script = "import experiments.sweeping.cluster as cluster; cluster.PATIENCE = 2"
    done = friendshore("sweep", plan_file(tmp_path), "--out", tmp_path / "out", "--cluster", where, before=script)
    assert done.returncode == 2, done.stderr
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_every_mistake_of_the_settings_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('jobs = 0\nmemory = "8GB"\nwalltime = "two hours"\nshare = "~/x"\n')
    with pytest.raises(InputError) as told:
        Slurm.load(path)
    for line in ("mine.toml:1: jobs", "mine.toml:3: walltime", "mine.toml:4: share", "shared: is missing"):
        assert line in str(told.value)


def test_the_settings_to_copy_are_understood_line_by_line(tmp_path: Path) -> None:
    given = ROOT / "experiments/cluster/cluster.toml"
    lines = given.read_text(encoding="utf-8").splitlines()
    every = [line.removeprefix("# ") if " = " in line else line for line in lines]
    (tmp_path / "every.toml").write_text("\n".join(every), encoding="utf-8")
    assert Slurm.load(given).jobs == 4
    assert set(Slurm.load(tmp_path / "every.toml").model_dump(exclude_unset=True)) == {*Slurm.model_fields}


def test_workers_leave_before_their_job_ends() -> None:
    settings = Slurm(jobs=1, memory="1GB", walltime="1-02:00:00", shared="/x")
    extra = settings.options(Path("/x"))["worker_extra_args"]
    assert extra[extra.index("--lifetime") + 1] == f"{26 * 3600 - 420}s"
    brief = settings.model_copy(update={"walltime": "00:02:00"}).options(Path("/x"))["worker_extra_args"]
    assert brief[brief.index("--lifetime") + 1 :][:3] == ["60s", "--lifetime-stagger", "12s"]


def test_without_dask_a_cluster_is_refused_by_name(tmp_path: Path) -> None:
    gone = "import sys; sys.modules['distributed'] = None"
    done = friendshore("sweep", plan_file(tmp_path), "--cluster", "scheduler.json", before=gone)
    assert done.returncode == 2
    assert "Install friendshore[cluster]." in done.stderr
