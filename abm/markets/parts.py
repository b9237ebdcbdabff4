"""A world cut into more plants: who knows whom and how it starts follow from the whole, shared out evenly."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from abm.axes import Ints
from abm.scale import Parts

if TYPE_CHECKING:
    from abm.markets.balance import Balance
    from abm.markets.network import Network


def links_of_parts(parts: Parts, whole: "Network", slot_row: Ints) -> tuple[Ints, Ints, Ints]:
    """Return slot, supplying row and link of the whole of every link of a split world, by slot and then by row.

    whole     network of the whole world
    slot_row  buyer's row of every slot, -1 for final demand (slot,)

    Each part of a buyer knows one part of every split maker that the whole knew, in turn, and each part of a maker
    one of every split buyer: what can be bought and sold in the whole can be in parts.
    """
    rows = np.argsort(parts.part_of, kind="stable")
    first_row = np.cumsum(parts.count) - parts.count
    inputs, buyer = int((slot_row >= 0).sum()), whole.slot_row[whole.link_slot]
    buyers, makers = np.where(buyer < 0, 1, parts.count[buyer]), parts.count[whole.link_row]
    many = np.maximum(buyers, makers)
    link = np.repeat(np.arange(len(many)), many)
    turn = np.arange(len(link)) - np.repeat(np.cumsum(many) - many, many)
    row = rows[first_row[whole.link_row[link]] + (turn + link) % makers[link]]
    rank = whole.link_slot - np.searchsorted(whole.slot_row[: whole.inputs], buyer)
    mine = rows[first_row[buyer[link]] + turn % buyers[link]]
    slot = np.searchsorted(slot_row[:inputs], mine) + rank[link]
    ends = buyer[link] < 0
    slot[ends] = whole.link_slot[link[ends]] - whole.inputs + inputs
    order = np.lexsort((row, slot))
    return slot[order], row[order], link[order]


def balance_of_parts(parts: Parts, networks: tuple["Network", "Network"], balance: "Balance") -> "Balance":
    """Return the still start of a split world: every part has its share of what the whole buys, makes and sells.

    networks  of the whole and of the split world;  balance  of the whole
    """
    whole, split = networks
    of, shared = parts.part_of, 1.0 / parts.count[parts.part_of]
    slot, _, link = links_of_parts(parts, whole, split.slot_row)
    mine, its = _slots_of(parts, whole, split), np.where(split.slot_row < 0, 1.0, shared[split.slot_row])
    # A link of the whole becomes as many as its buyer or its maker has parts; each buyer splits its orders evenly.
    many = np.bincount(link, minlength=len(whole.link_slot))[link]
    return replace(
        balance,
        sales=balance.sales[of] * shared,
        output=balance.output[of] * shared,
        capacity=balance.capacity[of] * shared,
        weight=balance.weight[link] / (many * its[slot]),
        purchases=balance.purchases[mine] * its,
        price=balance.price[of],
        cost=balance.cost[of],
        other_cost=balance.other_cost[of],
        landed=balance.landed[mine],
        experience=balance.experience[of] * shared,
        known=balance.known[of],
    )


def _slots_of(parts: Parts, whole: "Network", split: "Network") -> Ints:
    """Return the slot of the whole that every slot is part of (slot,)."""
    row = split.slot_row[: split.inputs]
    rank = np.arange(split.inputs) - np.searchsorted(row, row)
    first = np.searchsorted(whole.slot_row[: whole.inputs], np.arange(whole.rows))
    return np.concatenate([first[parts.part_of[row]] + rank, np.arange(whole.inputs, whole.slots)])
