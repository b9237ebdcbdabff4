"""What instruments write into the levers, how they combine, and that nothing asked for is nothing done."""

import itertools
import math
import pkgutil
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import abm.policies
from abm.axes import Bools, Floats
from abm.outline import month
from abm.policies import INSTRUMENTS, SHOCKS
from abm.policies.capex_grant import UNENDING, pots
from abm.policies.instrument import Instrument, either
from abm.policies.levers import ContentRule, Levers, Signals, idle
from abm.world import World, read

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
KINDS: dict[str, type[Instrument]] = {**INSTRUMENTS, **SHOCKS}
START, RUNS, EXPORTS = date(2020, 1, 1), 3, 50.0
DEPENDENCE, UNDER_COST = 0.4, 0.2
LEVER = {
    "tariff": "tariff",
    "embargo": "blocked",
    "export_quota": "quota",
    "investment_tax_credit": "tax_credit",
    "outage": "outage",
    "demand_shift": "demand",
}
# The dose of every kind, and the value of it that asks for nothing.
DOSE = {
    "tariff": ("rate", 0.0),
    "embargo": ("depth", 0.0),
    "export_quota": ("cut", 0.0),
    "investment_tax_credit": ("share", 0.0),
    "capex_grant": ("amount_musd", 0.0),
    "outage": ("depth", 0.0),
    "demand_shift": ("factor", 1.0),
}
FIELDS: dict[str, dict[str, Any]] = {
    "tariff": {"government": "US", "goods": ["cell"], "origins": ["CN"], "rate": 0.3},
    "embargo": {"government": "CN", "goods": ["cell"], "depth": 0.3},
    "export_quota": {"government": "CN", "goods": ["cell"], "cut": 0.3},
    "investment_tax_credit": {"government": "US", "goods": ["cell"], "share": 0.3},
    "capex_grant": {"government": "US", "goods": ["cell"], "amount_musd": 10.0, "cap_share": 0.3},
    "outage": {"region": "CN", "goods": ["cell"], "depth": 0.3},
    "demand_shift": {"goods": ["cell"], "factor": 1.3},
}


@pytest.fixture(scope="module")
def world() -> World:
    return read(START, Path(__file__).parent / "tiny")


def made(kind: str, /, **changed: Any) -> Instrument:
    common = {"kind": kind, "name": "measure", "start": START, "source": "a test"}
    return KINDS[kind].model_validate({**common, **FIELDS[kind], **changed})


def acted(world: World, *measures: Instrument, at: date = START) -> Levers:
    levers = idle(world, RUNS)
    places = len(world.goods.code) * len(world.regions)
    signals = Signals(
        exports=np.full((len(world.goods.code), len(world.regions)), EXPORTS),
        dependence=np.full(places * len(world.regions), DEPENDENCE),
        under_cost=np.full((places, RUNS), UNDER_COST),
    )
    for measure in measures:
        measure.act(world, levers, at, signals)
    return levers


def differing(first: Levers, second: Levers) -> set[str]:
    names = [column.name for column in fields(Levers)]
    return {name for name in names if _bits(getattr(first, name)) != _bits(getattr(second, name))}


def _bits(lever: Floats | list[ContentRule]) -> bytes | int:
    """Return what tells a lever from another: its bits, or how many rules it holds."""
    return len(lever) if isinstance(lever, list) else lever.tobytes()


def values(world: World, levers: Levers, check: dict[str, Any]) -> Floats:
    """Return the entries of a lever that a check of a case file speaks of."""
    found: Floats = getattr(levers, check["lever"])
    if check["lever"] == "outage":
        struck: Floats = found[rows(world, check)]
        return struck
    regions = len(world.regions)
    known, word = (world.critical_inputs.name, "input") if "input" in check else (world.goods.code, "good")
    place = known.index(check[word])
    for axis in ("region",) if "region" in check else ("buyer", "supplier"):
        place = place * regions + world.regions.index(check[axis])
    entries: Floats = found[place]
    return entries


