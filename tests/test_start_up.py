"""Starting: no command imports what it does not need, and what two models share is worked out once."""

import gc
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from stories import story

from abm import Model, Scenario, world
from abm.axes import Floats
from abm.facts import PACKAGE_DATA
from abm.later import Later, later
from abm.world import World, read, with_parameters
from experiments.chart_data import PICTURES, Story, names
from experiments.painters import Painters
from experiments.pictures import paint

START = date(2020, 1, 1)
HEAVY = {"matplotlib", "mesa", "numba", "numpy", "pandas", "polars", "pydantic", "rich", "scipy"}
SHORT = ["run", "baseline", "--runs", "1", "--until", "2020-01", "--no-pictures"]
# What some commands must do without.
SPARED = {
    "help": (["--help"], HEAVY | {"tqdm"}),
    "help of a command": (["run", "--help"], HEAVY | {"tqdm"}),
    "a mistyped option": (["run", "--rums", "3"], HEAVY | {"tqdm"}),
    "the version": (["--version"], HEAVY | {"tqdm"}),
    "the check of the data": (["data", "check"], HEAVY - {"numpy", "rich"}),
    "a list": (["list", "policies"], {"matplotlib", "numba", "pandas", "polars", "scipy"}),
    "an explanation": (["explain", "interest"], {"matplotlib", "numba", "pandas", "scipy"}),
    "a run without pictures": (SHORT, {"matplotlib", "pandas", "networkx", "scipy.linalg", "scipy.special"}),
}
PROGRAM = """
import sys
from experiments.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.stderr.write("\\n" + " ".join(sys.modules))
"""


@pytest.mark.parametrize("case", SPARED)
def test_a_command_imports_only_what_it_needs(case: str, tmp_path: Path) -> None:
    words, spared = SPARED[case]
    path = os.pathsep.join(filter(None, sys.path))
    out = ["--out", str(tmp_path)] if "--no-pictures" in words else []
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words, *out],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        check=True,
    )
    imported = set(done.stderr.splitlines()[-1].split())
    assert "experiments.cli" in imported
    assert imported & spared == set()


@pytest.fixture
def unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "seldom_used.py").write_text("answer = 42\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield "seldom_used"
    sys.modules.pop("seldom_used", None)


def test_a_module_for_later_is_imported_when_something_in_it_is_asked_for(unknown: str) -> None:
    with later(unknown):
        stand_in = __import__(unknown)
        assert not hasattr(stand_in, "__file__")
    assert isinstance(stand_in, Later)
    assert unknown not in sys.modules
    assert stand_in.answer == 42
    assert unknown in sys.modules


def test_a_module_for_later_that_is_needed_at_once_is_there(unknown: str) -> None:
    with later(unknown):
        assert __import__(unknown).answer == 42
        assert not isinstance(sys.modules[unknown], Later)
    assert unknown in sys.modules


def test_a_start_is_read_once_and_again_when_a_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(START) is read(START)
    assert read(START) is not read(date(2015, 1, 1))
    folder = shutil.copytree(PACKAGE_DATA, tmp_path / "data")
    monkeypatch.setattr(world, "PACKAGE_DATA", folder)
    before = read(START)
    file = folder / "parameters.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n# Changed.\n", encoding="utf-8")
    assert read(START).digest != before.digest
    assert read(START) is read(START)


def frame_of(asked: Scenario, tiny: World | None = None, runs: int = 1) -> object:
    return Model(asked, runs=runs, world=tiny).books.frame


def test_models_of_one_world_share_their_frame_whatever_is_asked_later(tiny: World) -> None:
    plain = Scenario.load("baseline")
    assert frame_of(plain, tiny) is frame_of(plain, tiny, runs=3)
    assert frame_of(plain, tiny) is frame_of(plain.override("until=2021-12"), tiny)
    # Another interest rate, a tariff from the start and a world of its own each make another start.
    dear = plain.override("parameters.interest=0.003")
    assert frame_of(dear, tiny) is frame_of(plain.override("parameters.interest=0.003"), tiny)
    assert frame_of(dear, tiny) is not frame_of(plain, tiny)
    assert frame_of(plain, replace(tiny)) is not frame_of(plain, tiny)


