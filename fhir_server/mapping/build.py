"""Facts of a form to the transaction Bundle of a referral.

Spec: docs/forms.md, the table of places; domain model of ServiceRequest, Task and Encounter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from ..model.canonical import (
    BASE,
    HEALTH_RECORD_NO,
    MEDICAL_RECORD_NO,
    OID,
    REQUEST_NO,
    RESIDENT_ID,
    SEX_GBT2261,
    code_system,
    naming_system,
    structure_definition,
)
from . import places as at
from .converters import birth_from_age
from .models import build, dump, model
from .places import Facts

Json = dict[str, Any]
AS_WRITTEN = structure_definition("as-written")
PRINTED_AGE = structure_definition("printed-age")
SEX_EXTENSION = structure_definition("gbt2261-sex")
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
XHTML = "http://www.w3.org/1999/xhtml"
# GB/T 2261.1-2003: printed word → code, FHIR administrative-gender
SEXES = {
    "男": ("1", "male"),
    "女": ("2", "female"),
    "未知的性别": ("0", "unknown"),
    "未说明的性别": ("9", "unknown"),
}
DIRECTIONS = {"up": ("up-referral", "上转"), "down": ("down-referral", "下转（回转）")}
DOCUMENTS = {"up": "up-form", "down": "return-form"}


@dataclass(frozen=True, slots=True)
class Text:
    """A free-text box: its printed label, its LOINC section code, and what was written."""

    label: str
    loinc: str
    text: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A checked form: everything the Bundle is made from. `content` is the hash of its values."""

    form_id: str
    title: str
    direction: str
    facts: Facts
    texts: list[Text]
    content: str
    now: datetime

    def get(self, place: str) -> str | None:
        value = self.facts.get(place)
        return None if value is None else str(value)


def content_hash(form_id: str, values: Mapping[str, object]) -> str:
    """The same values of the same form give the same 64 hex digits."""
    lines = [form_id, *(f"{key}\x1f{value}" for key, value in sorted(values.items()))]
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()


