"""How far the work is, in words, for the line below the story."""

from typing import Any

from experiments.app.results import Progress
from experiments.app.room import Work
from experiments.app.texts import text


def underway(code: str, work: Work) -> dict[str, Any] | None:
    """Return what the browser shows of some work; nothing if there is none.

    code  lever or band, or what else the texts know
    """
    if work.progress is None:
        return None
    title = text("status", code)
    return {
        "code": code,
        "title": title,
        "part": round(work.progress.part, 3),
        "told": f"{title}: {said(work.progress)}",
    }


def said(progress: Progress) -> str:
    """Return how far work is, in words."""
    if progress.ahead:
        return text("status", "ahead").format(count=progress.ahead)
    if progress.seconds_left is None:
        return text("status", "begun") if not progress.part else f"{progress.part:.0%}"
    return text("status", "left").format(part=progress.part, seconds=max(1, round(progress.seconds_left)))
