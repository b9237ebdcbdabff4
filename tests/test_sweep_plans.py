"""Plans of sweeps: what they say, what is refused, which points they make, and that the bundled ones can be played."""

from pathlib import Path

import numpy as np
import pytest
from sweeps import plan_file

from abm.errors import InputError
from abm.scenario import Scenario
from experiments.run import CHUNK
from experiments.sweep_commands import PLANS
from experiments.sweeping.batches import Part, laid
from experiments.sweeping.plan import Plan
from experiments.sweeping.points import joined, points, read, table
from experiments.sweeping.work import played

HEAD = 'title = "A"\nscenario = "chips_act"\nruns = 4\n'
RANGES = (
    "[vary]\nparameters.interest = { low = 0.0, high = 0.01 }\nparameters.hoard_strength = { low = 1.0, high = 9.0 }\n"
)
THREE = ("price_watch", "order_smoothing", "stock_adjustment")
REFUSED = {
    "a misspelt key": (HEAD + "rums = 3\n", "x.toml:4: rums: no such key. Did you mean 'runs'?"),
    "a scenario that is none": (HEAD.replace("chips_act", "chip_act"), "Did you mean 'chips_act'?"),
    "a misspelt measure": (HEAD + "[vary]\nchips_ac.amount_musd = [1]\n", "x.toml:5: amount_musd: no scenario"),
    "a value out of range": (HEAD + "[vary]\nchips_act.amount_musd = [1, -1]\n", "Give 0 to 1e+06 (M USD)."),
    "a range that leaves its bounds": (
        HEAD + 'design = "sobol"\npoints = 4\n[vary]\nparameters.interest = { low = 0.0, high = 0.5 }\n',
        "0.5 is out of range. Give 0 to 0.01 (1/month).",
    ),
    "a range on its head": (
        HEAD + 'design = "sobol"\npoints = 4\n[vary]\nparameters.interest = { low = 0.01, high = 0.0 }\n',
        "0.01 to 0 is no such range.",
    ),
    "a design that is not told how many": (HEAD + 'design = "sobol"\n' + RANGES, "Write points = 64."),
    "a number of points that is no power of 2": (
        HEAD + 'design = "sobol"\npoints = 100\n' + RANGES,
        "100 is not a power of 2. Write 64 or 128.",
    ),
    "a range in a grid": (HEAD + RANGES, "grid needs a list of values."),
    "a list where points are drawn": (
        HEAD + 'design = "morris"\npoints = 4\n[vary]\nparameters.interest = [0.0]\n',
        "morris needs a range.",
    ),
    "lists of different lengths": (
        HEAD + 'design = "list"\n[vary]\nparameters.interest = [0.0]\nparameters.hoard_strength = [1.0, 2.0]\n',
        "Make them equally long.",
    ),
    "an empty list": (HEAD + "[vary]\nparameters.interest = []\n", "is empty."),
    "a key that is set and varied": (
        HEAD + "[set]\nparameters.interest = 0.0\n[vary]\nparameters.interest = [0.0]\n",
        "is set and varied.",
    ),
    "a series that is none": (HEAD + '[keep]\nregions = ["capacity_shar"]\n', "Did you mean 'capacity_share'?"),
    "a good that is none": (HEAD + '[keep]\nregions = ["stock_days"]\ngoods = ["chip"]\n', "the world has no 'chip'."),
    "too many points": (
        HEAD + "[vary]\n" + "".join(f"parameters.{each} = {[0.3] * 150}\n" for each in THREE),
        "makes 3375000 points.",
    ),
    "until without a baseline": (
        'title = "A"\nscenario = "baseline"\nruns = { series = "share_chips_US", half_width = 0.1 }\n',
        "until compares with a baseline, and there is none.",
    ),
}  # fmt: skip


def told(folder: Path, text: str) -> Plan:
    path = folder / "x.toml"
    path.write_text(text, encoding="utf-8")
    return Plan.load(path)


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_is_told_with_its_line_and_a_remedy(mistake: str, tmp_path: Path) -> None:
    text, message = REFUSED[mistake]
    with pytest.raises(InputError) as refused:
        told(tmp_path, text)
    assert message in str(refused.value)


def test_all_mistakes_of_a_plan_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        told(tmp_path, HEAD + "[vary]\nchips_act.amount_musd = [-1]\nparameters.interes = [0.1]\n")
    assert "x.toml:5" in str(refused.value)
    assert "x.toml:6" in str(refused.value)


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_bundled_plan_is_sound_and_its_first_points_can_be_played(path: Path) -> None:
    plan = Plan.load(path)
    every = list(points(plan))
    assert len({each.name for each in every}) == len(every) > 3
    assert {each.against for each in every} - {None} == {each.name for each in every if each.baseline}
    for point in every[:2]:
        (tables,) = played(plan.keep, [Part(point, 0, 1)], lambda _: None)
        assert set(tables) == set(plan.keep.names)
        assert tables["kpi"]["point"].to_list() == [point.name]


def values(plan: Plan) -> np.ndarray:
    return np.array([[*each.varied.values()] for each in points(plan) if not each.baseline], float)


