"""What can be named is listed, and what is listed is explained."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from worlds import busy, question

from abm.errors import nearest
from abm.model import Model
from abm.month import PHASES
from abm.parameters import Parameters
from abm.policies import INSTRUMENTS, SHOCKS
from abm.series import SERIES
from abm.world import World
from experiments.acts import PARAMETERS, readers, used, where
from experiments.catalogue import COMMON, KINDS, Catalogue, described, doses
from experiments.cli import main
from experiments.explain import FINDERS
from experiments.headings import KEYS, headings
from experiments.inside import rules
from experiments.library import names
from experiments.listing import LISTS
from experiments.moves import moves


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
    for words in ("0.3333 share", "0 to 1", "Irwin, Klenow", "cost: abm/agents/firm.py Firm.running_cost"):
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
    assert found == {"Firm.running_cost": ("cost",), "_shared": ()}
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


@pytest.mark.parametrize("kind", [*INSTRUMENTS, *SHOCKS])
def test_an_explanation_of_a_kind_has_a_sentence_for_every_field(kind: str) -> None:
    told_of = described(KINDS[kind])
    assert [*told_of] == [*KINDS[kind].model_fields]
    assert [field for field, text in told_of.items() if len(text) < 6] == []
    fields = told("explain", kind).partition("\nFields")[2]
    assert [field for field in told_of if f"\n{field} " not in fields] == []


def phases_where(field: str) -> set[str]:
    """Return the phases that an explanation of a field names."""
    lines = told("explain", field).partition("acts in")[2].splitlines()
    return {phase for line in lines for phase in line.partition(":")[0].split()}


@pytest.mark.parametrize(
    ("field", "phases"),
    [
        ("capex_grant.amount_musd", {"award"}),
        ("capex_grant.barred_regions", {"invest", "award"}),
        ("public_loan.amount_musd", {"award"}),
        ("public_loan.rate", {"award", "finance"}),
        ("public_loan.years", {"finance"}),
        ("reshoring_subsidy.pace", {"award"}),
        ("overseas_investment.offtake", {"choose"}),
        ("overseas_investment.amount_musd", {"choose", "award"}),
        ("tariff.rate", {"choose", "pay"}),
        ("supply_review.musd_per_year", {"finance"}),
        ("entity_list.tools", {"invest"}),
        ("blockade.recovery_months", {"trade"}),
    ],
)
def test_a_field_is_explained_with_the_phases_that_use_what_it_sets(field: str, phases: set[str]) -> None:
    assert phases <= phases_where(field)
    assert phases_where(field) <= {name for name, _ in PHASES}


def test_a_field_names_no_phase_that_only_its_neighbours_act_in() -> None:
    assert "finance" not in phases_where("public_loan.floor_share")
    assert phases_where("entity_list.tools").isdisjoint({"trade", "choose"})


def test_every_field_of_every_measure_acts_in_some_phase_but_for_who_does_it() -> None:
    still = {
        field
        for kind in KINDS.values()
        for field in kind.model_fields
        if field not in COMMON and not used(moves(kind)[field])
    }
    assert still == {"government"}


def test_what_goes_by_the_same_name_in_two_files_is_kept_apart() -> None:
    found = where("pot_left", "state")
    assert "award: abm/phases/awarding.py _promise" in found
    assert "govern: abm/phases/reacting.py _promise" in found


@pytest.fixture(scope="module")
def run(tiny: World) -> Model:
    return Model(question(*busy(), months=12), world=tiny).run()


@pytest.mark.parametrize("table", list(KEYS))
def test_a_table_of_the_results_is_explained_with_its_columns_and_units(run: Model, table: str) -> None:
    # What a point of share costs is told of several scenarios only, and joins the table then.
    columns = [*getattr(run, table).columns, *(["cost_per_point"] if table == "kpi" else [])]
    known = headings(table)
    begins = [word.removesuffix("...") for word in known if word.endswith("...")]
    assert {word for word in columns if not word.startswith(tuple(begins))} == {*known} - {f"{w}..." for w in begins}
    assert [word for word in begins if not any(column.startswith(word) for column in columns)] == []
    page = told("explain", table)
    assert f"{table}, a table of the results" in page
    assert [word for word, unit in known.items() if not unit or f"\n{word} " not in page] == []


def test_a_bare_field_is_explained_with_the_kinds_that_have_it() -> None:
    page = told("explain", "amount_musd")
    having = {name for name, kind in KINDS.items() if "amount_musd" in kind.model_fields}
    assert len(having) > 3
    assert {name for name in KINDS if f"\n{name} " in page} == having
    assert "M USD" in page


def test_a_list_of_what_is_known_that_is_cut_short_says_how_much_is_left() -> None:
    assert nearest("xyzzy", [f"word{number:02}" for number in range(23)]).endswith("word18, word19 and 3 more.")
    assert nearest("xyzzy", ["one", "two"]) == "Known: one, two."
