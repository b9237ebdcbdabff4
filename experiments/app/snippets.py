"""How to do without the app what a page shows: in Python and at the command line."""

import json
import shlex

from experiments.app.room import BAND
from experiments.app.state import State

FIRST = 1


def in_python(state: State) -> str:
    """Return a program that plays what a page shows, runs and all."""
    what = f'Path("{state.scenario}.toml")' if state.text else json.dumps(state.scenario)
    load = f"Scenario.load({what})"
    if state.assignments:
        load += ".override(\n" + "".join(f"    {json.dumps(each)},\n" for each in state.assignments) + ")"
    path = "from pathlib import Path\n\n" if state.text else ""
    return (
        f"{path}from abm import Model, Scenario\n\n"
        f"scenario = {load}\n"
        f"model = Model(scenario, runs={BAND}, seed={state.seed}).run()\n"
        "print(model.regions)\n"
    )


def at_command_line(state: State) -> str:
    """Return a command that plays what a page shows, beside its baseline."""
    what = f"{state.scenario}.toml" if state.text else state.scenario
    words = ["friendshore", "run", what]
    words += [word for each in state.assignments for word in ("--set", each)]
    words += ["--runs", str(BAND)]
    if state.seed != FIRST:
        words += ["--seed", str(state.seed)]
    return shlex.join(words)
