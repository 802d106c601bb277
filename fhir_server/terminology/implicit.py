"""Value sets that no resource defines: the code systems themselves say what they mean.

Spec: http://hl7.org/fhir/R4/snomedct.html#implicit, http://hl7.org/fhir/R4/loinc.html#implicit
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from ..errors import FhirError
from . import failures  # noqa: F401  # its rows
from .systems import System

Json: TypeAlias = dict[str, Any]
FindSystem: TypeAlias = Callable[[str, str], Awaitable[System | None]]

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
_SNOMED = re.compile(r"(http://snomed\.info/sct(?:/\d+(?:/version/\d+)?)?)\?fhir_vs(?:=(.*))?")
_ISA = re.compile(r"isa/(\d{6,18})")
_LOINC = re.compile(r"http://loinc\.org/vs(?:/((?:LP|LL|LG)?\d+-\d))?")
_ANY = re.compile(r"(.+)\?fhir_vs(?:=isa/(\S+))?")
_KNOWN = "?fhir_vs, ?fhir_vs=isa/[sctid]"


async def implied(url: str, find_system: FindSystem) -> Json | None:
    """The value set that a url means; None where it means none.

    Errors: terminology-ecl.
    """
    plain, _, version = url.partition("|")
    snomed = _SNOMED.fullmatch(plain)
    if snomed is not None:
        return _snomed(plain, snomed[1], snomed[2])
    loinc = _LOINC.fullmatch(plain)
    if loinc is not None:
        return await _loinc(plain, version, loinc[1] or "", find_system)
    other = _ANY.fullmatch(plain)
    if other is None or await find_system(other[1], version) is None:
        return None
    filters = [_filter("concept", "is-a", other[2])] if other[2] else []
    return _of(plain, version, other[1], filters, version)


def _snomed(url: str, edition: str, which: str | None) -> Json:
    """All of it, or what is under one concept. Errors: terminology-ecl."""
    version = edition if edition != SNOMED else ""
    if not which:
        return _of(url, "", SNOMED, [], version)
    root = _ISA.fullmatch(which)
    if root is None:
        raise FhirError("terminology-ecl", expected=_KNOWN)
    return _of(url, "", SNOMED, [_filter("concept", "is-a", root[1])], version)


async def _loinc(url: str, version: str, part: str, find_system: FindSystem) -> Json | None:
    """All of LOINC, the answers of an answer list, or what lies under a part."""
    if not part:
        return _of(url, version, LOINC, [], version)
    system = await find_system(LOINC, version)
    if part.startswith("LL"):
        answers = [_filter("answer-list", "=", part)]
        held = system is not None and bool(system.filtered("answer-list", "=", part))
        return _of(url, version, LOINC, answers, version) if held else None
    if system is not None and len(system.below(part)) > 1:
        return _of(url, version, LOINC, [_filter("concept", "descendent-of", part)], version)
    return None


def _filter(name: str, operator: str, value: str) -> Json:
    return {"property": name, "op": operator, "value": value}


def _of(url: str, version: str, system: str, filters: list[Json], of: str) -> Json:
    include: Json = {"system": system, **({"version": of} if of else {})}
    if filters:
        include["filter"] = filters
    return {
        "resourceType": "ValueSet",
        "url": url,
        **({"version": version} if version else {}),
        "status": "active",
        "compose": {"include": [include]},
    }
