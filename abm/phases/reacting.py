"""Governments that follow rules: what they see, ask for, pay, keep in stock and answer (specification 5.10)."""

from datetime import date

import numpy as np

from abm.axes import Bools, Floats, Ints, PairRun
from abm.books import Books
from abm.frame import Frame
from abm.markets.network import summed
from abm.markets.orders import share_of
from abm.phases.deeds import note
from abm.phases.provoking import struck
from abm.policies.capex_grant import CapexGrant
from abm.policies.instrument import either
from abm.policies.levers import Pots
from abm.policies.public_stockpile import DAYS_OF_MONTH
from abm.stance import Stance
from abm.start import sizes
from abm.world import World

_QUARTER = 3
_MONTHS = 12.0
# A public stock is noted anew if larger by this share, and as given up after so many looks without a wish: a year.
_VISIBLE, _LOOKS = 0.1, 4


def own_programmes(world: World, start: date) -> tuple[CapexGrant, ...]:
    """Return a programme of grants for every government, empty until its rule puts money in."""
    p = world.parameters
    return tuple(
        CapexGrant(
            kind="capex_grant",
            name=f"reactive_{code.lower()}",
            government=code,
            goods=world.goods.code,
            amount_musd=0.0,
            cap_share=p.programme_cap,
            floor_share=p.programme_floor,
            start=start,
            source="parameters.toml",
        )
        for code in world.regions
    )


def first_stance(frame: Frame, pots: Pots, runs: int) -> Stance:
    """Return what governments know at the start: what their region buys where, and what it costs.

    pots  of all programmes, the governments' own last;  runs  number of runs
    """
    world, network, balance = frame.world, frame.network, frame.balance
    stance = Stance.of(world, sizes(frame, pots, runs), len(pots.name) - len(world.regions))
    bought = balance.purchases[:, None]
    stance.traded[:] = network.to_cell(balance.weight[:, None] * bought[network.link_slot])
    stance.bill[:] = _MONTHS * network.slot_to_good_region(bought * frame.traits.landed_start)
    kept = np.isin(np.arange(len(world.goods.code)), world.recipes.input)
    imports = _imports(stance.traded, len(world.regions)) / DAYS_OF_MONTH
    stance.daily[:] = imports * np.repeat(kept, len(world.regions))[:, None]
    return stance


def react(books: Books, stance: Stance) -> None:
    """Let governments look once a quarter, answer hits when it is time, and add to the levers what they ask for."""
    stance.deeds.clear()
    if books.month.month % _QUARTER == 1:
        _look(books, stance)
        _ask(books, stance)
        _promise(books, stance)
    _answer(books, stance)
    _set_levers(books, stance)


def _imports(traded: Floats, regions: int) -> Floats:
    """Return what every region buys abroad of every good, units/month (good x region, run)."""
    cube = traded.reshape(-1, regions, regions, traded.shape[1])
    abroad = cube * ~np.eye(regions, dtype=np.bool_)[:, :, None]
    return np.asarray(summed(abroad, 2)).reshape(-1, traded.shape[1])


def _cube(books: Books, values: Floats) -> Floats:
    """Return values of corridors by good, buyer, supplier and run."""
    return values.reshape(-1, books.regions, books.regions, books.runs)


def _look(books: Books, stance: Stance) -> None:
    """Let every government see what its region bought where last month, with an error that reviews lessen."""
    traded, regions = _cube(books, stance.traded), books.regions
    shares = share_of(traded, summed(traded, 2)[:, :, None])
    shares[:, range(regions), range(regions)] = 0.0
    stance.observed[:] = shares.reshape(stance.observed.shape)
    stance.error[:] = books.dice.view(books.month)
    stance.reviewed[:] = np.repeat(books.levers.reviewed, regions, axis=0)
    stance.unlocked[:] = np.repeat(books.levers.unlocked, regions, axis=0)
    governments = books.cast.governments
    stance.perceived[:] = governments.look()
    stance.exposure[:] = _cube(books, stance.perceived).max(axis=0).reshape(stance.exposure.shape)
    stance.alarm[:] = _cube(books, governments.fear()).max(axis=2).reshape(stance.alarm.shape)
    stance.drive[:] = _cube(books, governments.ambition()).max(axis=2).reshape(stance.drive.shape)
    _note_stocks(books, stance)


