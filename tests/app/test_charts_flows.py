"""Who buys from whom, as a river and on the map."""

import json

import pytest
from charting import YEAR, Played, played_once

from experiments.app.charts.atlas import atlas
from experiments.app.charts.flows import PLACES, purchases, sankey, shapes, stages


@pytest.fixture(scope="module")
def played() -> Played:
    return played_once()


def test_purchases_are_shares_of_what_the_world_buys(played: Played) -> None:
    found = purchases(played.trade, "chips_act", YEAR, ["chip_leading"])
    assert found["share"].sum() == pytest.approx(100.0)
    assert set(found["buyer"]) | set(found["supplier"]) <= set(PLACES) == set(played.case.world.regions)


def test_stages_follow_the_recipes_and_every_flow_goes_to_the_next_stage(played: Played) -> None:
    assert stages(played.case.world, "rare_earths") == [("ree_concentrate",), ("ree_oxide",), ("magnet",)]
    chart = sankey(played.case, played.trade, "rare_earths", YEAR)
    (river,) = chart.option["series"]
    named = {node["name"] for node in river["data"]}
    for link in river["links"]:
        assert {link["source"], link["target"]} <= named
        assert int(link["target"].split("|")[0]) == int(link["source"].split("|")[0]) + 1


def test_the_map_colours_a_region_by_what_it_buys_abroad(played: Played) -> None:
    chart = atlas(played.case, played.trade, "chip_leading", YEAR)
    areas = {each["name"]: each["value"] for each in chart.option["series"][0]["data"]}
    found = purchases(played.trade, "chips_act", YEAR, ["chip_leading"]).filter(buyer="US")
    home, bought = (float(part["share"].sum()) for part in (found.filter(supplier="US"), found))
    assert areas["US"] == pytest.approx(100.0 * (1.0 - home / bought), rel=1e-2)
    assert areas["TW"] < areas["EU"]


def test_the_shapes_are_those_of_the_regions_small_whole_and_in_one_piece(played: Played) -> None:
    shown = shapes()
    assert "Natural Earth" in shown["source"]
    assert len(json.dumps(shown, separators=(",", ":"))) <= 165_000
    found = {each["properties"]["name"]: each["geometry"]["coordinates"] for each in shown["features"]}
    assert set(found) == set(played.case.world.regions)
    points = {name: [point for part in parts for ring in part for point in ring] for name, parts in found.items()}
    assert max(x for x, _ in points["US"]) < 0.0, "the Aleutians lie on the side of the rest"
    assert max(x for x, _ in points["ROW"]) > 185.0, "so does the east of Russia"
    assert min(y for parts in points.values() for _, y in parts) > -60.0, "Antarctica is no region"
    assert any(103.5 < x < 104.1 and 1.1 < y < 1.5 for x, y in points["SEA"]), "Singapore"
    assert all(119.0 < x < 122.5 for x, _ in points["TW"])
