"""What instruments write into the levers, how they combine, and that nothing asked for is nothing done."""

import itertools
import pkgutil
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from acting import EXPORTS, RUNS, acted, differing
from cases import FILES, KINDS, START, TOLD, case
from hypothesis import given
from hypothesis import strategies as st

import abm.policies
from abm.axes import Floats
from abm.policies import INSTRUMENTS, SHOCKS
from abm.policies.instrument import Instrument, either
from abm.policies.levers import idle
from abm.policies.programme import UNENDING, pots
from abm.policies.shock import Shock
from abm.world import World

OF_POTS = ("amount", "grant_equivalent", "cap_share", "floor_share", "rate", "term", "pace", "move_share", "deal")
PARTS = np.array([0.3, 0.6, 0.9])
# Files of abm/policies that are no instrument: what they share.
# Signals that are worked out anew every month if a measure says that it looks at them.
CHANGING = {"under_cost", "added", "held"}
SHARED = {"instrument", "levers", "programme", "shock"}


def made(kind: str, name: str = "", /, **changed: Any) -> Instrument:
    return case(kind).made(name, **changed)


def test_every_kind_has_a_case_file_that_reads_and_every_case_file_a_kind() -> None:
    assert set(FILES) == set(KINDS)
    assert [case(kind).kind for kind in FILES] == FILES


def test_every_file_of_an_instrument_is_registered_under_its_kind() -> None:
    files = {module.name for module in pkgutil.iter_modules(abm.policies.__path__)} - SHARED
    assert files == set(KINDS)
    assert len(KINDS) == len(INSTRUMENTS) + len(SHOCKS)
    for kind, model in KINDS.items():
        assert model.model_fields["kind"].annotation.__args__ == (kind,)  # type: ignore[union-attr]
        assert model.__module__ == f"abm.policies.{kind}"


@pytest.mark.parametrize("kind", TOLD)
def test_every_number_of_an_instrument_says_unit_range_sentence_and_source(kind: str) -> None:
    numbers = {name: field for name, field in KINDS[kind].model_fields.items() if field.annotation is float}
    assert case(kind).dose in numbers
    for name, field in numbers.items():
        told = field.json_schema_extra
        assert isinstance(told, dict), (kind, name)
        assert set(told) == {"unit", "low", "high", "sentence", "source"}
        assert isinstance(told["sentence"], str)
        assert told["sentence"].endswith(".")


@pytest.mark.parametrize("kind", TOLD)
def test_an_instrument_moves_its_own_levers_and_no_other(kind: str, tiny: World) -> None:
    assert differing(acted(tiny, made(kind)), idle(tiny, RUNS)) == set(case(kind).levers)


@pytest.mark.parametrize("kind", TOLD)
def test_a_dose_that_asks_for_nothing_leaves_every_bit_as_it_was(kind: str, tiny: World) -> None:
    nothing = made(kind, f"no_{kind}", **{case(kind).dose: case(kind).nothing})
    assert differing(acted(tiny, nothing), idle(tiny, RUNS)) == set()
    others = [made(other) for other in TOLD]
    halved = [made(other, f"half_{other}", **{case(other).dose: float(case(other).dosed(0.5)[0])}) for other in TOLD]
    with_it = acted(tiny, *others, *halved, nothing)
    assert differing(with_it, acted(tiny, *others, *halved)) == set()
    before_them = acted(tiny, nothing, *others, *halved)
    assert differing(before_them, with_it) == set()


@pytest.mark.parametrize("kind", TOLD)
def test_a_measure_acts_in_the_months_whose_first_day_it_covers(kind: str, tiny: World) -> None:
    measure = made(kind, start=date(2020, 9, 21), end=date(2020, 11, 20))
    rest = idle(tiny, RUNS)
    active = [number for number in range(1, 13) if differing(acted(tiny, measure, at=date(2020, number, 1)), rest)]
    assert active == ([*case(kind).felt] if case(kind).levers else [])


