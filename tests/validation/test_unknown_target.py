"""A reference to a profile that is not known here: nothing is said of the type of its target."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.validation import Validator
from tests.validation.profiles import BASE, CORE, at, profile


def to(*targets: str) -> dict[str, Any]:
    types = [{"code": "Reference", "targetProfile": list(targets)}]
    return profile("to", "ServiceRequest", at("ServiceRequest.performer", type=types))


CASES = [  # target profiles, target, is it an error
    ((CORE + "CareTeam",), "CareTeam/1", False),  # the positive control
    ((CORE + "CareTeam",), "PractitionerRole/1", True),
    ((CORE + "CareTeam", BASE + "not-here"), "PractitionerRole/1", False),
    ((BASE + "not-here",), "PractitionerRole/1", False),
    ((BASE + "not-here",), "Encounter/1", True),  # R4 itself allows no such performer
]


@pytest.mark.parametrize(("targets", "target", "wrong"), CASES)
def test_what_is_not_known_refuses_nothing(
    targets: tuple[str, ...], target: str, wrong: bool
) -> None:
    resource = {
        "resourceType": "ServiceRequest", "status": "active", "intent": "order",
        "subject": {"display": "x"}, "performer": [{"reference": target}],
        "meta": {"profile": [BASE + "to"]},
    }  # fmt: skip
    issues = Validator([to(*targets)]).validate(resource)
    assert ("valid-target" in {i.message_id for i in issues}) is wrong
