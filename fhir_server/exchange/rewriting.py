"""References inside a transaction: `urn:uuid:` and conditional ones become `Type/id`.

Spec: http://hl7.org/fhir/R4/http.html#trules and http://hl7.org/fhir/R4/bundle.html#references
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ..definitions import Definitions
from ..errors import FhirError

Json: TypeAlias = dict[str, Any]
# FHIR path of dict keys, the object that holds the text (or the list), its key or index.
Place: TypeAlias = tuple[str, Any, Any]

# As `encode` writes it; inside of a string the quotation marks would stand behind backslashes.
_PLAIN = re.compile(rb'"reference":"(urn:uuid:[0-9a-fA-F-]+)"').sub
# Encoded JSON with a conditional reference; walking through a resource costs as much as writing it.
may_be_conditional = re.compile(rb'"reference":"[A-Z][A-Za-z]+\?').search
CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?(.+)", re.DOTALL).fullmatch
URI_TYPES = frozenset({"uri", "url", "canonical", "oid", "uuid"})


def texts(value: Any, path: str, wanted: Callable[[str], bool]) -> Iterator[Place]:
    """Every string that `wanted` picks, with its place; in document order."""
    if type(value) is dict:
        for key, each in value.items():
            if type(each) is str:
                if key == "div" or wanted(each):
                    yield f"{path}.{key}", value, key
            elif type(each) is dict or type(each) is list:
                yield from texts(each, f"{path}.{key}", wanted)
    else:
        for i, each in enumerate(value):
            if type(each) is str:
                if wanted(each):
                    yield path, value, i
            elif each is not None:
                yield from texts(each, path, wanted)


def is_conditional(text: str) -> bool:
    return "?" in text and CONDITIONAL(text) is not None


def conditional_references(resource: Json) -> Iterator[Json]:
    """The Reference objects whose `reference` is a search: `Patient?identifier=…`."""
    for _, owner, key in texts(resource, "", is_conditional):
        if key == "reference":
            yield owner


def rewrite_plain(text: bytes, targets: dict[str, str]) -> bytes | None:
    """Encoded JSON in which every `urn:uuid:` is the whole of a `reference` and in `targets`, with
    their replacements; None where it needs the care of `rewrite`. Most entries are so, and need
    not be walked through.
    """
    left = text.count(b"urn:uuid:")

    def replaced(found: re.Match[bytes]) -> bytes:
        nonlocal left
        target = targets.get(found[1].decode())
        if target is None:
            return found[0]
        left -= 1
        return b'"reference":"%b"' % target.encode()

    done = _PLAIN(replaced, text)
    return done if left == 0 else None


def rewrite(definitions: Definitions, resource: Json, targets: dict[str, str]) -> None:
    """Replace each fullUrl of `targets` in place: in references, in elements of the uri types,
    and in the attributes of the narrative.

    Errors: bundle-reference for a `urn:uuid:` reference that no entry has.
    """

    def wanted(text: str) -> bool:
        return text.partition("#")[0] in targets or text.startswith("urn:uuid:")

    root = resource["resourceType"]
    for path, owner, key in list(texts(resource, root, wanted)):
        text = owner[key]
        if key == "div":
            owner[key] = _narrative(text, targets)
            continue
        url, mark, fragment = text.partition("#")
        target = targets.get(url)
        if key == "reference":
            if target is None:
                raise FhirError("bundle-reference", path)
            owner[key] = target
        elif target is not None and _is_uri(definitions, resource, path):
            owner[key] = target + mark + fragment


def _narrative(text: str, targets: dict[str, str]) -> str:
    if "urn:uuid:" not in text and "http" not in text:
        return text
    return re.sub(
        r"""((?:href|src)\s*=\s*["'])([^"'#]+)""",
        lambda found: found[1] + targets.get(found[2], found[2]),
        text,
    )


def _is_uri(definitions: Definitions, resource: Json, path: str) -> bool:
    """Is the element at a path of keys of a uri type? A string that merely looks so is not."""
    current: Any = resource
    at = resource["resourceType"]
    for key in path.split(".")[1:]:
        if at in ("Resource", "DomainResource") or "resourceType" in (current or {}):
            at = current.get("resourceType", at)
        definition = definitions.type(at)
        found = definition.keys.get(key) if definition else None
        if found is None:
            return False
        at = found[1].code
        current = current.get(key) if type(current) is dict else None
        if type(current) is list:
            # Only contained resources and entries differ by item; a fullUrl there is not rewritten
            # by type, so the first item stands for all.
            current = current[0] if current and type(current[0]) is dict else None
    return at in URI_TYPES
