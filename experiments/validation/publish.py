"""Publish a validation: what DESIGN.md and the app show of it.

`python -m experiments.validation.publish [FOLDER]` validates in FOLDER and publishes what it finds; then
`python -m experiments.design` writes the tables into DESIGN.md.
"""

import io
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib
import polars as pl
from matplotlib.figure import Figure
from PIL import Image

from experiments.palette import STYLE
from experiments.published import CHARTS, FINDINGS, FOLDER, TABLE
from experiments.sweep_commands import processors
from experiments.sweeping_analysis.report import cell
from experiments.validation.section import Section
from experiments.validation.validate import Wanted, validate

WIDTH, COLOURS = 1200, 256


def publish(sections: Sequence[Section]) -> None:
    """Replace what is published by the findings, tables and charts of some sections."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    rows = [
        (each.title, found.name, found.told, found.holds, found.why) for each in sections for found in each.findings
    ]
    schema = ["section", "name", "told", "holds", "why"]
    pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None).write_csv(FOLDER / FINDINGS)
    charts = []
    for section in sections:
        for chart in section.charts:
            file = f"{section.name}-{chart.name}.png"
            _draw(chart.draw, FOLDER / file)
            charts.append((chart.title, file))
        for table in list(section.tables.values())[:1]:
            words = [[cell(value) for value in row] for row in table.iter_rows()]
            pl.DataFrame(words, schema=table.columns, orient="row").write_csv(FOLDER / f"{TABLE}{section.name}.csv")
    pl.DataFrame(charts, schema=["title", "file"], orient="row").write_csv(FOLDER / CHARTS)


def _draw(draw: Callable[[], Figure], path: Path) -> None:
    """Draw a chart small enough for a page."""
    stream = io.BytesIO()
    with matplotlib.rc_context(STYLE):
        figure = draw()
        figure.savefig(stream, format="png", dpi=WIDTH / figure.get_figwidth())
    Image.open(stream).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    publish(validate(Wanted(Path(*sys.argv[1:2] or ["results/validation"]), processors()))[1])
