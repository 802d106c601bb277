"""Search parameters of one's own that are refused, and what is only kept.

Spec: http://hl7.org/fhir/R4/searchparameter.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import FHIR, Api, code_of

from .test_custom_search import URL, parameter, patient, until_ready

LONG = "Patient.address.city" + " | Patient.address.city" * 200
WRONG = [  # what is changed, the error, where
    ({"code": "1st"}, "parameter-code", "SearchParameter.code"),
    ({"code": "_village"}, "parameter-code", "SearchParameter.code"),
    ({"code": "village:exact"}, "parameter-code", "SearchParameter.code"),
    ({"code": "village.city"}, "parameter-code", "SearchParameter.code"),
    ({"code": "birthdate"}, "parameter-taken", "SearchParameter.code"),
    ({"code": "_id"}, "parameter-code", "SearchParameter.code"),
    ({"base": ["Resource"], "code": "subject", "expression": "Resource.meta.source"},
     "parameter-taken", "SearchParameter.code"),
    ({"type": "special"}, "parameter-kind", "SearchParameter.type"),
    ({"xpathUsage": "phonetic"}, "parameter-kind", "SearchParameter.xpathUsage"),
    ({"expression": "Patient.address.where("}, "parameter-expression",
     "SearchParameter.expression"),
    ({"expression": "Patient.village"}, "parameter-expression", "SearchParameter.expression"),
    ({"expression": "Encounter.status"}, "parameter-expression", "SearchParameter.expression"),
    ({"expression": "Patient.name.where(family.matches('(a+)+$')).family"},
     "parameter-expression", "SearchParameter.expression"),
    ({"expression": "(" * 900 + "Patient" + ")" * 900}, "parameter-expression",
     "SearchParameter.expression"),
    ({"base": ["DomainResource"], "expression": "Patient.name.family"}, "parameter-expression",
     "SearchParameter.expression"),
    ({"expression": "Patient.birthDate"}, "parameter-result", "SearchParameter.expression"),
    ({"expression": "Patient.address"}, "", ""),  # the positive control
    ({"type": "quantity", "expression": "Patient.address"}, "parameter-result",
     "SearchParameter.expression"),
    ({"expression": LONG}, "parameter-no-expression", "SearchParameter.expression"),
    ({"expression": " "}, "parameter-no-expression", "SearchParameter.expression"),
    ({"base": ["Patient", "Nobody"]}, "structure-code", "SearchParameter.base[1]"),
    ({"target": ["Nobody"]}, "structure-code", "SearchParameter.target[0]"),
    ({"type": "composite", "expression": "Patient.address"}, "parameter-component",
     "SearchParameter.component"),
    ({"type": "composite", "expression": "Patient.address", "component": [
        {"definition": "http://hl7.org/fhir/SearchParameter/individual-address-use",
         "expression": "use"},
        {"definition": "http://hl7.org/fhir/SearchParameter/individual-address-city",
         "expression": "village"}]},
     "parameter-expression", "SearchParameter.component"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "at"), WRONG)
async def test_a_wrong_one_is_refused_with_its_reason(
    api: Api, change: dict[str, Any], code: str, at: str
) -> None:
    answer = await api.create(parameter(**change))
    if code:
        assert answer.status_code == 422, answer.text
        assert code_of(answer) == code
        assert answer.json()["issue"][0]["expression"] == [at]
    else:
        assert answer.status_code == 201, answer.text


async def test_validate_says_what_a_write_says(api: Api) -> None:
    """One table of rules: $validate names the same code and place as the refusal."""
    for change, code, at in WRONG:
        body = parameter(**change)
        answer = await api.post("/fhir/SearchParameter/$validate", json=body, headers=FHIR)
        assert answer.status_code == 200
        errors = {
            (i["details"]["coding"][0]["code"], i["expression"][0])
            for i in answer.json()["issue"]
            if i["severity"] == "error"
        }
        if code:
            assert (code, at) in errors, (change, errors)
        else:
            assert {each for each in errors if each[0].startswith("parameter")} == set()


async def test_what_stays_in_effect_is_no_duplicate_of_itself(api: Api) -> None:
    stored = (await api.create(parameter())).json()
    for body, path, expected in (
        (stored, "SearchParameter/$validate", []),
        (stored, f"SearchParameter/{stored['id']}/$validate", []),
        (parameter(), "SearchParameter/$validate", ["parameter-duplicate"]),
    ):
        answer = await api.post(f"/fhir/{path}", json=body, headers=FHIR)
        codes = [i["details"]["coding"][0]["code"] for i in answer.json()["issue"]]
        assert [c for c in codes if c.startswith("parameter")] == expected


async def test_all_reasons_are_given_at_once(api: Api) -> None:
    answer = await api.create(parameter(code="9", base=["Patient", "Group"], xpathUsage="other"))
    found = [
        (i["details"]["coding"][0]["code"], i["expression"][0]) for i in answer.json()["issue"]
    ]
    assert found == [
        ("parameter-kind", "SearchParameter.xpathUsage"),
        ("parameter-code", "SearchParameter.code"),
        ("parameter-expression", "SearchParameter.expression"),  # not on Group
    ]


async def test_one_that_is_not_active_or_is_of_r4_is_only_kept(api: Api) -> None:
    wanted = {k: v for k, v in parameter().items() if k != "expression"}
    assert code_of(await api.create(wanted)) == "parameter-no-expression"
    assert (await api.create({**wanted, "status": "draft"})).status_code == 201
    own = parameter(url="http://hl7.org/fhir/SearchParameter/Patient-active", code="active")
    assert (await api.create(own)).status_code == 201
    assert (await api.get("/fhir/Patient?active=true")).status_code == 200
    # As implementation guides do: derived from R4's own, with its code.
    derived = parameter(
        code="gender", type="token", expression="Patient.gender",
        derivedFrom="http://hl7.org/fhir/SearchParameter/individual-gender",
    )  # fmt: skip
    assert (await api.create(derived)).status_code == 201
    for change in ({"type": "string"}, {"base": ["Patient", "Person"], "code": "active"}):
        assert code_of(await api.create({**derived, **change})) == "parameter-taken"


async def test_a_code_or_a_url_belongs_to_one(api: Api) -> None:
    stored = (await api.create(parameter())).json()
    assert code_of(await api.create(parameter())) == "parameter-duplicate"
    assert code_of(await api.create(parameter(url=URL + "-2"))) == "parameter-taken"
    other = parameter(url=URL + "-2", base=["Group"], expression="Group.name")
    assert (await api.create(other)).status_code == 201
    every = parameter(url=URL + "-3", base=["DomainResource"], expression="DomainResource.id")
    assert code_of(await api.create(every)) == "parameter-taken"
    # The same resource again is an update.
    assert (await api.update({**stored, "description": "else"})).status_code == 200


def entry(resource: dict[str, Any], method: str = "POST") -> dict[str, Any]:
    id = "" if method == "POST" else f"/{resource['id']}"
    request = {"method": method, "url": resource["resourceType"] + id}
    return {"request": request, **({} if method == "DELETE" else {"resource": resource})}


async def test_in_a_transaction_all_are_checked_together(api: Api) -> None:
    broken = await api.bundle("transaction", entry(patient("x")), entry(parameter(code="9")))
    assert broken.status_code == 422
    twice = await api.bundle("transaction", entry(parameter()), entry(parameter(url=URL + "-2")))
    assert (twice.status_code, code_of(twice)) == (422, "parameter-taken")
    assert await api.ids("Patient?_count=1") == []
    parts = [{"definition": URL, "expression": "city"},
             {"definition": "http://hl7.org/fhir/SearchParameter/individual-address-use",
              "expression": "use"}]  # fmt: skip
    both = parameter(url=URL + "-use", code="village-use", type="composite", component=parts,
                     expression="Patient.address")  # fmt: skip
    good = await api.bundle("transaction", entry(patient("x")), entry(both), entry(parameter()))
    assert good.status_code == 200, good.text
    assert len(await until_ready(api, "Patient?village=x")) == 1
    # One goes, another comes with its url and code.
    old = {**parameter(), "id": good.json()["entry"][2]["response"]["location"].split("/")[1]}
    change = await api.bundle("transaction", entry(parameter(base=["Patient", "Group"],
                              expression="Patient.address.city | Group.name")),
                              entry(old, "DELETE"))  # fmt: skip
    assert change.status_code == 200, change.text
    assert await until_ready(api, "Group?village=x") == []
    assert len(await until_ready(api, "Patient?village=x")) == 1


async def test_a_conditional_update_is_an_update(api: Api) -> None:
    stored = (await api.create(parameter())).json()
    changed = parameter(description="else")
    answer = await api.put(f"/fhir/SearchParameter?url={URL}", json=changed, headers=FHIR)
    assert (answer.status_code, answer.json()["id"]) == (200, stored["id"])
    # A body does not choose the id of what is created.
    again = await api.create(stored)
    assert (again.status_code, code_of(again)) == (422, "parameter-duplicate")
