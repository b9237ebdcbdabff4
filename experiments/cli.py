"""The command ``friendshore``; whatever is heavy is imported when a command needs it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from abm.errors import InputError

STOPPED = 130
MOST_RUNS = 100_000
LARGEST_SEED = 2**63 - 1


class Options(TypedDict):
    """What ``friendshore run`` and ``friendshore compare`` are told."""

    runs: int
    seed: int
    start: str | None
    until: str | None
    assignments: tuple[str, ...]
    out: str | None
    pictures: bool


class RunOptions(Options):
    """What only ``friendshore run`` is told."""

    alone: bool


class TraceOptions(TypedDict):
    """What ``friendshore trace`` is told."""

    scenario: str
    month: str
    firm: str
    runs: int
    seed: int
    assignments: tuple[str, ...]


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


EPILOG = """Example: friendshore run chips_act

\b
Completion of commands and scenarios with the tab key, for bash, zsh or fish:
  eval "$(_FRIENDSHORE_COMPLETE=bash_source friendshore)"
in ~/.bashrc (zsh_source in ~/.zshrc; fish: in config.fish
  _FRIENDSHORE_COMPLETE=fish_source friendshore | source).
"""


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def main() -> None:
    """Ask who makes the world's chips, magnets, battery cells, cars and medicines.

    Firms, buyers and governments trade and build month by month, with and without
    a policy, and friendshore says what differs.
    """


def _scenarios(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the names of scenarios that begin with what is typed."""
    from experiments.library import names

    return [name for name in names() if name.startswith(begun)]


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a question put to the world."""
    options = (
        click.option(
            "--runs", default=64, show_default=True, type=click.IntRange(1, MOST_RUNS), help="Runs, each its own luck."
        ),
        click.option(
            "--seed", default=1, show_default=True, type=click.IntRange(0, LARGEST_SEED), help="Seed of all luck."
        ),
        click.option("--start", metavar="MONTH", help="First month, such as 2020-01.  [default: the scenario's]"),
        click.option("--until", metavar="MONTH", help="Last month, such as 2030-12.  [default: the scenario's]"),
        click.option(
            "--set",
            "assignments",
            multiple=True,
            metavar="KEY=VALUE",
            help="Replace a value, such as chips_act.amount_musd=60000 or parameters.interest=0.002. Repeatable.",
        ),
        click.option("--out", metavar="FOLDER", help="Where the tables go.  [default: results/SCENARIO]"),
        click.option("--no-pictures", "pictures", flag_value=False, default=True, help="Draw nothing."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command(epilog="Example: friendshore run chips_act --runs 16 --set chips_act.amount_musd=60000")
@click.argument("scenario", shell_complete=_scenarios)
@_asking
@click.option("--alone", is_flag=True, help="Leave out the baseline.")
@click.pass_context
def run(context: click.Context, scenario: str, **options: Unpack[RunOptions]) -> None:
    """Run SCENARIO and its baseline under the same luck, and say what differs.

    SCENARIO is the name of a bundled scenario or the path of a .toml file.
    Ctrl-C keeps the runs that are finished.
    """
    from experiments.answer import Request, answer

    context.exit(answer(Request((scenario,), **options)))


@main.command(epilog="Example: friendshore compare baseline chips_act history --runs 16")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...", shell_complete=_scenarios)
@_asking
@click.pass_context
def compare(context: click.Context, scenarios: tuple[str, ...], **options: Unpack[Options]) -> None:
    """Run scenarios under the same luck, and say how each differs from the first.

    One SCENARIO alone is compared with its baseline. A value replaced with --set
    holds in every scenario that knows its key. Ctrl-C keeps the runs that are finished.
    """
    from experiments.answer import Request
    from experiments.compare import compare as settle

    context.exit(settle(Request(scenarios, verb="compare", **options)))


def _lists(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return what can be listed and begins with what is typed."""
    from experiments.listing import LISTS

    return [name for name in LISTS if name.startswith(begun)]


@main.command("list", epilog="Example: friendshore list parameters")
@click.argument("what", required=False, shell_complete=_lists)
def listing(what: str | None) -> None:
    """List what can be named.

    WHAT is scenarios, policies, goods, regions, firms, parameters or series.
    """
    from experiments.listing import show_list

    show_list(what)


@main.command(epilog="Example: friendshore explain chips_act.amount_musd")
@click.argument("name", nargs=-1, required=True)
def explain(name: tuple[str, ...]) -> None:
    """Say what NAME is: value, unit, range, source, and where it acts.

    NAME is a parameter, a kind of policy or one of its fields, a measure of a scenario,
    a good, region, firm, critical input, series, scenario or source.
    """
    from experiments.explain import show_explanation

    show_explanation(" ".join(name))


@main.command(epilog="Example: friendshore trace chips_act --month 2021-03 --firm Lynas")
@click.argument("scenario", shell_complete=_scenarios)
@click.option("--month", required=True, metavar="MONTH", help="Which month to watch, such as 2021-03.")
@click.option("--firm", required=True, metavar="NAME", help="Whose plants to watch, such as Lynas.")
@click.option("--runs", default=1, show_default=True, type=click.IntRange(1, 64), help="Runs, each its own luck.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, LARGEST_SEED), help="Seed of all luck.")
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Replace a value. Repeatable.")
def trace(**options: Unpack[TraceOptions]) -> None:
    """Say what a firm saw, decided and got in one month of SCENARIO, plant by plant."""
    from experiments.trace import Inquiry
    from experiments.trace import trace as watch

    watch(Inquiry(**options))


@main.command(epilog="Example: friendshore bench --repeats 9")
@click.option("--scenario", default="chips_act", show_default=True, shell_complete=_scenarios, help="What to run.")
@click.option("--repeats", default=5, show_default=True, type=click.IntRange(1, 1000), help="Batches of each size.")
@click.option("--until", metavar="MONTH", help="Last month, such as 2030-12.  [default: the scenario's]")
@click.option(
    "--out", default="results/bench.json", show_default=True, type=click.Path(path_type=Path), help="Where it goes."
)
def bench(out: Path, scenario: str, repeats: int, until: str | None) -> None:
    """Measure the speed of the month: CPU time of 1 and of 64 runs, by phase, and memory per run."""
    from experiments.bench import bench as measure

    measure(out, scenario, repeats, until)


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
