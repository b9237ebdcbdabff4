"""The engine: what is played, in which order, once for everybody, and what happens when things go wrong."""

import asyncio
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest

from abm import world as worlds
from abm.errors import InputError
from experiments.app.desk import Desk
from experiments.app.playing import told
from experiments.app.pool import Engine
from experiments.app.questions import CHUNK, Play, Question
from experiments.app.results import Answer, Progress
from experiments.app.seats import Seat
from experiments.app.spool import Kept, keep, kept
from experiments.app.tickets import LostError, Shelf, SupersededError, Ticket
from experiments.app.worker import DO
from experiments.app.worker import play as played
from experiments.run import Batch, play

LEVER = "chips_act.amount_musd"
PATIENCE = 60.0


def short(amount: int = 39_000, runs: int = 1, until: str = "2021-06", **more: object) -> Question:
    return Question("chips_act", (f"until={until}", f"{LEVER}={amount}"), runs=runs, **more)  # type: ignore[arg-type]


def answer(question: Question) -> Answer:
    parts = [[each.played(lambda _: None) for each in plays] for plays in question.plays]
    return told(question, parts[-1], parts[0] if len(parts) > 1 else [], both=True)


def until(true: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, "it takes too long"
        sleep(0.01)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = Engine(2, [short()])
    try:
        until(lambda: len(made.workers()) == 2)
        yield made
    finally:
        made.close()


def test_what_comes_back_is_what_the_command_line_plays(engine: Engine) -> None:
    question = short(runs=2)
    found = engine.submit(question, "a").future.result(PATIENCE)
    scenario = question.scenarios[-1]
    world = worlds.read(scenario.start)
    tables = play(Batch(scenario, 0, 2), 1, world, lambda _: None)
    assert found.mine.kpi.equals(tables["kpi"])
    here = tables["regions"].filter(good="chip_leading", region="US")["price_index"].to_numpy().reshape(-1, 2)
    middle = found.mine.curves["price_index"].mean("chip_leading", "US")
    assert np.allclose(middle, here.mean(axis=1), rtol=1e-6)
    assert found.theirs is not None
    assert found.theirs.scenario.name == "baseline"
    assert found.sentence.startswith("With chips_act the United States holds")


def test_shares_add_up_to_the_whole_world_every_month() -> None:
    curves = answer(short()).mine.curves["share"]
    total = sum(curves.mean("chips", region) for region in curves.regions)
    assert np.allclose(total, 100.0, atol=1e-3)


def test_the_middle_of_a_band_lies_between_its_ends() -> None:
    found = answer(short(runs=5))
    low, middle, high = found.mine.curves["fill_rate"].of("chip_leading", "US")
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (low < high).any()


def test_a_value_moved_makes_another_question() -> None:
    plays = {Question("chips_act", (f"{LEVER}={amount}",)).key for amount in (39_000, 40_000)}
    assert len(plays) == 2
    assert Question("chips_act", (f"{LEVER}=39000",)).key == Question("chips_act", (f"{LEVER}=39000.0",)).key
    assert Question("chips_act", seed=2).key != Question("chips_act").key


def test_the_baseline_is_the_same_whatever_is_moved() -> None:
    baselines = {Question("chips_act", (f"{LEVER}={amount}",)).plays[0][0].key for amount in (39_000, 40_000)}
    assert len(baselines) == 1


def test_a_band_is_cut_so_that_two_workers_share_it() -> None:
    chunks = Question("chips_act", runs=64).plays[-1]
    assert [(each.first, each.runs) for each in chunks] == [(0, CHUNK), (CHUNK, 64 - CHUNK)]


def test_equal_questions_are_answered_by_the_same_object(engine: Engine) -> None:
    first, second = (engine.submit(short(20_000), session) for session in ("b", "c"))
    assert first.future.result(PATIENCE) is second.future.result(PATIENCE)
    later = engine.submit(short(20_000), "d")
    assert later.future.done()
    assert later.future.result() is first.future.result()


def test_the_baseline_is_shared_by_everybody(engine: Engine) -> None:
    found = [engine.submit(short(amount), "e").future.result(PATIENCE).theirs for amount in (21_000, 22_000)]
    assert found[0] is found[1]


def test_what_a_session_asked_before_is_dropped(engine: Engine) -> None:
    older = engine.submit(short(23_000, runs=64, until="2030-12"), "f")
    newer = engine.submit(short(24_000), "f")
    with pytest.raises(SupersededError):
        older.future.result(PATIENCE)
    assert newer.future.result(PATIENCE).mine.runs == 1


def test_a_single_run_goes_before_a_band_and_leaves_it_as_it_is(engine: Engine) -> None:
    question = short(25_000, runs=40, until="2023-12")
    band = engine.submit(question, "g")
    until(lambda: band.progress.lived > 0)
    engine.submit(short(26_000), "h").future.result(PATIENCE)
    assert not band.future.done()
    found, alone = band.future.result(PATIENCE), answer(question)
    assert found.figures.equals(alone.figures)
    assert all(
        np.array_equal(each.values, alone.mine.curves[name].values, equal_nan=True)
        for name, each in found.mine.curves.items()
    )


def test_a_question_that_is_given_up_ends_and_makes_room(engine: Engine) -> None:
    band = engine.submit(short(27_000, runs=128, until="2030-12"), "i")
    until(lambda: band.progress.lived > 0)
    band.cancel()
    begun = monotonic()
    engine.submit(short(28_000, runs=2), "i").future.result(PATIENCE)
    assert band.future.cancelled()
    assert monotonic() - begun < 10.0


def test_progress_tells_the_place_in_the_queue_and_grows(engine: Engine) -> None:
    tickets = [engine.submit(short(30_000 + place, until="2024-12"), f"many {place}") for place in range(8)]
    assert tickets[-1].progress.ahead > 0
    # Its own months, and those of a baseline that is being played for all.
    assert tickets[-1].progress.months == 2 * 60
    for ticket in tickets:
        ticket.future.result(PATIENCE)

    seen: list[Progress] = []
    asyncio.run(engine.ask(short(31_000, runs=40, until="2023-12"), "j", seen.append))
    lived = [each.lived for each in seen]
    assert lived == sorted(lived)
    assert any(0.0 < each.part < 1.0 and each.seconds_left is not None for each in seen)


def test_a_page_that_stops_waiting_stops_the_work(engine: Engine) -> None:
    async def leave() -> None:
        task = asyncio.create_task(engine.ask(short(32_000, runs=64, until="2030-12"), "k"))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(leave())
    assert engine.submit(short(33_000), "k").future.result(PATIENCE).mine.runs == 1


def test_a_mistake_is_told_as_the_command_line_tells_it(engine: Engine) -> None:
    with pytest.raises(InputError, match="Did you mean 'chips_act'"):
        engine.submit(Question("chips_actt"), "l")
    with pytest.raises(InputError, match="amount_musd"):
        engine.submit(Question("chips_act", ("chips_act.amount_musdd=1",)), "l")


@pytest.mark.parametrize("name", ["/etc/passwd", "../chips_act", "chips_act.toml", "a\\b", "", "chips_act+", "x" * 900])
def test_no_path_is_ever_read(name: str) -> None:
    with pytest.raises(InputError):
        _ = Question(name).scenarios


def test_a_written_scenario_is_played_like_a_bundled_one() -> None:
    text = 'title = "t"\nquestion = "q"\nstory = "s"\nreferences = []\nextends = "chips_act"\nbaseline = "baseline"\n'
    mine, bundled = Question("mine", text=text).scenarios[-1], Question("chips_act").scenarios[-1]
    assert mine.policies == bundled.policies
    with pytest.raises(InputError, match=r"^mine\.toml:") as wrong:
        _ = Question("mine", text=text + "nonsense = 1\n").scenarios
    assert "/" not in str(wrong.value).split("nonsense")[0]


@pytest.mark.parametrize("more", [{"runs": 0}, {"runs": 10**6}, {"seed": -1}, {"text": "x" * 10**6}])
def test_what_is_too_large_for_a_shared_server_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(InputError, match="out of range"):
        _ = Question("chips_act", **more).scenarios  # type: ignore[arg-type]
    with pytest.raises(InputError, match="too many"):
        _ = Question("chips_act", ("until=2060-12",)).scenarios


def test_an_answer_is_small() -> None:
    found = answer(Question("chips_act", runs=3))
    assert len(pickle.dumps(found)) - len(pickle.dumps(found.theirs)) < 2_000_000


def test_a_dead_worker_is_replaced_and_only_its_requester_is_told(engine: Engine) -> None:
    before = set(engine.workers())
    lost = engine.submit(short(34_000, runs=CHUNK, until="2030-12", alone=True), "m")
    until(lambda: lost.progress.lived > 0)
    busy = [seat for seat in engine._seats if seat.stack]
    other = engine.submit(short(35_000), "n")
    until(other.future.done)
    os.kill(busy[0].process.pid or 0, signal.SIGKILL)
    with pytest.raises(LostError, match=r"SIGKILL.*ask again"):
        lost.future.result(PATIENCE)
    assert engine.submit(short(36_000), "n").future.result(PATIENCE).mine.runs == 1
    until(lambda: len(engine.workers()) == 2)
    assert len(set(engine.workers()) - before) == 1


def test_parts_of_a_band_go_to_the_worker_that_knows_where_they_stood(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(lambda: len(engine.workers()) == 2)
    sent, send = list[tuple[int, int]](), Seat.send

    def noted(seat: Seat, *message: Any) -> None:
        if message[0] == DO and message[2] is played:
            sent.append((message[3][1].first, engine._seats.index(seat)))
        send(seat, *message)

    monkeypatch.setattr(Seat, "send", noted)
    for amount in (20_000, 21_000, 22_000):
        until(lambda: not any(seat.stack for seat in engine._seats))
        question = short(amount, runs=CHUNK + 1, until="2022-12", alone=True)
        assert engine.submit(question, "p").future.result(PATIENCE).mine.runs == CHUNK + 1
    assert sorted(sent) == [(0, 0)] * 3 + [(CHUNK, 1)] * 3


def test_a_worker_alone_takes_the_part_whose_home_it_is_and_else_whatever_comes_first() -> None:
    desk = Desk()
    desk.enter(Ticket("q", lambda _: None, lambda _: Progress()), short(runs=2 * CHUNK, alone=True))
    first, second = desk.waiting()
    assert [desk.rather(each, seat, 2) for each in (first, second) for seat in (0, 1)] == [first, second, first, second]
    desk.begin(second)
    assert desk.rather(first, 1, 2) is first


def test_what_was_played_leaves_the_disk_with_the_last_who_may_want_it(tmp_path: Path) -> None:
    path = str(tmp_path / "1")
    held = Kept(path, keep([1.0], path))
    assert kept(held.path) == [1.0]
    assert held.size == (tmp_path / "1").stat().st_size
    del held
    assert not [*tmp_path.iterdir()]


def test_who_asks_is_told_that_there_is_no_room_for_what_is_played(engine: Engine) -> None:
    folder = Path(engine._spool.path(0)).parent
    aside = folder.rename(folder.with_name(f"{folder.name}-aside"))
    with pytest.raises(InputError, match=r"cannot be kept.*TMPDIR"):
        engine.submit(short(38_000), "r").future.result(PATIENCE)
    aside.rename(folder)
    assert engine.submit(short(38_000), "r").future.result(PATIENCE).mine.runs == 1


def test_closing_ends_every_process_and_tells_who_waits() -> None:
    made = Engine(1)
    waiting = made.submit(short(37_000), "o")
    processes = [seat.process.pid or 0 for seat in made._seats]
    folder = Path(made._spool.path(0)).parent
    assert folder.is_dir()
    made.close()
    assert not folder.exists()
    with pytest.raises(LostError, match="closing"):
        waiting.future.result(PATIENCE)
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
    with pytest.raises(LostError, match="closing"):
        made.submit(short(37_000), "o").future.result(PATIENCE)


def test_a_shelf_lets_go_of_what_was_not_wanted_for_longest() -> None:
    shelf: Shelf[bytes] = Shelf(10, len)
    for key in "ab":
        shelf.put(key, b"1234")
    assert shelf.get("a") == b"1234"
    shelf.put("c", b"1234")
    assert [shelf.get(key) for key in "abc"] == [b"1234", None, b"1234"]


def test_a_play_counts_the_months_of_all_its_runs() -> None:
    scenario = short().scenarios[-1]
    assert Play(scenario, 1, 0, 3).months == 3 * 18
