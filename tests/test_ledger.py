"""The ledger can say no: whoever breaks the books by hand hears the sentence of what was broken."""

from collections.abc import Callable

import numpy as np
import pytest
from mixes import crowded
from worlds import measure, question

from abm.books import Books
from abm.ledger import Holdings, breaches, claims_gap, goods_gap, holdings, made_less_used, money_gap
from abm.model import Model
from abm.policies.levers import own
from abm.world import World

Break = Callable[[Books], None]
GRAM = 1e-6
# The smallest coin that twelve digits still see in a world that turns over a hundred thousand million.
DOLLARS = 10.0 * 1e-6


def add_a_gram(books: Books) -> None:
    books.state.stock[0, 0] += GRAM


def add_ten_dollars(books: Books) -> None:
    books.state.cash[0, 0] += DOLLARS


def forget_a_debt(books: Books) -> None:
    books.state.debt[0, 0] = 0.0


def overdraw_a_stock(books: Books) -> None:
    books.state.transit[0, 0] = -GRAM


def order_less_than_came(books: Books) -> None:
    books.flow.wanted *= 0.5


def offer_less_than_left(books: Books) -> None:
    books.flow.offered *= 0.5


def inflate_a_relationship(books: Books) -> None:
    books.state.weight[0, 0] += GRAM


def block_a_corridor_afterwards(books: Books) -> None:
    books.levers.blocked[books.flow.traded > 0.0] = 1.0


def list_a_supplier_afterwards(books: Books) -> None:
    network, regions = books.frame.network, books.regions
    link = int(np.flatnonzero(books.flow.shipped[:, 0] > 0.0)[0])
    buyer = network.slot_region[network.link_slot[link]]
    books.levers.shunned = own(books.levers.shunned)
    books.levers.shunned[network.link_row[link] * regions + buyer, 0] = 1.0


def grant_twice(books: Books) -> None:
    books.state.granted[0] += books.pots.amount[0]


def promise_from_an_empty_pot(books: Books) -> None:
    books.state.pot_left[0, 0] = -GRAM


def lend_more_than_was_paid(books: Books) -> None:
    books.state.holding[0, 0] = books.state.granted[0, 0] + GRAM * (1.0 + books.state.granted[0, 0])


def levy_a_million_more(books: Books) -> None:
    books.flow.tariff_revenue[0, 0] += 1.0


def lose_a_number(books: Books) -> None:
    books.state.experience[0, 0] = np.nan


BREAKS: tuple[tuple[str, Break], ...] = (
    ("a good's mass does not balance", add_a_gram),
    ("money does not balance", add_ten_dollars),
    ("debt is not what the bank is owed", forget_a_debt),
    ("a stock is negative", overdraw_a_stock),
    ("more was delivered than ordered", order_less_than_came),
    ("more was delivered than there was", offer_less_than_left),
    ("relationship weights do not sum to 1", inflate_a_relationship),
    ("a blocked corridor shipped", block_a_corridor_afterwards),
    ("a blocked link shipped", list_a_supplier_afterwards),
    ("a programme paid more than it has", grant_twice),
    ("a programme paid more than it has", promise_from_an_empty_pot),
    ("a programme holds more than it paid", lend_more_than_was_paid),
    ("tariff revenue is not rate x price x flow", levy_a_million_more),
    ("a number is not a number", lose_a_number),
)


@pytest.fixture
def month(tiny: World) -> tuple[Holdings, Books]:
    """Return what there was before the last of six busy months, and the books after it."""
    duty = measure("tariff", "duty", government="US", goods=["magnet"], rate=0.1)
    model = Model(question(*crowded(), duty, months=12), runs=2, world=tiny)
    before = holdings(model.books)
    for _ in range(6):
        before = holdings(model.books)
        model.step()
    return before, model.books


@pytest.mark.parametrize(("sentence", "broken"), BREAKS)
def test_a_broken_identity_is_told_in_a_sentence(sentence: str, broken: Break, month: tuple[Holdings, Books]) -> None:
    before, books = month
    assert breaches(before, books) == []
    broken(books)
    assert sentence in breaches(before, books)


def test_every_sentence_of_the_ledger_can_be_heard(month: tuple[Holdings, Books]) -> None:
    before, books = month
    for _, broken in BREAKS:
        if broken is not lose_a_number:
            broken(books)
    heard = set(breaches(before, books))
    lose_a_number(books)
    assert heard | set(breaches(before, books)) == {sentence for sentence, _ in BREAKS}


def test_a_gram_in_another_run_is_seen_too(month: tuple[Holdings, Books]) -> None:
    before, books = month
    books.state.making[1, -1, 1] += GRAM
    assert breaches(before, books) == ["a good's mass does not balance"]


def test_gaps_are_nothing_but_rounding_until_something_is_lost(month: tuple[Holdings, Books]) -> None:
    before, books = month
    assert np.abs(goods_gap(before, books)).max() < 1e-14
    assert np.abs(money_gap(before, books)).max() < 1e-14
    assert np.abs(claims_gap(before, books)).max() < 1e-12
    oxide = books.frame.world.goods.code.index("ree_oxide")
    was = float(before.goods[oxide, 0])
    books.state.public_stock[3 * oxide, 0] += 1e-3 * was
    gap = goods_gap(before, books)
    assert np.abs(gap[oxide, 0]) > 1e-4
    assert np.abs(np.delete(gap, oxide, axis=0)).max() < 1e-14


def test_what_a_month_made_is_output_less_what_was_used_and_delivered(month: tuple[Holdings, Books]) -> None:
    _, books = month
    goods, ends = books.frame.world.goods.code, books.frame.network.slots - books.frame.network.inputs
    added = made_less_used(books)
    device = goods.index("device")
    bought = books.flow.received[-ends:][books.frame.network.slot_good[-ends:] == device].sum(axis=0)
    made = books.flow.output[books.frame.world.plants.good == device].sum(axis=0)
    np.testing.assert_allclose(added[device], made - bought, rtol=1e-12)
