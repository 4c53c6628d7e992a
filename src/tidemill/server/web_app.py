"""The built web app: its files, and its one page for every address that is no file.

The page gets a fresh nonce with every reply; nothing else inline is allowed to run.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

BUILT = Path(__file__).parent / "static"
"""Where `make` puts the built app. It is not part of the repository."""

NONCE_MARK = "__CSP_NONCE__"

_FOREVER = "public, max-age=31536000, immutable"

_MISSING = (
    "The web app is not built. In a checkout of Tidemill, `make setup` builds it.\n"
    "The API under /api/ works without it.\n"
)


class WebApp:
    """Serves the app from ``folder``."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._folder = folder.resolve()

    def reply(self, request: Request) -> Response:
        """A file of the app if the address names one, else the page."""
        path = request.path_params["path"]
        file = self._file(path)
        if file is None:
            if path.startswith(("api/", "assets/")):
                raise HTTPException(404)
            return self._page(request)
        # The names of built assets carry a hash of what is in them.
        cache = _FOREVER if path.startswith("assets/") else "no-cache"
        return FileResponse(file, headers={"cache-control": cache})

    def _file(self, path: str) -> Path | None:
        if not path or path == "index.html" or "\0" in path:
            return None
        file = (self._folder / path).resolve()
        return file if file.is_relative_to(self._folder) and file.is_file() else None

    def _page(self, request: Request) -> Response:
        try:
            page = (self._folder / "index.html").read_text(encoding="utf-8")
        except FileNotFoundError:
            return PlainTextResponse(_MISSING, status_code=503)
        nonce = secrets.token_urlsafe(18)
        headers = {
            "content-security-policy": page_policy(nonce, request.headers.get("host", "")),
            "cache-control": "no-store",
        }
        return HTMLResponse(page.replace(NONCE_MARK, nonce), headers=headers)


def page_policy(nonce: str, host: str) -> str:
    """The content security policy of the page: itself and nothing else.

    The WebSocket's address is spelled out for browsers that do not count it as ``'self'``.
    """
    stream = f" ws://{host} wss://{host}" if _plain(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self'{stream}",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _plain(host: str) -> bool:
    """Whether the Host header can stand in a policy: with a token, anyone may send anything."""
    return bool(host) and all(c.isascii() and (c.isalnum() or c in ".-:[]") for c in host)
