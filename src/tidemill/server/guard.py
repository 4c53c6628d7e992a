"""Who may ask, and what browsers may do with the answer. ASGI middleware around the whole app.

Without a token the server listens on loopback and answers only to loopback names, so that a page
elsewhere cannot reach it by rebinding its own name. With a token everything asks for it.
Requests that change something, and WebSockets, must come from the app's own origin.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tidemill.errors import Fault
from tidemill.server.values import FaultReply

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

API_POLICY = "default-src 'none'; frame-ancestors 'none'"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

SECURITY_HEADERS = {
    "content-security-policy": API_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_POLICY_VIOLATION = 1008


class Guard:
    """Lets a request through, or answers it with a fault.

    ``hosts`` are names besides the loopback ones that the server may be called by without a token.
    """

    def __init__(self, app: ASGIApp, *, token: str | None, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._token = token
        self._hosts = LOOPBACK_NAMES | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(HTTPConnection(scope))
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        answer = self._app if refusal is None else refusal
        await answer(scope, receive, _with_security_headers(send))

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        if self._token is None:
            if _host_name(connection.headers.get("host", "")) not in self._hosts:
                return _refuse(403, "wrong-host", "This server answers to its own name only")
        elif not self._has_token(connection):
            return self._welcome(connection) or _refuse(
                401,
                "token-missing",
                "This server asks for a token",
                "open the address that `tidemill serve` printed, which ends with ?token=...",
            )
        if _changes_something(connection) and not _same_origin(connection.headers):
            return _refuse(403, "wrong-origin", "This request comes from another site")
        return self._forget_token_in_address(connection)

    def _has_token(self, connection: HTTPConnection) -> bool:
        assert self._token is not None
        scheme, _, given = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _equal(given.strip(), self._token):
            return True
        cookie = connection.cookies.get(_cookie_name(connection), "")
        return _equal(cookie, _cookie_value(self._token))

    def _welcome(self, connection: HTTPConnection) -> Response | None:
        """Exchange the token in the address for a cookie, and lead to the address without it."""
        assert self._token is not None
        if not _is_page(connection):
            return None
        if not _equal(connection.query_params.get("token", ""), self._token):
            return None
        response = _without_token(connection)
        response.set_cookie(
            _cookie_name(connection),
            _cookie_value(self._token),
            httponly=True,
            samesite="strict",
            secure=connection.url.scheme == "https",
        )
        return response

    def _forget_token_in_address(self, connection: HTTPConnection) -> Response | None:
        if _is_page(connection) and "token" in connection.query_params:
            return _without_token(connection)
        return None


def _is_page(connection: HTTPConnection) -> bool:
    """Whether this asks for a page of the app, as a browser's address line does."""
    scope = connection.scope
    return scope.get("method") == "GET" and not scope["path"].startswith("/api/")


def _changes_something(connection: HTTPConnection) -> bool:
    scope = connection.scope
    return scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS


def _same_origin(headers: Headers) -> bool:
    """False if a browser says that another site asks. Programs that are no browsers say nothing."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _host_name(host: str) -> str:
    """The name in a Host header, without the port: ``[::1]:80`` gives ``::1``."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _without_token(connection: HTTPConnection) -> Response:
    kept = [(k, v) for k, v in connection.query_params.multi_items() if k != "token"]
    # Never to another server: a path that begins with two slashes would be read as a name.
    path = "/" + connection.scope["path"].lstrip("/\\")
    return RedirectResponse(f"{path}?{urlencode(kept)}" if kept else path, status_code=303)


def _cookie_name(connection: HTTPConnection) -> str:
    # Cookies of one host are shared by all its ports, so each server has a name of its own.
    port = urlsplit(f"//{connection.headers.get('host', '')}").port
    return f"tidemill-{port or 'web'}"


def _cookie_value(token: str) -> str:
    return hashlib.sha256(b"tidemill cookie " + token.encode()).hexdigest()


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _refuse(status: int, code: str, message: str, hint: str | None = None) -> Response:
    fault = Fault(code=code, label="Request Error", message=message, hint=hint)
    body = msgspec.json.encode(FaultReply(fault=fault))
    return Response(body, status, media_type="application/json")


def _with_security_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
