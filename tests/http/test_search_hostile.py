"""Searches that nobody means well with: each gets an answer of its own, soon, and none is a 500.

Spec: http://hl7.org/fhir/R4/search.html#errors; docs/faults.md, "Clients"

FHIR_SERVER_TEST_HOSTILE=1 sends every value to every parameter, 20,000 searches; else a part.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from .conftest import Api, code_of
from .hostile import CANARY, NAMES, VALUES
from .library import load, observation

pytestmark = pytest.mark.anyio
WHOLE = bool(os.environ.get("FHIR_SERVER_TEST_HOSTILE"))
SLOW_SECONDS = {"sqlite": 5.0, "mongodb": 30.0}  # other tests keep SecantusDB busy, too
FORM = {"content-type": "application/x-www-form-urlencoded"}
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1990-01-01",
           "name": [{"family": CANARY, "given": ["三"]}]}  # fmt: skip


def searches(step: int) -> Iterator[tuple[str, str, str]]:
    """Every parameter with each `step`-th value, so that each value comes to some parameters."""
    place = 0
    for kind, names in NAMES.items():
        for name in names:
            place += 1
            for value in VALUES[place % step :: step]:
                yield kind, name, value


async def test_no_search_is_the_servers_fault(both: Api, request: pytest.FixtureRequest) -> None:
    await load(both, [PATIENT, observation("o1", "urn:x|1")])
    store = "sqlite" if "sqlite" in request.node.name else "mongodb"
    wrong: list[str] = []
    statuses: Counter[int] = Counter()
    for kind, name, value in searches(1 if WHOLE else 9 if store == "sqlite" else 90):
        path = f"/fhir/{kind}/_search" if kind else "/fhir/_search"
        body = f"{quote(name, safe='')}={quote(value, safe='')}"
        began = time.monotonic()
        answer = await both.post(path, content=body, headers=FORM)
        seconds = time.monotonic() - began
        statuses[answer.status_code] += 1
        what = f"{kind}?{name[:60]!r}={value[:60]!r} ({len(value)})"
        if answer.status_code >= 500:
            wrong.append(f"{answer.status_code} {what}")
        elif seconds > SLOW_SECONDS[store]:
            wrong.append(f"{seconds:.1f} s {what}")
        elif answer.status_code >= 400:
            outcome = answer.json()
            if outcome["resourceType"] != "OperationOutcome" or not outcome["issue"]:
                wrong.append(f"no OperationOutcome {what}")
            if CANARY in answer.text or (len(value) > 60 and value[:60] in answer.text):
                wrong.append(f"it is repeated {what}")
    assert not wrong, "\n".join(wrong[:30])
    assert {200, 400, 422} <= set(statuses), statuses


CHAIN = "organization.partof." + "partof." * 30 + "name"
HAS = "_has:Observation:subject:" + "_has:Observation:focus:" * 30 + "code"
COSTLY = [  # a query as it is sent, status, code. The first ones are the positive controls.
    ("Patient?name=" + ",".join(["a"] * 1000), 200, ""),
    ("Patient?_id=" + ",".join(f"a{n}" for n in range(1000)), 200, ""),
    ("Patient?" + "&".join(["name=a"] * 100), 200, ""),
    ("Patient?name=" + "a" * 50_000, 200, ""),
    ("Patient?name=" + ",".join(["a"] * 10_000), 422, "search-limit"),
    ("Patient?_id=" + ",".join(["a"] * 10_000), 422, "search-limit"),
    (
        "Patient?identifier:in=" + ",".join(f"urn:{n}" for n in range(900)),
        400,
        "terminology-unknown",
    ),
    ("Patient?" + "&".join(["name=a"] * 10_000), 422, "search-limit"),
    ("Patient?" + "&".join(f"a{n}=1" for n in range(10_000)), 422, "search-limit"),
    ("Patient?_filter=" + "(" * 3000 + "name%20eq%20a" + ")" * 3000, 400, "search-filter"),
    ("Patient?_filter=" + "not(" * 300 + "name%20eq%20a" + ")" * 300, 400, "search-filter"),
    ("Patient?_filter=" + "%20and%20".join(["name%20eq%20a"] * 400), 200, ""),
    ("Patient?_filter=" + "organization[" * 25 + "name%20eq%20a", 400, "search-filter"),
    (f"Patient?{CHAIN}=a", 422, "search-limit"),
    (f"Patient?{HAS}=a", 422, "search-limit"),
    ("Provenance?target.target.target.target.name=a", 422, "search-limit"),
    ("Provenance?target.based-on.based-on.based-on.based-on.code=a", 422, "search-limit"),
    ("Patient?_text=" + "%E8%A1%80" * 5000, 200, ""),
    ("Patient?_content=" + "a%20" * 5000, 422, "search-limit"),
    ("Patient?_include:iterate=*&_revinclude:iterate=*", 200, ""),
    ("Patient?" + "&".join(["_include=*"] * 60), 422, "search-limit"),
    ("Patient?_sort=" + ",".join(["birthdate"] * 10), 200, ""),
    ("Patient?_sort=" + ",".join(["birthdate"] * 100), 422, "search-limit"),
    ("RiskAssessment?probability=1e400", 200, ""),
    ("RiskAssessment?probability=gt-1e400", 200, ""),
    ("RiskAssessment?probability=1e99999", 400, "search-value"),
    ("Patient?birthdate=99999-01-01", 400, "search-value"),
    ("Patient?birthdate=0000-01-01", 400, "search-value"),
    ("Patient?birthdate=lt9999-12-31T23:59:59-14:00", 200, ""),
    # What is no text: a lone surrogate, an overlong form, half a character.
    ("Patient?name=%ED%A0%80", 400, "parameter-value"),
    ("Patient?name=%C0%80", 400, "parameter-value"),
    ("Patient?name=%E4%BD", 400, "parameter-value"),
    ("Patient?%FF=1", 400, "parameter-value"),
    ("Patient?name=%00", 200, ""),
    ("Patient?name:exact=a%00b", 200, ""),
    ("Patient?identifier=%00|%00", 200, ""),
    ("Patient?name=%", 200, ""),
    ("Patient?name=%zz", 200, ""),
]


async def test_what_is_costly_ends_soon(both: Api, request: pytest.FixtureRequest) -> None:
    await load(both, [PATIENT])
    limit = SLOW_SECONDS["sqlite" if "sqlite" in request.node.name else "mongodb"]
    wrong = []
    for query, status, code in COSTLY:
        began = time.monotonic()
        kind, _, body = query.partition("?")  # a form may be longer than an address
        answer = await both.post(f"/fhir/{kind}/_search", content=body, headers=FORM)
        seconds = time.monotonic() - began
        found = code_of(answer) if answer.status_code >= 400 else ""
        if (answer.status_code, found) != (status, code) or seconds > limit:
            wrong.append((query[:80], status, code, answer.status_code, found, round(seconds, 2)))
    assert not wrong, "\n".join(map(str, wrong))
