"""The unit of every column of the results, as written into the metadata of the tables."""

from collections.abc import Iterable

from abm.corridors import TRADE_UNITS
from abm.events import EVENT_UNITS
from abm.record import FIRM_UNITS, PROGRAMME_UNITS
from abm.series import SERIES

INDEX = {
    "scenario": "name",
    "run": "number",
    "date": "first day of the month",
    "good": "code",
    "region": "code",
    "buyer": "code",
    "supplier": "code",
    "firm": "name",
    "hq": "code",
    "government": "code",
    "programme": "name",
    "worst_good": "code",
    "worst_month": "first day of the month",
}
TABLES = {
    "regions": {one.name: one.unit for one in SERIES},
    "firms": dict(FIRM_UNITS),
    "trade": dict(TRADE_UNITS),
    "programmes": dict(PROGRAMME_UNITS),
    "events": dict(EVENT_UNITS),
}
# Columns of the table of runs, by how their name begins.
OF_RUNS = {
    "share_": "share of world in the last year",
    "hhi_": "sum of squared shares, 0 to 1",
    "import_dependence_": "share of purchases in the last year",
    "worst_fill_rate": "share of orders",
    "months_to_recover": "months",
    "cars_not_made": "thousand cars",
    "doses_not_made": "million doses",
    "price_": "start = 1",
    "public_spending": "M USD",
    "tariff_revenue": "M USD",
    "cost_per_point": "M USD per percentage point",
}


def units(table: str, columns: Iterable[str]) -> dict[str, str]:
    """Return the unit of every column of a table."""
    return {column: _unit(table, column) for column in columns}


def _unit(table: str, column: str) -> str:
    """Return the unit of one column; an empty word where none is known."""
    if table == "kpi":
        found = next((unit for start, unit in OF_RUNS.items() if column.startswith(start)), "")
    else:
        found = TABLES.get(table, {}).get(column, "")
    return found or INDEX.get(column, "")
