"""A Slurm of two nodes on this machine, in a folder of its own, out of Debian's packages; it ends with the test."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NEEDED = ("slurmctld", "slurmd", "sbatch", "munged", "mungekey")
NODES = ("n1", "n2")
CONFIGURATION = """
ClusterName=friendshore
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillWait=2
SlurmdParameters=config_overrides
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=2 RealMemory=4000 State=UNKNOWN\n"
PARTITION = "PartitionName=debug Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP\n"


def missing() -> str:
    """Return why there can be no Slurm here; nothing if there can."""
    lacking = [name for name in NEEDED if shutil.which(name, path=_path()) is None]
    if lacking:
        return f"no {', '.join(lacking)} on this computer: install slurmctld, slurmd, slurm-client and munge"
    return "" if os.geteuid() == 0 else "only root can start the nodes of a Slurm"


def _path() -> str:
    """Return where daemons are too."""
    return f"{os.environ['PATH']}:/usr/sbin:/sbin"


def _port() -> int:
    """Return a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def slurm(folder: Path) -> Iterator[Mapping[str, str]]:
    """Start it, and yield the environment in which its commands find it."""
    host = socket.gethostname().partition(".")[0]
    for name in ("state", *(f"spool.{node}" for node in NODES)):
        (folder / name).mkdir(parents=True)
    nodes = "".join(NODE.format(name=name, host=host, port=_port()) for name in NODES)
    configuration = folder / "slurm.conf"
    configuration.write_text(CONFIGURATION.format(host=host, port=_port(), folder=folder) + nodes + PARTITION)
    environment = {**os.environ, "SLURM_CONF": str(configuration), "PATH": _path()}
    subprocess.run(["mungekey", "--create", f"--keyfile={folder}/munge.key"], env=environment, check=True)
    daemons = [_munge(folder, environment)]
    try:
        _until((folder / "munge.socket").exists)
        daemons.append(_begun(folder, ["slurmctld", "-D"], environment))
        daemons += [_begun(folder, ["slurmd", "-D", "-N", name], environment) for name in NODES]
        _until(lambda: _told(["sinfo", "-h", "-t", "idle", "-o", "%D"], environment) == "2")
        yield environment
        _told(["scancel", "--user=root", "--full"], environment)
        _until(lambda: not _told(["squeue", "-h"], environment))
    finally:
        for each in reversed(daemons):
            each.terminate()
        for each in daemons:
            each.wait(timeout=30)


def _munge(folder: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start the daemon that vouches for who asks."""
    files = {"key-file": "munge.key", "socket": "munge.socket", "pid-file": "munge.pid", "log-file": "munge.log"}
    told = [f"--{option}={folder / name}" for option, name in {**files, "seed-file": "munge.seed"}.items()]
    return _begun(folder, ["munged", "--foreground", "--force", *told], environment)


def _begun(folder: Path, command: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start a daemon in the foreground."""
    with (folder / f"{'_'.join(command[:1] + command[3:4])}.out".replace("/", "_")).open("wb") as out:
        return subprocess.Popen(command, env=environment, stdout=out, stderr=out, start_new_session=True)


def _told(command: list[str], environment: Mapping[str, str]) -> str:
    """Return what a command of Slurm says."""
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout.strip()


def _until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "Slurm does not start"
        time.sleep(0.2)
