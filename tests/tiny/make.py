"""Write the tiny world of the tests: three regions, every good and process, round numbers that balance by hand.

Run ``uv run python tests/tiny/make.py`` after a change. A month at the start, counted upstream from final demand:

cars         1,000 thousand, 20 % electric: 200 electric, 800 combustion; devices 100; medicines 1,000
magnets      200 x 2 + 800 x 0.5 + 100 x 1 + 100 final                                        = 1,000
oxide        1,000 x 0.5 = 500, of which recyclers make 20 from 80 of scrap; concentrate 480 x 2 = 960
cells        200 x 50 + 100 x 10 + 1,000 final                                               = 12,000 (components too)
chemicals    12,000 x 1 + 3,000 final = 15,000, recyclers 600 from 1,200 of scrap; ore        = 14,400
auto chips   200 x 0.2 + 800 x 0.1                                                              = 120
memory       200 x 0.1 + 100 x 1 + 80 final                                                     = 200
mature, leading  100 x 1 + 100 final = 200, 100 x 0.5 + 50 final = 100
ingredients  1,000 x 0.1 = 100, starting materials 100 x 2                                      = 200

Capacity is output / 0.8. Prices are 1.25 x unit cost and capital ten months of sales, so that capital returns
0.2 x 12 x 0.85 / 10 - 0.06 = 14.4 % a year.
"""

import csv
from pathlib import Path

from abm.tables import COLUMNS

HERE = Path(__file__).parent
NOTE = "tiny world of the tests"
REGIONS = {"US": "United States", "CN": "China", "JP": "Japan"}

