"""The data folder: what is read from it, what is made of it and what is refused."""

import re
import runpy
import shutil
import timeit
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from abm.errors import InputError
from abm.facts import PACKAGE_DATA, coverage, gather
from abm.tables import COLUMNS, FIELDS
from abm.world import Goods, World, balance, read, refuse_imbalance

TINY = Path(__file__).parent / "tiny"
START, MIDDLE, EARLY = date(2020, 1, 1), date(2015, 1, 1), date(2009, 1, 1)
STARTS = (START, MIDDLE, EARLY)
FIRMS = {"Miner": 8, "Refiner": 8, "MagnetMaker": 8, "CellMaker": 10, "Automaker": 12, "DrugMaker": 10}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


@pytest.fixture(scope="module")
def worlds() -> dict[date, World]:
    return {start: read(start) for start in STARTS}


def edit(path: Path, prefix: str, change: Callable[[str], str]) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    row = next(row for row, line in enumerate(lines) if line.startswith(prefix))
    lines[row : row + 1] = change(lines[row]).splitlines()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return row + 1


def refusal(folder: Path, start: date = START) -> str:
    with pytest.raises(InputError) as refused:
        read(start, folder)
    return str(refused.value)


def capacity(world: World, good: str, region: str, *, named: bool | None = None) -> float:
    """Return the capacity of a good in a region, of all, of named or of unnamed owners."""
    plants = world.plants
    here = (plants.good == world.goods.code.index(good)) & (plants.region == world.regions.index(region))
    kept = here if named is None else here & (world.owners.named[plants.owner] == named)
    return float(plants.capacity[kept].sum())


