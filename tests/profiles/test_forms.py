"""What the server's own forms produce is valid by the profiles that it should carry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fhir_server.validation import Validator
from tests.profiles.package import ROOT, Json, profiles, read

CASES = sorted((ROOT / "mappings").glob("*/cases/*.out.json"))


def expected(resource: Json) -> list[str]:
    """The profiles of a produced resource, by what it is."""
    kind = resource["resourceType"]
    if kind == "Organization":
        codes = [c.get("code") for t in resource.get("type", ()) for c in t.get("coding", ())]
        return ["referral-department" if "dept" in codes else "referral-organization"]
    if kind == "Condition":
        code = resource["verificationStatus"]["coding"][0]["code"]
        return ["final-condition" if code == "confirmed" else "provisional-condition"]
    if kind == "ServiceRequest":
        code = resource["category"][0]["coding"][0]["code"]
        return [f"{code}-request"]
    if kind == "Encounter":
        return ["outpatient-encounter" if "basedOn" in resource else "sending-encounter"]
    if kind == "Composition":
        return [f"{resource['type']['coding'][0]['code']}-composition"]
    plain = {
        "Patient": "referral-patient", "Practitioner": "referral-practitioner",
        "PractitionerRole": "referral-practitioner-role", "Task": "referral-task",
        "Provenance": "doctor-signature",
    }  # fmt: skip
    return [plain[kind]] if kind in plain else []


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_form_output_is_valid(path: Path, validator: Validator):
    wrong: list[Any] = []
    for entry in read(path)["bundle"]["entry"]:
        resource = entry["resource"]
        urls = [profiles()[name]["url"] for name in expected(resource)]
        issues = validator.validate(resource, profiles=urls)
        wrong += [i for i in issues if i.severity == "error"]
    assert not wrong


def test_there_are_cases_of_both_directions():
    assert {"national-up", "national-down"} <= {path.parent.parent.name for path in CASES}
