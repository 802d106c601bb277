"""transaction: all entries or none."""

from __future__ import annotations

from functools import partial

from ..errors import FhirError, Issue
from ..exchange import Call, Reply
from ..exchange.bundles import bundle
from ..exchange.provenance import commit
from ..exchange.together import all_of
from ..exchange.writing import check, pause
from ..storage.base import Conflict
from .bundle import Entry, as_call, check_entry, read_entries
from .dispatch import dispatch
from .replies import entry_failure, entry_response
from .resolving import Work, resolve


async def transaction(call: Call) -> Reply:
    """Deletes, creates, updates and patches together, as if in this order; reads afterwards.

    Where another writer was faster, everything is resolved again, so that conditions and versions
    hold at the moment of the commit.

    Spec: http://hl7.org/fhir/R4/http.html#transaction
    Errors: bundle-*, structure-* (with the entry's location), duplicate-found, version-conflict.
    """
    assert call.resource is not None
    entries = read_entries(call.service, call.resource, call.base)
    await _check_all(call, entries)
    writing = [each for each in entries if not each.reads]
    for attempt in range(1, 100):
        work = await resolve(call, writing)
        await _check_reads(call, entries, work)
        try:
            if work.changes:
                await commit(call, work.changes, work.guards)
        except Conflict:
            await pause(attempt)
            continue
        return await _answer(call, entries, work)
    raise AssertionError("pause() ends the loop")


async def _check_all(call: Call, entries: list[Entry]) -> None:
    issues: list[Issue] = []
    for entry in entries:
        try:
            check_entry(entry, call.service)
            if entry.method in ("POST", "PUT") and not entry.reads:
                await check(call, entry.resource, entry.resource_type)
        except FhirError as error:
            issues.extend(entry.located(error.issues))
    if issues:
        raise FhirError.of(issues)
    seen: set[str] = set()
    for entry in entries:
        if entry.full_url and entry.full_url in seen and not entry.reads:
            raise FhirError("bundle-fullurl", f"{entry.at}.fullUrl")
        seen.add(entry.full_url)


async def _check_reads(call: Call, entries: list[Entry], work: Work) -> None:
    """A read that would fail fails the whole transaction, before anything is written."""
    coming = {(c.resource_type, c.id): c for c in work.changes}
    checks = []
    for entry in entries:
        if not entry.reads:
            continue
        change = coming.get((entry.path[0], entry.path[1])) if len(entry.path) > 1 else None
        if change is None:
            checks.append(partial(_read, call, entry))
        elif change.method == "DELETE" and len(entry.path) == 2:
            raise FhirError("read-deleted", entry.at)
    await all_of(checks, call.service.limits.at_once)


async def _read(call: Call, entry: Entry) -> Reply:
    try:
        return await dispatch(entry.method, entry.path, as_call(entry, call))
    except FhirError as error:
        raise FhirError.of(entry.located(error.issues)) from None


async def _answer(call: Call, entries: list[Entry], work: Work) -> Reply:
    replies = iter(work.replies[i] for i in range(len(work.entries)))
    raw: list[bytes] = []
    for entry in entries:
        if not entry.reads:
            raw.append(entry_response(call, next(replies)))
            continue
        try:
            raw.append(entry_response(call, await _read(call, entry)))
        except FhirError as error:  # what it would read has gone since; the rest is committed
            raw.append(entry_failure(call, error))
    return Reply(200, bundle("transaction-response", raw))
