"""Every kind of rule an ElementDefinition can state, each with what passes and what does not.

Spec: http://hl7.org/fhir/R4/elementdefinition.html and profiling.html
"""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.validation import Validator

from .profiles import BASE, COLOURS, CORE, RED, URGENCY, at, by, profile

Json = dict[str, Any]
LOINC = "http://loinc.org"


def coding(code: str, system: str = LOINC) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def observation(**more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": {"text": "a"}, **more}


def patient(**more: Any) -> Json:
    return {"resourceType": "Patient", **more}


def component(code: str, **more: Any) -> Json:
    return {"code": coding(code), **more}


P = "Patient"
O = "Observation"  # noqa: E741
SLICED = (
    at("Observation.component", **by("pattern", "code")),
    at("Observation.component:sys", min=1, max="1"),
    at("Observation.component:sys.code", patternCodeableConcept=coding("8480-6")),
    at("Observation.component:sys.value[x]", min=1, type=[{"code": "Quantity"}]),
)
CLOSED = (
    at("Patient.telecom", **by("value", "system", "closed", ordered=True)),
    at("Patient.telecom:phone", min=0, max="1"),
    at("Patient.telecom:phone.system", min=1, fixedCode="phone"),
    at("Patient.telecom:email", min=0, max="*"),
    at("Patient.telecom:email.system", min=1, fixedCode="email"),
)
AT_END = (
    at("Patient.telecom", **by("value", "system", "openAtEnd")),
    at("Patient.telecom:phone", min=0),
    at("Patient.telecom:phone.system", fixedCode="phone"),
)
RESLICED = (
    at("Patient.identifier", **by("value", "system")),
    at("Patient.identifier:mrn", min=0),
    at("Patient.identifier:mrn.system", fixedUri="http://a"),
    {**at("Patient.identifier:mrn", **by("value", "use")), "sliceName": "mrn"},
    at("Patient.identifier:mrn/old", min=1),
    at("Patient.identifier:mrn/old.use", fixedCode="old"),
)
BY_TYPE = (
    at(
        "Observation.value[x]",
        **by("type", "$this"),
        type=[{"code": "Quantity"}, {"code": "string"}],
    ),
    at("Observation.value[x]:valueQuantity", type=[{"code": "Quantity"}]),
    at("Observation.value[x]:valueQuantity.code", fixedCode="mg"),
)
BY_EXISTS = (
    at("Patient.contact", **by("exists", "name")),
    at("Patient.contact:named", max="1"),
    at("Patient.contact:named.name", min=1),
    at("Patient.contact:other", max="1"),
    at("Patient.contact:other.name", max="0"),
)
ENTRY = (
    at("Bundle.entry", **by("type", "resource", "closed")),
    at("Bundle.entry:patient", min=1, max="1"),
    at("Bundle.entry:patient.resource", min=1, type=[{"code": "Patient"}]),
    at("Bundle.entry:other", min=0),
    at("Bundle.entry:other.resource", type=[{"code": "Observation"}]),
)
NAMED = profile("named", "Patient", at("Patient.name", min=1))
ENTRY_BY_PROFILE = (
    at("Bundle.entry", **by("profile", "resource")),
    at("Bundle.entry:named", min=1, max="1"),
    at("Bundle.entry:named.resource", type=[{"code": "Patient", "profile": [NAMED["url"]]}]),
)
RESOLVED = (
    at("Observation.performer", **by("type", "resolve()", "closed")),
    at("Observation.performer:doctor", min=1),
    at(
        "Observation.performer:doctor",
        type=[{"code": "Reference", "targetProfile": [CORE + "Practitioner"]}],
    ),
)
LIMIT = at("Observation.value[x]", minValueQuantity={"value": 1, "unit": "mg"})


def bundle(*resources: Json) -> Json:
    return {
        "resourceType": "Bundle", "type": "collection",
        "entry": [{"fullUrl": f"http://a/{r['resourceType']}/{i}", "resource": {**r, "id": str(i)}}
                  for i, r in enumerate(resources)],
    }  # fmt: skip


def phone(system: str) -> Json:
    return {"system": system, "value": "1"}


def urgency(**value: Any) -> Json:
    return {"url": URGENCY["url"], **value}


def request(**more: Any) -> Json:
    return {"resourceType": "ServiceRequest", "status": "active", "intent": "order",
            "subject": {"reference": "Patient/1"}, **more}  # fmt: skip


# name, type, elements, resource, errors ("message expression"); [] is the positive control
# fmt: off
# ruff: noqa: E501  # one case a line
CASES: list[tuple[str, str, tuple[Json, ...], Json, list[str]]] = [
    ("min", P, (at("Patient.name", min=1),), patient(name=[{"text": "a"}]), []),
    ("min", P, (at("Patient.name", min=1),), patient(active=True), ["valid-min Patient.name"]),
    ("min 2", P, (at("Patient.name", min=2),), patient(name=[{"text": "a"}]), ["valid-min Patient.name"]),
    ("max", P, (at("Patient.name", max="1"),), patient(name=[{"text": "a"}, {"text": "b"}]), ["valid-max Patient.name"]),
    ("max 0", P, (at("Patient.photo", max="0"),), patient(photo=[{"url": "a:b"}]), ["valid-forbidden Patient.photo"]),
    ("nested min", P, (at("Patient.name.family", min=1),), patient(name=[{"family": "a"}, {"text": "b"}]), ["valid-min Patient.name[1].family"]),
    ("primitive with an extension only", P, (at("Patient.birthDate", min=1),), patient(_birthDate={"extension": [{"url": "http://a", "valueCode": "b"}]}), []),
    ("type", O, (at("Observation.value[x]", type=[{"code": "Quantity"}]),), observation(valueQuantity={"value": 1}), []),
    ("type", O, (at("Observation.value[x]", type=[{"code": "Quantity"}]),), observation(valueString="a"), ["valid-type Observation.value"]),
    ("fixed", P, (at("Patient.gender", fixedCode="male"),), patient(gender="male"), []),
    ("fixed", P, (at("Patient.gender", fixedCode="male"),), patient(gender="female"), ["valid-fixed Patient.gender"]),
    ("fixed object", O, (at("Observation.code", fixedCodeableConcept={"text": "a"}),), observation(code={"text": "a", "id": "b"}), ["valid-fixed Observation.code"]),
    ("pattern", O, (at("Observation.code", patternCodeableConcept=coding("1-8")),), observation(code={**coding("1-8"), "text": "a"}), []),
    ("pattern", O, (at("Observation.code", patternCodeableConcept=coding("1-8")),), observation(code=coding("2-6")), ["valid-pattern Observation.code"]),
    ("min value", P, (at("Patient.birthDate", minValueDate="2000-01-01"),), patient(birthDate="2000-01-01"), []),
    ("min value", P, (at("Patient.birthDate", minValueDate="2000-01-01"),), patient(birthDate="1999-12-31"), ["valid-min-value Patient.birthDate"]),
    ("max value", P, (at("Patient.multipleBirth[x]", maxValueInteger=3),), patient(multipleBirthInteger=4), ["valid-max-value Patient.multipleBirth"]),
    ("min quantity", O, (LIMIT,), observation(valueQuantity={"value": 0, "unit": "mg"}), ["valid-min-value Observation.value"]),
    ("length", P, (at("Patient.name.text", maxLength=2),), patient(name=[{"text": "张三"}]), []),
    ("length", P, (at("Patient.name.text", maxLength=2),), patient(name=[{"text": "欧阳修"}]), ["valid-max-length Patient.name[0].text"]),
    ("required binding", O, (at("Observation.code", binding={"strength": "required", "valueSet": RED["url"]}),), observation(code=coding("red", COLOURS["url"])), []),
    ("required binding", O, (at("Observation.code", binding={"strength": "required", "valueSet": RED["url"]}),), observation(code=coding("blue", COLOURS["url"])), ["valid-required-code Observation.code"]),
    ("required binding without a code", O, (at("Observation.code", binding={"strength": "required", "valueSet": RED["url"]}),), observation(), ["valid-required-code Observation.code"]),
    ("code of a system", O, (), observation(code=coding("green", COLOURS["url"])), ["valid-unknown-code Observation.code.coding[0].code"]),
    ("display", O, (), observation(code={"coding": [{"system": COLOURS["url"], "code": "red", "display": "Rouge"}]}), ["valid-display Observation.code.coding[0].display"]),
    ("display in Chinese", O, (), observation(code={"coding": [{"system": COLOURS["url"], "code": "red", "display": "红"}]}), []),
    ("targets", O, (at("Observation.subject", type=[{"code": "Reference", "targetProfile": [CORE + "Patient"]}]),), observation(subject={"reference": "Patient/1"}), []),
    ("targets", O, (at("Observation.subject", type=[{"code": "Reference", "targetProfile": [CORE + "Patient"]}]),), observation(subject={"reference": "Group/1"}), ["valid-target Observation.subject"]),
    ("base targets", O, (), observation(subject={"reference": "Organization/1"}), ["valid-target Observation.subject"]),
    ("aggregation", O, (at("Observation.subject", type=[{"code": "Reference", "targetProfile": [CORE + "Patient"], "aggregation": ["contained"]}]),), observation(subject={"reference": "Patient/1"}), ["valid-aggregation Observation.subject"]),
    ("contained", O, (), observation(contained=[{"resourceType": "Patient", "id": "p"}], subject={"reference": "#p"}), []),
    ("contained missing", O, (), observation(subject={"reference": "#p"}), ["ref-1 Observation.subject", "valid-contained-missing Observation.subject.reference"]),
    ("contained unused", O, (), observation(contained=[{"resourceType": "Patient", "id": "p"}]), ["dom-3 Observation.contained[0]"]),
    ("contained without id", O, (), observation(contained=[{"resourceType": "Patient", "active": True}]), ["valid-contained-id Observation.contained[0]", "dom-3 Observation.contained[0]"]),
    ("contained of the wrong type", O, (), observation(contained=[{"resourceType": "Organization", "id": "p", "name": "a"}], subject={"reference": "#p"}), ["valid-target Observation.subject"]),
    ("invariant", P, (at("Patient", constraint=[{"key": "a-1", "severity": "error", "human": "b", "expression": "name.exists() or active"}]),), patient(active=True), []),
    ("invariant", P, (at("Patient", constraint=[{"key": "a-1", "severity": "error", "human": "b", "expression": "name.exists() or active"}]),), patient(active=False), ["a-1 Patient"]),
    ("invariant of a primitive", P, (at("Patient.birthDate", constraint=[{"key": "a-2", "severity": "error", "human": "b", "expression": "$this <= today()"}]),), patient(birthDate="9999-01-01"), ["a-2 Patient.birthDate"]),
    ("invariant of the base", P, (), patient(contact=[{"gender": "male"}]), ["pat-1 Patient.contact[0]"]),
    ("slice by pattern", O, SLICED, observation(component=[component("8480-6", valueQuantity={"value": 1}), component("1-8")]), []),
    ("slice by pattern: missing", O, SLICED, observation(component=[component("1-8")]), ["valid-slice-min Observation.component"]),
    ("slice by pattern: no items", O, SLICED, observation(), ["valid-slice-min Observation.component"]),
    ("slice by pattern: inside", O, SLICED, observation(component=[component("8480-6", valueString="a")]), ["valid-type Observation.component[0].value"]),
    ("slice by pattern: too many", O, SLICED, observation(component=[component("8480-6", valueQuantity={"value": 1})] * 2), ["valid-slice-max Observation.component"]),
    ("closed and ordered", P, CLOSED, patient(telecom=[phone("phone"), phone("email")]), []),
    ("closed", P, CLOSED, patient(telecom=[phone("fax")]), ["valid-slice-closed Patient.telecom[0]"]),
    ("ordered", P, CLOSED, patient(telecom=[phone("email"), phone("phone")]), ["valid-slice-order Patient.telecom[1]"]),
    ("open at the end", P, AT_END, patient(telecom=[phone("phone"), phone("fax")]), []),
    ("open at the end", P, AT_END, patient(telecom=[phone("fax"), phone("phone")]), ["valid-slice-end Patient.telecom[1]"]),
    ("slice of a slice", P, RESLICED, patient(identifier=[{"system": "http://a", "use": "old", "value": "1"}]), []),
    ("slice of a slice", P, RESLICED, patient(identifier=[{"system": "http://a", "use": "usual", "value": "1"}]), ["valid-slice-min Patient.identifier"]),
    ("slice by type", O, BY_TYPE, observation(valueQuantity={"value": 1, "system": "http://unitsofmeasure.org", "code": "mg"}), []),
    ("slice by type", O, BY_TYPE, observation(valueQuantity={"value": 1, "system": "http://unitsofmeasure.org", "code": "g"}), ["valid-fixed Observation.value.code"]),
    ("slice by type: the other", O, BY_TYPE, observation(valueString="a"), []),
    ("slice by existence", P, BY_EXISTS, patient(contact=[{"name": {"text": "a"}}, {"telecom": [phone("fax")]}]), []),
    ("slice by existence", P, BY_EXISTS, patient(contact=[{"name": {"text": "a"}}] * 2), ["valid-slice-max Patient.contact"]),
    ("slice by resource type", "Bundle", ENTRY, bundle(patient(active=True), observation()), []),
    ("slice by resource type", "Bundle", ENTRY, bundle(observation()), ["valid-slice-min Bundle.entry"]),
    ("slice by profile", "Bundle", ENTRY_BY_PROFILE, bundle(patient(name=[{"text": "a"}]), patient(active=True)), []),
    ("slice by profile", "Bundle", ENTRY_BY_PROFILE, bundle(patient(active=True)), ["valid-slice-min Bundle.entry"]),
    ("slice by type of the target", O, RESOLVED, observation(performer=[{"reference": "Practitioner/1"}]), []),
    ("slice by type of the target", O, RESOLVED, observation(performer=[{"reference": "Practitioner/1"}, {"reference": "Patient/1"}]), ["valid-slice-closed Observation.performer[1]"]),
    ("type profile", "Bundle", (at("Bundle.entry.resource", type=[{"code": "Patient", "profile": [NAMED["url"]]}]),), bundle(patient(active=True)), ["valid-min Bundle.entry[0].resource.name"]),
    ("extension", "ServiceRequest", (), request(extension=[urgency(valueCode="a")]), []),
    ("extension of the wrong type", "ServiceRequest", (), request(extension=[urgency(valueString="a")]), ["valid-type ServiceRequest.extension[0].value"]),
    ("extension without a value", "ServiceRequest", (), request(extension=[urgency()]), ["ext-1 ServiceRequest.extension[0]", "valid-min ServiceRequest.extension[0].value"]),
    ("extension out of place", P, (), patient(extension=[urgency(valueCode="a")]), ["valid-extension-context Patient.extension[0]"]),
    ("extension as a modifier", "ServiceRequest", (), request(modifierExtension=[urgency(valueCode="a")]), ["valid-extension-modifier ServiceRequest.modifierExtension[0]"]),
    ("extension slice", "ServiceRequest", (at("ServiceRequest.extension:urgency", min=1, type=[{"code": "Extension", "profile": [URGENCY["url"]]}]),), request(), ["valid-slice-min ServiceRequest.extension"]),
    ("content reference", "Questionnaire", (), {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "1", "type": "group", "item": [{"linkId": "2"}]}]}, ["structure-required Questionnaire.item[0].item[0].type"]),
    ("narrative", P, (), patient(text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><script>a</script></div>'}), ["valid-narrative Patient.text.div"]),
    ("empty narrative", P, (), patient(text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"> </div>'}), ["valid-narrative-empty Patient.text.div"]),
    ("attachment size", P, (), patient(photo=[{"contentType": "text/plain", "data": "YWJj", "size": 3}]), []),
    ("attachment size", P, (), patient(photo=[{"contentType": "text/plain", "data": "YWJj", "size": 4}]), ["valid-base64-size Patient.photo[0].size"]),
    ("calendar date", P, (), patient(birthDate="2023-02-29"), ["structure-primitive Patient.birthDate"]),
    ("fullUrl", "Bundle", (), {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "Patient/1", "resource": patient(id="1")}]}, ["bundle-full-url Bundle.entry[0].fullUrl"]),
    ("fullUrl of another", "Bundle", (), {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "http://a/Patient/2", "resource": patient(id="1")}]}, ["bundle-full-url-id Bundle.entry[0].fullUrl"]),
    ("request of a transaction", "Bundle", (), {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": patient(active=True)}]}, ["bdl-3 Bundle"]),
]
# fmt: on


def errors(issues: Any) -> list[str]:
    return sorted(
        f"{i.constraint or i.message_id} {i.expression}" for i in issues if i.severity == "error"
    )


@pytest.mark.parametrize(
    ("name", "type_name", "elements", "resource", "expected"),
    CASES,
    ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)],
)
def test_rule(
    name: str, type_name: str, elements: tuple[Json, ...], resource: Json, expected: list[str]
) -> None:
    tested = profile("tested", type_name, *elements)
    validator = Validator([tested, NAMED, URGENCY, COLOURS, RED])
    issues = validator.validate(resource, profiles=[tested["url"]])
    assert errors(issues) == sorted(expected)
    assert validator.compiler.broken == []