def _note_stocks(books: Books, stance: Stance) -> None:
    """Note where governments want a larger public stock than any noted so far, and where they have given it up.

    Every look errs, so a stock near the threshold is wanted in one quarter and not in the next: that is not noted.
    """
    days = books.parameters.reserve_response * stance.alarm
    stance.unwanted[:] = np.where(days > 0.0, 0.0, stance.unwanted + 1.0)
    larger = days > (1.0 + _VISIBLE) * stance.noted
    given_up = (stance.unwanted >= _LOOKS) & (stance.noted > 0.0)
    stance.noted[:] = np.where(larger, days, np.where(given_up, 0.0, stance.noted))
    for why, where in (("stock", larger), ("no_stock", given_up)):
        _note_stake(books, stance, ("public_stockpile", why), where, days)


def _note_stake(books: Books, stance: Stance, deed: tuple[str, str], where: Bools, size: Floats) -> None:
    """Note a deed that answers to the region where a government sees its region buy most of a good.

    deed   kind of measure, and rule it follows;  where  whether it was done;  size  of it (good x region, run)
    """
    seen = _cube(books, stance.perceived)
    largest, supplier = (values.reshape(where.shape) for values in (seen.max(axis=2), seen.argmax(axis=2)))
    good, actor = np.divmod(np.nonzero(where)[0], books.regions)
    note(stance, deed, where, (size, largest), {"good": good, "actor": actor, "target": supplier[where]})


