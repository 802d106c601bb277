"""Every type of search parameter with its modifiers and prefixes, over HTTP, on each store.

Spec: http://hl7.org/fhir/R4/search.html
"""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api
from .library import LOINC, UCUM, Json, Row, check, coded, load, measured, observation, ref

pytestmark = pytest.mark.anyio


def risk(id: str, **outcome: Any) -> Json:
    return {"resourceType": "RiskAssessment", "id": id, "status": "final",
            "subject": ref("Patient/p1"), "prediction": [outcome]}  # fmt: skip


def immunization(id: str, moment: str) -> Json:
    return {"resourceType": "Immunization", "id": id, "status": "completed",
            "vaccineCode": coded("urn:v|1"), "patient": ref("Patient/p1"),
            "occurrenceDateTime": moment}  # fmt: skip


def encounter(id: str, **period: str) -> Json:
    return {"resourceType": "Encounter", "id": id, "status": "finished", "class": {"code": "AMB"},
            "period": period}  # fmt: skip


def profile(id: str, url: str) -> Json:
    return {"resourceType": "StructureDefinition", "id": id, "url": url, "status": "draft",
            "name": "A", "kind": "resource", "abstract": False, "type": "Patient"}  # fmt: skip


def request(id: str, **more: Any) -> Json:
    return {"resourceType": "ServiceRequest", "id": id, "status": "active", "intent": "order",
            "subject": ref("Patient/p1"), **more}  # fmt: skip


NUMBERS = [
    risk("n0.8", probabilityDecimal=0.8),
    risk("n99.4", probabilityDecimal=99.4),
    risk("n99.5", probabilityDecimal=99.5),
    risk("n100", probabilityDecimal=100),
    risk("n100.4", probabilityDecimal=100.4),
    risk("n100.5", probabilityDecimal=100.5),
    risk("range", probabilityRange={"low": {"value": 98}, "high": {"value": 102}}),
]
NUMBER: list[Row] = [
    # "[99.5 ... 100.5)"; a target is within where its whole range is.
    ("search.html#number", "RiskAssessment?probability=100", "n99.5 n100 n100.4"),
    ("search.html#number", "RiskAssessment?probability=100.0", "n100"),
    ("search.html#number", "RiskAssessment?probability=100.00", "n100"),
    ("search.html#number",
     "RiskAssessment?probability=1e2", "n99.4 n99.5 n100 n100.4 n100.5 range"),
    ("search.html#number", "RiskAssessment?probability=8e-1", "n0.8"),
    ("search.html#number", "RiskAssessment?probability=+0.8", "n0.8"),
    ("search.html#number", "RiskAssessment?probability=-0.8", ""),
    ("search.html#prefix", "RiskAssessment?probability=eq99.5", "n99.5"),
    ("search.html#prefix", "RiskAssessment?probability=ne100", "n0.8 n99.4 n100.5 range"),
    # The other prefixes take the number as exact.
    ("search.html#number", "RiskAssessment?probability=gt100", "n100.4 n100.5 range"),
    ("search.html#number", "RiskAssessment?probability=lt100", "n0.8 n99.4 n99.5 range"),
    ("search.html#number", "RiskAssessment?probability=ge100", "n100 n100.4 n100.5 range"),
    ("search.html#number", "RiskAssessment?probability=le100", "n0.8 n99.4 n99.5 n100 range"),
    ("search.html#prefix", "RiskAssessment?probability=sa100", "n100.4 n100.5"),
    ("search.html#prefix", "RiskAssessment?probability=eb100", "n0.8 n99.4 n99.5"),
    ("search.html#prefix",
     "RiskAssessment?probability=sa97", "n99.4 n99.5 n100 n100.4 n100.5 range"),
    ("search.html#prefix",
     "RiskAssessment?probability=ap110", "n99.4 n99.5 n100 n100.4 n100.5 range"),
    ("search.html#prefix", "RiskAssessment?probability=ap0.85", "n0.8"),
    ("search.html#combining", "RiskAssessment?probability=0.8,100.0", "n0.8 n100"),
    ("search.html#combining", "RiskAssessment?probability=gt99&probability=lt99.5", "n99.4 range"),
    ("search.html#modifiers", "RiskAssessment?probability:missing=true", ""),
    ("search.html#sort", "RiskAssessment?_sort=-probability&probability=ge100",
     "n100.5 n100.4 n100 range"),
]  # fmt: skip