@pytest.mark.parametrize(("design", "many"), [("latin_hypercube", 16), ("sobol", 16), ("saltelli", 64), ("morris", 16)])
def test_drawn_points_fill_their_ranges_and_are_drawn_alike_every_time(design: str, many: int, tmp_path: Path) -> None:
    text = HEAD.replace("chips_act", "baseline") + f'design = "{design}"\npoints = 16\n{RANGES}'
    drawn = values(told(tmp_path, text))
    # Two keys of four levels have sixteen places: trajectories that cross share points.
    assert len(drawn) == many
    for column, (low, high) in zip(drawn.T, [(0.0, 0.01), (1.0, 9.0)], strict=True):
        assert low <= column.min() < low + (high - low) / 4
        assert high - (high - low) / 4 < column.max() <= high
    assert np.array_equal(drawn, values(told(tmp_path, text)))


def test_one_at_a_time_moves_one_key_from_the_first_point(tmp_path: Path) -> None:
    text = (
        HEAD.replace("chips_act", "baseline")
        + 'design = "one_at_a_time"\n[vary]\nparameters.interest = [0.001, 0.002]\n'
    )
    drawn = values(told(tmp_path, text + "parameters.hoard_strength = [1.0, 2.0, 3.0]\n"))
    assert drawn.tolist() == [[0.001, 1.0], [0.002, 1.0], [0.001, 2.0], [0.001, 3.0]]


def test_a_baseline_is_shared_by_all_that_differ_by_their_measures_alone(tmp_path: Path) -> None:
    text = HEAD.replace('"chips_act"', '["chips_act", "chips_act_50b", "baseline"]')
    plan = told(tmp_path, text + "[vary]\nchips_act.amount_musd = [1, 2]\nparameters.interest = [0.001, 0.002]\n")
    every = list(points(plan))
    # A baseline for each rate of interest; the scenario baseline is the same world; one scenario has no such grant.
    assert [each.baseline for each in every].count(True) == 2
    assert len(every) == 2 + 4 + 2
    assert {each.against for each in every} - {None} == {each.name for each in every if each.baseline}


def test_a_name_of_a_measure_that_begins_like_a_common_key_is_no_common_key(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'title = "M"\nquestion = "?"\nstory = "."\nreferences = []\nextends = "baseline"\nbaseline = "baseline"\n'
        '[[policy]]\nkind = "export_quota"\nname = "until_further_notice"\ngovernment = "CN"\ngoods = ["ree_oxide"]\n'
        'cut = 0.5\nstart = 2025-01-01\nsource = "assumed"\n',
        encoding="utf-8",
    )
    plan = told(tmp_path, HEAD.replace("chips_act", "mine.toml") + "[vary]\nuntil_further_notice.cut = [0.1, 0.2]\n")
    every = list(points(plan))
    assert [each.baseline for each in every] == [True, False, False]
    assert every[0].values == ()
    assert table(every, plan)["scenario"].to_list() == ["baseline", "mine", "mine"]


def test_the_name_of_a_point_changes_with_what_moves_its_figures_and_with_nothing_else(tmp_path: Path) -> None:
    text = Path(Scenario.load("chips_act").file).read_text(encoding="utf-8")

    def names(name: str, change: str = "", into: str = "") -> tuple[str, str]:
        (tmp_path / f"{name}.toml").write_text(text.replace(change, into) if change else text, encoding="utf-8")
        rival, asked = points(told(tmp_path, HEAD.replace("chips_act", f"{name}.toml")))
        return rival.name, asked.name

    (tmp_path / "elsewhere").mkdir()
    first = names("mine")
    assert names("elsewhere/mine", "A plant takes years to build", "It takes long") == first
    assert names("elsewhere2", "39_000", "39_000.0")[0] == first[0]
    (tmp_path / "further").mkdir()
    dearer = names("further/mine", "39_000", "40_000")
    assert dearer[0] == first[0]
    assert dearer[1] != first[1]


def test_points_are_read_back_as_they_were(tmp_path: Path) -> None:
    plan = Plan.load(plan_file(tmp_path))
    every = list(points(plan))
    back = read(table(every, plan))
    for point in every:
        same = back[point.name]
        assert (same.values, same.seed, same.baseline, same.against) == (
            point.values, point.seed, point.baseline, point.against,
        )  # fmt: skip
        assert same.true_name == point.name


@pytest.mark.parametrize(("runs", "grown"), [(64, 64), (16, 16), (16, 100), (100, 300), (1, 64)])
def test_a_grown_plan_leaves_batches_alone_and_plays_no_run_twice(runs: int, grown: int, tmp_path: Path) -> None:
    small = Plan.load(plan_file(tmp_path, runs))
    large = Plan.load(plan_file(tmp_path, grown, "[5_000, 10_000, 15_000, 20_000, 39_000]"))
    before = laid(small, tuple(points(small)), None)
    after = laid(large, tuple(points(large)), before)
    assert after.head(len(before)).equals(before)
    assert laid(large, tuple(points(large)), after).equals(after)
    every = [(point, run) for _, point, first, many in after.iter_rows() for run in range(first, first + many)]
    assert len(every) == len(set(every)) == 6 * grown
    sizes = [each["runs"].sum() for each in after.partition_by("batch")]
    assert max(sizes) < 2 * CHUNK
    both = joined(table(list(points(small)), small), table(list(points(large)), large))
    assert both["number"].to_list() == list(range(6))