# good: title, unit, chain, price, lag, output/month, shares of US CN JP
GOODS = {
    "ree_concentrate": ("rare-earth concentrate", "t REO", "rare_earths", 0.01, 0, 960, (25, 75, 0)),
    "ree_oxide": ("separated oxide", "t", "rare_earths", 0.06, 0, 500, (20, 64, 16)),
    "magnet": ("magnets", "t", "rare_earths", 0.06, 1, 1000, (10, 70, 20)),
    "battery_ore": ("battery ore", "t LCE-eq", "batteries", 0.01, 0, 14400, (50, 50, 0)),
    "battery_chemical": ("battery chemicals", "t LCE-eq", "batteries", 0.02, 0, 15000, (20, 60, 20)),
    "cell_component": ("cell components", "MWh-eq", "batteries", 0.05, 0, 12000, (20, 60, 20)),
    "cell": ("cells", "MWh", "batteries", 0.1, 0, 12000, (20, 60, 20)),
    "chip_mature": ("mature chips", "thousand wafers", "chips", 5, 3, 200, (25, 50, 25)),
    "chip_auto": ("auto-grade chips", "thousand wafers", "chips", 5, 3, 120, (25, 25, 50)),
    "chip_leading": ("leading chips", "thousand wafers", "chips", 10, 3, 100, (50, 0, 50)),
    "chip_memory": ("memory chips", "thousand wafers", "chips", 5, 3, 200, (25, 25, 50)),
    "device": ("devices", "million units", "devices", 100, 0, 100, (20, 80, 0)),
    "car_electric": ("electric cars", "thousand cars", "cars", 25, 0, 200, (40, 40, 20)),
    "car_combustion": ("combustion cars", "thousand cars", "cars", 20, 0, 800, (40, 30, 30)),
    "key_starting_material": ("starting materials", "t", "medicines", 0.01, 0, 200, (0, 80, 20)),
    "api": ("drug ingredients", "t", "medicines", 0.05, 1, 100, (20, 60, 20)),
    "medicine": ("medicines", "million doses", "medicines", 0.1, 2, 1000, (40, 40, 20)),
    "scrap_magnet": ("magnet scrap", "t", "rare_earths", 0.005, 0, 80, ()),
    "scrap_cell": ("spent cells", "MWh", "batteries", 0.004, 0, 1200, ()),
}
# price tension, learning, qualification
BEHAVIOUR = {
    "rare_earths": (0.3, 0.05, 2),
    "batteries": (0.1, 0.15, 6),
    "chips": (0.03, 0.15, 12),
    "devices": (0.03, 0.05, 3),
    "cars": (0.02, 0.05, 3),
    "medicines": (0.03, 0.03, 18),
}
# what all goods have in common: field, value, unit
ALIKE = (
    ("life", 20, "yr"),
    ("utilisation", 80, "%"),
    ("stock_cover", 1.5, "month"),
    ("input_cover", 1, "month"),
    ("forgetting", 0.003, "1/month"),
    ("price_cost", 0.06, "1/month"),
    ("freight", 0.02, "share"),
    ("elasticity", 0.3, "share"),
    ("substitution", 2, "share"),
    ("home_bias", 3, "share"),
)
# process: good, kind, inputs with units per unit of output
DEVICE = {"chip_mature": 1, "chip_leading": 0.5, "chip_memory": 1, "cell": 10, "magnet": 1}
ELECTRIC = {"cell": 50, "magnet": 2, "chip_auto": 0.2, "chip_memory": 0.1}
RECIPES: dict[str, tuple[str, str, dict[str, float]]] = {
    "mine_ree": ("ree_concentrate", "Miner", {}),
    "refine_ree": ("ree_oxide", "Refiner", {"ree_concentrate": 2}),
    "make_magnet": ("magnet", "MagnetMaker", {"ree_oxide": 0.5}),
    "mine_battery": ("battery_ore", "Miner", {}),
    "refine_battery": ("battery_chemical", "Refiner", {"battery_ore": 1}),
    "make_component": ("cell_component", "ComponentMaker", {"battery_chemical": 1}),
    "make_cell": ("cell", "CellMaker", {"cell_component": 1}),
    "fab_mature": ("chip_mature", "Fab", {}),
    "fab_auto": ("chip_auto", "Fab", {}),
    "fab_leading": ("chip_leading", "Fab", {}),
    "fab_memory": ("chip_memory", "Fab", {}),
    "assemble_device": ("device", "DeviceMaker", DEVICE),
    "build_car_electric": ("car_electric", "Automaker", ELECTRIC),
    "build_car_combustion": ("car_combustion", "Automaker", {"magnet": 0.5, "chip_auto": 0.1}),
    "make_starting_material": ("key_starting_material", "DrugMaker", {}),
    "make_api": ("api", "DrugMaker", {"key_starting_material": 2}),
    "make_medicine": ("medicine", "DrugMaker", {"api": 0.1}),
    "recycle_magnet": ("ree_oxide", "Recycler", {"scrap_magnet": 4}),
    "recycle_cell": ("battery_chemical", "Recycler", {"scrap_cell": 2}),
    "collect_magnet": ("scrap_magnet", "Recycler", {}),
    "collect_cell": ("scrap_cell", "Recycler", {}),
}
FIRMS = {
    "US": ("Sierra", "Gulf", "Detroit", "Austin", "Cupertino", "Michigan", "Jersey"),
    "CN": ("Gobi", "Canton", "Ningbo", "Fuzhou", "Wuxi", "Shenzhen", "Wuhan", "Hangzhou"),
    "JP": ("Osaka", "Kyoto", "Nagoya", "Aichi"),
}
# process: firm, region, share of the world's capacity of the good in %; 0 is a site where the firm might build.
# What the named firms leave of a region's share is the fringe's.
PLANTS = {
    "mine_ree": (("Sierra", "US", 25), ("Gobi", "CN", 75), ("fringe", "JP", 0)),
    "refine_ree": (("Canton", "CN", 60), ("Gulf", "US", 20), ("Gulf", "JP", 0)),
    "recycle_magnet": (("Osaka", "JP", 4), ("Osaka", "US", 0)),
    "make_magnet": (("Ningbo", "CN", 70), ("Kyoto", "JP", 20), ("Kyoto", "US", 0)),
    "mine_battery": (("Sierra", "US", 50), ("Gobi", "CN", 40), ("fringe", "JP", 0)),
    "refine_battery": (("Canton", "CN", 56), ("Gulf", "US", 20), ("Gulf", "JP", 0)),
    "recycle_cell": (("Osaka", "JP", 2), ("Osaka", "CN", 2), ("Osaka", "US", 0)),
    "make_component": (("Fuzhou", "CN", 60), ("Detroit", "US", 20), ("Fuzhou", "JP", 0)),
    "make_cell": (("Fuzhou", "CN", 60), ("Detroit", "US", 20), ("Fuzhou", "US", 0)),
    "fab_mature": (("Wuxi", "CN", 40), ("Austin", "US", 25), ("Nagoya", "US", 0)),
    "fab_auto": (("Nagoya", "JP", 50), ("Austin", "US", 25), ("Nagoya", "US", 0)),
    "fab_leading": (("Austin", "US", 50), ("Nagoya", "JP", 50), ("Wuxi", "CN", 0)),
    "fab_memory": (("Nagoya", "JP", 50), ("Wuxi", "CN", 25), ("Nagoya", "US", 0)),
    "assemble_device": (("Shenzhen", "CN", 60), ("Cupertino", "US", 20), ("Cupertino", "JP", 0)),
    "build_car_electric": (("Michigan", "US", 40), ("Wuhan", "CN", 40), ("Aichi", "JP", 20), ("Aichi", "US", 0)),
    "build_car_combustion": (("Michigan", "US", 40), ("Wuhan", "CN", 30), ("Aichi", "JP", 30), ("Aichi", "US", 0)),
    "make_starting_material": (("Hangzhou", "CN", 80), ("Jersey", "JP", 10), ("Jersey", "US", 0)),
    "make_api": (("Hangzhou", "CN", 60), ("Jersey", "US", 20), ("Jersey", "JP", 0)),
    "make_medicine": (("Jersey", "US", 40), ("Hangzhou", "CN", 40), ("Jersey", "JP", 0)),
}
# good: final demand/month, growth %/yr, shares of US CN JP
DEMAND = {
    "magnet": (100, 0, (20, 60, 20)),
    "battery_chemical": (3000, 0, (40, 40, 20)),
    "cell": (1000, 12, (40, 40, 20)),
    "chip_mature": (100, 3, (40, 40, 20)),
    "chip_leading": (50, 0, (60, 20, 20)),
    "chip_memory": (80, 6, (40, 40, 20)),
    "device": (100, 0, (40, 40, 20)),
    "medicine": (1000, 3, (40, 40, 20)),
    "car": (1000, 0, (40, 40, 20)),
}
STANCE = {"US": "ally", "CN": "rival", "JP": "ally"}
UNITS = {"%": ("share", 0.01), "yr": ("month", 12), "day": ("month", 12 / 365), "%/yr": ("1/month", 0.01 / 12)}
TRADE = (("ree_oxide", "US", "CN", 80), ("ree_oxide", "JP", "CN", 60), ("chip_auto", "CN", "JP", 50))


