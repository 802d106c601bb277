"""Searches that look beyond one element: chains, `_has`, terminology, text, and the parameters of
every type, over HTTP, on each store.

Spec: http://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, code_of
from .library import LOINC, UCUM, Json, Row, check, encoded, load, measured, observation, ref

pytestmark = pytest.mark.anyio


def request(id: str, patient: str, **more: Any) -> Json:
    return {"resourceType": "ServiceRequest", "id": id, "status": "active", "intent": "order",
            "subject": ref(f"Patient/{patient}"), **more}  # fmt: skip


def place(id: str, latitude: float, longitude: float, **more: Any) -> Json:
    return {"resourceType": "Location", "id": id,
            "position": {"latitude": latitude, "longitude": longitude}, **more}  # fmt: skip


def narrative(text: str) -> Json:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'}


ORGANIZATIONS: list[Json] = [
    {"resourceType": "Organization", "id": "city", "name": "市人民医院"},
    {"resourceType": "Organization", "id": "county", "name": "县人民医院",
     "partOf": ref("Organization/city")},
    {"resourceType": "Organization", "id": "town", "name": "镇卫生院", "active": True,
     "partOf": ref("Organization/county")},
    {"resourceType": "Organization", "id": "village", "name": "村卫生室",
     "partOf": ref("Organization/town")},
]  # fmt: skip
RECORD: list[Json] = [
    *ORGANIZATIONS,
    {"resourceType": "Practitioner", "id": "li", "name": [{"text": "李医生"}],
     "identifier": [{"system": "urn:d", "value": "1"}]},
    {"resourceType": "PractitionerRole", "id": "role", "practitioner": ref("Practitioner/li"),
     "organization": ref("Organization/town")},
    {"resourceType": "Patient", "id": "p1", "gender": "male", "name": [{"text": "张三"}],
     "managingOrganization": ref("Organization/town"),
     "generalPractitioner": [ref("Practitioner/li"), ref("Organization/village")],
     "meta": {"profile": ["http://x.org/patient"], "source": "http://his.x.org/#1",
              "security": [{"system": "urn:sec", "code": "R"}],
              "tag": [{"system": "urn:tag", "code": "up"}]},
     "text": narrative("张三，男，原发性高血压病史十年，长期服药。")},
    {"resourceType": "Patient", "id": "p2", "gender": "female", "name": [{"text": "李四"}],
     "managingOrganization": ref("Organization/county"),
     "generalPractitioner": [ref("PractitionerRole/role")],
     "meta": {"profile": ["http://x.org/patient/child"], "source": "http://his.x.org/a/b",
              "tag": [{"system": "urn:tag", "code": "down"}]},
     "text": narrative("血压正常 <b>Bone</b> fracture, left arm")},
    {"resourceType": "Patient", "id": "p3", "name": [{"text": "王五"}],
     "contact": [{"name": {"text": "高血压协会"}}]},
    request("r1", "p1", requester=ref("Practitioner/li"), performer=[ref("Organization/county")]),
    request("r2", "p2", status="completed", basedOn=[ref("ServiceRequest/r1")],
            requester=ref("PractitionerRole/role")),
    request("r3", "p3", basedOn=[ref("ServiceRequest/r2")], performer=[ref("Organization/city")]),
    {"resourceType": "Task", "id": "t1", "status": "requested", "intent": "order",
     "focus": ref("ServiceRequest/r1"), "owner": ref("Organization/county")},
    {"resourceType": "Task", "id": "t2", "status": "completed", "intent": "order",
     "focus": ref("ServiceRequest/r2"), "partOf": [ref("Task/t1")]},
    {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
     "subject": ref("Patient/p1"), "basedOn": [ref("ServiceRequest/r1")]},
    observation("o1", f"{LOINC}|1234-5", "p1", encounter=ref("Encounter/e1"),
                valueQuantity=measured(5, "mg")),
    observation("o2", f"{LOINC}|9999-9", "p1", performer=[ref("Practitioner/li")]),
    observation("o3", f"{LOINC}|1234-5", "p2", status="preliminary",
                valueQuantity=measured(50, "mg")),
    {"resourceType": "AuditEvent", "id": "a1", "type": {"code": "rest"}, "recorded":
     "2026-01-01T00:00:00Z", "agent": [{"who": ref("Practitioner/li"), "requestor": True}],
     "source": {"observer": ref("Organization/town")}, "entity": [{"what": ref("Observation/o3")}]},
    {"resourceType": "Group", "id": "g1", "type": "person", "actual": True,
     "member": [{"entity": ref("Patient/p2")}, {"entity": ref("Patient/p3")}]},
    {"resourceType": "List", "id": "l1", "status": "current", "mode": "working",
     "entry": [{"item": ref("Patient/p1")}, {"item": ref("Observation/o1")}]},
    {"resourceType": "CareTeam", "id": "c1", "participant": [{"member": ref("Practitioner/li")}]},
]  # fmt: skip
CHAIN: list[Row] = [
    ("search.html#chaining", "ServiceRequest?subject.name=张", "r1"),
    ("search.html#chaining", "ServiceRequest?subject:Patient.name=李", "r2"),
    ("search.html#chaining", "ServiceRequest?patient.gender=male", "r1"),
    ("search.html#chaining", "ServiceRequest?patient.organization.name=镇", "r1"),
    ("search.html#chaining", "ServiceRequest?patient.organization.partof.name=县", "r1"),
    ("search.html#chaining", "ServiceRequest?patient.organization.partof.partof.name=市", "r1"),
    ("search.html#chaining",
     "Task?focus:ServiceRequest.patient.organization.partof._id=county", "t1"),
    ("search.html#chaining", "ServiceRequest?subject:Patient.organization.partof.partof._id=city",
     "r1"),
    ("search.html#chaining",
     "ServiceRequest?based-on:ServiceRequest.based-on:ServiceRequest.status=active",
     "r3"),
    # Two chains need not meet on one practitioner; and a chain to a type without the parameter.
    ("search.html#chaining",
     "Patient?general-practitioner.name=李&general-practitioner.name=村", "p1"),
    ("search.html#chaining", "Patient?general-practitioner:PractitionerRole.practitioner.name=李",
     "p2"),
    ("search.html#chaining", "Patient?general-practitioner.identifier=urn:d|1", "p1"),
    ("search.html#chaining", "ServiceRequest?subject.name:exact=李四", "r2"),
    ("search.html#chaining", "ServiceRequest?patient.gender:not=male", "r2 r3"),
    ("search.html#chaining", "ServiceRequest?patient.gender:missing=true", "r3"),
    ("search.html#chaining", "ServiceRequest?patient.name=张,李", "r1 r2"),
    ("search.html#chaining", "ServiceRequest?patient._id=p1,p3", "r1 r3"),
    ("search.html#chaining", "ServiceRequest?patient._tag=urn:tag|down", "r2"),
    ("search.html#chaining", "ServiceRequest?patient._lastUpdated=gt2020", "r1 r2 r3"),
    ("search.html#chaining", "ServiceRequest?patient._profile=http://x.org/patient", "r1"),
    ("search.html#chaining",
     "Observation?encounter.based-on:ServiceRequest.requester:Practitioner.name=李",
     "o1"),
    ("search.html#recursive", "Patient?organization:below=city", "p1 p2"),
    ("search.html#recursive", "Patient?organization:below=Organization/town", "p1"),
    ("search.html#recursive", "Patient?organization:above=Organization/town", "p1 p2"),
    ("search.html#recursive", "ServiceRequest?performer:below=Organization/city", "r1 r3"),
]  # fmt: skip
HAS: list[Row] = [
    ("search.html#has", "Patient?_has:Observation:patient:code=1234-5", "p1 p2"),
    ("search.html#has", f"Patient?_has:Observation:patient:code={LOINC}|9999-9", "p1"),
    ("search.html#has", "Patient?_has:Observation:patient:code=1234-5,9999-9", "p1 p2"),
    # Each `_has` may be satisfied by an Observation of its own.
    ("search.html#has", "Patient?_has:Observation:patient:code=1234-5"
     "&_has:Observation:patient:code=9999-9", "p1"),
    ("search.html#has",
     "Patient?_has:Observation:patient:_has:AuditEvent:entity:agent:Practitioner=li",
     "p2"),
    ("search.html#has", "Patient?_has:Observation:patient:performer:Practitioner.name=李", "p1"),
    ("search.html#has", f"Patient?_has:Observation:patient:value-quantity=gt10|{UCUM}|mg", "p2"),
    ("search.html#has",
     f"Patient?_has:Observation:patient:code-value-quantity=1234-5$lt10|{UCUM}|mg",
     "p1"),
    ("search.html#has", "Encounter?patient._has:Group:member:_id=g1", ""),
    ("search.html#has", "ServiceRequest?patient._has:Group:member:_id=g1", "r2 r3"),
    ("search.html#has",
     "Organization?_has:Patient:organization:_has:ServiceRequest:patient:status=active",
     "town"),
    ("search.html#has", "Organization?_has:Organization:partof:_has:Organization:partof:name=村",
     "county"),
    ("search.html#has", "ServiceRequest?_has:Task:focus:status=completed", "r2"),
    ("search.html#has", "ServiceRequest?_has:Task:focus:part-of.status=requested", "r2"),
    ("search.html#has",
     "Practitioner?_has:PractitionerRole:practitioner:organization.name=镇", "li"),
    ("search.html#has", "Patient?_has:Observation:patient:status:not=final", "p2"),
    ("search.html#has", "Patient?_has:Observation:subject:encounter:missing=false", "p1"),
    ("search.html#has", "Patient?_has:Observation:patient:_id=o2,o3", "p1 p2"),
]  # fmt: skip
EVERY: list[Row] = [
    ("search.html#id", "Patient?_id=p2", "p2"),
    ("search.html#id", "Patient?_id=p1,p3,none,a b", "p1 p3"),
    ("search.html#lastUpdated", "Patient?_lastUpdated=ge2020-01-01", "p1 p2 p3"),
    ("search.html#lastUpdated", "Patient?_lastUpdated=lt2020-01-01T00:00:00+08:00", ""),
    ("search.html#lastUpdated", "Patient?_lastUpdated=sa2020&_lastUpdated=eb2100", "p1 p2 p3"),
    ("search.html#tag", "Patient?_tag=urn:tag|up", "p1"),
    ("search.html#tag", "Patient?_tag=up,down", "p1 p2"),
    ("search.html#tag", "Patient?_tag:not=urn:tag|up", "p2 p3"),
    ("search.html#tag", "Patient?_tag:missing=true", "p3"),
    ("search.html#profile", "Patient?_profile=http://x.org/patient", "p1"),
    ("search.html#profile", "Patient?_profile:below=http://x.org/patient", "p1 p2"),
    ("search.html#security", "Patient?_security=urn:sec|R", "p1"),
    ("search.html#security", "Patient?_security:missing=true", "p2 p3"),
    ("search.html#source", "Patient?_source=http://his.x.org/#1", "p1"),
    ("search.html#source", "Patient?_source:below=http://his.x.org/a", "p2"),
    ("search.html#list", "Patient?_list=l1", "p1"),
    ("search.html#list", "Observation?_list=List/l1", "o1"),
    ("search.html#list", "Task?_list=l1", ""),
    ("docs/search.md", "Patient?_in=Group/g1", "p2 p3"),
    ("docs/search.md", "Practitioner?_in=CareTeam/c1", "li"),
    ("search.html#text", "Patient?_text=高血压", "p1"),
    ("search.html#text", "Patient?_text=血压", "p1 p2"),
    ("search.html#text", "Patient?_text=压血", ""),
    ("search.html#text", "Patient?_text=bone", "p2"),
    ("search.html#text", "Patient?_text=BONE fracture", "p2"),
    ("search.html#text", 'Patient?_text="bone fracture"', "p2"),
    ("search.html#text", 'Patient?_text="fracture bone"', ""),
    ("search.html#text", "Patient?_text=服药 OR fracture", "p1 p2"),
    ("search.html#text", "Patient?_text=血压 AND NOT fracture", "p1"),
    ("search.html#content", "Patient?_content=高血压", "p1 p3"),
    ("search.html#content", "Patient?_content=协会,fracture", "p2 p3"),
    ("search.html#content", "Patient?_content=1234", ""),
]  # fmt: skip
FILTER: list[Row] = [
    ("search_filter.html", "Patient?_filter=gender eq male", "p1"),
    ("search_filter.html", 'Patient?_filter=name co "三" or name eq "李四"', "p1 p2"),
    ("search_filter.html", "Patient?_filter=not (gender eq male)", "p2 p3"),
    ("search_filter.html", "Patient?_filter=gender ne male", "p2"),
    ("search_filter.html", "Patient?_filter=gender pr false", "p3"),
    ("search_filter.html",
     "Patient?_filter=(gender eq male or gender eq female) and not (name sw 李)",
     "p1"),
    ("search_filter.html", "Patient?_filter=organization re Organization/town", "p1"),
    ("search_filter.html", "Patient?_filter=organization.partof.name co 人民", "p1 p2"),
    ("search_filter.html", "Patient?_filter=organization[active eq true].partof.name sw 县", "p1"),
    ("search_filter.html",
     f"Observation?_filter=code eq {LOINC}|1234-5 and value-quantity gt 10|{UCUM}|mg",
     "o3"),
    ("search_filter.html", "Patient?_filter=_id eq p2 or _tag eq urn:tag|up", "p1 p2"),
    ("search_filter.html", "Patient?_filter=_lastUpdated gt 2020-01-01&gender=female", "p2"),
    ("search_filter.html", "ServiceRequest?_filter=requester eq Practitioner/li", "r1"),
]  # fmt: skip
SYSTEM: list[Row] = [
    ("http.html#vsearch-all", "?_id=p1", "p1"),
    ("search.html#type", "?_type=Patient,Group&_id=p1,g1,o1", "p1 g1"),
    ("search.html#type", "?_type=Patient,Organization&name=张,市", "p1 city"),
    ("http.html#vsearch-all", "?_tag=urn:tag|up", "p1"),
    ("http.html#vsearch-all", "?_content=高血压协会", "p3"),
    ("http.html#vsearch-all", "?_list=l1", "p1 o1"),
    ("http.html#vsearch-all", "?_has:AuditEvent:entity:_id=a1", "o3"),
    ("search.html#type", "?_type=Task,ServiceRequest&status=completed", "t2 r2"),
    ("search.html#type", "?_type=Task,ServiceRequest&_filter=_id eq t1", "t1"),
    ("search.html#sort", "?_type=Group,List,CareTeam&_sort=-_id", "l1 g1 c1"),
    ("compartmentdefinition.html", "Patient/p1/Observation", "o1 o2"),
    ("compartmentdefinition.html", "Patient/p1/Observation?code=9999-9", "o2"),
    ("compartmentdefinition.html", "Patient/p1/Task", ""),
    ("compartmentdefinition.html", "Patient/p2/*", "p2 r2 o3 g1"),
    ("compartmentdefinition.html", "Patient/p1/*?_type=Encounter,ServiceRequest", "e1 r1"),
    ("compartmentdefinition.html", "Encounter/e1/Observation", "o1"),
    ("compartmentdefinition.html", "Practitioner/li/ServiceRequest?status=active", "r1"),
]  # fmt: skip

BEIJING: list[Json] = [
    place("beijing", 39.9042, 116.4074), place("tianjin", 39.3434, 117.3616),
    place("sydney", -33.8688, 151.2093),
    place("east", 0.0, 179.9), place("west", 0.0, -179.9), place("pole", 89.9, 10.0),
    {"resourceType": "Location", "id": "nowhere"},
]  # fmt: skip
NEAR: list[Row] = [
    # 105.9 km lie between the two cities.
    ("location.html#search near", "Location?near=39.9042|116.4074|100|km", "beijing"),
    ("location.html#search near", "Location?near=39.9042|116.4074|110|km", "beijing tianjin"),
    ("location.html#search near", "Location?near=39.9042|116.4074|66|[mi_i]", "beijing tianjin"),
    ("location.html#search near", "Location?near=39.9042|116.4074|110000|m", "beijing tianjin"),
    ("location.html#search near", "Location?near=-33.87|151.21|1|km", "sydney"),
    ("location.html#search near", "Location?near=39.9|116.4", "beijing"),
    # Over the date line and the pole the way is short.
    ("location.html#search near", "Location?near=0|179.95|20|km", "east west"),
    ("location.html#search near", "Location?near=0|-180|12|km", "east west"),
    ("location.html#search near", "Location?near=89.9|-170|25|km", "pole"),
    ("location.html#search near", "Location?near=39.9|116.4|5|km,-33.87|151.21|5|km",
     "beijing sydney"),
    ("location.html#search near",
     "Location?near=0|0|30000|km", "beijing tianjin sydney east west pole"),
    ("search.html#modifiers", "Location?near:missing=true", "nowhere"),
]  # fmt: skip

MARITAL = "urn:oid:2.16.156.10011.2.3.3.5"  # GB/T 2261.2, of the folder terminology/
ANIMALS: list[Json] = [
    {"resourceType": "CodeSystem", "id": "animals", "url": "urn:animals", "status": "active",
     "content": "complete", "hierarchyMeaning": "is-a", "concept": [
        {"code": "animal", "concept": [{"code": "dog", "concept": [{"code": "poodle"}]},
                                       {"code": "cat"}]}, {"code": "stone"}]},
    {"resourceType": "ValueSet", "id": "dogs", "url": "urn:vs:dogs", "status": "active",
     "compose": {"include": [{"system": "urn:animals", "filter": [
         {"property": "concept", "op": "is-a", "value": "dog"}]}]}},
    {"resourceType": "ValueSet", "id": "pets", "url": "urn:vs:pets", "status": "active",
     "compose": {"include": [{"valueSet": ["urn:vs:dogs"]},
                             {"system": "urn:animals", "concept": [{"code": "cat"}]}],
                 "exclude": [{"system": "urn:animals", "concept": [{"code": "poodle"}]}]}},
    *(observation(code, f"urn:animals|{code}") for code in ("animal", "dog", "poodle", "cat",
                                                             "stone")),
    observation("other", "urn:other|dog"),
    observation("married", f"{MARITAL}|20"), observation("first", f"{MARITAL}|21"),
    observation("single", f"{MARITAL}|10"),
    {"resourceType": "Patient", "id": "m", "gender": "male"},
    {"resourceType": "Patient", "id": "n"},
]  # fmt: skip
TERMS: list[Row] = [
    ("search.html#modifiers", "Observation?code:in=urn:vs:dogs", "dog poodle"),
    ("search.html#modifiers", "Observation?code:in=ValueSet/dogs", "dog poodle"),
    ("search.html#modifiers", "Observation?code:in=urn:vs:pets", "dog cat"),
    ("search.html#modifiers", "Observation?code:not-in=urn:vs:dogs",
     "animal cat stone other married first single"),
    ("search.html#modifiers", "Observation?code:below=urn:animals|dog", "dog poodle"),
    ("search.html#modifiers", "Observation?code:above=urn:animals|dog", "animal dog"),
    ("search.html#modifiers", "Observation?code:below=urn:animals|animal", "animal dog poodle cat"),
    ("search.html#modifiers", "Observation?code:below=urn:animals|poodle,urn:animals|cat",
     "poodle cat"),
    ("search_filter.html", "Observation?_filter=code in urn:vs:pets", "dog cat"),
    ("search_filter.html", "Observation?_filter=code ss urn:animals|dog", "dog poodle"),
    ("search_filter.html", "Observation?_filter=code sb urn:animals|dog", "animal dog"),
    ("search.html#modifiers", f"Observation?code:below={MARITAL}|20", "married first"),
    ("search.html#modifiers", f"Observation?code:above={MARITAL}|21", "married first"),
    ("search.html#modifiers",
     "Observation?code:in=http://referral.consortium.cn/fhir/ValueSet/gbt2261-marital-status",
     "married first single"),
    # A value set of R4 itself.
    ("search.html#modifiers",
     "Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender", "m"),
    ("search.html#modifiers",
     "Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", "n"),
]  # fmt: skip
TABLES: dict[str, tuple[list[Json], list[Row]]] = {
    "record": (RECORD, [*CHAIN, *HAS, *EVERY, *FILTER, *SYSTEM]),
    "near": (BEIJING, NEAR),
    "terminology": (ANIMALS, TERMS),
}


@pytest.mark.parametrize("kind", TABLES)
async def test_finds(both: Api, kind: str) -> None:
    resources, rows = TABLES[kind]
    await load(both, resources)
    await check(both, rows)


INCLUDES: list[Row] = [  # the section, a search, what it includes
    ("search.html#include", "ServiceRequest?_id=r1&_include=ServiceRequest:subject", "Patient/p1"),
    ("search.html#include", "ServiceRequest?_id=r1&_include=ServiceRequest:subject:Group", ""),
    ("search.html#include", "ServiceRequest?_id=r1&_include=ServiceRequest:subject:Patient",
     "Patient/p1"),
    ("search.html#include", "ServiceRequest?_id=r1&_include=ServiceRequest:subject"
     "&_include=ServiceRequest:requester", "Patient/p1 Practitioner/li"),
    ("search.html#include", "ServiceRequest?_id=r1&_include=*",
     "Organization/county Patient/p1 Practitioner/li"),
    ("search.html#include", "ServiceRequest?_id=r1&_include=ServiceRequest:*",
     "Organization/county Patient/p1 Practitioner/li"),
    ("search.html#revinclude", "ServiceRequest?_id=r1&_revinclude=Task:focus", "Task/t1"),
    ("search.html#revinclude", "ServiceRequest?_id=r1&_revinclude=*",
     "Encounter/e1 ServiceRequest/r2 Task/t1"),
    ("search.html#revinclude", "ServiceRequest?_id=r1&_revinclude=Encounter:*", "Encounter/e1"),
    # Without :iterate, an include starts from the matches only.
    ("search.html#include",
     "Task?_id=t1&_include=Task:focus&_include=ServiceRequest:subject", None),
    ("search.html#include",
     "Task?_id=t1&_include=Task:focus&_include:iterate=ServiceRequest:subject",
     "Patient/p1 ServiceRequest/r1"),
    ("search.html#include",
     "Task?_id=t1&_include=Task:focus&_include:recurse=ServiceRequest:subject",
     "Patient/p1 ServiceRequest/r1"),
    ("search.html#include", "ServiceRequest?_id=r3&_include=ServiceRequest:based-on",
     "ServiceRequest/r2"),
    ("search.html#include", "ServiceRequest?_id=r3&_include:iterate=ServiceRequest:based-on",
     "ServiceRequest/r1 ServiceRequest/r2"),
    ("search.html#include", "Organization?_id=village&_include:iterate=Organization:partof",
     "Organization/city Organization/county Organization/town"),
    ("search.html#revinclude", "Organization?_id=city&_revinclude:iterate=Organization:partof",
     "Organization/county Organization/town Organization/village"),
    ("search.html#revinclude", "Patient?_id=p2&_revinclude=Observation:patient"
     "&_revinclude:iterate=AuditEvent:entity", "AuditEvent/a1 Observation/o3"),
    ("search.html#include",
     "Task?_id=t2&_include=Task:focus&_include:iterate=ServiceRequest:based-on"
     "&_include:iterate=ServiceRequest:subject",
     "Patient/p1 Patient/p2 ServiceRequest/r1 ServiceRequest/r2"),
    # What matches is never included again.
    ("search.html#include", "ServiceRequest?_include=ServiceRequest:based-on", ""),
]  # type: ignore[list-item]  # fmt: skip


async def test_includes(both: Api) -> None:
    await load(both, RECORD)
    wrong = []
    for section, query, expected in INCLUDES:
        answer = await both.get(f"/fhir/{encoded(query)}")
        if expected is None:
            assert (answer.status_code, code_of(answer)) == (400, "search-include"), query
            continue
        assert answer.status_code == 200, (query, answer.text)
        resources = [
            e["resource"] for e in answer.json()["entry"] if e["search"]["mode"] == "include"
        ]
        found = sorted(f"{r['resourceType']}/{r['id']}" for r in resources)
        if found != expected.split():
            wrong.append((section, query, expected, found))
    assert not wrong, "\n".join(map(str, wrong))


async def test_iterated_includes_end(api: Api) -> None:
    """A ring ends where it began; a line of 12 is followed for the match and 8 rounds."""
    ring = [{"resourceType": "Organization", "id": f"ring{n}",
             "partOf": ref(f"Organization/ring{(n + 1) % 4}")} for n in range(4)]  # fmt: skip
    line = [{"resourceType": "Organization", "id": f"line{n}",
             "partOf": ref(f"Organization/line{n + 1}")} for n in range(12)]  # fmt: skip
    await load(api, [*ring, *line, {"resourceType": "Organization", "id": "line12"}])
    for id, count in (("ring0", 3), ("line0", 9)):
        query = f"Organization?_id={id}&_include:iterate=Organization:partof"
        entries = (await api.get(f"/fhir/{query}")).json()["entry"]
        assert len(entries) == 1 + count, id
