"""A filled paper form into the store, and back out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..mapping import Form
from ..storage.base import Stored
from ..storage.plan import Match, Plan, Test
from .call import Call
from .graph import targets_of
from .reading import live


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
    page = await call.service.store.search(Plan("ServiceRequest", where, limit=1, fresh=True))
    return page.matches[0] if page.matches else None


def to_bundle(form: Form, values: dict[str, Any]) -> dict[str, Any]:
    return form.to_bundle(values, now=datetime.now(UTC))


async def related(call: Call, request: Stored) -> list[dict[str, Any]]:
    """The ServiceRequest with all it refers to directly, as `Form.from_resources` reads them."""
    resource = request.resource
    keys = dict.fromkeys((each.type, each.id) for each in targets_of(request, call.base))
    found = await call.service.store.many(list(keys))
    return [resource, *(each.resource for each in found)]


async def read_request(call: Call, id: str) -> Stored:
    """Errors: read-unknown, read-deleted."""
    return live(await call.service.store.current("ServiceRequest", id), "ServiceRequest")
