"""Where content comes from: how much of an input inside a final good was made where, and what that earns buyers."""

from dataclasses import dataclass

import numpy as np

from abm.arithmetic import exp, log
from abm.axes import Floats, Ints, LinkRun, PerRow, RegionRun, RowRun, SlotRun
from abm.markets.network import Network, Sums
from abm.markets.orders import share_of


@dataclass(frozen=True, slots=True, eq=False)
class Credits:
    """Money off that governments offer on final goods this month.

    links   links from final buyers to makers whose goods may earn it (credit,)
    price   with tariff and freight, before the credit, M USD per unit (credit, run)
    amount  M USD per unit (credit, run)
    """

    links: Ints
    price: Floats
    amount: Floats

    @classmethod
    def none(cls, runs: int) -> "Credits":
        """Return the credits of a month in which there are none."""
        return cls(np.empty(0, np.int64), np.empty((0, runs)), np.empty((0, runs)))

    def by_slot(self, network: Network, units: LinkRun) -> SlotRun:
        """Return the money off for some units on every link, summed by slot, M USD (slot, run)."""
        return Sums(network.link_slot[self.links], network.slots)(self.amount * units[self.links])

    def by_region(self, network: Network, units: LinkRun) -> RegionRun:
        """Return the same summed by the buyers' region, M USD (region, run)."""
        return network.slot_to_region(self.by_slot(network, units))

    def lure(self, network: Network, quality: LinkRun, substitution: Floats) -> LinkRun:
        """Return link qualities with the pull of lower prices on top where there is money off.

        quality       of every link (link, 1)
        substitution  long-run elasticity between suppliers of the corridor's good (cell, 1)
        """
        if not len(self.links):
            return quality
        pull = exp(-substitution[network.link_cell[self.links]] * log(1.0 - self.amount / self.price))
        seen = np.repeat(quality, self.amount.shape[1], axis=1)
        seen[self.links] *= pull
        return seen


def shares(network: Network, made: Ints, use: LinkRun, tiers: list[int], origins: PerRow) -> RowRun:
    """Return the share of a good inside each row's output, anywhere upstream, that comes from some rows (row, run).

    made     good of every row (row,)
    use      units of the input that the buyer takes through the link per unit of output (link, run)
    tiers    the traced good, then the goods that contain it, from upstream to downstream; none where it is in none
    origins  1 for makers of the traced good that count, else 0 (row,)
    """
    if not tiers:
        return np.zeros((network.rows, use.shape[1]))
    whole = np.repeat((made == tiers[0]).astype(np.float64)[:, None], use.shape[1], axis=1)
    part = whole * origins[:, None]
    buyer = network.slot_row[network.link_slot]
    passing = np.isin(made[network.link_row], tiers) & (buyer >= 0)
    for good in tiers[1:]:
        links = np.flatnonzero(passing & (made[buyer] == good))
        to_buyer, taken = Sums(buyer[links], network.rows), use[links]
        whole = whole + to_buyer(taken * whole[network.link_row[links]])
        part = part + to_buyer(taken * part[network.link_row[links]])
    return share_of(part, whole)
