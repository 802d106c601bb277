"""Failures outside of /fhir: RFC 9457 problems, or an OperationOutcome for a client of FHIR."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from ..errors import FhirError
from ..exchange.outcomes import outcome
from ..model.json import encode, pretty
from .negotiate import FHIR_JSON, JSON, language, ranked

PROBLEM = "application/problem+json"


def json_response(
    value: Any,
    status: int = 200,
    media_type: str = JSON,
    headers: dict[str, str] | None = None,
) -> Response:
    body = pretty(encode(value))
    return Response(body, status, headers, media_type=f"{media_type}; charset=utf-8")


def wants_fhir(web: WebRequest) -> bool:
    return any(name == FHIR_JSON for name, _ in ranked(web.headers.get("accept", "")))


def failure(web: WebRequest, error: FhirError) -> Response:
    """A failure as the client wants it."""
    if wants_fhir(web):
        return fhir_failure(web, error)
    first = error.issues[0]
    problem = {
        "type": f"about:blank#{first.code}",
        "title": first.text(language(web.headers.get("accept-language", ""))),
        "status": error.status,
        "errors": [
            {"field": i.at, "box": "", "message": i.text("zh"), "message_en": i.text("en")}
            for i in error.issues
        ],
    }
    return json_response(problem, error.status, PROBLEM, _headers(error))


def fhir_failure(web: WebRequest, error: FhirError) -> Response:
    resource = outcome(error.issues, language(web.headers.get("accept-language", "")))
    return json_response(resource, error.status, FHIR_JSON, _headers(error))


def _headers(error: FhirError) -> dict[str, str]:
    return {**error.headers, **({"retry-after": "5"} if error.status == 503 else {})}


async def no_route(web: WebRequest, error: Exception) -> Response:
    """What the framework refuses by itself: an unknown address, or a method it does not take."""
    assert isinstance(error, HTTPException)
    allowed = (error.headers or {}).get("Allow")
    if error.status_code != 405 or not allowed:
        return failure(web, FhirError("route-unknown"))
    found = FhirError("method-unsupported", expected=allowed)
    found.headers["Allow"] = allowed
    return failure(web, found)
