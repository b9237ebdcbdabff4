"""What is where at a start: shares, outputs, building conditions, final demand, trade and critical inputs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from abm.axes import Floats, GoodBuyerSupplier, GoodRegion, PerGood, PerRegion
from abm.errors import InputError
from abm.facts import UNCITED, WHOLE, Facts, missing, serving, whole
from abm.goods import RECYCLER, processes, standard, words_of
from abm.tables import EVERY_CHAIN, POOL, WORLD, Row

SHARES = ("capacity_share", "output_share")
# Names of regions that take an article begin with one of these words.
WITH_ARTICLE = ("United", "Rest")


@dataclass(frozen=True, slots=True, eq=False)
class Footing:
    """What the data say a start stands on, before anybody owns it.

    share     share of the world's capacity or output (good, region); 0 for goods that are only collected
    basis     whether share speaks of capacity or output, of when and from where (good,)
    output    units/month (good,)
    capacity  units/month (good, region)
    """

    share: GoodRegion
    basis: tuple[str, ...]
    output: PerGood
    capacity: GoodRegion


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """What building and running costs in a region, each (good, region).

    opex_factor capex_factor  share of the world reference
    hazard                    extra log-cost of building there
    construction              months from ground-breaking and permits to production, whole
    """

    opex_factor: GoodRegion
    capex_factor: GoodRegion
    hazard: GoodRegion
    construction: GoodRegion


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Final demand at the start and its trends at constant price.

    final       units/month (good, region); without cars, whose two kinds are one pool
    growth      1/month (good, region)
    cars        thousand cars/month (region,)
    car_growth  1/month (region,)
    ev_share    electric share of car sales (region,)
    ev_policy   rise of the utility of electric cars by policy and infrastructure, 1/month (region,)
    """

    final: GoodRegion
    growth: GoodRegion
    cars: PerRegion
    car_growth: PerRegion
    ev_share: PerRegion
    ev_policy: PerRegion


@dataclass(frozen=True, slots=True, eq=False)
class CriticalInputs:
    """Inputs that are not traded goods of the model.

    name   words of critical_inputs.csv
    share  share of supply (input, region)
    use    share of a good's output lost when the input is wholly missing (input, good)
    stock  months of use that users hold (input,)
    kinds  kinds of it that users need, each from makers of its own; 1 where nothing is said (input,)
    late   share of its use that comes when a unit is finished; 0 where nothing is said (input,)
    """

    name: tuple[str, ...]
    share: Floats
    use: Floats
    stock: Floats
    kinds: Floats
    late: Floats


def read_stances(facts: Facts) -> tuple[str, ...]:
    """Return the stance that most countries of every region have; of equals the one named first (region)."""
    found = []
    for region in facts.words["regions"]:
        counted = Counter(row["stance"] for row in facts.rows["countries.csv"] if row["region"] == region)
        if not counted:
            raise missing(facts, "countries.csv", f"a country of {region!r}")
        found.append(counted.most_common(1)[0][0])
    return tuple(found)


def read_footing(facts: Facts, start: date) -> Footing:
    """Return regional shares, outputs and capacities of a start."""
    goods, regions = facts.words["goods"], facts.words["regions"]
    made, ways = processes(facts), standard(facts)
    worlds = serving(facts.rows["capacity.csv"], start, "good", "region", "field")
    use = serving(facts.rows["goods.csv"], start, "good", "field")
    share, output, used = np.zeros((len(goods), len(regions))), np.zeros(len(goods)), np.ones(len(goods))
    basis = ["collected"] * len(goods)
    for index, good in enumerate(goods):
        world = worlds.get((good, WORLD, "world_output"))
        output[index] = world.amount if world else 0.0
        if made[ways[good]][1] == RECYCLER:
            continue
        if not world or (good, "utilisation") not in use:
            raise missing(
                facts, "capacity.csv" if not world else "goods.csv", f"world_output or utilisation of {good!r}"
            )
        rows = _share_rows(facts, good, start)
        share[index] = whole(rows, regions, f"{rows[0]['field']} of {good!r}")
        basis[index] = _basis(rows)
        used[index] = use[good, "utilisation"].amount
    return Footing(share, tuple(basis), output, share * (output / used)[:, None])


def _share_rows(facts: Facts, good: str, start: date) -> Sequence[Row]:
    """Return the rows with a good's regional shares, of the nearest start that has some."""
    rows = [row for row in facts.rows["capacity.csv"] if row["good"] == good and row["field"] in SHARES]
    serves = min((row.start or date.max for row in rows if (row.start or date.max) >= start), default=None)
    rows = [row for row in rows if (row.start or date.max) == serves]
    if not rows:
        raise missing(facts, "capacity.csv", f"capacity_share or output_share of {good!r}")
    for row in rows:
        if row["field"] != rows[0]["field"]:
            raise InputError(row.where, f"{good!r} has shares of capacity and of output.", "Keep one of the two.")
    return rows


def _basis(rows: Sequence[Row]) -> str:
    """Return a phrase for what shares speak of, of when and where they are from: ``capacity 2020, derived``."""
    years = sorted({row["date"][:4] for row in rows})
    origins = sorted({row["source"] if row["source"] in UNCITED else "sourced" for row in rows}, reverse=True)
    when = "-".join(dict.fromkeys((years[0], years[-1])))
    return f"{rows[0]['field'].removesuffix('_share')} {when}, {' and '.join(origins)}"


