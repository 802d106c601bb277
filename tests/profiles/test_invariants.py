"""Where an invariant has nothing to compare, it refuses nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fhir_server.patch.json_patch import apply_json_patch
from fhir_server.validation import Validator
from tests.profiles.package import Json, instances

LATER = "2026-11-21"
# Example, JSON Patch, the invariant that must not be raised.
CASES: list[tuple[str, list[Json], str]] = [
    # Another precision than that of the begin: not known which is earlier.
    ("Task/task-hypertension-reported",
     [{"op": "replace", "path": "/extension/1/extension/2/valueDateTime", "value": "2026-11-20"}],
     "cn-sla-order"),
    ("Task/task-hypertension-reported",
     [{"op": "replace", "path": "/extension/1/extension/2/valueDateTime", "value": LATER}],
     "cn-sla-order"),
    # A population without its count.
    ("MeasureReport/referral-success-november",
     [{"op": "remove", "path": "/group/0/population/0/count"}], "cn-report-numerator"),
    # A patient of the same transaction.
    ("Appointment/appointment-consultation",
     [{"op": "replace", "path": "/participant/0/actor/reference",
       "value": "urn:uuid:6f3b1c1e-3a64-4c0e-9f59-0d7d3b1c9d11"}], "cn-appointment-patient"),
    # Why there is no number is in an extension.
    ("Patient/patient-zhang",
     [{"op": "remove", "path": "/telecom/0/value"}], "cn-phone"),
    # Only the year of birth is known.
    ("Patient/patient-zhang",
     [{"op": "replace", "path": "/birthDate", "value": "1968"}], "cn-resident-birth"),
    # A visit that is only planned.
    ("Encounter/outpatient-zhang",
     [{"op": "replace", "path": "/status", "value": "planned"},
      {"op": "remove", "path": "/period"}], "cn-encounter-period"),
    # A code of an organisation that is no credit code.
    ("Organization/qingxi-county-hospital",
     [{"op": "replace", "path": "/identifier/0/value", "value": "99010002-5"}], "cn-uscc"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "key"), CASES, ids=lambda v: str(v)[:40])
def test_an_invariant_refuses_only_what_it_can_see(
    name: str, change: Any, key: str, validator: Validator
) -> None:
    changed = apply_json_patch(copy.deepcopy(instances()[name]), change)
    assert key not in {issue.constraint for issue in validator.validate(changed)}
