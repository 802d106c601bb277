"""The paper itself: Composition with the boxes of the form, Provenance with the signature."""

from __future__ import annotations

from html import escape
from typing import Any

from ..model.canonical import code_system, structure_definition
from . import places as at
from .entries import Entries, coding, criteria, extension, fixed, identifier, reference
from .filled import Filled, Text, same_form
from .models import build, model
from .parties import Parties, patient_model, role_model

AS_WRITTEN = structure_definition("as-written")
DOCUMENT_TYPE = code_system("referral-document-type")
DOCUMENTS = {"up": "up-form", "down": "return-form"}
AUTHOR = ("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "author")
# Spec: ASTM E1762-95(2013)
SIGNATURE = ("urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.1", "Author's Signature")
XHTML = "http://www.w3.org/1999/xhtml"


def add_composition(
    entries: Entries, filled: Filled, parties: Parties, urls: dict[str, str]
) -> None:
    """Boxes as sections, and the header as it was written: the Patient and the doctor may be
    matched to resources with other data, and may change. Spec: http://hl7.org/fhir/R4/composition.html
    """
    key = same_form(filled)
    person = reference(None, filled.need(at.DOCTOR))
    office = reference(None, filled.need(at.SENDER))
    doctor = role_model(person, office, filled.get(at.DOCTOR_PHONE), id="doctor")
    composition = build(
        model("Composition"),
        contained=[patient_model(filled, written=True, id="patient"), doctor],
        extension=[
            extension(AS_WRITTEN, valueReference=reference("#" + each))
            for each in ("patient", "doctor")
        ],
        identifier=identifier(*key),
        status="final",
        type=fixed(DOCUMENT_TYPE, DOCUMENTS[filled.direction], filled.title),
        subject=parties.patient,
        date=filled.need(at.DATE),
        author=[parties.doctor],
        title=filled.title,
        custodian=parties.sender,
        section=[_section(text) for text in filled.texts],
    )
    entries.add(urls["Composition"], composition, criteria(*key))


def _section(text: Text) -> Any:
    div = (
        f'<div xmlns="{XHTML}"><p style="white-space:pre-wrap">'
        f"{escape(text.text, quote=False)}</p></div>"
    )
    code = fixed("http://loinc.org", text.loinc) if text.loinc else None
    narrative = build(model("Narrative"), status="additional", div=div)
    return build(model("CompositionSection"), title=text.label, code=code, text=narrative)


def add_provenance(
    entries: Entries, filled: Filled, parties: Parties, urls: dict[str, str]
) -> None:
    """The doctor's signature under the form. Spec: http://hl7.org/fhir/R4/provenance.html"""
    day = filled.day
    agent = build(
        model("ProvenanceAgent"),
        type=fixed(*AUTHOR),
        who=parties.doctor,
        onBehalfOf=parties.sender,
    )
    signature = build(
        model("Signature"),
        type=[coding(*SIGNATURE)],
        when=f"{day}T00:00:00+08:00",
        who=parties.doctor,
    )
    provenance = build(
        model("Provenance"),
        target=[reference(urls[name]) for name in ("ServiceRequest", "Composition")],
        occurredDateTime=day,
        recorded=filled.stamp,
        agent=[agent],
        signature=[signature],
    )
    entries.add(urls["Provenance"], provenance)
