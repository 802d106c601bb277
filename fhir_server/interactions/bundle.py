"""The entries of a batch or transaction, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from ..errors import FhirError
from ..exchange import Call, Service
from ..model.ids import is_id

Json: TypeAlias = dict[str, Any]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


@dataclass(slots=True)
class Entry:
    """One entry as a request of its own. `at` is its FHIRPath location in the Bundle."""

    at: str
    method: str
    path: list[str]
    pairs: list[tuple[str, str]]
    full_url: str
    resource: Json | None
    if_match: str = ""
    if_none_exist: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    # What the transaction makes of it:
    id: str = ""
    version: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def resource_type(self) -> str:
        return self.path[0] if self.path else ""


def read_entries(service: Service, bundle: Json, base: str) -> list[Entry]:
    """Errors: bundle-entry, bundle-method, bundle-resource, bundle-url, bundle-too-large."""
    entries = bundle.get("entry", [])
    if len(entries) > service.limits.bundle_entries:
        raise FhirError("bundle-too-large", "Bundle.entry", limit=service.limits.bundle_entries)
    return [read_entry(each, f"Bundle.entry[{i}]", base) for i, each in enumerate(entries)]


def read_entry(entry: Json, at: str, base: str) -> Entry:
    request = entry.get("request")
    if not request or "method" not in request or "url" not in request:
        raise FhirError("bundle-entry", at)
    method, url = request["method"], request["url"]
    if method not in METHODS:
        raise FhirError("bundle-method", f"{at}.request.method", expected=", ".join(METHODS))
    resource = entry.get("resource")
    # A search and an operation may do without a body.
    bare = url.partition("?")[0].rpartition("/")[2][:1] in ("_", "$")
    if method in ("POST", "PUT") and resource is None and not bare:
        raise FhirError("bundle-resource", at)
    path, _, query = url.removeprefix(base).partition("?")
    if path.startswith(("http://", "https://")):
        raise FhirError("bundle-url", f"{at}.request.url")
    return Entry(
        at=at,
        method=method,
        path=[part for part in path.split("/") if part],
        pairs=parse_qsl(query, keep_blank_values=True),
        full_url=entry.get("fullUrl", ""),
        resource=resource,
        if_match=request.get("ifMatch", ""),
        if_none_exist=request.get("ifNoneExist", ""),
        if_none_match=request.get("ifNoneMatch", ""),
        if_modified_since=request.get("ifModifiedSince", ""),
    )


def check_entry(entry: Entry, service: Service) -> None:
    """Is it something a transaction can do? Errors: bundle-url, id-invalid, type-unknown."""
    where = f"{entry.at}.request.url"
    if entry.method in ("GET", "HEAD"):
        return
    if not entry.path or not service.definitions.is_resource(entry.resource_type):
        raise FhirError("bundle-url", where)
    expected = 1 if entry.method == "POST" else 2
    if len(entry.path) != expected or entry.pairs:
        raise FhirError("bundle-url", where)
    if expected == 2 and not is_id(entry.path[1]):
        raise FhirError("id-invalid", where)
    if entry.method == "PUT" and entry.resource is not None:
        if "id" not in entry.resource:
            raise FhirError("id-missing", f"{entry.at}.resource.id")
        if entry.resource["id"] != entry.path[1]:
            raise FhirError("id-mismatch", f"{entry.at}.resource.id")


def as_call(entry: Entry, call: Call) -> Call:
    """The entry as a call of its own, for a batch and for reads in a transaction."""
    return Call(
        service=call.service,
        base=call.base,
        pairs=entry.pairs,
        resource=entry.resource,
        if_match=entry.if_match,
        if_none_exist=entry.if_none_exist,
        if_none_match=entry.if_none_match,
        if_modified_since=entry.if_modified_since,
        prefer=call.prefer,
        provenance=call.provenance,
        credential=call.credential,
    )
