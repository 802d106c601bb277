"""One person as this server knows them: identifiers in their spellings, linked Patients."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import FhirError
from ..model.canonical import RESIDENT_ID
from ..storage.plan import Match, Plan, Test
from .call import Json, Service
from .searching import Key, key

# The same number under another name. Spec: WS/T 500-2016 (CDA) and HL7 China core-patient.
SPELLINGS = (
    frozenset({RESIDENT_ID, "urn:oid:2.16.840.1.113883.2.23.1.19.1"}),  # 居民身份证号
)
MAX_PATIENTS = 100


async def patients_of(service: Service, identifier: Json) -> list[Key]:
    """All Patients with an identifier, whichever spelling of its system they have.

    Shape: an Identifier; without `system` any system matches. Errors: search-too-costly.
    """
    system, value = identifier.get("system"), identifier.get("value", "")
    same: set[str] = set()
    if system is not None:
        same = {system}.union(*(each for each in SPELLINGS if system in each))
    # A Chinese id ends in a check character, which is written x or X.
    values = sorted({value, value.upper(), value.lower()})
    tests = tuple(
        (Test("value", "=", v), *([Test("system", "=", s)] if s is not None else []))
        for v in values
        for s in (sorted(same) if same else (None,))
    )
    where = (Match("identifier", "token", tests),)
    page = await service.store.search(Plan("Patient", where, limit=MAX_PATIENTS + 1))
    if len(page.matches) > MAX_PATIENTS:
        raise FhirError("search-too-costly", "identifier")
    return [key(each) for each in page.matches]


async def linked(service: Service, patients: Sequence[Key]) -> list[Key]:
    """These and every Patient that Patient.link says is the same person, in either direction.

    Spec: http://hl7.org/fhir/R4/patient.html#links. Errors: search-too-costly.
    """
    parameter = service.registry.of("Patient")["link"]
    seen: dict[Key, None] = dict.fromkeys(patients)
    front = list(patients)
    while front:
        found: dict[Key, None] = {}
        for each in await service.store.many(front):
            found.update(dict.fromkeys(service.indexer.references(each.resource, parameter)))
        # A RelatedPerson may be linked too; it has no referrals.
        back = await service.store.pointers({"Patient": ("link",)}, front, limit=MAX_PATIENTS + 1)
        fresh = [k for k in (*found, *back) if k[0] == "Patient" and k not in seen]
        seen.update(dict.fromkeys(fresh))
        if len(seen) > MAX_PATIENTS:
            raise FhirError("search-too-costly", "Patient.link")
        front = list(dict.fromkeys(fresh))
    return list(seen)
