"""What the tests of governments that follow rules share: questions, blows, and what was answered."""

from datetime import date

import polars as pl
from worlds import measure, question

from abm.model import Model
from abm.policies.instrument import Instrument
from abm.scenario import Scenario


def reactive(*measures: Instrument, months: int = 36) -> Scenario:
    return question(*measures, months=months).model_copy(update={"governments": "reactive"})


def duty(rate: float = 0.5, start: date = date(2020, 4, 1)) -> Instrument:
    return measure("tariff", government="US", goods=["cell", "device"], origins=["CN"], rate=rate, start=start)


def quarrel() -> tuple[Instrument, ...]:
    """Return blows of every kind that is answered, and two reviews."""
    return (
        duty(),
        measure("supply_review", government="US", goods=["magnet", "device", "api"], start=date(2020, 2, 1)),
        measure("supply_review", "second", government="JP", goods=["magnet", "api"], start=date(2020, 5, 1)),
        measure("embargo", government="CN", goods=["magnet"], depth=0.6, start=date(2020, 9, 1)),
        measure("embargo", "gas", government="CN", inputs=["gallium"], depth=1.0, start=date(2022, 9, 1)),
        measure("entity_list", government="US", firms=["Shenzhen"], purchase_ban=0.5, start=date(2021, 3, 1)),
        measure(
            "tool_control",
            government="JP",
            inputs=["gallium"],
            destinations=["CN"],
            goods=["chip_auto"],
            depth=0.5,
            start=date(2021, 6, 1),
        ),
    )


def answers(model: Model, actor: str = "CN", target: str = "US") -> pl.DataFrame:
    found = model.events.filter((pl.col("instrument") == "embargo") & (pl.col("actor") == actor))
    return found.filter(pl.col("target") == target)
