"""The commands ``friendshore analyse`` and ``report``."""

from collections.abc import Callable
from pathlib import Path

import click

from experiments.sweep_commands import FOLDER

Command = Callable[..., None]


def _asking(command: Command) -> Command:
    """Give a command the options of what is looked at."""
    outcome = click.option(
        "--outcome",
        "outcomes",
        multiple=True,
        metavar="COLUMN",
        help="Column of the table kpi, such as share_chips_US. Repeatable.  "
        "[default: the scenario's headline, and what differs most]",
    )
    where = click.option(
        "--where",
        multiple=True,
        metavar="CONDITION",
        help='What is looked for, such as "share_chips_US>0.15": under which values do runs meet it? '
        "Repeatable; all must be met.",
    )
    return outcome(where(command))


@click.command(epilog='Example: friendshore analyse results/sweeps/uncertain_behaviour --where "share_chips_US>0.13"')
@FOLDER
@_asking
@click.option("--svg", is_flag=True, help="Write every picture as SVG too.")
def analyse(folder: Path, outcomes: tuple[str, ...], where: tuple[str, ...], *, svg: bool) -> None:
    """Say what the sweep in DIR has found, and write tables and pictures to DIR/analysis.

    Response curves and differences to the baseline under the same luck; Sobol indices,
    Morris screening or PAWN, as the plan's design allows; what a gain of share costs; and
    with --where the values under which runs meet the conditions.
    """
    from experiments.sweeping_analysis.export import write
    from experiments.sweeping_analysis.study import study

    found = study(folder, outcomes, where)
    click.echo("\n".join([found.sample.plan.title, *(f"- {each}" for each in (*found.told, *found.notes))]))
    out = write(found, vector=svg)
    numbers = [(len(found.tables), "table"), (len(found.charts), "picture")]
    made = " and ".join(f"{many} {what}{'' if many == 1 else 's'}" for many, what in numbers)
    click.echo(f"Written to {out}: {made}.")


@click.command(epilog="Example: friendshore report results/sweeps/chips_grant")
@FOLDER
@_asking
def report(folder: Path, outcomes: tuple[str, ...], where: tuple[str, ...]) -> None:
    """Write DIR/report.html: question, findings, charts, tables and provenance of the sweep in DIR.

    One file that needs no network and no other file.
    """
    from experiments.sweeping_analysis.report import report as write
    from experiments.sweeping_analysis.study import study

    click.echo(f"The report is {write(study(folder, outcomes, where))}.")


COMMANDS = (analyse, report)
