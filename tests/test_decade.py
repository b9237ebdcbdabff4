"""A decade is lived and plausible: fabs, electric cars and new plants grow, and neither shares nor prices run wild."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from worlds import CHIPS, state_of

from abm.axes import Floats
from abm.kpi import CHAINS, chain_shares
from abm.model import Model
from abm.scenario import Scenario

pytestmark = pytest.mark.slow

JUMP, LONG = 0.02, 6
CARS = ("car_electric", "car_combustion")
MAKERS_ONLY = {"price_domestic", "price_export", "utilisation", "stock_days"}
BUYERS_ONLY = {"price_index", "import_dependence"}
# Refineries follow demand within the month: those of a large region come back from a slump together, and one plant is
# several points of the world. Measured: jumps of output by up to 5.4 and 2.3 points, in 11 and 9 % of the runs; the
# output of electric cars once moved by 2.03 points, in one month of one of 64 runs.
UNSTEADY = {"battery_chemicals", "electric_cars", "rare_earth_oxides"}


@dataclass
class Decade:
    """What is seen of a scenario while it runs.

    due       plants begun that open in a month, by usual size (month, row, run);  opened  so far (row, run)
    at_bound  months in a row that an asked price stands at floor or cap (channel, bound, row, run);  longest  the most
    """

    model: Model
    due: Floats
    opened: Floats
    at_bound: Floats
    longest: Floats

    def series(self, name: str) -> Floats:
        """Return a recorded series (month, good, region, run)."""
        values = np.array(self.model.record.series[name], dtype=np.float64)
        return values.reshape(len(values), len(self.codes), -1, values.shape[-1])

    def of(self, name: str, *goods: str) -> Floats:
        """Return the world's total of a series over some goods (month, run)."""
        total: Floats = self.series(name)[:, [self.codes.index(good) for good in goods]].sum((1, 2))
        return total

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the goods."""
        return self.model.books.frame.world.goods.code


def lived(name: str, runs: int) -> Decade:
    """Return a scenario that has run to its end, watched every month."""
    model = Model(Scenario.load(name), runs=runs, seed=1)
    state = model.books.state
    due = np.zeros((model.plan.months + int(model.books.frame.pipeline.length.max()), *state.capacity.shape))
    prices = np.zeros((2, 2, *state.capacity.shape))
    seen = Decade(model, due, np.zeros_like(state.capacity), prices, prices)
    while model.month <= model.plan.until:
        model.step()
        watch_plants(seen)
        watch_prices(seen)
    return seen


def watch_plants(seen: Decade) -> None:
    """Note the plants that are begun, and count those that open and whose owner has not defaulted."""
    books = seen.model.books
    step, lag = books.step - 1, books.traits.lag[:, 0].astype(np.int64)
    seen.opened += seen.due[step] * (books.state.bankrupt[books.frame.world.plants.owner] < 1.0)
    seen.due[step + lag, np.arange(len(lag))] += books.flow.plants_begun


def watch_prices(seen: Decade) -> None:
    """Count the months in a row that a price somebody asks stands at its floor or at its cap."""
    books = seen.model.books
    start, asked = books.traits.log_price_start, books.state.capacity > 0.0
    low, high = (start + np.log(bound) for bound in (books.parameters.price_floor, books.parameters.price_cap))
    prices = (books.state.log_price_home, books.state.log_price_export)
    standing = np.array([(price <= low, price >= high) for price in prices]) & asked
    seen.at_bound = (seen.at_bound + 1.0) * standing
    seen.longest = np.maximum(seen.longest, seen.at_bound)


@pytest.fixture(scope="module")
def decade() -> Decade:
    return lived("baseline", 64)


@pytest.fixture(scope="module")
def history() -> Decade:
    return lived("history", 16)


def chain_jumps(seen: Decade, chain: str) -> Floats:
    """Return how far every region's share of a chain, as in the pictures, moves in a month (month, region, run)."""
    share = chain_shares(seen.codes, chain, seen.model.record.series)
    return np.abs(np.diff(share, axis=0))


