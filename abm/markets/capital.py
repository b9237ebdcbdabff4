"""Where new plants go and who pays: sites chosen within an owner's business, grants ranked against each other."""

from dataclasses import dataclass

import numpy as np

from abm.axes import DivisionRun, Floats, Ints, PotRun, RowRun
from abm.backend import twin
from abm.markets.network import Network, summed
from abm.markets.orders import rest, share_of


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """The rows each division can choose among.

    candidate  row at each position, padded with the number of rows (division, position)
    """

    candidate: Ints

    @classmethod
    def of(cls, network: Network) -> "Sites":
        """Return the candidate sites of every division."""
        members = [np.flatnonzero(network.division_of_row == division) for division in range(network.divisions)]
        candidate = np.full((len(members), max(len(rows) for rows in members)), network.rows)
        for division, rows in enumerate(members):
            candidate[division, : len(rows)] = rows
        return cls(candidate)

    def best(self, value: RowRun) -> tuple[Ints, DivisionRun]:
        """Return the best row of every division and its value (division, run); the first of equals wins."""
        return best(self.candidate, value)

    @property
    def first(self) -> Ints:
        """One row of every division (division,): all its sites have one owner and make one good."""
        return self.candidate[:, 0]


@twin("abm.lanes.capital")
def best(candidate: Ints, value: RowRun) -> tuple[Ints, DivisionRun]:
    """Return the best row of every division and its value (division, run); the first of equals wins.

    candidate  as in ``Sites``;  value  of every row (row, run)
    """
    padded = np.concatenate([value, np.full((1, value.shape[1]), -np.inf)])
    position = padded[candidate].argmax(axis=1)
    row: Ints = candidate[np.arange(len(position))[:, None], position]
    return row, of_rows(padded, row)


@dataclass(frozen=True, slots=True, eq=False)
class Projects:
    """The projects put forward this month, at most one per division and run.

    row     site with the expected grants (division, run)
    plain   site that would be chosen without them (division, run)
    size    capacity, units/month, 0 where nothing is put forward (division, run)
    cost    M USD at the site (division, run)
    short   share of the cost that must be given to prefer the site to the plain one and to nothing (division, run)
    """

    row: Ints
    plain: Ints
    size: DivisionRun
    cost: DivisionRun
    short: DivisionRun

    @classmethod
    def none(cls, divisions: int, runs: int) -> "Projects":
        """Return the projects of a month in which nobody builds."""
        row, nothing = np.zeros((divisions, runs), np.int64), np.zeros((divisions, runs))
        return cls(row, row, nothing, nothing, nothing)


def asked_share(lacking: DivisionRun, gift: DivisionRun, cap: Floats, floor: Floats) -> DivisionRun:
    """Return the share of its cost that each project asks of a programme of grants (division, run).

    lacking  what it must be given to be begun there, share of cost (division, run)
    gift     part of the programme's money that is given, 0 to 1 (division, run)
    cap      largest payment as a share of cost (run);  floor  share that a project asks which would come anyway
    It asks what makes it indifferent, at least the floor, at most the cap.
    """
    share: DivisionRun = np.minimum(np.maximum(share_of(lacking, gift), floor), cap)
    return share


def taken_share(gift: DivisionRun, cap: Floats, floor: Floats) -> DivisionRun:
    """Return the share of its cost that each project takes of a programme of loans or of shares (division, run).

    gift  part of the money that is given, 0 to 1 (division, run);  cap, floor  as in asked_share (run)
    Whoever builds takes all that is offered of cheaper money, needed or not; of money at the market's terms the floor.
    """
    return np.where(gift > 0.0, cap, np.minimum(floor, cap))


@twin("abm.lanes.capital")
def award(asked: DivisionRun, merit: DivisionRun, left: Floats) -> DivisionRun:
    """Return grants, best merit first, until the pot is empty; the sum never exceeds what is left.

    asked  M USD (division, run);  merit  strategic weight per money asked (division, run);  left  M USD (run)
    Equal merits are served in division order.
    """
    order = np.argsort(-merit, axis=0, kind="stable")
    queue = np.take_along_axis(asked, order, axis=0)
    before = np.cumsum(queue, axis=0) - queue
    paid = np.minimum(queue, rest(left, before))
    granted = np.empty_like(paid)
    np.put_along_axis(granted, order, paid, axis=0)
    return granted


@twin("abm.lanes.capital")
def at_rows(row: Ints, amount: DivisionRun, rows: int) -> RowRun:
    """Return amounts of divisions put on the rows they chose (row, run)."""
    placed = np.zeros((rows, amount.shape[1]))
    placed[row, np.arange(row.shape[1])] = amount
    return placed


@twin("abm.lanes.capital")
def of_rows(values: RowRun, row: Ints) -> DivisionRun:
    """Return each division's value at the row it chose (division, run)."""
    chosen: DivisionRun = values[row, np.arange(row.shape[1])]
    return chosen


def obligations(pots: PotRun, granted: DivisionRun, pot: int) -> PotRun:
    """Return what is left in every pot after grants were promised from one of them (pot, run)."""
    left = pots.copy()
    # An empty pot is empty: a residue of the subtraction would keep raising hopes.
    left[pot] = rest(left[pot], summed(granted))
    return left
