"""A reply as the response entry of a batch or transaction."""

from __future__ import annotations

from base64 import b64encode
from http import HTTPStatus
from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.outcomes import outcome
from ..model.dates import instant
from ..model.json import encode


def entry_response(call: Call, reply: Reply) -> bytes:
    """Spec: http://hl7.org/fhir/R4/http.html#transaction-response

    A write carries its resource only with `Prefer: return=representation`.
    """
    response: dict[str, Any] = {"status": f"{reply.status} {HTTPStatus(reply.status).phrase}"}
    if reply.location:
        response["location"] = reply.location
    if reply.stored is not None:
        response["etag"] = f'W/"{reply.stored.version}"'
        response["lastModified"] = instant(reply.stored.updated)
    facts = b'"response":%b}' % encode(response)
    body = reply.body
    if reply.written and call.prefer.get("return") != "representation":
        body = None
    if body and reply.media_type:  # no FHIR resource: an entry can hold it only as a Binary
        data = b64encode(body).decode()
        body = encode({"resourceType": "Binary", "contentType": reply.media_type, "data": data})
    return b'{"resource":%b,%b' % (body, facts) if body else b"{" + facts


def entry_failure(error: FhirError) -> bytes:
    response = {
        "status": f"{error.status} {HTTPStatus(error.status).phrase}",
        "outcome": outcome(error.issues),
    }
    return b'{"response":%b}' % encode(response)
