"""Several scenarios under the same luck: how each differs from the first, and how sure that is."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan

import polars as pl
from rich.console import Console
from rich.text import Text

from abm.places import called
from abm.scenario import Scenario
from abm.world import World
from experiments.answer import Request, settle
from experiments.compare_tables import Rivals, half, money, sheets, table
from experiments.digest import Tally, place, series_of
from experiments.layout import WIDEST
from experiments.painters import Painters
from experiments.rivals import headlines, rivals
from experiments.sentence import bill, clause, counted, figure, verdict
from experiments.summary import Summary, summarise
from experiments.verdict import Gain, Spread
from experiments.who import who

# Differences side by side that fit into 80 columns.
ABREAST = 3


def compare(request: Request, painters: Painters) -> int:
    """Run all scenarios, show how each differs from the first, write the results folder; return the exit code."""
    return settle(request, rivals(request.scenarios, request.overrides), tell, painters)


def tell(tally: Tally, scenarios: Sequence[Scenario], world: World) -> pl.DataFrame:
    """Print how each scenario that has finished runs differs from the first, and return all figures."""
    rivals = told(tally, scenarios, world)
    others = rivals.others
    console = Console(width=WIDEST, markup=False, highlight=False)
    _lead(console, rivals)
    for block in [others[at : at + ABREAST] for at in range(0, len(others), ABREAST)]:
        same = []
        for sheet in sheets(rivals):
            shown, differs = table(rivals, block, sheet)
            if differs:
                console.print(shown)
            else:
                same.append(sheet.title.partition(",")[0])
        if same:
            console.print(Text(f"\nNothing differs in: {'; '.join(same)}."), width=WIDEST)
    for summary in others:
        for part in who(rivals, summary):
            console.print(part)
    console.print(money(rivals))
    reference = rivals.reference.scenario
    return pl.concat([_figures(each, reference) for each in rivals.everyone], how="diagonal")


def told(tally: Tally, scenarios: Sequence[Scenario], world: World) -> Rivals:
    """Return the figures of the scenarios that have finished runs, each beside the first."""
    done = [each for each in scenarios if tally.runs(each.name)]
    known = headlines(scenarios)
    others = tuple(replace(summarise(tally, (done[0], each)), headline=known.get(each.name)) for each in done[1:])
    return Rivals(summarise(tally, done[:1]), others, world, tuple(tally.spans))


def _figures(summary: Summary, reference: Scenario) -> pl.DataFrame:
    """Return all figures of a scenario with its name and that of the reference in front."""
    named = (pl.lit(summary.scenario.name).alias("scenario"), pl.lit(reference.name).alias("reference"))
    return summary.figures.select(*named, pl.all())


def _lead(console: Console, rivals: Rivals) -> None:
    """Print a sentence for every scenario, what the tables show, and what the letters stand for."""
    for summary in rivals.others:
        console.print(Text(versus(summary, rivals), style="bold"), width=WIDEST)
    scenario = rivals.reference.scenario
    runs = min(each.runs for each in rivals.everyone)
    told = f"{counted(runs)} of each under the same luck, {scenario.start:%B %Y} to {scenario.until:%B %Y}."
    if runs > 1:
        told += " ± is half of the 90 % interval of the mean difference, run against run; ? where that includes 0: "
        told += "too few runs to tell it from none."
    console.print(Text(told, style="dim"), width=WIDEST)
    width = max(len(each.scenario.name) for each in rivals.everyone)
    console.print()
    for each in rivals.everyone:
        title = f"{rivals.letter(each)} {each.scenario.name:<{width}}  {each.scenario.title}"
        console.print(Text(title), width=WIDEST, no_wrap=True, overflow="ellipsis")


def versus(summary: Summary, rivals: Rivals) -> str:
    """Return what the headline asks for in one scenario, compared with the reference, and how sure it is."""
    told, reference = summary.headline, rivals.reference.scenario.name
    if told is None:
        return f"{summary.scenario.title}: {counted(summary.runs)}."
    world, spans = rivals.world, rivals.spans
    series, region = series_of(told, world.goods), called(world.region_titles[world.regions.index(told.region)])
    where = (*place(series, told.region, told.measure), spans[-1])
    level = summary.figure(*where).mean
    lead = clause(told, series, region, Spread(level, level, level), spans)
    gain = summary.gain(*where)
    if _alike(gain):
        beside = f"as much as with {reference}"
    else:
        unit = "times" if told.measure == "export_price" else "points"
        beside = f"{_versus(gain, unit, reference)}{verdict(summary, gain)}"
    spent = bill(summary, series, spans[-1]) if told.measure == "share" else ""
    return f"With {summary.scenario.name} {lead}, {beside}.{spent}"


def _versus(gain: Gain, unit: str, reference: str) -> str:
    """Return the end of a sentence that says how much more or less than in the reference something is."""
    return f"{figure(abs(gain.mean))}{half(gain)} {unit} {'more' if gain.mean > 0 else 'less'} than with {reference}"


def _alike(gain: Gain) -> bool:
    """Return whether neither a difference nor a doubt about it can be seen."""
    return all(isnan(size) or float(figure(size)) == 0.0 for size in (gain.mean, gain.error))
