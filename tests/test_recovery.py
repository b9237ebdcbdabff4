"""What a passing shock leaves behind: nothing that still swings years later."""

from datetime import date

import numpy as np
from worlds import START, measure, question, without_growth

from abm.axes import Floats
from abm.model import Model
from abm.policies.instrument import Instrument
from abm.world import World

YEARS, WINDOW = 16, 24


def swings(world: World, *shocks: Instrument) -> Floats:
    """Return range over mean of the world's output of every good (two years, good), without luck or growth."""
    months = 12 * YEARS
    model = Model(question(*shocks, months=months, start=START), world=without_growth(world), luck=False).run()
    by_place = np.array(model.record.series["output"], np.float64)
    made = by_place.reshape(YEARS * 12 // WINDOW, WINDOW, len(world.goods.code), -1).sum(axis=3)
    swing: Floats = np.ptp(made, axis=1) / made.mean(axis=1)
    return swing


def test_a_slump_of_car_sales_by_a_third_leaves_no_lasting_swing(full: World) -> None:
    cars = ["car_electric", "car_combustion"]
    slump = measure("demand_shift", goods=cars, factor=0.65, start=date(2020, 3, 1), end=date(2020, 7, 1))
    seen = swings(full, slump)
    reached = seen.max(axis=0) > 0.05
    assert reached.sum() >= 8, "the slump reaches eight goods at least"
    assert (seen[-1] < seen.max(axis=0) / 3.0)[reached].all(), dict(zip(full.goods.code, seen[-1], strict=True))
    sold = [full.goods.code.index(good) for good in (*cars, "device", "medicine")]
    assert seen[-1, sold].max() < 0.02


def test_a_month_without_auto_chips_from_japan_is_forgotten(full: World) -> None:
    fire = measure("outage", region="JP", goods=["chip_auto"], depth=0.9, start=date(2021, 3, 1), end=date(2021, 4, 1))
    seen = swings(full, fire)
    assert seen[0].max() > 0.05
    assert seen[-1].max() < 0.001
