"""What ``friendshore list`` prints: everything that can be named on the command line or in a scenario."""

from collections.abc import Callable, Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from abm.errors import InputError, nearest
from abm.series import SERIES
from experiments.catalogue import KINDS, Catalogue, doses, ranged, sentence_of
from experiments.inside import rule_phases, rules
from experiments.layout import WIDEST, worded

Lister = Callable[[Console, Catalogue], None]


def show_list(what: str | None) -> None:
    """Print what there is of a kind; without a kind, the kinds."""
    console, catalogue = Console(width=WIDEST, markup=False, highlight=False), Catalogue()
    if what is None:
        _kinds(console)
        return
    if what not in LISTS:
        raise InputError("list", f"no list of {what!r}.", nearest(what, LISTS))
    LISTS[what][1](console, catalogue)


def _kinds(console: Console) -> None:
    """Print what can be listed."""
    table = worded("friendshore list", ["of", "what"])
    for name, (sentence, _) in LISTS.items():
        table.add_row(name, sentence)
    console.print(table)
    console.print("\nfriendshore explain NAME tells more of anything that is listed.")


def _scenarios(console: Console, catalogue: Catalogue) -> None:
    """Print the bundled scenarios."""
    table = worded("Scenarios", ["name", "from", "until", "title"])
    for name, each in catalogue.scenarios.items():
        table.add_row(name, f"{each.start:%Y-%m}", f"{each.until:%Y-%m}", each.title)
    console.print(table)
    console.print("\n+ joins scenarios, - takes away what another adds, or one measure by its name:")
    console.print("chips_act+japan_tsmc, history-chips_act, history-big_fund_3")


def _policies(console: Console, catalogue: Catalogue) -> None:
    """Print the kinds of policy and shock, what of each can be dosed, and the dated ones of history."""
    table = worded("Kinds of policy and shock", ["kind", "what"])
    for kind, made in KINDS.items():
        table.add_row(kind, sentence_of(made))
    console.print(table)
    console.print(Text("\nWhat can be dosed (--set NAME.field=VALUE, NAME as the scenario calls it)", style="bold"))
    for kind, made in KINDS.items():
        for field, dose in doses(made).items():
            _entry(console, f"{kind}.{field}", "", f"{ranged(dose.low, dose.high)} {dose.unit}", dose.sentence)
    console.print(Text("\nWhat happened, by date (the scenario history), and the source of each", style="bold"))
    for measure in sorted(catalogue.scenarios["history"].measures, key=lambda each: (each.start, each.name)):
        actor = getattr(measure, "government", getattr(measure, "region", ""))
        lasts = f"{measure.start} to {measure.end}" if measure.end else f"from {measure.start}"
        told = Text.assemble(f"{lasts:<26}{actor:<5}", (measure.name, "bold"), f", {measure.kind}")
        console.print(told, width=WIDEST)
        console.print(Padding(Text(measure.source), (0, 0, 0, 4)), width=WIDEST)


def _goods(console: Console, catalogue: Catalogue) -> None:
    """Print the goods by chain."""
    goods = catalogue.world.goods
    table = worded("Goods", ["good", "chain", "unit", "what"])
    for code, chain, unit, title in zip(goods.code, goods.chain, goods.unit, goods.title, strict=True):
        table.add_row(code, chain, unit, title)
    console.print(table)


def _regions(console: Console, catalogue: Catalogue) -> None:
    """Print the regions with the number of their countries and named firms."""
    world = catalogue.world
    table = worded("Regions", ["region", "countries", "named firms", "what"])
    for index, (code, title) in enumerate(zip(world.regions, world.region_titles, strict=True)):
        countries = catalogue.rows("countries.csv", region=code)
        at_home = int((world.owners.named & (world.owners.region == index)).sum())
        table.add_row(code, f"{len(countries)}", f"{at_home}", title)
    console.print(table)


def _firms(console: Console, catalogue: Catalogue) -> None:
    """Print the named firms with their home and what they make or could make in 2020."""
    world = catalogue.world
    table = worded("Named firms, and what they make in 2020 (in brackets: may build)", ["firm", "home", "goods"])
    made: dict[int, dict[str, bool]] = {}
    for owner, good, capacity in zip(world.plants.owner, world.plants.good, world.plants.capacity, strict=True):
        known = made.setdefault(int(owner), {})
        code = world.goods.code[good]
        known[code] = known.get(code, False) or capacity > 0.0
    for owner in sorted(made, key=lambda owner: world.owners.name[owner].casefold()):
        if world.owners.named[owner]:
            goods = " ".join(code if makes else f"({code})" for code, makes in made[owner].items())
            table.add_row(world.owners.name[owner], world.regions[world.owners.region[owner]], goods)
    console.print(table)
    rest = len(world.owners.named) - int(world.owners.named.sum())
    told = f"\nBesides, {rest} groups of unnamed makers and collectors carry the rest of each region's total."
    console.print(told)


def _parameters(console: Console, catalogue: Catalogue) -> None:
    """Print the behavioural parameters."""
    console.print(Text("\nBehavioural parameters (--set parameters.NAME=VALUE): value, range, unit", style="bold"))
    for name, table in catalogue.parameters.items():
        told = f"{ranged(table['low'], table['high'])} {table['unit']}"
        _entry(console, name, f"{table['value']:g}", told, table["sentence"])


def _series(console: Console, catalogue: Catalogue) -> None:  # noqa: ARG001
    """Print the recorded series."""
    table = worded("Series: columns of regions.parquet, by good and region", ["series", "unit", "what"])
    for each in SERIES:
        table.add_row(each.name, each.unit, each.sentence)
    console.print(table)


def _rules(console: Console, catalogue: Catalogue) -> None:  # noqa: ARG001
    """Print the rules firms go by, each a method that a kind of one's own may replace."""
    table = worded("Rules of firms, and the phases that ask them", ["rule", "phases", "what"])
    for name, sentence in rules().items():
        table.add_row(name, "\n".join(rule_phases(name)), sentence)
    console.print(table)


def _entry(console: Console, name: str, value: str, told: str, sentence: str) -> None:
    """Print a name with its figures, and below it what it is."""
    figures = f"{value:>7}  {told}" if value else told
    console.print(Text.assemble((f"{name:<30}", "bold"), f" {figures}"), width=WIDEST)
    console.print(Padding(Text(sentence), (0, 0, 0, 4)), width=WIDEST)


LISTS: Mapping[str, tuple[str, Lister]] = {
    "scenarios": ("Questions that are ready to be run.", _scenarios),
    "policies": ("Kinds of policy and shock, what can be dosed, and what happened when.", _policies),
    "goods": ("What is made, traded and used.", _goods),
    "regions": ("Where it is made and used.", _regions),
    "firms": ("Who makes it: firms known by name.", _firms),
    "parameters": ("How firms and buyers behave, with value, range and unit.", _parameters),
    "rules": ("What firms decide by, for a kind of firm of one's own.", _rules),
    "series": ("What is recorded of every good and region each month.", _series),
}
