"""The package's SearchParameters on the package's examples, over HTTP."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from fhir_server.settings import Settings
from tests.http.conftest import open_api
from tests.profiles.package import conformance, examples

# Query, the ids found. Each search parameter of the package has at least one row.
FOUND = [
    ("ServiceRequest?direction=down-referral",
     {"down-referral-hypertension", "down-referral-child"}),
    ("ServiceRequest?direction=exam-request", {"exam-request-ct", "exam-request-blood"}),
    ("ServiceRequest?retroactive=true", {"up-referral-child"}),
    ("ServiceRequest?patient-insisted=true", {"up-referral-insisted"}),
    ("ServiceRequest?valid-until=2026-11-27", {"up-referral-hypertension"}),
    ("ServiceRequest?valid-until=lt2026-11-27", set()),
    ("Task?due=le2026-11-21T09:30:00%2B08:00", {"task-hypertension-reported"}),
    # The other has no end, so that it may reach there.
    ("Task?deadline=ge2026-12-06", {"follow-up-hypertension", "specimen-pickup-blood"}),
    ("Task?overdue=false", {"task-hypertension-completed"}),
    ("Task?overdue=true", set()),
    ("Task?counted=true", {"task-hypertension-completed", "reconcile-hypertension"}),
    ("Task?counted=false", {"reconcile-child"}),
    ("Task?reported=2026-11-22", {"task-child-admitted"}),
    ("Task?acknowledged=2026-11-20", {"task-hypertension-completed"}),
    ("Task?decided=2026-11-20", {"task-hypertension-completed"}),
    ("Task?arrived=2026-11-22", {"task-child-admitted"}),
    ("Task?visit-ended=2026-12-02", set()),
    ("Task?admitted=gt2026-11-21", {"task-child-admitted"}),
    ("Task?discharged=2026-12", {"task-hypertension-completed"}),
    ("Task?feedback=2026-12-02", {"task-hypertension-completed"}),
    ("Task?first-payment=2026-12-02", {"task-hypertension-completed"}),
    ("Task?followed-up=2026-12-07", {"task-hypertension-completed"}),
    ("Task?registered=2026-12-03", {"task-hypertension-completed"}),
    ("Task?reconciled=2026-12-12", {"task-hypertension-completed"}),
    ("OrganizationAffiliation?consortium=Organization/qingxi-consortium",
     {"membership-health-center", "membership-county-hospital"}),
]  # fmt: skip
PARAMETERS = [r for r in conformance() if r["resourceType"] == "SearchParameter"]


def test_every_search_parameter_has_a_row():
    named = {query.partition("?")[2].partition("=")[0] for query, _ in FOUND}
    assert named == {r["code"] for r in PARAMETERS}


async def test_search_parameters_find_the_examples(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:{tmp_path / 'fhir.db'}", publish="operations")
    async for api in open_api(settings):
        for parameter in PARAMETERS:
            answer = await api.update(parameter)
            assert answer.status_code in (200, 201), answer.text
        for name, example in examples().items():
            if name.partition("/")[0] in ("ServiceRequest", "Task", "OrganizationAffiliation"):
                answer = await api.update(example)
                assert answer.status_code == 201, answer.text
        deadline = time.monotonic() + 30
        for query, ids in FOUND:
            while (answer := await api.get(f"/fhir/{query}")).status_code != 200:
                assert time.monotonic() < deadline, answer.text
                await asyncio.sleep(0.02)
            found = {e["resource"]["id"] for e in answer.json().get("entry", ())}
            assert found == ids, query
