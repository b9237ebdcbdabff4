"""Money: bills of trade, loans, dividends, defaults; every payment has a payer and a payee."""

from dataclasses import dataclass

import numpy as np

from abm.axes import CellRun, Floats, Ints, LinkRun, OwnerRun, RegionRun, RowRun, SlotRun
from abm.backend import twin
from abm.markets.network import Network
from abm.markets.orders import share_of


@dataclass(frozen=True, slots=True, eq=False)
class Bills:
    """Who owes what for a month's shipments, M USD; bills = revenue + duty + carriage.

    bill      of the buyer (slot, run)
    revenue   of the seller (row, run)
    value     of what was shipped (cell, run)
    duty      to the buyer's government (cell, run)
    carriage  freight, to the buyer's region (cell, run)
    """

    bill: SlotRun
    revenue: RowRun
    value: CellRun
    duty: CellRun
    carriage: CellRun


def bills(network: Network, shipped: LinkRun, offers: Floats, tariff: CellRun, freight: CellRun) -> Bills:
    """Return the bills of a month's shipments.

    offers   prices, home stacked on export, M USD per unit (2 row, run)
    tariff   share of the value (cell, run);  freight  share of the value (cell, 1)
    """
    bill, revenue, value = owed(network, shipped, offers, 1.0 + tariff + freight)
    return Bills(bill, revenue, value, value * tariff, value * freight)


@twin("abm.lanes.finance")
def landed(network: Network, units: LinkRun, offers: Floats, wedge: CellRun) -> SlotRun:
    """Return what units cost their buyer with duty and freight, M USD (slot, run); arguments as in ``owed``."""
    return network.to_slot(units * offers[network.link_offer] * wedge[network.link_cell])


@twin("abm.lanes.finance")
def owed(network: Network, units: LinkRun, offers: Floats, wedge: CellRun) -> tuple[SlotRun, RowRun, CellRun]:
    """Return what units cost with duty and freight by buyer, and what is left for makers by row and by corridor, M USD.

    offers  as in ``bills``;  wedge  1 + tariff + freight (cell, run)
    """
    value = units * offers[network.link_offer]
    by_cell, revenue = network.to_cell(value), network.to_row(value)
    value *= wedge[network.link_cell]
    return network.to_slot(value), revenue, by_cell


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """An owner's month at the bank and with its shareholders, M USD (owner, run), all at least 0."""

    loan: OwnerRun
    repaid: OwnerRun
    dividend: OwnerRun


def close_month(
    cash: OwnerRun,
    debt: OwnerRun,
    assets: OwnerRun,
    target: OwnerRun,
    limits: tuple[float, float],
    public: OwnerRun,
) -> Books:
    """Return loans, repayments and dividends that close an owner's month.

    cash    before closing, may be negative;  assets  value of plant;  target  cash to keep; all M USD (owner, run)
    limits  largest and usual debt as shares of assets;  public  loans from programmes, M USD (owner, run)
    A shortfall is borrowed up to the limit, for which public loans count too; spare cash first brings debt, public
    loans with it, down to its usual level: cheaper loans take the place of the bank's.
    """
    largest, usual = limits
    room = np.maximum(largest * assets - debt - public, 0.0)
    loan = np.minimum(np.maximum(-cash, 0.0), room)
    spare = np.maximum(cash - target, 0.0)
    repaid = np.minimum(spare, np.minimum(np.maximum(debt + public - usual * assets, 0.0), debt))
    return Books(loan, repaid, spare - repaid)


def instalment(loan: Floats, lent: Floats, term: Floats) -> Floats:
    """Return what of a loan is repaid this month, M USD: equal parts of all that was lent, until nothing is left.

    loan  not yet repaid;  lent  all that was lent, M USD (owner, run);  term  months (run)
    """
    due: Floats = np.minimum(loan, lent / term)
    return due


def public_part(holding: Floats, public: Floats, net: Floats) -> Floats:
    """Return the part of an owner's dividends that goes to one programme's shares (owner, run).

    holding  of the programme;  public  of all programmes;  net  plant and cash less debt; all M USD (owner, run)
    The shares count for what they are worth beside the owner's net assets, and never for more than all of them.
    """
    return share_of(holding, np.maximum(net, public))


@dataclass(frozen=True, slots=True, eq=False)
class FireSale:
    """What changes hands when owners default.

    capacity  gained (positive) or lost by each row, units/month (row, run)
    price     paid (positive) or received by each row, M USD (row, run)
    scrapped  capacity that nobody takes, units/month (row, run)
    """

    capacity: RowRun
    price: RowRun
    scrapped: RowRun


def fire_sale(network: Network, place: Ints, capacity: RowRun, value: RowRun, gone: RowRun) -> FireSale:
    """Return the sale of defaulted owners' plants to solvent owners of the same good in the same region.

    place  good x region of every row (row,);  value  price of a unit of capacity, M USD (row, run)
    gone   1 for rows of owners in default, 0 for solvent ones (row, run)
    Buyers share the plants by their own capacity; where nobody is left the plants are scrapped.
    """
    offered = capacity * gone
    keepers = capacity * (1.0 - gone)
    total_offered = network.row_to_good_region(offered)[place]
    total_kept = network.row_to_good_region(keepers)[place]
    share = share_of(keepers, total_kept)
    gained = share * total_offered
    worth = share * network.row_to_good_region(offered * value)[place]
    sold = np.where(total_kept > 0.0, offered, 0.0)
    return FireSale(gained - sold, worth - sold * value, offered - sold)


def by_buyer(network: Network, amounts: CellRun) -> RegionRun:
    """Return amounts of corridors summed by the buyer's region (region, run)."""
    return network.cell_to_buyer(amounts)


def over_plants(network: Network, owner: Ints, amount: OwnerRun, weight: RowRun) -> RowRun:
    """Return owners' amounts spread over their plants by a weight, evenly where they have none (row, run).

    owner  of every row (row,);  amount  M USD (owner, run);  weight  at least 0 (row, run)
    """
    spread, plants = np.zeros_like(weight), np.bincount(owner, minlength=len(amount))
    rows = np.flatnonzero(np.any(amount, axis=1)[owner])
    whose = owner[rows]
    total = network.row_to_owner(weight)[whose]
    evenly = 1.0 / plants[whose][:, None]
    spread[rows] = amount[whose] * np.where(total > 0.0, share_of(weight[rows], total), evenly)
    return spread