WRONG = {
    "region": ("capacity.csv", "magnet,US,", "US", "USS", "no region 'USS'. Did you mean 'US'?"),
    "good": ("capacity.csv", "magnet,US,", "magnet", "magnets", "no good 'magnets'. Did you mean 'magnet'?"),
    "firm": ("plants.csv", "Gobi,", "Gobi", "Goby", "no firm 'Goby'. Did you mean 'Gobi'?"),
    "process": ("plants.csv", "Gobi,", "mine_ree", "mine_re", "no process 'mine_re'. Did you mean 'mine_ree'?"),
    "field": ("goods.csv", "cell,price,", "price", "prise", "no field 'prise'. Did you mean 'price'?"),
    "unit": ("goods.csv", "cell,life,", ",yr,", ",yrs,", "no unit 'yrs'. Did you mean 'yr'?"),
    "source": ("firms.csv", "Gobi,", "assumed", "exemple", "no source 'exemple'. Did you mean 'example'?"),
    "start": ("capacity.csv", "magnet,US,", "2020-01", "2020-1", "start '2020-1' is not a date."),
    "early start": ("plants.csv", "Gobi,", "2020-01", "2015-02", "no start '2015-02'. Did you mean '2015-01'?"),
    "buyer": ("trade.csv", "ree_oxide,JP,", "JP", "JPM", "no buyer 'JPM'. Did you mean 'JP'?"),
    "stance": ("countries.csv", "Japan,", "ally", "allied", "no stance 'allied'. Did you mean 'ally'?"),
    "role": ("history.csv", "mine_share,", "fit", "fits", "no role 'fits'. Did you mean 'fit'?"),
    "word for a number": ("goods.csv", "cell,price,", "0.1", "cheap", "value 'cheap' is not a number."),
    "nan": ("goods.csv", "cell,price,", "0.1", "nan", "value 'nan' is not a number."),
    "infinity": ("goods.csv", "cell,price,", "0.1", "1e999", "value '1e999' is not a number."),
    "negative": ("goods.csv", "cell,markup,", "0.25", "-0.25", "markup -0.25 share is not between 0 and 20 share."),
    "duplicate": ("firms.csv", "Canton,", "Canton", "Gobi", "says again what tiny/firms.csv row 9 says."),
    "base": ("goods.csv", "cell,life,", ",yr,", ",%,", "unit '%' counts 'share', not 'month'. Write 'month' or"),
    "good's unit": ("plants.csv", "Gobi,", "t REO/", "t/", "unit 't/month' counts 't/month', not 't REO/month'."),
    "note": ("firms.csv", "Gobi,", "tiny world of the tests", "", "is assumed and has no note. Say in the note why"),
    "inputs": ("firms.csv", "Gobi,", "assumed,tiny world of the tests", "derived,", "is derived and has no note. Name"),
    "date": ("firms.csv", "Gobi,", "2020", "2020-13", "date '2020-13' is not a date. Write it like 2020"),
    "no date": ("firms.csv", "Gobi,", "2020", "", "has no date."),
    "header": ("firms.csv", "firm,", "hq", "home", "the header is 'firm,home,value,unit,date,source,note'. Write"),
    "columns": ("firms.csv", "Gobi,", "tests", "tests, really", "has 8 columns, the header has 7."),
    "quote": ("firms.csv", "Gobi,", "tiny world", '"tiny" world', "is not CSV"),
    "fringe": ("plants.csv", "fringe,JP,ree", ",0,", ",5,", "the fringe gets what named firms leave, not a capacity."),
    "product": ("plants.csv", "Gobi,", "mine_ree", "mine_battery", "process 'mine_battery' makes 'battery_ore', not"),
    "process twice": (
        "recipes.csv",
        "assemble_device,device,DeviceMaker,cell",
        "DeviceMaker",
        "Fab",
        "process 'assemble",
    ),
    "place": ("capacity.csv", "magnet,WORLD,", "WORLD", "US", "'world_output' is not given for 'US'."),
    "basis": ("capacity.csv", "magnet,CN,", "output_share", "capacity_share", "'magnet' has shares of capacity and of"),
    "idle": ("firms.csv", "Gobi,", "Gobi", "Idle,CN,1,named,2020,assumed,x\nGobi", "firm 'Idle' has no row in plants"),
    "imports": ("trade.csv", "ree_oxide,JP,", "JP,CN", "US,JP", "import_share of 'ree_oxide' into 'US' sums to 140"),
}
SUMS = {
    "shares": ("capacity.csv", "magnet,US,", "10", "10.06", "output_share of 'magnet' sums to 100.06 %."),
    "demand": ("demand.csv", "cell,JP,final", "20", "19.9", "final_demand_share of 'cell' sums to 99.90 %."),
    "supply": ("critical_inputs.csv", "gallium,,CN", "80", "70", "share of 'gallium' sums to 90.00 %."),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_row_is_refused_with_its_place_and_the_nearest_spelling(case: str, folder: Path) -> None:
    file, prefix, old, new, message = WRONG[case]
    row = edit(folder / file, prefix, lambda line: line.replace(old, new, 1))
    assert refusal(folder).startswith(f"tiny/{file} row {row}: ")
    assert message in refusal(folder)


@pytest.mark.parametrize("case", SUMS)
def test_shares_that_do_not_sum_to_a_whole_are_refused(case: str, folder: Path) -> None:
    file, prefix, old, new, message = SUMS[case]
    edit(folder / file, prefix, lambda line: line.replace(f",{old},", f",{new},"))
    assert refusal(folder).startswith(f"tiny/{file} row ")
    assert f"and below: {message}" in refusal(folder)
    edit(folder / file, prefix, lambda line: line.replace(f",{new},", f",{float(old) + 0.04},"))
    assert read(START, folder).share.sum(axis=1).max() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("file", "prefix", "what"),
    [
        ("goods.csv", "cell,price,", "the price of 'cell'"),
        ("goods.csv", "cell,name,", "the name of 'cell'"),
        ("capacity.csv", "cell,WORLD,", "world_output or utilisation of 'cell'"),
        ("capacity.csv", "cell,US,", "has no row for 'US'"),
        ("demand.csv", "cell,WORLD,final", "final_demand (of WORLD) or final_demand_share of 'cell'"),
        ("demand.csv", "car,JP,ev_share", "ev_share of 'car' in 'JP'"),
        ("lead_times.csv", "medicines,", "construction of 'key_starting_material' in 'US'"),
        ("regions.csv", "CN,hazard", "hazard of 'CN' for 'rare_earths' or 'all'"),
        ("critical_inputs.csv", "gallium,,WORLD", "share or stock_days of 'gallium'"),
    ],
)
def test_a_missing_field_is_refused(file: str, prefix: str, what: str, folder: Path) -> None:
    edit(folder / file, prefix, lambda _: "")
    assert refusal(folder).startswith(f"tiny/{file}")
    assert what in refusal(folder)


def test_a_file_that_is_not_utf_8_or_not_there_is_refused(folder: Path) -> None:
    path = folder / "firms.csv"
    path.write_bytes(path.read_bytes().replace(b"Gobi", "Gob\u00ed".encode("latin-1")))
    assert refusal(folder).startswith("tiny/firms.csv row 9: is not UTF-8.")
    path.unlink()
    assert refusal(folder).startswith("tiny/firms.csv: is missing.")


