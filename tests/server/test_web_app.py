from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.server.conftest import Served
from tidemill.server.web_app import page_policy

Serve = Callable[..., Served]


@pytest.mark.parametrize("path", ["/", "/runs/abc", "/model.shop.orders", "/index.html"])
def test_every_address_of_the_app_is_its_page(shared: Served, path: str) -> None:
    reply = shared.get(path)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    assert "__CSP_NONCE__" not in reply.text


def test_each_page_has_a_nonce_of_its_own(shared: Served) -> None:
    nonces = set()
    for _ in range(2):
        reply = shared.get("/")
        (nonce,) = re.findall(r"nonce=(\S+)", reply.text)
        assert f"script-src 'self' 'nonce-{nonce}'" in reply.headers["content-security-policy"]
        nonces.add(nonce)
    assert len(nonces) == 2


def test_built_files_are_kept_for_ever(shared: Served) -> None:
    reply = shared.get("/assets/a.js")
    assert (reply.status_code, reply.text) == (200, "1")
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["content-type"].startswith("text/javascript")


def test_an_asset_of_an_older_build_is_missing_and_not_the_page(shared: Served) -> None:
    assert shared.get("/assets/old.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/%00"]
)
def test_nothing_outside_the_folder_is_served(shared: Served, path: str) -> None:
    (shared.store.path.parents[1] / "secret").write_text("outside")
    with httpx.Client() as client:
        request = client.build_request("GET", shared.url)
        request.url = request.url.copy_with(raw_path=path.encode())
        reply = client.send(request)
    assert "outside" not in reply.text


def test_without_the_built_app_it_says_how_to_build_it(serve: Serve, tmp_path: Path) -> None:
    served = serve()
    (tmp_path / "web" / "index.html").unlink()
    reply = served.get("/")
    assert reply.status_code == 503
    assert "is not built" in reply.text


def test_a_host_that_could_end_the_policy_is_left_out_of_it() -> None:
    assert "ws://shop.example:80 " in page_policy("n", "shop.example:80")
    for host in ("a; script-src *", "a b", "", "a,b", "ä"):
        assert "connect-src 'self';" in page_policy("n", host)
