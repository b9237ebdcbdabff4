"""Several scenarios under the same luck: how each differs from the first, and how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from abm.errors import InputError, nearest
from abm.outline import RESERVED
from abm.overrides import split
from abm.scenario import Scenario
from abm.world import World
from experiments.answer import Request, settle
from experiments.digest import SERIES, Series, Tally, series_of
from experiments.layout import WIDEST, ruled
from experiments.run import ask
from experiments.sentence import called, counted, figure
from experiments.show import SHOWN, SMALL
from experiments.summary import Gain, Summary, summarise

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Differences side by side that fit into 80 columns.
ABREAST = 3


def compare(request: Request) -> int:
    """Run all scenarios, show how each differs from the first, write the results folder; return the exit code."""
    return settle(request, rivals(request.scenarios, request.overrides), tell)


def rivals(names: Sequence[str], assignments: Sequence[str]) -> tuple[Scenario, ...]:
    """Return the scenarios to compare, the reference first; one alone is compared with its baseline.

    assignments  overrides; one of a measure holds for every scenario that has it, the others for all
    """
    if len(names) == 1:
        found = ask(names[0], assignments)
        if len(found) == 1:
            raise InputError("compare", f"{names[0]} has no baseline.", "Name a second scenario.")
        return found
    if len(names) > len(LETTERS):
        raise InputError("compare", f"{len(names)} scenarios are too many.", f"Name at most {len(LETTERS)}.")
    loaded = [Scenario.load(name) for name in names]
    twice = {each.name for each in loaded if sum(other.name == each.name for other in loaded) > 1}
    if twice:
        raise InputError("compare", f"{', '.join(sorted(twice))} is named twice.", "Give each scenario its own name.")
    _refuse_unknown(loaded, assignments)
    changed = tuple(each.override(*_of(each, loaded, assignments)) for each in loaded)
    _refuse_other_months(changed)
    return changed


def _of(scenario: Scenario, everyone: Sequence[Scenario], assignments: Sequence[str]) -> list[str]:
    """Return the assignments that speak of a scenario: all but those of measures that only others have."""
    known = {name: {each.name for each in one.measures} for name, one in ((one.name, one) for one in everyone)}
    elsewhere = set.union(*known.values()) - known[scenario.name]
    return [each for each in assignments if split(each)[0][0] not in elsewhere]


def _refuse_unknown(everyone: Sequence[Scenario], assignments: Sequence[str]) -> None:
    """Refuse an assignment that speaks of no measure of any scenario, and of nothing else that can be replaced."""
    known = {*RESERVED[:3], *(measure.name for each in everyone for measure in each.measures)}
    for head in (split(each)[0][0] for each in assignments):
        if head not in known:
            raise InputError(
                f"override {head}", f"no scenario has a policy or shock called {head!r}.", nearest(head, known)
            )


def _refuse_other_months(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios that are not lived through over the same months."""
    first = scenarios[0]
    for other in scenarios[1:]:
        if (other.start, other.until) != (first.start, first.until):
            spans = [f"{each.name} runs {each.start:%Y-%m} to {each.until:%Y-%m}" for each in (first, other)]
            raise InputError("compare", f"{spans[0]}, {spans[1]}.", "Give --start and --until for all.")


@dataclass(frozen=True, slots=True)
class Rivals:
    """What is shown side by side.

    reference  figures of the first scenario alone
    others     figures of every other beside the reference
    world      they live in;  spans  names of the periods shown
    """

    reference: Summary
    others: tuple[Summary, ...]
    world: World
    spans: tuple[str, ...]

    @property
    def everyone(self) -> tuple[Summary, ...]:
        """The reference, then all others."""
        return (self.reference, *self.others)

    def letter(self, summary: Summary) -> str:
        """Return the letter that stands for a scenario in the tables."""
        return LETTERS[[each.scenario.name for each in self.everyone].index(summary.scenario.name)]


