"""The whole analysis of a sweep: every table, every chart that has something to show, and what they say."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib
import polars as pl

from experiments.palette import STYLE
from experiments.pictures import save
from experiments.sweeping.disk import put
from experiments.sweeping_analysis import findings
from experiments.sweeping_analysis.boxes import cases_of, prim
from experiments.sweeping_analysis.charts import Chart, draw_differences, draw_response
from experiments.sweeping_analysis.choice_charts import draw_box, draw_frontier
from experiments.sweeping_analysis.condition import Condition
from experiments.sweeping_analysis.curves import curves
from experiments.sweeping_analysis.key_charts import draw_morris, draw_pawn, draw_sobol
from experiments.sweeping_analysis.outcomes import Outcome, chosen, worded
from experiments.sweeping_analysis.pairs import SHARE, SPENDING, differences, frontier
from experiments.sweeping_analysis.sample import Sample, gathered, opened
from experiments.sweeping_analysis.variance import MISSING, OF_DESIGN

OUT = "analysis"
_ALIKE = 1e-12
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
        """Findings, the most important first."""
        return list(dict.fromkeys([*self.said, *(chart.title for chart in self.charts)]))


def study(folder: Path, outcomes: Sequence[str], where: Sequence[str]) -> Study:
    """Return the analysis of a sweep's folder.

    outcomes  columns of the table ``kpi``; those that say most if there are none
    where     conditions such as share_chips_US>0.15
    """
    asked = [Condition.read(each) for each in where]
    _, told, kpi = opened(folder)
    files = told["file"].unique(maintain_order=True).to_list()
    named = list(dict.fromkeys(outcomes)) or chosen(told, kpi, files)
    sample = gathered(folder, tuple(named), tuple(asked))
    from experiments.sweeping.points import loaded

    words = worded([*sample.outcomes, SPENDING], loaded(files[0])[0].start)
    tables: dict[str, pl.DataFrame] = {}
    notes: list[str] = []
    said: list[str] = []
    charts = [*_boxes(sample, tables, said), *_costs(sample, tables, words, kpi.collect_schema().names(), folder)]
    of_keys = list(_keys(sample, tables, words, notes))
    along = list(_along(sample, tables, words))
    first = sample.outcomes[0]
    order = sorted([*along, *of_keys, *charts], key=lambda chart: _place(chart, first))
    return Study(sample, tables, order, said, notes)


def _place(chart: Chart, first: str) -> tuple[bool, int]:
    """Return where a chart stands: those of the first outcome before the others, answers before details."""
    kinds = ("box", "differences", "sobol", "morris", "pawn", "response", "frontier")
    return not (chart.name.startswith("box") or chart.name.split("-")[1] == first), kinds.index(
        chart.name.split("-")[0]
    )


def _varies(values: pl.Series) -> bool:
    """Return whether figures differ at all."""
    spread = values.drop_nulls().std()
    return isinstance(spread, float) and spread > _ALIKE


def _reads(values: pl.Series, outcome: Outcome) -> bool:
    """Return whether figures differ so much that one can read it."""
    known = values.drop_nulls().to_list()
    return bool(known) and not outcome.nothing(max(known) - min(known))


def _kind(sample: Sample, outcome: str) -> str:
    """Return what is drawn of an outcome: the difference, unless there is none anywhere."""
    mine = sample.runs.filter(outcome=outcome)
    return next((kind for kind in sample.kinds if _varies(mine[kind])), sample.kinds[-1])


def _along(sample: Sample, tables: dict[str, pl.DataFrame], words: Mapping[str, Outcome]) -> Iterator[Chart]:
    """Make response curves and paired differences; yield their charts."""
    if sample.keys:
        tables["response"] = curves(sample)
        for name in sample.outcomes:
            kind = _kind(sample, name)
            mine = tables["response"].filter(outcome=name, of=kind)
            if _reads(mine["median"], words[name]) or name == sample.outcomes[0]:
                title = findings.of_curves(mine, words[name], kind)
                yield Chart(f"response-{name}", title, partial(draw_response, sample, mine, words[name], kind, title))
    if sample.paired:
        tables["differences"] = differences(sample)
        for name in sample.outcomes:
            told = tables["differences"].filter(outcome=name)
            if not all(map(words[name].nothing, told["mean"].drop_nulls())) or name == sample.outcomes[0]:
                title = findings.of_differences(told, words[name])
                yield Chart(f"differences-{name}", title, partial(draw_differences, sample, told, words[name], title))


def _keys(
    sample: Sample, tables: dict[str, pl.DataFrame], words: Mapping[str, Outcome], notes: list[str]
) -> Iterator[Chart]:
    """Make what the plan's design was drawn for; yield its charts."""
    for method, made in OF_DESIGN.get(sample.plan.design, ()):
        if method != "sobol" and find_spec("SALib") is None:
            notes.append(MISSING)
            continue
        found = made(sample)
        if found.is_empty():
            notes.append(f"Too few points are finished for {method}.")
            continue
        tables[method] = found
        draw, say = _OF_KEYS[method]
        for (scenario, name), group in found.group_by("scenario", "outcome", maintain_order=True):
            kind = _kind(sample, str(name))
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
    sample: Sample, tables: dict[str, pl.DataFrame], words: Mapping[str, Outcome], columns: Sequence[str], folder: Path
) -> Iterator[Chart]:
    """Make what a gain of every share costs; yield the charts."""
    shares = [name for name in sample.outcomes if name.startswith(SHARE)]
    if not (sample.paired and shares and SPENDING in columns):
        return
    priced = sample if SPENDING in sample.outcomes else gathered(folder, (*sample.outcomes, SPENDING), ())
    tables["frontier"] = pl.concat([frontier(priced, name) for name in shares])
    for name in shares:
        mine = tables["frontier"].filter(outcome=name)
        if mine["cost"].count() and _varies(mine["gain"]) and _varies(mine["spending"]):
            title = findings.of_frontier(mine, words[name], words[SPENDING])
            draw = partial(draw_frontier, sample, mine, words[name], words[SPENDING], title)
            yield Chart(f"frontier-{name}", title, draw)


def write(found: Study, *, vector: bool) -> Path:
    """Write tables as CSV and charts as PNG into the sweep's folder ``analysis``; return it.

    vector  whether charts are written as SVG too
    """
    out = found.sample.folder / OUT
    out.mkdir(exist_ok=True)
    for name, table in found.tables.items():
        buffer = io.BytesIO()
        table.write_csv(buffer)
        put(out / f"{name}.csv", buffer.getvalue())
    for chart in found.charts:
        with matplotlib.rc_context(STYLE):
            figure = chart.draw()
        save(figure, out, chart.name, vector=vector)
    return out
