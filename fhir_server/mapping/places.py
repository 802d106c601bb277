"""Places in the resources that a box of a form can be mapped to: the `to` of form.toml.

A filled form and a set of resources are both read into facts, place → value, and written from
them; so one table of places drives both directions.
"""

from __future__ import annotations

from typing import TypeAlias

Facts: TypeAlias = dict[str, str | int]

NAME = "Patient.name.text"
SEX = "Patient.gender"
AGE = "ServiceRequest.extension(printed-age)"
BIRTH = "Patient.birthDate"
ADDRESS = "Patient.address.text"
PATIENT_PHONE = "Patient.telecom"
RESIDENT_ID = "Patient.identifier(居民身份证号)"
HEALTH_RECORD = "Patient.identifier(健康档案编号)"
MEDICAL_RECORD = "Patient.identifier(病案号)"
ENCOUNTER_RECORD = "Encounter.identifier(住院病案号)"
DATE = "ServiceRequest.authoredOn"
NUMBER = "ServiceRequest.identifier(转诊单号)"
BASED_ON = "ServiceRequest.basedOn.identifier"
RECEIVER = "ServiceRequest.performer(Organization)"
DEPARTMENT = "ServiceRequest.performer(department)"
RECEIVING_DOCTOR = "ServiceRequest.performer(PractitionerRole)"
SENDER = "Composition.custodian"
DOCTOR = "ServiceRequest.requester"
DOCTOR_PHONE = "PractitionerRole.telecom"
DIAGNOSIS = "Condition.code.text"
REASON = "ServiceRequest.reasonCode.text"
SECTION = "Composition.section"  # free text of its own section, told apart by its title
ADAPTER = "adapter"  # the form's own adapter.py writes and reads it

# Converters that a place needs; every other place takes the `via` of the field, else its type.
CONVERTERS = {SEX: "sex", AGE: "age", RESIDENT_ID: "resident-id"}
TEXTS = frozenset({DIAGNOSIS, REASON, SECTION})
MANY = frozenset({SECTION, ADAPTER})  # places that several fields may share
# Types of the fields a place can hold; every other place takes any.
TYPES = {
    DATE: ("date", "datetime"), BIRTH: ("date",), PATIENT_PHONE: ("phone",),
    DOCTOR_PHONE: ("phone",), RECEIVER: ("organization",), SENDER: ("organization",),
    DEPARTMENT: ("department",), RECEIVING_DOCTOR: ("practitioner",), DOCTOR: ("practitioner",),
    SEX: ("code",), NAME: ("text",), ADDRESS: ("text",), AGE: ("number",),
}  # fmt: skip
PLACES = frozenset(
    {NAME, SEX, AGE, BIRTH, ADDRESS, PATIENT_PHONE, RESIDENT_ID, HEALTH_RECORD, MEDICAL_RECORD,
     ENCOUNTER_RECORD, DATE, NUMBER, BASED_ON, RECEIVER, DEPARTMENT, RECEIVING_DOCTOR, SENDER,
     DOCTOR, DOCTOR_PHONE, DIAGNOSIS, REASON, SECTION, ADAPTER}
)  # fmt: skip
# Without these there is no referral; form.toml must map them as required fields.
NEEDED = (NAME, SEX, DATE, RECEIVER, SENDER, DOCTOR)
