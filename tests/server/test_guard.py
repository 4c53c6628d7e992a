from __future__ import annotations

from collections.abc import Callable

import httpx2 as httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.server.conftest import TOKEN, Served


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:99", "[::1]:8580", "LOCALHOST:1"])
def test_a_loopback_name_is_answered(shared: Served, host: str) -> None:
    assert shared.get("/api/project", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "10.0.0.1"])
def test_another_name_is_not(shared: Served, host: str) -> None:
    """A page may point a name of its own at this machine (DNS rebinding)."""
    reply = shared.get("/api/project", headers={"host": host})
    assert (reply.status_code, reply.json()["fault"]["code"]) == (403, "wrong-host")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_changes_nothing(shared: Served, headers: dict[str, str]) -> None:
    for path in ("/api/runs", "/api/reload", "/api/runs/x/cancel"):
        reply = shared.post(path, headers=headers, json={"command": "run"})
        assert (reply.status_code, reply.json()["fault"]["code"]) == (403, "wrong-origin")
    assert shared.get("/api/runs").json() == {"runs": []}


def test_the_app_itself_may(serve: Callable[..., Served]) -> None:
    served = serve()
    headers = {"origin": served.url, "sec-fetch-site": "same-origin"}
    assert served.post("/api/reload", headers=headers).status_code == 200
    assert served.post("/api/reload").status_code == 200


def test_another_site_gets_no_stream(shared: Served) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://{shared.host}/api/stream", origin="http://evil.example", proxy=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", "/api/project", "/api/runs", "/nonsense", "/assets/a.js"])
def test_every_reply_tells_browsers_to_be_strict(shared: Served, path: str) -> None:
    headers = shared.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


# ------------------------------------------------------------------ with a token


@pytest.mark.parametrize("path", ["/", "/api/project", "/assets/a.js", "/api/graph?token=wrong"])
def test_without_the_token_there_is_nothing(guarded: Served, path: str) -> None:
    reply = guarded.get(path)
    assert (reply.status_code, reply.json()["fault"]["code"]) == (401, "token-missing")
    assert TOKEN not in reply.text


@pytest.mark.parametrize("given", [f"Bearer {TOKEN}", f"bearer  {TOKEN}"])
def test_the_token_as_a_header(guarded: Served, given: str) -> None:
    headers = {"authorization": given, "host": "any.name"}
    assert guarded.get("/api/project", headers=headers).status_code == 200


@pytest.mark.parametrize("given", ["Bearer wrong", f"Basic {TOKEN}", "Bearer", "Bearer ü"])
def test_a_wrong_header(guarded: Served, given: str) -> None:
    headers = {"authorization": given.encode()}
    assert guarded.get("/api/project", headers=headers).status_code == 401


def test_the_token_in_the_address_becomes_a_cookie(guarded: Served) -> None:

    reply = guarded.get("/models/x", params={"token": TOKEN, "tab": "rows"})
    assert reply.status_code == 303
    assert reply.headers["location"] == "/models/x?tab=rows"
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    # The client now has the cookie.
    assert guarded.get("/api/project").status_code == 200
    again = guarded.get("/", params={"token": TOKEN})
    assert (again.status_code, again.headers["location"]) == (303, "/")


def test_the_token_in_the_address_is_of_no_use_for_the_api(guarded: Served) -> None:
    assert guarded.get("/api/project", params={"token": TOKEN}).status_code == 401
    assert guarded.post("/", params={"token": TOKEN}).status_code == 401


def test_a_path_cannot_lead_to_another_server(guarded: Served) -> None:
    with httpx.Client() as client:
        reply = client.get(httpx.URL(f"{guarded.url}//evil.example/x?token={TOKEN}"))
    assert reply.headers["location"] == "/evil.example/x"


def test_a_stream_needs_the_token(guarded: Served) -> None:
    address = f"ws://{guarded.host}/api/stream"
    with pytest.raises(InvalidStatus, match="403"):
        connect(address, proxy=None)
    headers = {"authorization": f"Bearer {TOKEN}"}
    with connect(address, additional_headers=headers, proxy=None) as stream:
        assert "ready" in stream.recv(timeout=10)  # type: ignore[operator]


def test_with_the_cookie_another_site_still_changes_nothing(guarded: Served) -> None:
    guarded.get("/", params={"token": TOKEN})
    reply = guarded.post("/api/reload", headers={"origin": "http://evil.example"})
    assert reply.status_code == 403
