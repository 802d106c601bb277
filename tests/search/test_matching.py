"""What each search finds, from resources to ids. Spec: http://hl7.org/fhir/R4/search.html

Every table names its section; stores are compared with the same evaluator in tests/contract.
"""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.errors import FhirError

from .matching import Library

Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
SCT, LOINC = "http://snomed.info/sct", "http://loinc.org"


def coded(system: str, code: str, **more: Any) -> Json:
    return {"coding": [{"system": system, "code": code, **more}]}


def ref(text: str) -> Json:
    return {"reference": text}


def measured(value: float, code: str, **more: Any) -> Json:
    return {"value": value, "system": UCUM, "code": code, **more}


def observation(id: str, patient: str, **more: Any) -> Json:
    return {"resourceType": "Observation", "id": id, "status": "final", "subject": ref(patient),
            **more}  # fmt: skip


def pressure(code: str, value: float) -> Json:
    return {"code": coded(LOINC, code), "valueQuantity": measured(value, "mm[Hg]")}


ANIMALS = {
    "resourceType": "CodeSystem", "id": "cs", "url": "urn:animals", "content": "complete",
    "status": "active",
    "concept": [
        {"code": "animal", "concept": [
            {"code": "dog", "concept": [{"code": "poodle", "display": "Poodle"}]},
            {"code": "cat", "property": [{"code": "wild", "valueBoolean": True}]},
        ]},
        {"code": "stone", "property": [{"code": "status", "valueCode": "retired"}]},
        {"code": "wolf", "property": [{"code": "parent", "valueCode": "dog"}]},
    ],
}  # fmt: skip


def value_set(id: str, *include: Json, **compose: Any) -> Json:
    return {"resourceType": "ValueSet", "id": id, "url": f"urn:vs:{id}", "status": "active",
            "compose": {"include": list(include), **compose}}  # fmt: skip


def filtered(property: str, op: str, value: str) -> Json:
    return {"system": "urn:animals", "filter": [{"property": property, "op": op, "value": value}]}


