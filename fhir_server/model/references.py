"""References as text: "Patient/1", "http://host/fhir/Patient/1/_history/2", "#x", "urn:uuid:…"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

_FORM = re.compile(
    r"(?P<base>https?://.+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})"
    r"(?:/_history/(?P<version>[A-Za-z0-9\-.]{1,64}))?(?:#.*)?"
).fullmatch


class Target(NamedTuple):
    """What a reference names: a resource of this server (type and id), or an outside url."""

    type: str
    id: str
    url: str
    version: str = ""


@lru_cache(8192)
def parse_reference(text: str, base_url: str = "") -> Target | None:
    """None for a reference to a contained resource.

    Spec: http://hl7.org/fhir/R4/references.html#literal. `base_url` (without the last slash) is
    this server's own, so that an absolute reference to it counts as local.
    """
    if text.startswith("#"):
        return None
    found = _FORM(text)
    if found is None:
        return Target("", "", text)
    base, resource_type, id, version = found.groups()
    if base and base.rstrip("/") != base_url:
        return Target("", "", text.partition("/_history/")[0])
    return Target(resource_type, id, "", version or "")


# Of JSON as `model.json.encode` writes it. In a string each quotation mark stands behind a
# backslash, so what is found is a property of this name.
_ENCODED = re.compile(rb'[{,]"reference":("(?:[^"\\]|\\.)*")').findall


def encoded_references(body: bytes) -> list[str]:
    """The text of every `reference` in encoded JSON, in order, without decoding all of it."""
    found = _ENCODED(body)
    return [json.loads(text) if b"\\" in text else text[1:-1].decode() for text in found]


def references_in(value: Any) -> Iterator[str]:
    """The text of every `reference` in decoded JSON, in order."""
    if type(value) is dict:
        for name, each in value.items():
            if name == "reference" and type(each) is str:
                yield each
            elif type(each) is dict or type(each) is list:
                yield from references_in(each)
    else:
        for each in value:
            if type(each) is dict or type(each) is list:
                yield from references_in(each)
