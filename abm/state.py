"""The books: every quantity that changes, with its unit and axes, and the flows of the current month."""

from dataclasses import dataclass
from typing import Annotated

from abm.axes import (
    CellRun,
    DivisionRun,
    Floats,
    GoodRegionRun,
    LinkRun,
    OwnerRun,
    PotRun,
    RegionRun,
    RowRun,
    Run,
    SlotRun,
)


@dataclass(slots=True, eq=False)
class State:
    """What the world carries from one month to the next.

    Plants (row, run)
    capacity          units/month
    ring              capacity that opens in a coming month, as in ``Pipeline``, units/month (opening, run)
    leaving           capacity that begins to close at month t modulo its length, units/month (notice, row, run)
    building          capacity under construction or ramping up, units/month
    ramping           capacity opened and not yet up to speed, units/month
    making            work in progress that is finished at month t modulo its length, units (stage, row, run)
    stock             finished goods, units
    log_price_home    log of the price at home, M USD per unit
    log_price_export  log of the export price, M USD per unit
    expected          expected orders, units/month
    usual             orders averaged over growth_memory months, units/month
    trend             growth of orders the owner believes in, 1/month
    experience        cumulative output, forgotten slowly, units
    cost              unit cost, M USD per unit
    earning           return on capital, averaged over margin_memory months, 1/month
    worth             a site's net present value per capex without grants, averaged likewise
    worth_start       the same at the start
    age               months since the row first had capacity, from 0; large at the start
    outage            share of capacity lost to accidents
    due               capex not yet paid, M USD
    credit_due        tax credit not yet paid out, M USD

    Slots (slot, run)
    input_stock       units of the input in the buyer's hands
    transit           units shipped that land next month
    thrift            input coefficient relative to the start
    landed            mean price with tariff and freight, M USD per unit
    landed_year       the same, averaged over twelve months
    price_rise        expected monthly rise of the landed price, share
    backlog           final demand that waits, units
    base_demand       final demand at start prices, units/month
    fill              share of last month's orders that was filled

    Links (link, run)
    weight            relationship: share of the slot's orders, sums to 1
    memory            supplier's memory of its shipments, units/month

    Others
    hazard            perceived extra log cost of a corridor (cell, run)
    priority          factor on the allocation memory of a corridor, 1 outside emergencies (cell, run)
    wish              capacity wanted and not yet started, units/month (division, run)
    cash, debt        M USD (owner, run)
    distress          months of too much debt (owner, run)
    bankrupt          1 after default (owner, run)
    household         account of the region's households and everyone else, M USD (region, run)
    treasury          account of the region's government, M USD (region, run)
    bank              account of the bank, M USD (run,)
    claims            what the bank is owed, M USD (run,)
    in_use            magnets and cells in use (good x region, run)
    public_stock      public stockpile, units (good x region, run)
    reserve           months of use of a critical input that buyers hold (input x region, run)
    electric_share    electric share of car orders (region, run)
    demand_shock      log of the passing shock to final demand (good x region, run)
    demand_trend      log of the lasting shock to the world demand of a good (good, run)
    end_demand        final demand behind a good, in units of it and smoothed like orders, units/month (good, run)
    usual_end_demand  the same averaged over growth_memory months (good, run)
    know_how          fall of log operating cost by public research (good x region, run)
    pot_left          budget not yet obligated, M USD (pot, run)
    grant_due         money promised and not yet paid out, M USD (pot, row, run)
    granted           money paid out, M USD (pot, owner, run)
    holding           loan not yet repaid, or public shares at what the market asks, M USD (pot, owner, run)
    """

    capacity: RowRun
    ring: Annotated[Floats, "opening", "run"]
    leaving: Annotated[Floats, "notice", "row", "run"]
    building: RowRun
    ramping: RowRun
    making: Annotated[Floats, "stage", "row", "run"]
    stock: RowRun
    log_price_home: RowRun
    log_price_export: RowRun
    expected: RowRun
    usual: RowRun
    trend: RowRun
    experience: RowRun
    cost: RowRun
    earning: RowRun
    worth: RowRun
    worth_start: RowRun
    age: RowRun
    outage: RowRun
    due: RowRun
    credit_due: RowRun
    input_stock: SlotRun
    transit: SlotRun
    thrift: SlotRun
    landed: SlotRun
    landed_year: SlotRun
    price_rise: SlotRun
    backlog: SlotRun
    base_demand: SlotRun
    fill: SlotRun
    weight: LinkRun
    memory: LinkRun
    hazard: CellRun
    priority: CellRun
    wish: DivisionRun
    cash: OwnerRun
    debt: OwnerRun
    distress: OwnerRun
    bankrupt: OwnerRun
    household: RegionRun
    treasury: RegionRun
    bank: Run
    claims: Run
    in_use: GoodRegionRun
    public_stock: GoodRegionRun
    reserve: Annotated[Floats, "input", "run"]
    electric_share: RegionRun
    demand_shock: GoodRegionRun
    demand_trend: Annotated[Floats, "good", "run"]
    end_demand: Annotated[Floats, "good", "run"]
    usual_end_demand: Annotated[Floats, "good", "run"]
    know_how: GoodRegionRun
    pot_left: PotRun
    grant_due: Annotated[Floats, "pot", "row", "run"]
    granted: Annotated[Floats, "pot", "owner", "run"]
    holding: Annotated[Floats, "pot", "owner", "run"]
