"""What holds of a Bundle beyond its elements: fullUrl, and references inside a document.

Spec: http://hl7.org/fhir/R4/bundle.html#bundle-unique and #references, documents.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .findings import ERROR, WARNING, Finding, Findings, Json, one

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run


_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+").fullmatch
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.\-]*:\S+", re.IGNORECASE).fullmatch
_RESTFUL = re.compile(
    r"(.*?)/?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/([^/#]+))?"
).fullmatch


def entries(bundle: Json) -> Iterator[tuple[int, Json]]:
    held = bundle.get("entry")
    for i, each in enumerate(held if type(held) is list else ()):
        if type(each) is dict:
            yield i, each


def check_bundle(compiler: Compiler, bundle: Json, run: Run) -> Findings:
    found: list[Finding] = []
    kind = bundle.get("type")
    for i, each in entries(bundle):
        at, resource = f".entry[{i}]", each.get("resource")
        found += _full_url(each, at)
        if type(resource) is not dict:
            continue
        if kind == "document" and "fullUrl" not in each:
            found += one("bundle-document-url", at=at)
        search = each.get("search")
        mode = search.get("mode") if type(search) is dict else None
        if kind == "searchset":
            is_outcome = resource.get("resourceType") == "OperationOutcome"
            if mode == "outcome" and not is_outcome:
                found += one("bundle-search-outcome", at=at)
            if "id" not in resource and not is_outcome:
                found += one("bundle-search-id", at=at)
    if kind == "document":
        found += _document(bundle)
    return found or None


def _full_url(entry: Json, at: str) -> list[Finding]:
    url, resource = entry.get("fullUrl"), entry.get("resource")
    if type(url) is not str:
        return []
    if url.startswith(("urn:uuid:", "urn:oid:")):
        return [] if _UUID(url) or _OID(url) else one("bundle-full-url", at=at + ".fullUrl")
    if _ABSOLUTE(url) is None:
        return one("bundle-full-url", at=at + ".fullUrl")
    parts = _RESTFUL(url)
    if parts is None or type(resource) is not dict or "id" not in resource:
        return []
    wanted = f"{resource.get('resourceType')}/{resource.get('id')}"
    if f"{parts[2]}/{parts[3]}" == wanted:
        return []
    return one("bundle-full-url-id", at=at + ".fullUrl", expected="Type/id")


def _document(bundle: Json) -> list[Finding]:
    """What the Composition refers to must be there; elsewhere a lost reference is a warning."""
    found: list[Finding] = []
    for i, each in entries(bundle):
        resource = each.get("resource")
        if type(resource) is not dict:
            continue
        severity = ERROR if resource.get("resourceType") == "Composition" and i == 0 else WARNING
        for at, reference in references(resource):
            if reference.startswith("#"):
                continue
            matches = matching(bundle, reference, each)
            if len(matches) > 1:
                found += one("bundle-several", at=f".entry[{i}].resource{at}")
            elif not matches and (severity == ERROR or reference.startswith("urn:")):
                found += one("bundle-unresolved", severity, at=f".entry[{i}].resource{at}")
    return found


def references(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every literal reference in a resource, with its place."""
    waiting: list[tuple[str, Any]] = [(at, value)]
    while waiting:
        where, each = waiting.pop()
        if type(each) is dict:
            reference = each.get("reference")
            if type(reference) is str and "resourceType" not in each:
                yield where + ".reference", reference
            waiting += [(f"{where}.{k}", v) for k, v in each.items() if type(v) in (dict, list)]
        elif type(each) is list:
            waiting += [(f"{where}[{i}]", v) for i, v in enumerate(each)]


def matching(bundle: Json, reference: str, source: Json | None) -> list[Json]:
    """The resources of a Bundle that a reference in one of its entries leads to.

    Spec: http://hl7.org/fhir/R4/bundle.html#references
    """
    plain, _, _ = reference.partition("#")
    parts = _RESTFUL(plain)
    version = parts[4] if parts is not None else None
    if parts is not None:
        plain = plain.partition("/_history/")[0]
    wanted = plain
    if _ABSOLUTE(plain) is None and source is not None:
        own = _RESTFUL(str(source.get("fullUrl", "")))
        if own is None or not own[1]:
            # Without a base of its own, a relative reference goes by type and id.
            return _by_identity(bundle, parts, version)
        wanted = f"{own[1]}/{plain}"
    out = []
    for _, each in entries(bundle):
        resource = each.get("resource")
        if each.get("fullUrl") == wanted and type(resource) is dict and _is(resource, version):
            out.append(resource)
    return out


def _by_identity(bundle: Json, parts: Any, version: str | None) -> list[Json]:
    if parts is None:
        return []
    out = []
    for _, each in entries(bundle):
        resource = each.get("resource")
        if (
            type(resource) is dict
            and (resource.get("resourceType"), resource.get("id")) == (parts[2], parts[3])
            and _is(resource, version)
        ):
            out.append(resource)
    return out


def _is(resource: Json, version: str | None) -> bool:
    meta = resource.get("meta")
    held = meta.get("versionId") if type(meta) is dict else None
    return version is None or held == version


def find_entry(bundle: Json, reference: str, holder: Any) -> Json | None:
    """What a reference of a resource in a Bundle leads to; None for nothing or for several."""
    source = next((e for _, e in entries(bundle) if e.get("resource") is holder), None)
    found = matching(bundle, reference, source)
    return found[0] if len(found) == 1 else None
