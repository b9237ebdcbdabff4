"""The small market with NumPy: arrays (buyer, known, run) and (firm, run), all runs side by side."""

import numpy as np
from scipy.sparse import csr_array

from abm.axes import Floats
from small_market import (
    BUILD,
    BUYERS,
    COVER,
    FIRMS,
    GAP,
    KNOWN,
    MARKUP,
    MONTHS,
    PULL,
    SIGMA,
    SMOOTH,
    SPEED,
    TENSION,
    TIERS,
    USUAL,
    WIDE,
    Start,
)


def run(start: Start) -> Floats:
    """Return output, mean price and lowest fill of every tier (month, tier, series, run)."""
    runs = start.season.shape[1]
    to_maker = csr_array(
        (np.ones(BUYERS * KNOWN), (start.maker.ravel(), np.arange(BUYERS * KNOWN))), shape=(FIRMS, BUYERS * KNOWN)
    )
    weight = np.repeat(start.weight[:, :, None], runs, axis=2)
    expected, capacity = (np.repeat(each[:, None], runs, axis=1) for each in (start.expected, start.capacity))
    stock, inputs, own_cost = COVER * expected, COVER * expected, start.own_cost[:, None]
    price, paid = np.ones_like(expected), np.ones_like(expected)
    record = np.zeros((MONTHS, TIERS, 3, runs))
    for month in range(MONTHS):
        pull = start.taste[:, :, None] * price[start.maker] ** -SIGMA
        weight += SPEED * (pull / pull.sum(axis=1, keepdims=True) - weight)
        plan = np.minimum(capacity, np.maximum(expected + GAP * (COVER * expected - stock), 0.0))
        firms = np.maximum(plan + GAP * (COVER * expected - inputs), 0.0)[WIDE:]
        orders = weight * np.concatenate([firms, start.demand[:, None] * start.season[month]])[:, None]
        asked = to_maker @ orders.reshape(-1, runs)
        fill = np.minimum(1.0, stock / np.maximum(asked, 1e-12))
        shipped = orders * fill[start.maker]
        received = shipped.sum(axis=1)[: FIRMS - WIDE]
        paid[WIDE:] = (shipped * price[start.maker]).sum(axis=1)[: FIRMS - WIDE] / np.maximum(received, 1e-12)
        inputs[WIDE:] += received
        made = np.minimum(plan, inputs)
        made[:WIDE] = plan[:WIDE]
        inputs[WIDE:] -= made[WIDE:]
        stock += made - to_maker @ shipped.reshape(-1, runs)
        price *= 1.0 + TENSION * np.clip(asked / expected - 1.0, -0.5, 0.5)
        price += PULL * (MARKUP * (0.5 * paid + 0.5 * own_cost) - price)
        expected += SMOOTH * (asked - expected)
        capacity *= 1.0 + BUILD * np.clip(made / capacity - USUAL, -0.5, 0.5)
        tiers = [each.reshape(TIERS, WIDE, runs) for each in (made, price, fill)]
        record[month] = np.stack([tiers[0].sum(axis=1), tiers[1].mean(axis=1), tiers[2].min(axis=1)], axis=1)
    return record
