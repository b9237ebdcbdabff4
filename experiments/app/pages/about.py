"""About the model: what it is for, where its figures come from, what is assumed, its tables, how to cite it."""

from functools import cache, partial
from importlib.metadata import metadata

import polars as pl
import solara

from abm.facts import PACKAGE_DATA, coverage
from experiments.app.components.fold import Fold, FoldedTable
from experiments.app.components.sheet import Table
from experiments.app.components.words import H1, H2, Box, Items, Paragraph
from experiments.app.pages.learn import STYLE
from experiments.app.room import Room
from experiments.app.sheets import Sheet
from experiments.app.texts import section, text
from experiments.coverage import SOURCING, sourcing
from experiments.design import Grid, chapter, grids
from experiments.published import PLACE, findings, pictures

PURPOSE = "1 Purpose and patterns"
ASSUMED = "assumed"


@solara.component
def About(room: Room) -> None:
    """Show what a reader should know of the model before believing it."""
    solara.Style(STYLE)
    H1(text("about", "heading"))
    with Box(kind="fs-grid"):
        with Box(kind="fs-card"):
            H2(text("about", "purpose"))
            Paragraph(chapter(PURPOSE))
        with Box(kind="fs-card"):
            H2(text("about", "conclude"))
            Items(section("conclude", "points"))
        with Box(kind="fs-card"):
            Sourced()
        with Box(kind="fs-card"):
            H2(text("about", "assumed"))
            counted = parameters()
            Paragraph(text("about", "assumed_told").format(assumed=counted[0], count=counted[1]))
            Paragraph(text("about", "assumed_more"))
    Validated()
    H2(text("about", "odd"))
    Box(Paragraph(text("about", "odd_help")), kind="fs-read")
    with Box(kind="fs-card fs-prose"):
        for name in (each for each in found() if each in section("about")):
            FoldedTable(text("about", name), partial(sheet, name)).key(name)
    with Box(kind="fs-card fs-part"):
        H2(text("about", "licence"))
        told = metadata("friendshore")
        Paragraph(text("about", "licence_told").format(licence=told["License-Expression"]))
        Paragraph(text("about", "cite"))
        asked = room.question
        cited = text("about", "citation")
        Box(cited.format(version=told["Version"], scenario=asked.scenario, seed=asked.seed), tag="pre")


@solara.component
def Sourced() -> None:
    """Show what part of the figures has a source."""
    rows = shares()
    _, entries, sourced, derived, assumed = rows[-1]
    told = text("about", "coverage_told")
    H2(text("about", "coverage"))
    Paragraph(told.format(entries=entries, sourced=sourced, derived=derived, assumed=assumed))
    Table(Sheet(SOURCING, tuple(section("about", "coverage_columns")), rows))


@solara.component
def Validated() -> None:
    """Show what the last validation found: misses first, then its charts."""
    told = findings()
    missed, held = told.filter(pl.col("holds").eq(other=False)), told.filter("holds")
    with Box(kind="fs-card fs-part"):
        H2(text("about", "validation"))
        Paragraph(text("about", "validation_told").format(held=len(held), count=len(held) + len(missed)))
        Fold(text("about", "missed").format(count=len(missed)), Items(_said(missed)))
        Fold(text("about", "held").format(count=len(held)), Items(_said(held)))
        for each in pictures():
            image = Box(tag="img", src=f"{PLACE}/{each.file}", alt=each.title, loading="lazy", kind="fs-picture")
            Fold(each.title, image).key(each.file)


def _said(told: pl.DataFrame) -> list[str]:
    """Return findings as sentences."""
    return [f"{section}: {said}" for section, said in told.select("section", "told").iter_rows()]


@cache
def shares() -> tuple[tuple[str, ...], ...]:
    """Return the rows of ``friendshore data check``."""
    return tuple(sourcing(coverage(PACKAGE_DATA)))


@cache
def found() -> dict[str, Grid]:
    """Return the tables of the design."""
    return grids()


def sheet(name: str) -> Sheet:
    """Return a table of the design as a page shows it."""
    heads, rows = found()[name]
    return Sheet(text("about", name), heads, tuple(tuple(map(str, row)) for row in rows))


@cache
def parameters() -> tuple[int, int]:
    """Return how many parameters are assumed, and how many there are."""
    heads, rows = found()["parameters"]
    place = heads.index("source")
    return sum(row[place] == ASSUMED for row in rows), len(rows)