@pytest.mark.parametrize("kind", TOLD)
def test_every_number_can_differ_from_run_to_run(kind: str, tiny: World) -> None:
    for field in numbers(kind):
        full = getattr(made(kind), field)
        if field == case(kind).dose:
            doses = case(kind).dosed(*PARTS)
            doses[1] = case(kind).nothing
        else:
            low, high = span(kind, field)
            doses = np.array([full, 0.8 * full + 0.2 * low, 0.8 * full + 0.2 * high])
        compare(tiny, kind, field, doses)


def compare(world: World, kind: str, field: str, doses: Floats) -> None:
    """Hold the levers and pots of a batch in which a number differs from run to run against each run alone."""
    together = made(kind).model_copy(update={field: doses})
    batch, opened = acted(world, together), pots([together], world, START, RUNS)
    for run, one in enumerate(doses):
        measure = made(kind, **{field: float(one)})
        levers, pot = acted(world, measure, runs=1), pots([measure], world, START, 1)
        for name in case(kind).levers:
            np.testing.assert_array_equal(of_run(batch, name, run), of_run(levers, name, 0), f"{field} {name} {run}")
        for name in OF_POTS:
            ours, alone = getattr(opened, name), getattr(pot, name)
            np.testing.assert_array_equal(ours[..., run], alone[..., 0], f"{field} {name} {run}")


def numbers(kind: str) -> list[str]:
    """Return the numbers of a kind."""
    return [name for name, field in KINDS[kind].model_fields.items() if field.annotation is float]


def span(kind: str, field: str) -> tuple[float, float]:
    """Return the lowest and highest value of a number."""
    about = KINDS[kind].model_fields[field].json_schema_extra
    assert isinstance(about, dict)
    return float(str(about["low"])), float(str(about["high"]))


def of_run(levers: object, name: str, run: int) -> Any:
    """Return a lever in one run; of the rules on content what those that offer something offer."""
    found = getattr(levers, name)
    if isinstance(found, list):
        return [np.broadcast_to(rule.amount, RUNS)[run] for rule in found if np.broadcast_to(rule.amount, RUNS)[run]]
    return found[:, run]


@pytest.mark.parametrize("kind", TOLD)
def test_a_measure_looks_at_the_signals_it_asks_for_and_at_no_others(kind: str, tiny: World) -> None:
    asked = {*KINDS[kind].looks_at}
    assert differing(acted(tiny, made(kind), hidden=CHANGING - asked), acted(tiny, made(kind))) == set()
    for name in asked:
        with pytest.raises(TypeError):
            acted(tiny, made(kind), hidden=[name])


@pytest.mark.parametrize("kind", TOLD)
def test_the_order_of_measures_does_not_matter(kind: str, tiny: World) -> None:
    named = [f"first_{kind}", f"second_{kind}", f"third_{kind}"]
    doses = case(kind).dosed(*PARTS)
    measures = [made(kind, name, **{case(kind).dose: float(dose)}) for name, dose in zip(named, doses, strict=True)]
    for name in {*case(kind).levers} - {"content"}:
        found = [getattr(acted(tiny, *order), name) for order in itertools.permutations(measures)]
        for other in found[1:]:
            np.testing.assert_allclose(other, found[0], rtol=1e-14, atol=1e-15)


def combined(tiny: World, kind: str, doses: Sequence[float]) -> float:
    """Return the one entry that measures of several doses move of the lever of a kind."""
    measures = [made(kind, f"measure_{place}", **{case(kind).dose: each}) for place, each in enumerate(doses)]
    lever, rest = (getattr(levers, case(kind).levers[0]) for levers in (acted(tiny, *measures), idle(tiny, RUNS)))
    moved = lever[lever != rest]
    assert np.ptp(moved) == 0.0
    return float(moved[0])


