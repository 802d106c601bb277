"""The one walk through a resource finds what the parameters' own expressions find."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.definitions import r4
from fhir_server.model.json import decode_object
from fhir_server.search import Indexer, Registry
from tests.suites import folder

INDEXER, REGISTRY = Indexer(Registry(r4())), Registry(r4())
HOSTILE: list[dict[str, Any]] = [
    # An element without a value has its extensions beside it, and null in a list.
    {
        "resourceType": "Patient",
        "name": [{"given": ["三", None, "四"], "_given": [None, {}, None]}],
    },
    {"resourceType": "Patient", "_birthDate": {"extension": []}, "deceasedBoolean": False},
    {"resourceType": "Observation", "subject": {"reference": "Group/1"}, "effectivePeriod": {}},
    {"resourceType": "Observation", "component": [{"valueString": "a"}, {"valueQuantity": {}}]},
    {"resourceType": "Task", "focus": {"reference": "#x"}, "for": {"display": "无"}},
    {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Composition"}}]},
]


def check(resource: dict[str, Any]) -> int:
    """How many entries there are."""
    found = INDEXER.entries(resource)
    count = 0
    for code, parameter in REGISTRY.of(resource["resourceType"]).items():
        if not parameter.parts:
            own = INDEXER.rows(resource, parameter)
            walked = [row[1:] for row in found.get(parameter.kind, []) if row[0] == code]
            assert set(walked) == set(own), (resource["resourceType"], code)
            assert len(walked) == len(set(walked))
            count += len(walked)
    return count


def test_the_official_examples() -> None:
    examples = sorted(folder("examples").glob("*.json"))
    counts = [check(decode_object(path.read_bytes())) for path in examples]
    assert sum(counts) > 5 * len(examples)


@pytest.mark.parametrize("resource", HOSTILE)
def test_odd_resources(resource: dict[str, Any]) -> None:
    check(resource)
