"""The scenarios that come with friendshore."""

from pathlib import Path

from abm.drafts import locate

SCENARIOS = Path(__file__).parent / "scenarios"


def names() -> tuple[str, ...]:
    """Return the names of the bundled scenarios in alphabetical order."""
    return tuple(sorted(path.stem for path in SCENARIOS.glob("*.toml")))


def find(name: str) -> Path:
    """Return the file of a bundled scenario; a misspelt name is refused with the nearest one."""
    return locate(name, SCENARIOS)
