"""Who takes part in a referral: patient, institutions, department, doctors.

All are conditional creates, so that a second referral of the same patient or doctor finds the
first one's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..model.canonical import (
    HEALTH_RECORD_NO,
    MEDICAL_RECORD_NO,
    RESIDENT_ID,
    SEX_GBT2261,
    naming_system,
    structure_definition,
)
from . import places as at
from .converters import birth_from_age, birth_of
from .entries import (
    Entries,
    coding,
    criteria,
    exact_name,
    extension,
    fixed,
    human_name,
    identifier,
    phones,
    reference,
)
from .filled import Filled
from .models import build, model

SEX_EXTENSION = structure_definition("gbt2261-sex")
DEPARTMENTS = naming_system("department")
PEOPLE = naming_system("practitioner")
ROLES = naming_system("practitioner-role")
HOSPITAL_RECORDS = naming_system("medical-record-of-hospital")
DEPARTMENT_TYPE = ("http://terminology.hl7.org/CodeSystem/organization-type", "dept")
# Spec: GB/T 2261.1-2003. Printed word → code, FHIR administrative-gender
SEXES = {
    "男": ("1", "male"),
    "女": ("2", "female"),
    "未知的性别": ("0", "unknown"),
    "未说明的性别": ("9", "unknown"),
}


@dataclass(frozen=True, slots=True)
class Parties:
    """References to those who take part, with their names as the form has them."""

    patient: Any
    sender: Any
    receiver: Any
    doctor: Any
    department: Any | None
    receiving_doctor: Any | None

    def performers(self) -> list[Any]:
        return [p for p in (self.receiver, self.department, self.receiving_doctor) if p is not None]


def add_parties(entries: Entries, filled: Filled) -> Parties:
    """Their entries; the references for everything else."""
    here, there = filled.need(at.SENDER), filled.need(at.RECEIVER)
    patient = _add_patient(entries, filled)
    sender = _add_organization(entries, here)
    receiver = sender if there == here else _add_organization(entries, there)
    name, phone = filled.need(at.DOCTOR), filled.get(at.DOCTOR_PHONE)
    doctor = _add_role(entries, sender, here, name, phone)
    department = receiving = None
    if word := filled.get(at.DEPARTMENT):
        department = _add_department(entries, receiver, there, word)
    if other := filled.get(at.RECEIVING_DOCTOR):
        same = (there, other, None) == (here, name, phone)
        receiving = doctor if same else _add_role(entries, receiver, there, other, None)
    return Parties(patient, sender, receiver, doctor, department, receiving)


def patient_model(filled: Filled, *, written: bool = False, **more: Any) -> Any:
    """`written`: only what the form says; else the date of birth is worked out as well."""
    get = filled.get
    sex, birth, address = filled.need(at.SEX), get(at.BIRTH), get(at.ADDRESS)
    code, gender = SEXES[sex]
    numbers = (
        (RESIDENT_ID, get(at.RESIDENT_ID), "official"),
        (HEALTH_RECORD_NO, get(at.HEALTH_RECORD), None),
        (MEDICAL_RECORD_NO, get(at.MEDICAL_RECORD), None),
    )
    if birth is None and not written:
        birth = _born(filled)
    return build(
        model("Patient"),
        extension=[extension(SEX_EXTENSION, valueCoding=coding(SEX_GBT2261, code, sex))],
        identifier=[identifier(system, no, use=use) for system, no, use in numbers if no],
        name=human_name(filled.need(at.NAME)),
        telecom=phones(get(at.PATIENT_PHONE)),
        gender=gender,
        birthDate=birth,
        address=[build(model("Address"), text=address)] if address else None,
        **more,
    )


def _born(filled: Filled) -> str | None:
    """The day in the 身份证号, else what the age says, as exact as it is."""
    if number := filled.get(at.RESIDENT_ID):
        day = birth_of(number)
        return day.isoformat() if day else None
    age = filled.get(at.AGE)
    return birth_from_age(age, date.fromisoformat(filled.day)) if age else None


def _add_patient(entries: Entries, filled: Filled) -> Any:
    url, get, name = entries.address(), filled.get, filled.need(at.NAME)
    patient, condition = patient_model(filled), ""
    if number := get(at.RESIDENT_ID):
        condition = criteria(RESIDENT_ID, number)
    elif number := get(at.HEALTH_RECORD):
        # This number has no check character, so the name must agree as well.
        condition = criteria(HEALTH_RECORD_NO, number) + "&" + exact_name(name)
    elif number := get(at.MEDICAL_RECORD):
        # A 病案号 is unique only in its hospital.
        local = f"{filled.need(at.SENDER)} {number}"
        patient.identifier.append(identifier(HOSPITAL_RECORDS, local))
        condition = criteria(HOSPITAL_RECORDS, local)
    entries.add(url, patient, condition)
    return reference(url, name)


def _add_organization(entries: Entries, name: str) -> Any:
    url = entries.address()
    entries.add(url, build(model("Organization"), name=name), exact_name(name))
    return reference(url, name)


def _add_department(entries: Entries, receiver: Any, there: str, name: str) -> Any:
    url, key = entries.address(), identifier(DEPARTMENTS, f"{there} {name}")
    kind = fixed(*DEPARTMENT_TYPE)
    resource = build(
        model("Organization"), identifier=[key], type=[kind], name=name, partOf=receiver
    )
    entries.add(url, resource, criteria(DEPARTMENTS, key.value))
    return reference(url, name, identifier=key)


def role_model(person: Any, organization: Any, phone: str | None, **more: Any) -> Any:
    return build(
        model("PractitionerRole"),
        practitioner=person,
        organization=organization,
        telecom=phones(phone),
        **more,
    )


def _add_role(entries: Entries, place: Any, where: str, name: str, phone: str | None) -> Any:
    """Practitioner and PractitionerRole: one a person, institution and telephone."""
    person, role = entries.address(), entries.address()
    key = " ".join(p for p in (where, name, phone) if p)
    practitioner = build(
        model("Practitioner"),
        identifier=[identifier(PEOPLE, key)],
        name=human_name(name),
        telecom=phones(phone),
    )
    entries.add(person, practitioner, criteria(PEOPLE, key))
    made = role_model(reference(person, name), place, phone, identifier=[identifier(ROLES, key)])
    entries.add(role, made, criteria(ROLES, key))
    return reference(role, name, type="PractitionerRole")