class Builder:
    """One Bundle. Addresses of entries come from the content, so equal forms give equal Bundles."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.entries: list[Json] = []
        self._count = 0
        self.day = str(filled.facts[at.DATE])[:10]
        self.sender = str(filled.facts[at.SENDER])
        self.receiver = str(filled.facts[at.RECEIVER])

    def address(self) -> str:
        self._count += 1
        h = self.filled.content
        return f"urn:uuid:{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:30]}{self._count:02x}"

    def add(self, full_url: str, resource: Any, condition: str = "") -> None:
        request = {"method": "POST", "url": type(resource).__name__}
        if condition:
            request["ifNoneExist"] = condition
        self.entries.append({"fullUrl": full_url, "resource": dump(resource), "request": request})

    def reference(self, url: str, display: str | None = None, **more: Any) -> Any:
        return build(model("Reference"), reference=url, display=display, **more)

    def identifier(self, system: str, value: str, **more: Any) -> Any:
        return build(model("Identifier"), system=system, value=value, **more)

    def phone(self, number: str | None) -> list[Any]:
        if number is None:
            return []
        return [build(model("ContactPoint"), system="phone", value=number)]

    def extension(self, url: str, **value: Any) -> Any:
        return build(model("Extension"), url=url, **value)

    def bundle(self) -> Json:
        """The whole transaction, in an order people can read: who, then what, then the paper."""
        patient = self._patient()
        sender = self._organization(self.sender)
        receiver = sender if self.receiver == self.sender else self._organization(self.receiver)
        doctor = self._role(sender, self.sender, str(self.filled.facts[at.DOCTOR]),
                            self.filled.get(at.DOCTOR_PHONE))  # fmt: skip
        parties = Parties(patient, sender, receiver, doctor, *self._receiving(receiver))
        urls = {
            name: self.address()
            for name in (
                "ServiceRequest",
                "Task",
                "Condition",
                "Encounter",
                "Composition",
                "Provenance",
            )
        }
        self._condition(parties, urls)
        self._encounter(parties, urls)
        self._service_request(parties, urls)
        self._task(parties, urls)
        self._composition(parties, urls)
        self._provenance(parties, urls)
        return {"resourceType": "Bundle", "type": "transaction", "entry": self.entries}

    def _patient_model(self, *, written: bool = False, **more: Any) -> Any:
        """`written`: only what the form says; else the date of birth is worked out as well."""
        get = self.filled.get
        sex = str(self.filled.facts[at.SEX])
        code, gender = SEXES[sex]
        address = get(at.ADDRESS)
        identifiers = [
            self.identifier(system, value)
            for system, value in (
                (RESIDENT_ID, get(at.RESIDENT_ID)),
                (HEALTH_RECORD_NO, get(at.HEALTH_RECORD)),
                (MEDICAL_RECORD_NO, get(at.MEDICAL_RECORD)),
            )
            if value
        ]
        age = get(at.AGE)
        birth = get(at.BIRTH)
        if birth is None and not written:
            on = date.fromisoformat(self.day)
            birth = self._born() or (birth_from_age(age, on) if age else None)
        national = coding(SEX_GBT2261, code, sex)
        return build(
            model("Patient"),
            extension=[self.extension(SEX_EXTENSION, valueCoding=national)],
            identifier=identifiers,
            name=[build(model("HumanName"), text=str(self.filled.facts[at.NAME]))],
            telecom=self.phone(get(at.PATIENT_PHONE)),
            gender=gender,
            birthDate=birth,
            address=[build(model("Address"), text=address)] if address else None,
            **more,
        )

    def _born(self) -> str | None:
        number = self.filled.get(at.RESIDENT_ID)
        return f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if number else None

    def _patient(self) -> Any:
        get, url = self.filled.get, self.address()
        patient = self._patient_model()
        condition = ""
        if number := get(at.RESIDENT_ID):
            condition = _criteria(identifier=f"{RESIDENT_ID}|{number}")
        elif number := get(at.HEALTH_RECORD):
            # This number is not checked by a digit of its own, so the name must agree as well.
            condition = (
                _criteria(identifier=f"{HEALTH_RECORD_NO}|{number}")
                + "&"
                + _exact_name(str(self.filled.facts[at.NAME]))
            )
        elif number := get(at.MEDICAL_RECORD):
            # A 病案号 is unique only in its hospital.
            system = naming_system("medical-record-of-hospital")
            local = f"{self.sender} {number}"
            patient.identifier.append(self.identifier(system, local))
            condition = _criteria(identifier=f"{system}|{local}")
        self.add(url, patient, condition)
        return self.reference(url, str(self.filled.facts[at.NAME]))

    def _organization(self, name: str) -> Any:
        url = self.address()
        self.add(url, build(model("Organization"), name=name), _exact_name(name))
        return self.reference(url, name)

    def _role(self, organization: Any, where: str, name: str, phone: str | None) -> Any:
        """Practitioner and PractitionerRole: one a person, institution and telephone."""
        person, role = self.address(), self.address()
        key = " ".join(p for p in (where, name, phone) if p)
        people, roles = naming_system("practitioner"), naming_system("practitioner-role")
        self.add(
            person,
            build(
                model("Practitioner"),
                identifier=[self.identifier(people, key)],
                name=[build(model("HumanName"), text=name)],
                telecom=self.phone(phone),
            ),
            _criteria(identifier=f"{people}|{key}"),
        )
        self.add(
            role,
            self._role_model(self.reference(person, name), organization, phone,
                             identifier=[self.identifier(roles, key)]),
            _criteria(identifier=f"{roles}|{key}"),
        )  # fmt: skip
        return self.reference(role, name, type="PractitionerRole")

    def _role_model(self, person: Any, organization: Any, phone: str | None, **more: Any) -> Any:
        return build(model("PractitionerRole"), practitioner=person, organization=organization,
                     telecom=self.phone(phone), **more)  # fmt: skip

    def _receiving(self, receiver: Any) -> tuple[Any | None, Any | None]:
        """The department and the doctor at the receiver, where the form names them."""
        department = doctor = None
        if name := self.filled.get(at.DEPARTMENT):
            url, system = self.address(), naming_system("department")
            identifier = self.identifier(system, f"{self.receiver} {name}")
            kind = concept(coding(f"{TERMINOLOGY}/organization-type", "dept"))
            resource = build(model("Organization"), identifier=[identifier], type=[kind],
                             name=name, partOf=receiver)  # fmt: skip
            self.add(url, resource, _criteria(identifier=f"{system}|{self.receiver} {name}"))
            department = self.reference(url, name, identifier=identifier)
        if name := self.filled.get(at.RECEIVING_DOCTOR):
            doctor = self._role(receiver, self.receiver, name, None)
        return department, doctor

    def _condition(self, parties: Parties, urls: dict[str, str]) -> None:
        up = self.filled.direction == "up"
        verification = "provisional" if up else "confirmed"
        category = coding(f"{TERMINOLOGY}/condition-category", "encounter-diagnosis")
        clinical = coding(f"{TERMINOLOGY}/condition-clinical", "active")
        verified = coding(f"{TERMINOLOGY}/condition-ver-status", verification)
        diagnosis = self.filled.get(at.DIAGNOSIS)
        if diagnosis is None:
            del urls["Condition"]
            return
        condition = build(
            model("Condition"),
            clinicalStatus=concept(clinical),
            verificationStatus=concept(verified),
            category=[concept(category)],
            code=concept(text=diagnosis),
            subject=parties.patient,
            encounter=None if up else self.reference(urls["Encounter"]),
            recordedDate=self.day,
            recorder=parties.doctor,
        )
        self.add(urls["Condition"], condition)

    def _encounter(self, parties: Parties, urls: dict[str, str]) -> None:
        """Planned at the receiver when referred up; the finished visit when referred back."""
        up, number = self.filled.direction == "up", self.filled.get(at.ENCOUNTER_RECORD)
        inpatient = number is not None
        conditions = [self.reference(urls["Condition"])] if "Condition" in urls else []
        kind = ("IMP", "inpatient encounter") if inpatient else ("AMB", "ambulatory")
        facts: dict[str, Any] = {
            "status": "planned" if up else "finished",
            "class_fhir": coding(f"{TERMINOLOGY}/v3-ActCode", *kind),
            "subject": parties.patient,
            "serviceProvider": parties.receiver if up else parties.sender,
        }
        if up:
            facts["basedOn"] = [self.reference(urls["ServiceRequest"])]
            facts["reasonReference"] = conditions
            if parties.receiving_doctor is not None:
                seen = build(model("EncounterParticipant"), individual=parties.receiving_doctor)
                facts["participant"] = [seen]
        else:
            diagnosis = model("EncounterDiagnosis")
            facts["diagnosis"] = [build(diagnosis, condition=each) for each in conditions]
            facts["period"] = build(model("Period"), end=self.day)
        if number:
            facts["identifier"] = [self.identifier(MEDICAL_RECORD_NO, number)]
        if inpatient and not up:
            # CV06.00.226 离院方式: 3 医嘱转社区卫生服务机构/乡镇卫生院
            left = coding(f"{OID}.2.3.1.265", "3", "医嘱转社区卫生服务机构/乡镇卫生院")
            stay = build(model("EncounterHospitalization"), dischargeDisposition=concept(left))
            facts["hospitalization"] = stay
        self.add(urls["Encounter"], build(model("Encounter"), **facts))

    def _service_request(self, parties: Parties, urls: dict[str, str]) -> None:
        filled = self.filled
        category, word = DIRECTIONS[filled.direction]
        number, based_on = filled.get(at.NUMBER), filled.get(at.BASED_ON)
        content = naming_system("form-content")
        identifiers = [self.identifier(content, filled.content)]
        condition = _criteria(identifier=f"{content}|{filled.content}")
        if number:
            local, value = naming_system("referral-number"), f"{self.sender} {number}"
            identifiers = [self.identifier(REQUEST_NO, number), self.identifier(local, value),
                           *identifiers]  # fmt: skip
            condition = _criteria(identifier=f"{local}|{value}")
        reason = filled.get(at.REASON)
        age = filled.facts.get(at.AGE)
        printed = {"valueInteger": age} if isinstance(age, int) else {"valueString": age}
        up = filled.direction == "up"
        request = build(
            model("ServiceRequest"),
            extension=[self.extension(PRINTED_AGE, **printed)] if age is not None else None,
            identifier=identifiers,
            instantiatesUri=[f"{BASE}/forms/{filled.form_id}"],
            basedOn=[build(model("Reference"), identifier=self.identifier(REQUEST_NO, based_on))]
            if based_on
            else None,
            status="active",
            intent="order",
            category=[concept(coding(code_system("referral-category"), category, word))],
            code=concept(coding("http://snomed.info/sct", "3457005"), text="双向转诊"),
            subject=parties.patient,
            encounter=None if up else self._visit(urls),
            authoredOn=self.day,
            requester=parties.doctor,
            performer=parties.performers(),
            reasonCode=[concept(text=reason)] if reason else None,
            reasonReference=[self.reference(urls["Condition"])] if "Condition" in urls else None,
            supportingInfo=[self.reference(urls["Composition"])],
        )
        self.add(urls["ServiceRequest"], request, condition)

    def _visit(self, urls: dict[str, str]) -> Any:
        """The finished visit; with its number as the form has it, for printing again."""
        number = self.filled.get(at.ENCOUNTER_RECORD)
        written = self.identifier(MEDICAL_RECORD_NO, number) if number else None
        return self.reference(urls["Encounter"], identifier=written)

    def _task(self, parties: Parties, urls: dict[str, str]) -> None:
        reported = coding(code_system("cn-referral-business-status"), "reported", "已报备")
        fulfill = coding("http://hl7.org/fhir/CodeSystem/task-code", "fulfill")
        task = build(
            model("Task"),
            status="requested",
            businessStatus=concept(reported),
            intent="order",
            code=concept(fulfill),
            focus=self.reference(urls["ServiceRequest"]),
            for_fhir=parties.patient,
            authoredOn=self._now(),
            lastModified=self._now(),
            requester=parties.doctor,
            owner=parties.receiver,
        )
        self.add(urls["Task"], task)

    def _composition(self, parties: Parties, urls: dict[str, str]) -> None:
        """The paper: its boxes as sections, and its header as it was written."""
        filled = self.filled
        kind = coding(code_system("referral-document-type"), DOCUMENTS[filled.direction],
                           filled.title)  # fmt: skip
        person = build(model("Reference"), display=filled.get(at.DOCTOR))
        office = build(model("Reference"), display=self.sender)
        written = self._role_model(person, office, filled.get(at.DOCTOR_PHONE), id="doctor")
        composition = build(
            model("Composition"),
            contained=[self._patient_model(written=True, id="patient"), written],
            extension=[
                self.extension(AS_WRITTEN, valueReference=self.reference("#" + each))
                for each in ("patient", "doctor")
            ],
            status="final",
            type=concept(kind),
            subject=parties.patient,
            date=self.day,
            author=[parties.doctor],
            title=filled.title,
            custodian=parties.sender,
            section=[self._section(text) for text in filled.texts],
        )
        self.add(urls["Composition"], composition)

    def _section(self, text: Text) -> Any:
        div = (
            f'<div xmlns="{XHTML}"><p style="white-space:pre-wrap">'
            f"{escape(text.text, quote=False)}</p></div>"
        )
        code = concept(coding("http://loinc.org", text.loinc)) if text.loinc else None
        narrative = build(model("Narrative"), status="additional", div=div)
        return build(model("CompositionSection"), title=text.label, code=code, text=narrative)

    def _provenance(self, parties: Parties, urls: dict[str, str]) -> None:
        """The doctor's signature under the form. Spec: http://hl7.org/fhir/R4/provenance.html"""
        author = coding(f"{TERMINOLOGY}/provenance-participant-type", "author")
        agent = build(model("ProvenanceAgent"), type=concept(author), who=parties.doctor,
                      onBehalfOf=parties.sender)  # fmt: skip
        meaning = coding("urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.1",
                              "Author's Signature")  # fmt: skip
        signature = build(model("Signature"), type=[meaning], who=parties.doctor,
                          when=f"{self.day}T00:00:00+08:00")  # fmt: skip
        targets = [self.reference(urls[name]) for name in ("ServiceRequest", "Composition")]
        provenance = build(
            model("Provenance"),
            target=targets,
            occurredDateTime=self.day,
            recorded=self._now(),
            agent=[agent],
            signature=[signature],
        )
        self.add(urls["Provenance"], provenance)

    def _now(self) -> str:
        return self.filled.now.isoformat(timespec="seconds").replace("+00:00", "Z")


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


@lru_cache(256)
def coding(system: str, code: str, display: str | None = None) -> Any:
    """A Coding of fixed words. Models are never changed once built, so equal ones are shared."""
    return build(model("Coding"), system=system, code=code, display=display)


def concept(*codings: Any, text: str | None = None) -> Any:
    return build(model("CodeableConcept"), coding=list(codings), text=text)


@lru_cache(4096)
def _criteria(identifier: str) -> str:
    # `|` and `,` inside a value would be read as syntax of the search.
    system, _, value = identifier.partition("|")
    return f"identifier={quote(system, safe=':/.')}%7C{quote(_escape(value), safe='')}"


@lru_cache(4096)
def _exact_name(name: str) -> str:
    return f"name:exact={quote(_escape(name), safe='')}"


def _escape(text: str) -> str:
    """Spec: http://hl7.org/fhir/R4/search.html#escaping"""
    for mark in "\\,|$":
        text = text.replace(mark, "\\" + mark)
    return text
