"""The FHIR routes: one pure ASGI endpoint under /fhir."""

from __future__ import annotations

import structlog

from ..errors import FhirError
from ..exchange import Call, Reply, Service
from ..interactions.capabilities import capabilities
from ..interactions.dispatch import dispatch
from ..interactions.read import read
from ..interactions.system import process
from ..model.json import decode_object, utf8
from .asgi import Receive, Request, Scope, Send, parse_pairs
from .negotiate import answer_type, check_body_type
from .respond import respond_error, respond_reply

log = structlog.get_logger("fhir_server.http")
WITH_BODY = frozenset({"POST", "PUT"})
FORM = "application/x-www-form-urlencoded"
GRAPHQL = "application/graphql"


class FhirEndpoint:
    """Answers everything below /fhir. `public_url` is the FHIR address if the settings give one.

    No framework stands between the socket and the interaction: a read takes 20 µs here, where
    routing through dependencies would take 400.
    """

    def __init__(self, service: Service, public_url: str = "") -> None:
        self._service = service
        self._known = service.definitions.is_resource
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
        scope = request.scope
        method, accept = request.method, request.header(b"accept")
        if method == "GET" and not scope["query_string"]:
            # The plain read, by far the commonest call, needs nothing of what follows.
            parts = scope["path"].split("/")
            if len(parts) == 4 and parts[3][:1] not in ("", "$", "_") and self._known(parts[2]):
                if accept:
                    request.media_type = answer_type(accept, "")
                return await read(Call(self._service, "", parts[2], parts[3]))
        request.read_query()
        request.media_type = answer_type(accept, request.parameter("_format"))
        request.pretty = request.parameter("_pretty", "false") in ("true", "1", "")
        call = Call(
            self._service,
            request.base,
            pairs=request.pairs,
            prefer=request.prefer,
            if_match=request.text(b"if-match"),
            # Search criteria, which clients send as UTF-8.
            if_none_exist=request.header(b"if-none-exist").decode("utf-8", "replace"),
            credential=request.credential,
            media_type=request.media_type,
        )
        path = [part for part in scope["path"].split("/") if part][1:]
        if method in WITH_BODY:
            await self._read_body(request, path, call)
        if not path:
            if method == "POST":
                return await process(call)
            raise _unsupported("POST")
        if path == ["metadata"]:
            if method not in ("GET", "HEAD"):
                raise _unsupported("GET, HEAD")
            return await capabilities(call)
        return await dispatch(method, path, call)

    async def _read_body(self, request: Request, path: list[str], call: Call) -> None:
        """A resource, or the parameters of a search or an operation as a form."""
        content_type = request.text(b"content-type")
        limit = self._service.limits.body_bytes
        searching = path[-1:] == ["_search"]
        if searching or (path and path[-1].startswith("$")):
            if not request.has_body:
                return
            media_type = content_type.partition(";")[0].strip().lower()
            if media_type == FORM:
                call.pairs = [*call.pairs, *parse_pairs(await request.body(limit))]
                return
            if searching:
                raise FhirError("media-unsupported", expected=FORM)
            if path[-1] == "$graphql" and media_type == GRAPHQL:
                call.resource = {"query": utf8(await request.body(limit))}
                return
        check_body_type(content_type, request.text(b"content-encoding"))
        call.resource = decode_object(await request.body(limit))


def _unsupported(allowed: str) -> FhirError:
    error = FhirError("method-unsupported", expected=allowed)
    error.headers["Allow"] = allowed
    return error
