"""References inside a transaction. Spec: http://hl7.org/fhir/R4/http.html#trules"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fhir_server.definitions import r4
from fhir_server.errors import FhirError
from fhir_server.exchange.rewriting import (
    conditional_references,
    may_be_conditional,
    rewrite,
    rewrite_plain,
)
from fhir_server.model.json import decode_stored, encode

A, B = (f"urn:uuid:0000000{n}-0000-4000-8000-000000000000" for n in (1, 2))
TARGETS = {A: "Patient/a", B: "Practitioner/b"}


def observation(**elements: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", **elements}


PLAIN = [
    observation(),
    observation(subject={"reference": A}),
    observation(subject={"reference": A}, performer=[{"reference": B}, {"reference": "Patient/1"}]),
    observation(contained=[observation(id="x", subject={"reference": B})]),
]
WITH_CARE = [  # where an urn:uuid is no reference that an entry has
    observation(subject={"reference": A + "#x"}),
    observation(subject={"reference": A}, identifier=[{"system": "urn:ietf:rfc:3986", "value": A}]),
    observation(subject={"reference": A}, valueString=f'"reference":"{A}"'),
    observation(extension=[{"url": "http://x", "valueUri": A}]),
    observation(text={"status": "generated", "div": f'<div><a href="{A}">x</a></div>'}),
]


@pytest.mark.parametrize("resource", PLAIN)
def test_plain_references_are_rewritten_as_by_walking(resource: dict[str, Any]) -> None:
    walked = copy.deepcopy(resource)
    rewrite(r4(), walked, TARGETS)
    done = rewrite_plain(encode(resource), TARGETS)
    assert done is not None
    assert decode_stored(done) == walked


@pytest.mark.parametrize("resource", WITH_CARE)
def test_what_is_no_plain_reference_is_left_to_walking(resource: dict[str, Any]) -> None:
    assert rewrite_plain(encode(resource), TARGETS) is None


def test_a_reference_that_no_entry_has_is_refused_by_walking() -> None:
    unknown = observation(subject={"reference": A})
    assert rewrite_plain(encode(unknown), {}) is None
    with pytest.raises(FhirError, match="bundle-reference"):
        rewrite(r4(), unknown, {})


CONDITIONAL = "Patient?identifier=s|1"
REFERRING = [  # a resource, and whether it has a conditional reference
    (observation(subject={"reference": CONDITIONAL}), True),
    (observation(contained=[observation(subject={"reference": CONDITIONAL})]), True),
    (observation(extension=[{"url": "x", "valueReference": {"reference": CONDITIONAL}}]), True),
    (observation(subject={"reference": "Patient/1"}), False),
    (observation(subject={"reference": "http://x/fhir/Patient?a=b"}), False),
    (observation(subject={"reference": "Patient?"}), False),
    (observation(subject={"display": CONDITIONAL}), False),
    (observation(valueString=f'{{"reference":"{CONDITIONAL}"}}'), False),
]


@pytest.mark.parametrize(("resource", "has"), REFERRING)
def test_conditional_references_are_seen_in_the_text(resource: dict[str, Any], has: bool) -> None:
    assert bool(list(conditional_references(resource))) is has
    assert has <= bool(may_be_conditional(encode(resource)))


def test_other_references_need_no_walk() -> None:
    assert may_be_conditional(encode(observation(subject={"reference": "Patient/1"}))) is None
