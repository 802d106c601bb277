"""The visit and its diagnosis: Encounter and Condition."""

from __future__ import annotations

from typing import Any

from ..model.canonical import MEDICAL_RECORD_NO, OID
from . import places as at
from .entries import Entries, coding, concept, criteria, fixed, identifier, reference
from .filled import Filled, same_form
from .models import build, model
from .parties import Parties

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
# Spec: CV06.00.226 离院方式 (WS 364.12)
TO_PRIMARY_CARE = (f"{OID}.2.3.1.265", "3", "医嘱转社区卫生服务机构/乡镇卫生院")


def add_condition(entries: Entries, filled: Filled, parties: Parties, urls: dict[str, str]) -> None:
    """初步印象 is provisional, 诊断结果 confirmed. Spec: http://hl7.org/fhir/R4/condition.html"""
    key = same_form(filled)
    verification = "provisional" if filled.up else "confirmed"
    condition = build(
        model("Condition"),
        identifier=[identifier(*key)],
        clinicalStatus=fixed(f"{TERMINOLOGY}/condition-clinical", "active"),
        verificationStatus=fixed(f"{TERMINOLOGY}/condition-ver-status", verification),
        category=[fixed(f"{TERMINOLOGY}/condition-category", "encounter-diagnosis")],
        code=concept(text=filled.need(at.DIAGNOSIS)),
        subject=parties.patient,
        encounter=None if filled.up else reference(urls["Encounter"]),
        recordedDate=filled.day,
        recorder=parties.doctor,
    )
    entries.add(urls["Condition"], condition, criteria(*key))


def add_encounter(entries: Entries, filled: Filled, parties: Parties, urls: dict[str, str]) -> None:
    """Planned at the receiver when referred up; the finished visit when referred back.

    Spec: http://hl7.org/fhir/R4/encounter.html
    """
    key, number = same_form(filled), filled.get(at.ENCOUNTER_RECORD)
    numbers = [identifier(*key)]
    if number:
        numbers.append(identifier(MEDICAL_RECORD_NO, number))
    kind = ("IMP", "inpatient encounter") if number else ("AMB", "ambulatory")
    conditions = [reference(urls["Condition"])] if "Condition" in urls else []
    more = _planned(parties, urls, conditions) if filled.up else _finished(filled, conditions)
    encounter = build(
        model("Encounter"),
        identifier=numbers,
        class_fhir=coding(f"{TERMINOLOGY}/v3-ActCode", *kind),
        subject=parties.patient,
        serviceProvider=parties.receiver if filled.up else parties.sender,
        **more,
    )
    entries.add(urls["Encounter"], encounter, criteria(*key))


def _planned(parties: Parties, urls: dict[str, str], conditions: list[Any]) -> dict[str, Any]:
    seen = parties.receiving_doctor
    people = [build(model("EncounterParticipant"), individual=seen)] if seen is not None else []
    return {
        "status": "planned",
        "basedOn": [reference(urls["ServiceRequest"])],
        "reasonReference": conditions,
        "participant": people,
    }


def _finished(filled: Filled, conditions: list[Any]) -> dict[str, Any]:
    stay = None
    if filled.get(at.ENCOUNTER_RECORD):
        left = fixed(*TO_PRIMARY_CARE)
        stay = build(model("EncounterHospitalization"), dischargeDisposition=left)
    return {
        "status": "finished",
        "diagnosis": [build(model("EncounterDiagnosis"), condition=c) for c in conditions],
        "period": build(model("Period"), end=filled.day),
        "hospitalization": stay,
    }


def encounter_reference(filled: Filled, urls: dict[str, str]) -> Any:
    """The finished visit; with its number as the form has it, for printing again."""
    number = filled.get(at.ENCOUNTER_RECORD)
    written = identifier(MEDICAL_RECORD_NO, number) if number else None
    return reference(urls["Encounter"], identifier=written)