class Files:
    """The rows of every file, to be written when all are known."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[object, ...]]] = {}
        self.units: dict[str, tuple[str, float]] = {}

    def figure(self, file: str, *words: object, unit: str) -> None:
        """Add an assumed figure: the words that say of what, the value last."""
        yearly = (unit.removesuffix("yr") + "month", 1 / 12) if unit.endswith("/yr") else (unit, 1)
        self.units[unit] = UNITS.get(unit, yearly)
        self.rows.setdefault(f"{file}.csv", []).append((*words, unit, 2020, "assumed", NOTE))

    def write(self, folder: Path) -> None:
        """Write every file with its header."""
        self.units["event"] = ("event", 1)
        self.rows["units.csv"] = [(unit, base, f"{factor}", "") for unit, (base, factor) in self.units.items()]
        for file, header in COLUMNS.items():
            with (folder / file).open("w", newline="", encoding="utf-8") as target:
                writer = csv.writer(target, lineterminator="\n")
                writer.writerow(header.split())
                writer.writerows(self.rows[file])


def goods(files: Files) -> None:
    """Add goods.csv."""
    for good, (title, unit, chain, price, lag, output, shares) in GOODS.items():
        tension, learning, qualification = BEHAVIOUR[chain]
        made, mine = bool(shares), good in {"ree_concentrate", "battery_ore"}
        for field, value, measure in (
            ("name", title, "text"),
            ("unit", unit, "text"),
            ("chain", chain, "text"),
            ("price", price, f"M USD per {unit}"),
            ("markup", 0.25 if made else 0.1, "share"),
            ("capex", f"{10 * price if made else 0:g}", f"M USD per ({unit}/month)"),
            ("depreciation", 0.005 if made else 0, "1/month"),
            ("hurdle", 12 if mine else 10 if chain == "chips" else 8, "%"),
            ("production_lag", lag, "month"),
            ("qualification", qualification, "month"),
            ("learning", learning, "share"),
            ("price_tension", tension, "1/month"),
            ("project_size", f"{output / 8 if made else 0:g}", f"{unit}/month"),
            ("backlog", 0.9 if good == "medicine" else 0.5, "share"),
            ("thrift", 0.02 if good in {"ree_oxide", "magnet"} else 0, "1/month"),
            ("in_use_life", {"magnet": 120, "cell": 96}.get(good, 0), "month"),
            *ALIKE,
        ):
            files.figure("goods", good, field, "", value, unit=measure)


def recipes(files: Files) -> None:
    """Add recipes.csv; a device can do without magnets."""
    for process, (good, kind, inputs) in RECIPES.items():
        for used, amount in (inputs or {"": 0.0}).items():
            critical = int(used not in {"", "magnet"} or (used == "magnet" and good != "device"))
            files.figure("recipes", process, good, kind, used, critical, "", amount, unit="ratio")


def capacity(files: Files) -> None:
    """Add capacity.csv and plants.csv; China mined 95 % of rare earths in 2015 and all in 2009."""
    earlier = {"2015-01": (5, 95, 0), "2009-01": (0, 100, 0)}
    for good, (_, unit, chain, _, _, output, shares) in GOODS.items():
        basis = "capacity_share" if good == "cell" or chain == "chips" else "output_share"
        for start, split in {"2020-01": shares, **(earlier if good == "ree_concentrate" else {})}.items():
            for region, share in zip(REGIONS, split, strict=bool(shares)):
                files.figure("capacity", good, region, basis, start, share, unit="%")
        files.figure("capacity", good, "WORLD", "world_output", "2020-01", output * 12, unit=f"{unit}/yr")
    for process, sites in PLANTS.items():
        good = RECIPES[process][0]
        unit, output = GOODS[good][1], GOODS[good][5]
        for firm, region, share in sites:
            value = f"{output / 0.8 * share / 100:.6g}"
            files.figure("plants", firm, region, good, process, "2020-01", value, unit=f"{unit}/month")


def demand(files: Files) -> None:
    """Add demand.csv and trade.csv; a fifth of cars are electric everywhere."""
    for good, (volume, growth, shares) in DEMAND.items():
        unit = GOODS["car_electric" if good == "car" else good][1]
        files.figure("demand", good, "WORLD", "final_demand", "", volume * 12, unit=f"{unit}/yr")
        for region, share in zip(REGIONS, shares, strict=True):
            files.figure("demand", good, region, "final_demand_share", "", share, unit="%")
        files.figure("demand", good, "WORLD", "growth", "", growth, unit="%/yr")
    for region in REGIONS:
        files.figure("demand", "car", region, "ev_share", "", 20, unit="%")
        files.figure("demand", "car", region, "ev_policy", "", 0.12, unit="1/yr")
    for good, buyer, supplier, share in TRADE:
        files.figure("trade", good, buyer, supplier, "import_share", "", share, unit="%")


def conditions(files: Files) -> None:
    """Add regions.csv, countries.csv, firms.csv, lead_times.csv and critical_inputs.csv."""
    for region, title in REGIONS.items():
        home = region == "CN"
        files.figure("regions", region, "name", "all", title, unit="text")
        files.figure("regions", region, "opex_factor", "all", 1 if home else 1.2, unit="share")
        files.figure("regions", region, "capex_factor", "all", 1 if home else 1.5, unit="share")
        files.figure("regions", region, "hazard", "all", 0.1 if home else 0, unit="share")
    files.rows["countries.csv"] = [(title, code, code, STANCE[code]) for code, title in REGIONS.items()]
    for hq, firms in FIRMS.items():
        for firm in firms:
            files.figure("firms", firm, hq, 1, unit="named")
    for chain in BEHAVIOUR:
        files.figure("lead_times", chain, "WORLD", "construction", "", 12, unit="month")
    files.figure("lead_times", "chips", "US", "construction", "", 24, unit="month")
    for region, share in zip(REGIONS, (10, 80, 10), strict=True):
        files.figure("critical_inputs", "gallium", "", region, "share", share, unit="%")
    files.figure("critical_inputs", "gallium", "chip_auto", "WORLD", "criticality", 50, unit="%")
    files.figure("critical_inputs", "gallium", "", "WORLD", "stock_days", 60, unit="day")


def past(files: Files) -> None:
    """Add history.csv and events.csv."""
    files.rows["history.csv"] = [
        ("mine_share", "ree_concentrate", "CN", "2009", 100, "%", 1, "fit", "assumed", NOTE),
        ("mine_share", "ree_concentrate", "CN", "2015", 95, "%", 1, "check", "assumed", NOTE),
    ]
    files.rows["events.csv"] = [
        ("2010-07", "2014-12", "CN", "all", "export_quota", "ree_oxide", 40, "%", "assumed", NOTE),
        ("2021-02", "2021-03", "US", "US", "outage", "chips", "", "event", "assumed", NOTE),
    ]


def main(folder: Path = HERE) -> None:
    """Write every file of a folder."""
    files = Files()
    for add in (goods, recipes, capacity, demand, conditions, past):
        add(files)
    files.write(folder)
    source = '[example]\ntitle = "An example of a source"\naddress = "https://example.org"\ndate = "2020"\n'
    (folder / "sources.toml").write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
