"""What happens within one month: quantities that phases hand to each other and to the record."""

from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from abm.axes import CellRun, Floats, GoodRegionRun, LinkRun, RegionRun, RowRun, SlotRun

PotPlace = Annotated[Floats, "pot", "run"]
Table = TypeVar("Table")
# What treasuries pay for besides the programmes with a pot, in the order of ``Flow.outlay``.
PURPOSES = (
    "tax_credits",
    "production_credits",
    "purchase_credits",
    "price_floors",
    "procurement",
    "stockpile",
    "research",
)

# Columns that phases fill part by part; they write every other column whole.
GATHERED = (
    "planned_use",
    "usual_use",
    "use_growth",
    "wanted",
    "used",
    "lost",
    "retired",
    "mandated",
    "electric_taste",
    "electric_premium",
    "outlay",
    "grants_paid",
    "clawed_back",
    "repaid",
    "projects",
    "supported",
)


@dataclass(slots=True, eq=False)
class Flow:
    """The flows of the current month; units of the good per month or M USD per month unless said otherwise.

    Rows
    price_home, price_export           asked at home and for export, M USD per unit
    foreseen, needed                   orders reckoned with now; output needed when new capacity runs
    in_progress, desired, idle_share   work in progress; output wanted; share of capacity that cannot run
    unfinished                         share of what is due that waits for its last input
    input_limit, makeshift             output that critical inputs allow; cost rise by missing other inputs, share
    input_bill, operating_cost         inputs at landed prices; all other cost, M USD per unit
    offered, ordered, asked_abroad, allowed_abroad   stock at trade; orders served; for export; after quota
    revenue, output, finished, delivered   sales; output started; output finished; shipped
    wages, public_money                operating cost paid; received from treasuries less paid back to them
    tension_home, tension_export       pull on prices
    own_experience, others_experience  cumulative output of the owner and of all others in the good, units
    market_price                       public signal to owners, M USD per unit
    tax_credit, retired                share of cost; goods retired in a collector's region
    worth_now                          net present value of new capacity per capex, without grants
    site_capex, site_lag, site_annuity   of capacity begun now, as the traits capex, lag and annuity
    presence                           share of the world's capacity of the good in the row's region
    cost_factor, production_credit     factor on operating cost; paid per unit of output, M USD
    informed, demand_rise              share of planners who see final demand; that demand over its usual level
    mandated                           share of retired goods that must be collected on top of the usual
    started, opened, capex             new capacity begun; capacity opened; investment paid
    plants_begun                       new plants begun, in plants of usual size, count

    Slots
    wanted, received, bill, used       ordered; shipped to the slot; paid; input used up
    planned_use, usual_use, use_growth   use of inputs as planned; as usual; its growth the buyer extrapolates, 1/month
    demand_factor, lost                factor on final demand; final demand that gave up
    credit                             money off that a final buyer sees on the mean unit, M USD

    Links, corridors, places, regions, programmes
    shipped                            on every link, units
    asked, traded, traded_value, fill   asked for; shipped; its value, M USD; share of orders filled
    fill_rate, missing, released, taken   by good and region
    electric_taste, electric_premium   logit terms of the electric share
    tariff_revenue                     by region
    outlay                             paid by treasuries besides grants, by purpose and region
    grants_paid, clawed_back, repaid   by programme: paid out; taken back; interest, instalments and dividends received
    projects, supported                projects granted, count; capacity they add, by programme
    """

    price_home: RowRun
    price_export: RowRun
    foreseen: RowRun
    needed: RowRun
    in_progress: RowRun
    desired: RowRun
    idle_share: RowRun
    unfinished: RowRun
    input_limit: RowRun
    makeshift: RowRun
    input_bill: RowRun
    operating_cost: RowRun
    offered: RowRun
    ordered: RowRun
    asked_abroad: RowRun
    allowed_abroad: RowRun
    revenue: RowRun
    wages: RowRun
    public_money: RowRun
    output: RowRun
    finished: RowRun
    delivered: RowRun
    tension_home: RowRun
    tension_export: RowRun
    own_experience: RowRun
    others_experience: RowRun
    market_price: RowRun
    worth_now: RowRun
    site_capex: RowRun
    site_lag: RowRun
    site_annuity: RowRun
    presence: RowRun
    tax_credit: RowRun
    retired: RowRun
    cost_factor: RowRun
    production_credit: RowRun
    informed: RowRun
    demand_rise: RowRun
    mandated: RowRun
    started: RowRun
    opened: RowRun
    capex: RowRun
    plants_begun: RowRun
    wanted: SlotRun
    received: SlotRun
    bill: SlotRun
    used: SlotRun
    planned_use: SlotRun
    usual_use: SlotRun
    use_growth: SlotRun
    demand_factor: SlotRun
    lost: SlotRun
    credit: SlotRun
    shipped: LinkRun
    asked: CellRun
    traded: CellRun
    traded_value: CellRun
    fill: CellRun
    fill_rate: GoodRegionRun
    missing: GoodRegionRun
    released: GoodRegionRun
    taken: GoodRegionRun
    electric_taste: RegionRun
    electric_premium: RegionRun
    tariff_revenue: RegionRun
    outlay: Annotated[Floats, "purpose", "region", "run"]
    grants_paid: PotPlace
    clawed_back: PotPlace
    repaid: PotPlace
    projects: PotPlace
    supported: PotPlace

    def clear(self) -> None:
        """Begin a month in which nothing has flowed yet; what phases write whole is not to be written into."""
        for column in _gathered(self):
            column.fill(0.0)
        for name, column in zip(_WHOLE, _whole(self), strict=True):
            setattr(self, name, _nothing(column.shape))


_WHOLE = tuple(column.name for column in fields(Flow) if column.name not in GATHERED)
_gathered, _whole = attrgetter(*GATHERED), attrgetter(*_WHOLE)


@lru_cache(maxsize=64)
def _nothing(shape: tuple[int, ...]) -> Floats:
    """Return zeros that take no memory and cannot be written to."""
    return np.broadcast_to(0.0, shape)


def zeros(table: type[Table], sizes: dict[str, int]) -> Table:
    """Return a table of zeros, each column shaped by the axes its type names.

    sizes  length of every axis; the axis pair good, region is stored as one axis of places
    """
    hints: dict[str, Any] = get_type_hints(table, include_extras=True)
    columns = {column.name: np.zeros(_shape(hints[column.name], sizes)) for column in fields(table)}  # type: ignore[arg-type]
    return table(**columns)


def _shape(hint: object, sizes: dict[str, int]) -> tuple[int, ...]:
    """Return the shape that an annotated array type names."""
    if get_origin(hint) is not Annotated:
        message = f"a column of a table of books needs a named shape, not {hint}"
        raise TypeError(message)
    axes = list(get_args(hint)[1:])
    if axes[:2] == ["good", "region"]:
        axes = ["place", *axes[2:]]
    return tuple(sizes[axis] for axis in axes)
