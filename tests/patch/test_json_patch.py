"""JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386)."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import FhirError
from fhir_server.patch import apply_json_patch, apply_merge_patch
from fhir_server.patch.json_patch import patched

BASE: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "o",
    "meta": {"versionId": "3"},
    "valueQuantity": {"value": Decimal("1.50")},
    "note": [{"text": "a"}, {"text": "b"}],
    "a/b": {"~1": 1},
}


def op(kind: str, path: Any, **more: Any) -> dict[str, Any]:
    return {"op": kind, "path": path, **more}


WORKS: list[tuple[list[dict[str, Any]], str, Any]] = [
    ([op("test", "/valueQuantity/value", value=Decimal("1.5"))], "id", "o"),
    ([op("copy", "/note/-", **{"from": "/note/0"})], "note",
     [{"text": "a"}, {"text": "b"}, {"text": "a"}]),
    ([op("move", "/note/1", **{"from": "/note/0"})], "note", [{"text": "b"}, {"text": "a"}]),
    ([op("replace", "/a~1b/~01", value=None)], "a/b", {"~1": None}),
    ([op("remove", "/note/0"), op("remove", "/note/0")], "note", None),  # FHIR has no []
    ([op("remove", "/note/0/text")], "note", [{"text": "b"}]),
    ([op("remove", "/note/0"), op("remove", "/note/0"), op("add", "/note/-", value={"text": "c"})],
     "note", [{"text": "c"}]),
    ([op("remove", "/meta/versionId")], "meta", None),
    ([op("add", "/note/0", value={"text": "z"})], "note",
     [{"text": "z"}, {"text": "a"}, {"text": "b"}]),
]  # fmt: skip


@pytest.mark.parametrize(("operations", "key", "expected"), WORKS)
def test_operations_change_what_they_name(operations: Any, key: str, expected: Any) -> None:
    before = copy.deepcopy(BASE)
    found = apply_json_patch(BASE, operations)
    assert found.get(key) == expected
    assert str(found["valueQuantity"]["value"]) == "1.50"
    assert before == BASE


FAILS: list[tuple[Any, str, str]] = [  # the operation, the code, its place below [1]
    (op("add", "/note/3", value=1), "patch-index", ".path"),
    (op("add", "/note/01", value=1), "patch-index", ".path"),
    (op("add", "/note/-1", value=1), "patch-index", ".path"),
    (op("add", "/x/y", value=1), "patch-target", ".path"),
    (op("add", "/id/y", value=1), "patch-target", ".path"),
    (op("add", "/note"), "patch-member", ""),
    (op("add", "note", value=1), "patch-pointer", ".path"),
    (op("add", "/a~2", value=1), "patch-pointer", ".path"),
    (op("add", 7, value=1), "patch-pointer", ".path"),
    (op("remove", "/note/2"), "patch-target", ".path"),
    (op("remove", "/note/-"), "patch-target", ".path"),
    (op("remove", ""), "patch-root", ".path"),
    (op("replace", "/code", value=1), "patch-target", ".path"),
    (op("replace", "/note/-", value=1), "patch-target", ".path"),
    (op("move", "/note/0/x", **{"from": "/note"}), "patch-inside", ".path"),
    (op("move", "/note/0"), "patch-member", ""),
    (op("copy", "/x", **{"from": "/y"}), "patch-target", ".from"),
    (op("test", "/id", value="x"), "patch-test", ""),
    (op("test", "/id", value=True), "patch-test", ""),
    (op("test", "/x", value=None), "patch-target", ".path"),
    (op("merge", "/id"), "patch-operation", ".op"),
    ({"path": "/id"}, "patch-operation", ".op"),
    ({"op": ["add"], "path": "/id"}, "patch-operation", ".op"),
    ("add", "patch-document", ""),
]


@pytest.mark.parametrize(("operation", "code", "place"), FAILS)
def test_a_wrong_operation_is_named_and_changes_nothing(
    operation: Any, code: str, place: str
) -> None:
    before = copy.deepcopy(BASE)
    with pytest.raises(FhirError) as caught:
        apply_json_patch(BASE, [op("add", "/status", value="final"), operation])
    assert caught.value.code == code
    assert caught.value.issues[0].at == f"[1]{place}"
    assert before == BASE


IMMUTABLE = [
    [op("replace", "/id", value="x")],
    [op("remove", "/id")],
    [op("replace", "/resourceType", value="Patient")],
    [op("replace", "/meta/versionId", value="4")],
    [op("replace", "", value={"resourceType": "Observation", "id": "x"})],
    [op("replace", "", value=[])],
]


@pytest.mark.parametrize("operations", IMMUTABLE)
def test_the_identity_of_a_resource_stays(operations: Any) -> None:
    with pytest.raises(FhirError, match="patch-immutable"):
        apply_json_patch(BASE, operations)


@pytest.mark.parametrize("document", [None, {}, "x", {"op": "add"}])
def test_a_patch_is_an_array(document: Any) -> None:
    with pytest.raises(FhirError, match="patch-document"):
        apply_json_patch(BASE, document)


def test_copies_of_copies_are_refused_before_they_fill_the_memory() -> None:
    doubling = [op("copy", f"/x{i}", **{"from": ""}) for i in range(40)]
    with pytest.raises(FhirError, match=r"patch-too-large|json-too-deep"):
        apply_json_patch(BASE, doubling)


def test_copies_into_each_other_do_not_nest_without_end() -> None:
    nesting = [op("add", "/n" * i, value={"n": {}}) for i in range(1, 300)]
    nesting.append(op("remove", "/n" * 200))
    with pytest.raises(FhirError, match="json-too-deep"):
        apply_json_patch(BASE, nesting)


def test_too_many_operations_are_refused() -> None:
    with pytest.raises(FhirError, match="patch-too-large"):
        apply_json_patch(BASE, [op("test", "/id", value="o")] * 1_001)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, max_size=4)


@given(OBJECTS, st.text(max_size=3), JSON)
def test_what_was_added_is_there_and_can_be_removed(document: Any, key: str, value: Any) -> None:
    path = "/" + key.replace("~", "~0").replace("/", "~1")
    steps = [op("add", path, value=value), op("test", path, value=value)]
    assert patched(document, steps) == {**document, key: value}
    rest = {k: v for k, v in document.items() if k != key}
    assert patched(document, [*steps, op("remove", path)]) == rest


@given(OBJECTS, OBJECTS)
def test_a_merge_patch_applied_twice_is_applied_once(document: Any, change: Any) -> None:
    once = apply_merge_patch(document, {k: v for k, v in change.items() if k != "id"})
    again = apply_merge_patch(once, {k: v for k, v in change.items() if k != "id"})
    assert once == again


MERGES = [  # RFC 7386, appendix A: document, patch, result
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("document", "patch", "expected"), MERGES)
def test_merge_patch(document: Any, patch: Any, expected: Any) -> None:
    assert apply_merge_patch(document, patch) == expected


MERGE_FAILS = [
    ({"id": "x"}, "patch-immutable"),
    ({"id": None}, "patch-immutable"),
    ({"resourceType": "Patient"}, "patch-immutable"),
    ({"meta": {"versionId": "9"}}, "patch-immutable"),
    ([], "patch-document"),
    (None, "patch-document"),
]


@pytest.mark.parametrize(("patch", "code"), MERGE_FAILS)
def test_a_wrong_merge_patch_is_refused(patch: Any, code: str) -> None:
    assert apply_merge_patch(BASE, {"id": "o", "meta": {"versionId": "3"}}) == BASE
    with pytest.raises(FhirError) as caught:
        apply_merge_patch(BASE, patch)
    assert caught.value.code == code
