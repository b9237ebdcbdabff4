"""What stands between the network and the pages: who may ask, how much, and what a browser may do with the answer."""

import re
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing is ever uploaded but over the websocket, whose messages have a limit of their own.
LARGEST_BODY = 100_000
SAFE = ("GET", "HEAD")
_HTML = re.compile(rb"<html(?=\s|>)")
_SCRIPT = re.compile(rb"<script(?=\s|>)")
_VIEWPORT = re.compile(rb'<meta name="viewport"[^>]*>')
# The stock page forbids to enlarge it with two fingers.
_ZOOM = b'<meta name="viewport" content="width=device-width, initial-scale=1">'


class Guard:
    """Lets through what comes from our own pages.

    hosts  names this server is known by, with port; whatever the request names if there are none
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        """Stand before an app."""
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        if refused and scope["type"] == "websocket":
            # Closed before it was accepted: the browser gets 403.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif refused:
            await _say(send, *refused)
        elif scope["type"] == "http" and scope["method"] not in SAFE:
            await self._app(scope, _bounded(receive), send)
        else:
            await self._app(scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return status and reason if a request is refused."""
        host = headers.get("host", "")
        if self._hosts and host not in self._hosts:
            # Another site's name that leads to this computer would make its pages ours.
            return 403, "Unknown host."
        asked = scope["type"] == "websocket" or scope["method"] not in SAFE
        if asked and urlsplit(headers.get("origin", "")).netloc != host:
            return 403, "Foreign origin."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return 413, "Too large."
        return None


def _bounded(receive: Receive) -> Receive:
    """Return what receives no more of a body than is allowed, whatever its header says."""
    taken = 0

    async def bounded() -> Message:
        """Receive the next piece; end the request if it is too much."""
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST_BODY else {"type": "http.disconnect"}

    return bounded


async def _say(send: Send, status: int, what: str) -> None:
    """Reply with a short text."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": what.encode()})


class Dresser:
    """Adds to every reply what a browser may do with it, and to every page its language and the freedom to zoom."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an app that replies in plain."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and dress the reply."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        once = secrets.token_urlsafe(16)
        start: Message = {}
        body = bytearray()

        async def dressed(message: Message) -> None:
            """Hold a page back until it is whole; let everything else go with its headers."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_rules(once, Headers(scope=scope).get("host", "")))
                if headers.get("content-type", "").startswith("text/html"):
                    start.update(message)
                    return
            elif start and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                page = _page(bytes(body), once)
                MutableHeaders(scope=start)["content-length"] = str(len(page))
                await send(start)
                message = {"type": "http.response.body", "body": page}
            await send(message)

        await self._app(scope, receive, dressed)


def _page(page: bytes, once: str) -> bytes:
    """Return a page in English that can be enlarged, its scripts marked as ours."""
    page = _HTML.sub(b'<html lang="en"', page, count=1)
    page = _VIEWPORT.sub(_ZOOM, page, count=1)
    return _SCRIPT.sub(f'<script nonce="{once}"'.encode(), page)


def _rules(once: str, host: str) -> dict[str, str]:
    """Return the headers that say what a browser may do.

    once  the word that marks the scripts of this one page;  host  the server's name, as it was asked for
    """
    name = host if re.fullmatch(r"[\w.:\[\]-]+", host) else ""
    policy = {
        "default-src": "'none'",
        # Vue compiles its templates in the browser, which counts as eval. Scripts in the page itself carry the word.
        "script-src": f"'self' 'nonce-{once}' 'unsafe-eval'",
        # Vuetify and the widgets write their styles, and the sizes of charts, into the page.
        "style-src": "'self' 'unsafe-inline'",
        # Icons in style sheets are data; a chart saved as a picture is a blob.
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        # 'self' leaves the websocket out in older browsers.
        "connect-src": f"'self' ws://{name} wss://{name}" if name else "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{what} {who}" for what, who in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
