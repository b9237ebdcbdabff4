"""Fitting trade to what buyers need and makers sell: rows and columns scaled in turn (RAS)."""

import numpy as np

from abm.axes import Floats, Ints
from abm.errors import InputError
from abm.markets.network import Network, totals
from abm.markets.orders import share_of
from abm.world import World

_SWEEPS = 20_000
_CLOSE = 1e-10
_TRACE = 1e-3


def balanced(world: World, good: int, supply: Floats, wanted: Floats) -> Floats:
    """Return the share of each buyer region's purchases from each supplier region (buyer, supplier), rows sum to 1.

    The prior is the supplier's weight in the world, with known import shares and a bias towards home; it is scaled
    by rows and columns in turn until supply and purchases both hold (RAS).
    """
    known = world.import_share[good]
    prior = np.tile(supply / supply.sum(), (len(supply), 1))
    prior[np.diag_indices_from(prior)] *= world.goods.home_bias[good]
    prior = _with_known(prior / prior.sum(axis=1, keepdims=True), known)
    flow = prior * wanted[:, None]
    for _ in range(_SWEEPS):
        sold = flow.sum(axis=0)
        flow = flow * share_of(supply, sold)
        bought = flow.sum(axis=1)
        flow = flow * share_of(wanted, bought)[:, None]
        if np.abs(flow.sum(axis=0) - supply).max() <= _CLOSE * supply.sum():
            break
    else:
        code = world.goods.code[good]
        raise InputError("trade.csv", f"trade in {code} cannot be balanced", "Relax an import_share of that good.")
    share: Floats = np.where(wanted[:, None] > 0.0, flow, prior)
    return share_of(share, share.sum(axis=1, keepdims=True))


def _with_known(prior: Floats, known: Floats) -> Floats:
    """Return the prior with known import shares put in and the others scaled to fill each row."""
    fixed = np.where(np.isnan(known), 0.0, known)
    free = np.where(np.isnan(known), prior, 0.0)
    left = free.sum(axis=1, keepdims=True)
    filled: Floats = fixed + free * share_of(1.0 - fixed.sum(axis=1, keepdims=True), left)
    return filled


def fitted(network: Network, links: Ints, prior: Floats, demand: tuple[Ints, Floats], output: Floats) -> Floats:
    """Return link weights near the prior at which every slot buys its need and every row sells its output (link,).

    prior  link weights that suit the trade between regions (link,);  demand  slots and what they buy, units/month
    """
    slots, bought = demand
    slot, row = np.searchsorted(slots, network.link_slot[links]), network.link_row[links]
    # A small trace keeps every known maker of the good reachable however the trade between regions looks.
    flow = (prior + _TRACE * output[row] / output.sum()) * bought[slot]
    for _ in range(_SWEEPS):
        sold = totals(row, flow, network.rows)
        if np.abs(sold - output)[row].max() <= _CLOSE * bought.sum():
            break
        flow = flow * share_of(output, sold)[row]
        flow = flow * share_of(bought, totals(slot, flow, len(slots)))[slot]
    else:
        code = str(network.slot_good[slots[0]])
        raise InputError(
            "plants.csv", f"nobody can buy all that makers of good number {code} sell", "Check its shares."
        )
    free = (prior + _TRACE * output[row] / output.sum()) * (bought[slot] <= 0.0)
    weight = flow + free
    return share_of(weight, totals(slot, weight, len(slots))[slot])
