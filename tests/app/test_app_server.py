"""The server of the pages: who may ask it, how much, and what replies allow."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from abm.errors import InputError
from experiments.app.launcher import Address, launch, listening

ROOT = Path(__file__).resolve().parents[2]
UNDER = "/class"


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    port: int

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(
        self, path: str = "/", said: Mapping[str, str] | None = None, method: str = "GET", body: bytes | None = None
    ) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request(method, path, body, dict(said or {}))
        reply = line.getresponse()
        found = reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read().decode()
        line.close()
        return found

    def post(self, origin: str | None, body: bytes | None = None) -> int:
        return self.ask("/_solara/api/close/x?session_id=y", {"Origin": origin} if origin else {}, "POST", body)[0]

    def knock(self, origin: str | None) -> int:
        """Return the status with which the server answers the wish for a websocket."""
        said = {"Host": self.host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        said |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} | ({"Origin": origin} if origin else {})
        lines = [f"GET /jupyter/api/kernels/{'k' * 32}/channels?session_id=y HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in said.items()]
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            return int(line.recv(100).split()[1])

    @property
    def own(self) -> str:
        return f"http://{self.host}"


def serve(*options: str) -> Server:
    # A shell that puts the tests into the background lets Ctrl-C be ignored, which children inherit.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    heed += "from experiments.cli import main; main()"
    command = [sys.executable, "-c", heed, "app", "--no-browser", "--port", "0", *options]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SOLARA_CHECK_HOOKS": "raise"},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if "http://127.0.0.1:" not in line:
        process.kill()
        pytest.fail(f"{line}\n{process.communicate()}")
    return Server(process, int(line.split("http://127.0.0.1:")[1].split(".")[0]))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = serve("--workers", "1")
    yield made
    made.process.kill()
    made.process.communicate()


def test_a_page_comes_with_strict_rules_in_english_and_can_be_enlarged(server: Server) -> None:
    status, headers, page = server.ask()
    assert status == 200
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe-inline" not in policy["script-src"]
    assert "http:" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "httponly" in headers["set-cookie"].lower()
    assert '<html lang="en">' in page
    assert "user-scalable" not in page
    assert "mixpanel" not in page
    once = policy["script-src"].split("nonce-")[1].partition("'")[0]
    assert page.count("<script") == page.count(f'<script nonce="{once}"')


def test_the_word_that_marks_scripts_is_never_the_same(server: Server) -> None:
    assert len({server.ask()[1]["content-security-policy"] for _ in range(3)}) == 3


def test_another_sites_name_for_this_computer_is_refused(server: Server) -> None:
    assert server.ask(said={"Host": "evil.example"})[0] == 403
    assert server.ask(said={"Host": f"evil.example:{server.port}"})[0] == 403
    assert server.ask(said={"Host": f"localhost:{server.port}"})[0] == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "http://127.0.0.1"])
def test_a_foreign_page_can_neither_post_nor_open_a_websocket(server: Server, origin: str | None) -> None:
    assert server.post(origin) == 403
    assert server.knock(origin) == 403


def test_our_own_page_can_do_both(server: Server) -> None:
    assert server.post(server.own) == 200
    assert server.knock(server.own) == 101


def test_what_is_too_large_is_refused(server: Server) -> None:
    assert server.post(server.own, b"x" * 200_000) == 413
    assert server.post(server.own, b"x" * 2_000) == 200


def test_what_is_not_here_is_not_fetched_from_elsewhere(server: Server) -> None:
    assert server.ask("/_solara/cdn/vue@2.7.0/dist/vue.js")[0] == 404
    assert server.ask("/_solara/cdn/../../../pyproject.toml")[0] == 404
    assert server.ask("/resourcez")[2].count("threads") == 0


def test_ctrl_c_ends_it_quietly_and_under_a_path_it_works_too() -> None:
    made = serve("--workers", "1", "--root-path", UNDER, "--allow-remote")
    try:
        _under(made)
        made.process.send_signal(signal.SIGINT)
        out, err = made.process.communicate(timeout=30)
    finally:
        made.process.kill()
    assert (made.process.returncode, out, err) == (0, "", "")


def _under(made: Server) -> None:
    # A proxy takes the path off before it asks.
    status, _, page = made.ask("/", {"Host": "school.example"})
    assert status == 200
    assert f'"{UNDER}/static/assets/favicon.svg"' in page
    assert made.ask("/static/assets/favicon.svg")[0] == 200
    made.process.send_signal(signal.SIGINT)
    out, err = made.process.communicate(timeout=30)
    assert (made.process.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_named() -> None:
    with listening(Address(port=0)) as ear:
        taken = ear.getsockname()[1]
        with pytest.raises(InputError, match=rf"--port {taken}: is in use already\. Try --port"):
            listening(Address(port=taken))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_others_are_let_in_only_if_that_is_said(host: str) -> None:
    with pytest.raises(InputError, match="--allow-remote"):
        launch(Address(host), browser=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_this_computer_is_known_by_all_its_names(host: str) -> None:
    assert Address(host).local
    assert not Address("example.org").local
