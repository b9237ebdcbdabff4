"""The command ``friendshore``; whatever is heavy is imported when a command needs it."""

from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from abm.errors import InputError

STOPPED = 130
MOST_RUNS = 100_000
LARGEST_SEED = 2**63 - 1


class RunOptions(TypedDict):
    """What ``friendshore run`` is told."""

    scenario: str
    runs: int
    seed: int
    start: str | None
    until: str | None
    assignments: tuple[str, ...]
    out: str | None
    alone: bool


class Told(click.ClickException):
    """A person's mistake, told without a traceback."""

    exit_code = 2


class Commands(click.Group):
    """Commands whose mistakes end with exit code 2 and one message."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run a command, turning an InputError into its message and Ctrl-C into its exit code."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            raise Told(str(error)) from error
        except KeyboardInterrupt:
            ctx.exit(STOPPED)


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        from experiments.versions import version

        click.echo(f"friendshore {version('friendshore')}")
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def main() -> None:
    """Ask who makes the world's chips, magnets, battery cells, cars and medicines.

    Firms, buyers and governments trade and build month by month, with and without
    a policy, and friendshore says what differs.
    """


@main.command(epilog="Example: friendshore run chips_act --runs 16 --set chips_act.amount_musd=60000")
@click.argument("scenario")
@click.option(
    "--runs", default=64, show_default=True, type=click.IntRange(1, MOST_RUNS), help="Runs, each its own luck."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, LARGEST_SEED), help="Seed of all luck.")
@click.option("--start", metavar="MONTH", help="First month, such as 2020-01.  [default: the scenario's]")
@click.option("--until", metavar="MONTH", help="Last month, such as 2030-12.  [default: the scenario's]")
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="Replace a value, such as chips_act.amount_musd=60000 or parameters.interest=0.002. Repeatable.",
)
@click.option("--out", metavar="FOLDER", help="Where the tables go.  [default: results/SCENARIO]")
@click.option("--alone", is_flag=True, help="Leave out the baseline.")
@click.pass_context
def run(context: click.Context, **options: Unpack[RunOptions]) -> None:
    """Run SCENARIO and its baseline under the same luck, and say what differs.

    SCENARIO is the name of a bundled scenario or the path of a .toml file.
    Ctrl-C keeps the runs that are finished.
    """
    from experiments.answer import Request, answer

    context.exit(answer(Request(**options)))


@main.group(cls=Commands)
def data() -> None:
    """Look at the figures the world is built from."""


@data.command()
@click.option("--folder", type=click.Path(path_type=Path), help="A data folder.  [default: the one that is built in]")
def check(folder: Path | None) -> None:
    """Check every figure, and say how many have a source, are derived or are assumed."""
    from experiments.coverage import report

    report(folder)


if __name__ == "__main__":
    main()
