"""What is made and how: goods and recipes at a start."""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from abm.axes import Bools, Floats, Ints, PerGood
from abm.errors import InputError
from abm.facts import Facts, missing, serving

RECYCLER = "Recycler"
OPTIONAL = ("in_use_life",)


@dataclass(frozen=True, slots=True, eq=False)
class Goods:
    """Every good, in the order of goods.csv; money in M USD, time in months, each number (good,).

    code title unit chain    words of goods.csv
    price                    M USD/unit
    markup                   share of unit cost (inputs and operation) added to make the price; it pays for capital
    capex                    M USD per unit/month of capacity
    depreciation             1/month
    life                     months of economic life
    hurdle                   required return on capital, share/year
    utilisation              share of capacity used at the start
    stock_cover              months of sales makers hold as finished stock
    input_cover              months of need buyers hold of it as an input
    production_lag           months from input to output, whole
    qualification            months until a buyer approves a new supplier
    learning                 fall of cost per doubling of experience, share
    forgetting               loss of experience, 1/month
    price_tension price_cost speed at which the price follows scarcity and cost, 1/month
    freight                  share of value
    project_size             units/month of one new plant
    elasticity               own-price elasticity of final demand, positive
    backlog                  share of unmet final demand that waits
    substitution             long-run elasticity between suppliers
    thrift                   fall of its users' input coefficient while it is dear, 1/month
    home_bias                factor on supply from the own region where trade is not known
    in_use_life              months until a unit in use becomes scrap; 0 where it leaves none
    """

    code: tuple[str, ...]
    title: tuple[str, ...]
    unit: tuple[str, ...]
    chain: tuple[str, ...]
    price: PerGood
    markup: PerGood
    capex: PerGood
    depreciation: PerGood
    life: PerGood
    hurdle: PerGood
    utilisation: PerGood
    stock_cover: PerGood
    input_cover: PerGood
    production_lag: PerGood
    qualification: PerGood
    learning: PerGood
    forgetting: PerGood
    price_tension: PerGood
    price_cost: PerGood
    freight: PerGood
    project_size: PerGood
    elasticity: PerGood
    backlog: PerGood
    substitution: PerGood
    thrift: PerGood
    home_bias: PerGood
    in_use_life: PerGood


@dataclass(frozen=True, slots=True, eq=False)
class Recipes:
    """Every process, in the order of recipes.csv, and every input of a process as one entry.

    process kind          names (process,)
    good                  index of what the process makes (process,)
    user input            indices of process and good (entry,)
    coefficient           units of input per unit of output (entry,)
    critical              whether output stops without the input (entry,)
    """

    process: tuple[str, ...]
    kind: tuple[str, ...]
    good: Ints
    user: Ints
    input: Ints
    coefficient: Floats
    critical: Bools


def read_goods(facts: Facts, start: date) -> Goods:
    """Return every good with its numbers at a start."""
    rows = serving(facts.rows["goods.csv"], start, "good", "field")
    codes = facts.words["goods"]
    numbers = {}
    for field in [field.name for field in fields(Goods)][4:]:
        for good in codes:
            if (good, field) not in rows and field not in OPTIONAL:
                raise missing(facts, "goods.csv", f"the {field} of {good!r}")
        numbers[field] = np.array([rows[good, field].amount if (good, field) in rows else 0.0 for good in codes])
    words = [words_of(facts, "goods.csv", field) for field in ("name", "unit", "chain")]
    title, unit, chain = (tuple(of[good] for good in codes) for of in words)
    return Goods(codes, title, unit, chain, **numbers)


def read_recipes(facts: Facts, start: date) -> Recipes:
    """Return every process with its inputs at a start."""
    goods, ways, made = facts.words["goods"], facts.words["processes"], processes(facts)
    rows = [row for row in serving(facts.rows["recipes.csv"], start, "process", "input").values() if row["input"]]
    return Recipes(
        process=ways,
        kind=tuple(made[way][1] for way in ways),
        good=np.array([goods.index(made[way][0]) for way in ways]),
        user=np.array([ways.index(row["process"]) for row in rows]),
        input=np.array([goods.index(row["input"]) for row in rows]),
        coefficient=np.array([row.amount for row in rows]),
        critical=np.array([row["critical"] == "1" for row in rows]),
    )


def words_of(facts: Facts, file: str, field: str = "name") -> dict[str, str]:
    """Return the words of a field, by the code in the first column of the file."""
    column, codes = {"goods.csv": ("good", "goods"), "regions.csv": ("region", "regions")}[file]
    found = {row[column]: row["value"] for row in facts.rows[file] if row["field"] == field}
    for code in facts.words[codes]:
        if not found.get(code):
            raise missing(facts, file, f"the {field} of {code!r}")
    return found


def processes(facts: Facts) -> dict[str, tuple[str, str]]:
    """Return the good a process makes and the kind of firm that runs it, by process."""
    made: dict[str, tuple[str, str]] = {}
    for row in facts.rows["recipes.csv"]:
        found = row["good"], row["kind"]
        if made.setdefault(row["process"], found) != found:
            what = f"process {row['process']!r} makes {made[row['process']]} elsewhere, here {found}."
            raise InputError(row.where, what, "Give it another name.")
    return made


def standard(facts: Facts) -> dict[str, str]:
    """Return the process that makes a good by default: the first that does not recycle, else the first."""
    made = processes(facts)
    chosen = {}
    for good in facts.words["goods"]:
        ways = [process for process, (of, _) in made.items() if of == good]
        if not ways:
            raise missing(facts, "recipes.csv", f"a process that makes {good!r}")
        chosen[good] = next((way for way in ways if made[way][1] != RECYCLER), ways[0])
    return chosen
