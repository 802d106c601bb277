"""transaction: all entries or none."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import FhirError, Issue
from ..exchange import Call, Reply
from ..exchange.bundles import bundle
from ..exchange.preconditions import check_preconditions
from ..exchange.provenance import commit
from ..exchange.rewriting import CONDITIONAL, conditional_references, rewrite, rewrite_plain
from ..exchange.searching import criteria_pairs, find_one
from ..exchange.writing import (
    change,
    check,
    deletion,
    pause,
    same_content,
    stored,
)
from ..model.ids import new_id
from ..model.json import decode_stored, encode
from ..storage.base import Change, Conflict, Guard, Stored
from .bundle import Entry, as_call, check_entry, read_entries
from .dispatch import dispatch
from .replies import entry_response


@dataclass(slots=True)
class Work:
    """What one attempt has resolved: the changes, their guards, and the answer of each entry."""

    changes: list[Change] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)  # fullUrl → Type/id
    other_targets: bool = False  # a fullUrl that is no urn:uuid
    existing: dict[int, Stored] = field(default_factory=dict)  # entries that change nothing
    made: dict[int, Change] = field(default_factory=dict)


async def transaction(call: Call) -> Reply:
    """Deletes, creates and updates together; reads afterwards.

    Where another writer was faster, everything is resolved again, so that conditions and versions
    hold at the moment of the commit.

    Spec: http://hl7.org/fhir/R4/http.html#transaction
    Errors: bundle-*, structure-* (with the entry's location), duplicate-found, version-conflict.
    """
    assert call.resource is not None
    entries = read_entries(call.service, call.resource, call.base)
    _check_all(call, entries)
    for attempt in range(1, 100):
        work = await _resolve(call, entries)
        await _check_reads(call, entries, work)
        try:
            if work.changes:
                await commit(call, work.changes, work.guards)
        except Conflict:
            await pause(attempt)
            continue
        return await _answer(call, entries, work)
    raise AssertionError("pause() ends the loop")


def _check_all(call: Call, entries: list[Entry]) -> None:
    issues: list[Issue] = []
    for entry in entries:
        try:
            check_entry(entry, call.service)
            if entry.method in ("POST", "PUT"):
                check(call.service, entry.resource, entry.resource_type)
        except FhirError as error:
            issues.extend(_located(each, entry) for each in error.issues)
    if issues:
        raise FhirError.of(issues)
    seen: set[str] = set()
    for entry in entries:
        if entry.full_url and entry.full_url in seen and entry.method in ("POST", "PUT"):
            raise FhirError("bundle-fullurl", f"{entry.at}.fullUrl")
        seen.add(entry.full_url)


def _located(issue: Issue, entry: Entry) -> Issue:
    if issue.at.startswith("Bundle."):
        return issue
    rest = issue.at.partition(".")[2]
    at = f"{entry.at}.resource" + (f".{rest}" if rest else "")
    return Issue(issue.code, at, issue.args, issue.severity)


async def _resolve(call: Call, entries: list[Entry]) -> Work:
    """Ids, versions and references as they stand now. Spec: http.html#trules"""
    work = Work()
    conditional: dict[tuple[str, str], str] = {}
    for i, entry in enumerate(entries):
        if entry.method == "POST":
            await _resolve_create(call, i, entry, work, conditional)
        elif entry.method == "PUT":
            entry.id = entry.path[1]
            _target(entry, work)
    for i, entry in enumerate(entries):
        if entry.method == "DELETE":
            await _delete(call, i, entry, work)
        elif entry.method in ("POST", "PUT") and i not in work.existing:
            await _write(call, i, entry, work)
    _refuse_twice(work, entries)
    return work


async def _resolve_create(
    call: Call, i: int, entry: Entry, work: Work, conditional: dict[tuple[str, str], str]
) -> None:
    if not entry.if_none_exist:
        entry.id = new_id()
        _target(entry, work)
        return
    condition = (entry.resource_type, entry.if_none_exist)
    if condition in conditional:  # the same condition twice means the same resource
        entry.id = conditional[condition]
        entry.extra["twin"] = True
        _target(entry, work)
        return
    pairs = criteria_pairs(*condition)
    found, guard = await find_one(call.service, entry.resource_type, pairs)
    entry.extra["twin"] = False
    if found is not None:
        entry.id = found.id
        work.existing[i] = found
    else:
        entry.id = new_id()
        work.guards.append(guard)
    conditional[condition] = entry.id
    _target(entry, work)


def _target(entry: Entry, work: Work) -> None:
    if entry.full_url:
        work.targets[entry.full_url] = f"{entry.resource_type}/{entry.id}"
        work.other_targets |= not entry.full_url.startswith("urn:uuid:")


async def _delete(call: Call, i: int, entry: Entry, work: Work) -> None:
    entry.id = entry.path[1]
    current = await call.service.store.current(entry.resource_type, entry.id)
    _check_version(entry, current)
    if current is None or current.deleted:
        return
    gone = deletion(entry.resource_type, entry.id, current.version + 1)
    work.changes.append(gone)
    work.made[i] = gone


async def _write(call: Call, i: int, entry: Entry, work: Work) -> None:
    if entry.extra.get("twin"):
        return
    service = call.service
    # A copy: another attempt starts from what the client sent.
    text = encode(entry.resource)
    rewritten = rewrite_plain(text, work.targets) if not work.other_targets else None
    resource = decode_stored(rewritten or text)
    if b"?" in text:
        for reference in list(conditional_references(resource)):
            reference["reference"] = await _conditional(call, entry, reference["reference"])
    if rewritten is None:
        rewrite(service.definitions, resource, work.targets)
    if entry.method == "POST":
        new = change(service, resource, entry.id, 1, "POST")
    else:
        current = await service.store.current(entry.resource_type, entry.id)
        _check_version(entry, current)
        if current is not None and not current.deleted and same_content(current, resource):
            work.existing[i] = current
            return
        entry.extra["fresh"] = current is None or current.deleted
        new = change(service, resource, entry.id, current.version + 1 if current else 1, "PUT")
    work.changes.append(new)
    work.made[i] = new


async def _conditional(call: Call, entry: Entry, text: str) -> str:
    """Errors: bundle-conditional unless exactly one resource matches."""
    parsed = CONDITIONAL(text)
    assert parsed is not None
    if not call.service.definitions.is_resource(parsed[1]):
        raise FhirError("bundle-conditional", entry.at)
    try:
        found, _ = await find_one(call.service, parsed[1], criteria_pairs(parsed[1], text))
    except FhirError as error:
        if error.code != "duplicate-found":
            raise
        found = None
    if found is None:
        raise FhirError("bundle-conditional", entry.at)
    return f"{found.resource_type}/{found.id}"


def _check_version(entry: Entry, current: Stored | None) -> None:
    check_preconditions(
        current, if_match=entry.if_match, if_none_match=entry.if_none_match, at=entry.at
    )


def _refuse_twice(work: Work, entries: list[Entry]) -> None:
    seen: set[tuple[str, str]] = set()
    for i, each in work.made.items():
        key = (each.resource_type, each.id)
        if key in seen:
            raise FhirError("bundle-duplicate", entries[i].at)
        seen.add(key)


async def _check_reads(call: Call, entries: list[Entry], work: Work) -> None:
    """A read that would fail fails the whole transaction, before anything is written."""
    coming = {(c.resource_type, c.id): c for c in work.changes}
    for entry in entries:
        if entry.method not in ("GET", "HEAD"):
            continue
        change_ = coming.get((entry.path[0], entry.path[1])) if len(entry.path) == 2 else None
        if change_ is not None and change_.method != "DELETE":
            continue
        if change_ is not None:
            raise FhirError("read-deleted", entry.at)
        try:
            await dispatch(entry.method, entry.path, as_call(entry, call))
        except FhirError as error:
            raise FhirError.of([_located(each, entry) for each in error.issues]) from None


async def _answer(call: Call, entries: list[Entry], work: Work) -> Reply:
    raw: list[bytes] = []
    for i, entry in enumerate(entries):
        if entry.method in ("GET", "HEAD"):
            reply = await dispatch(entry.method, entry.path, as_call(entry, call))
        else:
            reply = _written(i, entry, work)
        raw.append(entry_response(call, reply))
    return Reply(200, bundle("transaction-response", raw))


def _written(i: int, entry: Entry, work: Work) -> Reply:
    if i in work.existing:
        return Reply.written_as(200, work.existing[i])
    made = work.made.get(i)
    if entry.method == "DELETE":
        return Reply(204, None, stored(made) if made else None)
    if made is None:  # the twin of a conditional create
        made = next(c for c in work.made.values() if c.id == entry.id)
        return Reply.written_as(200, stored(made))
    fresh = entry.method == "POST" or entry.extra["fresh"]
    return Reply.written_as(201 if fresh else 200, stored(made))