STRENGTHS = [
    ("required", "error"),
    ("extensible", "warning"),
    ("preferred", "information"),
    ("example", None),
]


@pytest.mark.parametrize(("strength", "severity"), STRENGTHS)
def test_strength_of_a_binding(strength: str, severity: str | None) -> None:
    """Spec: http://hl7.org/fhir/R4/terminologies.html#strength"""
    binding = {"strength": strength, "valueSet": RED["url"]}
    tested = profile("tested", O, at("Observation.code", binding=binding))
    issues = Validator([tested, COLOURS, RED]).validate(
        observation(code=coding("blue", COLOURS["url"])), profiles=[tested["url"]]
    )
    found = [i.severity for i in issues if i.expression == "Observation.code"]
    assert found == ([severity] if severity else [])


def test_a_profile_of_a_profile_keeps_what_its_base_says() -> None:
    base = profile("base", O, *SLICED)
    derived = profile(
        "derived", O, at("Observation.component:sys.value[x].unit", min=1), base=base["url"]
    )
    validator = Validator([base, derived])
    wrong = observation(component=[component("8480-6", valueQuantity={"value": 1})])
    assert errors(validator.validate(wrong, profiles=[derived["url"]])) == [
        "valid-min Observation.component[0].value.unit"
    ]
    assert errors(validator.validate(observation(), profiles=[derived["url"]])) == [
        "valid-slice-min Observation.component"
    ]


def test_versions_of_a_profile_live_side_by_side() -> None:
    old = {**profile("p", P, at("Patient.name", min=1)), "version": "1.9"}
    new = {**profile("p", P, at("Patient.birthDate", min=1)), "version": "1.10"}
    validator = Validator([old, new])
    url = BASE + "p"
    found = {v: errors(validator.validate(patient(active=True), profiles=[url + v]))
             for v in ("", "|1.9", "|1.10")}  # fmt: skip
    latest = ["valid-min Patient.birthDate"]
    assert found == {"": latest, "|1.10": latest, "|1.9": ["valid-min Patient.name"]}


def test_the_number_of_issues_is_bounded() -> None:
    many = patient(name=[{"text": ""}] * 1000)
    issues = Validator().validate(many, limit=20)
    assert len(issues) == 21
    assert issues[-1].message_id == "structure-many"


@pytest.mark.parametrize(
    "value", [None, [], "a", 1, {}, {"resourceType": 1}, {"resourceType": "X"}]
)
def test_what_is_no_resource_is_an_issue_and_no_failure(value: Any) -> None:
    issues = Validator().validate(value)
    assert [i.severity for i in issues] == ["error"]
    assert issues[0].expression == "Resource"