def test_tariffs_and_credits_add_blocks_and_outages_compound_quotas_bind_and_demand_multiplies(tiny: World) -> None:
    assert combined(tiny, "tariff", [0.25, 0.5]) == 0.75
    assert combined(tiny, "investment_tax_credit", [0.25, 0.35]) == pytest.approx(0.6)
    assert combined(tiny, "investment_tax_credit", [0.5, 0.5]) == 0.8
    assert combined(tiny, "embargo", [0.5, 0.5]) == 0.75
    assert combined(tiny, "outage", [0.5, 0.2]) == pytest.approx(0.6)
    assert combined(tiny, "export_quota", [0.5, 0.2]) == 0.5 * EXPORTS
    assert combined(tiny, "demand_shift", [2.0, 0.25]) == 0.5


@given(st.floats(0.0, 1.0))
def test_what_is_wholly_struck_stays_wholly_struck(share: float) -> None:
    one = np.array([1.0])
    assert either(one, share)[0] == 1.0
    assert either(np.array([share]), 1.0)[0] == 1.0
    assert either(np.array([share]), 0.0)[0] == share


def test_a_tariff_on_everyone_spares_home_made_goods(tiny: World) -> None:
    levers = acted(tiny, made("tariff", origins=[]))
    regions = len(tiny.regions)
    corridor = levers.tariff.reshape(len(tiny.goods.code), regions, regions, RUNS)[tiny.goods.code.index("cell")]
    us = tiny.regions.index("US")
    assert (corridor[us, us] == 0.0).all()
    assert (np.delete(corridor[us], us, axis=0) == 0.3).all()
    assert (np.delete(corridor, us, axis=0) == 0.0).all()


def test_an_outage_can_strike_one_firm(tiny: World) -> None:
    firm = tiny.owners.name[tiny.plants.owner[np.flatnonzero(~tiny.plants.fringe)[0]]]
    region = tiny.regions[tiny.owners.region[tiny.owners.name.index(firm)]]
    levers = acted(tiny, made("outage", region=region, goods=[], firms=[firm]))
    struck = np.flatnonzero(levers.outage[:, 0])
    assert {tiny.owners.name[owner] for owner in tiny.plants.owner[struck]} == {firm}


def test_no_programme_means_pots_without_rows(tiny: World) -> None:
    opened = pots([made("tariff")], tiny, START, RUNS)
    assert (len(opened.name), len(opened.region), len(opened.first), len(opened.last)) == (0, 0, 0, 0)
    assert opened.amount.shape == opened.cap_share.shape == opened.floor_share.shape == (0, RUNS)
    assert opened.eligible.shape == opened.weight.shape == opened.barred.shape == (0, len(tiny.plants.good))


def test_programmes_keep_their_order_and_their_months(tiny: World) -> None:
    early = made("capex_grant", "early", start=date(2018, 5, 1), firms=[tiny.owners.name[0]])
    late = made("capex_grant", "late", start=date(2021, 1, 1), end=date(2021, 4, 1), regions=["JP"])
    opened = pots([early, made("tariff"), late], tiny, START, RUNS)
    assert opened.name == ("early", "late")
    assert opened.first == (0, 12)
    assert opened.last == (UNENDING, 14)
    assert set(tiny.plants.owner[opened.eligible[0] > 0.0]) <= {0}
    assert set(tiny.plants.region[opened.eligible[1] > 0.0]) == {tiny.regions.index("JP")}


STEPS = {
    "linear": [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0],
    "fast": [1.0, 1.0, 1.0, 0.5, 0.25, 0.125, 0.0, 0.0],
    "late": [1.0, 1.0, 1.0, 1.0, 1.0, 0.75, 0.0, 0.0],
}


@pytest.mark.parametrize("shape", STEPS)
def test_a_lasting_shock_never_fades_and_a_fading_one_ends(shape: str) -> None:
    lasting = made("outage", recovery_months=3.0, recovery=shape)
    fading = made("outage", end=date(2020, 3, 15), recovery_months=3.0, recovery=shape)
    assert isinstance(lasting, Shock)
    assert isinstance(fading, Shock)
    assert lasting.felt(date(2090, 1, 1)) == 1.0
    assert [float(fading.felt(date(2020, number, 1))[0]) for number in range(1, 9)] == STEPS[shape]