DATES = [
    immunization("second", "2013-01-14T10:00:00Z"),
    immunization("east", "2013-01-14T23:30:00+08:00"),
    immunization("west", "2013-01-14T23:30:00-08:00"),
    immunization("day", "2013-01-14"),
    immunization("month", "2013-01"),
    immunization("year", "2013"),
    immunization("next", "2013-01-15T00:00:00+08:00"),
    encounter("jan21on", start="2013-01-21"),
    encounter("mar15on", start="2013-03-15"),
    encounter("tojan21", end="2013-01-21"),
    encounter("spring", start="2013-03-01", end="2013-05-31"),
    encounter("none"),
]
DATES[-1].pop("period")
DATE: list[Row] = [
    # Day 14 of January is that of the server's zone, +08:00: 13 Jan 16:00Z to 14 Jan 16:00Z.
    ("search.html#prefix", "Immunization?date=2013-01-14", "second east day"),
    ("search.html#prefix", "Immunization?date=ne2013-01-14", "west month year next"),
    ("search.html#date", "Immunization?date=2013-01", "second east west day month next"),
    ("search.html#date", "Immunization?date=2013", "second east west day month year next"),
    ("search.html#date", "Immunization?date=2013-01-14T10:00:00Z", "second"),
    ("search.html#date", "Immunization?date=2013-01-14T18:00:00+08:00", "second"),
    ("search.html#date", "Immunization?date=2013-01-14T18:00:00", "second"),
    ("search.html#date", "Immunization?date=2013-01-14T10:00Z", "second"),
    ("search.html#date", "Immunization?date=2013-01-14T10:01Z", ""),
    ("search.html#date", "Immunization?date=2013-01-14T10:00:00.000Z", ""),
    ("search.html#date", "Immunization?date=2013-01-15T07:30:00Z", "west"),
    # "lt2013-01-14T10:00": 2013-01-14 matches, for it includes the part before 10.
    ("search.html#prefix", "Immunization?date=lt2013-01-14T10:00", "day month year"),
    ("search.html#prefix", "Immunization?date=gt2013-01-14T10:00",
     "second east west day month year next"),
    ("search.html#prefix", "Immunization?date=ge2013-01-15", "west month year next"),
    ("search.html#prefix", "Immunization?date=le2013-01-14", "second east day month year"),
    ("search.html#prefix", "Immunization?date=sa2013-01-14", "west next"),
    ("search.html#prefix", "Immunization?date=eb2013-01-15", "second east day"),
    ("search.html#date", "Immunization?date=ge2013-01-14&date=lt2013-01-15",
     "second east day month year"),
    ("search.html#combining",
     "Immunization?date=2013-01-14,2013-01-15", "second east west day next"),
    # The examples of the table of prefixes, on periods.
    ("search.html#prefix", "Encounter?date=ge2013-03-14", "jan21on mar15on spring"),
    ("search.html#prefix", "Encounter?date=le2013-03-14", "jan21on tojan21 spring"),
    ("search.html#prefix", "Encounter?date=sa2013-03-14", "mar15on"),
    ("search.html#prefix", "Encounter?date=eb2013-03-14", "tojan21"),
    ("search.html#prefix", "Encounter?date=2013-03", ""),
    ("search.html#prefix", "Encounter?date=2013", "spring"),
    ("search.html#prefix", "Encounter?date=ne2013", "jan21on mar15on tojan21"),
    ("search.html#prefix", "Encounter?date=gt2014", "jan21on mar15on"),
    ("search.html#prefix", "Encounter?date=lt2013-01-01", "tojan21"),
    ("search.html#prefix", "Encounter?date=ap2013-04-01", "jan21on mar15on tojan21 spring"),
    ("search.html#modifiers", "Encounter?date:missing=true", "none"),
    ("search.html#modifiers", "Encounter?date:missing=false", "jan21on mar15on tojan21 spring"),
    ("search.html#sort", "Encounter?_sort=-date", "mar15on spring jan21on tojan21 none"),
]  # fmt: skip

