"""A reply as the response entry of a batch or transaction."""

from __future__ import annotations

from base64 import b64encode
from http import HTTPStatus
from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.outcomes import information, outcome
from ..model.dates import instant
from ..model.json import encode


def entry_response(call: Call, reply: Reply) -> bytes:
    """As `bundle` takes it. Spec: http://hl7.org/fhir/R4/http.html#transaction-response

    A write carries its resource only with `Prefer: return=representation`, and with
    `return=OperationOutcome` an outcome of its own.
    """
    response: dict[str, Any] = {"status": _status(reply.status)}
    if reply.location:
        response["location"] = reply.location
    if reply.stored is not None:
        response["etag"] = f'W/"{reply.stored.version}"'
        response["lastModified"] = instant(reply.stored.updated)
    body = reply.body
    if reply.written:
        wanted = call.prefer.get("return")
        if wanted == "OperationOutcome":
            response["outcome"] = information("informational", *reply.said, call.language)
        if wanted != "representation":
            body = None
    facts = b'"response":%b}' % encode(response)
    if not body:
        return b",{" + facts
    if reply.media_type:  # no FHIR resource: an entry can hold it only as a Binary
        data = b64encode(body).decode()
        body = encode({"resourceType": "Binary", "contentType": reply.media_type, "data": data})
    url = b""
    if reply.stored is not None:
        found = reply.stored
        url = b'"fullUrl":%b,' % encode(f"{call.base}/{found.resource_type}/{found.id}")
    return b',{%b"resource":%b,%b' % (url, body, facts)


def entry_failure(call: Call, error: FhirError) -> bytes:
    outcome_ = outcome(error.issues, call.language)
    return b',{"response":%b}' % encode({"status": _status(error.status), "outcome": outcome_})


def _status(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
