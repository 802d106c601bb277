"""`_summary` and `_elements`: a part of a resource, marked as such.

Spec: http://hl7.org/fhir/R4/search.html#summary and #elements
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..definitions import Definitions, Element, TypeRef
from ..errors import FhirError, define
from ..model.json import decode_stored, encode
from .call import Call, Json, Reply

define(
    "subsetted", "business-rule", 422,
    "此资源带有 SUBSETTED 标签，是不完整的：请读取完整资源后再写入",
    "the resource is tagged SUBSETTED and thus incomplete: read the whole one before you write",
)  # fmt: skip

SUMMARIES = ("true", "text", "data", "count", "false")
TAG = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "Subsetted",
}
ALWAYS = frozenset({"resourceType", "id", "meta"})
ASIDE = 256 * 1024  # bytes of JSON; a thread cuts more than that, so that others need not wait
PARAMETERS = frozenset({"_summary", "_elements"})
# What an operation answers besides resources of the store.
WHOLE = frozenset({"OperationOutcome", "Parameters", "CapabilityStatement"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\[x\])?(?:\.[A-Za-z0-9.\[\]]+)?").fullmatch


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the client asks for. `summary` is "" where `elements` are named."""

    summary: str
    elements: tuple[str, ...] = ()

    def of(self, definitions: Definitions, resource: Json) -> Json:
        """The part of one resource, with the tag SUBSETTED."""
        name = resource["resourceType"]
        if self.summary == "true":
            found = _summary(definitions, name, resource)
        elif self.summary == "text":
            kept = ALWAYS | {"text"} | _mandatory(definitions, name)
            found = {k: v for k, v in resource.items() if k.removeprefix("_") in kept}
        elif self.summary == "data":
            found = {k: v for k, v in resource.items() if k != "text"}
        else:
            kept = ALWAYS | _kept(definitions, name) | _named(definitions, name, self.elements)
            found = {k: v for k, v in resource.items() if k.removeprefix("_") in kept}
        return marked(found)


def marked(resource: Json) -> Json:
    """With SUBSETTED among `meta.tag`; nothing is changed in place."""
    if is_marked(resource):
        return resource
    meta = resource.get("meta", {})
    meta = {**meta, "tag": [*meta.get("tag", ()), TAG]}
    head: Json = {k: resource[k] for k in ("resourceType", "id") if k in resource}
    return {**head, "meta": meta, **{k: v for k, v in resource.items() if k not in ALWAYS}}


def is_marked(resource: Json) -> bool:
    """Is this what a server left of a resource?"""
    tags = resource.get("meta", {}).get("tag", ())
    return any(
        each.get("code") == TAG["code"] and each.get("system", TAG["system"]) == TAG["system"]
        for each in tags
    )


def read_wanted(call: Call) -> Wanted | None:
    """None for the whole resource. Errors: parameter-value."""
    summary, elements = "", []
    for name, value in call.pairs:
        if name == "_summary" and value:
            summary = value
        elif name == "_elements":
            elements += [each.strip() for each in value.split(",") if each.strip()]
    if summary not in ("", *SUMMARIES):
        raise FhirError("parameter-value", "_summary", name="_summary", expected=_or(SUMMARIES))
    if elements and summary not in ("", "false"):
        raise FhirError(
            "parameter-value", "_summary", name="_summary",
            expected="false (with _elements) / 与 _elements 同用时为 false",
        )  # fmt: skip
    including = any(n.partition(":")[0] in ("_include", "_revinclude") for n, _ in call.pairs)
    if summary == "text" and including:
        raise FhirError(
            "parameter-value", "_summary", name="_summary",
            expected="true, data, count, false (with _include, _revinclude)",
        )  # fmt: skip
    if elements:
        names = _checked(call, elements, including)
        return Wanted("", names) if names else None
    return Wanted(summary) if summary not in ("", "false") else None


def _or(names: Iterable[str]) -> str:
    return ", ".join(names)


def _checked(call: Call, elements: list[str], including: bool) -> tuple[str, ...]:
    """Names that no type in question has are wrong, unless handling is lenient.

    Errors: parameter-value.
    """
    definitions, own = call.service.definitions, call.resource_type
    out = []
    for each in elements:
        head, _, rest = each.partition(".")
        if rest and definitions.is_resource(head):
            known = rest.partition(".")[0] in _roots(definitions, head)
        elif not own or including:
            known = _NAME(each) is not None
        else:
            known = each in ALWAYS or _root(each) in _roots(definitions, own)
        if known:
            out.append(each)
        elif not call.lenient:
            expected = _or(_elements(definitions, own)) if own else "_elements=name,…"
            raise FhirError("parameter-value", "_elements", name="_elements", expected=expected)
    return tuple(out)


