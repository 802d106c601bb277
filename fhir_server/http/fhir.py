"""The FHIR routes: one pure ASGI endpoint under /fhir."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog
from structlog.contextvars import bind_contextvars

from ..errors import FhirError
from ..exchange import Call, Reply, Service
from ..exchange.call import Json
from ..exchange.jobs import Jobs
from ..exchange.patching import Patch, fhirpath_patch, read_patch
from ..exchange.provenance import read_provenance
from ..interactions import asynchronous
from ..interactions.dispatch import dispatch
from ..interactions.read import read
from ..interactions.system import process
from ..model.json import decode_object, utf8
from ..xml import Xml
from .asgi import Receive, Request, Scope, Send, parse_pairs
from .negotiate import XML_BODIES, answer_type, body_format, patch_type
from .respond import Responder
from .site import Site

log = structlog.get_logger("fhir_server.http")
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
ASIDE = 256 * 1024  # bytes of XML; a thread reads more than that, so that others need not wait
TRUE = ("true", "1", "")
FORM = "application/x-www-form-urlencoded"
GRAPHQL = "application/graphql"


class FhirEndpoint:
    """Answers everything below /fhir. `site` knows the address that clients use.

    No framework stands between the socket and the interaction: a read takes 20 µs here, where
    routing through dependencies would take 400.
    """

    def __init__(self, service: Service, site: Site, jobs: Jobs) -> None:
        self._service, self._jobs = service, jobs
        self._known = service.definitions.is_resource
        self._site = site
        self._xml = Xml(service.definitions)
        self._responder = Responder(self._xml)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, self._site)
        try:
            reply = await self._answer(request)
            await self._responder.reply(request, send, reply)
        except FhirError as error:
            await self._responder.error(request, send, error)
        except ConnectionAbortedError:
            return
        except Exception:
            # Locals are not logged: they hold patients' data.
            log.exception("request failed", method=request.method, request_id=request.id.decode())
            await self._responder.error(request, send, FhirError("internal"))

    async def _answer(self, request: Request) -> Reply:
        scope = request.scope
        method, accept = request.method, request.header(b"accept")
        if method == "GET" and not scope["query_string"]:
            # The plain read, by far the commonest call, needs nothing of what follows.
            parts = scope["path"].split("/")
            if len(parts) == 4 and parts[3][:1] not in ("", "$", "_") and self._known(parts[2]):
                if accept:
                    request.media_type, request.pretty = answer_type(accept, "")
                call = Call(self._service, "", parts[2], parts[3])
                self._conditions(request, call)
                return await read(call)
        bind_contextvars(request_id=request.id.decode())
        request.read_query()
        self._negotiate(request)
        call = self._call(request)
        path = [part for part in scope["path"].split("/") if part][1:]
        if path and path[0] == asynchronous.PATH:
            return await asynchronous.job(self._jobs, method, path, call)
        if method in WITH_BODY:
            await self._read_body(request, path, call)
        if call.prefer and asynchronous.is_wanted(method, path, call):
            run = partial(_route, method, path, call)
            return await asynchronous.begin(self._jobs, method, path, call, run)
        return await _route(method, path, call)

    def _negotiate(self, request: Request) -> None:
        """The format of the answer. Errors: media-not-acceptable."""
        with_body = request.method in WITH_BODY
        request.media_type, shown = answer_type(
            request.header(b"accept"),
            request.parameter("_format"),
            request.text(b"content-type") if with_body else "",
        )
        request.pretty = request.parameter("_pretty", "true" if shown else "false") in TRUE

    def _call(self, request: Request) -> Call:
        """The request without its body. Errors: provenance-header."""
        call = Call(
            self._service,
            request.base,
            pairs=request.pairs,
            media_type=request.media_type,
        )
        if not request.is_plain:
            self._read_headers(request, call)
        return call

    def _read_headers(self, request: Request, call: Call) -> None:
        """What the client wishes beyond the request itself. Errors: provenance-header."""
        call.prefer = request.prefer
        call.if_match = request.text(b"if-match")
        # Search criteria, which clients send as UTF-8.
        call.if_none_exist = request.header(b"if-none-exist").decode("utf-8", "replace")
        call.credential = request.credential
        call.language = request.language
        call.validation = request.text(b"x-validation").strip().lower()
        if request.has(b"if-none-exist") and not call.if_none_exist:
            raise FhirError("criteria-empty", "If-None-Exist")
        self._conditions(request, call)
        provenance = request.header(b"x-provenance")
        if provenance and request.method in WRITING:
            call.provenance = read_provenance(self._service, provenance)

    def _conditions(self, request: Request, call: Call) -> None:
        """Spec: http://hl7.org/fhir/R4/http.html#cread"""
        if request.header(b"if-none-match"):
            call.if_none_match = request.text(b"if-none-match")
        if request.header(b"if-modified-since"):
            call.if_modified_since = request.text(b"if-modified-since")

    async def _read_body(self, request: Request, path: list[str], call: Call) -> None:
        """A resource, or the parameters of a search or an operation as a form."""
        content_type = request.text(b"content-type")
        limit = self._service.limits.body_bytes
        if request.method == "PATCH":
            call.patch = await self._patch(patch_type(content_type), await request.body(limit))
            return
        searching = path[-1:] == ["_search"]
        if searching or (path and path[-1].startswith("$")):
            if not request.has_body:
                return
            media_type = content_type.partition(";")[0].strip().lower()
            if media_type == FORM:
                request.pairs = [*request.pairs, *parse_pairs(await request.body(limit))]
                self._negotiate(request)  # `_format` may stand in the form
                call.pairs, call.media_type = request.pairs, request.media_type
                return
            if searching:
                raise FhirError("media-unsupported", expected=FORM)
            if path[-1] == "$graphql" and media_type == GRAPHQL:
                call.resource = {"query": utf8(await request.body(limit))}
                return
        form = body_format(content_type)
        body = await request.body(limit)
        if path[-1:] == ["$validate"]:
            call.text = body
        call.resource = await self._read_xml(body) if form == "xml" else decode_object(body)

    async def _read_xml(self, body: bytes) -> Json:
        """Errors: json-empty, xml-*."""
        if len(body) > ASIDE:
            return await asyncio.to_thread(self._xml.read, body)
        return self._xml.read(body)

    async def _patch(self, media_type: str, body: bytes) -> Patch:
        """Errors: json-*, xml-*, patch-document."""
        if media_type in XML_BODIES:
            return fhirpath_patch(await self._read_xml(body))
        return read_patch(media_type, body)


async def _route(method: str, path: list[str], call: Call) -> Reply:
    """The base address and the capabilities; all else is dispatched by type."""
    if not path:
        if method == "POST":
            return await process(call)
        if method not in ("GET", "HEAD"):
            raise _unsupported("GET, HEAD, POST")
    return await dispatch(method, path, call)


def _unsupported(allowed: str) -> FhirError:
    error = FhirError("method-unsupported", expected=allowed)
    error.headers["Allow"] = allowed
    return error