def test_world_chip_capacity_grows_four_to_nine_percent_a_year_in_every_run(decade: Decade) -> None:
    capacity = decade.of("capacity", *CHIPS)
    # Over the decade: fabs come in waves, and single years of single runs add from 2 to 15 %.
    yearly = (capacity[-1] / capacity[0]) ** (12.0 / (len(capacity) - 1)) - 1.0
    assert yearly.min() > 0.04
    assert yearly.max() < 0.09


def test_the_electric_share_of_car_sales_at_least_trebles_in_every_run(decade: Decade) -> None:
    sold = decade.series("demand") * decade.series("fill_rate")
    electric, combustion = (sold[:, decade.codes.index(car)].sum(1) for car in CARS)
    first, last = slice(0, 12), slice(-12, None)
    share = [electric[year].sum(0) / (electric + combustion)[year].sum(0) for year in (first, last)]
    assert (share[1] / share[0]).min() > 3.0


@pytest.mark.parametrize("chain", ["chips", "batteries", "rare_earths", "medicines"])
def test_at_least_five_new_plants_open_in_every_chain_and_run(decade: Decade, chain: str) -> None:
    world = decade.model.books.frame.world
    of_chain = np.array([world.goods.chain[good] == chain for good in world.plants.good])
    assert decade.opened[of_chain].sum(0).min() >= 5.0


@pytest.mark.parametrize("chain", CHAINS)
def test_at_least_five_new_plants_open_at_every_stage_on_average(decade: Decade, chain: str) -> None:
    goods = [decade.codes.index(good) for good in CHAINS[chain]]
    of_stage = np.isin(decade.model.books.frame.world.plants.good, goods)
    assert decade.opened[of_stage].sum(0).mean() >= 5.0


@pytest.mark.parametrize("chain", [chain for chain in CHAINS if chain not in UNSTEADY])
def test_no_regional_share_of_a_chain_jumps_by_more_than_two_points_in_a_month(decade: Decade, chain: str) -> None:
    assert chain_jumps(decade, chain).max() < JUMP


@pytest.mark.parametrize("chain", sorted(UNSTEADY))
def test_a_jump_of_the_output_of_some_chains_is_rare_and_luck(decade: Decade, chain: str) -> None:
    moved = chain_jumps(decade, chain)
    assert (moved > JUMP).any(1).mean() < 0.01
    assert moved.mean(2).max() < JUMP


def test_no_regional_share_of_the_capacity_of_any_good_jumps_by_more_than_two_points_in_a_month(decade: Decade) -> None:
    capacity = decade.series("capacity")
    jumps = np.abs(np.diff(capacity / capacity.sum(2, keepdims=True), axis=0)).max((0, 2, 3))
    assert {good: jump for good, jump in zip(decade.codes, jumps, strict=True) if jump > JUMP} == {}


def test_no_price_stands_at_its_floor_or_cap_for_more_than_six_months(decade: Decade) -> None:
    assert decade.longest.max() <= LONG


def test_nor_does_a_price_of_history_but_of_mines_that_open_together_into_a_glut(history: Decade) -> None:
    made = history.model.books.frame.balance.capacity > 0.0
    assert history.longest[:, :, made].max() <= LONG
    # Four Australian mines, begun in one boom, sell at the floor for seven months until buyers have turned to them.
    assert history.longest.max() <= 2 * LONG
    newcomers = np.flatnonzero((history.longest > LONG).any((0, 1, 3)))
    assert {history.codes[good] for good in history.model.books.frame.world.plants.good[newcomers]} <= {
        "ree_concentrate"
    }


def test_history_runs_to_its_end_and_every_number_in_it_is_finite(history: Decade) -> None:
    model = history.model
    assert model.record.months[-1] == model.plan.until
    assert [name for name, column in state_of(model.books) if not np.isfinite(column).all()] == []
    made, bought = history.series("capacity") > 0.0, history.series("demand") > 0.0
    for name in model.record.series:
        there = made if name in MAKERS_ONLY else bought if name in BUYERS_ONLY else np.ones_like(made)
        assert np.isfinite(history.series(name)[there]).all(), name
    assert np.isfinite(model.kpi.select(pl.col("^(share|hhi|price)_.*$")).to_numpy()).all()
