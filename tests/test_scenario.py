"""Scenario files: what is read from them, what is refused and how it is told, and how values are replaced."""

import os
import re
import subprocess
import sys
import time
import tomllib
from datetime import date
from pathlib import Path

import pytest

from abm.errors import InputError
from abm.policies.capex_grant import CapexGrant
from abm.scenario import Scenario, bundled
from abm.toml_lines import LARGEST_FILE
from abm.world import World, read
from experiments import library

TINY = Path(__file__).parent / "tiny"
PLAIN = 'title = "Plain"\nquestion = "What?"\nstory = "None."\nreferences = []\n'
FOLDER = Path(__file__).parent / "mistakes"
GOOD = (FOLDER / "good.toml").read_text(encoding="utf-8")
MISTAKES = tomllib.loads((FOLDER / "scenario.toml").read_text(encoding="utf-8"))["mistake"]
# Texts that replace ``rate = 0.25`` in the good file, too long or too odd for a file.
HOSTILE = {
    f"rate = 1{'0' * 400}": r"wrong.toml:18: rate: 10+\.\.\. is not a number",
    f'rate = "{"A" * 1000}"': r"wrong.toml:18: has 1009 characters. Break it below 1,000.",
    ".".join("abcdefghij") + " = 1": r"wrong.toml:18: has a key with more than 8 dots.",
    ".".join(f'"{part}"' for part in "abcdefghij") + " = 1": r"wrong.toml:18: has a key with more than 8 dots.",
    "rate = " + "[" * 900 + "\n" + "[" * 900: r"wrong.toml: is not TOML that can be read",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.toml").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def world() -> World:
    return read(date(2020, 1, 1), TINY)


def refusal(folder: Path, text: str) -> str:
    (folder / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        Scenario.load(folder / "wrong.toml", folder)
    return str(refused.value)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"])
def test_a_mistake_is_told_with_line_field_and_remedy(mistake: dict[str, str], folder: Path) -> None:
    assert mistake["before"] in GOOD
    told = refusal(folder, GOOD.replace(mistake["before"], mistake["after"], 1))
    assert re.search(mistake["message"], told), told


@pytest.mark.parametrize("written", HOSTILE)
def test_a_hostile_file_is_refused_at_once(written: str, folder: Path) -> None:
    assert re.search(HOSTILE[written], refusal(folder, GOOD.replace("rate = 0.25", written)))


def test_a_page_of_blanks_is_read_in_no_time(folder: Path) -> None:
    start = time.perf_counter()
    for line in (" " * 999, "a" + " " * 990, "#" + "a." * 490, "[" + "a" * 990):
        (folder / "wrong.toml").write_text(f"{line}\n" * 60, encoding="utf-8")
        with pytest.raises(InputError):
            Scenario.load(folder / "wrong.toml", folder)
    assert time.perf_counter() - start < 1.0


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_their_lines(folder: Path) -> None:
    text = (
        GOOD.replace("depth = 0.5", "depth = 5").replace("rate = 0.25", "rates = 0.25").replace("interest", "intrest")
    )
    lines = refusal(folder, text).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["wrong.toml:10", "intrest"],
        ["wrong.toml:12", "rate"],
        ["wrong.toml:18", "rates"],
        ["wrong.toml:30", "depth"],
    ]


def test_a_file_that_is_none_is_refused(folder: Path) -> None:
    (folder / "latin.toml").write_bytes('title = "A"\n# \xe4\n'.encode("latin-1"))
    (folder / "large.toml").write_text("#" * 99 + "\n" + "# \n" * LARGEST_FILE, encoding="utf-8")
    (folder / "Loud Name.toml").write_text(PLAIN, encoding="utf-8")
    os.mkfifo(folder / "pipe.toml")
    for name, message in {
        "latin.toml": "latin.toml:2: is not UTF-8",
        "large.toml": "large.toml: is larger than 64 KiB",
        "missing.toml": "missing.toml: is no file",
        "pipe.toml": "pipe.toml: is no file",
        ".": "is a folder",
        "Loud Name.toml": "the file is called 'Loud Name.toml'. Use small letters",
    }.items():
        with pytest.raises(InputError, match=re.escape(message)):
            Scenario.load(folder / name, folder)


def test_a_circle_of_scenarios_is_refused(folder: Path) -> None:
    for name, other in (("first", "second"), ("second", "third"), ("third", "first")):
        (folder / f"{name}.toml").write_text(f'{PLAIN}extends = "{other}"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"third.toml:5: extends: 'first' extends this one in turn"):
        Scenario.load("first", folder)


def test_a_good_file_is_read_whole(folder: Path) -> None:
    scenario = Scenario.load(folder / "good.toml")
    assert (scenario.name, scenario.start, scenario.until) == ("good", date(2020, 1, 1), date(2020, 12, 1))
    assert scenario.months == 12
    assert [measure.name for measure in scenario.measures] == ["duty", "fire"]
    assert scenario.parameters == {"interest": 0.003}
    assert scenario.text == GOOD
    assert scenario.places["fire.depth"] == "good.toml:30"


def test_what_a_scenario_extends_comes_first_and_its_own_words_win(folder: Path) -> None:
    own = '[[policy]]\nkind = "tariff"\nname = "more"\ngovernment = "US"\ngoods = ["cell"]\nrate = 0.1\n'
    own += 'start = 2020-01-01\nsource = "a test"\n[parameters]\ninterest = 0.004\n'
    text = f'{PLAIN}extends = "good"\nuntil = "2021-12"\n{own}'
    (folder / "child.toml").write_text(text, encoding="utf-8")
    child = Scenario.load("child", folder)
    assert [measure.name for measure in child.measures] == ["duty", "more", "fire"]
    assert (child.title, child.baseline, child.parameters) == ("Plain", None, {"interest": 0.004})
    assert (child.start, child.until) == (date(2020, 1, 1), date(2021, 12, 1))
    (folder / "twice.toml").write_text(text.replace('"more"', '"duty"'), encoding="utf-8")
    with pytest.raises(InputError, match="'duty' is taken by the scenario it extends"):
        Scenario.load("twice", folder)


def test_words_a_world_does_not_have_are_refused_with_their_line(folder: Path, world: World) -> None:
    text = GOOD.replace('["cell"]', '["cells"]').replace('"JP"', '"JPM"').replace('["CN"]', '["CN", "XX"]')
    text = text.replace("[parameters]", 'headline = { chain = "chip", region = "USA" }\n[parameters]')
    text = text.replace("depth = 0.5", 'depth = 0.5\nfirms = ["Osakka"]')
    (folder / "wrong.toml").write_text(text, encoding="utf-8")
    Scenario.load("good", folder).check(world)
    with pytest.raises(InputError) as refused:
        Scenario.load("wrong", folder).check(world)
    assert sorted(str(refused.value).splitlines()) == [
        "wrong.toml:17: goods: no good 'cells'. Did you mean 'cell'?",
        "wrong.toml:18: origins: no region 'XX'. Known: CN, JP, US.",
        "wrong.toml:26: region: no region 'JPM'. Did you mean 'JP'?",
        "wrong.toml:32: firms: no firm 'Osakka'. Did you mean 'Osaka'?",
        "wrong.toml:9: headline: no good or chain 'chip'. Did you mean 'chips'?",
        "wrong.toml:9: headline: no region 'USA'. Did you mean 'US'?",
    ]


def test_bundled_scenarios_hold_in_their_world_and_in_what_they_promise() -> None:
    assert {"baseline", "chips_act", "rare_earth_embargo_2010"} <= set(library.names())
    for name in library.names():
        scenario = Scenario.load(name)
        scenario.check(read(scenario.start))
        assert scenario.text == library.find(name).read_text(encoding="utf-8")
        assert len(re.findall(r"[.?!](\s|$)", scenario.story)) == 3, f"{name}: three sentences"
        assert scenario.references
        rival = scenario.rival()
        assert (rival is None) == (name == "baseline")
        assert rival is None or (rival.start, rival.until) == (scenario.start, scenario.until)
    act = next(policy for policy in Scenario.load("chips_act").policies if isinstance(policy, CapexGrant))
    assert (act.amount_musd, act.start, act.barred_regions) == (39_000.0, date(2022, 8, 9), ("CN",))


def test_a_misspelt_scenario_is_refused_with_the_nearest_name() -> None:
    for load in (Scenario.load, library.find):
        with pytest.raises(InputError, match=r"no scenario is called 'chip_act'\. Did you mean 'chips_act'\?"):
            load("chip_act")


def test_bundled_scenarios_are_found_without_importing_their_package() -> None:
    assert bundled() == library.SCENARIOS
    code = "import sys; from abm.scenario import Scenario; Scenario.load('chips_act')"
    code += "; sys.exit('experiments' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=library.SCENARIOS.parents[1], check=False).returncode == 0


def test_dotted_keys_replace_values() -> None:
    changed = Scenario.load("chips_act").override(
        "chips_act.amount_musd=60_000",
        "chips_act.weights.chip_auto = 3",
        'chips_act.barred_regions=["CN", "ROW"]',
        "chips_act.government=TW",
        "chips_credit.share=.3",
        "chips_credit.start=2023-01-01",
        "parameters.interest=0.002",
        "until=2025-06",
        'start="2015-01"',
    )
    act, credit = changed.policies[-2:]
    said = act.model_dump()
    assert (said["amount_musd"], said["government"], said["barred_regions"]) == (60_000.0, "TW", ("CN", "ROW"))
    assert said["weights"] == {"chip_leading": 2.0, "chip_auto": 3.0}
    assert (credit.model_dump()["share"], credit.start) == (0.3, date(2023, 1, 1))
    assert (changed.start, changed.until) == (date(2015, 1, 1), date(2025, 6, 1))
    assert changed.parameters == {"interest": 0.002}
    assert Scenario.load("chips_act").policies[-2].model_dump()["amount_musd"] == 39_000.0


@pytest.mark.parametrize(
    ("written", "message"),
    {
        "chips_act.amount_mus=1": "override chips_act.amount_mus: no such key. Did you mean 'amount_musd'?",
        "chip_act.amount_musd=1": "no policy or shock called 'chip_act'. Did you mean 'chips_act'?",
        "chips_act.amount_musd=-1": "-1 is out of range. Give 0 to 1e+06 (M USD).",
        "chips_act.amount_musd=lots": "'lots' is not a number",
        "chips_act.amount_musd=60,000": "'60,000' is not a value. Write a number",
        "chips_act.amount_musd=1\nname='x'": "is not KEY=VALUE",
        "chips_act.kind=tariff": "override chips_act.kind: no such key",
        "chips_act=1": "override chips_act: no such key. Known: amount_musd",
        "chips_act.amount_musd.more=1": "amount_musd is not a table",
        "chips_act.end=2020-01-01": "2020-01-01 is not after start 2022-08-09",
        "chips_act.amount_musd": "is not KEY=VALUE. Write it like chips_act.amount_musd=60000.",
        "parameters.intrest=1": "no parameter 'intrest'. Did you mean 'interest'?",
        "parameters.interest=true": "True is not a number",
        "parameters.interest=nan": "nan is out of range",
        "untill=2025-01": "no policy or shock called 'untill'. Did you mean 'until'?",
        "until=2025": "override until: 2025 is not a month. Write it like 2020-01.",
        "until=2019-01": "override until: from 2020-01 until 2019-01 is -11 months.",
        "start=2031-01": "from 2031-01 until 2030-12 is 0 months.",
        "x" * 2000: "is not KEY=VALUE",
        "chips_act.weights=" + "[" * 900: "is not a value",
    }.items(),
)
def test_an_override_that_is_wrong_is_refused(written: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        Scenario.load("chips_act").override(written)
