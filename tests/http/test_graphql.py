"""$graphql. Source of the shapes: http://hl7.org/fhir/R4/graphql.html"""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.http.conftest import FHIR, Api, code_of

Json = dict[str, Any]
# The Patient of the page's examples.
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "example",
    "identifier": [
        {"use": "usual", "system": "urn:oid:1.2.36.146.595.217.0.1", "value": "12345"},
    ],
    "active": True,
    "name": [
        {"use": "official", "family": "Chalmers", "given": ["Peter", "James"]},
        {"use": "usual", "given": ["Jim"]},
        {"use": "maiden", "family": "Windsor", "given": ["Peter", "James"]},
    ],
    "birthDate": "1974-12-25",
    "_birthDate": {"extension": [{"url": "http://x/t", "valueDateTime": "1974-12-25"}]},
    "contact": [{"name": {"family": "du Marché"}, "gender": "female"}],
    "managingOrganization": {"reference": "Organization/o1"},
    "generalPractitioner": [{"reference": "Practitioner/d1"}, {"reference": "Organization/o1"}],
}  # fmt: skip
OTHERS: list[Json] = [
    {"resourceType": "Organization", "id": "o1", "name": "县医院"},
    {"resourceType": "Practitioner", "id": "d1", "name": [{"text": "王医生"}]},
    {"resourceType": "Patient", "id": "p2", "name": [{"family": "Pet"}]},
    {"resourceType": "Patient", "id": "p3", "name": [{"family": "Peter"}],
     "managingOrganization": {"reference": "Organization/lost"}},
    {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/example"},
     "code": {"text": "高血压"}},
    {"resourceType": "Observation", "id": "b1", "status": "final", "code": {"text": "x"},
     "subject": {"reference": "Patient/example"},
     "valueQuantity": {"value": 1.50, "unit": "kg"}},
]  # fmt: skip
SYSTEM = "urn:oid:1.2.36.146.595.217.0.1"


async def load(api: Api) -> None:
    entries = [
        {"resource": r, "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"}}
        for r in (*OTHERS, PATIENT)
    ]
    answer = await api.bundle("transaction", *entries)
    assert answer.status_code == 200, answer.text


async def ask(api: Api, query: str, at: str = "", **more: Any) -> Json:
    body = {"query": query, **more}
    headers = {"content-type": "application/json"}
    answer = await api.post(f"/fhir/{at}$graphql", json=body, headers=headers)
    assert answer.headers["content-type"].startswith("application/json")
    found: Json = answer.json()
    return found


