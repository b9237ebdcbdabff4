"""The teams of a class as a link holds them: a name, and what a link says of a scenario."""

import re
from dataclasses import dataclass

from abm.errors import InputError

MOST_TEAMS = 8
LONGEST_NAME = 30
APART = "~"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Team:
    """A team.

    name  of it;  asked  name of a scenario, or what a link says of it
    """

    name: str
    asked: str

    @property
    def entry(self) -> str:
        """How a link says it."""
        return f"{self.name}{APART}{self.asked}"


def team(name: str, asked: str) -> Team:
    """Return a team; a name that a link cannot hold is refused.

    name, asked  as a person writes them
    """
    plain = _SPACES.sub(" ", name).strip()
    if not 1 <= len(plain) <= LONGEST_NAME or APART in plain or not plain.isprintable():
        raise InputError(
            "team", f"{plain[:40]!r} is no name of a team.", f"Use 1 to {LONGEST_NAME} letters, without ~."
        )
    return Team(plain, asked.strip())


def read(entry: str) -> Team:
    """Return a team as a link says it."""
    name, apart, asked = entry.partition(APART)
    if not apart:
        raise InputError("team", f"{entry[:40]!r} has no scenario.", "Write a name, ~ and a scenario.")
    return team(name, asked)
