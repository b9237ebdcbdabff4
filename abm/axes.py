"""The axes of every array, in one fixed order, and the named shapes.

Axis order is always row | slot | link | cell | good | region | pot first and run last, C order, float64.
One run is a batch of one: every array that changes has the axis ``run``.

row    one plant: (process, owner, site region); the books' unit of account
slot   one buyer's need for one input: (plant, input good), or (region, good) for final demand
link   one (slot, supplier row) pair of the same good
cell   one corridor: (good, buyer region, supplier region), flattened in that order
opening  one plant and a month in which what it builds may open, as in ``Pipeline``
pair   one government towards another: (region, other region), flattened in that order
"""

from typing import Annotated, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Words: TypeAlias = npt.NDArray[np.uint64]

RowRun: TypeAlias = Annotated[Floats, "row", "run"]
SlotRun: TypeAlias = Annotated[Floats, "slot", "run"]
LinkRun: TypeAlias = Annotated[Floats, "link", "run"]
CellRun: TypeAlias = Annotated[Floats, "cell", "run"]
OwnerRun: TypeAlias = Annotated[Floats, "owner", "run"]
DivisionRun: TypeAlias = Annotated[Floats, "division", "run"]
RegionRun: TypeAlias = Annotated[Floats, "region", "run"]
GoodRegionRun: TypeAlias = Annotated[Floats, "good", "region", "run"]
PairRun: TypeAlias = Annotated[Floats, "pair", "run"]
PotRun: TypeAlias = Annotated[Floats, "pot", "run"]
Run: TypeAlias = Annotated[Floats, "run"]

PerRow: TypeAlias = Annotated[Floats, "row"]
PerGood: TypeAlias = Annotated[Floats, "good"]
PerRegion: TypeAlias = Annotated[Floats, "region"]
GoodRegion: TypeAlias = Annotated[Floats, "good", "region"]
GoodBuyerSupplier: TypeAlias = Annotated[Floats, "good", "buyer", "supplier"]

RowIndex: TypeAlias = Annotated[Ints, "row"]
LinkIndex: TypeAlias = Annotated[Ints, "link"]
SlotIndex: TypeAlias = Annotated[Ints, "slot"]