PEOPLE: list[Json] = [
    {"resourceType": "Patient", "id": "p1", "active": True, "gender": "male",
     "name": [{"use": "official", "family": "张", "given": ["三"]}, {"text": "Zhang San"}],
     "address": [{"text": "山西省白水县青石镇1号", "city": "白水县", "line": ["1号"]}],
     "telecom": [{"system": "phone", "value": "13800138000"}],
     "identifier": [{"system": "urn:oid:1.2.36", "value": "A1",
                     "type": coded("urn:t|MR", text="病案号")}]},
    {"resourceType": "Patient", "id": "eve", "gender": "female",
     "name": [{"given": ["Eve"], "family": "Müller-Straße"}],
     "address": [{"city": "São Paulo"}], "telecom": [{"system": "email", "value": "e@x.org"}],
     "identifier": [{"value": "A1"}, {"system": "urn:b", "value": "1,2|3$4\\5"}]},
    {"resourceType": "Patient", "id": "evelyn",
     "name": [{"given": ["evelyn"], "family": "ＭＵＬＬＥＲ"}], "gender": "other",
     "deceasedBoolean": True,
     "identifier": [{"system": "urn:b", "value": "a1", "type": coded("urn:t|PI")}]},
    {"resourceType": "Patient", "id": "severine", "name": [{"given": ["Severine"]}],
     "deceasedDateTime": "2020-01-01", "active": False},
    {"resourceType": "Patient", "id": "zeng",
     "name": [{"text": "曾国藩"}, {"family": "单", "given": ["雄信"]}]},
    {"resourceType": "Patient", "id": "bare"},
    {"resourceType": "Organization", "id": "xian", "name": "白水县人民医院", "alias": ["县医院"]},
]  # fmt: skip
STRING: list[Row] = [
    ("search.html#string", "Patient?given=eve", "eve evelyn"),
    ("search.html#string", "Patient?given=EVE", "eve evelyn"),
    ("search.html#string", "Patient?given:contains=eve", "eve evelyn severine"),
    ("search.html#string", "Patient?given:exact=Eve", "eve"),
    ("search.html#string", "Patient?given:exact=eve", ""),
    ("search.html#string", "Patient?family=muller", "eve evelyn"),
    ("search.html#string", "Patient?family=MÜLLER", "eve evelyn"),
    ("search.html#string", "Patient?family=müller-strasse", "eve"),
    ("search.html#string", "Patient?family:exact=Müller-Straße", "eve"),
    ("search.html#string", "Patient?family:exact=Müller", ""),
    ("search.html#string", "Patient?family=ｍｕｌｌｅｒ", "eve evelyn"),
    ("search.html#string", "Patient?address=sao", "eve"),
    ("search.html#string", "Patient?address-city=白水", "p1"),
    ("search.html#string", "Patient?address=1号", "p1"),
    ("search.html#string", "Patient?address:contains=青石", "p1"),
    ("search.html#string", "Patient?address=青石", ""),
    # A name is a person's whole name or any part of it; a Chinese one has no blank.
    ("search.html#string", "Patient?name=张三", "p1"),
    ("search.html#string", "Patient?name=三", "p1"),
    ("search.html#string", "Patient?name=zhang  san", "p1"),
    ("search.html#string", "Patient?name:contains=国", "zeng"),
    ("search.html#string", "Patient?name:exact=张三", "p1"),
    ("search.html#combining", "Patient?name=张,eve", "p1 eve evelyn"),
    ("search.html#combining", "Patient?given=eve&family=muller", "eve evelyn"),
    ("search.html#modifiers", "Patient?name:missing=true", "bare"),
    ("search.html#modifiers", "Patient?family:missing=false", "p1 eve evelyn zeng"),
    ("search.html#string", "Organization?name=县医院", "xian"),
    ("docs/search.md", "Patient?name:pinyin=zhang san", "p1"),
    ("docs/search.md", "Patient?name:pinyin=zs", "p1"),
    ("docs/search.md", "Patient?name:pinyin=zengguofan", "zeng"),
    ("docs/search.md", "Patient?name:pinyin=shan xiongxin", "zeng"),
    ("docs/search.md", "Patient?family:pinyin=shan", "zeng"),
    ("docs/search.md", "Organization?name:pinyin=baishui", "xian"),
    ("docs/search.md", "Organization?name:pinyin=bsxrmyy", "xian"),
    ("search.html#sort", "Patient?_sort=family&family:missing=false", "evelyn eve zeng p1"),
]  # fmt: skip
TOKEN: list[Row] = [
    ("search.html#token", "Patient?identifier=urn:oid:1.2.36|A1", "p1"),
    ("search.html#token", "Patient?identifier=A1", "p1 eve"),
    ("search.html#token", "Patient?identifier=|A1", "eve"),
    ("search.html#token", "Patient?identifier=urn:b|", "eve evelyn"),
    ("search.html#token", "Patient?identifier=urn:b|A1", ""),
    ("search.html#escaping", "Patient?identifier=urn:b|1\\,2\\|3\\$4\\\\5", "eve"),
    ("search.html#token", "Patient?gender=male", "p1"),
    ("search.html#token", "Patient?gender=http://hl7.org/fhir/administrative-gender|male", "p1"),
    ("search.html#token", "Patient?gender=http://hl7.org/fhir/administrative-gender|",
     "p1 eve evelyn"),
    ("search.html#token", "Patient?gender=urn:other|male", ""),
    ("search.html#token", "Patient?active=true", "p1"),
    ("search.html#token", "Patient?active=false", "severine"),
    ("search.html#token", "Patient?deceased=true", "evelyn severine"),
    ("search.html#token", "Patient?telecom=13800138000", "p1"),
    ("search.html#token", "Patient?phone=13800138000", "p1"),
    ("search.html#token", "Patient?email=e@x.org", "eve"),
    ("search.html#token", "Patient?phone=e@x.org", ""),
    ("search.html#combining", "Patient?gender=male,female", "p1 eve"),
    ("search.html#combining", "Patient?gender=male&gender=female", ""),
    # :not finds also what has none.
    ("search.html#modifiers", "Patient?gender:not=male", "eve evelyn severine zeng bare"),
    ("search.html#modifiers", "Patient?gender:not=male,female", "evelyn severine zeng bare"),
    ("search.html#modifiers", "Patient?gender:missing=true", "severine zeng bare"),
    ("search.html#modifiers", "Patient?gender:missing=false", "p1 eve evelyn"),
    ("search.html#modifiers", "Patient?identifier:of-type=urn:t|MR|A1", "p1"),
    ("search.html#modifiers", "Patient?identifier:of-type=urn:t|PI|A1", ""),
    ("search.html#modifiers", "Patient?identifier:text=病案", "p1"),
    ("search.html#modifiers",
     "Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender",
     "p1 eve evelyn"),
    ("search.html#modifiers",
     "Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender",
     "severine zeng bare"),
    ("search.html#sort", "Patient?_sort=gender&gender:missing=false", "eve p1 evelyn"),
]  # fmt: skip

