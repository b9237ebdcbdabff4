"""A model watched month by month: no identity breaks, nothing falls below nothing."""

from abm.ledger import breaches, holdings
from abm.model import Model

SIGNED = ("log_price_home", "log_price_export", "earning", "worth", "worth_start", "price_rise", "trend")
ACCOUNTS = ("demand_shock", "demand_trend", "cash", "household", "treasury", "bank")


def watch(model: Model) -> None:
    """Let all months happen and refuse the first that breaks an identity."""
    while model.books.month <= model.plan.until:
        before = holdings(model.books)
        model.step()
        broken = breaches(before, model.books)
        assert not broken, f"{model.books.step}: {broken}"
        refuse_negatives(model)
        refuse_more_than_a_quota(model)


def refuse_negatives(model: Model) -> None:
    state = model.books.state
    unsigned = [name for name in state.__slots__ if name not in (*SIGNED, *ACCOUNTS)]
    below = {name: least for name in unsigned if (least := getattr(state, name).min(initial=0.0)) < 0.0}
    assert not below, f"{model.books.step}: {below}"


def refuse_more_than_a_quota(model: Model) -> None:
    books = model.books
    left = books.frame.network.to_origin(books.flow.shipped)
    assert (left <= books.levers.quota * (1.0 + 1e-12) + 1e-12).all()
