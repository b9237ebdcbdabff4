"""The whole analysis of a sweep: every table, every chart that has something to show, and what they say."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from experiments.sweeping_analysis import findings
from experiments.sweeping_analysis.box_tables import cases_of, prim
from experiments.sweeping_analysis.caveats import missing, shared, unshared
from experiments.sweeping_analysis.charts import Chart, draw_differences, draw_response, shown
from experiments.sweeping_analysis.choice_charts import draw_box, draw_frontier
from experiments.sweeping_analysis.condition import Condition
from experiments.sweeping_analysis.curves import curves, movement
from experiments.sweeping_analysis.key_charts import draw_morris, draw_pawn, draw_sobol
from experiments.sweeping_analysis.outcomes import Outcome, chosen, plain, scenes, worded
from experiments.sweeping_analysis.pairs import SHARE, SPENDING, differences, frontier
from experiments.sweeping_analysis.sample import Sample, gathered, numeric, opened
from experiments.sweeping_analysis.variance import MISSING, OF_DESIGN

# Charts in their order: answers before details.
KINDS = ("box", "differences", "sobol", "morris", "pawn", "response", "frontier")
_ALIKE = 1e-12
MOST_GROUPS = 4
_OF_KEYS: Mapping[str, tuple[Callable[..., Any], Callable[..., str]]] = {
    "sobol": (draw_sobol, findings.of_sobol),
    "morris": (draw_morris, findings.of_morris),
    "pawn": (draw_pawn, findings.of_pawn),
}


@dataclass(frozen=True, slots=True)
class Study:
    """What an analysis has found.

    tables  by the name of their file;
    said    findings without a chart, which come first;  notes  what could not be done, and why
    """

    sample: Sample
    tables: Mapping[str, pl.DataFrame]
    charts: Sequence[Chart]
    said: Sequence[str]
    notes: Sequence[str]

    @property
    def told(self) -> list[str]:
        """Findings, the most important first: what was asked for, then what is nowhere to be seen."""
        boxes = [chart.title for chart in self.charts if chart.name.startswith("box")]
        return list(dict.fromkeys([*boxes, *self.said, *(chart.title for chart in self.charts)]))


def study(folder: Path, outcomes: Sequence[str], where: Sequence[str]) -> Study:
    """Return the analysis of a sweep's folder.

    outcomes  columns of the table ``kpi``; those that say most if there are none
    where     conditions such as share_chips_US>0.15
    """
    asked = [Condition.read(each) for each in where]
    _, told, kpi = opened(folder)
    files = told["file"].unique(maintain_order=True).to_list()
    known = scenes(files)
    named = list(dict.fromkeys(outcomes)) or chosen(told, kpi, [scene for scene, _ in known])
    sample = gathered(folder, tuple(named), tuple(asked))
    words = worded([*sample.outcomes, SPENDING], known[0][0].start if known else None)
    tables: dict[str, pl.DataFrame] = {}
    said: list[str] = []
    touched = {*sample.plan.vary, *sample.plan.set}
    shocked = {scene.name: unshared(scene, rival, touched) for scene, rival in known} if sample.paired else {}
    notes = [*shared(shocked), *missing(folder, told, sample)]
    charts = list(_boxes(sample, tables, said))
    main = list(outcomes) or [sample.outcomes[0]]
    charts += _compared(sample, tables, words, main, said)
    charts += _along(sample, tables, words, main, said)
    charts += _keys(sample, tables, words, notes)
    if sample.paired and SPENDING in kpi.collect_schema().names():
        priced = sample if SPENDING in sample.outcomes else gathered(folder, (*sample.outcomes, SPENDING), ())
        charts += _costs(priced, {name for name, shocks in shocked.items() if shocks}, tables, words, said)
    first = sample.outcomes[0]
    return Study(sample, tables, sorted(charts, key=lambda chart: _place(chart, first)), said, notes)


def _place(chart: Chart, first: str) -> tuple[bool, int]:
    """Return where a chart stands: those of the first outcome before the others, answers before details."""
    kind, _, rest = chart.name.partition("-")
    return not (kind == "box" or rest.partition("-")[0] == first), KINDS.index(kind)


def _varies(values: pl.Series) -> bool:
    """Return whether figures differ at all."""
    spread = values.drop_nulls().std()
    return isinstance(spread, float) and spread > _ALIKE


def _reads(values: pl.Series, outcome: Outcome) -> bool:
    """Return whether figures differ so much that one can read it."""
    known = values.drop_nulls().to_list()
    return bool(known) and outcome.reads(min(known), max(known))


def _kind(sample: Sample, outcome: Outcome) -> str:
    """Return what is drawn of an outcome: the difference, unless it reads alike in all points."""
    means = sample.means().filter(outcome=outcome.column)
    return next((kind for kind in sample.kinds if _reads(means[kind], outcome)), sample.kinds[0])


def _compared(
    sample: Sample, tables: dict[str, pl.DataFrame], words: Mapping[str, Outcome], asked: Sequence[str], said: list[str]
) -> Iterator[Chart]:
    """Make paired differences; yield the charts of those that are there or asked for, or say that there are none."""
    if not sample.paired:
        return
    tables["differences"] = differences(sample)
    for name in sample.outcomes:
        told = tables["differences"].filter(outcome=name)
        title = findings.of_differences(told, words[name])
        if not (name in asked or told["sure"].any()):
            continue
        if not all(map(words[name].nothing, told["mean"].drop_nulls())):
            yield Chart(f"differences-{name}", title, partial(draw_differences, sample, told, words[name], title))
        elif name in asked:
            said.append(title)


def _along(
    sample: Sample, tables: dict[str, pl.DataFrame], words: Mapping[str, Outcome], asked: Sequence[str], said: list[str]
) -> Iterator[Chart]:
    """Make response curves; yield the charts of those that move or are asked for, or say that nothing moves."""
    if not sample.keys:
        return
    tables["response"] = curves(sample)
    # What single keys do is told by the trajectories of Morris; keys of a list move together.
    together = sample.plan.design == "morris" or (sample.plan.design == "list" and len(sample.keys) > 1)
    for name in sample.outcomes if not together or not sample.paired else ():
        kind = _kind(sample, words[name])
        mine = tables["response"].filter(outcome=name, of=kind)
        if mine.is_empty() or not (name in asked or movement(mine)["sure"].any()):
            continue
        title = findings.of_curves(mine, words[name], kind)
        if _reads(mine["median"], words[name]):
            yield Chart(f"response-{name}", title, partial(draw_response, sample, mine, words[name], kind, title))
        elif name in asked:
            said.append(title)


def _keys(
    sample: Sample, tables: dict[str, pl.DataFrame], words: Mapping[str, Outcome], notes: list[str]
) -> Iterator[Chart]:
    """Make what the plan's design was drawn for; yield its charts."""
    for method, made in OF_DESIGN.get(sample.plan.design, ()):
        if method == "morris" and find_spec("SALib") is None:
            notes.append(MISSING)
            continue
        found = made(sample)
        if found.is_empty():
            notes.append(f"Too few points are finished for {method}.")
            continue
        tables[method] = found
        draw, say = _OF_KEYS[method]
        for (scenario, name), group in found.group_by("scenario", "outcome", maintain_order=True):
            kind = _kind(sample, words[str(name)])
            mine = group.filter(of=kind)
            means = sample.means().filter(scenario=scenario, outcome=name)[kind]
            if mine.is_empty() or not _reads(means, words[str(name)]):
                continue
            title = _led(sample, str(scenario), findings.capital(say(mine, words[str(name)], kind)))
            place = f"{method}-{name}-{scenario}" if len(sample.scenarios) > 1 else f"{method}-{name}"
            yield Chart(place, title, partial(draw, sample, mine, words[str(name)], kind, title))


