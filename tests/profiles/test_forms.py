"""What the server's own forms produce is valid by the profiles that it should carry."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_server.validation import Validator
from tests.mapping.cases import FORMS, NOW
from tests.mapping.generated import filled
from tests.profiles.conftest import package_validator
from tests.profiles.package import ROOT, Json, claimed, read

known = cache(package_validator)
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
        assert claimed(resource) == expected(resource)
        wrong += errors(validator, resource)
    assert not wrong


def errors(validator: Validator, resource: Json) -> list[Any]:
    issues = validator.validate(resource)
    return [i for i in issues if i.severity == "error" or i.message_id == "valid-profile-unknown"]


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_filled_in_is_valid(data: st.DataObject):
    """A law: no form that the mapping takes is refused for the profiles that it names itself."""
    form = FORMS[data.draw(st.sampled_from(["national-up", "national-down"]))]
    bundle = form.to_bundle(data.draw(filled(form)), now=NOW)
    for entry in bundle["entry"]:
        assert not errors(known(), entry["resource"])


def test_there_are_cases_of_both_directions():
    assert {"national-up", "national-down"} <= {path.parent.parent.name for path in CASES}