def rows(world: World, check: dict[str, Any]) -> Bools:
    """Return the plants of a good, and of a region if one is named."""
    of_good: Bools = world.plants.good == world.goods.code.index(check["good"])
    chosen: Bools = of_good & (
        ("region" not in check) | (world.plants.region == world.regions.index(check.get("region", "US")))
    )
    assert chosen.any(), check
    return chosen


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_comes_true(path: Path, world: World) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    measures = [
        KINDS[table["kind"]].model_validate(table) for table in (*case.get("policy", ()), *case.get("shock", ()))
    ]
    opened = pots(measures, world, START, RUNS)
    for check in case["check"]:
        if check["lever"].startswith("pots."):
            found = np.asarray(getattr(opened, check["lever"].removeprefix("pots.")), np.float64)[0]
            found = found[rows(world, check)] if "good" in check else found
            np.testing.assert_allclose(found, check["value"], rtol=1e-12, err_msg=f"{case['sentence']} {check}")
        for written in check.get("months", ()):
            levers = acted(world, *measures, at=month(written))  # type: ignore[arg-type]
            told = f"{case['sentence']} {written} {check}"
            np.testing.assert_allclose(values(world, levers, check), check["value"], rtol=1e-12, err_msg=told)


def test_every_instrument_has_a_case_and_every_case_a_sentence() -> None:
    assert {path.stem for path in CASES} == set(KINDS)
    for path in CASES:
        case = tomllib.loads(path.read_text(encoding="utf-8"))
        assert case["sentence"].endswith(".")
        assert path.stem in {table["kind"] for table in (*case.get("policy", ()), *case.get("shock", ()))}


def test_every_file_of_an_instrument_is_registered_under_its_kind() -> None:
    files = {module.name for module in pkgutil.iter_modules(abm.policies.__path__)} - {"instrument", "levers"}
    assert files == set(KINDS)
    assert len(KINDS) == len(INSTRUMENTS) + len(SHOCKS)
    for kind, model in KINDS.items():
        assert model.model_fields["kind"].annotation.__args__ == (kind,)  # type: ignore[union-attr]
        assert model.__module__ == f"abm.policies.{kind}"


def test_every_number_of_an_instrument_says_unit_range_sentence_and_source() -> None:
    for kind, model in KINDS.items():
        numbers = {name: field for name, field in model.model_fields.items() if field.annotation is float}
        assert DOSE[kind][0] in numbers
        for name, field in numbers.items():
            told = field.json_schema_extra
            assert isinstance(told, dict), (kind, name)
            assert set(told) == {"unit", "low", "high", "sentence", "source"}
            assert isinstance(told["sentence"], str)
            assert told["sentence"].endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_an_instrument_moves_its_own_lever_and_no_other(kind: str, world: World) -> None:
    moved = differing(acted(world, made(kind)), idle(world, RUNS))
    assert moved == ({LEVER[kind]} if kind in LEVER else set())