def _boxes(sample: Sample, tables: dict[str, pl.DataFrame], said: list[str]) -> Iterator[Chart]:
    """Look for the boxes in which the conditions are met; yield a chart for every scenario."""
    if sample.met is None:
        return
    tables["boxes"], tables["peeling"] = prim(sample)
    for scenario in sample.scenarios:
        first = [table.filter(scenario=scenario, box=1) for table in (tables["boxes"], tables["peeling"])]
        title = findings.of_boxes(first[0], sample.met.filter(scenario=scenario), sample.where)
        title = _led(sample, scenario, title)
        if first[0].is_empty():
            said.append(title)
            continue
        cases = cases_of(sample, scenario)
        name = f"box-{scenario}" if len(sample.scenarios) > 1 else "box"
        yield Chart(name, title, partial(draw_box, sample, first[0], first[1], cases, title))


def _led(sample: Sample, scenario: str, title: str) -> str:
    """Return a finding with the scenario it is about, where there are several."""
    return f"{scenario}: {title}" if len(sample.scenarios) > 1 else title


def _costs(
    whole: Sample,
    shocked: Collection[str],
    tables: dict[str, pl.DataFrame],
    words: Mapping[str, Outcome],
    said: list[str],
) -> Iterator[Chart]:
    """Make what a gain of every share costs; yield a chart for every baseline with several points to choose from.

    shocked  scenarios whose baseline is without their shocks: what they gain is not bought
    """
    sample = replace(whole, points=whole.points.filter(~pl.col("scenario").is_in([*shocked])))
    shares = [name for name in sample.outcomes if name.startswith(SHARE)]
    if sample.points.is_empty() or not shares:
        return
    tables["frontier"] = pl.concat([frontier(sample, name) for name in shares])
    for name in shares:
        groups = tables["frontier"].filter(outcome=name).partition_by("against", maintain_order=True)
        for place, mine in enumerate(groups):
            title = findings.of_frontier(mine, words[name], words[SPENDING])
            where = _circumstances(whole, mine)
            title = f"{where}: {title}" if where else title
            if findings.bought(mine, words[name]).is_empty() or place >= MOST_GROUPS:
                continue
            if not (_varies(mine["gain"]) and _varies(mine["spending"])):
                said += [title] if len(sample.points) == 1 else []
                continue
            draw = partial(draw_frontier, sample, mine, words[name], words[SPENDING], title)
            yield Chart(f"frontier-{name}-{place + 1}" if len(groups) > 1 else f"frontier-{name}", title, draw)


def _circumstances(sample: Sample, points: pl.DataFrame) -> str:
    """Return what points with one baseline have in common, in words."""
    alike = [key for key in ("scenario", *sample.keys) if points[key].n_unique() == 1 < sample.points[key].n_unique()]
    values = points.row(0, named=True)
    return ", ".join(
        values[key]
        if key == "scenario"
        else f"{shown(key)} {plain(values[key]) if numeric(points, key) else values[key]}"
        for key in alike
        if values[key] is not None
    )
