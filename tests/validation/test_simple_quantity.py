"""SimpleQuantity: a Quantity without a comparator. Spec: http://hl7.org/fhir/R4/datatypes.html#quantity"""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.validation import Validator

OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
MORE = {"value": 1, "comparator": ">"}
# Resource, the element that has to be simple ("" where a comparator is allowed).
CASES: list[tuple[dict[str, Any], str]] = [
    ({**OBSERVATION, "valueQuantity": MORE}, ""),  # the positive control
    ({**OBSERVATION, "referenceRange": [{"low": {"value": 1}}]}, ""),
    ({**OBSERVATION, "referenceRange": [{"low": MORE}]}, "Observation.referenceRange[0].low"),
    ({**OBSERVATION, "valueRange": {"high": MORE}}, "Observation.value.high"),
    ({**OBSERVATION, "component": [{"code": {"text": "y"}, "valueQuantity": MORE}]}, ""),
]


@pytest.mark.parametrize(("resource", "at"), CASES)
def test_a_simple_quantity_has_no_comparator(resource: dict[str, Any], at: str) -> None:
    issues = Validator().validate(resource)
    found = [i.expression for i in issues if i.severity == "error"]
    assert found == ([at] if at else [])
    assert {i.constraint for i in issues if i.severity == "error"} == ({"sqty-1"} if at else set())
