"""A world of more plants or fewer is the same world at the start, in shares, prices and totals, and stands as still."""

from dataclasses import replace

import numpy as np
import pytest
from test_stillness import lived, refuse_moves
from worlds import question, with_parameters, without_growth

from abm.axes import Floats, Ints
from abm.errors import InputError
from abm.frame import Frame
from abm.markets.network import Network
from abm.model import Model
from abm.scale import parts_of, scale
from abm.world import World, balance

SPLIT, FEW = 600, 300


def fixed(world: World) -> Frame:
    """Return what stays fixed for a batch of runs in a world."""
    return Model(question(months=1, start=world.start), world=world, luck=False).books.frame


@pytest.fixture(scope="module")
def whole(tiny: World) -> Frame:
    return fixed(tiny)


@pytest.fixture(scope="module")
def split(tiny: World) -> Frame:
    return fixed(scale(tiny, SPLIT))


def by_place(frame: Frame, values: Floats) -> Floats:
    """Return sums of something of every row by good and region."""
    return frame.network.row_to_good_region(values[:, None])[:, 0]


@pytest.mark.parametrize("column", ["sales", "output", "capacity", "experience"])
def test_parts_add_up_to_the_whole(whole: Frame, split: Frame, column: str) -> None:
    mine, its = (by_place(frame, getattr(frame.balance, column)) for frame in (split, whole))
    np.testing.assert_allclose(mine, its, rtol=1e-12)


@pytest.mark.parametrize("column", ["price", "cost", "other_cost", "capacity"])
def test_a_part_asks_what_the_whole_asked_and_is_as_large_as_the_other_parts(
    whole: Frame, split: Frame, column: str
) -> None:
    parts = parts_of(split.world)
    assert parts is not None
    shared = parts.count[parts.part_of] if column == "capacity" else 1.0
    mine, its = getattr(split.balance, column), getattr(whole.balance, column)
    np.testing.assert_allclose(mine * shared, its[parts.part_of], rtol=1e-12)


def test_regions_buy_from_regions_what_they_bought(whole: Frame, split: Frame) -> None:
    traded = [
        frame.network.to_cell((frame.balance.weight * frame.balance.purchases[frame.network.link_slot])[:, None])
        for frame in (whole, split)
    ]
    np.testing.assert_allclose(traded[1], traded[0], rtol=1e-10, atol=1e-12)


def test_recipes_and_demand_still_need_what_the_world_makes(tiny: World) -> None:
    np.testing.assert_allclose(balance(scale(tiny, SPLIT)), balance(tiny), rtol=1e-12)


def test_about_as_many_plants_as_asked_for_each_part_with_an_owner_of_its_own(split: Frame, tiny: World) -> None:
    plants, owners = split.world.plants, split.world.owners
    assert abs(len(plants.good) - SPLIT) < 0.05 * SPLIT
    assert len(owners.name) == len(set(owners.name)) == len(owners.region) == len(owners.named)
    assert owners.name[: len(tiny.owners.name)] == tiny.owners.name
    assert int(owners.named.sum()) == int(tiny.owners.named.sum())
    parts = parts_of(split.world)
    assert parts is not None
    cut = parts.count[parts.part_of] > 1
    assert plants.fringe[cut].all()
    assert len(np.unique(plants.owner[cut])) == int(cut.sum())
    assert (owners.region[plants.owner] == tiny.owners.region[tiny.plants.owner][parts.part_of]).all()


def test_named_firms_stay_as_they_are(split: Frame, tiny: World) -> None:
    mine, its = (
        np.bincount(world.plants.owner, world.plants.capacity, len(world.owners.name))[world.owners.named.nonzero()[0]]
        for world in (split.world, tiny)
    )
    np.testing.assert_array_equal(mine, its)


def known(network: Network, slot: int) -> Ints:
    """Return the rows that a slot knows."""
    rows: Ints = network.link_row[network.link_slot == slot]
    return rows


