"""Where a cluster is found, or how one is started: behind TLS unless it never leaves this machine."""

import json
import os
import socket
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, StringConstraints

from abm.errors import InputError
from abm.outline import STRICT
from abm.problems import Problems
from abm.toml_lines import read
from experiments.sweeping.batches import Task
from experiments.sweeping.crew import Receipt
from experiments.sweeping.plan import Plan

# Before the name of a file that says how workers are started.
SLURM = "slurm:"
# Seconds that a scheduler may take to answer.
PATIENCE = 30
# Workers take no new batch so long before their job is ended, and leave not all at once, in seconds.
LEAVE, SPREAD = 300, 120
# A worker that is not heard of for so long has gone with its job; how often a batch is tried is our business.
OURS = {"distributed.deploy.lost-worker-timeout": "5s", "distributed.scheduler.allowed-failures": 0}
_SAFE = "tls"

Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Time = Annotated[str, StringConstraints(pattern=r"^(\d+-)?\d{1,2}:\d{2}:\d{2}$")]
Players = Callable[[Plan, Path, Iterable[Task], int], Generator[Receipt | None, None, None]]


class Slurm(BaseModel):
    """How jobs of workers are started with Slurm.

    jobs        that are kept running;  workers  processes in each, on a processor of their own
    memory      of a job, such as "8GB";  walltime  of a job, such as "02:00:00"
    shared      folder that all nodes see, for keys that end with the sweep;  log  folder for what jobs say
    queue, account, interface  as the cluster calls them
    directives  further lines of #SBATCH;  prologue  commands before the workers, such as module load
    python      that has friendshore on the nodes;  leave  whether workers leave some minutes before walltime
    """

    model_config = STRICT

    jobs: Annotated[int, Field(ge=1, le=10_000)]
    workers: Annotated[int, Field(ge=1, le=1_000)] = 1
    memory: Word
    walltime: Time
    shared: Word
    log: Word | None = None
    queue: Word | None = None
    account: Word | None = None
    interface: Word | None = None
    directives: list[Word] = Field(default_factory=list)
    prologue: list[Word] = Field(default_factory=list)
    python: Word | None = None
    leave: bool = True

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the settings of a file, every mistake in it told at once."""
        file = read(path)
        problems = Problems(file)
        found = problems.validated(cls, dict(file.document), ())
        problems.settle()
        assert found is not None
        return found

    def options(self, folder: Path) -> dict[str, Any]:
        """Return what dask-jobqueue is told.

        folder  of our own in the shared one
        """
        # Nothing of Dask listens beyond this machine but what speaks TLS: its page of figures cannot.
        extra = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--nthreads", "1"]
        if self.leave:
            spread = min(SPREAD, self._seconds // 10)
            lifetime = max(self._seconds - LEAVE - spread, self._seconds // 2)
            extra += ["--lifetime", f"{lifetime}s", "--lifetime-stagger", f"{spread}s"]
        given = {"queue": self.queue, "account": self.account, "interface": self.interface, "python": self.python}
        return {
            **{name: value for name, value in given.items() if value is not None},
            "cores": self.workers,
            "processes": self.workers,
            "memory": self.memory,
            "walltime": self.walltime,
            "worker_extra_args": extra,
            "job_extra_directives": self.directives,
            "job_script_prologue": self.prologue,
            "log_directory": self.log,
            "shared_temp_directory": str(folder),
            # Of the node: nothing is kept there.
            "local_directory": "/tmp",
            "scheduler_options": {"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        }

    @property
    def _seconds(self) -> int:
        """Walltime of a job."""
        days, _, clock = self.walltime.rpartition("-")
        hours, minutes, seconds = map(int, clock.split(":"))
        return 86_400 * int(days or 0) + 3600 * hours + 60 * minutes + seconds


def players(where: str) -> Players:
    """Return who plays on a cluster.

    where  tls://HOST:PORT, the path of a scheduler file, or slurm:FILE
    """
    try:
        from experiments.sweeping.remote import remote
    except ImportError as error:
        raise InputError("--cluster", f"needs {error.name}.", "Install friendshore[cluster].") from error
    found = started(Slurm.load(Path(where.removeprefix(SLURM)))) if where.startswith(SLURM) else partial(known, where)

    def played(plan: Plan, folder: Path, todo: Iterable[Task], workers: int) -> Generator[Receipt | None, None, None]:
        """Play on it; how many workers there are is the cluster's business."""
        del workers
        with found() as (client, keep), closing(remote(client, keep, plan, folder, todo)) as receipts:
            yield from receipts

    return played


