"""Who moved a share: the difference between two scenarios as steps, one for every policy."""

import math

import polars as pl

from experiments.app.charts.chart import SMALL, Case, Chart, Option, explained, on_phone, tidy, value_axis, whole
from experiments.app.charts.finding import described, sources
from experiments.app.charts.theme import INKED
from experiments.attribution_told import FALL, MOST, RISE, Account, open_
from experiments.palette import WORLD as GREY
from experiments.sentence import counted, figure

BAR = 34


def credited(case: Case, account: Account) -> Chart:
    """Return the parts as steps from the level of the first scenario to that of the second, top to bottom."""
    steps = _steps(account)
    title, digits = account.sentence(), account.digits
    told = "; ".join(f"{name} {figure(size, '+', digits)}" for name, size, _, _ in steps)
    description = described(title, told)
    how = "orders sampled" if account.sampled else "every combination played"
    doubt = any(open_(part) for part in account.parts)
    source = sources(case, f"Shapley values, {how}, {counted(account.runs)} of each; they add up.", sign="Bars: means.")
    unit = f"{account.title}, {account.unit}" + ("; ? too few runs to tell it from none" if doubt else "")
    option = _bars(account, steps) | whole(description)
    table = account.table().with_columns(pl.col("error").fill_nan(None))
    height = 60 + BAR * (len(steps) + 2)
    return Chart("credits", title, unit, source, explained("credits"), description, option, table, height)


def _steps(account: Account) -> list[tuple[str, float, float, bool]]:
    """Return name, size, start and doubt of every step, the largest first; the smallest are put together."""
    shown = [(part.name, part.mean, open_(part)) for part in account.ranked[:MOST]]
    if rest := account.ranked[MOST:]:
        shown.append((f"{len(rest)} others", math.fsum(part.mean for part in rest), False))
    steps, at = [], account.levels[0]
    for name, size, doubt in shown:
        steps.append((name.removeprefix("parameters.").replace("_", " "), size, at, doubt))
        at += size
    return steps


def _bars(account: Account, steps: list[tuple[str, float, float, bool]]) -> Option:
    """Return the steps as floating bars between the two levels, the first scenario on top."""
    digits = account.digits
    first, second = (each.name for each in account.ends)
    names, hidden, bars = [first], [0.0], [_bar(account.levels[0], GREY, figure(account.levels[0], digits=digits))]
    for name, size, start, doubt in steps:
        names.append(name)
        hidden.append(min(start, start + size))
        told = f"{figure(size, '+', digits)}{'?' if doubt else ''}"
        bars.append(_bar(abs(size), RISE if size >= 0.0 else FALL, told))
    names.append(second)
    hidden.append(0.0)
    bars.append(_bar(account.levels[1], GREY, figure(account.levels[1], digits=digits)))
    label = {"show": True, "position": "right", "color": INKED, "fontSize": SMALL}
    words = {"fontSize": SMALL, "width": 180, "overflow": "truncate", "interval": 0}
    low = min(account.levels[0], account.levels[1], *(min(start, start + size) for _, size, start, _ in steps))
    reach = max(abs(account.change), 1e-9)
    floor = max(0.0, low - 0.6 * reach)
    return {
        "grid": {"left": 190, "right": 70, "top": 8, "bottom": 28},
        "xAxis": value_axis("", min=tidy(floor, 2) if floor > 0.0 else 0, scale=True),
        "yAxis": {"type": "category", "inverse": True, "data": names, "axisTick": {"show": False}, "axisLabel": words},
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{b}"},
        "series": [
            {"type": "bar", "stack": "steps", "data": hidden, "itemStyle": {"color": "transparent"}, "silent": True},
            {"type": "bar", "stack": "steps", "data": bars, "label": label, "barMaxWidth": 20},
        ],
        "media": on_phone(grid={"left": 120, "right": 60}, yAxis={"axisLabel": {**words, "width": 110}}),
    }


def _bar(size: float, shade: str, words: str) -> Option:
    """Return a bar with its figure."""
    return {"value": tidy(size, 6), "itemStyle": {"color": shade}, "label": {"formatter": words}}