async def apply(call: Call, reply: Reply, wanted: Wanted) -> Reply:
    """The reply with every resource in it cut to what is wanted.

    A Bundle that the server has put together is cut entry by entry; one that is stored is a
    resource like others.
    """
    if reply.body is None or reply.status >= 300 or reply.media_type:
        return reply
    definitions, stored = call.service.definitions, reply.stored is not None
    if len(reply.body) > ASIDE:
        reply.body = await asyncio.to_thread(_cut, definitions, reply.body, wanted, stored)
    else:
        reply.body = _cut(definitions, reply.body, wanted, stored)
    return reply


def _cut(definitions: Definitions, body: bytes, wanted: Wanted, stored: bool) -> bytes:
    resource: Json = decode_stored(body)
    if resource["resourceType"] == "Bundle" and not stored:
        return encode(_bundle(definitions, resource, wanted))
    if resource["resourceType"] in WHOLE and not stored:
        return body
    return encode(wanted.of(definitions, resource))


def _bundle(definitions: Definitions, bundle: Json, wanted: Wanted) -> Json:
    for entry in bundle.get("entry", ()):
        if entry.get("search", {}).get("mode") != "outcome" and "resource" in entry:
            entry["resource"] = wanted.of(definitions, entry["resource"])
    return bundle


# --- what the definitions say of each type


@lru_cache(1024)
def _elements(definitions: Definitions, path: str) -> dict[str, Element]:
    found = definitions.type(path)
    return dict(found.elements) if found is not None else {}


@lru_cache(1024)
def _keys(definitions: Definitions, path: str) -> dict[str, tuple[Element, TypeRef]]:
    found = definitions.type(path)
    return found.keys if found is not None else {}


def _root(name: str) -> str:
    return name.partition(".")[0].removesuffix("[x]")


@lru_cache(256)
def _roots(definitions: Definitions, path: str) -> frozenset[str]:
    """Names a client may use: `value`, and `valueQuantity` as well."""
    return frozenset(_elements(definitions, path)) | frozenset(_keys(definitions, path))


@lru_cache(256)
def _mandatory(definitions: Definitions, path: str) -> frozenset[str]:
    """JSON names of the elements at the top that must be there."""
    return frozenset(k for k, (e, _) in _keys(definitions, path).items() if e.min > 0)


@lru_cache(256)
def _kept(definitions: Definitions, path: str) -> frozenset[str]:
    """Mandatory elements and modifiers, without which the rest would be misread."""
    keys = _keys(definitions, path).items()
    return frozenset(k for k, (e, _) in keys if e.min > 0 or e.modifier)


@lru_cache(1024)
def _named(definitions: Definitions, path: str, names: Sequence[str]) -> frozenset[str]:
    """JSON names of the elements asked for; `Type.element` counts for that type alone."""
    wanted = set()
    for each in names:
        head, _, rest = each.partition(".")
        if rest and definitions.is_resource(head):
            if head == path:
                wanted.add(_root(rest))
        else:
            wanted.add(_root(each))
    keys = _keys(definitions, path).items()
    return frozenset(k for k, (e, _) in keys if e.name in wanted or k in wanted)


@lru_cache(1024)
def _in_summary(definitions: Definitions, path: str) -> dict[str, tuple[Element, TypeRef]]:
    keys = _keys(definitions, path).items()
    return {k: (e, t) for k, (e, t) in keys if e.summary or e.min > 0 or e.modifier}


def _summary(definitions: Definitions, path: str, value: Json) -> Json:
    """The elements marked as summary, in nested elements and data types too.

    A mandatory element of which nothing would be left stays whole. So do elements that hold
    nothing but extensions, and extensions that are modifiers, which the marks do not cover.
    """
    kept = _in_summary(definitions, path)
    out: Json = {}
    for key, each in value.items():
        if key == "resourceType":
            out[key] = each
            continue
        found = kept.get(key.removeprefix("_"))
        if found is None:
            continue
        element, ref = found
        if key[0] == "_" or ref.code in definitions.primitives:
            out[key] = each
            continue
        part = _part(definitions, ref.code, each)
        if part or element.min > 0:
            out[key] = part or each
    return out


def _part(definitions: Definitions, path: str, value: Any) -> Any:
    if type(value) is list:
        parts = [_part(definitions, path, each) for each in value]
        return [part for part in parts if part]
    if path == "Extension" or not value.keys() - {"id", "extension"}:
        return value
    return _summary(definitions, value["resourceType"] if path == "Resource" else path, value)
