"""The page: a question, one lever, what came out and the shares of the world."""

from typing import Any

import solara
import solara.lab

from abm import world as worlds
from abm.errors import InputError
from experiments.app.pool import engine
from experiments.app.results import Answer, Outcome, Progress
from experiments.app.state import State, from_query
from experiments.app.tickets import LostError
from experiments.catalogue import dose_of
from experiments.digest import SERIES
from experiments.palette import colour

LEVER = "chips_act.amount_musd"
# Charts are drawn with one point a quarter: a finer line looks the same and weighs three times as much.
EVERY = 3


@solara.component
def Page() -> None:
    """Show the scenario that the link names; moving a lever leads to another link."""
    router = solara.use_router()
    state, messages = solara.use_memo(lambda: from_query(router.search or ""), [router.search])
    shown: solara.Reactive[Answer | None] = solara.use_reactive(None)
    progress: solara.Reactive[Progress | None] = solara.use_reactive(None)
    trouble = solara.use_reactive("")

    async def work() -> None:
        """Ask the engine; what came before stays on the page until the answer is there."""
        trouble.set("")
        try:
            session = (solara.get_kernel_id(), "lever")
            shown.set(await engine().ask(state.question(), session, progress.set))
        except (InputError, LostError) as error:
            trouble.set(str(error))
        finally:
            progress.set(None)

    task = solara.lab.use_task(work, dependencies=[state], raise_error=False)
    solara.Title("friendshore")
    with solara.Column(style={"max-width": "1100px", "margin": "0 auto", "padding": "16px"}):
        for message in (*messages, *filter(None, [trouble.value])):
            solara.Warning(message)
        solara.HTML("h1", state.question().scenarios[-1].question, style="font-size: 1.6rem")
        Lever(state, LEVER, lambda changed: router.push(f"{router.path}?{changed.to_query()}"))
        Waiting(progress.value, task.cancel)
        if shown.value is not None:
            solara.HTML("p", shown.value.sentence, attributes={"aria-live": "polite"}, style="font-size: 1.2rem")
            solara.FigureEcharts(option=shares(shown.value.mine, state.chain), responsive=True)


@solara.component
def Lever(state: State, key: str, on_state: Any) -> None:  # noqa: ANN401 - a callback
    """Show a slider for a value of a policy, built from what the instrument says of it."""
    scenario = state.question().scenarios[-1]
    measure, field = key.split(".")
    mine = next((each for each in scenario.measures if each.name == measure), None)
    about = dose_of(type(mine).model_fields[field]) if mine is not None else None
    if about is None:
        return
    value = int(getattr(mine, field))
    most = int(min(about.high, max(4 * value, 100_000)))
    solara.SliderInt(
        f"{about.sentence} {about.unit}",
        value=value,
        min=int(about.low),
        max=most,
        step=1000,
        on_value=lambda new: on_state(state.with_set(key, new)) if new != value else None,
    )


@solara.component
def Waiting(progress: Progress | None, on_stop: Any) -> None:  # noqa: ANN401 - a callback
    """Show how far the work is, with a way to stop it."""
    if progress is None:
        return
    left = "" if progress.seconds_left is None else f", {progress.seconds_left:.0f} s left"
    told = f"{progress.ahead} before you" if progress.ahead else f"{progress.part:.0%} played{left}"
    with solara.Row(style={"align-items": "center"}):
        solara.ProgressLinear(100.0 * progress.part)
        solara.Text(told)
        solara.Button("Stop", on_click=on_stop, text=True)


def shares(outcome: Outcome, chain: str) -> dict[str, Any]:
    """Return the chart of every region's share of the world, stacked.

    chain  code of the series
    """
    curves = outcome.curves["share"]
    series = next(each for each in SERIES if each.code == chain)
    world = worlds.read(outcome.scenario.start)
    titles = dict(zip(world.regions, world.region_titles, strict=True))
    return {
        "aria": {"enabled": True, "label": {"description": f"{series.title}, % of the world, by region"}},
        "title": {"text": f"{series.title}, % of the world"},
        "tooltip": {"trigger": "axis"},
        "legend": {"bottom": 0},
        "grid": {"left": 48, "right": 16, "top": 48, "bottom": 72},
        "xAxis": {"type": "category", "data": [f"{month:%b %Y}" for month in outcome.months[::EVERY]]},
        "yAxis": {"type": "value", "max": 100},
        "series": [
            {
                "name": titles[region],
                "type": "line",
                "stack": "world",
                "symbol": "none",
                "lineStyle": {"width": 0},
                "areaStyle": {"opacity": 1},
                "itemStyle": {"color": colour(region)},
                "data": [round(float(share), 2) for share in curves.median(chain, region)[::EVERY]],
            }
            for region in curves.regions
        ],
    }
