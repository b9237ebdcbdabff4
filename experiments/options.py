"""What the commands of ``friendshore`` are told: options that several of them share."""

from collections.abc import Callable
from functools import reduce
from typing import TypedDict

import click

MOST_RUNS = 100_000
LARGEST_SEED = 2**63 - 1
Command = Callable[..., None]


class Options(TypedDict):
    """What ``friendshore run`` and ``friendshore compare`` are told."""

    runs: int
    seed: int
    start: str | None
    until: str | None
    assignments: tuple[str, ...]
    out: str | None
    pictures: bool
    svg: bool
    parameters: str


class RunOptions(Options):
    """What only ``friendshore run`` is told."""

    alone: bool


class ChangeOptions(TypedDict):
    """What ``friendshore explain-change`` is told."""

    by: str
    series: str
    good: str | None
    region: str | None
    when: str | None
    runs: int
    seed: int
    orders: int
    assignments: tuple[str, ...]
    out: str | None


class TraceOptions(TypedDict):
    """What ``friendshore trace`` is told."""

    scenario: str
    month: str
    firm: str
    runs: int
    seed: int
    assignments: tuple[str, ...]


def scenarios(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the names of scenarios that begin with what is typed, after a + or - as well."""
    from experiments.library import names

    before = begun[: max(begun.rfind("+"), begun.rfind("-")) + 1]
    return [before + name for name in names() if (before + name).startswith(begun)]


def runs_of(default: int, most: int) -> Callable[[Command], Command]:
    """Return the option that says how many runs there are."""
    number = click.IntRange(1, most)
    return click.option(
        "--runs", default=default, show_default=True, type=number, help="How many runs, each with luck of its own."
    )


SEED = click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, LARGEST_SEED),
    help="Number that all luck is drawn from; the same number gives the same runs.",
)
REPLACE = click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="Replace a value, such as chips_act.amount_musd=60000 or parameters.interest=0.002. Repeatable.",
)


def asking(folder: str) -> Callable[[Command], Command]:
    """Return what gives a command the options of a question put to the world.

    folder  of its results, by default
    """
    options = (
        runs_of(64, MOST_RUNS),
        SEED,
        click.option("--start", metavar="MONTH", help="First month, such as 2020-01.  [default: the scenario's]"),
        click.option("--until", metavar="MONTH", help="Last month, such as 2030-12.  [default: the scenario's]"),
        REPLACE,
        click.option(
            "--parameters",
            default="central",
            show_default=True,
            type=click.Choice(["central", "posterior"]),
            help="Behaviour: the values of parameters.toml, or for every run another draw that history allows; slower.",
        ),
        click.option("--out", metavar="FOLDER", help=f"Where tables and pictures go.  [default: {folder}]"),
        click.option("--svg", is_flag=True, help="Write every picture as SVG too."),
        click.option("--no-pictures", "pictures", flag_value=False, default=True, help="Write tables only."),
    )
    return lambda command: reduce(lambda dressed, option: option(dressed), reversed(options), command)
