"""A server of one's own and a real browser without the internet, for tests that look at pages as people do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from experiments.app.page import PAGES

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
NO_BROWSER = "no Chromium on this computer: install the package chromium, as .ci/run does"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATHS = [leaf.path for leaf in PAGES]
LEVER = "chips_act.amount_musd"
WIDE = (1440, 900)
# Milliseconds that a busy computer may take for an answer.
PATIENCE = 60_000
# The answer on view answers what is asked, and nothing of it is under way.
_SETTLED = """runs => {
    const story = document.querySelector('.fs-story');
    const mark = story && story.querySelector('.fs-mark');
    return mark && mark.innerText.startsWith(runs) && !story.classList.contains('fs-old');
}"""
ONE, MANY = "One run", "64 runs"


@dataclass(frozen=True)
class Server:
    """A server of the app that runs for some tests."""

    process: subprocess.Popen[str]
    port: int

    @property
    def link(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """Return the process numbers of its workers."""
        return [pid for pid in _children(self.process.pid) if b"spawn_main" in _said(pid, "cmdline")]


def _said(pid: int, what: str) -> bytes:
    """Return what the system says of a process; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def _children(parent: int) -> list[int]:
    """Return the processes that another one has started."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [pid for pid in pids if f"\nPPid:\t{parent}\n".encode() in _said(pid, "status")]


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    """Run the command that people start the app with, at a port that is free."""
    command = [sys.executable, "-m", "experiments.cli", "app", "--no-browser", "--port", "0", *options]
    told = os.environ | {"SOLARA_CHECK_HOOKS": "raise"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=told) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://127.0.0.1:" in line, line
            yield Server(process, int(line.split("http://127.0.0.1:")[1].split(".")[0]))
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run a browser that reaches this computer alone; skip where there is none."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield browser
        browser.close()


@dataclass
class Tab:
    """A page in a browser of its own.

    wrong    errors of the page and its requests that failed
    outside  what it asked of anyone but its server
    """

    page: Page
    link: str
    wrong: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note from now on what goes wrong."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        self.page.on("response", lambda reply: self._hear(reply.status, reply.url))
        self.page.on("request", lambda request: self._see(request.url))

    def _hear(self, status: int, url: str) -> None:
        if status >= 400:
            self.wrong.append(f"{status}: {url}")

    def _see(self, url: str) -> None:
        if not url.startswith((self.link, "data:", "blob:")):
            self.outside.append(url)

    def open(self, query: str = "", answered: str = "") -> "Tab":
        """Open a link.

        answered  ONE or MANY runs to wait for
        """
        self.page.goto(f"{self.link}/?{query}" if query else self.link)
        self.page.wait_for_selector("h1")
        if answered:
            self.settle(answered)
        return self

    def settle(self, runs: str = ONE) -> None:
        """Wait until what is asked is answered, by one run or by many."""
        self.page.wait_for_function(_SETTLED, arg="" if runs == ONE else runs)

    @property
    def sentence(self) -> str:
        """What came out, in words."""
        return self.page.inner_text(".fs-answer")

    @property
    def asked(self) -> dict[str, list[str]]:
        """What the address says."""
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def lever(self) -> Locator:
        """The slider of the money of the CHIPS Act."""
        return self.page.locator(f"#lever-{LEVER.replace('.', '-')}")

    @property
    def amount(self) -> float:
        """Where the slider stands."""
        return float(self.lever.input_value())

    def drawn(self, chart: str) -> str:
        """Return the picture of a chart as it is drawn now."""
        return str(self.page.evaluate(f"document.querySelector('#chart-{chart} canvas').toDataURL()"))

    def slide(self, steps: int) -> None:
        """Move the slider by keyboard so many steps from its lower end, and wait until the page has followed."""
        self.lever.focus()
        self.lever.press("Home")
        for _ in range(steps):
            self.lever.press("ArrowRight")
        wanted = f"{LEVER}={self.amount:.0f}"
        self.page.wait_for_function("wanted => decodeURIComponent(location.search).endsWith(wanted)", arg=wanted)
        self.settle()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()


@contextmanager
def served(browser: Browser, workers: int) -> Iterator[Server]:
    """Run a server, and wait until its workers are warm and everybody's first page is known."""
    with serving("--workers", str(workers)) as made:
        with visiting(browser, made) as tab:
            tab.page.set_default_timeout(3 * PATIENCE)
            tab.open(answered=MANY)
        yield made


@contextmanager
def visiting(
    browser: Browser, server: Server, size: Sequence[int] = WIDE, *, dark: bool = False, calm: bool = True
) -> Iterator[Tab]:
    """Open a browser that shares nothing with others; nothing may go wrong in it, and it asks nobody else.

    size  of the window in pixels;  calm  whether nothing moves by itself
    """
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if calm else "no-preference",
    )
    tab = Tab(context.new_page(), server.link)
    tab.listen()
    try:
        yield tab
    finally:
        context.close()
    assert tab.wrong == []
    assert tab.outside == []
