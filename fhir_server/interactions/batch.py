"""batch: each entry alone."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.bundles import bundle
from .bundle import as_call, read_entry
from .dispatch import dispatch
from .replies import entry_failure, entry_response


async def batch(call: Call) -> Reply:
    """Entries are independent: one that fails says so in its response, the others stand.

    Spec: http://hl7.org/fhir/R4/http.html#batch. Errors: bundle-too-large.
    """
    assert call.resource is not None
    entries = call.resource.get("entry", [])
    limit = call.service.limits.bundle_entries
    if len(entries) > limit:
        raise FhirError("bundle-too-large", "Bundle.entry", limit=limit)
    out: list[bytes] = []
    for i, each in enumerate(entries):
        try:
            entry = read_entry(each, f"Bundle.entry[{i}]", call.base)
            reply = await dispatch(entry.method, entry.path, as_call(entry, call))
            out.append(entry_response(call, reply))
        except FhirError as error:
            out.append(entry_failure(error))
    return Reply(200, bundle("batch-response", out))
