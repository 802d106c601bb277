"""The implementation guide for people: /guide. Spec: docs/guide.md"""

from __future__ import annotations

import asyncio
import threading
from pathlib import PurePosixPath

from starlette.requests import Request as WebRequest
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..guide import MEDIA, POLICY, Guide
from ..settings import Settings
from .encodings import choose, compress

# A page may be used for five minutes; then its ETag is asked about, which costs no page.
CACHE_CONTROL = "public, max-age=300"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "vary": "Accept-Encoding",
}
WHOLE = {".tgz"}  # compressed already


class GuidePages:
    """The guide is read from the package's files when the first page is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guide: Guide | None = None
        self._lock = threading.Lock()

    def _loaded(self) -> Guide:
        with self._lock:
            if self._guide is None:
                self._guide = Guide(self._settings.form_folders)
            return self._guide

    def _make(self, name: str) -> tuple[bytes, str] | None:
        return self._loaded().read(name)

    async def home(self, _: WebRequest) -> Response:
        """Relative, so that it holds behind a proxy that adds a prefix."""
        return RedirectResponse("guide/", 308)

    async def page(self, web: WebRequest) -> Response:
        name = web.path_params["name"] or "index.html"
        # Making a page takes tens of milliseconds: others need not wait for it.
        found = await asyncio.to_thread(self._make, name)
        if found is None:
            body = await asyncio.to_thread(self._loaded().missing, name)
            return Response(body, 404, {**HEADERS, "content-type": MEDIA[".html"]})
        body, digest = found
        ending = PurePosixPath(name).suffix
        headers = {**HEADERS, "cache-control": CACHE_CONTROL, "etag": f'W/"{digest}"'}
        if f'"{digest}"' in web.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        headers["content-type"] = MEDIA[ending]
        encoding = choose(web.headers.get("accept-encoding", "").encode("latin-1"))
        if encoding and ending not in WHOLE:
            body = await compress(encoding, body)
            headers["content-encoding"] = encoding
        return Response(body, 200, headers)


def guide_routes(settings: Settings) -> list[Route]:
    """/guide, which leads to /guide/, and all below it."""
    pages = GuidePages(settings)
    return [
        Route("/guide", pages.home, methods=["GET"]),
        Route("/guide/{name:path}", pages.page, methods=["GET"]),
    ]