RESOURCES: list[Json] = [
    {"resourceType": "Patient", "id": "p1", "active": True, "gender": "male",
     "name": [{"family": "张", "given": ["三"]}], "birthDate": "1970-05-01",
     "identifier": [{"system": "urn:a", "value": "1",
                     "type": coded("urn:t", "MR") | {"text": "病案号"}}],
     "managingOrganization": ref("Organization/o2"),
     "generalPractitioner": [ref("Practitioner/d1")],
     "text": {"status": "generated", "div": "<div>高血压 II级，长期服药</div>"}},
    {"resourceType": "Patient", "id": "p2", "gender": "female", "birthDate": "1980",
     "name": [{"text": "José Müller"}], "identifier": [{"system": "urn:b", "value": "1"}],
     "managingOrganization": {"identifier": {"system": "urn:org", "value": "77"}},
     "text": {"status": "generated", "div": "<div>血压正常 bone fracture</div>"}},
    {"resourceType": "Patient", "id": "p3", "name": [{"text": "曾国藩"}],
     "managingOrganization": ref("#o"), "contained": [{"resourceType": "Organization", "id": "o"}],
     "contact": [{"name": {"text": "liver"}}]},
    {"resourceType": "Organization", "id": "o1", "name": "市人民医院"},
    {"resourceType": "Organization", "id": "o2", "name": "县人民医院",
     "partOf": ref("Organization/o1")},
    {"resourceType": "Organization", "id": "o3", "name": "村卫生室",
     "partOf": ref("Organization/o2")},
    {"resourceType": "Practitioner", "id": "d1", "name": [{"text": "李医生"}]},
    {"resourceType": "Location", "id": "beijing",
     "position": {"latitude": 39.9042, "longitude": 116.4074}},
    {"resourceType": "Location", "id": "tianjin",
     "position": {"latitude": 39.3434, "longitude": 117.3616}},
    {"resourceType": "Location", "id": "nowhere"},
    observation("weight", "Patient/p1", code=coded(LOINC, "29463-7"),
                valueQuantity=measured(70.0, "kg", unit="公斤")),
    observation("grams", "Patient/p2", code=coded(LOINC, "29463-7"),
                valueQuantity=measured(70400, "g")),
    observation("pills", "Patient/p1", code={"text": "剩余药片"},
                valueQuantity={"value": 5.40, "unit": "片"}),
    observation("below", "Patient/p2", code=coded(LOINC, "1"),
                valueQuantity=measured(5, "mg", comparator="<")),
    observation("bp", "Patient/p1", code=coded(LOINC, "85354-9", display="Blood pressure"),
                component=[pressure("8480-6", 150), pressure("8462-4", 90)]),
    observation("dog", "Patient/p1", code=coded("urn:animals", "dog")),
    observation("poodle", "Patient/p1", code=coded("urn:animals", "poodle", display="Poodle")),
    observation("wolf", "Patient/p2", code=coded("urn:animals", "wolf")),
    observation("cat", "Patient/p2", code=coded("urn:animals", "cat")),
    {"resourceType": "RiskAssessment", "id": "r80", "status": "final", "subject": ref("Patient/p1"),
     "prediction": [{"probabilityDecimal": 0.8}]},
    {"resourceType": "RiskAssessment", "id": "r100", "status": "final",
     "subject": ref("Patient/p1"), "prediction": [{"probabilityDecimal": 100}]},
    {"resourceType": "RiskAssessment", "id": "r104", "status": "final",
     "subject": ref("Patient/p1"), "prediction": [{"probabilityDecimal": 104}]},
    {"resourceType": "List", "id": "l1", "status": "current", "mode": "working",
     "entry": [{"item": ref("Patient/p1")}, {"item": ref("Observation/bp")}]},
    {"resourceType": "Group", "id": "g1", "type": "person", "actual": True,
     "member": [{"entity": ref("Patient/p2")}]},
    {"resourceType": "AuditEvent", "id": "a1", "type": {"code": "x"}, "recorded": "2026-01-01",
     "agent": [{"requestor": True, "who": ref("Practitioner/d1")}], "source": {"observer": {}},
     "entity": [{"what": ref("Observation/bp")}]},
    {"resourceType": "StructureDefinition", "id": "s1", "url": "http://acme.org/fhir/a/b",
     "status": "draft", "name": "A", "kind": "resource", "abstract": False, "type": "Patient"},
    {"resourceType": "StructureDefinition", "id": "s2", "url": "http://acme.org/fhir/a/bc",
     "status": "draft", "name": "B", "kind": "resource", "abstract": False, "type": "Patient"},
    ANIMALS,
    value_set("dogs", filtered("concept", "is-a", "dog")),
    value_set("under", filtered("concept", "descendent-of", "dog")),
    value_set("others", filtered("concept", "is-not-a", "dog")),
    value_set("wild", filtered("wild", "=", "true")),
    value_set("marked", filtered("wild", "exists", "true")),
    value_set("pattern", filtered("code", "regex", "p.*")),
    value_set("listed", {"system": "urn:animals", "concept": [{"code": "cat"}]}),
    value_set("imported", {"valueSet": ["urn:vs:dogs", "urn:vs:listed"]},
              exclude=[{"system": "urn:animals", "concept": [{"code": "wolf"}]}]),
    value_set("circle", {"valueSet": ["urn:vs:circle", "urn:vs:listed"]}),
    value_set("both", {"system": "urn:animals", "valueSet": ["urn:vs:listed"]}),
    {"resourceType": "ValueSet", "id": "ready", "url": "urn:vs:ready", "status": "active",
     "expansion": {"contains": [{"system": "urn:animals", "code": "dog",
                                 "contains": [{"system": "urn:animals", "code": "poodle"}]}]}},
]  # fmt: skip
LIBRARY = Library(RESOURCES)

