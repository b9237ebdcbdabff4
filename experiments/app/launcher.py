"""Start the server of the pages: on this computer alone unless told otherwise, with nothing asked of anyone else."""

import errno
import ipaddress
import os
import socket
import threading
import warnings
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from abm.errors import InputError
from experiments.app.lighter import lighten
from experiments.app.tidying import tidy_in_lulls
from experiments.heaps import share_heaps

if TYPE_CHECKING:
    from starlette.applications import Starlette

PAGE = "experiments.app.page"
# Read by Solara when it is first imported.
SETTINGS = {
    "SOLARA_APP": PAGE,
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2h",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "friendshore",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_KERNEL_MAX_PER_SESSION": "20",
}
# A scenario that is uploaded is the largest thing a browser has to send.
LARGEST_MESSAGE = 1_000_000
LARGEST_HEADERS = 65_536
# Seconds that open pages have to say goodbye.
GOODBYE = 1
WARNING = (
    "Anyone who can reach {host} can use this app and keep this computer busy; "
    "what is sent is not encrypted. Only do this in a network you trust."
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the app is to be reached.

    port          0 for any that is free
    allow_remote  whether others than this computer may ask, or a proxy in their name
    root_path     path under which a proxy offers it, such as /friendshore
    """

    host: str = "127.0.0.1"
    port: int = 8765
    allow_remote: bool = False
    root_path: str = ""

    @property
    def local(self) -> bool:
        """Whether only this computer can reach it."""
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"

    def hosts(self, port: int) -> tuple[str, ...]:
        """Return the names a browser on this computer may know it by; none where others may ask.

        port  that is listened at
        """
        if self.allow_remote:
            return ()
        names = ("127.0.0.1", "localhost", "[::1]", self.host)
        return tuple(f"{name}:{port}" for name in names) + (names if port == 80 else ())


def launch(address: Address, workers: int = 0, *, browser: bool = True, say: Callable[[str], object] = print) -> None:
    """Serve the pages until Ctrl-C.

    workers  processes that play, 0 for as many as the computer can do with
    browser  whether to open one
    say      told what a person should read
    """
    if not address.local:
        warning = WARNING.format(host=address.host)
        if not address.allow_remote:
            raise InputError(f"--host {address.host}", warning, "If that is what you want, add --allow-remote.")
        say(f"Warning: {warning}")
    share_heaps()
    with listening(address) as ear:
        port = ear.getsockname()[1]
        _serve(address, ear, workers, lambda: _greet(f"http://{_named(address.host)}:{port}", say, browser=browser))


def listening(address: Address) -> socket.socket:
    """Return a socket that listens at an address; one that is taken is refused."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    ear = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind((address.host, address.port))
        ear.listen()
    except OSError as error:
        ear.close()
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                f"--port {address.port}", "is in use already.", f"Try --port {address.port % 65_535 + 1}."
            ) from None
        raise InputError(f"--host {address.host}", f"cannot be listened at: {error.strerror or error}.") from None
    return ear


def _serve(address: Address, ear: socket.socket, workers: int, greet: Callable[[], None]) -> None:
    """Serve at a socket until Ctrl-C, then end the workers."""
    from experiments.app.pool import start, stop

    try:
        app = application(address, ear.getsockname()[1])
        import uvicorn

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            root_path=address.root_path,
            ws_max_size=LARGEST_MESSAGE,
            # A room's network is quicker than packing for forty.
            ws_per_message_deflate=False,
            h11_max_incomplete_event_size=LARGEST_HEADERS,
            timeout_graceful_shutdown=GOODBYE,
        )
        start(workers, _usual())
        tidy_in_lulls()
        threading.Thread(target=greet, name="greeting", daemon=True).start()
        uvicorn.Server(config).run(sockets=[ear])
    except KeyboardInterrupt:
        return
    finally:
        stop()


def _usual() -> tuple[Any, ...]:
    """Return the questions that everybody's first page asks."""
    from experiments.app.state import START

    return (START.question(), START.question(64))


def application(address: Address, port: int) -> "Starlette":
    """Return Solara's server with our guard before it.

    port  that is listened at
    """
    _prepare(address)
    from solara.server import settings, starlette
    from solara.server.cdn_helper import cdn_url_path
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    from experiments import published
    from experiments.app.guard import Dresser, Guard

    _mend()

    class Assets(starlette.StaticCdn):
        """Solara's front end from the disk; what is not there is not fetched from the internet for anyone."""

        lookup_path = StaticFiles.lookup_path

    unwanted = {f"/{cdn_url_path}", "/resourcez"}
    routes = [each for each in starlette.routes if getattr(each, "path", "") not in unwanted]
    disk: dict[str, Any] = {
        cdn_url_path: Assets(directory=settings.assets.proxy_cache_dir),
        published.PLACE: published.files(),
    }
    return Starlette(
        routes=[*(Mount(f"/{path}", app=each) for path, each in disk.items()), *routes],
        lifespan=starlette.lifespan,
        middleware=[
            Middleware(Guard, hosts=address.hosts(port)),
            Middleware(starlette.SolaraGZipMiddleware, minimum_size=1000),
            Middleware(Dresser),
        ],
    )


def _prepare(address: Address) -> None:
    """Tell Solara what it reads when it is first imported."""
    os.environ.update({name: os.environ.get(name, value) for name, value in SETTINGS.items()})
    if address.root_path:
        os.environ["SOLARA_ROOT_PATH"] = address.root_path
    # It warns of cookies across sites, which nobody here wants to set.
    warnings.filterwarnings("ignore", module=r"solara\.")


def _mend() -> None:
    """Change what Solara does where it is unsafe or slow."""
    from experiments.app.heed import heed_events_alone

    heed_events_alone()
    lighten()


def _named(host: str) -> str:
    """Return a host as it stands in a link."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
    return f"[{name}]" if ":" in name else name


def _greet(link: str, say: Callable[[str], object], *, browser: bool) -> None:
    """Say where the app is, and open it."""
    say(f"The app is at {link}. Ctrl-C ends it.")
    if browser:
        webbrowser.open(link)
