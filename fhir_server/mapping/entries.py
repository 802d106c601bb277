"""The entries of a transaction Bundle, and the data types that all of them use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from .converters import PHONE_SEPARATOR
from .models import build, dump, model

Json = dict[str, Any]


class Entries:
    """Entries in order. Addresses come from the content, so equal forms give equal Bundles."""

    def __init__(self, content: str, profiles: Mapping[str, str] | None = None) -> None:
        self._profiles = profiles or {}
        self._head = f"urn:uuid:{content[:8]}-{content[8:12]}-4{content[13:16]}-a{content[17:20]}-"
        self._tail = content[20:30]
        self._count = 0
        self._rows: list[tuple[str, Any, str]] = []

    def address(self) -> str:
        self._count += 1
        return f"{self._head}{self._tail}{self._count:02x}"

    def add(self, full_url: str, resource: Any, condition: str = "") -> None:
        self._rows.append((full_url, resource, condition))

    def by_type(self) -> dict[str, Any]:
        """The first resource of each type, as a model."""
        out: dict[str, Any] = {}
        for _, resource, _ in self._rows:
            out.setdefault(type(resource).__name__, resource)
        return out

    def bundle(self) -> Json:
        """Spec: http://hl7.org/fhir/R4/http.html#transaction"""
        entries = []
        for full_url, resource, condition in self._rows:
            body = self._claiming(dump(resource))
            request = {"method": "POST", "url": body["resourceType"]}
            if condition:
                request["ifNoneExist"] = condition
            entries.append({"fullUrl": full_url, "resource": body, "request": request})
        return {"resourceType": "Bundle", "type": "transaction", "entry": entries}

    def _claiming(self, body: Json) -> Json:
        """With meta.profile, where the form names a profile for it."""
        kind = body["resourceType"]
        part = "Department" if kind == "Organization" and "partOf" in body else kind
        profile = self._profiles.get(part)
        if profile is None:
            return body
        meta = body.pop("meta", {})
        meta = {**meta, "profile": [*meta.get("profile", ()), profile]}
        return {"resourceType": body.pop("resourceType"), "meta": meta, **body}


def reference(url: str | None, display: str | None = None, **more: Any) -> Any:
    return build(model("Reference"), reference=url, display=display, **more)


def identifier(system: str, value: str, **more: Any) -> Any:
    return build(model("Identifier"), system=system, value=value, **more)


def extension(url: str, **value: Any) -> Any:
    return build(model("Extension"), url=url, **value)


def phones(numbers: str | None) -> list[Any]:
    """One ContactPoint a number of the box."""
    if numbers is None:
        return []
    return [
        build(model("ContactPoint"), system="phone", value=each)
        for each in numbers.split(PHONE_SEPARATOR)
    ]


def human_name(text: str) -> list[Any]:
    return [build(model("HumanName"), text=text)]


@lru_cache(256)
def coding(system: str, code: str, display: str | None = None) -> Any:
    """A Coding of fixed words. It is shared: never change one."""
    return build(model("Coding"), system=system, code=code, display=display)


@lru_cache(256)
def fixed(system: str, code: str, display: str | None = None) -> Any:
    """A CodeableConcept of one Coding, shared as well."""
    return concept(coding(system, code, display))


def concept(*codings: Any, text: str | None = None) -> Any:
    return build(model("CodeableConcept"), coding=list(codings), text=text)


def criteria(system: str, value: str) -> str:
    """Criteria of a conditional create by identifier."""
    return f"identifier={_quoted_system(system)}%7C{quote(_escape(value), safe='')}"


@lru_cache(256)
def _quoted_system(system: str) -> str:
    return quote(system, safe=":/.")


@lru_cache(4096)
def exact_name(name: str) -> str:
    """Criteria of a conditional create by name."""
    return f"name:exact={quote(_escape(name), safe='')}"


def _escape(text: str) -> str:
    """Spec: http://hl7.org/fhir/R4/search.html#escaping"""
    for mark in "\\,|$":
        if mark in text:
            text = text.replace(mark, "\\" + mark)
    return text