MEASURED = [
    observation("mg", f"{LOINC}|1", valueQuantity=measured(5.4, "mg", unit="mg")),
    observation("g", f"{LOINC}|1", valueQuantity=measured(0.0054, "g", unit="克")),
    observation("ug", f"{LOINC}|1", valueQuantity=measured(5400, "ug")),
    observation("kg", f"{LOINC}|2", valueQuantity=measured(70.0, "kg", unit="公斤")),
    observation("plain", f"{LOINC}|2", valueQuantity={"value": 5.4, "unit": "片"}),
    observation("less", f"{LOINC}|1", valueQuantity=measured(1, "mg", comparator="<")),
    observation("pressure", f"{LOINC}|3", valueQuantity=measured(120, "mm[Hg]")),
    observation("celsius", f"{LOINC}|4", valueQuantity=measured(37.0, "Cel")),
    observation("money", f"{LOINC}|9", status="amended"),
    {"resourceType": "Invoice", "id": "yuan", "status": "issued",
     "totalGross": {"value": 99.5, "currency": "CNY"}},
    {"resourceType": "Condition", "id": "aged", "subject": ref("Patient/p1"),
     "onsetAge": measured(52, "a")},
]  # fmt: skip
QUANTITY: list[Row] = [
    ("search.html#quantity", f"Observation?value-quantity=5.4|{UCUM}|mg", "mg g ug"),
    ("search.html#quantity", f"Observation?value-quantity=5.40e-3|{UCUM}|g", "mg g ug"),
    ("search.html#quantity", f"Observation?value-quantity=5400|{UCUM}|ug", "mg g ug"),
    ("search.html#quantity", f"Observation?value-quantity=gt5|{UCUM}|mg", "mg g ug kg"),
    ("search.html#quantity", f"Observation?value-quantity=lt2|{UCUM}|mg", "less"),
    ("search.html#quantity", f"Observation?value-quantity=sa5|{UCUM}|mg", "mg g ug kg"),
    ("search.html#quantity", f"Observation?value-quantity=eb5.5|{UCUM}|mg", "mg g ug less"),
    ("search.html#quantity", f"Observation?value-quantity=ap5|{UCUM}|mg", "mg g ug"),
    ("search.html#quantity", f"Observation?value-quantity=ge70|{UCUM}|kg", "kg"),
    ("search.html#quantity", f"Observation?value-quantity=ne70|{UCUM}|kg", "mg g ug less"),
    ("search.html#quantity", "Observation?value-quantity=5.4", "mg plain"),
    ("search.html#quantity", "Observation?value-quantity=5.4||mg", "mg"),
    ("search.html#quantity", "Observation?value-quantity=5.4||片", "plain"),
    ("search.html#quantity", "Observation?value-quantity=70||公斤", "kg"),
    ("search.html#quantity", "Observation?value-quantity=le5.4", "mg g plain less"),
    ("search.html#quantity", f"Observation?value-quantity=16.0|{UCUM}|kPa", "pressure"),
    ("search.html#quantity", f"Observation?value-quantity=310.15|{UCUM}|K", "celsius"),
    ("search.html#quantity", f"Observation?value-quantity=5.4|{UCUM}|m", ""),
    ("search.html#quantity", "Invoice?totalgross=99.5|urn:iso:std:iso:4217|CNY", "yuan"),
    ("search.html#quantity", "Invoice?totalgross=gt99||CNY", "yuan"),
    ("search.html#quantity", f"Condition?onset-age=gt600|{UCUM}|mo", "aged"),
    ("search.html#modifiers", "Observation?value-quantity:missing=true", "money"),
    ("search.html#sort", f"Observation?_sort=-value-quantity,_id&value-quantity=gt1|{UCUM}|mg",
     "kg g mg ug"),
]  # fmt: skip

