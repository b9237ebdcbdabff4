"""The small market that ways of writing a model are compared on: all ways agree, and it is alive."""

from importlib.util import find_spec

import numpy as np
import pytest
from small_market import FIRMS, KNOWN, MONTHS, SERIES, TIERS, in_mesa, in_numpy, in_polars, start
from small_market.__main__ import first_run, ways

from abm.axes import Floats


@pytest.fixture(scope="module")
def slow() -> Floats:
    return in_mesa.run(start())


def test_the_market_has_the_links_it_is_known_for() -> None:
    assert (FIRMS, start().maker.size, MONTHS) == (300, 2_400, 132)
    assert all(len(set(makers)) == KNOWN for makers in start().maker.tolist())


@pytest.mark.parametrize("run", [in_numpy.run, in_polars.run], ids=["NumPy", "polars"])
def test_every_way_of_writing_it_gives_the_same_market(slow: Floats, run: object) -> None:
    assert callable(run)
    np.testing.assert_allclose(first_run(run(start())), slow, rtol=1e-9)


@pytest.mark.skipif(not find_spec("agentpy"), reason="agentpy is not installed")
@pytest.mark.filterwarnings("ignore")
def test_agentpy_gives_the_same_market(slow: Floats) -> None:
    run, _ = ways()["agentpy"]
    np.testing.assert_allclose(run(start()), slow, rtol=1e-9)


def test_orders_go_short_and_prices_move(slow: Floats) -> None:
    assert slow.shape == (MONTHS, TIERS, len(SERIES))
    output, price, fill = np.moveaxis(slow, -1, 0)
    assert fill.min() < 0.98
    assert fill.max() == 1.0
    assert np.ptp(price, axis=0).min() > 0.01
    assert (output.std(axis=0) / output.mean(axis=0)).min() > 0.05


def test_runs_abreast_have_luck_of_their_own() -> None:
    record = in_numpy.run(start(2))
    assert not np.allclose(record[..., 0], record[..., 1])
