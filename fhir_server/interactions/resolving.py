"""What a transaction comes to as things stand: whom each entry is for, and all changes.

Spec: http://hl7.org/fhir/R4/http.html#trules
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from ..errors import FhirError
from ..exchange import Call, Reply, Service
from ..exchange.integrity import wants_cascade, with_referrers
from ..exchange.preconditions import check_preconditions
from ..exchange.rewriting import (
    CONDITIONAL,
    conditional_references,
    may_be_conditional,
    rewrite,
    rewrite_plain,
)
from ..exchange.searching import Key, criteria_pairs, find_one
from ..exchange.targets import (
    Target,
    deleted,
    patched,
    to_create,
    to_delete,
    to_patch,
    to_update,
    written,
)
from ..exchange.together import all_of
from ..exchange.writing import stored
from ..model.ids import new_id
from ..model.json import decode_stored, encode
from ..storage.base import Change, Guard, Stored
from .bundle import Entry, Json

# A resource type and the sorted criteria: what makes two conditions the same.
Condition: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Work:
    """One attempt. Lists and keys by number follow `entries`, those of the Bundle that write."""

    call: Call
    entries: list[Entry]
    targets: dict[int, list[Target]] = field(default_factory=dict)
    conditions: dict[Condition, int] = field(default_factory=dict)  # the first entry with each
    places: dict[str, str] = field(default_factory=dict)  # fullUrl → Type/id
    other_places: bool = False  # a fullUrl that is no urn:uuid
    conditional: list[int] = field(default_factory=list)  # entries that may refer by criteria
    changes: list[Change] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    made: dict[Key, Stored] = field(default_factory=dict)
    replies: dict[int, Reply] = field(default_factory=dict)

    def deleted_keys(self) -> set[Key]:
        return {
            (target.resource_type, target.id)
            for i, entry in enumerate(self.entries)
            if entry.method == "DELETE"
            for target in self.targets[i]
        }


async def resolve(call: Call, entries: list[Entry]) -> Work:
    """Ids, versions, conditions and references as they stand now.

    Errors: bundle-duplicate, bundle-reference, bundle-conditional, duplicate-found, criteria-*,
    version-*, read-*, patch-*, structure-*.
    """
    work = Work(call, entries)
    await _find_targets(work)
    _refuse_overlaps(work)
    contents = await _contents(work)
    await _refer(work, contents)
    for i in range(len(entries)):
        _make(work, i, contents.get(i))
    return work


@contextmanager
def _placed(entry: Entry) -> Iterator[None]:
    """A failure names the entry."""
    try:
        yield
    except FhirError as error:
        raise FhirError.of(entry.located(error.issues)) from None


async def _find_targets(work: Work) -> None:
    service = work.call.service
    conditional: dict[int, tuple[tuple[str, str], ...]] = {}
    by_id: list[int] = []
    for i, entry in enumerate(work.entries):
        criteria = entry.criteria
        if criteria is not None:
            conditional[i] = tuple(sorted(criteria))
        elif entry.method == "POST":
            work.targets[i] = [Target(entry.resource_type, new_id(), made_id=True)]
        else:
            by_id.append(i)
    keys = [(work.entries[i].resource_type, work.entries[i].path[1]) for i in by_id]
    known = await _currents(service, list(dict.fromkeys(keys)))
    for i, key in zip(by_id, keys, strict=True):
        work.targets[i] = [Target(*key, known.get(key))]
    await _match(work, conditional)
    for i, entry in enumerate(work.entries):
        if entry.method == "DELETE":
            with _placed(entry):
                _check_versions(work, i)
                if wants_cascade(entry.pairs):
                    work.targets[i] = await with_referrers(service, work.targets[i])
    for i, entry in enumerate(work.entries):
        if entry.full_url and entry.method != "DELETE":
            target = work.targets[i][0]
            work.places[entry.full_url] = f"{target.resource_type}/{target.id}"
            work.other_places |= not entry.full_url.startswith("urn:uuid:")


async def _currents(service: Service, keys: Sequence[Key]) -> dict[Key, Stored]:
    """With tombstones, which count for the number of the next version."""
    found = {(each.resource_type, each.id): each for each in await service.store.many(keys)}
    rest = [key for key in keys if key not in found]
    calls = [partial(service.store.current, *key) for key in rest]
    for each in await all_of(calls, service.limits.at_once):
        if each is not None:
            found[each.resource_type, each.id] = each
    return found


async def _match(work: Work, conditional: dict[int, tuple[tuple[str, str], ...]]) -> None:
    """The same condition on several creates means one resource; else it is an overlap.

    Errors: bundle-duplicate, and those of the criteria.
    """
    twins: dict[int, int] = {}
    for i, criteria in conditional.items():
        entry = work.entries[i]
        first = work.conditions.setdefault((entry.resource_type, criteria), i)
        if first != i:
            if entry.method != "POST" or work.entries[first].method != "POST":
                raise FhirError("bundle-duplicate", entry.at)
            twins[i] = first
    firsts = list(work.conditions.values())
    calls = [partial(_by_criteria, work.call.service, work.entries[i]) for i in firsts]
    found = await all_of(calls, work.call.service.limits.at_once)
    work.targets.update(zip(firsts, found, strict=True))
    for targets in found:
        work.guards += [guard for target in targets for guard in target.guards]
    for i, first in twins.items():
        work.targets[i] = work.targets[first]


async def _by_criteria(service: Service, entry: Entry) -> list[Target]:
    criteria = entry.criteria
    assert criteria is not None
    of = (service, entry.resource_type, criteria)
    with _placed(entry):
        if entry.method == "DELETE":
            return await to_delete(*of)
        if entry.method == "PATCH":
            return [await to_patch(*of)]
        if entry.method == "PUT":
            assert entry.resource is not None
            return [await to_update(*of, entry.resource)]
        return [await to_create(*of)]


def _refuse_overlaps(work: Work) -> None:
    """Each resource once. A conditional create that found one only names it, and so may stand
    beside its update, but not beside its deletion. Errors: bundle-duplicate.
    """
    seen: set[Key] = set()
    gone = work.deleted_keys()
    for i, entry in enumerate(work.entries):
        for target in work.targets[i]:
            key = (target.resource_type, target.id)
            if entry.method == "POST":
                if key in gone:
                    raise FhirError("bundle-duplicate", entry.at)
            elif key in seen:
                raise FhirError("bundle-duplicate", entry.at)
            else:
                seen.add(key)


async def _contents(work: Work) -> dict[int, Json]:
    """What is to be written, by entry: a copy, since another attempt starts from what was sent."""
    out: dict[int, Json] = {}
    for i, entry in enumerate(work.entries):
        if entry.method == "DELETE" or (entry.method == "POST" and work.targets[i][0].current):
            continue
        if entry.method == "PATCH":
            assert entry.patch is not None
            with _placed(entry):
                _check_versions(work, i)
                out[i] = await patched(work.call, work.targets[i][0], entry.patch)
            work.conditional.append(i)
        else:
            text = encode(entry.resource)
            if may_be_conditional(text):
                work.conditional.append(i)
            rewritten = None if work.other_places else rewrite_plain(text, work.places)
            out[i] = decode_stored(rewritten or text)
            if rewritten is not None:
                continue
        with _placed(entry):
            rewrite(work.call.service.definitions, out[i], work.places)
    return out


async def _refer(work: Work, contents: dict[int, Json]) -> None:
    """Conditional references become plain ones. Errors: bundle-conditional, criteria-*."""
    found: dict[str, list[tuple[int, Json]]] = {}
    for i in work.conditional:
        for reference in conditional_references(contents[i]):
            found.setdefault(reference["reference"], []).append((i, reference))
    gone = work.deleted_keys()
    calls = [partial(_referred, work, text, uses[0][0], gone) for text, uses in found.items()]
    named = await all_of(calls, work.call.service.limits.at_once)
    for uses, name in zip(found.values(), named, strict=True):
        for _, reference in uses:
            reference["reference"] = name


async def _referred(work: Work, text: str, i: int, gone: set[Key]) -> str:
    """What the criteria of a condition in this Bundle name, or the one match in the store.

    Errors: bundle-conditional unless exactly one resource matches.
    """
    entry, service = work.entries[i], work.call.service
    parsed = CONDITIONAL(text)
    assert parsed is not None
    resource_type = parsed[1]
    if not service.definitions.is_resource(resource_type):
        raise FhirError("bundle-conditional", entry.at)
    with _placed(entry):
        pairs = criteria_pairs(resource_type, text)
        own = work.conditions.get((resource_type, tuple(sorted(pairs))))
        if own is not None and work.entries[own].method != "DELETE":
            return f"{resource_type}/{work.targets[own][0].id}"
        try:
            found, _ = await find_one(service, resource_type, pairs)
        except FhirError as error:
            if error.code != "duplicate-found":
                raise
            found = None
    if found is None or (resource_type, found.id) in gone:
        raise FhirError("bundle-conditional", entry.at)
    return f"{resource_type}/{found.id}"


def _check_versions(work: Work, i: int) -> None:
    """Errors: version-etag, version-conflict, version-exists."""
    entry, targets = work.entries[i], work.targets[i]
    check_preconditions(
        targets[0].current if len(targets) == 1 else None,
        if_match=entry.if_match,
        if_none_match=entry.if_none_match,
        at=entry.at,
    )


def _make(work: Work, i: int, resource: Json | None) -> None:
    """The changes and the reply of one entry."""
    entry, targets = work.entries[i], work.targets[i]
    if entry.method == "DELETE":
        gone = [each for each in map(deleted, targets) if each is not None]
        work.changes += gone
        only = stored(gone[0]) if gone and (len(gone) == 1 or entry.criteria is None) else None
        work.replies[i] = Reply.deleted(only, len(gone))
        return
    target = targets[0]
    if resource is None:  # a conditional create that found something
        assert target.current is not None
        work.replies[i] = Reply.written_as(200, target.current)
        return
    if entry.method == "POST":
        twin = work.made.get((target.resource_type, target.id))
        if twin is not None:
            work.replies[i] = Reply.written_as(200, twin)
            return
    elif entry.method == "PUT":
        _check_versions(work, i)
    new = written(work.call.service, target, resource)
    if new is None:
        assert target.current is not None
        work.replies[i] = Reply.written_as(200, target.current)
        return
    made = work.made[target.resource_type, target.id] = stored(new)
    work.changes.append(new)
    work.replies[i] = Reply.written_as(201 if target.live is None else 200, made)