POINTING: list[Json] = [
    {"resourceType": "Patient", "id": "p1"},
    {"resourceType": "Group", "id": "p1", "type": "person", "actual": True},
    request("patient"),
    request("group", subject=ref("Group/p1")),
    request("absolute", subject=ref("http://test/fhir/Patient/p1")),
    request("other", subject=ref("http://other/fhir/Patient/p1")),
    request("version", subject=ref("Patient/p1/_history/1"), instantiatesCanonical=["http://x.org/p|1.0"]),
    request("named", subject={"identifier": {"system": "urn:a", "value": "7"}},
            instantiatesCanonical=["http://x.org/p"]),
    request("inside", subject=ref("#p"), contained=[{"resourceType": "Patient", "id": "p"}],
            basedOn=[ref("ServiceRequest/patient")], instantiatesUri=["http://x.org/protocol/1"]),
    profile("ab", "http://acme.org/fhir/a/b"), profile("abc", "http://acme.org/fhir/a/bc"),
    profile("oid", "urn:oid:1.2.3"),
]  # fmt: skip
REFERENCE: list[Row] = [
    ("search.html#reference", "ServiceRequest?subject=Patient/p1", "patient version"),
    ("search.html#reference", "ServiceRequest?subject=p1", "patient group version"),
    ("search.html#reference", "ServiceRequest?subject:Patient=p1", "patient version"),
    ("search.html#reference", "ServiceRequest?subject:Group=p1", "group"),
    ("search.html#reference", "ServiceRequest?patient=p1", "patient version"),
    ("search.html#reference", "ServiceRequest?patient=Patient/p1", "patient version"),
    ("search.html#reference", "ServiceRequest?subject=http://other/fhir/Patient/p1", "other"),
    ("search.html#reference", "ServiceRequest?based-on=ServiceRequest/patient", "inside"),
    ("search.html#reference",
     "ServiceRequest?subject=Patient/p1,Group/p1", "patient group version"),
    ("search.html#reference", "ServiceRequest?subject=Patient/none", ""),
    ("search.html#modifiers", "ServiceRequest?subject:identifier=urn:a|7", "named"),
    ("search.html#modifiers", "ServiceRequest?subject:identifier=7", "named"),
    ("search.html#modifiers", "ServiceRequest?subject:identifier=|7", ""),
    ("search.html#modifiers", "ServiceRequest?based-on:missing=false", "inside"),
    ("search.html#modifiers", "ServiceRequest?subject:missing=true", ""),
    ("references.html#canonical", "ServiceRequest?instantiates-canonical=http://x.org/p",
     "version named"),
    ("references.html#canonical", "ServiceRequest?instantiates-canonical=http://x.org/p|1.0",
     "version"),
    ("search.html#uri", "ServiceRequest?instantiates-uri=http://x.org/protocol/1", "inside"),
    ("search.html#uri", "ServiceRequest?instantiates-uri=http://x.org/protocol", ""),
    ("search.html#uri", "StructureDefinition?url=http://acme.org/fhir/a/b", "ab"),
    ("search.html#uri", "StructureDefinition?url=HTTP://acme.org/fhir/a/b", ""),
    ("search.html#uri", "StructureDefinition?url=urn:oid:1.2.3", "oid"),
    ("search.html#modifiers", "StructureDefinition?url:below=http://acme.org/fhir/", "ab abc"),
    ("search.html#modifiers", "StructureDefinition?url:below=http://acme.org/fhir/a/b", "ab"),
    ("search.html#modifiers", "StructureDefinition?url:above=http://acme.org/fhir/a/b/c/d", "ab"),
    ("search.html#modifiers", "StructureDefinition?url:missing=true", ""),
]  # fmt: skip