def read_sites(facts: Facts, start: date) -> Sites:
    """Return the conditions of building and running.

    A good's own row comes before its chain's, and a region's before WORLD's.
    """
    goods, regions = facts.words["goods"], facts.words["regions"]
    chains = words_of(facts, "goods.csv", "chain")
    lags = serving(facts.rows["lead_times.csv"], start, "good", "region")
    factors = serving(facts.rows["regions.csv"], start, "field", "region", "chain")
    found = {name: np.zeros((len(goods), len(regions))) for name in ("opex_factor", "capex_factor", "hazard")}
    construction = np.zeros((len(goods), len(regions)))
    for place in np.ndindex(construction.shape):
        good, region = goods[place[0]], regions[place[1]]
        chain = chains[good]
        lag = _first(lags, (good, region), (good, WORLD), (chain, region), (chain, WORLD))
        if not lag:
            raise missing(facts, "lead_times.csv", f"construction of {good!r} in {region!r}")
        construction[place] = round(lag.amount)
        for name, factor in found.items():
            row = _first(factors, (name, region, chain), (name, region, EVERY_CHAIN))
            if not row:
                raise missing(facts, "regions.csv", f"{name} of {region!r} for {chain!r} or {EVERY_CHAIN!r}")
            factor[place] = row.amount
    return Sites(construction=construction, **found)


def _first(rows: Mapping[tuple[str, ...], Row], *keys: tuple[str, ...]) -> Row | None:
    """Return the row of the first key that has one."""
    return next((rows[key] for key in keys if key in rows), None)


def read_demand(facts: Facts, start: date) -> Demand:
    """Return final demand and its trends; goods without a final_demand have none."""
    goods, regions = facts.words["goods"], facts.words["regions"]
    rows = serving(facts.rows["demand.csv"], start, "good", "region", "field")
    final, growth = (np.zeros((len(goods), len(regions))) for _ in range(2))
    for good in dict.fromkeys(good for good, _, _ in rows if good != POOL):
        final[goods.index(good)] = _volume(facts, rows, good)
        growth[goods.index(good)] = _regional(facts, rows, good, "growth")
    return Demand(
        final=final,
        growth=growth,
        cars=_volume(facts, rows, POOL),
        car_growth=_regional(facts, rows, POOL, "growth"),
        ev_share=_regional(facts, rows, POOL, "ev_share"),
        ev_policy=_regional(facts, rows, POOL, "ev_policy"),
    )


def _volume(facts: Facts, rows: Mapping[tuple[str, ...], Row], good: str) -> PerRegion:
    """Return a good's final demand, units/month (region,)."""
    world = rows.get((good, WORLD, "final_demand"))
    shares = [row for (of, _, field), row in rows.items() if of == good and field == "final_demand_share"]
    if not world or not shares:
        raise missing(facts, "demand.csv", f"final_demand (of WORLD) or final_demand_share of {good!r}")
    return world.amount * whole(shares, facts.words["regions"], f"final_demand_share of {good!r}")


def _regional(facts: Facts, rows: Mapping[tuple[str, ...], Row], good: str, field: str) -> PerRegion:
    """Return a field of demand.csv by region (region,), WORLD standing for regions without a row."""
    found = [_first(rows, (good, region, field), (good, WORLD, field)) for region in facts.words["regions"]]
    if None in found:
        raise missing(facts, "demand.csv", f"{field} of {good!r} in {facts.words['regions'][found.index(None)]!r}")
    return np.array([row.amount for row in found if row])


def read_trade(facts: Facts, start: date) -> GoodBuyerSupplier:
    """Return known shares of the buyer region's purchases (good, buyer, supplier), nan where none is known."""
    goods, regions = facts.words["goods"], facts.words["regions"]
    share = np.full((len(goods), len(regions), len(regions)), np.nan)
    for (good, buyer, supplier), row in serving(facts.rows["trade.csv"], start, "good", "buyer", "supplier").items():
        purchases = share[goods.index(good), regions.index(buyer)]
        purchases[regions.index(supplier)] = row.amount
        if np.nansum(purchases) > 1 + WHOLE:
            what = f"import_share of {good!r} into {buyer!r} sums to {100 * np.nansum(purchases):.2f} %."
            raise InputError(row.where, what, "Keep it at or under 100 %.")
    return share


def read_critical_inputs(facts: Facts) -> CriticalInputs:
    """Return critical inputs by supplier region and user good."""
    goods, regions, names = (facts.words[key] for key in ("goods", "regions", "inputs"))
    rows = facts.rows["critical_inputs.csv"]
    share, use = np.zeros((len(names), len(regions))), np.zeros((len(names), len(goods)))
    stock, kinds, late = (
        {row["input"]: row.amount for row in rows if row["field"] == field} for field in ("stock_days", "kinds", "late")
    )
    for index, name in enumerate(names):
        supply = [row for row in rows if row["input"] == name and row["field"] == "share"]
        if not supply or name not in stock:
            raise missing(facts, "critical_inputs.csv", f"share or stock_days of {name!r}")
        share[index] = whole(supply, regions, f"share of {name!r}")
    for row in rows:
        if row["field"] == "criticality":
            if not row["user_good"]:
                raise InputError(row.where, "criticality needs a user_good.", "Name the good.")
            use[names.index(row["input"]), goods.index(row["user_good"])] = row.amount
    told = (stock, 0.0), (kinds, 1.0), (late, 0.0)
    columns = [np.array([amounts.get(name, usual) for name in names]) for amounts, usual in told]
    return CriticalInputs(names, share, use, *columns)


def called(title: str) -> str:
    """Return the name of a region as it stands within a sentence."""
    return f"the {title.replace('Rest', 'rest')}" if title.startswith(WITH_ARTICLE) else title