def refuse_in_the_clear(address: str) -> None:
    """Refuse an address without TLS, unless it is of this machine: whoever reaches it may run anything as us."""
    split = urlsplit(address)
    try:
        here = split.hostname == "localhost" or ip_address(split.hostname or "").is_loopback
    except ValueError:
        here = False
    if split.scheme != _SAFE and not here:
        what = f"{address[:80]!r} is a scheduler without TLS on another machine."
        raise InputError("--cluster", what, "Start it with TLS, and give tls://HOST:PORT.")


def _address(where: str) -> str:
    """Return the address of a scheduler, out of its file if need be."""
    if "://" in where:
        return where
    path = Path(where)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return str(said["address"])
    except OSError as error:
        what = f"{where!r} cannot be read: {error.strerror}."
        raise InputError("--cluster", what, "Give tls://HOST:PORT, a scheduler file, or slurm:FILE.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("--cluster", f"{where!r} is no scheduler file.", "Give what the scheduler wrote.") from error


@contextmanager
def known(where: str) -> Iterator[tuple[Any, Callable[[], None]]]:
    """Connect to a scheduler that runs; its credentials are those of Dask's own configuration."""
    from distributed import Client, Security

    address = _address(where)
    refuse_in_the_clear(address)
    split, security = urlsplit(address), Security()
    if split.scheme == _SAFE and security.get_connection_args("client")["ssl_context"] is None:
        what = "Dask has been given no certificates."
        raise InputError("--cluster", what, "Set distributed.comm.tls of its configuration, or its variables.")
    try:
        # A client that cannot be made complains when it is thrown away: see first whether anybody is there.
        socket.create_connection((split.hostname, split.port), timeout=PATIENCE).close()
        client = Client(address, security=security, timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        what = f"{address[:80]!r} does not answer: {error}."
        raise InputError("--cluster", what, "See that it runs, and that it knows our certificates.") from error
    with client:
        yield client, lambda: None


def _secured(folder: Path) -> Any:  # noqa: ANN401 - Dask's own
    """Return credentials that are made for this sweep alone, in files that its workers find.

    folder  of nobody but us
    """
    from distributed import Security

    made = Security.temporary()
    files = {"ca": made.tls_ca_file, "cert": made.tls_worker_cert, "key": made.tls_worker_key}
    paths = {name: folder / f"{name}.pem" for name in files}
    for name, path in paths.items():
        path.touch(mode=0o600)
        path.write_text(files[name], encoding="utf-8")
    both = {
        f"tls_{role}_{name}": str(paths[name]) for role in ("scheduler", "worker", "client") for name in ("cert", "key")
    }
    return Security(tls_ca_file=str(paths["ca"]), require_encryption=True, **both)


def started(settings: Slurm) -> Callable[[], Any]:
    """Return what starts a scheduler here and jobs of workers with Slurm, which end with the sweep."""

    @contextmanager
    def jobs() -> Iterator[tuple[Any, Callable[[], None]]]:
        """Start them."""
        from tempfile import TemporaryDirectory

        import dask
        from dask_jobqueue import SLURMCluster
        from distributed import Client

        shared = Path(os.path.expandvars(settings.shared)).expanduser().absolute()
        shared.mkdir(parents=True, exist_ok=True)
        with (
            dask.config.set(OURS),
            # Of nobody but us: what is in it lets workers in.
            TemporaryDirectory(prefix="friendshore-", dir=shared) as own,
            SLURMCluster(security=_secured(Path(own)), protocol="tls://", **settings.options(Path(own))) as cluster,
            Client(cluster, timeout=PATIENCE, set_as_default=False) as client,
        ):
            # Asked again and again it replaces the jobs that have ended.
            yield client, partial(cluster.scale, jobs=settings.jobs)

    return jobs
