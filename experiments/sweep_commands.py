"""The commands ``friendshore sweep``, ``verify``, ``compact`` and ``replay``."""

import os
from pathlib import Path

import click

MOST_WORKERS = 1024
PLANS = Path(__file__).parent / "sweeps"
FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


def plans(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the names of bundled plans that begin with what is typed."""
    return sorted(path.stem for path in PLANS.glob("*.toml") if path.stem.startswith(begun))


def located(plan: str) -> Path:
    """Return the file of a plan.

    plan  name of a bundled one, or a path
    """
    from abm.drafts import locate
    from abm.errors import InputError

    try:
        return locate(plan, PLANS)
    except InputError as error:
        raise InputError("PLAN", error.what.replace("no scenario", "no plan"), error.remedy) from error


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@click.command(epilog="Example: friendshore sweep chips_grant --dry-run")
@click.argument("plan", shell_complete=plans)
@click.option("--out", type=click.Path(path_type=Path), help="Where results go.  [default: results/sweeps/PLAN]")
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes that play.  [default: processors]")
@click.option("--shard", default="1/1", metavar="I/N", help="Play only every N-th batch, beginning with the I-th.")
@click.option("--cluster", metavar="WHERE", help="Let Dask play: tls://HOST:PORT, a scheduler file, or slurm:FILE.")
@click.option("--dry-run", is_flag=True, help="Say what it would take, and play nothing.")
@click.pass_context
def sweep(
    context: click.Context,
    plan: str,
    out: Path | None,
    workers: int | None,
    shard: str,
    cluster: str | None,
    *,
    dry_run: bool,
) -> None:
    """Play every point of PLAN, and keep what is finished whatever happens.

    PLAN is the name of a bundled plan or the path of a .toml file. Whatever ended it,
    Ctrl-C, a crash or a full disk: the same line again plays the rest.
    SIGTERM and SIGUSR1 let it finish the batches in hand first.
    """
    from experiments.sweeping.cluster import players
    from experiments.sweeping.driver import Shard, opened
    from experiments.sweeping.driver import sweep as play
    from experiments.sweeping.plan import Plan

    if cluster is not None and workers is not None:
        raise click.UsageError("--workers are those of this machine: a cluster has its own.")
    path, mine = located(plan), Shard.read(shard)
    laid = opened(Plan.load(path), out or Path("results") / "sweeps" / path.stem)
    hands = workers or processors()
    if dry_run:
        from experiments.sweeping.trial import foretold

        click.echo("\n".join(foretold(laid, hands, mine)))
    else:
        context.exit(play(laid, hands, mine, *([] if cluster is None else [players(cluster)])))


@click.command(epilog="Example: friendshore verify results/sweeps/chips_grant")
@FOLDER
@click.option("--drop", is_flag=True, help="Remove what is damaged, so that the sweep plays it again.")
@click.pass_context
def verify(context: click.Context, folder: Path, *, drop: bool) -> None:
    """Read every byte of the sweep in DIR, and name the files that are not what was written."""
    from experiments.sweeping import upkeep
    from experiments.sweeping.dataset import Dataset

    found = upkeep.health(Dataset(folder))
    for path, why in found.damaged:
        click.echo(f"{path} {why}.")
    for batch in found.disputed:
        click.echo(f"Batch {batch} came out in two ways: machines or versions differ.")
    if found.left:
        click.echo(f"{len(found.left)} files are left over from what was stopped; they do not count.")
    if drop:
        upkeep.drop(Dataset(folder), found)
    if found.damaged or found.disputed:
        click.echo("Start the sweep again to play it anew." if drop else "See --drop.")
        context.exit(1)
    click.echo(f"{found.files} files, {found.size / 1e6:.1f} MB: all as written.")


@click.command(epilog="Example: friendshore compact results/sweeps/chips_grant")
@FOLDER
def compact(folder: Path) -> None:
    """Put the small files of the sweep in DIR together, so that reading it is quick."""
    from experiments.sweeping import upkeep
    from experiments.sweeping.dataset import Dataset

    before, after = upkeep.compact(Dataset(folder))
    click.echo(f"{before} files before, {after} now.")


@click.command(epilog="Example: friendshore replay results/sweeps/chips_grant 4f6c1d0a9be27735")
@FOLDER
@click.argument("run_id")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for all its tables, if they are wanted.")
@click.pass_context
def replay(context: click.Context, folder: Path, run_id: str, out: Path | None) -> None:
    """Play one run of the sweep in DIR again, and say what it did or why it fails.

    RUN_ID is in the column run_id of the tables kpi and failures.
    """
    from experiments.sweeping.dataset import Dataset
    from experiments.sweeping.replay import replay as play

    lines, same = play(Dataset(folder), run_id, out)
    click.echo("\n".join(lines))
    context.exit(0 if same else 1)


COMMANDS = (sweep, verify, compact, replay)
