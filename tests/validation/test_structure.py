"""Structural validation. Spec: http://hl7.org/fhir/R4/json.html and datatypes.html"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.definitions import r4
from fhir_server.model.json import decode_object
from fhir_server.validation.primitives import CHECKS, TEXTS
from fhir_server.validation.structure import Structure
from tests.suites import folder

STRUCTURE = Structure(r4())


def test_official_examples_have_no_false_error() -> None:
    files = sorted(folder("examples").glob("*.json"))
    assert len(files) >= 60
    wrong = {}
    for file in files:
        resource = decode_object(file.read_bytes())
        issues = STRUCTURE.check(resource, resource["resourceType"])
        if issues:
            wrong[file.name] = [(i.code, i.at) for i in issues]
    assert wrong == {}


PRIMITIVES = [  # datatypes.html#primitive: type, valid, not valid
    ("boolean", [True, False], ["true", 0, None]),
    ("integer", [0, -2147483648, 2147483647], [2147483648, 1.0, "1", True, Decimal("1.0")]),
    ("unsignedInt", [0, 2147483647], [-1, 2147483648]),
    ("positiveInt", [1], [0, -1]),
    ("decimal", [0, Decimal("1.50"), Decimal("-1E+3")], ["1.5", True, None]),
    ("string", ["a", " ", "张三\n"], ["", 1, None]),
    ("markdown", ["# a"], [""]),
    ("uri", ["urn:x", "http://a/b"], ["a b", ""]),
    ("oid", ["urn:oid:1.2.3", "urn:oid:2.16.156.10011.1.3"],
     ["1.2.3", "urn:oid:3.1", "urn:oid:1.02"]),
    ("uuid", ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
     ["c757873d-ec9a-4326-a141-556f43239520"]),
    ("id", ["a", "A-1.b", "x" * 64], ["", "x" * 65, "a_b", "a b"]),
    ("code", ["a", "a b"], [" a", "a  b", "a "]),
    ("date", ["2026", "2026-11", "2026-11-24", "2024-02-29"],
     ["2026-13", "2026-02-29", "2026-11-31", "26-11-24", "2026-11-24T10:00:00Z", "0000"]),
    ("dateTime", ["2026", "2026-11-24", "2026-11-24T10:00:00Z", "2026-11-24T10:00:00.123+08:00"],
     ["2026-11-24T10:00", "2026-11-24T10:00:00", "2026-11-24T25:00:00Z", "2026-11-24 10:00:00Z"]),
    ("instant", ["2026-11-24T10:00:00Z"], ["2026-11-24", "2026-11-24T10:00:00"]),
    ("time", ["10:00:00", "23:59:60"], ["10:00", "24:00:00"]),
    ("base64Binary", ["YQ==", "YW Jj\nZA=="], ["YQ=", "a", "YQ==YQ==x", ""]),
    ("xhtml", ['<div xmlns="http://www.w3.org/1999/xhtml"><p>a</p></div>'],
     ["<div>", "<p>a</p>", "a", '<!DOCTYPE div><div/>', "<div>&undefined;</div>"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "valid", "wrong"), PRIMITIVES, ids=[p[0] for p in PRIMITIVES])
def test_primitive(kind: str, valid: list[Any], wrong: list[Any]) -> None:
    assert [v for v in valid if not CHECKS[kind](v)] == []
    assert [v for v in wrong if CHECKS[kind](v)] == []


@pytest.mark.parametrize("kind", sorted(TEXTS))
@given(value=st.text(st.sampled_from("aZ09-.:+T/ \t\n\u3000\u2003上é"), max_size=12))
def test_a_known_string_is_tested_as_any_value(kind: str, value: str) -> None:
    assert bool(TEXTS[kind](value)) is CHECKS[kind](value)


def test_every_primitive_type_has_a_check() -> None:
    assert set(r4().primitives) == set(CHECKS)


REQUEST: dict[str, Any] = {
    "resourceType": "ServiceRequest",
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/1"},
    "code": {"coding": [{"system": "urn:x", "code": "1"}], "text": "转诊"},
    "quantityQuantity": {"value": Decimal("1.50"), "unit": "次"},
    "note": [{"text": "a"}, {"text": "b", "_text": {"extension": [{"url": "urn:x"}]}}],
    "extension": [{"url": "urn:e", "valueString": "x"}],
    "contained": [{"resourceType": "Patient", "id": "c", "gender": "male"}],
}
# A single fault each: where, what is put there, our code and location. The source is the control.
MUTANTS = [
    (("status",), "none", "structure-code", "status"),
    (("status",), 7, "structure-code", "status"),
    (("status",), ["active"], "structure-code", "status"),
    (("subject",), None, "structure-type", "subject"),
    (("subject",), {}, "structure-empty", "subject"),
    (("subject",), [{"reference": "x"}], "structure-type", "subject"),
    (("code", "coding"), {"code": "1"}, "structure-type", "code.coding"),
    (("code", "coding", 0, "code"), "a  b", "structure-primitive", "code.coding[0].code"),
    (("code", "coding", 0, "cod"), "x", "structure-unknown", "code.coding[0].cod"),
    (("quantityRange",), {"low": {"value": 1}}, "structure-choice", "quantity"),
    (("quantityQuantity", "value"), "1.5", "structure-primitive", "quantity.value"),
    (("note", 1, "text"), None, "structure-primitive", "note[1].text"),
    (("note",), [], "structure-empty", "note"),
    (("note",), "x", "structure-type", "note"),
    (("extension", 0, "valueString"), "", "structure-primitive", "extension[0].value"),
    (("extension", 0, "valueFoo"), "x", "structure-unknown", "extension[0].valueFoo"),
    (("extension", 0, "valueCode"), "x", "structure-choice", "extension[0].value"),
    (("contained", 0, "gender"), "M", "structure-code", "contained[0].gender"),
    (("contained", 0, "resourceType"), "X", "structure-resource", "contained[0]"),
    (("_status",), "x", "structure-type", "status"),
    (("_subject",), {"id": "x"}, "structure-unknown", "_subject"),
    (("authoredOn",), "2026-02-30", "structure-primitive", "authoredOn"),
    (("doNotPerform",), "false", "structure-primitive", "doNotPerform"),
    (("occurrenceTiming",), {"event": ["2026", None]}, "structure-null",
     "occurrence.event[1]"),
]  # fmt: skip


def test_the_source_of_the_mutants_is_valid() -> None:
    assert STRUCTURE.check(REQUEST, "ServiceRequest") == []


@pytest.mark.parametrize(("place", "value", "code", "at"), MUTANTS)
def test_a_single_fault(place: tuple[Any, ...], value: Any, code: str, at: str) -> None:
    resource = copy.deepcopy(REQUEST)
    owner: Any = resource
    for step in place[:-1]:
        owner = owner[step]
    owner[place[-1]] = value
    issues = STRUCTURE.check(resource, "ServiceRequest")
    assert [(i.code, i.at) for i in issues] == [(code, f"ServiceRequest.{at}")]


@pytest.mark.parametrize("name", ["status", "intent", "subject"])
def test_a_missing_element(name: str) -> None:
    resource = {k: v for k, v in REQUEST.items() if k != name}
    (issue,) = STRUCTURE.check(resource, "ServiceRequest")
    assert (issue.code, issue.at) == ("structure-required", f"ServiceRequest.{name}")


def test_a_required_element_may_have_only_an_extension() -> None:
    resource = {k: v for k, v in REQUEST.items() if k != "status"}
    resource["_status"] = {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}
    assert STRUCTURE.check(resource, "ServiceRequest") == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["name", "text", "id", "extension", "_id", "url", "x", "resourceType"]),
        inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(["Patient", "Bundle", "Questionnaire"]), st.data())
def test_any_json_gets_an_answer(kind: str, data: st.DataObject) -> None:
    keys = sorted(r4().type(kind).keys)  # type: ignore[union-attr]
    names = data.draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
    body = {name: data.draw(json_values) for name in names}
    resource = {"resourceType": kind, **body}
    for issue in STRUCTURE.check(resource, kind):
        assert issue.at.startswith(kind)
        assert issue.text("zh")
        assert issue.text("en")
