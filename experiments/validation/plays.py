"""The runs that a validation looks at: bundled plans, played as sweeps; what was played before is not played again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from abm.errors import InputError
from experiments.sweeping.dataset import Dataset
from experiments.sweeping.driver import STOPPED, Shard, opened, sweep
from experiments.sweeping.plan import Plan, Value

PLANS = Path(__file__).parent / "plans"
# A quick look is so much smaller: enough to see that everything works, not to judge.
QUICK_RUNS, QUICK_POINTS = 4, 2
# Runs of each draw of a posterior: draws are many, and luck is drawn for each.
DRAWN_RUNS, MOST_DRAWS, QUICK_DRAWS = 4, 64, 4


Lists = Mapping[str, Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Plays:
    """Bundled plans and the folder their runs go to.

    quick    whether fewer runs and points are played
    workers  processes that play
    """

    folder: Path
    quick: bool = False
    workers: int = 2
    _done: set[Path] = field(default_factory=set, repr=False)

    def plan(self, name: str, lists: Lists | None = None) -> Plan:
        """Return a bundled plan, made smaller for a quick look.

        lists  values by key, tried side by side, as of the draws of a posterior
        """
        plan = Plan.load(PLANS / f"{name}.toml")
        if lists:
            tried = {key: [*values] for key, values in lists.items()}
            fewer = min(plan.runs, DRAWN_RUNS) if isinstance(plan.runs, int) else plan.runs
            plan = plan.model_copy(update={"design": "list", "vary": tried, "runs": fewer, "text": ""})
        if not self.quick:
            return plan
        points = None if plan.points is None else min(plan.points, QUICK_POINTS)
        most = QUICK_RUNS if points is None else 1
        runs = min(plan.runs, most) if isinstance(plan.runs, int) else plan.runs
        return plan.model_copy(update={"runs": runs, "points": points, "text": ""})

    def some(self, draws: Lists) -> Lists:
        """Return as many of a posterior's draws as are played."""
        many = QUICK_DRAWS if self.quick else MOST_DRAWS
        return {key: values[:many] for key, values in draws.items()}

    def of(self, name: str, lists: Lists | None = None, suffix: str = "") -> Path:
        """Return the sweep folder of a bundled plan, in which all of it is played.

        suffix  of the folder's name, where a plan is played in several ways
        """
        folder = self.folder / f"{name}{suffix}"
        if folder not in self._done:
            code = sweep(opened(self.plan(name, lists), folder), self.workers, Shard())
            if code == STOPPED:
                raise KeyboardInterrupt
            if code != 0:
                raise InputError(str(folder), "was not played to its end.", "Start the same line again.")
            _refuse_failures(folder)
            self._done.add(folder)
        return folder


def _refuse_failures(folder: Path) -> None:
    """Refuse a folder in which a run failed: what is said of the others would not hold."""
    dataset = Dataset(folder)
    if dataset.counted("failures"):
        reason = dataset.scan("failures").select("reason").first().collect().item()
        raise InputError(
            str(folder), f"has runs that failed: {reason}", "Mend that, delete the folder and start again."
        )