def tell(tally: Tally, scenarios: Sequence[Scenario], world: World) -> pl.DataFrame:
    """Print how each scenario that has finished runs differs from the first, and return all figures."""
    done = [each for each in scenarios if tally.runs(each.name)]
    headline = scenarios[-1].headline
    others = tuple(replace(summarise(tally, (done[0], each)), headline=headline) for each in done[1:])
    rivals = Rivals(replace(summarise(tally, done[:1]), headline=headline), others, world, tuple(tally.spans))
    console = Console(width=WIDEST, markup=False, highlight=False)
    _lead(console, rivals)
    for block in [others[at : at + ABREAST] for at in range(0, len(others), ABREAST)]:
        same = []
        for sheet in _sheets(rivals):
            table, differs = _table(rivals, block, sheet)
            if differs:
                console.print(table)
            else:
                same.append(sheet.title.partition(",")[0])
        if same:
            console.print(Text(f"\nNothing differs in: {'; '.join(same)}."), width=WIDEST)
    console.print(_money(rivals))
    return pl.concat([_figures(each, done[0]) for each in rivals.everyone], how="diagonal")


def _figures(summary: Summary, reference: Scenario) -> pl.DataFrame:
    """Return all figures of a scenario with its name and that of the reference in front."""
    named = (pl.lit(summary.scenario.name).alias("scenario"), pl.lit(reference.name).alias("reference"))
    return summary.figures.select(*named, pl.all())


def _lead(console: Console, rivals: Rivals) -> None:
    """Print a sentence for every scenario, what the tables show, and what the letters stand for."""
    for summary in rivals.others:
        console.print(Text(_sentence(summary, rivals), style="bold"), width=WIDEST)
    scenario = rivals.reference.scenario
    runs = min(each.runs for each in rivals.everyone)
    told = f"{counted(runs)} of each under the same luck, {scenario.start:%B %Y} to {scenario.until:%B %Y}."
    if runs > 1:
        told += " ± is half of the 90 % interval of the mean difference, run against run."
    console.print(Text(told, style="dim"), width=WIDEST)
    width = max(len(each.scenario.name) for each in rivals.everyone)
    console.print()
    for each in rivals.everyone:
        title = f"{rivals.letter(each)} {each.scenario.name:<{width}}  {each.scenario.title}"
        console.print(Text(title), width=WIDEST, no_wrap=True, overflow="ellipsis")


def _sentence(summary: Summary, rivals: Rivals) -> str:
    """Return what the headline asks for in one scenario, compared with the reference."""
    told, reference = summary.headline, rivals.reference.scenario.name
    if told is None:
        return f"{summary.scenario.title}: {counted(summary.runs)}."
    world, spans = rivals.world, rivals.spans
    series, region = series_of(told, world.goods), called(world.region_titles[world.regions.index(told.region)])
    if told.measure == "export_price":
        place = ("export_peak", series.goods[0], told.region, spans[-1])
        lead = f"buyers abroad pay {region} for {series.phrase} up to {summary.figure(*place).mean:.1f} times the price"
        return f"With {summary.scenario.name} {lead} of {spans[0]}{_versus(summary.gain(*place), 'times', reference)}."
    place = ("share", series.code, told.region, spans[-1])
    lead = f"{region} {series.verb} {summary.figure(*place).mean:.1f} % of the world's {series.phrase} in {spans[-1]}"
    return f"With {summary.scenario.name} {lead}{_versus(summary.gain(*place), 'points', reference)}."


