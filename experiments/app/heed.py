"""What a browser may tell the parts of a page: that something has happened, and nothing else."""

from collections.abc import Mapping
from threading import RLock
from typing import Any

from ipyvue.VueTemplateWidget import Events  # type: ignore[import-untyped]

# One at a time: forty at once take turns at the processor so often that all of them end late.
_TURN = RLock()


def heed_events_alone() -> None:
    """Refuse whatever else a browser could tell a part: as it comes, any function of any module could be called."""
    Events._handle_event = _heed


def _heed(part: Any, _: object, content: Mapping[str, Any], buffers: object) -> None:  # noqa: ANN401 - any widget
    """Do what a part does when something happens in the browser."""
    del buffers
    event = content.get("event")
    if event in part.events:
        with _TURN:
            getattr(part, f"vue_{event}")(content.get("data", {}))
