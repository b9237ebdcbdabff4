"""Remake the three pictures of the app in the README: run by hand with Debian's Chromium on a quiet computer."""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".ci/pictures"
sys.path[:0] = [str(ROOT), str(ROOT / "tests/app")]
# File, link, width, height, dark.
PICTURES = (
    ("explore.png", "", 1280, 800, False),
    ("timeline.png", "page=timeline", 1280, 800, True),
    ("phone.png", "scenario=lynas_texas&chain=magnet", 390, 800, False),
)
# So many colours tell charts from text and keep a picture small.
COLOURS = 96
LARGEST = 200_000


def main() -> None:
    """Start a server, open each link in a browser, and keep what it shows."""
    from browsing import MANY, browsing, served, visiting  # noqa: PLC0415 - its folder is on the path only now

    FOLDER.mkdir(exist_ok=True)
    with browsing() as browser, served(browser, 2) as server:
        for name, query, width, height, dark in PICTURES:
            with visiting(browser, server, (width, height), dark=dark) as tab:
                tab.open(query, answered=MANY)
                tab.page.wait_for_load_state("networkidle")
                tab.page.wait_for_timeout(2_000)
                tab.page.screenshot(path=FOLDER / name)
            with Image.open(FOLDER / name) as picture:
                small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(FOLDER / name, optimize=True)
            size = (FOLDER / name).stat().st_size
            if size > LARGEST:
                sys.exit(f"{name} has {size:,} bytes, more than {LARGEST:,}.")


if __name__ == "__main__":
    main()
