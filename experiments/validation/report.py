"""The report of a validation: one HTML file, misses first, that asks nothing of the network."""

import json
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from experiments.sweeping.disk import put
from experiments.sweeping_analysis.report import NAME, cell, drawing, rendered
from experiments.validation.section import Section


def write(folder: Path, sections: Sequence[Section], manifest: Mapping[str, Any], *, quick: bool) -> Path:
    """Write the report and its manifest into a folder, and return the report.

    manifest  what the figures rest on: no time, no place, so that the same command writes the same bytes
    """
    said = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    put(folder / "manifest.json", said.encode())
    path = folder / NAME
    put(path, rendered(Path(__file__).parent, _content(sections, said, quick=quick)).encode())
    return path


def _content(sections: Sequence[Section], manifest: str, *, quick: bool) -> Mapping[str, Any]:
    """Return what the page is filled with."""
    places = count()
    every = [each for section in sections for each in section.findings if each.holds is not None]
    return {
        "sections": [
            (
                section,
                [(chart.title, drawing(chart, next(places))) for chart in section.charts],
                [(name, *_rows(table)) for name, table in section.tables.items()],
            )
            for section in sections
        ],
        "misses": [(section, each) for section in sections for each in section.misses],
        "held": sum(each.holds is True for each in every),
        "missed": sum(each.holds is False for each in every),
        "manifest": manifest,
        "quick": quick,
    }


def _rows(table: pl.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of a table in words."""
    return table.columns, [[cell(value) for value in row] for row in table.iter_rows()]
