"""The command ``friendshore``; whatever is heavy is imported when a command needs it."""

import gc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Unpack

import click

from abm.errors import InputError
from experiments.analysis_commands import COMMANDS as ANALYSES
from experiments.app_command import app
from experiments.options import (
    MOST_RUNS,
    REPLACE,
    SEED,
    ChangeOptions,
    Options,
    RunOptions,
    TraceOptions,
    asking,
    runs_of,
    scenarios,
)
from experiments.painters import Painters
from experiments.sweep_commands import COMMANDS
from experiments.validation_commands import COMMANDS as VALIDATIONS

STOPPED = 130


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


@contextmanager
def _spared() -> Iterator[None]:
    """Spare the collector what is imported meanwhile: none of it ever goes."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


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


@main.command(epilog="Example: friendshore run chips_act --runs 16 --set chips_act.amount_musd=60000")
@click.argument("scenario", shell_complete=scenarios)
@asking("results/SCENARIO")
@click.option("--alone", is_flag=True, help="Run SCENARIO without its baseline.")
@click.pass_context
def run(context: click.Context, scenario: str, **options: Unpack[RunOptions]) -> None:
    """Run SCENARIO and its baseline under the same luck, and say what differs.

    SCENARIO is the name of a bundled scenario or the path of a .toml file.
    Ctrl-C keeps the runs that are finished.
    """
    with closing(Painters(wanted=options["pictures"])) as painters:
        with _spared():
            from experiments.answer import Request, answer

        context.exit(answer(Request((scenario,), **options), painters))


@main.command(epilog="Example: friendshore compare baseline chips_act history --runs 16")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...", shell_complete=scenarios)
@asking("results/ with all names, such as results/baseline_vs_chips_act")
@click.pass_context
def compare(context: click.Context, scenarios: tuple[str, ...], **options: Unpack[Options]) -> None:
    """Run scenarios under the same luck, and say how each differs from the first.

    One SCENARIO alone is compared with its baseline. A value replaced with --set
    holds in every scenario that knows its key. Ctrl-C keeps the runs that are finished.
    """
    with closing(Painters(wanted=options["pictures"])) as painters:
        with _spared():
            from experiments.answer import Request
            from experiments.compare import compare as settle

        context.exit(settle(Request(scenarios, verb="compare", **options), painters))


@main.command(epilog="Example: friendshore explain-change baseline chips_act --good chips --region US --date 2030")
@click.argument("first", shell_complete=scenarios)
@click.argument("second", shell_complete=scenarios)
@click.option(
    "--by",
    type=click.Choice(["policy", "kind", "government"]),
    default="policy",
    show_default=True,
    help="What the difference is split among.",
)
@click.option("--series", default="share", show_default=True, help="share, or a series of friendshore list series.")
@click.option("--good", help="Good, or chain for a share.  [default: the headline's of SECOND, if on a share]")
@click.option("--region", help="Region.  [default: the headline's of SECOND]")
@click.option(
    "--date", "when", metavar="WHEN", help="A year or a month, such as 2030 or 2025-06.  [default: last year]"
)
@runs_of(64, MOST_RUNS)
@SEED
@click.option(
    "--orders",
    default=8,
    show_default=True,
    type=click.IntRange(4, 10_000),
    help="Orders to sample where more than four policies differ; half of them, each forwards and backwards.",
)
@REPLACE
@click.option("--out", metavar="FOLDER", help="Where table and picture go.  [default: results/explain-change-A-B]")
def explain_change(first: str, second: str, **options: Unpack[ChangeOptions]) -> None:
    """Split the difference between two scenarios among the policies that differ.

    Every policy gets its Shapley value: the change it makes when it is added to those
    already there, the mean over all orders of adding them. The parts add up exactly.
    """
    from experiments.explain_change import Change
    from experiments.explain_change import explain_change as split

    split(Change(first, second, **options))


def _lists(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return what can be listed and begins with what is typed."""
    from experiments.listing import LISTS

    return [name for name in LISTS if name.startswith(begun)]


@main.command("list", epilog="Example: friendshore list parameters")
@click.argument("what", required=False, shell_complete=_lists)
def listing(what: str | None) -> None:
    """List what can be named.

    WHAT is scenarios, policies, goods, regions, firms, parameters, rules or series.
    """
    from experiments.listing import show_list

    show_list(what)


@main.command(epilog="Example: friendshore explain chips_act.amount_musd")
@click.argument("name", nargs=-1, required=True)
def explain(name: tuple[str, ...]) -> None:
    """Say what NAME is: value, unit, range, source, and where it acts.

    NAME is a parameter, a kind of policy or one of its fields, a measure of a scenario,
    a good, region, firm, critical input, series, scenario or source; or a word of the model:
    a kind of agent, a rule, a phase of the month, a column of the books.
    """
    from experiments.explain import show_explanation

    show_explanation(" ".join(name))


@main.command(epilog="Example: friendshore trace chips_act --month 2021-03 --firm Lynas")
@click.argument("scenario", shell_complete=scenarios)
@click.option("--month", required=True, metavar="MONTH", help="Which month to watch, such as 2021-03.")
@click.option("--firm", required=True, metavar="NAME", help="Whose plants to watch, such as Lynas.")
@runs_of(1, 64)
@SEED
@REPLACE
def trace(**options: Unpack[TraceOptions]) -> None:
    """Say what a firm saw, decided and got in one month of SCENARIO, plant by plant."""
    from experiments.trace import Inquiry
    from experiments.trace import trace as watch

    watch(Inquiry(**options))


@main.command(epilog="Example: friendshore bench --quick")
@click.option("--scenario", default="chips_act", show_default=True, shell_complete=scenarios, help="Scenario to run.")
@click.option("--quick", "plan", flag_value="quick", help="A minute or two, not ten: fewer months and sizes.")
@click.option("--repeats", type=click.IntRange(1, 1000), help="How often each is measured.  [default: 5]")
@click.option("--until", metavar="MONTH", help="Last month, such as 2030-12.  [default: the scenario's]")
@click.option(
    "--sweep",
    "runs",
    default=0,
    metavar="RUNS",
    type=click.IntRange(0, MOST_RUNS),
    help="Also run the baseline so often in two processes, and say what 100,000 runs would take.",
)
@click.option(
    "--out",
    default="results/bench.json",
    show_default=True,
    type=click.Path(path_type=Path),
    help="File for the figures.",
)
def bench(**options: Any) -> None:  # noqa: ANN401
    """Measure speed: runs alone and in company, by phase, in larger worlds and several processes."""
    from experiments.bench import Wanted
    from experiments.bench import bench as measure

    measure(Wanted(**options))


@main.group(cls=Commands, epilog="Example: friendshore data check")
def data() -> None:
    """Look at the figures the world is built from."""


@data.command(epilog="Example: friendshore data check")
@click.option("--folder", type=click.Path(path_type=Path), help="A data folder.  [default: the one that is built in]")
def check(folder: Path | None) -> None:
    """Check every figure, and say how many have a source, are derived or are assumed."""
    from experiments.coverage import report

    report(folder)


for command in (app, *COMMANDS, *ANALYSES, *VALIDATIONS):
    main.add_command(command)

if __name__ == "__main__":
    main()