P = "Patient/example/"
# where, query, data
READS: list[tuple[str, str, Json]] = [
    (P, "{ id active birthDate }", {"id": "example", "active": True, "birthDate": "1974-12-25"}),
    (P, "{ name { text given family } }", {"name": [
        {"given": ["Peter", "James"], "family": "Chalmers"}, {"given": ["Jim"]},
        {"given": ["Peter", "James"], "family": "Windsor"}]}),
    (P, '{ name(use: "official") { family } }', {"name": [{"family": "Chalmers"}]}),
    (P, "{ name(use: official) { family } }", {"name": [{"family": "Chalmers"}]}),
    (P, '{ name(fhirpath: "family.exists()") { use } }',
     {"name": [{"use": "official"}, {"use": "maiden"}]}),
    (P, "{ name(_offset: 1, _count: 1) { given } }", {"name": [{"given": ["Jim"]}]}),
    (P, "{ name { given @first } }", {"name": [{"given": ["Peter"]}, {"given": ["Jim"]},
                                              {"given": ["Peter"]}]}),
    (P, "{ who: name @first { f: family } }", {"who": [{"f": "Chalmers"}]}),
    (P, "{ resourceType __typename }", {"resourceType": "Patient", "__typename": "Patient"}),
    (P, "{ _birthDate { extension { url valueDateTime } } }",
     {"_birthDate": {"extension": [{"url": "http://x/t", "valueDateTime": "1974-12-25"}]}}),
    (P, "{ contact { name { family } gender } }",
     {"contact": [{"name": {"family": "du Marché"}, "gender": "female"}]}),
    (P, "{ managingOrganization { reference resource { ... on Organization { name } } } }",
     {"managingOrganization": {"reference": "Organization/o1", "resource": {"name": "县医院"}}}),
    (P, "{ generalPractitioner { resource { id ... on Practitioner { name { text } } "
        "... on Organization { name } } } }",
     {"generalPractitioner": [{"resource": {"id": "d1", "name": [{"text": "王医生"}]}},
                              {"resource": {"id": "o1", "name": "县医院"}}]}),
    (P, "{ generalPractitioner { resource(type: Practitioner) { id } } }",
     {"generalPractitioner": [{"resource": {"id": "d1"}}, {}]}),
    (P, "{ ConditionList(_reference: patient) { code { text } } }",
     {"ConditionList": [{"code": {"text": "高血压"}}]}),
    (P, "query ($yes: Boolean!) { id @include(if: $yes) active @skip(if: $yes) }",
     {"id": "example"}),
    (P, "{ ...Names } fragment Names on Patient { name { ...F } } "
        "fragment F on HumanName { family }",
     {"name": [{"family": "Chalmers"}, {}, {"family": "Windsor"}]}),
    # flattening
    (P, "{ identifier @flatten { system value } active name @flatten { text given family } }",
     {"system": [SYSTEM], "value": ["12345"], "active": True,
      "given": ["Peter", "James", "Jim", "Peter", "James"], "family": ["Chalmers", "Windsor"]}),
    (P, "{ identifier @flatten { system value } active "
        "name @flatten { text given @first family } }",
     {"system": [SYSTEM], "value": ["12345"], "active": True,
      "given": ["Peter", "Jim", "Peter"], "family": ["Chalmers", "Windsor"]}),
    (P, "{ identifier @flatten { system @singleton value @singleton } active "
        "name @flatten @first { text given family @singleton } }",
     {"system": SYSTEM, "value": "12345", "active": True,
      "given": ["Peter", "James"], "family": "Chalmers"}),
    (P, '{ name @flatten @slice(path: "use") { given family @singleton } }',
     {"given.official": ["Peter", "James"], "family.official": "Chalmers",
      "given.usual": ["Jim"], "given.maiden": ["Peter", "James"], "family.maiden": "Windsor"}),
    (P, '{ name @flatten @slice(path: "$index") { given family @singleton } }',
     {"given.0": ["Peter", "James"], "family.0": "Chalmers", "given.1": ["Jim"],
      "given.2": ["Peter", "James"], "family.2": "Windsor"}),
    # the system level
    ("", '{ Patient(id: "p2") { id } }', {"Patient": {"id": "p2"}}),
    ("", "query ($id: ID!) { Patient(id: $id) { id } }", {"Patient": {"id": "example"}}),
    ("", '{ PatientList(name: "pet", _sort: "_id") { id name @first @flatten { family } } }',
     {"PatientList": [{"id": "example", "family": ["Chalmers"]}, {"id": "p2", "family": ["Pet"]},
                      {"id": "p3", "family": ["Peter"]}]}),
    ("", '{ PatientList(general_practitioner: "Practitioner/d1") { id } }',
     {"PatientList": [{"id": "example"}]}),
    ("", '{ PatientList(name: ["pet", "chal"]) { id } }', {"PatientList": [{"id": "example"}]}),
    ("", '{ a: PatientList(_id: "p2") { id } b: PatientList(_id: "p3") { id } }',
     {"a": [{"id": "p2"}], "b": [{"id": "p3"}]}),
    ("", '{ ObservationList(subject: "Patient/example") { valueQuantity { value unit } } }',
     {"ObservationList": [{"valueQuantity": {"value": 1.5, "unit": "kg"}}]}),
    ("", '{ ConditionList { subject { resource { ... on Patient { birthDate } } } } }',
     {"ConditionList": [{"subject": {"resource": {"birthDate": "1974-12-25"}}}]}),
    ("", '{ PatientList(_id: "p3") { managingOrganization { resource(optional: true) { id } } } }',
     {"PatientList": [{"managingOrganization": {}}]}),
]  # fmt: skip


async def test_what_a_query_reads(both: Api) -> None:
    await load(both)
    variables = {"yes": True, "id": "example"}
    for at, query, data in READS:
        used = {k: v for k, v in variables.items() if "$" + k in query}
        assert await ask(both, query, at, variables=used) == {"data": data}, query


async def test_connections_page(both: Api) -> None:
    await load(both)
    cursor, seen = "", []
    for _ in range(5):
        more = f'_cursor: "{cursor}"' if cursor else ""
        fields = "count pagesize next edges { mode resource { id } }"
        query = "{ PatientConnection(_count: 2 %s) { " + fields + " } }"
        found = (await ask(both, query % more))["data"]["PatientConnection"]
        assert (found["count"], found["pagesize"]) == (3, 2)
        seen += [e["resource"]["id"] for e in found["edges"]]
        cursor = found.get("next", "")
        if not cursor:
            break
    assert sorted(seen) == ["example", "p2", "p3"]


