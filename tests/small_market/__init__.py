"""One small market written four times: with NumPy, Mesa, agentpy and polars; all agree, and only their speed differs.

300 firms in five tiers, each of whom buys from eight makers of the tier below, and 60 households who buy from the last:
2,400 links. Every month buyers shift their shares, order, are rationed and supplied; makers produce, price and build.
`PYTHONPATH=tests uv run --with agentpy python -m small_market` times them; without agentpy it times the others.
"""

from dataclasses import dataclass

import numpy as np

from abm.axes import Floats, Ints

TIERS, WIDE, KNOWN, MONTHS = 5, 60, 8, 132
FIRMS, BUYERS = TIERS * WIDE, TIERS * WIDE
SPEED, SIGMA, GAP, COVER, SMOOTH = 0.05, 2.0, 0.2, 1.5, 0.3
TENSION, PULL, MARKUP, BUILD, USUAL = 0.1, 0.05, 1.2, 0.02, 0.85
SERIES = ("output", "price", "fill")


@dataclass(frozen=True)
class Start:
    """The market before its first month.

    maker     of each of a buyer's links (buyer, known); buyers are firms from the second tier on, then households
    taste     for them, alike in shape;  weight  share of orders, sums to 1 by buyer
    own_cost  of a firm besides its inputs (firm,);  expected  orders (firm,);  capacity  (firm,)
    demand    of each household (household,);  season  factor on it (month, run)
    """

    maker: Ints
    taste: Floats
    weight: Floats
    own_cost: Floats
    expected: Floats
    capacity: Floats
    demand: Floats
    season: Floats


def start(runs: int = 1, seed: int = 1) -> Start:
    """Return a start at which every maker is asked for what it expects; runs differ by their luck with demand."""
    luck = np.random.default_rng(seed)
    tier = np.arange(BUYERS) // WIDE
    maker = np.stack([luck.choice(WIDE, KNOWN, replace=False) + WIDE * of for of in tier])
    taste = luck.uniform(0.5, 1.5, BUYERS * KNOWN).reshape(BUYERS, KNOWN)
    weight = taste / taste.sum(axis=1, keepdims=True)
    demand: Floats = luck.uniform(50.0, 150.0, WIDE)
    wanted, expected = demand, np.zeros(FIRMS)
    for of in reversed(range(TIERS)):
        buyers = tier == of
        expected += np.bincount(maker[buyers].ravel(), (weight[buyers] * wanted[:, None]).ravel(), FIRMS)
        wanted = expected[WIDE * of : WIDE * (of + 1)]
    expected = np.maximum(expected, 1.0)
    months = np.arange(MONTHS)[:, None]
    season = 1.0 + 0.2 * np.sin(months / 6.0) + 0.05 * luck.standard_normal((MONTHS, runs))
    return Start(maker, taste, weight, luck.uniform(0.5, 1.5, FIRMS), expected, expected / USUAL, demand, season)