NUMBER = [  # search.html#number
    ("RiskAssessment?probability=0.8", ["r80"]),
    ("RiskAssessment?probability=0.80", ["r80"]),
    ("RiskAssessment?probability=1", ["r80"]),
    ("RiskAssessment?probability=100", ["r100"]),
    ("RiskAssessment?probability=100.00", ["r100"]),
    ("RiskAssessment?probability=1e2", ["r100", "r104"]),
    ("RiskAssessment?probability=1.00e2", ["r100"]),
    ("RiskAssessment?probability=ne100", ["r80", "r104"]),
    ("RiskAssessment?probability=gt100", ["r104"]),
    ("RiskAssessment?probability=ge100", ["r100", "r104"]),
    ("RiskAssessment?probability=lt100", ["r80"]),
    ("RiskAssessment?probability=le100", ["r80", "r100"]),
    ("RiskAssessment?probability=sa100", ["r104"]),
    ("RiskAssessment?probability=eb100", ["r80"]),
    ("RiskAssessment?probability=ap95", ["r100", "r104"]),
    ("RiskAssessment?probability=0.8,104", ["r80", "r104"]),
    ("RiskAssessment?_sort=-probability", ["r104", "r100", "r80"]),
]
QUANTITY = [  # search.html#quantity
    (f"Observation?value-quantity=70|{UCUM}|kg", ["weight", "grams"]),
    (f"Observation?value-quantity=70.0|{UCUM}|kg", ["weight"]),
    (f"Observation?value-quantity=70000|{UCUM}|g", ["weight"]),
    (f"Observation?value-quantity=gt70|{UCUM}|kg", ["grams"]),
    ("Observation?value-quantity=70||kg", ["weight"]),
    ("Observation?value-quantity=70||公斤", ["weight"]),
    ("Observation?value-quantity=70", ["weight"]),
    ("Observation?value-quantity=5.4||片", ["pills"]),
    ("Observation?value-quantity=5.40", ["pills"]),
    ("Observation?value-quantity=5.41", []),
    (f"Observation?value-quantity=lt1|{UCUM}|g", ["below"]),
    (f"Observation?value-quantity=sa1|{UCUM}|mg", ["weight", "grams"]),
    (f"Observation?value-quantity=ap75|{UCUM}|kg", ["weight", "grams"]),
    (f"Observation?value-quantity=70|{UCUM}|m", []),
    ("Observation?value-quantity:missing=false", ["weight", "grams", "pills", "below"]),
    (f"Observation?_sort=-value-quantity&value-quantity=gt1|{UCUM}|kg", ["grams", "weight"]),
]
TOKEN = [  # search.html#token and #modifiers
    ("Patient?identifier:of-type=urn:t|MR|1", ["p1"]),
    ("Patient?identifier:of-type=urn:t|MR|2", []),
    ("Patient?identifier:text=病案", ["p1"]),
    ("Observation?code:text=剩余", ["pills"]),
    ("Observation?code:text=blood", ["bp"]),
    ("Observation?code:missing=true", []),
    ("Observation?code:in=urn:vs:dogs", ["dog", "poodle", "wolf"]),
    ("Observation?code:in=ValueSet/dogs", ["dog", "poodle", "wolf"]),
    ("Observation?code:in=http://here/fhir/ValueSet/dogs", ["dog", "poodle", "wolf"]),
    ("Observation?code:in=urn:vs:under", ["poodle", "wolf"]),
    ("Observation?code:in=urn:vs:others", ["cat"]),
    ("Observation?code:in=urn:vs:wild", ["cat"]),
    ("Observation?code:in=urn:vs:marked", ["cat"]),
    ("Observation?code:in=urn:vs:pattern", ["poodle"]),
    ("Observation?code:in=urn:vs:imported", ["dog", "poodle", "cat"]),
    ("Observation?code:in=urn:vs:circle", ["cat"]),
    ("Observation?code:in=urn:vs:both", ["cat"]),
    ("Observation?code:in=urn:vs:ready", ["dog", "poodle"]),
    ("Observation?code:not-in=urn:vs:dogs&subject=Patient/p2", ["grams", "below", "cat"]),
    ("Observation?code:below=urn:animals|dog", ["dog", "poodle", "wolf"]),
    ("Observation?code:above=urn:animals|poodle", ["dog", "poodle"]),
    ("Observation?code:below=urn:animals|stone", []),
    ("Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender", ["p1", "p2"]),
    ("Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", ["p3"]),
    ("Patient?_id:not=p1", ["p2", "p3"]),
]
STRING = [  # search.html#string, and our :pinyin
    ("Patient?name:pinyin=zhang san", ["p1"]),
    ("Patient?name:pinyin=zhangs", ["p1"]),
    ("Patient?name:pinyin=zs", ["p1"]),
    ("Patient?name:pinyin=san", ["p1"]),
    ("Patient?name:pinyin=Zhāng Sān", ["p1"]),
    ("Patient?name:pinyin=章叁", ["p1"]),
    ("Patient?name:pinyin=zgf,zs", ["p1", "p3"]),
    ("Patient?name:pinyin=zeng", ["p3"]),
    ("Patient?name:pinyin=muller", []),
    ("Organization?name:pinyin=xian", ["o2"]),
    ("Organization?name:pinyin=srmyy", ["o1"]),
]
URI = [  # search.html#uri
    ("StructureDefinition?url=http://acme.org/fhir/a/b", ["s1"]),
    ("StructureDefinition?url:below=http://acme.org/fhir/", ["s1", "s2"]),
    ("StructureDefinition?url:below=http://acme.org/fhir/a/b", ["s1"]),
    ("StructureDefinition?url:below=http://acme.org/fh", []),
    ("StructureDefinition?url:above=http://acme.org/fhir/a/b/c", ["s1"]),
    ("StructureDefinition?url:above=http://acme.org/fhir/a", []),
]
REFERENCE = [  # search.html#reference, #recursive
    ("Patient?organization:identifier=urn:org|77", ["p2"]),
    ("Patient?organization:missing=true", []),
    ("Patient?organization:missing=false", ["p1", "p2", "p3"]),
    ("Patient?organization:Organization=o2", ["p1"]),
    ("Patient?organization:below=o1", ["p1"]),
    ("Patient?organization:below=Organization/o2", ["p1"]),
    ("Patient?organization:below=Organization/o3", []),
    ("Patient?organization:above=Organization/o3", ["p1"]),
    ("Patient?organization:above=Organization/o1", []),
    ("Organization?partof:below=o1", ["o2", "o3"]),
    ("Patient?general-practitioner=http://here/fhir/Practitioner/d1", ["p1"]),
]
COMPOSITE = [  # search.html#composite
    (f"Observation?component-code-value-quantity={LOINC}|8480-6$gt140", ["bp"]),
    (f"Observation?component-code-value-quantity={LOINC}|8462-4$gt140", []),
    (f"Observation?component-code-value-quantity=8480-6$150|{UCUM}|mm[Hg]", ["bp"]),
    (f"Observation?code-value-quantity={LOINC}|29463-7$ge70|{UCUM}|kg", ["weight", "grams"]),
    ("Observation?combo-code-value-quantity=8480-6$gt140,29463-7$lt100", ["weight", "bp"]),
    ("Observation?component-code-value-quantity:missing=false", ["bp"]),
]
CHAINS = [  # search.html#chaining, #has
    ("Observation?subject.organization.name=县", ["weight", "pills", "bp", "dog", "poodle"]),
    ("Observation?subject:Patient.organization:Organization.partof.name=市",
     ["weight", "pills", "bp", "dog", "poodle"]),
    ("Observation?subject:Patient.name:exact=José Müller", ["grams", "below", "wolf", "cat"]),
    ("Observation?patient.general-practitioner.name=李&value-quantity=70", ["weight"]),
    ("Patient?_has:Observation:patient:code=urn:animals|wolf", ["p2"]),
    ("Patient?_has:Observation:patient:code=urn:animals|wolf,8480-6", ["p2"]),
    ("Patient?_has:Observation:patient:code:in=urn:vs:under", ["p1", "p2"]),
    ("Patient?_has:Observation:patient:_has:AuditEvent:entity:agent=Practitioner/d1", ["p1"]),
    ("Organization?_has:Patient:organization:name=张", ["o2"]),
    ("Organization?_has:Patient:organization:general-practitioner.name=李", ["o2"]),
    ("Observation?patient._has:Group:member:_id=g1", ["grams", "below", "wolf", "cat"]),
    ("Observation?subject._id=p2&code=urn:animals|", ["wolf", "cat"]),
]  # fmt: skip
SPECIAL = [  # search.html#list, #content; location.html#positional
    ("Patient?_list=l1", ["p1"]),
    ("Observation?_list=List/l1", ["bp"]),
    ("Patient?_in=Group/g1", ["p2"]),
    ("Patient?_in=g1,l1", ["p1", "p2"]),
    ("Patient?_text=血压", ["p1", "p2"]),
    ("Patient?_text=高血压", ["p1"]),
    ("Patient?_text=压血", []),
    ("Patient?_text=血压 bone", ["p2"]),
    ("Patient?_text=服药 OR fracture", ["p1", "p2"]),
    ("Patient?_text=血压 NOT (fracture)", None),
    ("Patient?_text=血压 AND NOT fracture", ["p1"]),
    ('Patient?_text="bone fracture"', ["p2"]),
    ('Patient?_text="fracture bone"', []),
    ("Patient?_text=(服药 or bone) and 血压", ["p1", "p2"]),
    ("Patient?_content=liver", ["p3"]),
    ("Patient?_content=bone,liver", ["p2", "p3"]),
    ("Location?near=39.9|116.4|10|km", ["beijing"]),
    ("Location?near=39.9|116.4|10", ["beijing"]),
    ("Location?near=39.9|116.4", ["beijing"]),
    ("Location?near=39.9|116.4|200|km", ["beijing", "tianjin"]),
    ("Location?near=39.9|116.4|10000|m", ["beijing"]),
    ("Location?near=39.9|116.4|0.1|m", []),
    ("Location?near=39.9|116.4|100|[mi_i]", ["beijing", "tianjin"]),
    ("Location?near=39.9|116.4|100|mi", ["beijing", "tianjin"]),
    ("Location?near=39.9|116.4|5|km,39.3|117.3|20|km", ["beijing", "tianjin"]),
    ("Location?near:missing=true", ["nowhere"]),
]
FILTER = [  # search_filter.html
    ('Patient?_filter=name eq "张三"', ["p1"]),
    ('Patient?_filter=name co "国"', ["p3"]),
    ('Patient?_filter=name ew "藩"', ["p3"]),
    ('Patient?_filter=name sw "JOSE"', ["p2"]),
    ("Patient?_filter=gender eq male or gender eq female", ["p1", "p2"]),
    ("Patient?_filter=not (gender eq male)", ["p2", "p3"]),
    ("Patient?_filter=gender ne male", ["p2"]),
    ("Patient?_filter=gender pr false", ["p3"]),
    ("Patient?_filter=birthdate ge 1975", ["p2"]),
    ("Patient?_filter=birthdate po 1980-06", ["p2"]),
    ('Patient?_filter=(gender eq male or gender eq female) and birthdate lt "1975-01-01"', ["p1"]),
    # No precedence: (male or female) and born before 1975.
    ("Patient?_filter=gender eq female or gender eq male and birthdate lt 1975", ["p1"]),
    ("Patient?_filter=id eq p2", ["p2"]),
    ("Patient?_filter=organization re Organization/o2", ["p1"]),
    ("Patient?_filter=organization.name co 人民", ["p1"]),
    ("Patient?_filter=organization[name sw 县].partof.name sw 市", ["p1"]),
    ("Patient?_filter=organization[name sw 市].partof.name sw 市", []),
    ("Observation?_filter=code in urn:vs:under", ["poodle", "wolf"]),
    ("Observation?_filter=code ss urn:animals|dog", ["dog", "poodle", "wolf"]),
    ("Observation?_filter=code sb urn:animals|poodle", ["dog", "poodle"]),
    (f"Observation?_filter=value-quantity gt 70|{UCUM}|kg", ["grams"]),
    ("Observation?_filter=code eq urn:animals|cat and not(subject.gender eq male)", ["cat"]),
    ("StructureDefinition?_filter=url ew bc", ["s2"]),
    ("Patient?_filter=_id ne p1 and _lastUpdated gt 2020", ["p2", "p3"]),
]
SYSTEM = [  # http.html#search-system
    ("?_id=p1", ["p1"]),
    ("?_type=Patient,Organization&name=张,市", ["p1", "o1"]),
    ("?_type=Group,List&_sort=-_id", ["l1", "g1"]),
    ("?_has:List:item:_id=l1", ["p1", "bp"]),
    ("?_text=血压", ["p1", "p2"]),
    ("?_type=Patient&gender=male", ["p1"]),
]
TABLES = {
    "number": NUMBER, "quantity": QUANTITY, "token": TOKEN, "string": STRING, "uri": URI,
    "reference": REFERENCE, "composite": COMPOSITE, "chains": CHAINS, "special": SPECIAL,
    "filter": FILTER, "system": SYSTEM,
}  # fmt: skip
CASES = [(query, ids) for table in TABLES.values() for query, ids in table if ids is not None]


