"""Single runs that wait and differ in doses are played side by side, and nobody notices but by the time it takes."""

import os
import signal
from collections.abc import Iterator
from time import monotonic, sleep

import numpy as np
import pytest

from experiments.app.desk import MOST_ABREAST, Desk
from experiments.app.playing import told
from experiments.app.pool import Engine
from experiments.app.questions import Question
from experiments.app.results import Answer
from experiments.app.tickets import Job, Ticket

PATIENCE = 60.0
Found = Ticket[Answer]


def question(amount: int, until: str = "2024-12", scenario: str = "chips_act") -> Question:
    return Question(scenario, (f"until={until}", f"chips_act.amount_musd={amount}"), alone=True)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Start an engine of one worker, so that there is a queue."""
    made = Engine(1)
    yield made
    made.close()


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many jobs each job takes along."""
    seen, choose = list[int](), Desk.company

    def noted(desk: Desk, job: Job, workers: int) -> list[Job]:
        found = choose(desk, job, workers)
        seen.append(len(found))
        return found

    monkeypatch.setattr(Desk, "company", noted)
    return seen


def asked(engine: Engine, amounts: range, until: str = "2024-12") -> list[Found]:
    """Ask so much at once, after something that keeps the worker busy meanwhile."""
    busy = engine.submit(question(amounts.start - 1, until="2023-12", scenario="history"), "busy")
    tickets = [engine.submit(question(amount, until), f"{amount}") for amount in amounts]
    assert not busy.future.done()
    return tickets


def test_what_waits_is_played_side_by_side_and_answered_as_if_alone(engine: Engine, company: list[int]) -> None:
    amounts = range(10_000, 10_000 + MOST_ABREAST + 2)
    tickets = asked(engine, amounts)
    for amount, ticket in zip(amounts, tickets, strict=True):
        one, found = question(amount), ticket.future.result(PATIENCE)
        alone = told(one, [one.plays[0][0].played(lambda _: None)], (), both=True)
        assert found.figures.equals(alone.figures)
        assert found.sentence == alone.sentence
        assert found.mine.money.equals(alone.mine.money)
        for name, curves in found.mine.curves.items():
            assert np.array_equal(curves.values, alone.mine.curves[name].values, equal_nan=True)
    assert sorted(each for each in company if each) == [1, MOST_ABREAST - 1]


def test_whoever_gives_up_leaves_the_others_their_answers(engine: Engine, company: list[int]) -> None:
    tickets = asked(engine, range(20_000, 20_004), "2030-12")
    until_lived(tickets[0])
    for gone in (tickets[0], tickets[2]):
        gone.cancel()
    for stays in (tickets[1], tickets[3]):
        assert stays.future.result(PATIENCE).mine.runs == 1
    assert tickets[0].future.cancelled()
    assert max(company) == 3


def test_what_all_have_given_up_ends(engine: Engine, company: list[int]) -> None:
    tickets = asked(engine, range(30_000, 30_004), "2030-12")
    until_lived(tickets[0])
    for ticket in tickets:
        ticket.cancel()
    assert engine.submit(question(1), "after").future.result(PATIENCE).mine.runs == 1
    assert all(not seat.stack for seat in engine._seats)
    assert max(company) == 3


def test_where_a_worker_dies_all_are_played_again_each_alone(engine: Engine, company: list[int]) -> None:
    tickets = asked(engine, range(40_000, 40_004), "2030-12")
    until_lived(tickets[0])
    assert max(company) == 3
    company.clear()
    os.kill(engine._seats[0].process.pid or 0, signal.SIGKILL)
    for ticket in tickets:
        assert ticket.future.result(PATIENCE).mine.runs == 1
    assert max(company) == 0


def until_lived(ticket: Found) -> None:
    """Wait until the first months of a question are lived through."""
    end = monotonic() + PATIENCE
    while not ticket.progress.lived:
        assert monotonic() < end, "it takes too long"
        assert not ticket.future.done(), "it was over too soon"
        sleep(0.002)
