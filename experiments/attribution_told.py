"""An attribution on a terminal, in a sentence and as a picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from rich.console import Console
from rich.text import Text

from abm.scenario import Scenario
from experiments.attribution import Part
from experiments.chart_frame import sheet
from experiments.layout import WIDEST, ruled
from experiments.palette import FAINT, INK, QUIET, REGIONS
from experiments.sentence import counted, figure
from experiments.verdict import Gain

# Parts that are drawn each by itself; the rest is drawn as one.
MOST = 10
RISE, FALL = REGIONS["US"], REGIONS["CN"]
LEFT, RIGHT = 0.30, 0.93


@dataclass(frozen=True, slots=True)
class Account:
    """What accounts for the difference between two scenarios.

    ends    the two scenarios;  levels  mean figure of both;  parts  what every difference contributes
    title   of the figure;  unit  of levels and parts
    sampled whether orders were drawn; otherwise every combination was played
    """

    ends: tuple[Scenario, Scenario]
    levels: tuple[float, float]
    parts: tuple[Part, ...]
    title: str
    unit: str
    runs: int
    sampled: bool = False

    @property
    def change(self) -> float:
        """The whole difference."""
        return self.levels[1] - self.levels[0]

    @property
    def ranked(self) -> Sequence[Part]:
        """The parts, the largest first."""
        return sorted(self.parts, key=lambda part: -abs(part.mean))

    def table(self) -> pl.DataFrame:
        """Return levels and parts, one row each."""
        rows = [
            (self.ends[0].name, "level", self.levels[0], math.nan),
            *((part.name, "contribution", part.mean, part.error) for part in self.ranked),
            (self.ends[1].name, "level", self.levels[1], math.nan),
        ]
        schema = ["name", "what", "mean", "error"]
        return pl.DataFrame(rows, schema=schema, orient="row").with_columns(unit=pl.lit(self.unit)).fill_nan(None)

    def sentence(self) -> str:
        """Return what moved the figure most."""
        first, second = (each.name for each in self.ends)
        size = f"{figure(abs(self.change), digits=self.digits)} {self.unit}"
        lead = self.ranked[0]
        if float(figure(self.change, digits=self.digits)) == 0.0:
            return f"With {second} the {self.title} is as with {first}."
        word = "higher" if self.change > 0 else "lower"
        told = f"With {second} the {self.title} is {size} {word} than with {first}"
        if len(self.parts) == 1:
            return f"{told}, all of it by {lead.name}."
        moved = figure(abs(lead.mean), digits=self.digits)
        along = lead.mean * self.change > 0.0
        told += f"; {lead.name} accounts for {moved} of them" if along else f"; {lead.name} works against it by {moved}"
        return f"{told}, but {self.few} are too few to tell that from none." if open_(lead) else f"{told}."

    @property
    def few(self) -> str:
        """What there may be too few of, in words."""
        return f"{counted(self.runs)} and the orders drawn" if self.sampled else counted(self.runs)

    @property
    def digits(self) -> int:
        """Digits behind the point that show the largest number with three figures."""
        largest = max(abs(self.change), *(abs(part.mean) for part in self.parts), 1e-12)
        return max(0, min(6, 2 - math.floor(math.log10(largest)))) if largest < 100.0 else 0


def open_(part: Part) -> bool:
    """Return whether a part cannot be told from none."""
    return Gain(part.mean, part.error).open


def show(account: Account, played: int) -> None:
    """Print the sentence and the table.

    played  scenarios that were played to sample orders; 0 where every combination was
    """
    console = Console(width=WIDEST, markup=False, highlight=False)
    console.print(Text(account.sentence(), style="bold"), width=WIDEST)
    how = f"orders sampled, at most {played} scenarios" if played else "every combination of the differences"
    told = f"Shapley values over {how}, {counted(account.runs)} of each under the same luck; they add up exactly."
    if account.runs > 1:
        told += " ± is half of the 90 % interval"
        few = "too few runs or orders" if account.sampled else "too few runs"
        doubt = any(open_(part) for part in account.parts)
        told += f"; ? where that includes 0: {few} to tell it from none." if doubt else "."
    console.print(Text(told, style="dim"), width=WIDEST)
    table = ruled(f"{account.title}, {account.unit}", [""], ["", "±", "% of it"])
    number = account.digits
    table.add_row(account.ends[0].name, figure(account.levels[0], digits=number), "", "")
    for part in account.ranked:
        share = "" if account.change == 0.0 else figure(100.0 * part.mean / account.change, digits=0)
        error = f"{figure(part.error, digits=number)}{'?' if open_(part) else ''}"
        table.add_row(f"  {part.name}", figure(part.mean, "+", number), error, share)
    table.add_row(account.ends[1].name, figure(account.levels[1], digits=number), "", "")
    console.print(table)


def picture(account: Account, foot: str) -> Picture:
    """Return the parts as steps from the level of the first scenario to that of the second."""
    page = sheet(account.sentence(), foot, f"{account.title[:1].upper()}{account.title[1:]}, {account.unit}.")
    bottom, top = page.bottom + 0.05, page.top - 0.03
    axes = page.figure.add_axes((LEFT, bottom, RIGHT - LEFT, top - bottom))
    names, at = [account.ends[0].name], account.levels[0]
    _mark(axes, 0, at, account)
    shown = list(account.ranked[:MOST])
    if rest := account.ranked[MOST:]:
        error = math.sqrt(sum(part.error**2 for part in rest))
        shown.append(Part(f"{len(rest)} others", math.fsum(part.mean for part in rest), error))
    for place, part in enumerate(shown, 1):
        _step(axes, place, at, part, account)
        at += part.mean
        names.append(part.name.removeprefix("parameters.").replace("_", " "))
    _mark(axes, len(shown) + 1, account.levels[1], account)
    names.append(account.ends[1].name)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=FAINT)
    axes.use_sticky_edges = False
    axes.margins(x=0.16, y=0.03)
    axes.spines["left"].set_visible(False)
    return page.figure


def _mark(axes: Axes, place: int, level: float, account: Account) -> None:
    """Draw the level of a scenario."""
    axes.plot([level, level], [place - 0.42, place + 0.42], color=INK, linewidth=3.0)
    words = figure(level, digits=account.digits)
    axes.annotate(words, (level, place), (8.0, 0.0), textcoords="offset points", va="center", size=13)


def _step(axes: Axes, place: int, start: float, part: Part, account: Account) -> None:
    """Draw what one part adds to where the others have led, with its interval and its size."""
    colour = RISE if part.mean >= 0.0 else FALL
    hatch = "" if part.mean >= 0.0 else "///"
    axes.barh(place, part.mean, left=start, height=0.62, color=colour, hatch=hatch, edgecolor="white", linewidth=0.0)
    end = start + part.mean
    axes.plot([start, start], [place - 1.0, place + 0.31], color=QUIET, linewidth=0.9, zorder=1.0)
    error = 0.0 if math.isnan(part.error) else part.error
    if error > 0.0:
        axes.errorbar(end, place, xerr=error, color=INK, capsize=4.0, linewidth=1.3)
    reach = max(start, end + error)
    words = f"{figure(part.mean, '+', account.digits)}{'?' if open_(part) else ''}"
    axes.annotate(words, (reach, place), (8.0, 0.0), textcoords="offset points", va="center", size=13, weight="bold")