@pytest.mark.parametrize(("query", "ids"), CASES)
def test_finds(query: str, ids: list[str]) -> None:
    assert LIBRARY.search(query) == ids


REFUSED = [  # a query, the code, what the answer names. The first is the positive control.
    ("Patient?gender=male", "", ""),
    ("Patient?gender:exact=male", "search-modifier", "not"),
    ("Patient?gender:of-type=a|b|c", "search-modifier", "not-in missing"),
    ("Patient?birthdate:not=1970", "search-modifier", "missing"),
    ("Organization?address:pinyin=a", "search-modifier", "exact contains missing"),
    ("Patient?name:of-type=a", "search-modifier", "pinyin"),
    ("Patient?identifier:of-type=a|1", "search-value", "type-system|type-code|value"),
    ("Patient?link:below=Patient/1", "search-modifier", "identifier missing"),
    ("Observation?value-quantity=x", "search-value", "number||unit"),
    ("Observation?value-quantity=5|mg", "search-value", "number|system|code"),
    ("Observation?value-quantity=zz5", "search-prefix", "eq ne gt"),
    ("RiskAssessment?probability=1e9999", "search-value", "1e2"),
    ("Observation?component-code-value-quantity=8480-6", "search-value", "component-code$"),
    ("Location?near=1", "search-value", "latitude"),
    ("Location?near=91|0", "search-value", "latitude"),
    ("Location?near=1|1|5|kg", "search-value", "units"),
    ("Patient?_has=x", "search-has", "_has:"),
    ("Patient?_has:Observation=x", "search-has", "_has:"),
    ("Patient?_has:Observation:code:status=x", "search-has", "_has:"),
    ("Organization?_has:Observation:patient:status=final", "search-has", "_has:"),
    ("Patient?_has:Observation:patient:foo=x", "search-unknown", "value-quantity"),
    ("Patient?organization.foo=x", "search-unknown", "partof"),
    ("Observation?code:in=urn:none", "terminology-unknown", "ValueSet"),
    ("Observation?code:below=urn:none|x", "terminology-unknown", "CodeSystem"),
    ("Observation?code:below=x", "search-value", "system|code"),
    ("Patient?_filter=gender eq", "search-filter", "a value"),
    ("Patient?_filter=gender is male", "search-filter", "eq ne co"),
    ("Patient?_filter=(gender eq male", "search-filter", ")"),
    ("Patient?_filter=gender eq male xor gender eq female", "search-filter", "and, or"),
    ("Patient?_filter=gender gt male", "search-operator", "eq ne co"),
    ("Patient?_filter=" + "(" * 30 + "gender eq male" + ")" * 30, "search-filter", "levels"),
    ("Patient?_list=$current-problems", "search-value", "List"),
    ("Patient?_in=Patient/1", "search-value", "CareTeam"),
    ("Patient?_text=AND", "search-value", "OR"),
    ("Patient?_text=(a", "search-value", "OR"),
    ("Patient?_contained=true", "search-contained", "_contained"),
    ("?gender=male", "search-unknown", "_tag"),
    ("?_type=Patient,Task&gender=male", "search-unknown", "Task"),
    ("?_type=Foo", "search-value", "resource types"),
    ("Patient?_sort=link:x", "search-sort", "birthdate"),
    ("Patient?" + "&".join(["gender=male"] * 101), "search-limit", "100 检索参数 (parameters)"),
    ("Patient?_id=" + ",".join(map(str, range(1001))), "search-limit", "values in a list"),
    ("Organization?" + "partof." * 9 + "name=a", "search-limit", "steps in a chain"),
    ("Patient?_revinclude:foo=Task:focus", "search-modifier", "iterate"),
    ("StructureDefinition?url:below=urn:x", "search-value", "http"),
]


@pytest.mark.parametrize(("query", "code", "hint"), REFUSED)
def test_refuses(query: str, code: str, hint: str) -> None:
    if not code:
        assert LIBRARY.search(query)
        return
    with pytest.raises(FhirError) as caught:
        LIBRARY.search(query)
    issue = caught.value.issues[0]
    assert issue.code == code
    assert hint in issue.text("en")
    assert 400 <= caught.value.status < 500
    assert issue.text("zh") != issue.text("en")