# where, query, part of the message, status
REFUSED: list[tuple[str, str, str, int]] = [
    (P, "{ id }", "", 200),
    (P, "{ nam { family } }", "Cannot query field 'nam' on type 'Patient'. Did you mean 'na", 400),
    (P, "{ name { fmily } }", "Cannot query field 'fmily' on type 'HumanName'", 400),
    (P, "{ contact { foo } }", "Cannot query field 'foo' on type 'Patient.contact'", 400),
    (P, "{ name }", "must have a selection", 400),
    (P, "{ id { x } }", "must not have a selection", 400),
    (P, '{ name(foo: "x") { family } }', "Unknown argument 'foo'", 400),
    (P, '{ birthDate(use: "x") }', "Unknown argument", 400),
    (P, "{ ... on Observation { id } }", "cannot be in", 400),
    (P, "{ ... on Nothing { id } }", "Unknown type 'Nothing'", 400),
    (P, "{ ...F }", "Unknown fragment 'F'", 400),
    (P, "{ ...F } fragment F on Patient { ...F }", "itself", 400),
    (P, "{ id @nothing }", "Unknown directive", 400),
    (P, "{ name @slice { family } }", "", 200),
    (P, "{ id(if: $x) }", "Variable '$x' is not defined", 400),
    (P, "query ($x: ID!) { name(id: $x) { id } }", "needs a value", 400),
    (P, "{ id ", "Syntax Error", 400),
    (P, "", "Syntax Error", 400),
    (P, "mutation { id }", "Only queries", 400),
    (P, "query A { id } query B { id }", "operationName", 400),
    (P, "{ ConditionList { id } }", "needs the argument '_reference'", 400),
    (P, "{ ConditionList(_reference: code) { id } }", "no search parameter", 200),
    (P, "{ name @flatten { family @singleton } }", "more than one value", 200),
    (P, '{ name(fhirpath: "((") { family } }', "fhirpath", 200),
    (P, "{ name(_count: -1) { family } }", "_count", 200),
    ("", "{ Patient { id } }", "needs the argument 'id'", 400),
    ("", '{ Patient(id: "none") { id } }', "There is no such Patient", 200),
    ("", "{ Nothing { id } }", "Cannot query field 'Nothing'", 400),
    ("", '{ PatientList(foo: "x") { id } }', "unknown search parameter", 200),
    ("", '{ PatientList(birthdate: "x") { id } }', "search value", 200),
    ("", '{ PatientList(_id: "p3") { managingOrganization { resource { id } } } }',
     "There is no such Organization", 200),
    ("Organization/o1/", "{ partOf { resource { ... on Organization " * 8 + "{ id }" + "} } }" * 8,
     "nested deeper", 400),
    ("", "{" + " a" * 5000 + " }", "tokens", 400),
    ("", "{" * 3000, "", 400),
    (P, "{ ...A } " + "".join(f"fragment F{i} on Patient {{ ...F{i + 1} ...F{i + 1} }} "
                              for i in range(30))
        + "fragment F30 on Patient { id } fragment A on Patient { ...F0 }", "", 400),
]  # fmt: skip


@pytest.mark.parametrize(("at", "query", "message", "status"), REFUSED)
async def test_errors(api: Api, at: str, query: str, message: str, status: int) -> None:
    await load(api)
    headers = {"content-type": "application/json"}
    answer = await api.post(f"/fhir/{at}$graphql", json={"query": query}, headers=headers)
    assert answer.status_code == status, answer.text
    if message:
        assert message in answer.json()["errors"][0]["message"]
        assert answer.json().get("data") is None


async def test_ways_to_send_a_query(api: Api) -> None:
    await load(api)
    where, query = (
        "/fhir/Patient/example/$graphql",
        "query Q($u: code) { name(use: $u) { family } }",
    )
    expected = {"data": {"name": [{"family": "Chalmers"}]}}
    sent = {"query": query, "variables": '{"u": "official"}', "operationName": "Q"}
    plain = '{ name(use: "official") { family } }'
    parameter = [{"name": k, "valueString": v} for k, v in sent.items()]
    answers = [
        await api.get(where, params=sent),
        await api.post(where, data=sent),
        await api.post(where, content=plain, headers={"content-type": "application/graphql"}),
        await api.post(where, params={"query": plain}),
        await api.post(
            where, json={"resourceType": "Parameters", "parameter": parameter}, headers=FHIR
        ),
    ]
    assert [a.json() for a in answers] == [expected] * len(answers)
    for params, code in (
        ({}, "parameter-missing"),
        ({"query": "{id}", "variables": "[1]"}, "parameter-value"),
        ({"query": "{id}", "variables": "{"}, "parameter-value"),
        ({"query": "{id}", "x": "1"}, "parameter-unknown"),
    ):
        assert code_of(await api.get(where, params=params)) == code
    odd = await api.post(where, json={"query": 1}, headers={"content-type": "application/json"})
    assert code_of(odd) == "parameter-value"
    gone = await api.get("/fhir/Patient/none/$graphql", params={"query": "{id}"})
    assert (gone.status_code, code_of(gone)) == (404, "read-unknown")
    bad = await api.post(where, content=b"\xff", headers={"content-type": "application/graphql"})
    assert (bad.status_code, code_of(bad)) == (400, "json-not-utf8")


async def test_in_a_batch_the_answer_is_a_binary(api: Api) -> None:
    await load(api)
    entry = {"request": {"method": "GET", "url": "Patient/example/$graphql?query=%7Bid%7D"}}
    found = (await api.bundle("batch", entry)).json()["entry"][0]["resource"]
    assert found["resourceType"] == "Binary"
    assert base64.b64decode(found["data"]) == b'{"data":{"id":"example"}}'
