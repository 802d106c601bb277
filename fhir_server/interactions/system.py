"""POST of a Bundle to the base address."""

from __future__ import annotations

from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from .batch import batch
from .transaction import transaction

PROCESS = {"batch": batch, "transaction": transaction}


async def process(call: Call) -> Reply:
    """batch or transaction, by Bundle.type. Spec: http://hl7.org/fhir/R4/http.html#transaction

    Errors: type-missing, type-mismatch, bundle-type, structure-* of the Bundle itself.
    """
    bundle = call.resource
    if bundle is None:
        raise FhirError("json-empty")
    if "resourceType" not in bundle:
        raise FhirError("type-missing")
    if bundle["resourceType"] != "Bundle":
        raise FhirError("type-mismatch", "resourceType", expected="Bundle")
    kind = bundle.get("type")
    if type(kind) is not str or kind not in PROCESS:
        raise FhirError("bundle-type", "Bundle.type")
    issues = call.service.structure.check(_shell(bundle), "Bundle")
    if issues:
        raise FhirError.of(issues)
    return await PROCESS[kind](call)


def _shell(bundle: dict[str, Any]) -> dict[str, Any]:
    """The Bundle without the resources of its entries, which are checked one by one."""
    entries = bundle.get("entry")
    if type(entries) is not list:
        return bundle
    bare = [
        {k: v for k, v in e.items() if k != "resource" or type(v) is not dict} or {"fullUrl": "x"}
        if type(e) is dict and e
        else e
        for e in entries
    ]
    return {**bundle, "entry": bare}
