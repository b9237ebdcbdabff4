"""Random questions for the tests of identities: parameters, policy mixes, shocks, public stocks and pools."""

import tomllib
from datetime import date
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st
from worlds import START, busy, later, measure

from abm.facts import PACKAGE_DATA
from abm.policies.instrument import Instrument
from abm.policies.levers import Levers, Signals
from abm.world import World

REGIONS = ("US", "CN", "JP")
RANGES = {
    name: (table["low"], table["high"])
    for name, table in tomllib.loads((PACKAGE_DATA / "parameters.toml").read_text(encoding="utf-8")).items()
}
SHARE = st.floats(0.0, 1.0)
Mix = tuple[Instrument, ...]


class Reserve(Instrument):
    """A test's own measure of what no shipped one moves yet: stock released, pools, barred sites, friend premiums.

    release  share of the public stock that may be sold;  members  regions of the pool
    barred   share of the rows where nobody may build;  premium  extra log cost of every corridor
    """

    kind: Literal["reserve"]
    release: float = 1.0
    members: tuple[str, ...] = REGIONS
    barred: float = 0.0
    premium: float = 0.0

    def act(self, world: World, levers: Levers, month: date, signals: Signals) -> None:
        if self.holds(month):
            rows = len(levers.barred)
            levers.stock_release[:] = self.release
            levers.pooled[[world.regions.index(region) for region in self.members]] = 1.0
            levers.barred[np.arange(rows) % 7 < 7 * self.barred] = 1.0
            levers.friend_premium += self.premium


def parameters() -> st.SearchStrategy[dict[str, float]]:
    """Return any values of the behavioural parameters within their ranges."""
    return st.fixed_dictionaries({name: st.floats(low, high) for name, (low, high) in RANGES.items()})


def shifted(goods: tuple[str, ...], kind: str, **told: st.SearchStrategy[Any]) -> st.SearchStrategy[Instrument]:
    """Return a measure of a kind on some goods that begins within two years and ends or stays.

    None is in force at the start: the start's prices would have to contain it, however wild it is.
    """
    some = st.lists(st.sampled_from(goods), min_size=1, max_size=6, unique=True)
    return st.builds(
        lambda begins, lasts, **doses: measure(
            kind, start=later(begins), end=later(begins + lasts) if lasts < 24 else None, **doses
        ),
        begins=st.integers(1, 24),
        lasts=st.integers(1, 36),
        goods=some,
        **told,
    )


def policies(goods: tuple[str, ...]) -> st.SearchStrategy[Mix]:
    """Return any mix of the shipped policies, at any dose."""
    region, others = st.sampled_from(REGIONS), st.lists(st.sampled_from(REGIONS), max_size=2, unique=True)
    makers = tuple(good for good in goods if not good.startswith("scrap_"))
    grant = {"amount_musd": st.floats(0.0, 50_000.0), "cap_share": SHARE, "floor_share": st.floats(0.0, 0.3)}
    one = st.one_of(
        shifted(makers, "capex_grant", government=region, barred_regions=others, **grant),
        shifted(makers, "investment_tax_credit", government=region, share=st.floats(0.0, 0.8)),
        shifted(goods, "tariff", government=region, origins=others, rate=st.floats(0.0, 10.0)),
        shifted(goods, "export_quota", government=region, cut=SHARE),
        shifted(goods, "embargo", government=region, destinations=others, depth=SHARE | st.just(1.0)),
    )
    return named(st.lists(one, min_size=1, max_size=6))


def shocks(goods: tuple[str, ...]) -> st.SearchStrategy[Mix]:
    """Return any mix of the shipped shocks."""
    one = st.one_of(
        shifted(goods, "outage", region=st.sampled_from(REGIONS), depth=SHARE, recovery_months=st.floats(0.0, 12.0)),
        shifted(goods, "demand_shift", factor=st.floats(0.0, 10.0), recovery_months=st.floats(0.0, 12.0)),
    )
    return named(st.lists(one, min_size=1, max_size=4))


def named(mixes: st.SearchStrategy[list[Instrument]]) -> st.SearchStrategy[Mix]:
    """Return mixes in which every measure has a name of its own."""
    return mixes.map(lambda mix: tuple(each.model_copy(update={"name": f"m{place}"}) for place, each in enumerate(mix)))


def reserves() -> st.SearchStrategy[Reserve]:
    """Return any use of public stocks, pools, barred sites and friend premiums."""
    return st.builds(
        Reserve,
        kind=st.just("reserve"),
        name=st.just("reserve"),
        source=st.just("a test"),
        start=st.just(START),
        release=SHARE,
        members=st.lists(st.sampled_from(REGIONS), unique=True).map(tuple),
        barred=SHARE,
        premium=st.floats(0.0, 1.0),
    )


def crowded() -> Mix:
    """Return the busy mix with a reserve and a pool of allies."""
    pool = Reserve(kind="reserve", name="pool", source="a test", start=START, release=0.5, members=("US", "JP"))
    return (*busy(), pool)
