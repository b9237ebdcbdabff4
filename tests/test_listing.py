"""What can be named is listed, and what is listed is explained."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from abm.month import PHASES
from abm.parameters import Parameters
from abm.policies import INSTRUMENTS, SHOCKS
from abm.series import SERIES
from experiments.acts import PARAMETERS, readers, where
from experiments.catalogue import Catalogue, doses
from experiments.cli import main
from experiments.explain import FINDERS
from experiments.inside import rules
from experiments.library import names
from experiments.listing import LISTS


def called(*words: str) -> Result:
    return CliRunner().invoke(main, words, prog_name="friendshore")


def told(*words: str) -> str:
    done = called(*words)
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    assert "…" not in done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


def listed(catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every list with the names that must stand in it."""
    world = catalogue.world
    kinds = {**INSTRUMENTS, **SHOCKS}
    yield "scenarios", names()
    yield "policies", (*kinds, *(f"{kind}.{field}" for kind, made in kinds.items() for field in doses(made)))
    yield "goods", world.goods.code
    yield "regions", world.regions
    firms = (name for name, named in zip(world.owners.name, world.owners.named, strict=True) if named)
    yield "firms", tuple(firms)
    yield "parameters", tuple(Parameters.__dataclass_fields__)
    yield "rules", tuple(rules())
    yield "series", tuple(one.name for one in SERIES)


def test_every_list_names_everything_of_its_kind_in_80_columns(catalogue: Catalogue) -> None:
    kinds = dict(listed(catalogue))
    assert [*kinds] == [*LISTS]
    for kind, words in kinds.items():
        page = told("list", kind)
        assert [word for word in words if f"{word} " not in page and f"{word}\n" not in page] == []


def test_without_a_kind_the_kinds_are_listed() -> None:
    page = told("list")
    for kind in LISTS:
        assert kind in page


def test_everything_with_a_name_can_be_explained(catalogue: Catalogue) -> None:
    makers = [make for finder in FINDERS for _, make in finder(catalogue)]
    assert len(makers) > 500
    for make in makers:
        entry = make()
        assert entry.name
        assert entry.kind
        assert entry.lines or entry.tables


def test_an_explanation_tells_value_unit_range_source_and_place() -> None:
    page = " ".join(told("explain", "learning_spillover").split())
    for words in ("0.3333 share", "0 to 1", "Irwin, Klenow", "cost finance: abm/agents/firm.py Firm.running_cost"):
        assert words in page


def test_a_dotted_name_is_explained_as_a_field_of_a_kind_and_of_a_measure() -> None:
    page = " ".join(told("explain", "chips_act.amount_musd").split())
    for words in ("39,000, in ", "chips_act.toml:", "0 to 1,000,000", "M USD", "S104g"):
        assert words in page
    assert "0 to 1" in told("explain", "capex_grant.cap_share")


def test_a_name_with_two_meanings_is_explained_twice() -> None:
    page = told("explain", "chips_act")
    assert "chips_act, a scenario" in page
    assert "chips_act, a measure of the scenario chips_act" in page


def test_a_firm_is_explained_with_its_plants_their_shares_and_sources() -> None:
    page = told("explain", "lynas")
    for words in ("Lynas, a firm", "ree_concentrate  AU", "Mt Weld", "%"):
        assert words in page
    assert "MP Materials, a firm" in told("explain", "MP", "Materials")


@pytest.mark.parametrize("name", ["magnet", "TW", "Taiwan", "gallium", "S105", "fill_rate", "rare_earths", "outage"])
def test_goods_regions_inputs_sources_series_and_chains_are_explained(name: str) -> None:
    assert (
        told("explain", name)
        .strip()
        .partition("\n")[0]
        .casefold()
        .startswith(("tw" if name == "Taiwan" else name).casefold())
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("explain", "leraning_spillover"), "Did you mean 'learning_spillover'?"),
        (("explain", "chips_act.amount"), "Did you mean 'chips_act.amount_musd'?"),
        (("list", "parametres"), "Did you mean 'parameters'?"),
        (("explain", "MP"), "Did you mean 'MP Materials'?"),
        (("explain", "CHIPS Act"), "Did you mean 'chips_act'?"),
        (("explain", "xyzzy"), "nothing is called 'xyzzy'. See friendshore list."),
        (("list", "FIRMS"), "Did you mean 'firms'?"),
        (("explain",), "Missing argument"),
    ],
)
def test_an_unknown_name_ends_with_code_2_and_the_nearest(words: tuple[str, ...], message: str) -> None:
    done = called(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr.replace("\n", " ")


def test_every_parameter_acts_somewhere() -> None:
    assert [name for name in Parameters.__dataclass_fields__ if not where(name, *PARAMETERS)] == []


def test_a_rule_is_found_in_the_phases_that_ask_for_it() -> None:
    found = {function.name: phases for function, phases in readers("learning_spillover", "parameters")}
    assert found == {"Firm.running_cost": ("cost", "finance"), "_experience": ()}
    assert {phase for each in found.values() for phase in each} <= {name for name, _ in PHASES}


def test_words_of_the_model_are_explained() -> None:
    fab = " ".join(told("explain", "Fab").split())
    assert "Fab, a kind of agent" in fab
    assert "fab_mature, fab_auto, fab_leading, fab_memory" in fab
    rule = " ".join(told("explain", "expansion").split())
    assert "a rule of firms" in rule
    assert "asked in invest" in rule
    phase = " ".join(told("explain", "invest").split())
    assert "a phase of the month" in phase
    assert "expansion" in phase
    column = " ".join(told("explain", "cash").split())
    assert "M USD. axes owner, run" in column
    assert "pay: abm/phases/trading.py pay" in column


def test_the_rules_that_are_listed_are_those_a_kind_may_replace() -> None:
    assert {"expansion", "desired_output", "input_orders"} <= set(rules())
    assert not {"suppliers", "customers", "name", "ensemble"} & set(rules())