def test_an_unknown_start_is_refused_with_the_known_ones() -> None:
    assert refusal(TINY, date(2012, 1, 1)) == "start: no start state 2012-01-01. Known: 2009-01, 2015-01, 2020-01."


def test_a_world_output_that_demand_and_recipes_do_not_need_is_refused(folder: Path) -> None:
    edit(folder / "capacity.csv", "magnet,WORLD,", lambda line: line.replace("12000", "12300"))
    with pytest.raises(InputError, match=r"world_output of 'magnet' is 1025 a month, but .* need 1000"):
        refuse_imbalance(read(START, folder))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[interest]", "[intrest]", "no parameter 'intrest'. Did you mean 'interest'?"),
        ("[interest]", "[interest]\nnotes = 1", "no key 'notes'. Did you mean 'note'?"),
        (r"\[interest\][^[]*", "", "parameter 'interest' is missing."),
        (r"(\[interest\]\nvalue = )\S+", r"\g<1>99.0", "99.0 is not between"),
        (r"(\[interest\]\nvalue = )\S+", r'\g<1>"x"', "'value' is not a number."),
        (r"(\[interest\][^[]*?)sentence = [^\n]*\n", r"\1", "'sentence' is missing."),
        (r"(\[interest\][^[]*?)unit = [^\n]*\n", r"\1", "'unit' is missing."),
        (r"(\[interest\][^[]*?)source = [^\n]*\n", r"\1", "'source' is missing."),
        (r"(\[interest\][^[]*?)source = [^\n]*\n", r'\1source = "who"\n', "no source 'who'."),
    ],
)
def test_a_wrong_parameter_is_refused(old: str, new: str, message: str, folder: Path) -> None:
    told = (PACKAGE_DATA / "parameters.toml").read_text(encoding="utf-8")
    told = re.sub(r'source = "(?!assumed|derived)\w+"', 'source = "example"', told)
    (folder / "parameters.toml").write_text(told, encoding="utf-8")
    assert read(START, folder).parameters.interest == read(START).parameters.interest
    pattern = re.escape(old) if old == "[interest]" else old
    (folder / "parameters.toml").write_text(re.sub(pattern, new, told, count=1), encoding="utf-8")
    assert refusal(folder).startswith("tiny/parameters.toml")
    assert message in refusal(folder)


def test_named_plants_above_the_regional_total_are_scaled_and_reported(folder: Path) -> None:
    edit(folder / "plants.csv", "Ningbo,", lambda line: line.replace("875", "1750"))
    world = read(START, folder)
    assert [(each.good, each.region, round(each.factor, 9)) for each in world.scaled] == [("magnet", "CN", 0.5)]
    assert capacity(world, "magnet", "CN") == capacity(world, "magnet", "CN", named=True) == pytest.approx(875)


def test_the_fringe_carries_what_named_plants_leave_and_enters_where_it_may() -> None:
    world = read(START, TINY)
    names = [world.owners.name[owner] for owner in world.plants.owner[world.plants.fringe]]
    assert capacity(world, "device", "CN", named=False) == pytest.approx(25)
    assert "Other devices makers, China" in names
    assert "Other rare-earth concentrate makers, Japan" in names
    assert capacity(world, "ree_concentrate", "JP") == 0.0
    assert not world.owners.named[world.plants.owner[world.plants.fringe]].any()


def test_a_plant_of_a_later_start_shrinks_with_its_region_unless_it_has_a_row(folder: Path) -> None:
    assert capacity(read(MIDDLE, folder), "ree_concentrate", "US", named=True) == pytest.approx(60)
    assert capacity(read(EARLY, folder), "ree_concentrate", "CN", named=True) == pytest.approx(1200)
    row = "Sierra,US,ree_concentrate,mine_ree,2015-01,45,t REO/month,2015,assumed,x\n"
    edit(folder / "plants.csv", "Sierra,", lambda line: row + line)
    assert capacity(read(MIDDLE, folder), "ree_concentrate", "US", named=True) == pytest.approx(45)
    assert capacity(read(MIDDLE, folder), "ree_concentrate", "US", named=False) == pytest.approx(15)