@pytest.mark.parametrize("kind", KINDS)
def test_a_dose_that_asks_for_nothing_leaves_every_bit_as_it_was(kind: str, world: World) -> None:
    field, nothing = DOSE[kind]
    others = [made(other, name=f"other_{other}") for other in KINDS]
    doubled = [made(other, name=f"again_{other}", **{DOSE[other][0]: 0.123}) for other in KINDS]
    assert differing(acted(world, made(kind, **{field: nothing})), idle(world, RUNS)) == set()
    with_it = acted(world, *others, *doubled, made(kind, **{field: nothing}))
    assert differing(with_it, acted(world, *others, *doubled)) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_measure_acts_in_the_months_whose_first_day_it_covers(kind: str, world: World) -> None:
    measure = made(kind, start=date(2020, 9, 21), end=date(2020, 11, 20))
    active = [
        number
        for number in range(1, 13)
        if differing(acted(world, measure, at=date(2020, number, 1)), idle(world, RUNS))
    ]
    assert active == ([10, 11] if kind in LEVER else [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_can_differ_from_run_to_run(kind: str, world: World) -> None:
    field = DOSE[kind][0]
    doses = np.array([0.1, 0.2, 0.3])
    together = made(kind).model_copy(update={field: doses})
    if kind not in LEVER:
        opened = pots([together], world, START, RUNS)
        np.testing.assert_array_equal(opened.amount[0], doses)
        return
    batch = getattr(acted(world, together), LEVER[kind])
    for run, one in enumerate(doses):
        alone = getattr(acted(world, made(kind, **{field: float(one)})), LEVER[kind])
        np.testing.assert_array_equal(batch[:, run], alone[:, run])


def combined(world: World, kind: str, doses: Sequence[float]) -> float:
    """Return the moved entry of the lever of a kind after measures of several doses."""
    measures = [made(kind, name=f"measure_{place}", **{DOSE[kind][0]: each}) for place, each in enumerate(doses)]
    lever, rest = (getattr(levers, LEVER[kind]) for levers in (acted(world, *measures), idle(world, RUNS)))
    moved = lever[lever != rest]
    assert np.ptp(moved) == 0.0
    return float(moved[0])


def test_tariffs_and_credits_add_blocks_and_outages_compound_quotas_bind_and_demand_multiplies(world: World) -> None:
    assert combined(world, "tariff", [0.25, 0.5]) == 0.75
    assert combined(world, "investment_tax_credit", [0.25, 0.35]) == pytest.approx(0.6)
    assert combined(world, "investment_tax_credit", [0.5, 0.5]) == 0.8
    assert combined(world, "embargo", [0.5, 0.5]) == 0.75
    assert combined(world, "outage", [0.5, 0.2]) == pytest.approx(0.6)
    assert combined(world, "export_quota", [0.5, 0.2]) == 0.5 * EXPORTS
    assert combined(world, "demand_shift", [2.0, 0.25]) == 0.5


@pytest.mark.parametrize("kind", LEVER)
def test_the_order_of_measures_does_not_matter(kind: str, world: World) -> None:
    found = [combined(world, kind, doses) for doses in itertools.permutations((0.1, 0.25, 0.6))]
    np.testing.assert_allclose(found, found[0], rtol=1e-14)


@given(st.floats(0.0, 1.0))
def test_what_is_wholly_struck_stays_wholly_struck(share: float) -> None:
    one = np.array([1.0])
    assert either(one, share)[0] == 1.0
    assert either(np.array([share]), 1.0)[0] == 1.0
    assert either(np.array([share]), 0.0)[0] == share


def test_a_tariff_on_everyone_spares_home_made_goods(world: World) -> None:
    levers = acted(world, made("tariff", origins=[]))
    regions = len(world.regions)
    corridor = levers.tariff.reshape(len(world.goods.code), regions, regions, RUNS)[world.goods.code.index("cell")]
    us = world.regions.index("US")
    assert (corridor[us, us] == 0.0).all()
    assert (np.delete(corridor[us], us, axis=0) == 0.3).all()
    assert (np.delete(corridor, us, axis=0) == 0.0).all()


def test_an_outage_can_strike_one_firm(world: World) -> None:
    firm = world.owners.name[world.plants.owner[np.flatnonzero(~world.plants.fringe)[0]]]
    region = world.regions[world.owners.region[world.owners.name.index(firm)]]
    levers = acted(world, made("outage", region=region, goods=[], firms=[firm]))
    struck = np.flatnonzero(levers.outage[:, 0])
    assert {world.owners.name[owner] for owner in world.plants.owner[struck]} == {firm}


def test_no_programme_means_pots_without_rows(world: World) -> None:
    opened = pots([made("tariff")], world, START, RUNS)
    assert (len(opened.name), len(opened.region), len(opened.first), len(opened.last)) == (0, 0, 0, 0)
    assert opened.amount.shape == opened.cap_share.shape == opened.floor_share.shape == (0, RUNS)
    assert opened.eligible.shape == opened.weight.shape == opened.barred.shape == (0, len(world.plants.good))


def test_programmes_keep_their_order_and_their_months(world: World) -> None:
    early = made("capex_grant", name="early", start=date(2018, 5, 1), firms=[world.owners.name[0]])
    late = made("capex_grant", name="late", start=date(2021, 1, 1), end=date(2021, 4, 1), regions=["JP"])
    opened = pots([early, made("tariff"), late], world, START, RUNS)
    assert opened.name == ("early", "late")
    assert opened.first == (0, 12)
    assert opened.last == (UNENDING, 14)
    assert set(world.plants.owner[opened.eligible[0] > 0.0]) <= {0}
    assert set(world.plants.region[opened.eligible[1] > 0.0]) == {world.regions.index("JP")}


def test_a_lasting_shock_never_fades_and_a_fading_one_ends(world: World) -> None:
    lasting = made("outage", recovery_months=3.0)
    assert lasting.strength(date(2090, 1, 1), 3.0) == 1.0
    fading = made("outage", end=date(2020, 3, 15))
    steps = [fading.strength(date(2020, number, 1), 3.0) for number in range(1, 9)]
    assert steps == [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    assert not math.isnan(sum(steps))
