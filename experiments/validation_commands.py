"""The commands ``friendshore calibrate`` and ``friendshore validate``."""

from collections.abc import Callable
from pathlib import Path

import click

from experiments.sweep_commands import MOST_WORKERS, processors

Command = Callable[..., None]
WORKERS = click.option(
    "--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes that play.  [default: processors]"
)


def _out(default: str) -> Callable[[Command], Command]:
    """Return the option of where results go."""
    return click.option(
        "--out",
        default=default,
        show_default=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="Where results go.",
    )


@click.command(epilog="Example: friendshore validate --quick")
@_out("results/validation")
@WORKERS
@click.option("--quick", is_flag=True, help="See in two minutes that all of it works; too few runs to judge.")
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Score only the figures of FILE, a CSV like abm/data/history.csv, told from what was known in 2021.",
)
def validate(out: Path, workers: int | None, against: Path | None, *, quick: bool) -> None:
    """Say where the model fits the world and where it does not.

    Backcasts from 2009 and 2015, the twelve patterns, forecasts of what was held out beside
    simple ones, published counterfactuals, and how much each assumption matters: in one HTML
    file, misses first. Takes some twenty minutes; what is played is kept, so that the same
    line goes on where it was stopped.
    """
    from experiments.validation.validate import Wanted
    from experiments.validation.validate import validate as tell

    report, sections = tell(Wanted(out, workers or processors(), quick, against))
    found = [each.holds for section in sections for each in section.findings]
    click.echo(f"{found.count(True)} checks hold, {found.count(False)} do not. The report is {report}.")


@click.command(epilog="Example: friendshore calibrate --out results/calibration")
@_out("results/calibration")
@WORKERS
def calibrate(out: Path, workers: int | None) -> None:
    """Find which behavioural parameters the figures up to 2018 allow.

    Writes posterior.csv, a sample of them. The settings are in
    experiments/validation/calibration.toml. Takes up to an hour on two processors; the same
    line goes on where it was stopped. Copied to abm/data, the sample is what
    --parameters posterior draws from.
    """
    from experiments.validation.calibrate import calibrate as fit
    from experiments.validation.calibrate import settings
    from experiments.validation.identified import spans
    from experiments.validation.plays import Plays

    draws, waves = fit(Plays(out, workers=workers or processors()), settings())
    told = spans(draws)
    for row in told.iter_rows(named=True):
        said = "narrowed down" if row["narrowed"] else "not identified"
        span, prior = (f"{row[low]:.3g} to {row[high]:.3g}" for low, high in (("least", "most"), ("low", "high")))
        click.echo(f"{row['parameter']:>24}  {span:>16} of {prior:>12}: {said}")
    played = sum(len(wave.loss) for wave in waves)
    click.echo(f"{played} points played. The posterior is {out / 'posterior.csv'}.")


COMMANDS = (calibrate, validate)