def test_the_tiny_world_is_what_its_script_writes_and_balances(tmp_path: Path) -> None:
    runpy.run_path(str(TINY / "make.py"))["main"](tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_text(encoding="utf-8") == (TINY / path.name).read_text(encoding="utf-8"), path.name
    for start in STARTS:
        world = read(start, TINY)
        np.testing.assert_allclose(balance(world), world.world_output, rtol=1e-9)


def test_every_number_of_a_good_has_a_unit_and_a_range() -> None:
    named = {name for joined in FIELDS["goods.csv"] for name in joined.split()}
    assert named == {"name", "unit", "chain"} | {field.name for field in fields(Goods)[4:]}


def test_start_shares_equal_the_files(worlds: dict[date, World]) -> None:
    told: dict[tuple[str, str], dict[str, float]] = {}
    for row in gather(PACKAGE_DATA).rows["capacity.csv"]:
        told.setdefault((row["good"], row["region"]), {})[row["start"]] = float(row["value"])
    for start, world in worlds.items():
        for good in (code for code, total in zip(world.goods.code, world.share.sum(axis=1), strict=True) if total):
            total = sum(capacity(world, good, region) for region in world.regions)
            for region in world.regions:
                found = 100 * capacity(world, good, region) / total
                serves = min(each for each in told[good, region] if each >= f"{start:%Y-%m}")
                assert found == pytest.approx(told[good, region][serves], abs=0.1), (good, region, start)


def test_capacities_make_the_world_output_at_the_start_utilisation(worlds: dict[date, World]) -> None:
    for world in worlds.values():
        made = np.bincount(world.plants.good, world.plants.capacity) * world.goods.utilisation
        np.testing.assert_allclose(made, np.where(world.share.any(axis=1), world.world_output, 0.0), rtol=1e-9)
        assert (world.plants.capacity >= 0.0).all()


def test_the_package_balances_at_every_start(worlds: dict[date, World]) -> None:
    for world in worlds.values():
        refuse_imbalance(world)


def test_the_owners_and_plants_are_in_order_and_each_row_is_one_of_a_kind(worlds: dict[date, World]) -> None:
    for world in worlds.values():
        rows = list(zip(world.plants.process, world.plants.owner, world.plants.region, strict=True))
        assert rows == sorted(set(rows))
        assert (world.recipes.good[world.plants.process] == world.plants.good).all()
        assert len(set(world.owners.name)) == len(world.owners.name)


@pytest.mark.parametrize("kind", FIRMS)
def test_enough_firms_are_named(kind: str, worlds: dict[date, World]) -> None:
    owners, plants = worlds[START].owners, worlds[START].plants
    kinds = np.array(worlds[START].recipes.kind)[plants.process]
    running = (kinds == kind) & (plants.capacity > 0.0) & owners.named[plants.owner]
    assert len(set(plants.owner[running])) >= FIRMS[kind]


def test_no_outcome_after_2021_is_in_the_history() -> None:
    assert max(row["date"] for row in gather(PACKAGE_DATA).rows["history.csv"]) < "2022"


def test_every_country_has_a_region_and_taiwan_its_own() -> None:
    facts = gather(PACKAGE_DATA)
    region = {row["iso2"]: row["region"] for row in facts.rows["countries.csv"]}
    assert len(region) == len(facts.rows["countries.csv"]) >= 250
    assert set(region.values()) == set(facts.words["regions"])
    assert [code for code in region if region[code] == "TW"] == ["TW"]
    assert (region["GB"], region["CH"], region["NO"], region["SG"], region["CA"]) == ("EU", "EU", "EU", "SEA", "ROW")


def test_coverage_counts_every_row_with_a_source_once() -> None:
    found = {each.file: each for each in coverage()}
    assert set(found) == set(COLUMNS) - {"units.csv"} | {"parameters.toml"}
    assert all(each.entries == each.sourced + each.derived + each.assumed > 0 for each in found.values())
    assert found["history.csv"].sourced > found["history.csv"].assumed
    assert {each.sourced for each in coverage(TINY)} == {0}


def test_a_world_is_frozen_and_its_digest_follows_every_byte(folder: Path) -> None:
    world = read(START, folder)
    with pytest.raises(ValueError, match="read-only"):
        world.goods.price[0] = 1.0
    assert world.digest == read(MIDDLE, folder).digest
    edit(folder / "firms.csv", "Gobi,", lambda line: line + "!")
    assert world.digest != read(START, folder).digest


def test_the_package_is_read_in_a_third_of_a_second() -> None:
    assert min(timeit.repeat(lambda: read(START), number=1, repeat=3)) < 0.3
