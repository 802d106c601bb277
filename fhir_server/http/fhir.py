"""The FHIR routes: one pure ASGI endpoint under /fhir."""

from __future__ import annotations

from typing import Any

import structlog

from ..errors import FhirError
from ..exchange import Call, Reply, Service
from ..interactions.capabilities import capabilities
from ..interactions.dispatch import dispatch
from ..interactions.system import process
from ..model.json import decode_object
from .asgi import Receive, Request, Scope, Send, parse_pairs
from .negotiate import FHIR_JSON, answer_type, check_body_type
from .respond import respond_error, respond_reply

log = structlog.get_logger("fhir_server.http")
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
FORM = "application/x-www-form-urlencoded"


class FhirEndpoint:
    """Answers everything below /fhir. `public_url` is the FHIR address if the settings give one.

    No framework stands between the socket and the interaction: a read takes 20 µs here, where
    routing through dependencies would take 400.
    """

    def __init__(self, service: Service, public_url: str = "") -> None:
        self._service = service
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, self._public_url)
        try:
            reply = await self._answer(request)
        except FhirError as error:
            await respond_error(request, send, error)
        except ConnectionAbortedError:
            return
        except Exception:
            # Locals are not logged: they hold patients' data.
            log.exception("request failed", method=request.method)
            await respond_error(request, send, FhirError("internal"))
        else:
            await respond_reply(request, send, reply)

    async def _answer(self, request: Request) -> Reply:
        request.read_query()
        format_ = ""
        if request.pairs:
            format_ = request.parameter("_format")
            request.pretty = request.parameter("_pretty") in ("true", "1", "") and any(
                name == "_pretty" for name, _ in request.pairs
            )
        accept = request.text(b"accept")
        request.media_type = answer_type(accept, format_) if accept or format_ else FHIR_JSON
        path = [part for part in request.scope["path"].split("/") if part][1:]
        call = Call(
            self._service,
            request.base,
            pairs=request.pairs,
            prefer=request.prefer,
            if_match=request.text(b"if-match"),
            if_none_exist=_header_text(request, b"if-none-exist"),
        )
        if request.method in WITH_BODY:
            await self._read_body(request, path, call)
        return await self._run(request, path, call)

    async def _run(self, request: Request, path: list[str], call: Call) -> Reply:
        if not path:
            if request.method == "POST":
                return await process(call)
            raise _only("POST", "route-unknown" if request.method == "GET" else "")
        if path == ["metadata"]:
            if request.method in ("GET", "HEAD"):
                return await capabilities(call)
            raise _only("GET, HEAD")
        return await dispatch(request.method, path, call)

    async def _read_body(self, request: Request, path: list[str], call: Call) -> None:
        content_type = request.text(b"content-type")
        limit = self._service.limits.body_bytes
        if path and (path[-1] == "_search" or path[-1].startswith("$")):
            if content_type.startswith(FORM):
                call.pairs = [*call.pairs, *parse_pairs(await request.body(limit))]
                return
            if path[-1] == "_search" or not int(request.header(b"content-length") or b"0"):
                if path[-1] == "_search" and int(request.header(b"content-length") or b"0"):
                    raise FhirError("media-unsupported", expected=FORM)
                return
        if request.method == "PATCH":
            return
        check_body_type(content_type, request.text(b"content-encoding"))
        call.resource = decode_object(await request.body(limit))


def _only(allowed: str, code: str = "") -> FhirError:
    error = FhirError(code or "method-unsupported", **({} if code else {"expected": allowed}))
    if not code:
        error.headers["Allow"] = allowed
    return error


def _header_text(request: Request, name: bytes) -> str:
    """A header that holds search criteria, which clients send as UTF-8."""
    value: Any = request.header(name)
    return value.decode("utf-8", "replace") if value else ""
