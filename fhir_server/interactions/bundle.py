"""The entries of a batch or transaction, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from ..errors import FhirError, Issue, define
from ..exchange import Call, Service
from ..exchange.integrity import CASCADE
from ..exchange.operation import OPERATIONS
from ..exchange.patching import Patch, entry_patch
from ..exchange.searching import criteria_pairs
from ..exchange.targets import check_id
from ..model.ids import is_id
from ..search.query import EDGE

Json: TypeAlias = dict[str, Any]
Pairs: TypeAlias = list[tuple[str, str]]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
WITH_RESOURCE = ("POST", "PUT", "PATCH")
OF_REQUEST = ("criteria-", "search-", "duplicate-", "version-", "read-")

define(
    "bundle-operation", "not-supported", 400,
    "会更改数据的操作不能在事务中调用，请用 batch",
    "an operation that changes something cannot be part of a transaction; use a batch",
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One entry as a request of its own. `at` is its FHIRPath location in the Bundle."""

    at: str
    method: str
    path: list[str]
    pairs: Pairs
    full_url: str
    resource: Json | None
    patch: Patch | None = None
    if_match: str = ""
    if_none_exist: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""

    @property
    def resource_type(self) -> str:
        return self.path[0] if self.path else ""

    @property
    def special(self) -> bool:
        """A search by POST, or an operation: it may do without a body."""
        return bool(self.path) and self.path[-1][0] in "_$"

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD") or self.special

    @property
    def criteria(self) -> Pairs | None:
        """Those of a conditional interaction; None where the entry is for an id, or a plain create.

        Errors: criteria-empty, type-mismatch.
        """
        if self.method == "POST" and self.if_none_exist:
            return criteria_pairs(self.resource_type, self.if_none_exist)
        left_out = EDGE | {CASCADE} if self.method == "DELETE" else EDGE
        pairs = [pair for pair in self.pairs if pair[0] not in left_out]
        if len(self.path) > 1 or (self.method == "POST" and not pairs):
            return None
        return pairs

    def located(self, issues: Sequence[Issue]) -> list[Issue]:
        """The same findings with their place in the Bundle."""
        return [self._located(each) for each in issues]

    def _located(self, issue: Issue) -> Issue:
        if issue.at.startswith("Bundle."):
            return issue
        rest = issue.at.partition(".")[2]
        at = f"{self.at}.resource" + (f".{rest}" if rest else "")
        if issue.code.startswith(OF_REQUEST) and issue.code != "criteria-id":
            at = f"{self.at}.request"
        return Issue(issue.code, at, issue.args, issue.severity)


def read_entries(service: Service, bundle: Json, base: str) -> list[Entry]:
    """Errors: bundle-entry, bundle-method, bundle-resource, bundle-url, bundle-too-large."""
    check_count(service, bundle)
    entries = bundle.get("entry", [])
    return [read_entry(each, f"Bundle.entry[{i}]", base) for i, each in enumerate(entries)]


def check_count(service: Service, bundle: Json) -> None:
    """Errors: bundle-too-large."""
    limit = service.limits.bundle_entries
    if len(bundle.get("entry", [])) > limit:
        raise FhirError("bundle-too-large", "Bundle.entry", limit=limit)


def read_entry(entry: Json, at: str, base: str) -> Entry:
    """Errors: bundle-entry, bundle-method, bundle-resource, bundle-patch, bundle-url."""
    request = entry.get("request")
    if not request or "method" not in request or "url" not in request:
        raise FhirError("bundle-entry", at)
    method, url = request["method"], request["url"]
    if method not in METHODS:
        raise FhirError("bundle-method", f"{at}.request.method", expected=", ".join(METHODS))
    path, _, query = url.removeprefix(base).partition("?")
    if path.startswith(("http://", "https://")):
        raise FhirError("bundle-url", f"{at}.request.url")
    found = Entry(
        at=at,
        method=method,
        path=[part for part in path.split("/") if part],
        pairs=parse_qsl(query, keep_blank_values=True),
        full_url=entry.get("fullUrl", ""),
        resource=entry.get("resource"),
        if_match=request.get("ifMatch", ""),
        if_none_exist=request.get("ifNoneExist", ""),
        if_none_match=request.get("ifNoneMatch", ""),
        if_modified_since=request.get("ifModifiedSince", ""),
    )
    if method in WITH_RESOURCE and found.resource is None and not found.special:
        raise FhirError("bundle-resource", at)
    if method == "PATCH" and found.resource is not None:
        try:
            found.patch = entry_patch(found.resource, at)
        except FhirError as error:
            raise FhirError.of(found.located(error.issues)) from None
    return found


def check_entry(entry: Entry, service: Service) -> None:
    """Is it something a transaction can do?

    Errors: bundle-url, bundle-operation, id-invalid, id-missing, id-mismatch, criteria-empty.
    """
    where = f"{entry.at}.request.url"
    if entry.method == "POST" and entry.special:
        codes = {"$" + each.code for each in OPERATIONS if each.affects_state}
        if entry.path[-1] in codes:
            raise FhirError("bundle-operation", where)
        return
    if entry.method in ("GET", "HEAD"):
        return
    if not entry.path or not service.definitions.is_resource(entry.resource_type):
        raise FhirError("bundle-url", where)
    if len(entry.path) > (1 if entry.method == "POST" else 2) or entry.special:
        raise FhirError("bundle-url", where)
    if len(entry.path) == 1:
        if entry.criteria == []:
            raise FhirError("criteria-empty", where)
        return
    if not is_id(entry.path[1]):
        raise FhirError("id-invalid", where)
    if entry.method == "PUT" and entry.resource is not None:
        check_id(entry.resource_type, entry.path[1], entry.resource)


def as_call(entry: Entry, call: Call) -> Call:
    """The entry as a call of its own, for a batch and for reads in a transaction."""
    return Call(
        service=call.service,
        base=call.base,
        pairs=entry.pairs,
        resource=entry.resource,
        patch=entry.patch,
        if_match=entry.if_match,
        if_none_exist=entry.if_none_exist,
        if_none_match=entry.if_none_match,
        if_modified_since=entry.if_modified_since,
        prefer=call.prefer,
        provenance=call.provenance,
        credential=call.credential,
        language=call.language,
    )
