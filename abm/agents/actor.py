"""What every agent shares: rows of the books, the parameters, and speaking for many at once."""

from typing import Any, Self

from abm.agents.columns import Rows
from abm.framework import mesa
from abm.parameters import Parameters


class Actor(mesa.Agent):
    """A named row of the books.

    A rule is a method that uses only the actor's own numbers and public signals. It is elementwise, so the same
    method serves one actor in one run and, through an ensemble, all of its kind in all runs of the batch.
    """

    alone = True

    def __init__(self, model: mesa.Model, **places: Rows) -> None:
        """Become the agent of the given rows; each place names an attribute that columns read."""
        super().__init__(model)
        self._settle(places)

    @classmethod
    def ensemble(cls, model: mesa.Model, **places: Rows) -> Self:
        """Return many actors speaking with one voice: the same rules over many rows, not itself an agent."""
        crowd = cls.__new__(cls)
        crowd.model, crowd.alone = model, False
        crowd._settle(places)
        return crowd

    def _settle(self, places: dict[str, Rows]) -> None:
        """Take the rows of each place."""
        for place, rows in places.items():
            setattr(self, place, rows)

    def __repr__(self) -> str:
        """Return the kind and the name, of an ensemble the kind."""
        kind = type(self).__name__
        return f"<{kind} {self.name}>" if self.alone else f"<ensemble of {kind}>"

    @property
    def books(self) -> Any:  # noqa: ANN401 - agents live on a lower floor than the books and know only their columns
        """Return the books of the model."""
        model: Any = self.model
        return model.books

    @property
    def parameters(self) -> Parameters:
        """Return the behavioural parameters."""
        parameters: Parameters = self.books.parameters
        return parameters
