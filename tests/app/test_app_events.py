"""What a browser tells the parts of a page: events are heard, and nothing it names is imported, called or set."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from ipyvue import VueTemplate  # type: ignore[import-untyped]
from ipyvue.VueTemplateWidget import Events  # type: ignore[import-untyped]
from traitlets import Unicode

from experiments.app.heed import heed_events_alone

# A module that nobody else imports.
UNUSED = "antigravity"


class Part(VueTemplate):  # type: ignore[misc]
    """A part that notes what it hears."""

    template = Unicode("<template><p></p></template>").tag(sync=True)

    def vue_shift(self, data: object) -> None:
        """Note an event."""
        self.heard = data


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(Events, "_handle_event", Events._handle_event)
    heed_events_alone()
    made = Part()
    yield made
    made.close()


def test_an_event_is_heard(part: Any) -> None:
    part._handle_custom_msg({"event": "shift", "data": {"key": 1}}, [])
    assert part.heard == {"key": 1}


@pytest.mark.parametrize(
    "told",
    [
        {"create_widget": [UNUSED, "x"], "props": {}, "id": "0"},
        {"update_ref": 1, "prop": "heard", "id": "0"},
        {"destroy_widget": "0"},
        {"event": "nothing of this name"},
        {"event": ["shift"]},
        {},
    ],
)
def test_nothing_else_is(part: Any, told: dict[str, Any]) -> None:
    part._handle_custom_msg(told, [])
    assert not hasattr(part, "heard")
    assert UNUSED not in sys.modules