def _ask(books: Books, stance: Stance) -> None:
    """Let governments ask their buyers to avoid rivals, and allies to go along as far as they can afford to."""
    before = stance.premium > 0.0
    strangers = ~(stance.friends | np.eye(books.regions, dtype=np.bool_))
    stance.asked[:] = books.cast.governments.asked_premium()
    stance.asked[:] *= np.tile(strangers.ravel(), len(stance.alarm) // books.regions)[:, None]
    asked, premium = _cube(books, stance.asked), _cube(books, stance.asked.copy())
    joined = _cube(books, books.cast.governments.joined_share())
    for ally, friends in enumerate(stance.friends):
        if friends.any():
            most = asked[:, friends].max(axis=1)
            premium[:, ally] = np.maximum(premium[:, ally], joined[:, ally] * most * strangers[ally][:, None])
    stance.premium[:] = premium.reshape(stance.premium.shape)
    now, own = stance.premium > 0.0, stance.asked > 0.0
    for why, where in (
        ("premium", now & ~before & own),
        ("joined_premium", now & ~before & ~own),
        ("no_premium", before & ~now),
    ):
        place, target = np.divmod(np.nonzero(where)[0], books.regions)
        good, actor = np.divmod(place, books.regions)
        parties = {"good": good, "actor": actor, "target": target}
        note(stance, ("friend_premium", why), where, (stance.premium, stance.perceived), parties)


def _promise(books: Books, stance: Stance) -> None:
    """Let governments add to their programmes a part of what they lack of the budget they want."""
    state, pots, pace = books.state, books.pots, books.parameters.budget_pace
    wanted = books.cast.governments.wanted_budget().reshape(-1, books.regions, books.runs)
    total, own = summed(wanted), slice(stance.first_pot, stance.first_pot + books.regions)
    added = pace * np.maximum(total - state.pot_left[own], 0.0)
    state.pot_left[own] += added
    pots.amount[own] += added
    parts = (share_of(wanted, np.broadcast_to(total, wanted.shape)) * added).reshape(stance.drive.shape)
    _note_stake(books, stance, ("capex_grant", "budget"), parts > 0.0, parts)


def _answer(books: Books, stance: Stance) -> None:
    """Let answers fade, give those that are due, and let every government decide whether it answers a new hit."""
    governments = books.cast.governments
    stance.stopped[:] = stance.stopped * (1.0 - books.parameters.deescalation)
    stance.hit[:] = struck(books, stance)
    due = stance.due == 1.0
    # All strike at once: none sees what others stop this month.
    open_still, solidarity = _cube(books, stance.perceived * (1.0 - stance.stopped)), governments.solidarity()
    for pair in np.flatnonzero(due.any(axis=1)).tolist():
        me, other = divmod(pair, books.regions)
        _strike_back(books, stance, (me, other), (due[pair], open_still[:, other, me], solidarity))
    stance.chance[:], stance.patience[:] = books.dice.answer(books.month), books.dice.patience(books.month)
    stance.due[:] = governments.answer()


def _strike_back(books: Books, stance: Stance, pair: tuple[int, int], seen: tuple[Bools, Floats, PairRun]) -> None:
    """Stop exports to who hit, of the good it depends on most; allies go along as far as they can afford to.

    pair  who answers whom
    seen  whether it is time (run), the other's dependence that is not stopped yet (good, run),
          and the share of an answer that a third government goes along with (pair, run)
    """
    me, other = pair
    time, depending, solidarity = seen
    run = np.flatnonzero(time & (depending.max(axis=0) > 0.0))
    good, depth = depending.argmax(axis=0)[run], books.parameters.retaliation_depth
    _stop(books, stance, (me, other, me), (good, run, np.full(len(run), depth)))
    for ally in np.flatnonzero(stance.friends[me] & (np.arange(books.regions) != other)).tolist():
        if not stance.friends[ally, other]:
            share = solidarity[ally * books.regions + other, run]
            _stop(books, stance, (ally, other, me), (good, run, depth * share))


def _stop(books: Books, stance: Stance, parties: tuple[int, int, int], what: tuple[Ints, Ints, Floats]) -> None:
    """Stop a share of what a government's region exports to another, a hit to be answered to who leads.

    parties  who stops, whose orders, and whose answer it is
    what     good, run and share
    """
    me, other, party = parties
    good, run, share = what
    cell = (good * books.regions + other) * books.regions + me
    stance.stopped[cell, run] = either(stance.stopped[cell, run], share)
    some = share > 0.0
    if me == party:
        stance.hit[other * books.regions + me, run] = 1.0
    where = np.zeros(stance.stopped.shape, np.bool_)
    where[cell[some], run[some]] = True
    struck_cells = np.nonzero(where)[0]
    sizes_of, decisive = np.zeros_like(stance.stopped), stance.perceived
    sizes_of[cell, run] = share
    if me != party:
        # How far an ally goes along depends on what it buys there itself.
        decisive = np.zeros_like(stance.stopped)
        decisive[cell, run] = stance.exposure[me * books.regions + other, run]
    told: dict[str, Ints | int] = {
        "good": struck_cells // books.regions**2,
        "actor": me,
        "target": other,
        "party": party,
    }
    why = "answer" if me == party else "joined_answer"
    note(stance, ("embargo", why), where, (sizes_of, decisive), told)


def _set_levers(books: Books, stance: Stance) -> None:
    """Add to what dated measures ask for."""
    p, levers = books.parameters, books.levers
    levers.blocked = either(levers.blocked, stance.stopped)
    levers.friend_premium = levers.friend_premium + stance.premium
    levers.stock_target = levers.stock_target + books.cast.governments.wanted_stock()
    keeps = stance.alarm > 0.0
    levers.stock_pace = np.maximum(levers.stock_pace, np.where(keeps, p.reserve_pace, 0.0))
    levers.stock_release = np.maximum(levers.stock_release, np.where(keeps, p.reserve_release, 0.0))
