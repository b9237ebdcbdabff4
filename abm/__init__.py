"""What the world does: a monthly agent-based market of four supply chains."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abm.model import Model
    from abm.scenario import Scenario

__all__ = ["Model", "Scenario"]


def __getattr__(name: str) -> object:
    """Return the model or the scenario when it is first asked for: Mesa and polars take a second to import."""
    if name == "Model":
        from abm.model import Model  # noqa: PLC0415

        return Model
    if name == "Scenario":
        from abm.scenario import Scenario  # noqa: PLC0415

        return Scenario
    message = f"module 'abm' has no attribute {name!r}"
    raise AttributeError(message)