def _versus(gain: Gain, unit: str, reference: str) -> str:
    """Return the end of a sentence that says how much more or less than in the reference something is."""
    size = figure(abs(gain.mean))
    if float(size) == 0.0:
        return f", as much as with {reference}"
    return f", {size}{_error(gain, 1)} {unit} {'more' if gain.mean > 0 else 'less'} than with {reference}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to print.

    rows    label, and measure, item, region and period of a figure
    factor  from the unit of the figures to that of the title;  digits  behind the point
    """

    title: str
    rows: Sequence[tuple[str, tuple[str, str, str, str]]]
    factor: float = 1.0
    digits: int = 1


def _sheets(rivals: Rivals) -> Iterator[Sheet]:
    """Yield the tables of shares, prices and shortages."""
    world, last = rivals.world, rivals.spans[-1]
    for series in SERIES:
        if set(series.goods) <= set(world.goods.code):
            yield Sheet(f"{series.title}, % of the world, {last}", [*_regions(rivals, series)])
    titles = dict(zip(world.goods.code, world.goods.title, strict=True))
    goods = {code: titles[code].split(" (")[0] for code in SHOWN if code in titles}

    def rows(measure: str) -> list[tuple[str, tuple[str, str, str, str]]]:
        """Return a row for every good."""
        return [(title, (measure, code, "", last)) for code, title in goods.items()]

    yield Sheet(f"Prices paid in {last}, start = 1", rows("price"), digits=2)
    yield Sheet("Orders filled in the worst month of any region, %", rows("fill"), 100.0)
    yield Sheet("Final demand lost over the whole run, %", rows("lost"), 100.0, 2)
    spending = ("public_spending", "all", "", last)
    yield Sheet("Public money over the whole run, billion dollars", [("grants and tax credits", spending)], 0.001)


def _regions(rivals: Rivals, series: Series) -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    """Yield a row for every region that is large anywhere, the largest of the reference first."""
    world, last = rivals.world, rivals.spans[-1]
    place = {code: ("share", series.code, code, last) for code in world.regions}
    means = {code: [each.figure(*place[code]).mean for each in rivals.everyone] for code in world.regions}
    for code in sorted(world.regions, key=lambda code: -means[code][0]):
        if max(means[code]) >= SMALL:
            yield world.region_titles[world.regions.index(code)], place[code]


def _table(rivals: Rivals, block: Sequence[Summary], sheet: Sheet) -> tuple[Table, bool]:
    """Return a table, the reference and how some others differ from it, and whether any figure shown does."""
    table = ruled(sheet.title, [""], ["A", *(f"{rivals.letter(each)} - A" for each in block)])
    seen = set()
    for label, place in sheet.rows:
        level = sheet.factor * rivals.reference.figure(*place).mean
        gains = [_signed(each.gain(*place), sheet) for each in block]
        table.add_row(label, figure(level, digits=sheet.digits), *gains)
        seen.update(gains)
    return table, not seen <= {_nothing(sheet), "-"}


def _signed(gain: Gain, sheet: Sheet) -> str:
    """Return a difference with its sign and half of its interval; a plain zero where neither can be seen."""
    size = figure(sheet.factor * gain.mean, "+", sheet.digits)
    error = _error(gain, sheet.digits, sheet.factor)
    nothing = _nothing(sheet)
    return nothing if (size, error) in {(nothing, f" ± {nothing}"), (nothing, "")} else f"{size}{error}"


def _nothing(sheet: Sheet) -> str:
    """Return how a table writes zero."""
    return figure(0.0, digits=sheet.digits)


def _error(gain: Gain, digits: int, factor: float = 1.0) -> str:
    """Return half of the interval behind its sign; nothing where it is not known."""
    return "" if isnan(gain.error) else f" ± {figure(factor * gain.error, digits=digits)}"


def _money(rivals: Rivals) -> Table:
    """Return the table of what every programme paid and took in, in every scenario."""
    letters = [rivals.letter(each) for each in rivals.everyone]
    paid = {letter: _programmes(each) for letter, each in zip(letters, rivals.everyone, strict=True)}
    table = ruled("Programmes over the whole run, billion dollars paid (tariffs: taken in)", [""], letters)
    for key in sorted({key for known in paid.values() for key in known}):
        table.add_row(" ".join(key), *(figure(paid[letter].get(key, nan)) for letter in letters))
    return table


def _programmes(summary: Summary) -> dict[tuple[str, str], float]:
    """Return what each programme paid or took in, billion dollars, by government and programme."""
    rows = summary.figures.filter(pl.col("measure").is_in(["paid", "tariff_revenue"]))
    money = rows.group_by("region", "item").agg(pl.col("mean").sum() / 1000.0).rows()
    return {(government, programme): amount for government, programme, amount in money}
