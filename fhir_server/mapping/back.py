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
)
from . import places as at
from .converters import PHONE_SEPARATOR
from .models import read
from .paper import AS_WRITTEN
from .parties import DEPARTMENTS
from .places import Facts
from .request import PRINTED_AGE

Json = dict[str, Any]
define(
    "form-incomplete", "not-found", 404,
    "此转诊缺少表单的 {missing}", "this referral has no {missing} of a form",
)  # fmt: skip
_PARAGRAPH = re.compile(r"<p[^>]*>(.*)</p>\s*</div>\s*$", re.DOTALL)


def read_facts(resources: Iterable[Json]) -> tuple[Facts, dict[str, str], dict[str, Any]]:
    """The facts, the free texts by the title of their section, and the models by type.

    Errors: form-incomplete without the ServiceRequest or its Composition.
    """
    models: dict[str, Any] = {}
    for each in resources:
        if each["resourceType"] not in models:
            models[each["resourceType"]] = read(each)
    for kind in ("ServiceRequest", "Composition"):
        if kind not in models:
            raise FhirError("form-incomplete", missing=kind)
    facts: Facts = {}
    _request_facts(models["ServiceRequest"], facts)
    _document_facts(models["Composition"], facts)
    sections = models["Composition"].section or ()
    return facts, {s.title: _text(s) for s in sections if s.title}, models


def _request_facts(request: Any, facts: Facts) -> None:
    _put(facts, at.DATE, request.authoredOn)
    for each in request.extension or ():
        if each.url == PRINTED_AGE:
            age = each.valueInteger
            facts[at.AGE] = each.valueString if age is None else age
    _put(facts, at.NUMBER, _identifier(request, REQUEST_NO))
    for each in request.basedOn or ():
        if each.identifier is not None:
            _put(facts, at.BASED_ON, each.display)
    visit = request.encounter
    if visit is not None and visit.identifier is not None:
        _put(facts, at.ENCOUNTER_RECORD, visit.identifier.value)
    _display(request.requester, at.DOCTOR, facts)
    for each in request.performer or ():
        _display(each, _performer(each), facts)


def _performer(reference: Any) -> str:
    if reference.identifier is not None and reference.identifier.system == DEPARTMENTS:
        return at.DEPARTMENT
    kind = reference.type or (reference.reference or "").partition("/")[0]
    return at.RECEIVING_DOCTOR if kind == "PractitionerRole" else at.RECEIVER


def _display(reference: Any, place: str, facts: Facts) -> None:
    if reference is not None and place not in facts:
        _put(facts, place, reference.display)


def _document_facts(composition: Any, facts: Facts) -> None:
    _display(composition.custodian, at.SENDER, facts)
    written = {
        each.valueReference.reference.removeprefix("#")
        for each in composition.extension or ()
        if each.url == AS_WRITTEN
    }
    for each in composition.contained or ():
        if each.id in written and each.__class__.__name__ == "Patient":
            _patient_facts(each, facts)
        elif each.id in written:
            _put(facts, at.DOCTOR_PHONE, _phone(each))


def _patient_facts(patient: Any, facts: Facts) -> None:
    for name in patient.name or ():
        _put(facts, at.NAME, name.text)
    for each in patient.extension or ():
        if each.valueCoding is not None and each.valueCoding.system == SEX_GBT2261:
            _put(facts, at.SEX, each.valueCoding.display)
    _put(facts, at.PATIENT_PHONE, _phone(patient))
    for address in patient.address or ():
        _put(facts, at.ADDRESS, address.text)
    _put(facts, at.BIRTH, patient.birthDate)
    for system, place in (
        (RESIDENT_ID, at.RESIDENT_ID),
        (HEALTH_RECORD_NO, at.HEALTH_RECORD),
        (MEDICAL_RECORD_NO, at.MEDICAL_RECORD),
    ):
        _put(facts, place, _identifier(patient, system))


def _put(facts: Facts, place: str, value: str | None) -> None:
    if value:
        facts[place] = value


def _phone(resource: Any) -> str | None:
    found = [t.value for t in resource.telecom or () if t.value and t.system in (None, "phone")]
    return PHONE_SEPARATOR.join(found) or None


def _identifier(resource: Any, system: str) -> str | None:
    return next((i.value for i in resource.identifier or () if i.system == system), None)


def _text(section: Any) -> str:
    found = _PARAGRAPH.search(section.text.div if section.text is not None else "")
    return unescape(found[1]) if found else ""
