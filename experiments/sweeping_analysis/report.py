"""The report of a sweep: one HTML file with everything in it, that asks nothing of the network."""

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from experiments.palette import STYLE
from experiments.sweeping import provenance
from experiments.sweeping.dataset import ORIGIN, Dataset
from experiments.sweeping.disk import put
from experiments.sweeping.plan import Span, Value
from experiments.sweeping_analysis.charts import Chart
from experiments.sweeping_analysis.outcomes import plain, unit_of
from experiments.sweeping_analysis.study import Study

NAME = "report.html"
HERE = Path(__file__).parent
MOST_ROWS, MOST_REASONS = 40, 10
# What matplotlib names things in a picture; several pictures in one page must not share names.
_NAMES = re.compile(r'(\bid="|url\(#|href="#)')
_HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)


def report(found: Study) -> Path:
    """Write the report into the sweep's folder, and return it."""
    path = found.sample.folder / NAME
    put(path, rendered(HERE, _content(found)).encode())
    return path


def rendered(folder: Path, content: Mapping[str, Any]) -> str:
    """Return the page of a folder's report.html; what all reports share lies beside this module."""
    environment = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(NAME).render(content)


def _content(found: Study) -> Mapping[str, Any]:
    """Return what the page is filled with."""
    sample, dataset = found.sample, Dataset(found.sample.folder)
    return {
        "plan": sample.plan,
        "vary": [(key, *_tried(values)) for key, values in sample.plan.vary.items()],
        "set": [(key, str(value)) for key, value in sample.plan.set.items()],
        "points": len(sample.points),
        "runs": sample.runs.filter(outcome=sample.outcomes[0]).height,
        "paired": sample.paired,
        "findings": found.told,
        "notes": found.notes,
        "charts": [(each.title, drawing(each, place)) for place, each in enumerate(found.charts)],
        "tables": [(name, *_shown(table)) for name, table in found.tables.items()],
        "units": [(name, unit_of(name)) for name in sample.outcomes],
        "failures": _failures(dataset),
        "origin": json.loads((sample.folder / ORIGIN).read_text(encoding="utf-8")),
        "processors": {kind: sorted(models) for kind, models in sorted(provenance.processors(sample.folder).items())},
        "machines": _machines(sample.folder),
        "where": [str(each) for each in sample.where],
    }


def drawing(chart: Chart, place: int) -> Markup:
    """Return a chart as SVG that can stand in a page.

    place  of the chart among all, which makes its names its own
    """
    with matplotlib.rc_context(STYLE):
        stream = io.StringIO()
        chart.draw().savefig(
            stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    # The picture is matplotlib's own, all text in it escaped or drawn as outlines.
    return Markup(_NAMES.sub(rf"\g<1>c{place}-", _HEAD.sub("", stream.getvalue(), count=1)))


def _tried(values: list[Value] | Span) -> tuple[str, str]:
    """Return which values of a key are tried, and how."""
    if isinstance(values, Span):
        return f"{values.low:,.6g} to {values.high:,.6g}", "range, evenly in the logarithm" if values.log else "range"
    return ", ".join(f"{value:,.6g}" if isinstance(value, float | int) else str(value) for value in values), "list"


def _shown(table: pl.DataFrame) -> tuple[list[str], list[list[str]], int]:
    """Return columns, the first rows in words and the number of all rows of a table."""
    kept = table.drop("point", strict=False)
    rows = [[cell(value) for value in row] for row in kept.head(MOST_ROWS).iter_rows()]
    return kept.columns, rows, len(table)


def cell(value: object) -> str:
    """Return a value of a table in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, float) else str(value)


def _failures(dataset: Dataset) -> list[tuple[str, int, str]]:
    """Return why runs failed, how many for each reason, and one that can be replayed."""
    if not dataset.counted("failures"):
        return []
    told = dataset.scan("failures").group_by("reason").agg(pl.len().alias("runs"), pl.col("run_id").min())
    rows = told.sort("runs", "reason", descending=[True, False]).head(MOST_REASONS).collect()
    return [(str(reason).strip(), int(runs), str(one)) for reason, runs, one in rows.iter_rows()]


def _machines(folder: Path) -> list[Mapping[str, str]]:
    """Return what the workers ran on."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "env").glob("[0-9a-f]*.json"))]
