"""The request and its state: ServiceRequest and Task."""

from __future__ import annotations

from typing import Any

from ..model.canonical import BASE, REQUEST_NO, code_system, structure_definition
from . import places as at
from .entries import Entries, coding, concept, criteria, extension, fixed, identifier, reference
from .filled import Filled, content_key, number_key, same_form
from .models import build, model
from .parties import Parties
from .visit import encounter_reference

PRINTED_AGE = structure_definition("printed-age")
CATEGORY = code_system("referral-category")
BUSINESS_STATUS = code_system("cn-referral-business-status")
DIRECTIONS = {"up": ("up-referral", "上转"), "down": ("down-referral", "下转（回转）")}
SNOMED = "http://snomed.info/sct"


def add_service_request(
    entries: Entries, filled: Filled, parties: Parties, urls: dict[str, str]
) -> None:
    """Spec: http://hl7.org/fhir/R4/servicerequest.html"""
    reason = filled.get(at.REASON)
    request = build(
        model("ServiceRequest"),
        extension=_printed_age(filled),
        identifier=_identifiers(filled),
        instantiatesUri=[f"{BASE}/forms/{filled.form_id}"],
        basedOn=_based_on(filled),
        status="active",
        intent="order",
        category=[fixed(CATEGORY, *DIRECTIONS[filled.direction])],
        code=concept(coding(SNOMED, "3457005"), text="双向转诊"),
        subject=parties.patient,
        encounter=None if filled.up else encounter_reference(filled, urls),
        authoredOn=filled.need(at.DATE),
        requester=parties.doctor,
        performer=parties.performers(),
        reasonCode=[concept(text=reason)] if reason else None,
        reasonReference=[reference(urls["Condition"])] if "Condition" in urls else None,
        supportingInfo=[reference(urls["Composition"])],
    )
    entries.add(urls["ServiceRequest"], request, criteria(*same_form(filled)))


def _printed_age(filled: Filled) -> list[Any]:
    """The age as it is printed; a JSON number stays a number."""
    age = filled.facts.get(at.AGE)
    if age is None:
        return []
    printed = {"valueInteger": age} if isinstance(age, int) else {"valueString": age}
    return [extension(PRINTED_AGE, **printed)]


def _identifiers(filled: Filled) -> list[Any]:
    number = filled.get(at.NUMBER)
    content = identifier(*content_key(filled.content))
    if number is None:
        return [content]
    return [identifier(REQUEST_NO, number), identifier(*same_form(filled)), content]


def _based_on(filled: Filled) -> list[Any]:
    """The 转诊单号 of the referral this one answers, which its receiver gave once."""
    number = filled.get(at.BASED_ON)
    if number is None:
        return []
    key = number_key("up", filled.need(at.RECEIVER), number)
    return [reference(None, number, type="ServiceRequest", identifier=identifier(*key))]


def add_task(entries: Entries, filled: Filled, parties: Parties, urls: dict[str, str]) -> None:
    """The state of the referral, owned by the receiver: reported, not yet seen.

    Spec: http://hl7.org/fhir/R4/task.html
    """
    key = same_form(filled)
    task = build(
        model("Task"),
        identifier=[identifier(*key)],
        status="requested",
        businessStatus=fixed(BUSINESS_STATUS, "reported", "已报备"),
        intent="order",
        code=fixed("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"),
        focus=reference(urls["ServiceRequest"]),
        for_fhir=parties.patient,
        authoredOn=filled.stamp,
        lastModified=filled.stamp,
        requester=parties.doctor,
        owner=parties.receiver,
    )
    entries.add(urls["Task"], task, criteria(*key))
