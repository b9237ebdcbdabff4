"""The versions that results depend on."""

import sys
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

PACKAGES = ("friendshore", "mesa", "numpy", "polars", "pydantic", "scipy")


def version(name: str) -> str:
    """Return the version of a package."""
    try:
        return installed(name)
    except PackageNotFoundError:
        return "not installed"


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on."""
    return {"python": ".".join(map(str, sys.version_info[:3]))} | {name: version(name) for name in PACKAGES}