PRESSURE = [
    observation("high", f"{LOINC}|85354-9", component=[
        {"code": coded(f"{LOINC}|8480-6"), "valueQuantity": measured(150, "mm[Hg]")},
        {"code": coded(f"{LOINC}|8462-4"), "valueQuantity": measured(90, "mm[Hg]")}]),
    observation("normal", f"{LOINC}|85354-9", component=[
        {"code": coded(f"{LOINC}|8480-6"), "valueQuantity": measured(118, "mm[Hg]")},
        {"code": coded(f"{LOINC}|8462-4"), "valueQuantity": measured(145, "mm[Hg]")}]),
    observation("potassium", f"{LOINC}|2823-3", valueQuantity=measured(6.1, "mmol/L")),
    observation("sodium", f"{LOINC}|2951-2", valueQuantity=measured(6.1, "mmol/L")),
    observation("blood", f"{LOINC}|883-9", valueCodeableConcept=coded("urn:abo|A")),
    observation("text", f"{LOINC}|1", valueString="阴性"),
    {"resourceType": "Group", "id": "mixed", "type": "person", "actual": False, "characteristic": [
        {"code": coded("gender"), "valueCodeableConcept": coded("mixed"), "exclude": False},
        {"code": coded("age"), "valueCodeableConcept": coded("old"), "exclude": True}]},
]  # fmt: skip
COMPOSITE: list[Row] = [
    # Both parts on one component.
    ("search.html#composite", "Observation?component-code-value-quantity=8480-6$gt140", "high"),
    ("search.html#composite",
     f"Observation?component-code-value-quantity={LOINC}|8480-6$gt140|{UCUM}|mm[Hg]", "high"),
    ("search.html#composite",
     f"Observation?component-code-value-quantity={LOINC}|8480-6$lt16|{UCUM}|kPa", "normal"),
    ("search.html#composite", "Observation?code-value-quantity=2823-3$gt5.4", "potassium"),
    ("search.html#composite", f"Observation?code-value-quantity={LOINC}|2823-3$gt5.4|{UCUM}|mmol/L",
     "potassium"),
    ("search.html#composite", "Observation?combo-code-value-quantity=8480-6$gt140,2951-2$6.1",
     "high sodium"),
    ("search.html#composite", "Observation?code-value-concept=883-9$urn:abo|A", "blood"),
    ("search.html#composite", "Observation?code-value-concept=883-9$B", ""),
    ("search.html#composite", "Observation?code-value-string=1$阴", "text"),
    ("search.html#composite", "Group?characteristic-value=gender$mixed", "mixed"),
    ("search.html#composite", "Group?characteristic-value=gender$old", ""),
    ("search.html#composite", "Group?characteristic=gender&value=old", "mixed"),
    ("search.html#modifiers", "Observation?component-code-value-quantity:missing=true",
     "potassium sodium blood text"),
]  # fmt: skip

TABLES: dict[str, tuple[list[Json], list[Row]]] = {
    "number": (NUMBERS, NUMBER),
    "date": (DATES, DATE),
    "string": (PEOPLE, STRING),
    "token": (PEOPLE, TOKEN),
    "quantity": (MEASURED, QUANTITY),
    "reference": (POINTING, REFERENCE),
    "composite": (PRESSURE, COMPOSITE),
}


@pytest.mark.parametrize("kind", TABLES)
async def test_finds(both: Api, kind: str) -> None:
    resources, rows = TABLES[kind]
    await load(both, resources)
    await check(both, rows)