def test_a_part_of_a_buyer_knows_one_part_of_every_maker_the_whole_knew(whole: Frame, split: Frame) -> None:
    parts = parts_of(split.world)
    assert parts is not None
    cut = np.flatnonzero(parts.count[parts.part_of] > 1)
    slots = np.flatnonzero(np.isin(split.network.slot_row, cut))
    assert len(slots) > 100
    partners = set()
    for slot in slots.tolist():
        row = int(parts.part_of[split.network.slot_row[slot]])
        same = (whole.network.slot_row == row) & (whole.network.slot_good == split.network.slot_good[slot])
        rows = known(split.network, slot)
        assert parts.part_of[rows].tolist() == known(whole.network, int(same.nonzero()[0][0])).tolist()
        partners.add(tuple(rows.tolist()))
    # In turn, so that not all parts crowd around the same few.
    assert len(partners) > len(slots) // 2


def test_every_part_can_sell_to_as_many_as_the_whole_or_more(whole: Frame, split: Frame) -> None:
    parts = parts_of(split.world)
    assert parts is not None
    buyers = [np.bincount(frame.network.link_row, minlength=frame.network.rows) for frame in (split, whole)]
    assert (buyers[0] >= buyers[1][parts.part_of]).all()


def test_a_split_world_stands_still(tiny: World) -> None:
    refuse_moves(*lived(without_growth(scale(tiny, SPLIT)), 132))


@pytest.mark.parametrize("plants", [FEW, 1600])
def test_the_full_world_stands_still_at_another_size(full: World, plants: int) -> None:
    refuse_moves(*lived(without_growth(scale(full, plants)), 24))


def test_fewer_plants_make_the_same_shares(full: World) -> None:
    small, large = fixed(scale(full, FEW)), fixed(full)
    assert small.network.rows == FEW
    for column in ("capacity", "output"):
        mine, its = (by_place(frame, getattr(frame.balance, column)) for frame in (small, large))
        np.testing.assert_allclose(mine, its, rtol=1e-8)
    np.testing.assert_allclose(small.world.plants.capacity.sum(), full.plants.capacity.sum(), rtol=1e-12)


def test_at_its_own_size_a_world_is_the_one_that_was_read(full: World) -> None:
    same = scale(full, len(full.plants.good))
    assert parts_of(same) is None
    for column in ("owner", "region", "good", "process", "capacity", "fringe", "part_of"):
        np.testing.assert_array_equal(getattr(same.plants, column), getattr(full.plants, column))


def test_a_split_world_is_lived_through_much_as_the_whole_is(tiny: World) -> None:
    shares = []
    for world in (tiny, scale(tiny, SPLIT)):
        model = Model(question(months=36), world=world, luck=False).run()
        shares.append(model.record.series["output_share"][-1])
    np.testing.assert_allclose(shares[1], shares[0], atol=0.03)


def test_what_is_too_small_or_scaled_twice_is_refused(tiny: World) -> None:
    with pytest.raises(InputError, match=r"5 plants are fewer than processes and the regions .* Ask for 62 or more"):
        scale(tiny, 5)
    with pytest.raises(InputError, match=r"scaled before\. Scale the world as it was read"):
        scale(scale(tiny, SPLIT), 2 * SPLIT)


def test_buyers_who_know_more_suppliers_make_more_links_and_the_same_start(full: World) -> None:
    few, many = (fixed(with_parameters(full, known_suppliers=count)) for count in (10.0, 30.0))
    per_slot = [len(frame.network.link_slot) / frame.network.slots for frame in (few, many)]
    assert 10.0 < per_slot[0] < 20.0
    assert per_slot[1] > 30.0
    for column in ("capacity", "output"):
        mine, its = (by_place(frame, getattr(frame.balance, column)) for frame in (many, few))
        np.testing.assert_allclose(mine, its, rtol=1e-6)


def test_parameters_of_a_split_world_are_those_of_its_parts(tiny: World) -> None:
    split = scale(tiny, SPLIT)
    changed = replace(split, parameters=replace(split.parameters, known_buyers=5.0))
    parts = parts_of(changed)
    assert parts is not None
    assert parts.whole.parameters.known_buyers == 5.0