def test_tariffs_of_the_first_month_make_another_frame() -> None:
    plain, late = Scenario.load("history"), Scenario.load("history").override("start=2015-01")
    free = plain.model_copy(update={"policies": ()})
    assert frame_of(plain) is not frame_of(free)
    assert frame_of(plain) is not frame_of(late)


def test_replacing_a_parameter_leaves_the_world_that_was_read(tiny: World) -> None:
    before = tiny.parameters.interest
    changed = with_parameters(tiny, (("interest", 2.0 * before),))
    assert changed.parameters.interest == 2.0 * before
    assert tiny.parameters.interest == before
    assert with_parameters(tiny, ()) is tiny


def arrays(noun: object) -> Iterator[Floats]:
    """Yield every array that something holds."""
    if isinstance(noun, np.ndarray):
        yield noun
    elif isinstance(noun, tuple):
        for each in noun:
            yield from arrays(each)
    elif is_dataclass(noun):
        for field in fields(noun):
            yield from arrays(getattr(noun, field.name))


def test_nothing_in_a_shared_frame_can_be_written(tiny: World) -> None:
    found = [*arrays(frame_of(Scenario.load("baseline"), tiny))]
    assert len(found) > 100
    assert [each.flags.writeable for each in found] == [False] * len(found)


@pytest.mark.parametrize("months", [0, 1])
def test_a_model_that_nobody_holds_is_freed(months: int, tiny: World) -> None:
    model = Model(Scenario.load("baseline"), runs=2, world=tiny)
    for _ in range(months):
        model.step()
    books, held = weakref.ref(model.books.state.capacity), weakref.ref(model)
    del model
    gc.collect()
    assert held() is None
    assert books() is None


@pytest.fixture(scope="module")
def told(tiny: World, tmp_path_factory: pytest.TempPathFactory) -> Story:
    # Other processes read tables from a file.
    path, told = tmp_path_factory.mktemp("story") / "regions.parquet", story(tiny)
    told.table.sink_parquet(path)
    return replace(told, table=pl.scan_parquet(path))


def drawn(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / PICTURES).iterdir()}


@pytest.mark.parametrize("others", ["all", "one that has died", "all that have died"])
def test_pictures_are_the_same_whoever_draws_them(
    others: str, told: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, together = tmp_path / "alone", tmp_path / "together"
    (alone / PICTURES).mkdir(parents=True)
    together.mkdir()
    paint(alone / PICTURES, told, names(told), vector=True)
    monkeypatch.setattr("experiments.painters._processors", lambda: 2)
    with closing(Painters(wanted=True)) as painters:
        assert len(painters.others) == 1
        painters.complete()
        dead = painters.others[: {"all": 0, "one that has died": 1, "all that have died": 2}[others]]
        for other in dead:
            other.kill()
            other.wait()
        drawing = painters.draw(together, told, vector=True)
        for thread in drawing.waiting:
            thread.join()
        assert (len(drawing.todo) == len(names(told))) is (others == "all that have died")
        if others == "all":
            assert not drawing.todo
        drawing.finish()
    assert len(drawn(alone)) == 2 * len(names(told))
    assert drawn(together) == drawn(alone)


@pytest.mark.parametrize(("wanted", "processors", "count"), [(False, 2, 0), (True, 1, 0), (True, 2, 2), (True, 64, 4)])
def test_nobody_gets_ready_to_draw_what_is_not_wanted_or_without_a_processor(
    wanted: bool, processors: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.painters._processors", lambda: processors)
    with closing(Painters(wanted=wanted)) as painters:
        painters.complete()
        assert len(painters.others) == count
