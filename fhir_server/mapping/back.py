"""Resources of a referral back to the facts of the form it came from.

Everything that is printed comes from the ServiceRequest and its Composition, which keeps the form's
header as it was written: the Patient and the doctor may have changed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from ..errors import FhirError, define
from ..model.canonical import (
    HEALTH_RECORD_NO,
    MEDICAL_RECORD_NO,
    REQUEST_NO,
    RESIDENT_ID,
    SEX_GBT2261,
    naming_system,
)
from . import places as at
from .build import AS_WRITTEN, PRINTED_AGE
from .places import Facts

Json = dict[str, Any]
define(
    "form-incomplete", "not-found", 404,
    "此转诊缺少表单的 {missing}", "this referral has no {missing} of a form",
)  # fmt: skip
_PARAGRAPH = re.compile(r"<p[^>]*>(.*)</p>\s*</div>\s*$", re.DOTALL)


def read_facts(resources: Iterable[Json]) -> tuple[Facts, dict[str, str]]:
    """The facts, and the free texts by the title of their section.

    Errors: form-incomplete without the ServiceRequest or its Composition.
    """
    by_type: dict[str, list[Json]] = {}
    for each in resources:
        by_type.setdefault(each["resourceType"], []).append(each)
    request = _one(by_type, "ServiceRequest")
    composition = _one(by_type, "Composition")
    facts: Facts = {}
    _request_facts(request, facts)
    _document_facts(composition, facts)
    texts = {s["title"]: _text(s) for s in composition.get("section", ()) if "title" in s}
    return facts, texts


def _one(by_type: dict[str, list[Json]], kind: str) -> Json:
    found = by_type.get(kind)
    if not found:
        raise FhirError("form-incomplete", missing=kind)
    return found[0]


def _request_facts(request: Json, facts: Facts) -> None:
    facts[at.DATE] = request["authoredOn"]
    for each in request.get("extension", ()):
        if each.get("url") == PRINTED_AGE:
            facts[at.AGE] = each.get("valueInteger", each.get("valueString"))
    number = _identifier(request, REQUEST_NO)
    if number:
        facts[at.NUMBER] = number
    for each in request.get("basedOn", ()):
        if each.get("identifier", {}).get("system") == REQUEST_NO:
            facts[at.BASED_ON] = each["identifier"]["value"]
    visit = request.get("encounter", {}).get("identifier", {})
    _put(facts, at.ENCOUNTER_RECORD, visit.get("value"))
    _display(request.get("requester"), at.DOCTOR, facts)
    for each in request.get("performer", ()):
        kind = _performer(each)
        if kind not in facts:
            _display(each, kind, facts)


def _performer(reference: Json) -> str:
    if reference.get("identifier", {}).get("system") == naming_system("department"):
        return at.DEPARTMENT
    kind = reference.get("type") or reference.get("reference", "").partition("/")[0]
    return at.RECEIVING_DOCTOR if kind == "PractitionerRole" else at.RECEIVER


def _display(reference: Json | None, place: str, facts: Facts) -> None:
    if reference and reference.get("display"):
        facts[place] = reference["display"]


def _document_facts(composition: Json, facts: Facts) -> None:
    _display(composition.get("custodian"), at.SENDER, facts)
    written = {
        each["valueReference"]["reference"].removeprefix("#")
        for each in composition.get("extension", ())
        if each.get("url") == AS_WRITTEN
    }
    for each in composition.get("contained", ()):
        if each.get("id") in written:
            if each["resourceType"] == "Patient":
                _patient_facts(each, facts)
            else:
                _put(facts, at.DOCTOR_PHONE, _phone(each))


def _patient_facts(patient: Json, facts: Facts) -> None:
    _put(facts, at.NAME, patient["name"][0].get("text"))
    for each in patient.get("extension", ()):
        if each.get("valueCoding", {}).get("system") == SEX_GBT2261:
            facts[at.SEX] = each["valueCoding"]["display"]
    _put(facts, at.PATIENT_PHONE, _phone(patient))
    addresses = patient.get("address") or [{}]
    _put(facts, at.ADDRESS, addresses[0].get("text"))
    _put(facts, at.BIRTH, patient.get("birthDate"))
    for system, place in (
        (RESIDENT_ID, at.RESIDENT_ID),
        (HEALTH_RECORD_NO, at.HEALTH_RECORD),
        (MEDICAL_RECORD_NO, at.MEDICAL_RECORD),
    ):
        _put(facts, place, _identifier(patient, system))


def _put(facts: Facts, place: str, value: str | None) -> None:
    if value:
        facts[place] = value


def _phone(resource: Json) -> str | None:
    return next((t.get("value") for t in resource.get("telecom", ())), None)


def _identifier(resource: Json, system: str) -> str | None:
    found = (i.get("value") for i in resource.get("identifier", ()) if i.get("system") == system)
    return next(found, None)


def _text(section: Json) -> str:
    found = _PARAGRAPH.search(section.get("text", {}).get("div", ""))
    return unescape(found[1]) if found else ""
