"""Fetching over HTTP with patience: what may pass is tried again, what is certain is told at once.

Proxies and certificates come from the usual environment variables. Secrets in addresses are never shown.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tidemill import __version__
from tidemill.engine.installing.secrets import shown
from tidemill.errors import DependencyError

_BLOCK = 1 << 16


class Http:
    """Gets addresses. ``attempts`` and ``pause`` (seconds) say how patiently."""

    def __init__(
        self, *, attempts: int = 5, pause: float = 1.0, timeout: float | None = None
    ) -> None:
        self._attempts = attempts
        self._pause = pause
        self._timeout = timeout or float(os.environ.get("DBT_HTTP_TIMEOUT") or 30)

    def json(self, url: str) -> Any:
        """The JSON value at ``url``. Raises DependencyError when it cannot be had."""
        body = self._patiently(url, lambda: self._read(url))
        try:
            return json.loads(body)
        except ValueError as error:
            raise DependencyError(
                f"{shown(url)} gave something that is not JSON: {error}", code="download"
            ) from None

    def download(self, url: str, path: Path) -> None:
        """Write what is at ``url`` to ``path``. Raises DependencyError when it cannot be had."""
        if urlsplit(url).scheme not in {"http", "https", "file"}:
            raise DependencyError(
                f"'{shown(url)}' is no address that can be fetched",
                code="download",
                hint="write it with http://, https:// or file://",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        self._patiently(url, lambda: self._save(url, path))

    def _read(self, url: str) -> bytes:
        with self._open(url) as response:
            body: bytes = response.read()
            return body

    def _save(self, url: str, path: Path) -> bytes:
        with self._open(url) as response, path.open("wb") as file:
            expected = response.headers.get("Content-Length")
            size = 0
            while block := response.read(_BLOCK):
                file.write(block)
                size += len(block)
        if expected is not None and size != int(expected):
            raise http.client.IncompleteRead(b"", int(expected) - size)
        return b""

    def _open(self, url: str) -> Any:
        request = urllib.request.Request(url, headers={"User-Agent": f"tidemill/{__version__}"})
        return urllib.request.urlopen(request, timeout=self._timeout, context=_trust())

    def _patiently(self, url: str, work: Any) -> Any:
        reason: Exception | str = ""
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(self._pause)
            try:
                return work()
            except urllib.error.HTTPError as error:
                reason = f"{error.code} {error.reason}"
                # The server has understood and refuses: asking again changes nothing.
                if error.code < 500 and error.code != 429:
                    break
            except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
                reason = getattr(error, "reason", None) or error
            except ValueError as error:
                reason = error
                break
        raise DependencyError(
            f"{shown(url)} cannot be fetched: {shown(str(reason))}",
            code="download",
            hint="check the address, and the proxy settings of this machine",
        )


def _trust() -> ssl.SSLContext | None:
    """The certificates that people set for other Python tools count here too."""
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return ssl.create_default_context(cafile=bundle) if bundle else None
