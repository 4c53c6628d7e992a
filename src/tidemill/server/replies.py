"""Values and errors into HTTP replies: JSON by msgspec, gzip when it pays, a status for each fault."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tidemill.errors import DatabaseError, Fault, TidemillError, UsageError
from tidemill.server.guard import SECURITY_HEADERS
from tidemill.server.values import FaultReply

STATUS_OF_CODE = {
    "node-not-found": 404,
    "run-not-found": 404,
    "not-built": 404,
    "read-only": 403,
    "run-active": 409,
    "run-elsewhere": 409,
    "media-type": 415,
}
"""Faults of the API itself; the others have the status of their class."""

_WORTH_PACKING = 1_400
"""One packet: what is smaller travels no faster when packed."""

_LEVEL = 3


def json_reply(
    request: Request, value: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """``value`` as JSON, packed if the client can unpack it. Call it off the event loop."""
    # Configuration and meta may hold whatever YAML or a macro made.
    body = msgspec.json.encode(value, enc_hook=str)
    sent = {"cache-control": "no-cache", "vary": "accept-encoding", **(headers or {})}
    if len(body) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=_LEVEL, mtime=0)
        sent["content-encoding"] = "gzip"
    return Response(body, status, sent, "application/json")


def fault_reply(request: Request, error: Exception) -> Response:
    """The reply to a TidemillError that a route raised."""
    assert isinstance(error, TidemillError)
    faults = error.faults
    several = faults if len(faults) > 1 else ()
    reply = FaultReply(fault=faults[0], faults=several)
    return json_reply(request, reply, status=status_of(error))


def status_of(error: TidemillError) -> int:
    """The HTTP status for ``error``."""
    known = STATUS_OF_CODE.get(error.fault.code)
    if known is not None:
        return known
    if isinstance(error, UsageError):
        return 400
    if isinstance(error, DatabaseError):
        return 503 if error.retryable else 422
    return 422 if error.exit_code == 2 else 500


def http_fault_reply(request: Request, error: Exception) -> Response:
    """The reply to what the router itself refuses: no such path, wrong method."""
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    message = f"{error.detail}: {request.method} {request.url.path}"
    fault = Fault(code=phrase.lower().replace(" ", "-"), label="Request Error", message=message)
    return json_reply(request, FaultReply(fault=fault), status=error.status_code)


def crash_reply(request: Request, error: Exception) -> Response:
    """The reply to a mistake of ours. The traceback goes to the server's log, not to the client."""
    fault = Fault(
        code="internal",
        label="Internal Error",
        message=f"{type(error).__name__} while answering {request.method} {request.url.path}",
        hint="the server's terminal has the details",
    )
    # The one reply that does not pass the guard on its way out.
    return json_reply(request, FaultReply(fault=fault), status=500, headers=SECURITY_HEADERS)
