"""What the model says of the same: every figure of history measured in the tables of a sweep, run by run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from experiments.sweeping.dataset import Dataset
from experiments.validation.observed import Measure, goods_of, measure_of, measures

RUN = ("point", "run")
YEAR = (*RUN, "year")
SUMMED = ("capacity", "output", "consumption", "capex")
PRICES = ("price_export", "price_domestic")
MONTHS = 12.0
Value = pl.Expr


@dataclass(frozen=True)
class Tables:
    """The tables of a sweep by year: means of months, what a month needs by month, and what is kept at a year's end.

    months  first days of the months that some figure is of
    """

    folder: Path
    months: tuple[object, ...] = ()

    @cached_property
    def regions(self) -> pl.DataFrame:
        """Point, run, year, month (null: the whole year), good, region and the means of every column."""
        table = Dataset(self.folder).scan("regions")
        columns = [name for name in (*SUMMED, *PRICES) if name in table.collect_schema().names()]
        dated = table.with_columns(pl.col("date").dt.year().alias("year"), pl.col("good", "region").cast(pl.String))
        key = [*YEAR, "good", "region"]
        yearly = dated.group_by(key).agg(pl.col(columns).cast(pl.Float64).mean()).with_columns(month=None)
        single = dated.filter(pl.col("date").is_in(self.months)).with_columns(month=pl.col("date"))
        parts = [each.select(*key, pl.col("month").cast(pl.Date), *columns) for each in (yearly, single)]
        whole = pl.concat(parts, how="vertical_relaxed").collect(engine="streaming")
        return whole.sort(*key, "month")

    @cached_property
    def first(self) -> int:
        """The first year there is."""
        return int(self.regions["year"].to_numpy().min())

    @cached_property
    def trade(self) -> pl.DataFrame:
        """Point, run, year, good, buyer, supplier and units of the year."""
        return self._at_end("trade").with_columns(pl.col("good", "buyer", "supplier").cast(pl.String))

    @cached_property
    def firms(self) -> pl.DataFrame:
        """Point, run, year, good, firm, capacity and output in the year's last month."""
        return self._at_end("firms").with_columns(pl.col("good", "firm").cast(pl.String))

    def _at_end(self, name: str) -> pl.DataFrame:
        """Return a table of year's ends, ordered."""
        table = Dataset(self.folder).scan(name).with_columns(pl.col("date").dt.year().alias("year")).collect()
        return table.sort("point", "run", "year", maintain_order=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure to be measured in every run.

    name  of a firm or the like, that the series' name ends with
    """

    measure: Measure
    name: str
    good: str
    region: str


def _regional(tables: Tables, asked: Asked, numerator: Value, denominator: Value | None = None) -> pl.DataFrame:
    """Return a ratio of sums over a region's rows, or their sum, by run and date."""
    here = pl.lit(value=True) if asked.region == "WORLD" else pl.col("region") == asked.region
    rows = tables.regions.filter(pl.col("good").is_in(goods_of(asked.good)))
    top = numerator.filter(here).sum()
    value = top if denominator is None else top / denominator.sum()
    return rows.group_by(*YEAR, "month", maintain_order=True).agg(value.alias("model"))


def _share(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return a region's share of the world's total, %."""
    of = pl.col(asked.measure.of)
    return _regional(tables, asked, 100.0 * of, of)


def _total(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return a total over a year."""
    return _regional(tables, asked, MONTHS * asked.measure.per * pl.col(asked.measure.of))


def _rate(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return the growth of a total on the year before, %."""
    total = _total(tables, asked).filter(pl.col("month").is_null()).sort(YEAR)
    before = pl.col("model").shift(1).over(RUN)
    return total.with_columns((100.0 * (pl.col("model") / before - 1.0)).alias("model"))


def _utilisation(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return output over capacity, %."""
    here = pl.lit(value=True) if asked.region == "WORLD" else pl.col("region") == asked.region
    return _regional(tables, asked, 100.0 * pl.col("output"), pl.col("capacity").filter(here))


def _price(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return the price that makers in a region ask."""
    there = Asked(asked.measure, asked.name, asked.good, asked.measure.at)
    return _regional(tables, there, pl.col(asked.measure.of))


def _share_of_pool(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return the share of one kind of car in all cars of a region, %."""
    pool = Asked(asked.measure, asked.name, "car", asked.region)
    here = pl.lit(value=True) if asked.region == "WORLD" else pl.col("region") == asked.region
    of = pl.col(asked.measure.of)
    mine = pl.when(pl.col("good") == asked.good).then(100.0 * of).otherwise(0.0)
    return _regional(tables, pool, mine, of.filter(here))


def _traded(tables: Tables, asked: Asked, top: Value, bottom: Value | None = None) -> pl.DataFrame:
    """Return a sum of units, or a ratio of sums in %, by run and year."""
    rows = tables.trade.filter(pl.col("good").is_in(goods_of(asked.good)))
    units = pl.col("units")
    above = units.filter(top).sum()
    value = above if bottom is None else 100.0 * above / units.filter(bottom).sum()
    return rows.group_by(YEAR, maintain_order=True).agg(value.alias("model"))


_ABROAD = pl.col("buyer") != pl.col("supplier")


def _from(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return the share of a region's imports that come from another, %."""
    imports = _ABROAD & (pl.col("buyer") == asked.region)
    return _traded(tables, asked, imports & (pl.col("supplier") == asked.measure.at), imports)


def _dependence(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return the share of a region's purchases that come from abroad, %."""
    mine = pl.col("buyer") == asked.region
    return _traded(tables, asked, mine & _ABROAD, mine)


def _exports(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return a region's exports over a year."""
    return _traded(tables, asked, _ABROAD & (pl.col("supplier") == asked.region))


def _of_firm(tables: Tables, asked: Asked) -> tuple[pl.DataFrame, Value]:
    """Return the rows of all firms' goods, and what tells the firm's own."""
    rows = tables.firms.filter(pl.col("good").is_in(goods_of(asked.good)))
    return rows, pl.col("firm").str.to_lowercase() == asked.name.replace("_", " ").lower()


def _firm_share(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return a firm's share of the world's total at a year's end, %."""
    rows, mine = _of_firm(tables, asked)
    of = pl.col(asked.measure.of)
    return rows.group_by(YEAR, maintain_order=True).agg((100.0 * of.filter(mine).sum() / of.sum()).alias("model"))


def _firm_total(tables: Tables, asked: Asked) -> pl.DataFrame:
    """Return a firm's total at a year's end."""
    rows, mine = _of_firm(tables, asked)
    return rows.group_by(YEAR, maintain_order=True).agg(pl.col(asked.measure.of).filter(mine).sum().alias("model"))


KINDS: Mapping[str, Callable[[Tables, Asked], pl.DataFrame]] = {
    "share": _share,
    "total": _total,
    "rate": _rate,
    "utilisation": _utilisation,
    "price": _price,
    "from": _from,
    "dependence": _dependence,
    "exports": _exports,
    "share_of_pool": _share_of_pool,
    "firm_share": _firm_share,
    "firm_total": _firm_total,
}


def measured(folder: Path, rows: pl.DataFrame, *, based: bool = True) -> pl.DataFrame:
    """Return one row per figure of history and run: the columns of the figure, point, run, model, title and given.

    rows   of history that the sweep's months cover
    based  whether an index is set equal to history; else it is the model's own level
    given  whether the figure is of the sweep's first year, or sets the level of an index: the model was told it
    """
    tables, known, found = Tables(folder, tuple(rows["month"].drop_nulls().unique())), measures(), []
    for (series, good, region), mine in rows.group_by("series", "good", "region", maintain_order=True):
        told = measure_of(str(series), str(good), known)
        assert told is not None
        name, measure = told
        some = mine.filter(pl.col("year") >= measure.since).sort(_WHEN)
        values = KINDS[measure.kind](tables, Asked(measure, name, str(good), str(region)))
        # Firms and trade are known by year alone: a month of them is told by its year.
        key = ["year", "month"] if "month" in values.columns else ["year"]
        values = values.cast({"model": pl.Float64}).filter(pl.col("model").is_finite())
        both = some.join(values, on=key, how="inner", nulls_equal=True, maintain_order="left")
        both = both.with_columns(title=pl.lit(measure.title), given=pl.lit(value=False))
        found.append(_based(both) if based and measure.index else both)
    return pl.concat(found, how="diagonal").with_columns(given=pl.col("given") | (pl.col("year") == tables.first))


# A year's figure stands before those of its months.
_WHEN = pl.coalesce("month", pl.date(pl.col("year"), 1, 1))


def _based(both: pl.DataFrame) -> pl.DataFrame:
    """Return figures with the model set equal to what was observed at the first date there is, run by run."""
    scale = (pl.col("value") / pl.col("model")).first().over(RUN)
    return both.with_columns(model=pl.col("model") * scale, given=_WHEN.eq(_WHEN.min()))
