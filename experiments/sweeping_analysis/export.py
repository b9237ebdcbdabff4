"""An analysis as files: tables as CSV, charts as PNG and SVG."""

import io
from pathlib import Path

import matplotlib

from experiments.palette import STYLE
from experiments.pictures import save
from experiments.sweeping.disk import put
from experiments.sweeping_analysis.study import KINDS, Study

OUT = "analysis"
_OWN = {*KINDS, "boxes", "peeling"}


def write(found: Study, *, vector: bool) -> Path:
    """Write tables as CSV and charts as PNG into the sweep's folder ``analysis``; return it.

    vector  whether charts are written as SVG too
    """
    out = found.sample.folder / OUT
    out.mkdir(exist_ok=True)
    # Nothing stays of an analysis that asked for something else.
    for path in out.iterdir():
        if path.suffix in {".csv", ".png", ".svg"} and path.stem.partition("-")[0] in _OWN:
            path.unlink()
    for name, table in found.tables.items():
        buffer = io.BytesIO()
        table.write_csv(buffer)
        put(out / f"{name}.csv", buffer.getvalue())
    for chart in found.charts:
        with matplotlib.rc_context(STYLE):
            figure = chart.draw()
        save(figure, out, chart.name, vector=vector)
    return out
