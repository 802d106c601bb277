"""Every example is what its profile asks for; every invalid one raises the issue it must."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fhir_server.model.ids import is_id
from fhir_server.patch.json_patch import apply_json_patch
from fhir_server.validation import Validator
from tests.profiles.package import PROFILES, Json, claimed, extensions, instances, profiles

INVALID = PROFILES / "invalid"


def invalid_cases() -> list[Any]:
    found = []
    for path in sorted(INVALID.glob("*.json")):
        cases = json.loads(path.read_bytes())
        found += [pytest.param(path.stem, c, id=f"{path.stem}: {c['says']}") for c in cases]
    return found


@pytest.mark.parametrize("name", sorted(instances()))
def test_example_is_valid(name: str, validator: Validator):
    example = instances()[name]
    assert claimed(example), "an example names its profile"
    issues = validator.validate(example)
    wrong = [i for i in issues if i.severity == "error" or i.message_id == "valid-profile-unknown"]
    # Advice of the profile itself is an error in an example; dom-6 asks for a narrative.
    wrong += [i for i in issues if i.severity == "warning" and i.constraint != "dom-6"]
    assert not wrong


@pytest.mark.parametrize(("profile", "case"), invalid_cases())
def test_invalid_example_raises_its_issue(profile: str, case: Json, validator: Validator):
    """Shape: {"says", "base": example, "change": JSON Patch, "expect": {"message"|"constraint",
    "expression", "severity"}}. Errors beyond the expected ones fail the test."""
    changed = apply_json_patch(instances()[case["base"]], case["change"])
    assert profile in claimed(changed) or profile in extensions()
    issues = validator.validate(changed)
    found = {(i.constraint or i.message_id, i.expression, i.severity) for i in issues}
    expect = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
    wanted = {(e["issue"], e["expression"], e.get("severity", "error")) for e in expect}
    assert wanted <= found
    assert {row for row in found if row[2] == "error"} == {w for w in wanted if w[2] == "error"}


DEFINED = {**profiles(), **extensions()}


@pytest.mark.parametrize("name", sorted(n for n, p in DEFINED.items() if not p["abstract"]))
def test_profile_has_three_invalid_examples(name: str):
    path = INVALID / f"{name}.json"
    assert path.is_file()
    cases = json.loads(path.read_bytes())
    assert len(cases) >= 3
    assert len({json.dumps(c["change"]) for c in cases}) == len(cases)


def test_references_between_examples_lead_somewhere():
    """One story or several: what an example refers to is an example too."""
    named: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                named.add(value["reference"])
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    for example in instances().values():
        walk(example)
        assert is_id(example["id"])
    assert named
    assert {n for n in named if not n.startswith(("#", "urn:", "http"))} <= set(instances())


def test_invalid_examples_are_of_profiles_that_exist():
    assert {path.stem for path in Path(INVALID).glob("*.json")} <= set(DEFINED)


@pytest.mark.parametrize("url", sorted(e["url"] for e in extensions().values()))
def test_extension_is_in_an_example(url: str):
    texts = [path.read_text("utf-8") for path in (PROFILES / "package" / "example").glob("*.json")]
    assert any(f'"url": "{url}"' in text for text in texts)
