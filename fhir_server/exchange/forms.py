"""A filled paper form into the store, and back out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..errors import FhirError
from ..mapping import Form
from ..model.references import parse_reference
from ..storage.base import Stored
from ..storage.plan import Match, Plan, Test
from .call import Call


@dataclass(frozen=True)
class Sent:
    """The ServiceRequest a form stands for; `fresh` where this call made it."""

    service_request: Stored
    fresh: bool
    response: dict[str, Any]


async def find_request(call: Call, form: Form, values: dict[str, Any]) -> Stored | None:
    """The referral that an earlier sending of the same form has made.

    The same 转诊单号 counts as the same form; without one the same content does.
    """
    identifier = form.request_identifier(values) or form.content_identifier(values)
    system, value = identifier
    tests = ((Test("value", "=", value), Test("system", "=", system)),)
    where = (Match("identifier", "token", tests),)
    page = await call.service.store.search(Plan("ServiceRequest", where, limit=1))
    return page.matches[0] if page.matches else None


def to_bundle(form: Form, values: dict[str, Any]) -> dict[str, Any]:
    return form.to_bundle(values, now=datetime.now(UTC))


async def related(call: Call, request: Stored) -> list[dict[str, Any]]:
    """The ServiceRequest with all it refers to directly, as `Form.from_resources` reads them."""
    resource = request.resource
    keys: dict[tuple[str, str], None] = {}
    _references(resource, keys, call.base)
    found = await call.service.store.many(list(keys))
    return [resource, *(each.resource for each in found)]


def _references(value: Any, into: dict[tuple[str, str], None], base: str) -> None:
    if isinstance(value, dict):
        text = value.get("reference")
        target = parse_reference(text, base) if isinstance(text, str) else None
        if target is not None and target.id:
            into[(target.type, target.id)] = None
        for each in value.values():
            _references(each, into, base)
    elif isinstance(value, list):
        for each in value:
            _references(each, into, base)


async def read_request(call: Call, id: str) -> Stored:
    """Errors: read-unknown, read-deleted."""
    found = await call.service.store.current("ServiceRequest", id)
    if found is None:
        raise FhirError("read-unknown", "ServiceRequest")
    if found.deleted:
        raise FhirError("read-deleted", "ServiceRequest")
    return found
